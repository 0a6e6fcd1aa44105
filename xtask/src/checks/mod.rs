//! Everything that `cargo xtask test` and `cargo xtask lint` run.

mod packed;
mod report;
mod steps;

use crate::failure::{takes_nothing, usage, Result};
use crate::wasm::{self, Kind, BUILDS};
use crate::{setup, site};
use report::{Inputs, Lane, Report};
use steps::Tools;

/// For `cargo xtask help`.
pub const HELP: &str = "\
[--all]      set up what is missing and run every test; what passed and did not change since is not
             run again, but with --all
[--quick]    lints, unit tests, the core's tests in one build, one end-to-end test a screen";

/// Runs every test, stopping at the first that fails.
pub fn test(args: &[String]) -> Result {
    let (mut all, mut quick) = (false, false);
    for arg in args {
        match &**arg {
            "--all" => all = true,
            "--quick" => quick = true,
            odd => return Err(usage(format!("`test` takes no `{odd}`"))),
        }
    }
    let report = Report::new(all);
    let mut tools = None;
    report.lane().step("Set-up", Inputs::always(), |_| {
        let (build, test) = setup::for_test()?;
        tools = Some(Tools::new(build, Some(test)));
        Ok(Vec::new())
    })?;
    let tools = tools.expect("the step above passed");
    if quick {
        run_quick(&report, &tools)?;
    } else {
        run_all(&report, &tools)?;
    }
    report.print();
    Ok(())
}

/// Formatting, layers, lints, documentation and types only.
pub fn lint(args: &[String]) -> Result {
    takes_nothing(args)?;
    let report = Report::new(false);
    let tools = Tools::new(setup::for_lint()?, None);
    report.beside(
        |lane| {
            steps::lint_rust(lane, &tools)?;
            steps::rustdoc(lane, &tools)
        },
        |lane| steps::lint_scripts(lane, &tools),
    )?;
    let lane = report.lane();
    steps::declarations(&lane)?;
    steps::types(&lane, &tools)?;
    steps::package(&lane, &tools)?;
    report.print();
    Ok(())
}

fn run_all(report: &Report, tools: &Tools) -> Result {
    report.beside(
        |lane| {
            steps::lint_rust(lane, tools)?;
            steps::rustdoc(lane, tools)?;
            steps::rust_tests(lane, tools)?;
            build(lane, || site::build(&tools.build))
        },
        |lane| steps::lint_scripts(lane, tools),
    )?;
    report.beside(
        |lane| {
            wasm::all()
                .filter(|wasm| wasm.is_tested())
                .try_for_each(|wasm| steps::wasm_tests(lane, tools, wasm))
        },
        |lane| {
            steps::types(lane, tools)?;
            steps::unit_tests(lane, tools)?;
            steps::package(lane, tools)?;
            steps::typescript_docs(lane, tools)
        },
    )?;
    let lane = report.lane();
    steps::end_to_end(&lane, tools)?;
    steps::short_benchmarks(&lane, tools)
}

fn run_quick(report: &Report, tools: &Tools) -> Result {
    // The build that the tests' browser takes.
    let [.., wasm] = BUILDS;
    report.beside(
        |lane| {
            steps::lint_rust(lane, tools)?;
            steps::quick_rust_tests(lane, tools)?;
            build(lane, || {
                let kinds = [Kind::Whole, Kind::Lean, Kind::Train];
                site::build_for(&tools.build, &kinds.map(|kind| wasm.of(kind)))
            })?;
            steps::wasm_tests(lane, tools, wasm)
        },
        |lane| steps::lint_scripts(lane, tools),
    )?;
    let lane = report.lane();
    steps::types(&lane, tools)?;
    steps::unit_tests(&lane, tools)?;
    steps::one_test_a_screen(&lane, tools)
}

/// It knows itself what is up to date.
fn build(lane: &Lane, work: impl FnOnce() -> Result) -> Result {
    lane.step("Build: wasm, package, site", Inputs::always(), |_| {
        work().map(|()| Vec::new())
    })
}
