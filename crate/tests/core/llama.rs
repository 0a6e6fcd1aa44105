//! Llama against PyTorch: grouped queries, angles of all kinds, every way the weights may come.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloze::models::Decoder;
use cloze::weights::DType;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::gpt2::{assert_noise, assert_parity};
use super::support::*;

fn llama(case: &Case, dtype: DType) -> Arc<dyn Decoder> {
    case.model(dtype).into_decoder().expect("a Llama")
}

#[wasm_bindgen_test(unsupported = test)]
fn grouped_queries_and_a_tied_head() {
    let case = Case::new(fixture!("llama/tiny.json"));
    assert_parity("tiny", &case, &llama(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn odd_sizes_wide_heads_and_a_head_of_its_own() {
    let case = Case::new(fixture!("llama/odd.json"));
    assert_parity("odd", &case, &llama(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn shape_of_smollm2() {
    let case = Case::new(fixture!("llama/smollm2.json"));
    assert_parity("smollm2", &case, &llama(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn scaled_angles() {
    for text in [fixture!("llama/llama3.json"), fixture!("llama/linear.json")] {
        let case = Case::new(text);
        assert_parity("scaled angles", &case, &llama(&case, DType::F32));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn configs_as_transformers_5_writes_them() {
    let case = Case::new(fixture!("llama/llama3.json"));
    let mut rope = case.json["config"]["rope_scaling"].clone();
    rope["rope_theta"] = case.json["config"]["rope_theta"].clone();
    let config = case.config_with(&[
        ("rope_theta", Value::Null),
        ("rope_scaling", Value::Null),
        ("rope_parameters", rope),
        ("model_type", Value::Null),
    ]);
    let model = load(&config, &case.safetensors(FileDType::F32), 999, DType::F32)
        .and_then(|model| model.into_decoder())
        .expect("a config of transformers 5");
    assert_parity("rope_parameters", &case, &model);
}

#[wasm_bindgen_test(unsupported = test)]
fn nulls_as_transformers_writes_them() {
    let case = Case::new(fixture!("llama/odd.json"));
    let config = String::from_utf8(case.config_with(&[
        ("attention_bias", json!("null")),
        ("mlp_bias", json!("null")),
        ("eos_token_id", json!("null")),
        ("pad_token_id", json!("null")),
        ("rope_scaling", json!("null")),
        ("tie_word_embeddings", json!("null")),
    ]))
    .expect("UTF-8")
    .replace("\"null\"", "null");
    let file = case.safetensors(FileDType::F32);
    let model = load(config.as_bytes(), &file, 999, DType::F32)
        .and_then(|model| model.into_decoder())
        .expect("nulls");
    assert_parity("nulls", &case, &model);
    for id in [json!(-1), json!("2"), json!([2, -1]), json!(1u64 << 32)] {
        let config = case.config_with(&[("eos_token_id", id)]);
        let error = load(&config, &file, 999, DType::F32)
            .err()
            .expect("no token");
        assert!(
            error.code() == "invalid_config" && error.to_string().contains("eos_token_id"),
            "{error}"
        );
    }
}

/// transformers that read an older file and save it again write the kind under both names.
#[wasm_bindgen_test(unsupported = test)]
fn scaling_named_twice() {
    let case = Case::new(fixture!("llama/linear.json"));
    let factor = &case.json["config"]["rope_scaling"]["factor"];
    for scaling in [
        json!({"type": "linear", "rope_type": "linear", "factor": factor}),
        json!({"type": "linear", "factor": factor}),
        json!({"type": "dynamic", "rope_type": "linear", "factor": factor}),
    ] {
        let config = case.config_with(&[("rope_scaling", scaling)]);
        let model = load(&config, &case.safetensors(FileDType::F32), 999, DType::F32)
            .and_then(|model| model.into_decoder())
            .expect("both names");
        assert_parity("scaling named twice", &case, &model);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_run_is_refused() {
    let case = Case::new(fixture!("llama/tiny.json"));
    let file = case.safetensors(FileDType::F32);
    for (expected, key, value) in [
        (
            "unsupported",
            "rope_scaling",
            json!({"rope_type": "yarn", "factor": 4.0}),
        ),
        (
            "unsupported",
            "rope_scaling",
            json!({"type": "dynamic", "factor": 4.0}),
        ),
        (
            "unsupported",
            "rope_parameters",
            json!({"partial_rotary_factor": 0.5}),
        ),
        (
            "invalid_config",
            "rope_scaling",
            json!({"rope_type": "linear"}),
        ),
        (
            "invalid_config",
            "rope_scaling",
            json!({"rope_type": "linear", "factor": -1.0}),
        ),
        ("invalid_config", "rope_theta", json!(0.0)),
        ("unsupported", "hidden_act", json!("gelu")),
        ("unsupported", "attention_bias", json!(true)),
        ("invalid_config", "num_key_value_heads", json!(3)),
        ("invalid_config", "num_key_value_heads", json!(0)),
        ("invalid_config", "num_attention_heads", json!(0)),
        ("invalid_config", "head_dim", json!(7)),
        ("invalid_config", "head_dim", json!(1u64 << 40)),
        ("shape_mismatch", "num_key_value_heads", json!(1)),
        ("shape_mismatch", "head_dim", json!(16)),
        ("missing_tensor", "tie_word_embeddings", json!(false)),
    ] {
        let found = load(
            &case.config_with(&[(key, value.clone())]),
            &file,
            1 << 16,
            DType::F32,
        );
        assert_eq!(code(found), expected, "{key}: {value}");
    }
}

/// The rows of queries or keys in llama.cpp's order: its converter's `permute`, which puts the two values that are
/// rotated together beside each other.
fn permuted(tensor: &NamedTensor, heads: usize) -> NamedTensor {
    let (rows, cols) = (tensor.shape[0], tensor.shape[1]);
    let (dim, half) = (rows / heads, rows / heads / 2);
    let source = |row: usize| {
        let (head, at) = (row / dim, row % dim);
        head * dim + at % 2 * half + at / 2
    };
    let values = (0..rows)
        .flat_map(|row| tensor.values[source(row) * cols..][..cols].to_vec())
        .collect();
    NamedTensor {
        name: tensor.name.clone(),
        shape: tensor.shape.clone(),
        values,
    }
}

fn gguf_file(case: &Case, dtype: FileDType) -> Vec<u8> {
    gguf_file_with(case, dtype, vec![], vec![])
}

/// The same with more in it.
pub fn gguf_file_with(
    case: &Case,
    dtype: FileDType,
    pairs: Vec<(&str, Pair)>,
    more: Vec<NamedTensor>,
) -> Vec<u8> {
    let (heads, kv_heads) = (
        case.size("num_attention_heads"),
        case.size("num_key_value_heads"),
    );
    let names = [
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.o_proj", "attn_output"),
        ("input_layernorm", "attn_norm"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
        ("model.layers.", "blk."),
        ("model.embed_tokens", "token_embd"),
        ("model.norm", "output_norm"),
        ("lm_head", "output"),
    ];
    let mut tensors: Vec<_> = case
        .tensors
        .iter()
        .map(|tensor| {
            let mut tensor = match &tensor.name {
                name if name.contains("q_proj") => permuted(tensor, heads),
                name if name.contains("k_proj") => permuted(tensor, kv_heads),
                _ => tensor.clone(),
            };
            for (theirs, gguf) in names {
                tensor.name = tensor.name.replace(theirs, gguf);
            }
            let dtype = gguf_dtype(&tensor, dtype);
            (tensor, dtype)
        })
        .collect();
    let number = |key: &str| Pair::U32(case.size(key) as u32);
    let float = |key: &str| Pair::F32(case.json["config"][key].as_f64().expect("a number") as f32);
    tensors.extend(more.into_iter().map(|tensor| (tensor, FileDType::F32)));
    let mut metadata = BTreeMap::from([
        ("general.architecture".into(), Pair::Text("llama".into())),
        ("llama.vocab_size".into(), number("vocab_size")),
        (
            "llama.context_length".into(),
            number("max_position_embeddings"),
        ),
        ("llama.embedding_length".into(), number("hidden_size")),
        (
            "llama.feed_forward_length".into(),
            number("intermediate_size"),
        ),
        ("llama.block_count".into(), number("num_hidden_layers")),
        (
            "llama.attention.head_count".into(),
            number("num_attention_heads"),
        ),
        (
            "llama.attention.head_count_kv".into(),
            number("num_key_value_heads"),
        ),
        (
            "llama.attention.layer_norm_rms_epsilon".into(),
            float("rms_norm_eps"),
        ),
        ("llama.rope.freq_base".into(), float("rope_theta")),
    ]);
    metadata.extend(pairs.into_iter().map(|(key, pair)| (key.to_string(), pair)));
    gguf(&metadata, &tensors)
}

fn from_gguf(config: Option<&[u8]>, file: &[u8]) -> Arc<dyn Decoder> {
    load_with(config, file, 1234, DType::F32)
        .and_then(|model| model.into_decoder())
        .expect("GGUF loads")
}

/// Whatever the config beside it says: the file says all.
#[wasm_bindgen_test(unsupported = test)]
fn gguf_with_and_without_config() {
    let case = Case::new(fixture!("llama/tiny.json"));
    let file = gguf_file(&case, FileDType::F32);
    let other = case.config_with(&[("model_type", json!("mistral"))]);
    let wrong = case.config_with(&[
        ("hidden_size", json!(8)),
        (
            "rope_scaling",
            json!({"rope_type": "linear", "factor": 2.0}),
        ),
    ]);
    for config in [
        None,
        Some(case.config()),
        Some(br#"{"model_type": "llama"}"#.to_vec()),
        Some(other),
        Some(wrong),
        Some(Case::new(fixture!("bert/tiny.json")).config()),
        Some(b"no JSON".to_vec()),
    ] {
        assert_parity(
            "tiny from GGUF",
            &case,
            &from_gguf(config.as_deref(), &file),
        );
    }
}

/// What llama.cpp's converter writes as `rope_freqs.weight` of Llama 3 (`generate_extra_tensors`).
fn rope_divisors(case: &Case) -> NamedTensor {
    let config = &case.json["config"];
    let dim = config["head_dim"].as_u64().map_or_else(
        || case.size("hidden_size") / case.size("num_attention_heads"),
        |dim| dim as usize,
    );
    let number = |key: &str| config["rope_scaling"][key].as_f64().expect("a number");
    let theta = config["rope_theta"].as_f64().expect("a number");
    let (factor, low, high) = (
        number("factor"),
        number("low_freq_factor"),
        number("high_freq_factor"),
    );
    let context = number("original_max_position_embeddings");
    let values = (0..dim / 2).map(|i| {
        let wavelength = std::f64::consts::TAU * theta.powf(2.0 * i as f64 / dim as f64);
        let divisor = if wavelength < context / high {
            1.0
        } else if wavelength > context / low {
            factor
        } else {
            let smooth = (context / wavelength - low) / (high - low);
            1.0 / ((1.0 - smooth) / factor + smooth)
        };
        divisor as f32
    });
    NamedTensor {
        name: "rope_freqs.weight".into(),
        shape: vec![dim / 2],
        values: values.collect(),
    }
}

/// Its config.json names the scaling that the file has as a tensor: it counts once.
#[wasm_bindgen_test(unsupported = test)]
fn gguf_of_llama_3_with_and_without_config() {
    let case = Case::new(fixture!("llama/llama3.json"));
    let divisors = rope_divisors(&case);
    assert!(divisors.values.iter().any(|&divisor| divisor > 1.0));
    let file = gguf_file_with(&case, FileDType::F32, vec![], vec![divisors.clone()]);
    for config in [None, Some(case.config())] {
        assert_parity(
            "llama3 from GGUF",
            &case,
            &from_gguf(config.as_deref(), &file),
        );
    }
    for value in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let mut spoiled = divisors.clone();
        spoiled.values[1] = value;
        let file = gguf_file_with(&case, FileDType::F32, vec![], vec![spoiled]);
        let found = load_with(None, &file, 1234, DType::F32);
        assert_eq!(code(found), "invalid_weights", "{value}");
    }
}

/// As llama.cpp reads it: the kind need not be named, and the factor has an older name.
#[wasm_bindgen_test(unsupported = test)]
fn gguf_of_angles_all_divided() {
    let case = Case::new(fixture!("llama/linear.json"));
    let factor = case.json["config"]["rope_scaling"]["factor"].as_f64();
    let factor = || Pair::F32(factor.expect("a factor") as f32);
    let kind = |kind: &str| ("llama.rope.scaling.type", Pair::Text(kind.into()));
    for pairs in [
        vec![kind("linear"), ("llama.rope.scaling.factor", factor())],
        vec![("llama.rope.scaling.factor", factor())],
        vec![("llama.rope.scale_linear", factor())],
    ] {
        let file = gguf_file_with(&case, FileDType::F32, pairs, vec![]);
        assert_parity("linear from GGUF", &case, &from_gguf(None, &file));
    }
    let case = Case::new(fixture!("llama/tiny.json"));
    for pairs in [
        vec![kind("none"), ("llama.rope.scaling.factor", factor())],
        vec![kind("linear")],
        vec![("llama.rope.scale_linear", Pair::F32(0.0))],
    ] {
        let file = gguf_file_with(&case, FileDType::F32, pairs, vec![]);
        assert_parity("no scaling from GGUF", &case, &from_gguf(None, &file));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn gguf_of_what_is_not_read_is_refused() {
    let case = Case::new(fixture!("llama/tiny.json"));
    let more = |name: &str| {
        vec![NamedTensor {
            name: name.into(),
            shape: vec![32],
            values: vec![0.5; 32],
        }]
    };
    for (expected, pairs, more) in [
        ("no error", vec![], more("blk.0.attn_rot_embd.weight")),
        ("no error", vec![], more("note.bias")),
        ("unsupported", vec![], more("blk.0.attn_q.bias")),
        ("unsupported", vec![], more("blk.1.ffn_down.bias")),
        ("unsupported", vec![], more("blk.0.attn_q_norm.weight")),
        ("unsupported", vec![], more("blk.0.ffn_gate_exps.weight")),
        (
            "unsupported",
            vec![("llama.expert_count", Pair::U32(8))],
            vec![],
        ),
        (
            "no error",
            vec![("llama.expert_count", Pair::U32(0))],
            vec![],
        ),
        (
            "unsupported",
            vec![("llama.attention.sliding_window", Pair::U32(3))],
            vec![],
        ),
        (
            "no error",
            vec![("llama.attention.sliding_window", Pair::U32(1 << 20))],
            vec![],
        ),
        (
            "invalid_config",
            vec![("llama.rope.scaling.factor", Pair::F32(-2.0))],
            vec![],
        ),
    ] {
        let file = gguf_file_with(&case, FileDType::F32, pairs, more);
        let found = load_with(None, &file, 1234, DType::F32);
        assert_eq!(code(found), expected);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_config_beside_a_gguf_file_hides_nothing_that_is_not_run() {
    let case = Case::new(fixture!("llama/tiny.json"));
    for (key, expected) in [
        ("llama.rope.dimension_count", "unsupported"),
        ("llama.attention.value_length", "unsupported"),
        ("llama.expert_count", "unsupported"),
        ("note", "no error"),
    ] {
        // The file lacks what it must say, so that the config counts.
        let pairs = vec![
            (key, Pair::U32(2)),
            ("llama.context_length", Pair::Text("none".into())),
        ];
        let file = gguf_file_with(&case, FileDType::F32, pairs, vec![]);
        let found = load_with(Some(&case.config()), &file, 1234, DType::F32);
        assert_eq!(code(found), expected, "{key}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn quantised_logits_stay_near() {
    // Only the small one: the wide one's random SwiGLU has a few values far above the others, which 8-bit activations
    // cannot follow. What trained weights lose is measured in `smollm2`.
    let case = Case::new(fixture!("llama/tiny.json"));
    for dtype in [DType::Q8, DType::Q4] {
        assert_noise("llama tiny", &case, &llama(&case, dtype), dtype);
    }
    for (file, asked, kept) in [
        (FileDType::Q8_0, DType::Q8, DType::Q8),
        (FileDType::Q4_0, DType::Q8, DType::Q4),
        // In the file's own steps of four bits, and then ours of seven.
        (FileDType::Q4_1, DType::Q8, DType::Q8),
    ] {
        let model = load_with(None, &gguf_file(&case, file), 100, asked)
            .and_then(|model| model.into_decoder())
            .expect("GGUF loads");
        assert_eq!(model.info().dtype, kept);
        let held_to = if file == FileDType::Q8_0 {
            DType::Q8
        } else {
            DType::Q4
        };
        assert_noise("llama from GGUF", &case, &model, held_to);
    }
}
