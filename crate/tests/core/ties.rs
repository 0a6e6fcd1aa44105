//! Files in which a matrix or bias has two names, against transformers (tests/parity/ties.py).

use cloze::models::{EncoderInput, Model};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../tests/parity/fixtures/ties/", $name, ".safetensors")).as_slice())),*]
    };
}

const FILES: [(&str, &[u8]); 52] = files![
    "albert.apart",
    "albert.bias-both",
    "albert.bias-first",
    "albert.bias-second",
    "albert.both-different",
    "albert.both-equal",
    "albert.output-only",
    "albert.save_model",
    "bert-pretraining.apart",
    "bert-pretraining.bias-both",
    "bert-pretraining.bias-first",
    "bert-pretraining.bias-second",
    "bert-pretraining.both-different",
    "bert-pretraining.both-equal",
    "bert-pretraining.output-only",
    "bert-pretraining.save_model",
    "bert.apart",
    "bert.bias-both",
    "bert.bias-first",
    "bert.bias-second",
    "bert.both-different",
    "bert.both-equal",
    "bert.output-only",
    "bert.save_model",
    "distilbert.apart",
    "distilbert.both-different",
    "distilbert.both-equal",
    "distilbert.output-only",
    "distilbert.save_model",
    "gpt2.apart",
    "gpt2.both-different",
    "gpt2.both-equal",
    "gpt2.output-only",
    "gpt2.save_model",
    "llama.apart",
    "llama.both-different",
    "llama.both-equal",
    "llama.output-only",
    "llama.save_model",
    "openai-gpt.apart",
    "openai-gpt.both-different",
    "openai-gpt.both-equal",
    "openai-gpt.output-only",
    "openai-gpt.save_model",
    "roberta.apart",
    "roberta.bias-both",
    "roberta.bias-first",
    "roberta.bias-second",
    "roberta.both-different",
    "roberta.both-equal",
    "roberta.output-only",
    "roberta.save_model",
];

fn expected() -> Value {
    serde_json::from_str(fixture!("ties/expected.json")).expect("a fixture is JSON")
}

/// Logits of all tokens, and those of the next-sentence head.
fn logits(model: Model, input_ids: &[u32]) -> (Vec<f32>, Option<Vec<f32>>) {
    match model {
        Model::Encoder(encoder) => {
            let input = EncoderInput::single(input_ids.to_vec(), vec![0; input_ids.len()]);
            let states = encoder.hidden_states(&input).expect("it is read");
            let places: Vec<_> = (0..input_ids.len()).map(|token| (0, token)).collect();
            let nsp = nsp_logits(&*encoder, &input, &states).ok();
            (
                mlm_logits(&*encoder, &input, &states, &places).expect("a head"),
                nsp,
            )
        }
        Model::Decoder(decoder) => {
            let mut cache = decoder.new_cache().expect("a cache");
            let states = decoder.hidden_states(input_ids, &mut cache);
            let states = states.expect("it is read");
            (decoder.lm_head(&states).expect("a head"), None)
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_name_that_transformers_takes_is_taken() {
    let expected = expected();
    let input_ids = ids(&expected["input_ids"]);
    let rows = list(&expected["rows"]);
    assert_eq!(rows.len(), FILES.len());
    for row in rows {
        let name = text(&row["file"]);
        let (_, file) = FILES
            .iter()
            .find(|(known, _)| *known == name)
            .expect("a file");
        let config = row["config"].to_string();
        let model = load(config.as_bytes(), file, 999, DType::F32)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let (ours, nsp) = logits(model, &input_ids);
        assert_close(name, &ours, &floats(&row["logits"]));
        assert_eq!(nsp.is_some(), !row["nsp_logits"].is_null(), "{name}");
        if let Some(nsp) = nsp {
            assert_close(name, &nsp, &floats(&row["nsp_logits"]));
        }
    }
}

/// One copy is kept of what is the same, and counted once.
#[wasm_bindgen_test(unsupported = test)]
fn equal_tensors_are_kept_once() {
    let expected = expected();
    let parameters = |name: &str| {
        let row = list(&expected["rows"]).iter();
        let row = row.clone().find(|row| row["file"] == name).expect("a row");
        let (_, file) = FILES.iter().find(|(known, _)| *known == name).expect("it");
        let config = row["config"].to_string();
        let model = load(config.as_bytes(), file, 999, DType::F32).expect("it loads");
        model.info().size.parameters
    };
    for kind in ["bert", "roberta", "albert", "distilbert", "gpt2", "llama"] {
        let once = parameters(&format!("{kind}.save_model"));
        assert_eq!(parameters(&format!("{kind}.both-equal")), once, "{kind}");
        assert!(
            parameters(&format!("{kind}.both-different")) > once,
            "{kind}"
        );
    }
}

/// Two matrices that are not one, and only one of them there.
#[wasm_bindgen_test(unsupported = test)]
fn what_is_apart_is_not_made_up() {
    for missing in ["lm_head.weight", "model.embed_tokens.weight"] {
        let mut case = Case::new(fixture!("llama/odd.json"));
        case.tensors.retain(|tensor| tensor.name != missing);
        let file = case.safetensors(FileDType::F32);
        let error = load(&case.config(), &file, 999, DType::F32).err();
        assert_eq!(error.map(|error| error.code()), Some("missing_tensor"));
    }
}
