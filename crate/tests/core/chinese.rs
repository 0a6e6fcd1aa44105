//! Files in the form of bert-base-chinese: its vocabulary's layout, its config and the names in its weight file, against
//! transformers (tests/parity/chinese.py).

use std::sync::Arc;

use cloze::tasks::{FillMask, NextSentence};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;
use super::tasks_bert::{assert_joint, assert_predictions, assert_score, assert_targets};
use super::tokenization::assert_encoding;

const VOCAB: &str = fixture!("tokenizers/chinese/vocab.txt");

fn case() -> Case {
    Case::new(fixture!("chinese.json"))
}

/// From `vocab.txt`, and from `tokenizer.json`.
fn tokenizers(case: &Case) -> [Tokenizer; 2] {
    let mut json = case.json["tokenizer"].clone();
    let words = VOCAB.trim_end_matches('\n').split('\n');
    json["model"]["vocab"] = words
        .zip(0_u32..)
        .map(|(word, id)| (word.to_string(), Value::from(id)))
        .collect();
    let [json, config, beside] = [
        json.to_string(),
        case.json["config"].to_string(),
        case.json["tokenizer_config"].to_string(),
    ];
    let files = TokenizerFiles {
        config: Some(config.as_bytes()),
        tokenizer_config: Some(beside.as_bytes()),
        ..Default::default()
    };
    let of = |files| Tokenizer::from_files(&files).expect("a tokenizer");
    [
        of(TokenizerFiles {
            vocab_txt: Some(VOCAB.as_bytes()),
            ..files
        }),
        of(TokenizerFiles {
            tokenizer: Some(json.as_bytes()),
            ..files
        }),
    ]
}

/// The case with the names of the published file, which come from TensorFlow.
fn published() -> Case {
    let case = case().renamed(|name| {
        name.replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta")
    });
    let mut names: Vec<&str> = case.tensors.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    let theirs: Vec<&str> = list(&case.json["names"]).iter().map(text).collect();
    assert_eq!(names, theirs, "those that transformers has read");
    case
}

#[wasm_bindgen_test(unsupported = test)]
fn every_character_is_a_token() {
    let case = case();
    for tokenizer in tokenizers(&case) {
        assert_eq!(
            Some(tokenizer.vocab_size() as u64),
            case.json["vocab_size"].as_u64()
        );
        // U+2028, a line of its own, is white space and a token.
        for (word, id) in VOCAB.trim_end_matches('\n').split('\n').zip(0..) {
            assert_eq!(tokenizer.id_to_token(id).as_deref(), Some(word), "{id}");
        }
        let cases = list(&case.json["cases"]).iter();
        for case in cases.chain(list(&case.json["pairs"])) {
            let ours = tokenizer.encode(text(&case["text"]), case["pair"].as_str(), true);
            assert_encoding(case, &ours.expect("text is cut"));
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn masks_and_pairs_are_those_of_transformers() {
    let mut with_decoder = published();
    let matrix = with_decoder.tensor_mut("bert.embeddings.word_embeddings.weight");
    let decoder = NamedTensor {
        name: "cls.predictions.decoder.weight".into(),
        ..matrix.clone()
    };
    with_decoder.tensors.push(decoder);
    for (case, tokenizer) in [published(), with_decoder]
        .iter()
        .zip(tokenizers(&published()))
    {
        let model = case.model(DType::F32).into_encoder().expect("a BERT");
        let tokenizer = Arc::new(tokenizer);
        let task = FillMask::new(model.clone(), tokenizer.clone()).expect("a head");
        let task = Arc::new(task);
        assert_predictions(&task, &case.json);
        assert_targets(&task, &case.json);
        assert_joint(&task, &case.json);
        // The config says BertForMaskedLM, and the file has the other head as well.
        let next = NextSentence::new(model, tokenizer).expect("a head");
        for pair in list(&case.json["next_sentence"]) {
            let ours = next.compare(text(&pair["a"]), text(&pair["b"]));
            let ours = ours.expect("a pair").is_next;
            assert_score(text(&pair["b"]), ours, &pair["is_next"]);
        }
    }
}
