//! A Rust that compiles for wasm32.
//!
//! First choice is the Rust that runs xtask, completed by rustup with the wasm32 standard library
//! and, for the build with threads, the library's source. Where rustup cannot reach its servers or
//! is not there, Debian's packages do: their library is compiled from source for every build.

use super::packages;
use crate::failure::{Context, Failure, Result};
use crate::paths::{self, find_on_path};
use crate::process::{capture, run};
use crate::{stamp, versions};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of every build for the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler for wasm32.
#[derive(Clone, Debug)]
pub struct WasmRust {
    /// Goes first on PATH; nothing where PATH's own cargo is the right one.
    bin: Option<PathBuf>,
    /// `rustc --version`.
    pub version: String,
    /// Whether a compiled standard library for wasm32 is there.
    pub has_target: bool,
}

impl WasmRust {
    /// `program` with this Rust as its `cargo` and `rustc`.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some(bin) = &self.bin {
            let path = env::var_os("PATH").unwrap_or_default();
            let folders = std::iter::once(bin.clone()).chain(env::split_paths(&path));
            if let Ok(path) = env::join_paths(folders) {
                command.env("PATH", path);
            }
            command.env("RUSTC", bin.join("rustc"));
            command.env("RUSTDOC", bin.join("rustdoc"));
            // `cargo run` points these at the other Rust.
            command.env_remove("LD_LIBRARY_PATH");
            command.env_remove("CARGO");
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
        command
    }

    /// Whether it is the Rust on PATH.
    pub fn is_default(&self) -> bool {
        self.bin.is_none()
    }

    /// This Rust's cargo.
    pub fn cargo(&self) -> Command {
        let name = Path::new("cargo");
        match &self.bin {
            Some(bin) => self.command(&bin.join(name)),
            None => self.command(name),
        }
    }
}

/// Finds a Rust for wasm32, or gets one.
pub fn find() -> Result<WasmRust> {
    // For trying the second way on a machine where the first works.
    let only_distribution = env::var_os("CLOZE_RUST").is_some_and(|which| which == "distribution");
    if !only_distribution {
        if let Some(rust) = default_rust()? {
            return Ok(rust);
        }
    }
    if let Some(rust) = distribution_rust()? {
        return Ok(rust);
    }
    install_distribution_rust()?;
    distribution_rust()?.ok_or_else(no_rust)
}

/// The Rust on PATH, completed by rustup where that works.
fn default_rust() -> Result<Option<WasmRust>> {
    let rustc = Path::new("rustc");
    let Some(mut found) = inspect(rustc) else {
        return Ok(None);
    };
    if !(found.has_target && found.has_source) && find_on_path(&["rustup"]).is_some() {
        // A machine without a way to rustup's servers fails here every time: ask once a day.
        let day = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |time| time.as_secs() / 86_400);
        let attempt = format!("{} {day}", found.version);
        if !stamp::is_current("rustup-failed", &attempt) {
            eprintln!("Getting Rust's standard library for wasm32 with rustup (a minute at most)");
            let mut target = Command::new("rustup");
            let added = run(target.args(["target", "add", TARGET]))
                .and_then(|()| run(Command::new("rustup").args(["component", "add", "rust-src"])));
            if added.is_err() {
                eprintln!("rustup could not get it; trying the distribution's packages instead");
                stamp::set("rustup-failed", &attempt)?;
            }
            found = inspect(rustc).unwrap_or(found);
        }
    }
    // The build with threads needs the source; everything else can be made from it.
    Ok(found.has_source.then_some(WasmRust {
        bin: None,
        version: found.version,
        has_target: found.has_target,
    }))
}

/// The distribution's Rust, where it is complete.
fn distribution_rust() -> Result<Option<WasmRust>> {
    let rustc = Path::new("/usr/bin/rustc");
    let Some(found) = inspect(rustc).filter(|found| found.has_source) else {
        return Ok(None);
    };
    // Tools take cargo from PATH, where rustup's may stand first: a folder of links goes before it.
    let bin = paths::state().join("distribution-rust");
    fs::create_dir_all(&bin).context(format!("make {}", bin.display()))?;
    for name in ["cargo", "rustc", "rustdoc"] {
        let original = Path::new("/usr/bin").join(name);
        if !original.is_file() {
            return Ok(None);
        }
        link(&original, &bin.join(name))?;
    }
    Ok(Some(WasmRust {
        bin: Some(bin),
        version: found.version,
        has_target: found.has_target,
    }))
}

