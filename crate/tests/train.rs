//! Training against PyTorch, against inference, and against itself after a break (feature `train`).

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[allow(dead_code, unused_imports, unused_macros)]
#[path = "core/support.rs"]
mod support;

mod train {
    mod chat;
    #[cfg(not(target_arch = "wasm32"))]
    mod files;
    mod gradients;
    mod operations;
    mod runs;
    mod showing;
    mod tagger;
    mod tuning;
    #[cfg(not(target_arch = "wasm32"))]
    mod tuning_authors;
    mod tuning_runs;
    mod twins;
}
