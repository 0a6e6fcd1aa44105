//! `cargo xtask fuzz`: spoiled files for every reader of the core, for as long as asked
//! (crate/tests/fuzz.rs says how).

use crate::failure::{usage, Result};
use crate::process;
use std::process::Command;

/// What each option is called in the test's environment.
const OPTIONS: [(&str, &str); 4] = [
    ("--seconds", "CLOZE_FUZZ_SECONDS"),
    ("--seed", "CLOZE_FUZZ_SEED"),
    ("--only", "CLOZE_FUZZ_ONLY"),
    ("--replay", "CLOZE_FUZZ_REPLAY"),
];

/// For `cargo xtask help`.
pub const HELP: &str = "\
[--seconds N]   spoiled files for every reader of the core; what did harm is kept in target/fuzz
[--seed S] [--only READER] [--replay FILE]";

/// Spoils files until the time is over; harm fails it.
pub fn run(args: &[String]) -> Result {
    let mut command = Command::new("cargo");
    command
        .args([
            "test",
            "--quiet",
            "--package",
            "cloze",
            "--test",
            "fuzz",
            "--",
        ])
        .args([
            "--ignored",
            "--nocapture",
            "--exact",
            "for_as_long_as_asked",
        ])
        .envs(variables(args)?);
    process::run_printing(&mut command)
}

fn variables(args: &[String]) -> Result<Vec<(&'static str, String)>> {
    let mut variables = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let option = OPTIONS.iter().find(|(option, _)| option == arg);
        let Some((option, variable)) = option else {
            return Err(usage(format!("`fuzz` takes no `{arg}`")));
        };
        let value = args
            .next()
            .ok_or_else(|| usage(format!("`{option}` wants a value")))?;
        let value = match *option {
            // The test runs in crate/.
            "--replay" => std::path::absolute(value)
                .map_or(value.clone(), |path| path.to_string_lossy().into_owned()),
            "--only" => value.clone(),
            _ => match value.parse::<u64>() {
                Ok(number) => number.to_string(),
                Err(_) => return Err(usage(format!("`{option}` wants a whole number"))),
            },
        };
        variables.push((*variable, value));
    }
    Ok(variables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_become_variables() {
        let parse = |args: &[&str]| {
            let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
            variables(&args).ok()
        };
        assert_eq!(parse(&[]), Some(vec![]));
        assert_eq!(
            parse(&["--seconds", "60", "--only", "torch"]),
            Some(vec![
                ("CLOZE_FUZZ_SECONDS", "60".into()),
                ("CLOZE_FUZZ_ONLY", "torch".into())
            ])
        );
        for wrong in [
            &["--seconds"][..],
            &["--seconds", "x"],
            &["--seed", "-1"],
            &["60"],
        ] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }
}
