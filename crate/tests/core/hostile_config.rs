//! Configs that are wrong, absurd or meant to harm: a typed error, never a panic.

use cloze::models::roberta::RobertaConfig;
use cloze::models::Config;
use cloze::weights::DType;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

fn config_code(bytes: &[u8]) -> &'static str {
    code(Config::from_json(bytes))
}

#[wasm_bindgen_test(unsupported = test)]
fn garbage_is_refused() {
    let nested = "[".repeat(100_000);
    let nested_object = format!(
        "{{\"model_type\": \"bert\", \"x\": {}",
        "{\"a\":".repeat(100_000)
    );
    let garbage: [&[u8]; 12] = [
        b"",
        b" ",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"42",
        b"\"bert\"",
        b"<!doctype html>",
        b"\xff\xfe",
        nested.as_bytes(),
        nested_object.as_bytes(),
    ];
    for bytes in garbage {
        assert_eq!(
            config_code(bytes),
            "invalid_config",
            "{:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(30)])
        );
    }
}

/// What is wrong is said when the weights' header has come.
#[wasm_bindgen_test(unsupported = test)]
fn a_loader_says_what_is_wrong() {
    let file = Case::new(fixture!("bert/tiny.json")).safetensors(FileDType::F32);
    for (config, expected) in [
        ("{", "invalid_config"),
        (r#"{"model_type": "t5"}"#, "unsupported"),
    ] {
        assert_eq!(
            code(load(config.as_bytes(), &file, 999, DType::Q8)),
            expected
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_malformed_has_its_source() {
    for config in ["{", r#"{"model_type": "bert", "vocab_size": "many"}"#] {
        let error = Config::from_json(config.as_bytes()).expect_err("malformed");
        assert_eq!(error.code(), "invalid_config");
        let source = std::error::Error::source(&error).expect("serde's error");
        assert!(error.to_string().contains(&source.to_string()), "{error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn other_architectures_are_named() {
    for model_type in ["roberta", "t5", "gpt_neo", "BERT", ""] {
        let config = json!({"model_type": model_type, "hidden_size": 32}).to_string();
        assert!(
            ["unsupported", "invalid_config"].contains(&config_code(config.as_bytes())),
            "{model_type}"
        );
    }
    let error = Config::from_json(br#"{"model_type": "t5"}"#).expect_err("no T5");
    let runs = [
        "t5",
        "bert",
        "distilbert",
        "roberta",
        "albert",
        "gpt2",
        "openai-gpt",
    ];
    assert!(
        error.code() == "unsupported" && runs.iter().all(|name| error.to_string().contains(name)),
        "{error}"
    );
}

/// Sizes and settings that can be no model.
fn absurd(size: &str) -> Vec<(&str, Value)> {
    let values = [
        json!(0),
        json!(-1),
        json!(1.5),
        json!("32"),
        json!([32]),
        json!(u64::MAX),
        json!(1u64 << 62),
        json!(1u64 << 40),
        json!(i64::MIN),
        json!(1e300),
        json!(true),
        json!({}),
    ];
    values.into_iter().map(|value| (size, value)).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn absurd_bert_sizes() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let sizes = [
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "max_position_embeddings",
        "type_vocab_size",
    ];
    for change in sizes.iter().flat_map(|size| absurd(size)) {
        let config = case.config_with(std::slice::from_ref(&change));
        assert_eq!(config_code(&config), "invalid_config", "{change:?}");
    }
    for size in &sizes[..6] {
        assert_eq!(
            config_code(&case.config_with(&[(size, Value::Null)])),
            "invalid_config",
            "no {size}"
        );
    }
    for heads in [3, 5, 33, 64] {
        let config = case.config_with(&[("num_attention_heads", json!(heads))]);
        assert_eq!(
            config_code(&config),
            "invalid_config",
            "32 does not divide into {heads} heads"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn absurd_gpt2_sizes() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let sizes = [
        "vocab_size",
        "n_positions",
        "n_embd",
        "n_layer",
        "n_head",
        "n_inner",
    ];
    for change in sizes.iter().flat_map(|size| absurd(size)) {
        let config = case.config_with(std::slice::from_ref(&change));
        assert_eq!(config_code(&config), "invalid_config", "{change:?}");
    }
    for size in &sizes[..5] {
        assert_eq!(
            config_code(&case.config_with(&[(size, Value::Null)])),
            "invalid_config",
            "no {size}"
        );
    }
    for heads in [3, 5, 33, 64] {
        assert_eq!(
            config_code(&case.config_with(&[("n_head", json!(heads))])),
            "invalid_config",
            "{heads} heads"
        );
    }
}

/// Sizes that a config must have, of each further architecture, and those that it may have.
#[wasm_bindgen_test(unsupported = test)]
fn absurd_sizes_of_their_kin() {
    let bert = [
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "max_position_embeddings",
    ];
    let distilbert = [
        "vocab_size",
        "dim",
        "n_layers",
        "n_heads",
        "hidden_dim",
        "max_position_embeddings",
    ];
    let gpt = ["vocab_size", "n_positions", "n_embd", "n_layer", "n_head"];
    let albert = ["num_hidden_groups", "inner_group_num", "type_vocab_size"];
    for (text, needed, optional) in [
        (fixture!("distilbert/tiny.json"), &distilbert[..], &[][..]),
        (fixture!("roberta/tiny.json"), &bert, &["type_vocab_size"]),
        (fixture!("albert/tiny.json"), &bert, &albert),
        (fixture!("openai-gpt/tiny.json"), &gpt, &[]),
    ] {
        let case = Case::new(text);
        for change in needed.iter().chain(optional).flat_map(|size| absurd(size)) {
            let config = case.config_with(std::slice::from_ref(&change));
            assert_eq!(config_code(&config), "invalid_config", "{change:?}");
        }
        for size in needed {
            let config = case.config_with(&[(size, Value::Null)]);
            assert_eq!(config_code(&config), "invalid_config", "no {size}");
        }
        let heads = needed.iter().find(|size| size.contains("head"));
        let config = case.config_with(&[(heads.expect("heads"), json!(5))]);
        assert_eq!(config_code(&config), "invalid_config", "5 heads");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn padding_and_groups_that_cannot_be() {
    let case = Case::new(fixture!("roberta/tiny.json"));
    // 110 tokens, 20 positions: a padding token of 18 leaves room for one more.
    for (padding, expected) in [
        (json!(18), "no error"),
        (json!(19), "invalid_config"),
        (json!(110), "invalid_config"),
        (json!(u64::MAX), "invalid_config"),
        (json!(-1), "invalid_config"),
        (json!("1"), "invalid_config"),
    ] {
        let config = case.config_with(&[("pad_token_id", padding.clone())]);
        assert_eq!(config_code(&config), expected, "{padding}");
    }
    let config = String::from_utf8(case.config_with(&[("pad_token_id", json!("null"))]));
    let config = config.expect("UTF-8").replace("\"null\"", "null");
    let padding = |config: &[u8]| RobertaConfig::from_json(config).map(|read| read.pad_token_id);
    assert_eq!(
        padding(config.as_bytes()),
        padding(&case.config_with(&[("pad_token_id", json!(1))])),
        "none is said"
    );
    let case = Case::new(fixture!("albert/tiny.json"));
    for (change, expected) in [
        (
            ("position_embedding_type", json!("relative_key")),
            "unsupported",
        ),
        (("position_embedding_type", json!("absolute")), "no error"),
        (("num_hidden_groups", json!(4)), "invalid_config"),
        (("inner_group_num", json!(2)), "unsupported"),
        (("embedding_size", json!(0)), "invalid_config"),
        (("embedding_size", json!(1u64 << 40)), "invalid_config"),
    ] {
        let config = case.config_with(std::slice::from_ref(&change));
        assert_eq!(config_code(&config), expected, "{change:?}");
    }
    // Two groups of parameters where the file has one.
    let config = case.config_with(&[("num_hidden_groups", json!(2))]);
    let file = case.safetensors(FileDType::F32);
    assert_eq!(
        code(load(&config, &file, 1000, DType::Q8)),
        "missing_tensor"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn settings_that_are_no_numbers() {
    for (text, key) in [
        (fixture!("bert/tiny.json"), "layer_norm_eps"),
        (fixture!("gpt2/tiny.json"), "layer_norm_epsilon"),
    ] {
        let case = Case::new(text);
        for value in [json!(-1.0), json!(1e30), json!("NaN"), json!([])] {
            let config = case.config_with(&[(key, value.clone())]);
            assert_eq!(config_code(&config), "invalid_config", "{key} = {value}");
        }
        // What Python's json writes for numbers that JSON has none for.
        for number in ["NaN", "Infinity", "-Infinity", "1e999"] {
            let config = String::from_utf8(case.config_with(&[(key, json!("here"))]))
                .expect("JSON is UTF-8");
            assert_eq!(
                config_code(config.replace("\"here\"", number).as_bytes()),
                "invalid_config",
                "{key} = {number}"
            );
        }
    }
    for (text, key) in [
        (fixture!("bert/tiny.json"), "hidden_act"),
        (fixture!("gpt2/tiny.json"), "activation_function"),
    ] {
        let case = Case::new(text);
        for value in [json!("silu2"), json!(1), json!({"a": "b"})] {
            let config = case.config_with(&[(key, value.clone())]);
            assert!(
                ["invalid_config", "unsupported"].contains(&config_code(&config)),
                "{key} = {value}"
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn bert_variants_that_are_not_run_are_refused() {
    let case = Case::new(fixture!("bert/tiny.json"));
    for change in [
        ("position_embedding_type", json!("relative_key")),
        ("is_decoder", json!(true)),
    ] {
        let config = case.config_with(std::slice::from_ref(&change));
        assert!(
            ["invalid_config", "unsupported"].contains(&config_code(&config)),
            "{change:?}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn config_of_another_model() {
    let (bert, gpt2) = (
        Case::new(fixture!("bert/tiny.json")),
        Case::new(fixture!("gpt2/tiny.json")),
    );
    let crossed = [
        (bert.config(), gpt2.safetensors(FileDType::F32)),
        (gpt2.config(), bert.safetensors(FileDType::F32)),
    ];
    for (config, file) in crossed {
        assert_eq!(
            code(load(&config, &file, 1000, DType::Q8)),
            "missing_tensor"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn config_that_does_not_fit_its_weights() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let file = case.safetensors(FileDType::F32);
    for (key, value, expected) in [
        ("vocab_size", 119, "shape_mismatch"),
        ("vocab_size", 1 << 24, "shape_mismatch"),
        ("hidden_size", 64, "shape_mismatch"),
        ("intermediate_size", 65, "shape_mismatch"),
        ("max_position_embeddings", 512, "shape_mismatch"),
        ("type_vocab_size", 3, "shape_mismatch"),
        ("num_hidden_layers", 3, "missing_tensor"),
        ("num_hidden_layers", 1 << 24, "missing_tensor"),
    ] {
        let config = case.config_with(&[(key, json!(value))]);
        assert_eq!(
            code(load(&config, &file, 1000, DType::Q8)),
            expected,
            "{key} = {value}"
        );
    }
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let file = case.safetensors(FileDType::F32);
    for (key, value, expected) in [
        ("vocab_size", 97, "shape_mismatch"),
        ("n_embd", 64, "shape_mismatch"),
        ("n_inner", 64, "shape_mismatch"),
        ("n_positions", 1 << 24, "shape_mismatch"),
        ("n_layer", 3, "missing_tensor"),
    ] {
        let config = case.config_with(&[(key, json!(value))]);
        assert_eq!(
            code(load(&config, &file, 1000, DType::Q8)),
            expected,
            "{key} = {value}"
        );
    }
}
