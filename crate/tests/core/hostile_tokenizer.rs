//! Broken tokenizer files: a typed error, never a panic, and the next file is read as ever.

use cloze::text::{Tokenizer, TokenizerFiles};
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

const BERT: &[u8] = include_bytes!("../../../models/bert/tokenizer.json");
const GPT: &[u8] = include_bytes!("../../../models/gpt/tokenizer.json");
const VOCAB_TXT: &str = fixture!("tokenizers/wordpiece-uncased/vocab.txt");
const VOCAB_JSON: &str = fixture!("tokenizers/byte-level/vocab.json");
const MERGES: &str = fixture!("tokenizers/byte-level/merges.txt");

fn tokenizer_json(bytes: &[u8]) -> Result<Tokenizer, cloze::Error> {
    Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(bytes),
        ..Default::default()
    })
}

fn vocab_txt(bytes: &[u8]) -> Result<Tokenizer, cloze::Error> {
    Tokenizer::from_files(&TokenizerFiles {
        vocab_txt: Some(bytes),
        ..Default::default()
    })
}

fn bpe(vocab: &[u8], merges: &[u8]) -> Result<Tokenizer, cloze::Error> {
    Tokenizer::from_files(&TokenizerFiles {
        vocab_json: Some(vocab),
        merges_txt: Some(merges),
        ..Default::default()
    })
}

