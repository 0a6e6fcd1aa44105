//! The TypeScript that is written from the core: `core.ts` and `training.ts` in `pkg/src/border` by tests of the core,
//! `cloze.d.ts` in `pkg/src/wasm` and `pkg/src/wasm-train` by wasm-bindgen. All of it is kept in the repository, so that
//! TypeScript is checked without a build.

use crate::declarations;
use crate::failure::{takes_nothing, Result};
use crate::paths;
use crate::process::{run as run_command, run_quietly};
use crate::setup::{self, node};
use crate::wasm::{self, Kind, BUILDS};
use std::process::Command;

/// For `cargo xtask help`.
pub const HELP: &str = "write the TypeScript of the core's results, options and exports anew";

const WRITTEN: [&str; 2] = ["pkg/src/border/core.ts", "pkg/src/border/training.ts"];
const WRITERS: [&str; 2] = [
    "border::types::typescript_is_current",
    "wasm::train::types::typescript_is_current",
];

/// Writes all of it.
pub fn run(args: &[String]) -> Result {
    takes_nothing(args)?;
    let tools = setup::for_build()?;
    write_core()?;
    let [build, ..] = BUILDS;
    let builds = [build, build.of(Kind::Train)];
    wasm::make(&tools, &builds)?;
    builds
        .iter()
        .try_for_each(|build| declarations::write(&build.out(), build.set()))
}

fn write_core() -> Result {
    run_command(
        Command::new("cargo")
            .current_dir(paths::root())
            .env("CLOZE_TYPES", "write")
            .args(["test", "--package", "cloze", "--lib", "--quiet"])
            .args(["--features", "cloze/train", "--", "--exact"])
            .args(WRITERS),
    )?;
    let mut prettier = node::script("prettier/bin/prettier.cjs");
    run_quietly(prettier.arg("--write").args(WRITTEN))
}
