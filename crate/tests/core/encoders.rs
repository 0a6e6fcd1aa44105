//! BERT's kin against PyTorch: DistilBERT, RoBERTa, ALBERT.

use std::sync::Arc;

use cloze::models::{Encoder, EncoderInput};
use cloze::weights::DType;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::bert::{assert_noise, assert_parity, batch};
use super::support::*;

fn encoder(case: &Case, dtype: DType) -> Arc<dyn Encoder> {
    case.model(dtype).into_encoder().expect("an encoder")
}

fn cases() -> [(&'static str, Case); 6] {
    [
        ("distilbert", fixture!("distilbert/tiny.json")),
        ("distilbert", fixture!("distilbert/odd.json")),
        ("roberta", fixture!("roberta/tiny.json")),
        ("roberta", fixture!("roberta/odd.json")),
        ("albert", fixture!("albert/tiny.json")),
        ("albert", fixture!("albert/groups.json")),
    ]
    .map(|(name, text)| (name, Case::new(text)))
}

#[wasm_bindgen_test(unsupported = test)]
fn agree_with_pytorch() {
    for (name, case) in cases() {
        let model = encoder(&case, DType::F32);
        assert_eq!(model.info().model_type, name);
        assert_parity(name, &case, &model);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn names_without_prefix_and_tied_copies() {
    for (name, case) in cases() {
        let prefix = format!("{name}.");
        let mut case = case.renamed(|tensor| tensor.trim_start_matches(&prefix).to_string());
        // What files of other versions hold besides.
        let decoder = match name {
            "distilbert" => "vocab_projector",
            "roberta" => "lm_head.decoder",
            _ => "predictions.decoder",
        };
        let mut copy = |from: &str, to: String| {
            let tensor = case.tensor_mut(from).clone();
            case.tensors.push(NamedTensor { name: to, ..tensor });
        };
        copy(
            "embeddings.word_embeddings.weight",
            format!("{decoder}.weight"),
        );
        match name {
            "distilbert" => {}
            "roberta" => copy("lm_head.bias", format!("{decoder}.bias")),
            _ => copy("predictions.bias", format!("{decoder}.bias")),
        }
        let positions = case.size("max_position_embeddings");
        case.tensors.push(NamedTensor {
            name: "embeddings.position_ids".into(),
            shape: vec![1, positions],
            values: vec![0.0; positions],
        });
        assert_parity(name, &case, &encoder(&case, DType::F32));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn without_a_head_and_without_next_sentences() {
    for (name, mut case) in cases() {
        let with_head = encoder(&case, DType::F32);
        let heads = with_head.heads();
        assert!(heads.mlm.is_some() && heads.nsp.is_none());
        case.tensors
            .retain(|tensor| tensor.name.starts_with(&format!("{name}.")));
        let model = encoder(&case, DType::F32);
        assert!(model.heads().mlm.is_none() && model.heads().nsp.is_none());
        let input = batch(&case);
        let last = model.hidden_states(&input).expect("a forward pass");
        let logits = mlm_logits(&*model, &input, &last, &[(0, 0)]);
        assert_eq!(code(logits), "no_mlm_head");
        assert_eq!(code(nsp_logits(&*model, &input, &last)), "no_nsp_head");
        assert_eq!(
            code(case.model(DType::F32).into_decoder()),
            "wrong_architecture"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_last_position_is_read_and_no_further() {
    for (name, case) in cases() {
        let model = encoder(&case, DType::F32);
        let rows = case.size("max_position_embeddings");
        let most = match name {
            "roberta" => rows - case.size("pad_token_id") - 1,
            _ => rows,
        };
        assert_eq!(model.info().max_position_embeddings, most);
        let read =
            |count| model.hidden_states(&EncoderInput::single(vec![5; count], vec![0; count]));
        assert_eq!(code(read(most)), "no error", "{name}");
        assert_eq!(code(read(most + 1)), "input_too_long", "{name}");
        assert_eq!(code(read(0)), "empty_input", "{name}");
        let unknown = EncoderInput::single(vec![200], vec![0]);
        assert_ne!(code(model.hidden_states(&unknown)), "no error", "{name}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn segments_that_a_model_does_not_have() {
    for (name, case) in cases() {
        let model = encoder(&case, DType::F32);
        let input = EncoderInput::single(vec![5, 6], vec![0, 2]);
        let expected = match name {
            // It has none, and looks at none.
            "distilbert" => "no error",
            _ => "unsupported",
        };
        assert_eq!(code(model.hidden_states(&input)), expected, "{name}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn quantised_logits_stay_near() {
    for (name, text) in [
        ("distilbert", fixture!("distilbert/tiny.json")),
        ("roberta", fixture!("roberta/tiny.json")),
        ("albert", fixture!("albert/tiny.json")),
    ] {
        let case = Case::new(text);
        for dtype in [DType::Q8, DType::Q4] {
            assert_noise(name, &case, &encoder(&case, dtype), dtype);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn gguf_files_of_them_are_refused_by_name() {
    for (name, case) in cases() {
        let file = gguf(&Default::default(), &[]);
        let error = load(&case.config(), &file, 100, DType::Q8)
            .err()
            .expect("an error");
        assert_eq!(error.code(), "unsupported", "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn old_configs_name_only_their_class() {
    for (name, case) in cases() {
        let config = case.config_with(&[("model_type", json!(null))]);
        let model = load(&config, &case.safetensors(FileDType::F32), 4096, DType::F32)
            .expect("its class says what it is");
        assert_eq!(model.info().model_type, name);
    }
}
