//! Where things lie.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    // Set at compile time: xtask is always run from the checkout it was compiled in.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace")
        .to_path_buf()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// What xtask remembers between runs.
pub fn state() -> PathBuf {
    target().join("xtask")
}

/// Tools installed for this project only.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// The built npm package.
pub fn pkg_dist() -> PathBuf {
    root().join("pkg/dist")
}

/// The built site.
pub fn web_dist() -> PathBuf {
    root().join("web/dist")
}

/// The first executable file called one of `names` in the folders of PATH.
pub fn find_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .map(with_exe)
        .find(|file| file.is_file())
}

/// `file`, with `.exe` where the system wants it.
pub fn with_exe(file: PathBuf) -> PathBuf {
    if env::consts::EXE_SUFFIX.is_empty() || file.is_file() {
        return file;
    }
    file.with_extension(env::consts::EXE_EXTENSION)
}
