//! The TypeScript that is written from the core: `pkg/src/border/core.ts` by a test of the core, `pkg/src/wasm/cloze.d.ts` by
//! wasm-bindgen. Both are kept in the repository, so that TypeScript is checked without a build.

use crate::declarations;
use crate::failure::{takes_nothing, Result};
use crate::paths;
use crate::process::{run as run_command, run_quietly};
use crate::setup::{self, node};
use crate::wasm::{self, BUILDS};
use std::process::Command;

/// For `cargo xtask help`.
pub const HELP: &str = "write the TypeScript of the core's results, options and exports anew";

const CORE: &str = "pkg/src/border/core.ts";

/// Writes all of it.
pub fn run(args: &[String]) -> Result {
    takes_nothing(args)?;
    let tools = setup::for_build()?;
    write_core()?;
    let [build, ..] = BUILDS;
    wasm::make(&tools, &[build])?;
    declarations::write(&build.out())
}

fn write_core() -> Result {
    run_command(
        Command::new("cargo")
            .current_dir(paths::root())
            .env("CLOZE_TYPES", "write")
            .args(["test", "--package", "cloze", "--lib", "--quiet"])
            .args(["--", "--exact", "wasm::types::typescript_is_current"]),
    )?;
    let mut prettier = node::script("prettier/bin/prettier.cjs");
    run_quietly(prettier.args(["--write", CORE]))
}