fn install_distribution_rust() -> Result {
    // Debian's stable releases carry a recent Rust for building browsers under these names.
    if packages::apt_knows("rustc-web") {
        packages::apt_install(
            &["rustc-web", "cargo-web", "rust-web-src"],
            "Rust for wasm32",
        )
        .map_err(|_| no_rust())?;
    } else if packages::apt_knows("rust-src") {
        packages::apt_install(&["rustc", "cargo", "rust-src"], "Rust for wasm32")
            .map_err(|_| no_rust())?;
    } else {
        return Err(no_rust());
    }
    // The linker for wasm of the same LLVM.
    let llvm = capture(Command::new("/usr/bin/rustc").arg("-vV")).and_then(|text| {
        let version = text
            .lines()
            .find_map(|l| l.strip_prefix("LLVM version: "))?;
        Some(version.split('.').next()?.to_owned())
    });
    match llvm.map(|major| format!("lld-{major}")) {
        Some(lld) if packages::apt_knows(&lld) => {
            packages::apt_install(&[&lld], "the linker for wasm32")
        }
        _ => packages::apt_install(&["lld"], "the linker for wasm32"),
    }
}

fn no_rust() -> Failure {
    Failure::new(format!(
        "No Rust for {TARGET}: the compiled standard library or its source is missing"
    ))
    .fix(format!(
        "`rustup target add {TARGET} && rustup component add rust-src`; \
         where rustup cannot reach its servers, on Debian: \
         `sudo apt-get install rustc-web cargo-web rust-web-src lld-22` \
         (lld of the LLVM that `/usr/bin/rustc -vV` names)"
    ))
}

struct Found {
    version: String,
    has_target: bool,
    has_source: bool,
}

fn inspect(rustc: &Path) -> Option<Found> {
    let version = capture(Command::new(rustc).arg("--version"))?;
    if !is_new_enough(&version) {
        return None;
    }
    let sysroot = PathBuf::from(capture(Command::new(rustc).args(["--print", "sysroot"]))?);
    let rustlib = sysroot.join("lib/rustlib");
    let has_target = fs::read_dir(rustlib.join(TARGET).join("lib")).is_ok_and(|mut files| {
        files.any(|f| f.is_ok_and(|f| f.file_name().to_string_lossy().starts_with("libstd-")))
    });
    let has_source = rustlib.join("src/rust/library/std/Cargo.toml").is_file();
    Some(Found {
        version,
        has_target,
        has_source,
    })
}

fn is_new_enough(version: &str) -> bool {
    let number = version.split_whitespace().nth(1).unwrap_or_default();
    versions::at_least(number, versions::RUST)
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> Result {
    if fs::read_link(link).is_ok_and(|old| old == original) {
        return Ok(());
    }
    let _ = fs::remove_file(link);
    std::os::unix::fs::symlink(original, link).context(format!("link {}", link.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, link: &Path) -> Result {
    Err(Failure::new(format!("Could not link {}", link.display())))
}

/// rustfmt and clippy, which a minimal rustup leaves out.
pub fn lint_components() -> Result {
    let works = |name: &str| capture(Command::new("cargo").args([name, "--version"])).is_some();
    if works("fmt") && works("clippy") {
        return Ok(());
    }
    eprintln!("Getting rustfmt and clippy with rustup");
    run(Command::new("rustup").args(["component", "add", "rustfmt", "clippy"])).map_err(|_| {
        Failure::new("rustfmt or clippy is missing")
            .fix("rustup component add rustfmt clippy (or your distribution's packages)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_compilers_are_not_taken() {
        assert!(is_new_enough("rustc 1.85.0 (abc 2025-02-17)"));
        assert!(is_new_enough("rustc 2.0.0"));
        assert!(is_new_enough("rustc 1.96.0-nightly (abc 2026-05-25)"));
        assert!(!is_new_enough("rustc 1.63.0"));
        assert!(!is_new_enough("garbage"));
    }
}
