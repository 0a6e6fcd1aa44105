//! Running other programs.

use crate::failure::{Failure, Result};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Runs a command with its output shown; fails when it fails. All of it goes to standard error: what a
/// step says on its way is no part of what xtask was asked to print.
pub fn run(command: &mut Command) -> Result {
    run_printing(command.stdout(std::io::stderr()))
}

/// As [`run`], with the command's standard output as xtask's own.
pub fn run_printing(command: &mut Command) -> Result {
    let shown = show(command);
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("Could not start `{shown}`: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(failed(&shown, status))
}

/// Runs a command quietly; its output is shown only when it fails.
pub fn run_quietly(command: &mut Command) -> Result {
    let shown = show(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("Could not start `{shown}`: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let mut err = std::io::stderr();
    let _ = err.write_all(&output.stdout);
    let _ = err.write_all(&output.stderr);
    Err(failed(&shown, output.status))
}

/// The standard output of a command, or nothing when it cannot be run or fails.
pub fn capture(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The environment in which tests and benchmarks find this program, whose server they use.
pub fn own_server() -> Option<(&'static str, std::path::PathBuf)> {
    Some(("CLOZE_XTASK", std::env::current_exe().ok()?))
}

/// As [`run`], but the command's standard output is returned.
pub fn capture_printing(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("Could not start `{shown}`: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(failed(&shown, output.status))
}

/// Where the output of steps goes.
#[derive(Clone, Default)]
pub enum Output {
    /// To xtask's own, as it comes.
    #[default]
    Shown,
    /// Kept, to be shown in one piece: another step is being shown meanwhile.
    Kept(Arc<Mutex<Vec<u8>>>),
}

impl Output {
    fn write(&self, bytes: &[u8], own: &mut impl Write) {
        match self {
            Self::Shown => {
                let _ = own.write_all(bytes).and_then(|()| own.flush());
            }
            Self::Kept(kept) => kept
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(bytes),
        }
    }

    /// Shows what was kept.
    pub fn show(&self) {
        if let Self::Kept(kept) = self {
            let bytes = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
            let _ = std::io::stdout().write_all(&bytes);
        }
    }
}

/// Runs a command with its output shown and returns the lines, without colours, that `keep` accepts.
pub fn run_keeping(
    command: &mut Command,
    output: &Output,
    keep: fn(&str) -> bool,
) -> Result<Vec<String>> {
    let shown = show(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("Could not start `{shown}`: {error}")))?;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let out = child.stdout.take().expect("piped");
    let err = child.stderr.take().expect("piped");
    let readers = [
        tee(out, std::io::stdout(), output, keep, Arc::clone(&kept)),
        tee(err, std::io::stderr(), output, keep, Arc::clone(&kept)),
    ];
    let status = child
        .wait()
        .map_err(|error| Failure::new(format!("Lost `{shown}`: {error}")))?;
    for reader in readers {
        let _ = reader.join();
    }
    if !status.success() {
        return Err(failed(&shown, status));
    }
    let kept = kept.lock().expect("no reader panicked").clone();
    Ok(kept)
}

fn tee(
    from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    output: &Output,
    keep: fn(&str) -> bool,
    kept: Arc<Mutex<Vec<String>>>,
) -> thread::JoinHandle<()> {
    let output = output.clone();
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            output.write(&line, &mut to);
            let text = without_colours(&String::from_utf8_lossy(&line));
            if keep(text.trim()) {
                kept.lock()
                    .expect("no reader panicked")
                    .push(text.trim().to_owned());
            }
            line.clear();
        }
    })
}

/// Takes out the terminal's escape sequences for colour.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

/// The command as one would type it.
pub fn show(command: &Command) -> String {
    let mut shown = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        let arg = arg.to_string_lossy();
        shown.push(' ');
        if arg.is_empty() || arg.contains(char::is_whitespace) {
            shown.push_str(&format!("'{arg}'"));
        } else {
            shown.push_str(&arg);
        }
    }
    shown
}

fn failed(shown: &str, status: std::process::ExitStatus) -> Failure {
    Failure::new(format!(
        "`{shown}` failed ({status}); its own words stand above"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(
            without_colours("\u{1b}[32mok\u{1b}[0m. 3 passed"),
            "ok. 3 passed"
        );
    }

    #[test]
    fn commands_are_shown_as_typed() {
        let mut command = Command::new("cargo");
        command.args(["test", "two words"]);
        assert_eq!(show(&command), "cargo test 'two words'");
    }
}
