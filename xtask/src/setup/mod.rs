//! Set-up: finding each tool, and getting what is missing where that can be done unasked.

pub mod browser;
pub mod cargo_tools;
pub mod node;
pub mod packages;
pub mod rust;
pub mod smollm2;

use crate::failure::Result;

/// Everything that `build` and `serve` need.
pub fn for_build() -> Result<BuildTools> {
    node::check()?;
    let rust = rust::find()?;
    let [wasm_bindgen] = cargo_tools::find([cargo_tools::wasm_bindgen()?])?;
    node::install()?;
    Ok(BuildTools { rust, wasm_bindgen })
}

/// Everything that `test` needs besides.
pub fn for_test() -> Result<(BuildTools, TestTools)> {
    node::check()?;
    let rust = rust::find()?;
    // Together, so that their common dependencies are compiled once.
    let [wasm_bindgen, wasm_pack] =
        cargo_tools::find([cargo_tools::wasm_bindgen()?, cargo_tools::wasm_pack()])?;
    node::install()?;
    let browser = browser::find()?;
    rust::lint_components()?;
    // Its tests say that they are skipped where it is not there.
    if let Err(failure) = smollm2::fetch() {
        eprintln!("No tests with SmolLM2's real weights: {failure}");
    }
    Ok((
        BuildTools { rust, wasm_bindgen },
        TestTools { wasm_pack, browser },
    ))
}

/// The tools that make the wasm.
pub struct BuildTools {
    /// A Rust that compiles for wasm32.
    pub rust: rust::WasmRust,
    /// The `wasm-bindgen` command.
    pub wasm_bindgen: std::path::PathBuf,
}

/// The tools that only tests use.
pub struct TestTools {
    /// The `wasm-pack` command.
    pub wasm_pack: std::path::PathBuf,
    /// Chromium and its driver.
    pub browser: browser::Browser,
}
