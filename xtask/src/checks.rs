//! Everything that `cargo xtask test` runs.

use crate::failure::{Failure, Result};
use crate::paths;
use crate::process::run_keeping;
use crate::server::{Options, Server};
use crate::setup::rust::TARGET;
use crate::setup::{self, node, BuildTools, TestTools};
use crate::site;
use crate::wasm::{Build, BUILDS};
use std::process::Command;
use std::time::Instant;

/// The steps done so far, with their times and the closing lines of their runners.
#[derive(Default)]
struct Report {
    steps: Vec<(String, u64, Vec<String>)>,
}

impl Report {
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Vec<String>>) -> Result {
        println!("\n== {name}");
        let started = Instant::now();
        let lines = work().map_err(|failure| {
            Failure::new(format!("{name}: {failure}"))
                .fix("mend what stands above, then `cargo xtask test` again: what passed is quick")
        })?;
        self.steps
            .push((name.to_owned(), started.elapsed().as_secs(), lines));
        Ok(())
    }

    fn print(&self) {
        let total = self.steps.iter().map(|step| step.1).sum::<u64>();
        println!(
            "\n== Everything passed in {} min {} s",
            total / 60,
            total % 60
        );
        for (name, seconds, lines) in &self.steps {
            println!("{seconds:5} s  {name}");
            for line in lines {
                println!("         {line}");
            }
        }
    }
}

/// Runs every test, stopping at the first that fails.
pub fn test() -> Result {
    let mut report = Report::default();
    let mut tools = None;
    report.step("Set-up", || {
        tools = Some(setup::for_test()?);
        Ok(Vec::new())
    })?;
    let (build, test) = tools.expect("the step above passed");
    lint_rust(&mut report, &build)?;
    report.step(
        "Rust tests (the first time compiles the dependencies: 3 minutes)",
        || run_keeping(cargo().args(["test", "--workspace"]), is_closing_line),
    )?;
    report.step("Build: wasm, package, site", || {
        site::build(&build).map(|()| Vec::new())
    })?;
    for wasm in BUILDS {
        report.step(
            &format!("The core's tests in Chromium, {}", wasm.name),
            || wasm_tests(wasm, &build, &test),
        )?;
    }
    check_types(&mut report)?;
    for workspace in ["pkg", "web"] {
        report.step(&format!("Unit tests of {workspace}"), || {
            npm_script(workspace, "test", &[])
        })?;
    }
    report.step("TypeScript documentation", || {
        npm_script("pkg", "docs", &[])
    })?;
    report.step("End to end in Chromium", || end_to_end(&test))?;
    report.step("The benchmark, briefly", || short_benchmark(&test))?;
    report.print();
    Ok(())
}

/// Formatting, lints, documentation and types only.
pub fn lint() -> Result {
    node::check()?;
    let mut report = Report::default();
    let rust = setup::rust::find()?;
    setup::rust::lint_components()?;
    let [wasm_bindgen] = setup::cargo_tools::find([setup::cargo_tools::wasm_bindgen()?])?;
    node::install()?;
    let build = BuildTools { rust, wasm_bindgen };
    lint_rust(&mut report, &build)?;
    check_types(&mut report)?;
    report.print();
    Ok(())
}

fn lint_rust(report: &mut Report, build: &BuildTools) -> Result {
    report.step("rustfmt", || {
        run_keeping(cargo().args(["fmt", "--all", "--check"]), nothing)
    })?;
    report.step("clippy", || {
        run_keeping(
            cargo()
                .args(["clippy", "--workspace", "--all-targets", "--quiet"])
                .args(["--", "-D", "warnings"]),
            nothing,
        )
    })?;
    if build.rust.has_target && build.rust.is_default() {
        report.step("clippy for wasm32", || {
            // One build with its features is enough: they differ in kernels, which share their form.
            let mut clippy = cargo();
            BUILDS[1].environment(&build.rust, &mut clippy);
            run_keeping(
                clippy
                    .args(["clippy", "--package", "cloze", "--lib", "--target", TARGET])
                    .args(["--quiet", "--", "-D", "warnings"]),
                nothing,
            )
        })?;
    } else {
        println!("(clippy for wasm32 left out: this Rust has no library for it that clippy reads)");
    }
    report.step("rustdoc", || {
        run_keeping(
            cargo()
                .args(["doc", "--workspace", "--no-deps", "--quiet"])
                .env("RUSTDOCFLAGS", "-D warnings"),
            nothing,
        )
    })
}