/// The file must be refused as a tokenizer, or cut text without falling over.
fn survives(what: &str, tokenizer: Result<Tokenizer, cloze::Error>) {
    match tokenizer {
        Err(error) => assert_eq!(error.code(), "invalid_tokenizer", "{what}: {error}"),
        Ok(tokenizer) => {
            for text in [
                "",
                "Hello [MASK] world!",
                "\u{1f468}\u{200d}\u{1f469} caf\u{e9} \u{0}",
            ] {
                match tokenizer.encode(text, Some("second"), true) {
                    Err(error) => assert_eq!(error.code(), "invalid_tokenizer", "{what}: {error}"),
                    Ok(encoding) => {
                        let _ = tokenizer.decode(&encoding.ids());
                        encoding
                            .ids()
                            .into_iter()
                            .for_each(|id| drop(tokenizer.readable(id)));
                    }
                }
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn no_files() {
    assert_eq!(
        code(Tokenizer::from_files(&TokenizerFiles::default())),
        "invalid_tokenizer"
    );
    let half = TokenizerFiles {
        vocab_json: Some(VOCAB_JSON.as_bytes()),
        ..Default::default()
    };
    assert_eq!(code(Tokenizer::from_files(&half)), "invalid_tokenizer");
}

#[wasm_bindgen_test(unsupported = test)]
fn garbage_is_refused() {
    let nested = "[".repeat(100_000);
    let nested_object = "{\"a\":".repeat(100_000);
    let garbage: [&[u8]; 9] = [
        b"",
        b" ",
        b"{}",
        b"[]",
        b"null",
        b"<!doctype html><html>",
        b"\xff\xfe\x00\x01",
        nested.as_bytes(),
        nested_object.as_bytes(),
    ];
    for bytes in garbage {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(20)]).into_owned();
        assert_eq!(
            code(tokenizer_json(bytes)),
            "invalid_tokenizer",
            "{shown:?} as tokenizer.json"
        );
        assert_eq!(
            code(bpe(bytes, MERGES.as_bytes())),
            "invalid_tokenizer",
            "{shown:?} as vocab.json"
        );
        assert_eq!(
            code(vocab_txt(bytes)),
            "invalid_tokenizer",
            "{shown:?} as vocab.txt"
        );
        let with_config = TokenizerFiles {
            vocab_txt: Some(VOCAB_TXT.as_bytes()),
            tokenizer_config: Some(bytes),
            ..Default::default()
        };
        survives(
            &format!("{shown:?} as tokenizer_config.json"),
            Tokenizer::from_files(&with_config),
        );
    }
    assert!(tokenizer_json(BERT).is_ok(), "after errors, a good file");
}

#[wasm_bindgen_test(unsupported = test)]
fn strange_things_beside_a_vocabulary() {
    let roberta = fixture!("tokenizers/roberta/tokenizer.json").as_bytes();
    let albert = fixture!("tokenizers/albert/tokenizer.json").as_bytes();
    let vocabularies = [
        TokenizerFiles {
            vocab_txt: Some(VOCAB_TXT.as_bytes()),
            ..Default::default()
        },
        TokenizerFiles {
            vocab_json: Some(VOCAB_JSON.as_bytes()),
            merges_txt: Some(MERGES.as_bytes()),
            ..Default::default()
        },
        TokenizerFiles {
            tokenizer: Some(albert),
            ..Default::default()
        },
        TokenizerFiles {
            tokenizer: Some(roberta),
            ..Default::default()
        },
    ];
    let values = [
        json!(7),
        json!(-1),
        json!("x"),
        json!(""),
        json!([]),
        json!([7]),
        json!(["a", "a", ""]),
        json!({}),
        json!({"content": 7}),
        json!({"content": "a", "lstrip": "yes"}),
        json!({"content": "", "special": true}),
        json!({"x": {"content": "a"}}),
        json!({"-1": {"content": "a"}}),
        json!({"4294967295": {"content": "a b"}, "4294967296": {"content": "c"}}),
        json!({"4294967295": {"content": "a b"}, "4294967294": {"content": "c"}, "0": {"content": "zz"}}),
        json!({"90000": {"content": "far"}, "5": {"content": "near"}, "6": {"content": "near"}}),
        json!({"90000": "far"}),
        json!({"90000": null}),
        json!("\u{120}"),
        json!(true),
        json!(null),
    ];
    let keys = [
        "added_tokens_decoder",
        "additional_special_tokens",
        "extra_special_tokens",
        "do_lower_case",
        "strip_accents",
        "add_prefix_space",
        "add_bos_token",
        "tokenizer_class",
        "cls_token",
        "unk_token",
        "mask_token",
        "image_token",
        "model_max_length",
        "legacy",
        "keep_accents",
    ];
    for files in vocabularies {
        for key in keys {
            for value in &values {
                let mut object = serde_json::Map::new();
                object.insert(key.into(), value.clone());
                let bytes = serde_json::to_vec(&object).expect("JSON");
                let what = format!("{key}: {value}");
                let read = |files: TokenizerFiles| survives(&what, Tokenizer::from_files(&files));
                read(TokenizerFiles {
                    tokenizer_config: Some(&bytes),
                    ..files
                });
                read(TokenizerFiles {
                    special_tokens_map: Some(&bytes),
                    ..files
                });
            }
        }
        for value in &values {
            let bytes = serde_json::to_vec(value).expect("JSON");
            let files = TokenizerFiles {
                added_tokens: Some(&bytes),
                ..files
            };
            survives(&value.to_string(), Tokenizer::from_files(&files));
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn cut_off_files_are_refused() {
    for file in [BERT, GPT] {
        for length in [
            1,
            10,
            100,
            1000,
            file.len() / 2,
            file.len() - 3,
            file.len() - 2,
        ] {
            assert_eq!(
                code(tokenizer_json(&file[..length])),
                "invalid_tokenizer",
                "{length} of {}",
                file.len()
            );
        }
    }
    for length in [0, 1, 100, VOCAB_JSON.len() / 2, VOCAB_JSON.len() - 2] {
        assert_eq!(
            code(bpe(&VOCAB_JSON.as_bytes()[..length], MERGES.as_bytes())),
            "invalid_tokenizer"
        );
    }
    // A list of lines can end anywhere and still be a list of lines.
    for length in 0..60 {
        survives(
            "cut off vocab.txt",
            vocab_txt(&VOCAB_TXT.as_bytes()[..length]),
        );
        survives(
            "cut off merges.txt",
            bpe(VOCAB_JSON.as_bytes(), &MERGES.as_bytes()[..length]),
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn lines_that_make_no_sense() {
    let without = |token: &str| {
        VOCAB_TXT
            .lines()
            .filter(|line| *line != token)
            .collect::<Vec<_>>()
            .join("\n")
    };
    for token in ["[UNK]", "[CLS]", "[SEP]"] {
        assert_eq!(
            code(vocab_txt(without(token).as_bytes())),
            "invalid_tokenizer",
            "no {token}"
        );
    }
    survives("no [MASK]", vocab_txt(without("[MASK]").as_bytes()));
    survives(
        "twice the same lines",
        vocab_txt(format!("{VOCAB_TXT}{VOCAB_TXT}").as_bytes()),
    );
    survives(
        "empty lines",
        vocab_txt(VOCAB_TXT.replace('\n', "\n\n").as_bytes()),
    );
    assert_eq!(
        code(vocab_txt(b"[UNK]\n[CLS]\n[SEP]\n\xff\xfe\n")),
        "invalid_tokenizer"
    );

    for merges in [
        "#version: 0.2\nno-space\n",
        "one two three\n",
        "\u{120} zzzzzz\n",
        "a\n",
        " \n",
        "x  y\n",
    ] {
        survives(
            &format!("merges {merges:?}"),
            bpe(VOCAB_JSON.as_bytes(), merges.as_bytes()),
        );
    }
    assert_eq!(
        code(bpe(VOCAB_JSON.as_bytes(), b"\xff\xfe a\n")),
        "invalid_tokenizer"
    );
    for vocab in [
        "{\"a\": -1}",
        "{\"a\": 1.5}",
        "{\"a\": \"1\"}",
        "{\"a\": 99999999999999}",
        "{\"a\": null}",
        "[1, 2]",
    ] {
        assert_eq!(
            code(bpe(vocab.as_bytes(), b"")),
            "invalid_tokenizer",
            "{vocab}"
        );
    }
    // Two tokens of one id, ids with holes, the largest id, no byte letters at all.
    for vocab in [
        "{\"a\": 0, \"b\": 0}",
        "{\"a\": 7}",
        "{\"a\": 4294967295}",
        "{}",
    ] {
        survives(&format!("vocab {vocab}"), bpe(vocab.as_bytes(), b""));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn spoiled_parts_of_tokenizer_json() {
    let small = |file: &[u8]| -> Value {
        let mut json: Value = serde_json::from_slice(file).expect("JSON");
        // A short vocabulary makes many variants quick.
        if let Some(vocab) = json["model"]["vocab"].as_object_mut() {
            vocab.retain(|token, id| {
                id.as_u64() < Some(300) || ["the", "hello", "world"].contains(&token.as_str())
            });
        }
        if json["model"]["merges"].is_array() {
            json["model"]["merges"] = json!([]);
        }
        json
    };
    let strange = [
        json!(null),
        json!(1),
        json!(-1),
        json!("x"),
        json!([]),
        json!({}),
        json!({"type": "Nonsense"}),
        json!({"type": "Sequence", "pretokenizers": []}),
        json!({"type": "Precompiled", "precompiled_charsmap": "AAAA"}),
        json!({"type": "Precompiled", "precompiled_charsmap": "/////wAAAAA="}),
        json!({"type": "Replace", "pattern": {"Regex": "("}, "content": ""}),
        json!({"type": "Replace", "pattern": {"String": ""}, "content": "xx"}),
        json!({"type": "Split", "pattern": {"Regex": "(?<a"}, "behavior": "Isolated", "invert": false}),
        json!({"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated", "invert": false}),
        json!({"type": "BertProcessing", "sep": ["[SEP]", 4294967295u32], "cls": ["[CLS]", 101]}),
        json!({"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[X]", "type_id": 0}}], "pair": [], "special_tokens": {}}),
        json!({"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[X]", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}], "special_tokens": {"[X]": {"id": "[X]", "ids": [1, 2], "tokens": ["a"]}}}),
        json!({"type": "WordPiece", "vocab": {}, "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 0}),
        json!({"type": "BPE", "vocab": {}, "merges": [["a", "b"]]}),
        json!({"type": "WordLevel", "vocab": {}, "unk_token": "[UNK]"}),
        json!({"type": "Unigram", "vocab": [], "unk_id": 5}),
        json!({"type": "Unigram", "vocab": [["a", -1.0]], "unk_id": null}),
    ];
    let kin = [
        fixture!("tokenizers/roberta/tokenizer.json").as_bytes(),
        fixture!("tokenizers/openai-gpt/tokenizer.json").as_bytes(),
        fixture!("tokenizers/albert/tokenizer.json").as_bytes(),
    ];
    for file in [BERT, GPT].into_iter().chain(kin) {
        let whole = small(file);
        for part in [
            "model",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "added_tokens",
            "truncation",
            "padding",
            "version",
        ] {
            for value in &strange {
                let mut spoiled = whole.clone();
                spoiled[part] = value.clone();
                survives(
                    &format!("{part}: {value}"),
                    tokenizer_json(&serde_json::to_vec(&spoiled).expect("JSON")),
                );
            }
            let mut spoiled = whole.clone();
            spoiled.as_object_mut().expect("an object").remove(part);
            survives(
                &format!("no {part}"),
                tokenizer_json(&serde_json::to_vec(&spoiled).expect("JSON")),
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn spoiled_charsmaps() {
    // SentencePiece's table, of which the tokenizers crate believes every number: each byte of it in turn is
    // changed, and cut off after.
    let albert: Value =
        serde_json::from_str(fixture!("tokenizers/albert/tokenizer.json")).expect("JSON");
    let normalizers = albert["normalizer"]["normalizers"].as_array();
    let charsmap = normalizers
        .and_then(|parts| parts.iter().find(|part| part["type"] == "Precompiled"))
        .and_then(|part| part["precompiled_charsmap"].as_str())
        .expect("a charsmap");
    let small = json!({
        "version": "1.0", "added_tokens": [], "pre_tokenizer": null, "post_processor": null, "decoder": null,
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": charsmap},
        "model": {"type": "Unigram", "vocab": [["<unk>", 0.0], ["a", -1.0]], "unk_id": 0},
    });
    let with = |charsmap: &str| {
        let mut json = small.clone();
        json["normalizer"]["precompiled_charsmap"] = charsmap.into();
        tokenizer_json(&serde_json::to_vec(&json).expect("JSON"))
    };
    let whole = with(charsmap).expect("a tokenizer");
    // The zero-width space goes, the sharp s becomes two letters.
    let texts = [
        "\u{200b}a\u{ff21}\u{200b}",
        "\u{df}\u{fb01}\u{2026}",
        "\u{feff}",
        "a",
    ];
    for text in texts {
        whole.encode(text, None, true).expect("text is cut");
    }
    let mut refused = 0;
    for at in 0..charsmap.len() {
        for other in ["A", "/", "h"] {
            let spoiled = format!("{}{other}{}", &charsmap[..at], &charsmap[at + 1..]);
            match with(&spoiled) {
                Err(error) => {
                    assert_eq!(error.code(), "invalid_tokenizer", "{error}");
                    refused += 1;
                }
                Ok(tokenizer) => {
                    for text in texts {
                        let _ = tokenizer.encode(text, None, true);
                    }
                }
            }
        }
        if at % 16 == 0 {
            survives("a charsmap cut short", with(&charsmap[..at / 4 * 4]));
        }
    }
    assert!(refused > 0);
    // 4 GB of units, of which none is there.
    assert_eq!(code(with("/////wAAAAA=")), "invalid_tokenizer");
}
