//! What crosses a border, to JavaScript or to a file: results, options and errors as data. Offsets are UTF-16 units here,
//! and fields have `snake_case` names.
//!
//! `results`, `inspected`, `lens_results`, `options`, `mask_options`, `head_options`, `bulk` and `errors` describe once what
//! crosses; `convert` makes it of what the tasks give, and `types` writes its TypeScript. `wasm` hands it to JavaScript,
//! `cli` prints it.

// Each of the two uses a part.
#![cfg_attr(not(all(target_arch = "wasm32", feature = "wasm")), allow(dead_code))]

pub(crate) mod bulk;
pub(crate) mod convert;
#[macro_use]
pub(crate) mod errors;
pub(crate) mod head_options;
pub(crate) mod inspected;
pub(crate) mod lens_results;
pub(crate) mod mask_options;
pub(crate) mod options;
pub(crate) mod results;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) mod types;
