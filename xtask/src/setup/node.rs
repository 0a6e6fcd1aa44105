//! Node and the npm packages.

use crate::failure::{Failure, Result};
use crate::process::{capture, run};
use crate::stamp::{self, Hasher};
use crate::{paths, versions};
use std::path::PathBuf;
use std::process::Command;

/// The npm command.
pub fn npm() -> Command {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(name);
    command.current_dir(paths::root());
    command
}

/// A script of an installed package.
pub fn script(file: &str) -> Command {
    let mut command = Command::new("node");
    command
        .current_dir(paths::root())
        .arg(paths::root().join("node_modules").join(file));
    command
}

/// Node's version.
pub fn version() -> Option<String> {
    capture(Command::new("node").arg("--version"))
}

/// Fails unless a Node that is new enough is there.
pub fn check() -> Result {
    let oldest = versions::node()?;
    let fix = format!(
        "install Node {oldest} or newer with npm (https://nodejs.org, or your package manager)"
    );
    let version = version().ok_or_else(|| Failure::new("Node is missing").fix(&fix))?;
    if !versions::at_least(&version, &oldest) {
        return Err(Failure::new(format!("Node {version} is too old")).fix(fix));
    }
    if capture(npm().arg("--version")).is_none() {
        return Err(Failure::new("npm is missing").fix(fix));
    }
    Ok(())
}

/// Installs the npm packages, unless that was done for the same lists.
pub fn install() -> Result {
    let root = paths::root();
    let installed = root.join("node_modules");
    let hash = inputs()?;
    if installed.join(".package-lock.json").is_file() && stamp::is_current("npm", &hash) {
        return Ok(());
    }
    eprintln!("Installing the npm packages (under a minute)");
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    // `npm ci` follows the lock file to the letter, but starts by removing what is there.
    let fresh = root.join("package-lock.json").is_file() && !installed.exists();
    let exact = fresh && run(npm().arg("ci").args(quiet)).is_ok();
    if !exact {
        run(npm().arg("install").args(quiet)).map_err(|_| {
            Failure::new("The npm packages could not be installed")
                .fix("npm install (needs the npm registry)")
        })?;
    }
    // Anew: installing may have written the lock file.
    stamp::set("npm", &inputs()?)
}

fn inputs() -> Result<String> {
    let root = paths::root();
    let mut hasher = Hasher::new();
    hasher.text(&version().unwrap_or_default());
    for file in [
        "package.json",
        "package-lock.json",
        "pkg/package.json",
        "web/package.json",
        "tests/package.json",
    ] {
        hasher.path(&root.join(file))?;
    }
    Ok(hasher.finish())
}

/// `wasm-opt`, from npm's binaryen.
pub fn wasm_opt() -> Result<PathBuf> {
    let file = paths::root().join("node_modules/binaryen/bin/wasm-opt");
    if file.is_file() {
        return Ok(file);
    }
    Err(Failure::new("wasm-opt is missing (npm package binaryen)").fix("npm install"))
}
