//! The surface that JavaScript sees. It translates: text offsets to UTF-16, options and results to plain objects with
//! `snake_case` fields, errors to `Error` objects with a `code` and `details`.
//!
//! `results`, `inspected`, `lens_results`, `options`, `mask_options`, `head_options`, `bulk` and `errors` describe once what crosses; `types` writes their TypeScript. They are plain Rust and
//! are compiled for native tests as well; all the rest exists in wasm alone.

// Natively only the tests of this module use what is in it.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

mod bulk;
mod convert;
#[macro_use]
mod errors;
mod head_options;
mod inspected;
mod lens_results;
mod mask_options;
mod options;
mod results;
#[cfg(feature = "train")]
mod train;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod types;

#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(target_arch = "wasm32")]
mod inspect;
#[cfg(target_arch = "wasm32")]
mod js;
#[cfg(target_arch = "wasm32")]
mod lens;
#[cfg(target_arch = "wasm32")]
mod loader;
#[cfg(target_arch = "wasm32")]
mod memory;
#[cfg(target_arch = "wasm32")]
mod model;
#[cfg(target_arch = "wasm32")]
mod steps;
#[cfg(target_arch = "wasm32")]
mod text_tokenizer;
#[cfg(all(target_arch = "wasm32", feature = "threads"))]
mod threads;
