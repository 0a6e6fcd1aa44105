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
    let wasm_bindgen = cargo_tools::wasm_bindgen()?;
    node::install()?;
    Ok(BuildTools { rust, wasm_bindgen })
}

/// Everything that `lint` needs.
pub fn for_lint() -> Result<BuildTools> {
    let tools = for_build()?;
    rust::lint_components()?;
    Ok(tools)
}

/// Everything that `test` needs besides.
pub fn for_test() -> Result<(BuildTools, TestTools)> {
    node::check()?;
    let rust = rust::find()?;
    let wasm_bindgen = cargo_tools::wasm_bindgen()?;
    node::install()?;
    let browser = browser::find()?;
    rust::lint_components()?;
    // Its tests say that they are skipped where it is not there.
    if let Err(failure) = smollm2::fetch() {
        eprintln!("No tests with SmolLM2's real weights: {failure}");
    }
    Ok((BuildTools { rust, wasm_bindgen }, TestTools { browser }))
}

/// The tools that make the wasm.
pub struct BuildTools {
    /// A Rust that compiles for wasm32.
    pub rust: rust::WasmRust,
    /// The commands of `wasm-bindgen`.
    pub wasm_bindgen: cargo_tools::WasmBindgen,
}

/// The tools that only tests use.
pub struct TestTools {
    /// Chromium and its driver.
    pub browser: browser::Browser,
}
