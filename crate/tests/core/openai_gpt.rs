//! GPT-1 against PyTorch.

use std::sync::Arc;

use cloze::models::Decoder;
use cloze::weights::DType;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::gpt2::{assert_noise, assert_parity};
use super::support::*;

fn gpt(case: &Case, dtype: DType) -> Arc<dyn Decoder> {
    case.model(dtype).into_decoder().expect("a GPT")
}

#[wasm_bindgen_test(unsupported = test)]
fn agrees_with_pytorch() {
    for text in [
        fixture!("openai-gpt/tiny.json"),
        fixture!("openai-gpt/odd.json"),
    ] {
        let case = Case::new(text);
        let model = gpt(&case, DType::F32);
        let info = model.info();
        assert_eq!(info.model_type, "openai-gpt");
        assert_eq!(info.max_position_embeddings, case.size("n_positions"));
        assert_parity("openai-gpt", &case, &model);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn names_without_prefix_and_buffers() {
    // The files on the hub: no "transformer.", and the causal mask as a tensor.
    let mut case = Case::new(fixture!("openai-gpt/tiny.json"))
        .renamed(|name| name.replace("transformer.", ""));
    let positions = case.size("n_positions");
    for layer in 0..case.size("n_layer") {
        case.tensors.push(NamedTensor {
            name: format!("h.{layer}.attn.bias"),
            shape: vec![1, 1, positions, positions],
            values: vec![1.0; positions * positions],
        });
    }
    let mut head = case.tensor_mut("tokens_embed.weight").clone();
    head.name = "lm_head.weight".into();
    case.tensors.push(head);
    assert_parity("openai-gpt without prefix", &case, &gpt(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn quantised_logits_stay_near() {
    let case = Case::new(fixture!("openai-gpt/tiny.json"));
    for dtype in [DType::Q8, DType::Q4] {
        assert_noise("openai-gpt", &case, &gpt(&case, dtype), dtype);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn wrong_inputs_are_refused_and_forgotten() {
    let case = Case::new(fixture!("openai-gpt/tiny.json"));
    let model = gpt(&case, DType::F32);
    let mut cache = model.new_cache().expect("a cache");
    assert_eq!(code(model.hidden_states(&[], &mut cache)), "empty_input");
    assert_eq!(
        code(model.hidden_states(&[1; 49], &mut cache)),
        "input_too_long"
    );
    assert_ne!(code(model.hidden_states(&[1, 96], &mut cache)), "no error");
    assert_eq!(cache.len(), 0, "a refused input leaves the cache as it was");
    assert_parity("openai-gpt, after errors", &case, &model);
    assert_eq!(
        code(case.model(DType::F32).into_encoder()),
        "wrong_architecture"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn configs_of_the_hub() {
    // Both names of the context, no model_type, and the settings that Cloze does not need.
    let case = Case::new(fixture!("openai-gpt/tiny.json"));
    let config = case.config_with(&[
        ("model_type", json!(null)),
        ("n_ctx", json!(48)),
        ("n_special", json!(0)),
        ("predict_special_tokens", json!(true)),
        ("summary_type", json!("cls_index")),
    ]);
    let model = load(&config, &case.safetensors(FileDType::F32), 4096, DType::F32)
        .expect("its class says what it is");
    assert_eq!(model.info().model_type, "openai-gpt");
    let silu = case.config_with(&[("afn", json!("silu"))]);
    let file = case.safetensors(FileDType::F32);
    assert_eq!(code(load(&silu, &file, 4096, DType::F32)), "invalid_config");
}
