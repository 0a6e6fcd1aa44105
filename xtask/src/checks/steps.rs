//! The steps, each with what it depends on.

use super::packed;
use super::report::{Inputs, Lane};
use crate::failure::Result;
use crate::process::{own_server, run_keeping, Output};
use crate::setup::rust::TARGET;
use crate::setup::{node, smollm2, BuildTools, TestTools};
use crate::wasm::{Build, Kind, BUILDS};
use crate::{layers, paths, process, site};
use std::process::Command;

/// What Rust's checks read, apart from what single ones need besides.
const RUST: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "crate",
    "tests/bench/kernels",
    "tests/evaluate",
    "xtask",
];

/// The features that not all builds have: checks and native tests see them all the same.
const WITH_ALL: [&str; 2] = ["--features", "cloze/cli,cloze/train"];
/// Those of wasm builds.
const WITH_ALL_WASM: [&str; 2] = ["--features", "cloze/wasm,cloze/train"];

/// What Rust's tests read besides: package.json says a version that xtask's tests look for.
/// The generated types are compared with what the core says now.
const RUST_TESTS: &[&str] = &[
    "tests/parity",
    "models",
    "package.json",
    "pkg/src/border/core.ts",
    "pkg/src/border/training.ts",
];

/// What eslint and prettier read.
const SCRIPTS: &[&str] = &[
    "package.json",
    "package-lock.json",
    ".prettierrc.json",
    ".prettierignore",
    ".editorconfig",
    "eslint.config.mjs",
    "crate/webdriver.json",
    "pkg",
    "web",
    "tests",
];

/// What `cargo xtask bundle` is made of, besides the site.
const BUNDLE: [&str; 2] = ["xtask/bundle", "xtask/src/bundle.rs"];

/// The tools, and the versions that steps depend on.
pub struct Tools {
    pub build: BuildTools,
    pub test: Option<TestTools>,
    rust: String,
    node: String,
    browser: String,
    firefox: String,
}

impl Tools {
    pub fn new(build: BuildTools, test: Option<TestTools>) -> Self {
        let version = |program: &mut Command| {
            process::capture(program.arg("--version")).unwrap_or_else(|| "unknown".into())
        };
        Self {
            rust: version(&mut Command::new("rustc")),
            node: node::version().unwrap_or_default(),
            browser: test
                .as_ref()
                .map(|test| version(&mut Command::new(&test.browser.chrome)))
                .unwrap_or_default(),
            firefox: test
                .as_ref()
                .and_then(|test| test.firefox.as_ref())
                .map(|firefox| version(&mut Command::new(firefox)))
                .unwrap_or_default(),
            build,
            test,
        }
    }

    fn test(&self) -> &TestTools {
        self.test.as_ref().expect("set up for tests")
    }
}

/// Formatting, layers, clippy: whatever needs no more of the code than its types.
pub fn lint_rust(lane: &Lane, tools: &Tools) -> Result {
    lane.step("Layers", Inputs::always(), |_| {
        layers::check(&paths::root()).map(|looked_at| vec![looked_at])
    })?;
    lane.step("rustfmt", Inputs::of(RUST, &[&tools.rust]), |output| {
        run_keeping(cargo().args(["fmt", "--all", "--check"]), output, nothing)
    })?;
    let inputs = Inputs::of(&[RUST, &["README.md"]].concat(), &[&tools.rust]);
    lane.step("Crate as packed", inputs, |_| packed::check())?;
    let inputs = Inputs::of(RUST, &["-D warnings", &tools.rust]);
    lane.step("clippy", inputs, |output| {
        run_keeping(
            cargo()
                .args(["clippy", "--workspace", "--all-targets", "--quiet"])
                .args(WITH_ALL)
                .args(["--", "-D", "warnings"]),
            output,
            nothing,
        )
    })?;
    let rust = &tools.build.rust;
    if !(rust.has_target && rust.is_default()) {
        println!("(clippy for wasm32 left out: this Rust has no library for it that clippy reads)");
        return Ok(());
    }
    let inputs = Inputs::of(RUST, &["-D warnings", &tools.rust, &rust.version]);
    lane.step("clippy for wasm32", inputs, |output| {
        // One build with its features is enough: they differ in kernels, which share their form.
        let mut clippy = cargo();
        BUILDS[1].environment(rust, &mut clippy);
        run_keeping(
            clippy
                .args(["clippy", "--package", "cloze", "--lib", "--target", TARGET])
                .args(WITH_ALL_WASM)
                .args(["--quiet", "--", "-D", "warnings"]),
            output,
            nothing,
        )
    })
}

