//! Steps that pass or fail, and what is known of them at the end.

use crate::failure::{Failure, Result};
use crate::process::Output;
use crate::stamp::{self, Hasher};
use crate::{paths, stamp as stamps};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// What a step depends on: where it is the same as when the step last passed, it is not run again.
pub struct Inputs(Result<String>);

impl Inputs {
    /// Files and folders, from the repository's root, and anything else that counts: versions, commands.
    pub fn of(files: &[&str], others: &[&str]) -> Self {
        let mut hasher = Hasher::new();
        let root = paths::root();
        let mut read = || {
            // How steps are run.
            hasher.text(include_str!("steps.rs"));
            for file in files {
                hasher.text(file);
                hasher.path(&root.join(file))?;
            }
            for other in others {
                hasher.text(other);
            }
            Ok(hasher.finish())
        };
        Self(read())
    }

    /// Where they cannot be read: the step fails.
    pub fn unknown(failure: Failure) -> Self {
        Self(Err(failure))
    }

    /// Something else that counts.
    pub fn count(&mut self, other: &str) {
        if let Ok(hash) = &mut self.0 {
            let mut hasher = Hasher::new();
            hasher.text(hash);
            hasher.text(other);
            *hash = hasher.finish();
        }
    }

    /// For what is done every time, as it takes no time.
    pub fn always() -> Self {
        Self(Ok(String::new()))
    }
}

/// A step that is over.
struct Done {
    name: String,
    /// Nothing where it was not run, because nothing had changed.
    seconds: Option<u64>,
    /// The closing lines of its runner.
    lines: Vec<String>,
}

/// The steps done so far.
pub struct Report {
    all: bool,
    started: Instant,
    done: Mutex<Vec<Done>>,
    failed: AtomicBool,
}

impl Report {
    /// `all`: whether steps are run whose inputs did not change.
    pub fn new(all: bool) -> Self {
        Self {
            all,
            started: Instant::now(),
            done: Mutex::default(),
            failed: AtomicBool::new(false),
        }
    }

    /// The steps that are shown as they run.
    pub fn lane(&self) -> Lane<'_> {
        Lane {
            report: self,
            output: Output::Shown,
        }
    }

    /// Runs other steps beside those of `main`; each is shown when it is over.
    pub fn beside(
        &self,
        main: impl FnOnce(&Lane) -> Result,
        other: impl FnOnce(&Lane) -> Result + Send,
    ) -> Result {
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                other(&Lane {
                    report: self,
                    output: Output::Kept(Default::default()),
                })
            });
            let main = main(&self.lane());
            let other = other
                .join()
                .unwrap_or_else(|_| Err(Failure::new("A step's thread stopped")));
            main.and(other)
        })
    }

    /// Prints what passed.
    pub fn print(&self) {
        let total = self.started.elapsed().as_secs();
        println!(
            "\n== Everything passed in {} min {} s",
            total / 60,
            total % 60
        );
        for step in &*self.done.lock().unwrap_or_else(PoisonError::into_inner) {
            match step.seconds {
                Some(seconds) => println!("{seconds:5} s  {}", step.name),
                None => println!("      –  {}: unchanged since it passed", step.name),
            }
            for line in &step.lines {
                println!("         {line}");
            }
        }
        if !self.all && self.skipped() {
            println!("`cargo xtask test --all` runs the unchanged ones too.");
        }
    }

    fn skipped(&self) -> bool {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.iter().any(|step| step.seconds.is_none())
    }
}

/// Steps that are done one after the other.
pub struct Lane<'a> {
    report: &'a Report,
    output: Output,
}

impl Lane<'_> {
    /// Runs a step, unless it passed with these inputs or another one has failed.
    pub fn step(
        &self,
        name: &str,
        inputs: Inputs,
        work: impl FnOnce(&Output) -> Result<Vec<String>>,
    ) -> Result {
        if self.report.failed.load(Ordering::SeqCst) {
            return Ok(());
        }
        let stamp = format!("passed-{}", slug(name));
        let inputs = inputs
            .0
            .inspect_err(|_| self.report.failed.store(true, Ordering::SeqCst))?;
        if !self.report.all && !inputs.is_empty() {
            if let Some(lines) = passed_with(&stamp, &inputs) {
                self.finish(name, None, lines);
                return Ok(());
            }
        }
        let shown = matches!(self.output, Output::Shown);
        if shown {
            println!("\n== {name}");
        }
        stamp::clear(&stamp);
        let started = Instant::now();
        let worked = work(&self.output);
        if !shown {
            println!("\n== {name} (ran beside others)");
            self.output.show();
        }
        let lines = worked.map_err(|failure| {
            self.report.failed.store(true, Ordering::SeqCst);
            Failure::new(format!("{name}: {failure}"))
                .fix("mend what stands above, then run it again: what passed and did not change is not run again")
        })?;
        if !inputs.is_empty() {
            stamps::set(&stamp, &format!("{inputs}\n{}", lines.join("\n")))?;
        }
        self.finish(name, Some(started.elapsed().as_secs()), lines);
        Ok(())
    }

    fn finish(&self, name: &str, seconds: Option<u64>, lines: Vec<String>) {
        let mut done = self
            .report
            .done
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        done.push(Done {
            name: name.to_owned(),
            seconds,
            lines,
        });
    }
}

/// The closing lines of the run that passed, if its inputs were these.
fn passed_with(stamp: &str, inputs: &str) -> Option<Vec<String>> {
    let kept = stamps::get(stamp)?;
    let mut lines = kept.lines();
    (lines.next() == Some(inputs)).then(|| {
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    })
}

fn slug(name: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    name.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_told_apart() {
        let of = |files: &[&str], others: &[&str]| Inputs::of(files, others).0.unwrap();
        assert_eq!(of(&["Cargo.toml"], &["1"]), of(&["Cargo.toml"], &["1"]));
        assert_ne!(of(&["Cargo.toml"], &["1"]), of(&["Cargo.toml"], &["2"]));
        assert_ne!(of(&["Cargo.toml"], &[]), of(&["Cargo.lock"], &[]));
    }

    #[test]
    fn a_step_that_passed_is_not_run_again_until_something_changes() {
        let name = format!("test of steps {}", std::process::id());
        let run = |all: bool, input: &str, fails: bool| {
            let report = Report::new(all);
            let mut ran = false;
            let passed = report.lane().step(&name, Inputs::of(&[], &[input]), |_| {
                ran = true;
                if fails {
                    return Err(Failure::new("no"));
                }
                Ok(vec!["3 passed".into()])
            });
            let lines = report.done.lock().unwrap().pop().map(|done| done.lines);
            (ran, passed.is_ok(), lines.unwrap_or_default())
        };
        let lines = vec!["3 passed".to_owned()];
        assert_eq!(run(false, "a", false), (true, true, lines.clone()));
        assert_eq!(run(false, "a", false), (false, true, lines.clone()));
        assert_eq!(run(true, "a", false), (true, true, lines.clone()));
        assert_eq!(run(false, "b", true), (true, false, Vec::new()));
        assert_eq!(run(false, "a", false), (true, true, lines));
        stamp::clear(&format!("passed-{}", slug(&name)));
    }

    #[test]
    fn after_a_failure_nothing_more_is_begun() {
        let report = Report::new(true);
        let lane = report.lane();
        let fail = |_: &Output| Err(Failure::new("no"));
        assert!(lane.step("one", Inputs::always(), fail).is_err());
        let ran = lane.step("two", Inputs::always(), |_| unreachable!("it is not run"));
        assert!(ran.is_ok());
    }
}
