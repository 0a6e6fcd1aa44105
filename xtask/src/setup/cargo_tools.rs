//! `wasm-bindgen` and `wasm-pack`, from PATH where they fit, else installed for this project alone.

use crate::failure::{Context, Failure, Result};
use crate::paths;
use crate::process::{capture, run};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of wasm-pack that is installed; any from 0.13 on is taken if there.
const WASM_PACK: &str = "0.15.1";

/// A command that cargo installs.
pub struct Tool {
    name: &'static str,
    package: String,
    fits: Box<dyn Fn(&str) -> bool>,
}

/// `wasm-bindgen` of exactly the version in Cargo.lock, as it demands.
pub fn wasm_bindgen() -> Result<Tool> {
    let version = locked_version("wasm-bindgen")?;
    Ok(Tool {
        name: "wasm-bindgen",
        package: format!("wasm-bindgen-cli@{version}"),
        fits: Box::new(move |said| said == version),
    })
}

/// `wasm-pack`.
pub fn wasm_pack() -> Tool {
    Tool {
        name: "wasm-pack",
        package: format!("wasm-pack@{WASM_PACK}"),
        fits: Box::new(|said| {
            let mut numbers = said.split('.').map(|n| n.parse::<u32>().unwrap_or(0));
            (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (0, 13)
        }),
    }
}

/// Finds the tools, installing those that are missing in one go.
pub fn find<const N: usize>(tools: [Tool; N]) -> Result<[PathBuf; N]> {
    let missing: Vec<&str> = tools
        .iter()
        .filter(|tool| locate(tool).is_none())
        .map(|tool| &*tool.package)
        .collect();
    if !missing.is_empty() {
        eprintln!(
            "Installing {} into {} (compiled from source: about 3 minutes, only once)",
            missing.join(" and "),
            paths::tools().display()
        );
        // Without --locked: the packages' lock files may name crates that a mirror has no more.
        run(Command::new("cargo")
            .args(["install", "--quiet", "--root"])
            .arg(paths::tools())
            .args(&missing)
            .env_remove("CARGO_TARGET_DIR"))
        .map_err(|_| {
            Failure::new(format!("Could not install {}", missing.join(" and "))).fix(format!(
                "cargo install {} (needs crates.io and a C compiler)",
                missing.join(" ")
            ))
        })?;
    }
    let mut found = Vec::new();
    for tool in &tools {
        found.push(locate(tool).ok_or_else(|| {
            Failure::new(format!("{} was installed but does not run", tool.name))
                .fix(format!("cargo install --force {}", tool.package))
        })?);
    }
    Ok(found.try_into().expect("one path for each tool"))
}

/// The command in the project's tools, on PATH or in cargo's folder, if it fits.
fn locate(tool: &Tool) -> Option<PathBuf> {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    [
        Some(paths::tools().join("bin").join(tool.name)),
        paths::find_on_path(&[tool.name]),
        cargo_home.map(|home| home.join("bin").join(tool.name)),
    ]
    .into_iter()
    .flatten()
    .map(paths::with_exe)
    .find(|file| file.is_file() && says_version(file).is_some_and(|said| (tool.fits)(&said)))
}

/// The second word of `--version`.
pub fn says_version(program: &Path) -> Option<String> {
    let text = capture(Command::new(program).arg("--version"))?;
    Some(text.split_whitespace().nth(1)?.to_owned())
}

/// A package's version in Cargo.lock.
pub fn locked_version(package: &str) -> Result<String> {
    let file = paths::root().join("Cargo.lock");
    let lock = fs::read_to_string(&file).context(format!("read {}", file.display()))?;
    version_in(&lock, package).ok_or_else(|| Failure::new(format!("Cargo.lock names no {package}")))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_the_packages_own() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "none"), None);
    }

    #[test]
    fn old_wasm_packs_are_not_taken() {
        let tool = wasm_pack();
        assert!((tool.fits)("0.15.1") && (tool.fits)("0.13.0") && (tool.fits)("1.0.0"));
        assert!(!(tool.fits)("0.12.1"));
    }
}
