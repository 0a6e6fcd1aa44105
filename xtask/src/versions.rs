//! Which versions of tools fit: each stands in the file that says it to others, and is read from there.

use crate::failure::{read, Failure, Result};
use crate::paths;

/// The oldest Rust that compiles the workspace: `rust-version` in Cargo.toml.
pub const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// The oldest Node that the tools run on: `engines` in package.json.
pub fn node() -> Result<String> {
    let file = paths::root().join("package.json");
    let text = read(&file)?;
    let wanted = text.split_once("\"node\": \">=").map(|(_, rest)| rest);
    let version = wanted.and_then(|rest| Some(rest.split_once('"')?.0.to_owned()));
    version.ok_or_else(|| Failure::new(format!("{} names no Node", file.display())))
}

/// A package's version in Cargo.lock; `wasm-bindgen` demands exactly that of its command.
pub fn locked(package: &str) -> Result<String> {
    let lock = read(&paths::root().join("Cargo.lock"))?;
    version_in(&lock, package).ok_or_else(|| Failure::new(format!("Cargo.lock names no {package}")))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

/// Whether a version is as new as another one, by major and minor number.
pub fn at_least(version: &str, oldest: &str) -> bool {
    let numbers = |text: &str| {
        let mut numbers = text
            .trim_start_matches('v')
            .split('.')
            .map(|number| number.parse::<u32>().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    };
    numbers(version) >= numbers(oldest)
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
    fn versions_are_compared_by_number() {
        assert!(
            at_least("1.100.0", "1.85") && at_least("2.0", "1.85") && at_least("v20.19.1", "20.19")
        );
        assert!(!at_least("1.63.0", "1.85") && !at_least("garbage", "1.85"));
    }

    #[test]
    fn the_files_that_say_versions_are_understood() {
        assert!(node().unwrap().contains('.') && RUST.contains('.'));
        assert!(locked("wasm-bindgen").is_ok());
    }
}
