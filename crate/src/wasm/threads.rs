//! Helpers of the thread pool on web workers.
//!
//! wasm cannot start threads by itself: JavaScript starts the workers (`pkg/src/thread.ts`, from a file,
//! because blob workers would break a strict Content-Security-Policy), each of which instantiates this
//! module on the same memory and calls [`start_thread`].

use wasm_bindgen::prelude::*;

use crate::nn::pool;

/// Makes the calling worker a helper of the pool; never returns.
#[wasm_bindgen(js_name = startThread)]
pub fn start_thread() {
    pool::help()
}
