//! What stands beside a vocabulary, against `transformers` (`tests/parity/tokenizer_files.py`).

use cloze::text::{Tokenizer, TokenizerFiles};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

fn from_folder(files: &Value) -> cloze::Result<Tokenizer> {
    let file = |name: &str| files[name].as_str().map(str::as_bytes);
    Tokenizer::from_files(&TokenizerFiles {
        tokenizer: file("tokenizer.json"),
        vocab_txt: file("vocab.txt"),
        vocab_json: file("vocab.json"),
        merges_txt: file("merges.txt"),
        config: file("config.json"),
        tokenizer_config: file("tokenizer_config.json"),
        special_tokens_map: file("special_tokens_map.json"),
        added_tokens: file("added_tokens.json"),
        ..Default::default()
    })
}

fn folders() -> Vec<Value> {
    let fixture: Value =
        serde_json::from_str(fixture!("tokenization/files.json")).expect("a fixture is JSON");
    list(&fixture["folders"]).to_vec()
}

/// With a blank in front, and without.
pub fn llamas() -> Vec<Tokenizer> {
    let folders = folders().into_iter();
    let llamas = folders.filter(|folder| text(&folder["about"]).starts_with("llama"));
    llamas
        .map(|folder| from_folder(&folder["files"]).expect("a tokenizer"))
        .collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn folders_are_read_as_transformers_reads_them() {
    for folder in folders() {
        let about = text(&folder["about"]);
        let tokenizer = from_folder(&folder["files"]).expect(about);
        for case in list(&folder["cases"]) {
            let (first, pair) = (text(&case["text"]), case["pair"].as_str());
            let ours = tokenizer.encode(first, pair, true).expect("tokens");
            let what = format!("{about}: {first:?} {pair:?}");
            assert_eq!(ours.ids(), ids(&case["ids"]), "{what}: {:?}", ours.tokens);
            let sequences = list(&case["sequences"]).iter().map(Value::as_u64);
            let ours_of = ours.tokens.iter();
            assert!(
                ours_of
                    .map(|token| token.sequence.map(u64::from))
                    .eq(sequences),
                "{what}"
            );
            let decoded = tokenizer.decode(&ours.ids());
            assert_eq!(decoded.as_deref(), Ok(text(&case["decoded"])), "{what}");
        }
        assert_eq!(
            Some(tokenizer.vocab_size() as u64),
            folder["vocab_size"].as_u64(),
            "{about}"
        );
    }
}
