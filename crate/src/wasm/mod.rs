//! The surface that JavaScript sees (feature `wasm`). It translates: options from plain objects, results to plain objects
//! with `snake_case` fields, errors to `Error` objects with a `code` and `details`.
//!
//! What crosses is described in `border`, and for training in `train`, which is plain Rust and compiled for native tests as
//! well; all the rest exists in wasm alone.

// Natively only the tests of this module use what is in it.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

#[cfg(feature = "train")]
mod train;

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