/// Rust's documentation has no broken links.
pub fn rustdoc(lane: &Lane, tools: &Tools) -> Result {
    let inputs = Inputs::of(&[RUST, &["README.md"]].concat(), &[&tools.rust]);
    lane.step("rustdoc", inputs, |output| {
        run_keeping(
            cargo()
                .args(["doc", "--workspace", "--no-deps", "--quiet"])
                .args(WITH_ALL)
                .env("RUSTDOCFLAGS", "-D warnings"),
            output,
            nothing,
        )
    })
}

fn rust_test_inputs(tools: &Tools, what: &str) -> Inputs {
    let files = [RUST, RUST_TESTS].concat();
    let smollm2 = smollm2::path().is_file().to_string();
    Inputs::of(&files, &[what, &smollm2, &tools.rust])
}

/// All native tests, also those of xtask and of the documentation.
pub fn rust_tests(lane: &Lane, tools: &Tools) -> Result {
    lane.step("Rust tests", rust_test_inputs(tools, "all"), |output| {
        run_keeping(
            cargo().args(["test", "--workspace"]).args(WITH_ALL),
            output,
            is_closing_line,
        )
    })
}

/// The core's own tests and xtask's.
pub fn quick_rust_tests(lane: &Lane, tools: &Tools) -> Result {
    let inputs = rust_test_inputs(tools, "quick");
    lane.step("Rust tests of core and xtask", inputs, |output| {
        run_keeping(
            cargo()
                .args(["test", "--package", "cloze", "--package", "xtask"])
                .args(["--lib", "--bins", "--test", "core", "--test", "train"])
                .args(WITH_ALL),
            output,
            is_closing_line,
        )
    })
}

/// prettier and eslint.
pub fn lint_scripts(lane: &Lane, tools: &Tools) -> Result {
    lane.step("prettier", Inputs::of(SCRIPTS, &[&tools.node]), |output| {
        let mut prettier = node::script("prettier/bin/prettier.cjs");
        run_keeping(
            prettier.args(["--check", "--log-level=warn", "."]),
            output,
            nothing,
        )
    })?;
    lane.step("eslint", Inputs::of(SCRIPTS, &[&tools.node]), |output| {
        let mut eslint = node::script("eslint/bin/eslint.js");
        run_keeping(eslint.args(["--max-warnings=0", "."]), output, nothing)
    })
}

/// What depends on the package as built.
fn built_inputs(tools: &Tools, more: &[&str]) -> Inputs {
    let files = [SCRIPTS, &["models", "xtask/src/server"], more].concat();
    match site::inputs() {
        Ok(site) => Inputs::of(&files, &[&site, &tools.node, &tools.browser]),
        Err(failure) => Inputs::unknown(failure),
    }
}

/// What the page sees of the package's types; a build writes them too.
pub fn declarations(lane: &Lane) -> Result {
    lane.step("Declarations of pkg", Inputs::always(), |output| {
        npm_script("pkg", "declarations", output)
    })
}

/// The package as it is packed: nothing to complain of for publint and arethetypeswrong, and no larger than its budget.
pub fn package(lane: &Lane, tools: &Tools) -> Result {
    lane.step("Package as packed", built_inputs(tools, &[]), |output| {
        if !paths::pkg_dist().join("elements.js").is_file() {
            npm_script("pkg", "build", output)?;
        }
        npm_script("pkg", "check-package", output)
    })
}

/// Types of all TypeScript, and of JavaScript with comments.
pub fn types(lane: &Lane, tools: &Tools) -> Result {
    for workspace in ["pkg", "web", "tests"] {
        let inputs = built_inputs(tools, &[]);
        lane.step(&format!("Types of {workspace}"), inputs, |output| {
            npm_script(workspace, "typecheck", output)
        })?;
    }
    Ok(())
}

/// vitest.
pub fn unit_tests(lane: &Lane, tools: &Tools) -> Result {
    for workspace in ["pkg", "web"] {
        let inputs = built_inputs(tools, &[]);
        lane.step(&format!("Unit tests of {workspace}"), inputs, |output| {
            npm_script(workspace, "test", output)
        })?;
    }
    Ok(())
}

