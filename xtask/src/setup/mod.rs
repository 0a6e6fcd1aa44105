//! Set-up: finding each tool, and getting what is missing where that can be done unasked.

pub mod browser;
pub mod cargo_tools;
pub mod node;
pub mod packages;
pub mod rust;
pub mod smollm2;

use crate::failure::Result;
use std::path::PathBuf;

/// Everything that `build` and `serve` need, but for the larger model that the site offers.
pub fn for_build() -> Result<BuildTools> {
    node::check()?;
    let rust = rust::find()?;
    let wasm_bindgen = cargo_tools::wasm_bindgen()?;
    node::install()?;
    Ok(BuildTools {
        rust,
        wasm_bindgen,
        smollm2: None,
    })
}

/// Leaves the larger model out.
pub const WITHOUT_SMOLLM2: &str = "--without-smollm2";

/// The same and, if `smollm2` is wanted, that model, where it can be had: without it the site offers the hub's.
pub fn for_site(smollm2: bool) -> Result<BuildTools> {
    let mut tools = for_build()?;
    if !smollm2 {
        return Ok(tools);
    }
    match smollm2::fetch() {
        Ok(file) => tools.smollm2 = Some(file),
        Err(failure) => eprintln!("The site is built without SmolLM2: {failure}"),
    }
    Ok(tools)
}

/// Everything that `lint` needs.
pub fn for_lint() -> Result<BuildTools> {
    let tools = for_build()?;
    rust::lint_components()?;
    Ok(tools)
}

/// Everything that `test` needs besides.
pub fn for_test() -> Result<(BuildTools, TestTools)> {
    // Tests with SmolLM2 say that they are skipped where it is not there.
    let tools = for_site(true)?;
    let browser = browser::find()?;
    let firefox = browser::firefox();
    rust::lint_components()?;
    Ok((tools, TestTools { browser, firefox }))
}

/// The tools that make the wasm.
pub struct BuildTools {
    /// A Rust that compiles for wasm32.
    pub rust: rust::WasmRust,
    /// The commands of `wasm-bindgen`.
    pub wasm_bindgen: cargo_tools::WasmBindgen,
    /// SmolLM2's weights, if they are to lie beside the site.
    pub smollm2: Option<PathBuf>,
}

/// The tools that only tests use.
pub struct TestTools {
    /// Chromium and its driver.
    pub browser: browser::Browser,
    /// Firefox, where there is one.
    pub firefox: Option<PathBuf>,
}