fn check_types(report: &mut Report) -> Result {
    for workspace in ["pkg", "web", "tests"] {
        report.step(&format!("Types of {workspace}"), || {
            npm_script(workspace, "typecheck", &[])
        })?;
    }
    Ok(())
}

/// `wasm-pack test` in headless Chromium, with the flags of one build.
fn wasm_tests(wasm: Build, build: &BuildTools, test: &TestTools) -> Result<Vec<String>> {
    let mut command = build.rust.command(&test.wasm_pack);
    command
        .current_dir(paths::root().join("crate"))
        .args(["test", "--headless", "--chrome", "--mode", "no-install"])
        .args(["--release", ".", "--test", "core"])
        .args(wasm.cargo_args());
    wasm.environment(&build.rust, &mut command);
    let own = build
        .wasm_bindgen
        .parent()
        .expect("a command lies in a folder")
        .to_path_buf();
    // wasm-pack looks for wasm-bindgen's test runner on PATH.
    let path = command
        .get_envs()
        .find_map(|(name, value)| (name == "PATH").then(|| value.map(Into::into)).flatten())
        .map_or_else(|| test.browser.path(), Ok)?;
    let folders: Vec<_> = std::env::split_paths(&path).chain([own]).collect();
    let path = std::env::join_paths(folders)
        .map_err(|error| Failure::new(format!("PATH is odd: {error}")))?;
    command
        .env("PATH", path)
        .env("CHROMEDRIVER", &test.browser.driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "900");
    run_keeping(&mut command, is_closing_line)
}

/// The tests of the built site, against two servers of our own: threads need isolation, and a page
/// without it must work too.
fn end_to_end(test: &TestTools) -> Result<Vec<String>> {
    let serve = |isolated| -> Result<String> {
        let server = Server::bind(
            0,
            Options {
                folder: paths::web_dist(),
                isolated,
            },
        )?;
        let url = server.url();
        server.spawn();
        Ok(url)
    };
    npm_script(
        "tests",
        "e2e",
        &[
            ("CLOZE_BASE_URL", &serve(true)?),
            ("CLOZE_BASE_URL_NOT_ISOLATED", &serve(false)?),
            ("CHROME", &test.browser.chrome.to_string_lossy()),
        ],
    )
}

/// That the benchmark works: what it measures here counts for nothing.
fn short_benchmark(test: &TestTools) -> Result<Vec<String>> {
    let mut node = Command::new("node");
    node.current_dir(paths::root())
        .args(["tests/bench/bench.mjs", "--quick"])
        .args(["--only", "cloze,cloze-simd128"])
        .env("CHROME", &test.browser.chrome);
    run_keeping(&mut node, nothing)
}

fn npm_script(workspace: &str, script: &str, env: &[(&str, &str)]) -> Result<Vec<String>> {
    let mut npm = node::npm();
    npm.args(["run", "--silent", script, "--workspace", workspace]);
    for (name, value) in env {
        npm.env(name, value);
    }
    run_keeping(&mut npm, is_closing_line)
}

fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(paths::root());
    cargo
}

/// The lines in which cargo, vitest and node say how many tests passed.
fn is_closing_line(line: &str) -> bool {
    const STARTS: [&str; 9] = [
        "test result: ",
        "Test Files  ",
        "Tests  ",
        "# tests ",
        "# pass ",
        "# fail ",
        "ℹ tests ",
        "ℹ pass ",
        "ℹ fail ",
    ];
    // Test binaries and doc tests without a single test say nothing worth repeating.
    STARTS.iter().any(|start| line.starts_with(start))
        && !line.starts_with("test result: ok. 0 passed; 0 failed; 0 ignored")
}

fn nothing(_: &str) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_known() {
        for line in [
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
            "Tests  31 passed (31)",
            "# pass 9",
            "ℹ fail 0",
        ] {
            assert!(is_closing_line(line), "{line}");
        }
        assert!(!is_closing_line("test works ... ok"));
        assert!(!is_closing_line(
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured"
        ));
    }
}
