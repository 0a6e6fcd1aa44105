//! The core against PyTorch, `transformers` and `tokenizers`, and against broken input.
//!
//! One binary of tests that run natively (`cargo test -p cloze`) and, the same ones, in a browser's
//! worker (`cargo xtask test`). Expected values come from
//! `tests/parity/make_fixtures.py`, never from this crate, except where a test says so.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

mod core {
    mod support;

    mod beams;
    mod bert;
    mod chat;
    mod chat_templates;
    mod chinese;
    mod continuation;
    mod encoders;
    #[cfg(not(target_arch = "wasm32"))]
    mod examples;
    mod generation;
    mod generation_config;
    mod gguf_tokenizer;
    mod gpt2;
    mod heads;
    mod hostile_config;
    mod hostile_tokenizer;
    mod hostile_weights;
    mod inspect;
    mod kernels;
    mod lens;
    mod limits;
    mod llama;
    #[cfg(not(target_arch = "wasm32"))]
    mod minilm;
    mod next_sentence;
    mod openai_gpt;
    mod out_of_memory;
    mod rows;
    mod sampling;
    mod shards;
    #[cfg(not(target_arch = "wasm32"))]
    mod smollm2;
    mod stopping;
    mod summary;
    mod tasks_bert;
    mod tasks_heads;
    mod tasks_kin;
    mod text_stream;
    mod ties;
    mod tokenization;
    mod tokenization_steps;
    mod tokenizer_files;
    mod torch;
}
