//! `generation_config.json` against transformers (tests/parity/generation_config.py).

use cloze::models::ModelLoader;
use cloze::tasks::{usable_settings, FinishReason, GenerationOptions};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::generation::{bench, greedy, Bench};
use super::support::*;

/// The bench's model with these files beside its weights.
fn with_files(config: &Value, generation_config: Option<&[u8]>) -> Bench {
    let mut bench = bench();
    let mut changes = vec![("eos_token_id", Value::Null)];
    let own = config.as_object().expect("entries");
    changes.extend(own.iter().map(|(key, value)| (&**key, value.clone())));
    let config = bench.case.config_with(&changes);
    let loader = ModelLoader::new(Some(&config), DType::F32).expect("a loader");
    let mut loader = loader.with_generation_config(generation_config);
    let file = bench.case.safetensors(FileDType::F32);
    loader.push(&file).expect("weights");
    bench.model = loader
        .finish()
        .and_then(|model| model.into_decoder())
        .expect("a GPT-2");
    bench
}

#[wasm_bindgen_test(unsupported = test)]
fn what_callers_leave_open_is_what_transformers_takes() {
    let expected: Value = serde_json::from_str(fixture!("generation-config.json")).expect("JSON");
    for row in list(&expected["rows"]) {
        let file = match &row["generation_config"] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            entries => Some(entries.to_string()),
        };
        let bench = with_files(&row["config"], file.as_ref().map(|file| file.as_bytes()));
        let config = bench.model.generation();
        let mut options = GenerationOptions::of_model(config);
        // Cloze draws unless a file or a caller says otherwise, as the pipeline of transformers; `generate()` does not.
        if config.settings.do_sample.is_none() {
            options.sampling.do_sample = false;
        }
        let run = bench.run(text(&expected["prompt"]), options);
        assert_eq!(run.ids, ids(&row["tokens"]), "{row}");
        assert_eq!(run.reason == FinishReason::Eos, row["eos"] == true, "{row}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_followed_is_named_and_refuses_nothing() {
    let file = br#"{"temperature": 0, "top_p": 1.5, "top_k": -1, "num_beams": 4, "do_sample": true, "typical_p": 0.5,
        "repetition_penalty": "strong", "max_new_tokens": 3}"#;
    let bench = with_files(&Value::Object(Default::default()), Some(file));
    let config = bench.model.generation();
    let (settings, mut ignored) = usable_settings(config);
    ignored.sort_unstable();
    let expected = [
        "num_beams",
        "repetition_penalty",
        "temperature",
        "top_k",
        "top_p",
        "typical_p",
    ];
    assert_eq!(ignored, expected);
    assert_eq!((settings.do_sample, settings.num_beams), (Some(true), None));
    assert_eq!(config.source, Some("generation_config.json"));
    let run = bench.run("A", GenerationOptions::of_model(config));
    assert_eq!(run.ids.len(), 3);

    let cold = with_files(
        &Value::Object(Default::default()),
        Some(br#"{"temperature": 0}"#),
    );
    let options = GenerationOptions::of_model(cold.model.generation());
    assert!(!options.sampling.do_sample);
    assert_eq!(
        cold.run("A", options).ids[..3],
        bench.run("A", greedy(3)).ids
    );
}
