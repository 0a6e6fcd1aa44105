//! The surface that JavaScript sees. It translates: text offsets to UTF-16, options and results to
//! plain objects with `snake_case` fields, errors to `Error` objects with a `code`.

mod convert;
mod error;
mod loader;
mod memory;
mod model;
mod steps;
#[cfg(feature = "threads")]
mod threads;

use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Runs once per instance: a panic would otherwise end in a bare "unreachable".
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into())
    }));
}

/// Which build this is.
#[derive(Serialize)]
struct BuildInfo {
    version: &'static str,
    simd: &'static str,
    threads: bool,
}

/// `{version, simd: 'simd128' | 'relaxed-simd' | 'none', threads}`
#[wasm_bindgen]
pub fn build_info() -> Result<JsValue, JsValue> {
    let simd = if cfg!(target_feature = "relaxed-simd") {
        "relaxed-simd"
    } else if cfg!(target_feature = "simd128") {
        "simd128"
    } else {
        "none"
    };
    let threads = cfg!(feature = "threads");
    convert::to_js(&BuildInfo {
        version: env!("CARGO_PKG_VERSION"),
        simd,
        threads,
    })
}