/// The package's documentation has no broken links.
pub fn typescript_docs(lane: &Lane, tools: &Tools) -> Result {
    let inputs = built_inputs(tools, &["README.md", "docs"]);
    lane.step("TypeScript documentation", inputs, |output| {
        npm_script("pkg", "docs", output)
    })
}

/// The core's tests, or those of training, in headless Chromium, with the flags of one build.
pub fn wasm_tests(lane: &Lane, tools: &Tools, wasm: Build) -> Result {
    let files = [
        &["crate", "Cargo.toml", "Cargo.lock", "xtask/src/wasm.rs"][..],
        RUST_TESTS,
    ]
    .concat();
    let inputs = Inputs::of(
        &files,
        &[
            wasm.name,
            wasm.set(),
            &tools.build.rust.version,
            &tools.browser,
        ],
    );
    let tested = if wasm.kind == Kind::Train {
        "Training"
    } else {
        "The core's tests"
    };
    let name = format!("{tested} in Chromium, {}", wasm.name);
    lane.step(&name, inputs, |output| {
        let browser = &tools.test().browser;
        let tests = wasm.compile_tests(&tools.build)?;
        let mut runner = Command::new(&tools.build.wasm_bindgen.test_runner);
        runner
            // webdriver.json lies there.
            .current_dir(paths::root().join("crate"))
            .arg(tests)
            .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "900")
            .env("PATH", browser.path()?)
            .env("CHROMEDRIVER", &browser.driver);
        run_keeping(&mut runner, output, is_closing_line)
    })
}

/// The tests of the built site.
pub fn end_to_end(lane: &Lane, tools: &Tools) -> Result {
    // The READMEs' programs are compiled, the links of what the documentation shows are followed, and the bundle is started.
    let read = [&["README.md"], &site::SHOWN[..], &BUNDLE].concat();
    let mut inputs = built_inputs(tools, &read);
    // Its tests are left out where the chat model could not be fetched.
    inputs.count(&smollm2::path().is_file().to_string());
    inputs.count(&tools.firefox);
    lane.step("End to end in Chromium", inputs, |output| {
        end_to_end_script(tools, "e2e", output)
    })
}

/// That every screen answers.
pub fn one_test_a_screen(lane: &Lane, tools: &Tools) -> Result {
    let inputs = built_inputs(tools, &[]);
    lane.step("Each screen in Chromium", inputs, |output| {
        end_to_end_script(tools, "e2e:quick", output)
    })
}

fn end_to_end_script(tools: &Tools, script: &str, output: &Output) -> Result<Vec<String>> {
    let mut npm = npm_command("tests", script);
    npm.env("CHROME", &tools.test().browser.chrome);
    if let Some(firefox) = &tools.test().firefox {
        npm.env("FIREFOX", firefox);
    }
    run_keeping(&mut npm, output, is_closing_line)
}

/// That the benchmarks work: what they measure here counts for nothing.
pub fn short_benchmarks(lane: &Lane, tools: &Tools) -> Result {
    let inputs = built_inputs(tools, &[]);
    lane.step("The benchmark, briefly", inputs, |output| {
        let mut node = benchmark(tools, "tests/bench/bench.mjs");
        node.args(["--only", "cloze,cloze-simd128"]);
        run_keeping(&mut node, output, nothing)
    })?;
    for (of, script) in [("training", "training.mjs"), ("a first visit", "visit.mjs")] {
        let name = format!("The benchmark of {of}, briefly");
        lane.step(&name, built_inputs(tools, &[]), |output| {
            let mut node = benchmark(tools, &format!("tests/bench/{script}"));
            run_keeping(&mut node, output, nothing)
        })?;
    }
    Ok(())
}

fn benchmark(tools: &Tools, script: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(paths::root())
        .args([script, "--quick"])
        .env("CHROME", &tools.test().browser.chrome)
        .envs(own_server());
    node
}

fn npm_command(workspace: &str, script: &str) -> Command {
    let mut npm = node::npm();
    npm.args(["run", "--silent", script, "--workspace", workspace])
        .envs(own_server());
    npm
}

fn npm_script(workspace: &str, script: &str, output: &Output) -> Result<Vec<String>> {
    run_keeping(&mut npm_command(workspace, script), output, is_closing_line)
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
