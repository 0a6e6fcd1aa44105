//! `wasm-bindgen` and its test runner, from PATH where they fit, else installed for this project alone.

use crate::failure::{Failure, Result};
use crate::process::{capture, run};
use crate::{paths, versions};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The commands of the package `wasm-bindgen-cli`.
#[derive(Clone, Debug)]
pub struct WasmBindgen {
    /// Writes the JavaScript of a wasm file.
    pub bindgen: PathBuf,
    /// Runs a wasm file's tests in a browser.
    pub test_runner: PathBuf,
}

/// Finds the commands of exactly the version in Cargo.lock, as `wasm-bindgen` demands, or installs them.
pub fn wasm_bindgen() -> Result<WasmBindgen> {
    let version = versions::locked("wasm-bindgen")?;
    if let Some(found) = locate(&version) {
        return Ok(found);
    }
    let package = format!("wasm-bindgen-cli@{version}");
    eprintln!(
        "Installing {package} into {} (compiled from source: 2 minutes, only once)",
        paths::tools().display()
    );
    // Without --locked: the package's lock file may name crates that a mirror has no more. It runs for seconds:
    // optimising it fully would take longer than it ever saves.
    run(Command::new("cargo")
        .args(["install", "--quiet", "--root"])
        .arg(paths::tools())
        .arg(&package)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env_remove("CARGO_TARGET_DIR"))
    .map_err(|_| {
        Failure::new(format!("Could not install {package}")).fix(format!(
            "cargo install {package} (needs crates.io and a C compiler)"
        ))
    })?;
    locate(&version).ok_or_else(|| {
        Failure::new(format!("{package} was installed but does not run"))
            .fix(format!("cargo install --force {package}"))
    })
}

/// The commands in the project's tools, on PATH or in cargo's folder, if they fit.
fn locate(version: &str) -> Option<WasmBindgen> {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    [
        Some(paths::tools().join("bin/wasm-bindgen")),
        paths::find_on_path(&["wasm-bindgen"]),
        cargo_home.map(|home| home.join("bin/wasm-bindgen")),
    ]
    .into_iter()
    .flatten()
    .map(|bindgen| WasmBindgen {
        test_runner: paths::with_exe(bindgen.with_file_name("wasm-bindgen-test-runner")),
        bindgen: paths::with_exe(bindgen),
    })
    .find(|found| {
        found.test_runner.is_file()
            && says_version(&found.bindgen).is_some_and(|said| said == version)
    })
}

/// The second word of `--version`.
fn says_version(program: &Path) -> Option<String> {
    let text = capture(Command::new(program).arg("--version"))?;
    Some(text.split_whitespace().nth(1)?.to_owned())
}
