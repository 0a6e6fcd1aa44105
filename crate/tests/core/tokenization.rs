//! Tokens, offsets and text against the Python `tokenizers`, on awkward text.

use std::ops::Range;
use std::sync::Arc;

use cloze::text::{Encoding, TextStream, Tokenizer, TokenizerFiles, Utf16Index};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

pub const BERT: &[u8] = include_bytes!("../../../models/bert/tokenizer.json");
pub const GPT: &[u8] = include_bytes!("../../../models/gpt/tokenizer.json");
const UNIGRAM: &[u8] = include_bytes!("../../../models/unigram/tokenizer.json");

pub fn from_json(tokenizer: &[u8]) -> Tokenizer {
    Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(tokenizer),
        ..Default::default()
    })
    .expect("a tokenizer")
}

/// The one that the page shows beside the others.
pub fn unigram() -> Tokenizer {
    from_json(UNIGRAM)
}

pub fn word_piece(cased: bool) -> Tokenizer {
    let (vocab, config) = if cased {
        (
            fixture!("tokenizers/wordpiece-cased/vocab.txt"),
            fixture!("tokenizers/wordpiece-cased/tokenizer_config.json"),
        )
    } else {
        (
            fixture!("tokenizers/wordpiece-uncased/vocab.txt"),
            fixture!("tokenizers/wordpiece-uncased/tokenizer_config.json"),
        )
    };
    Tokenizer::from_files(&TokenizerFiles {
        vocab_txt: Some(vocab.as_bytes()),
        tokenizer_config: Some(config.as_bytes()),
        ..Default::default()
    })
    .expect("a tokenizer")
}

pub fn byte_level() -> Tokenizer {
    Tokenizer::from_files(&TokenizerFiles {
        vocab_json: Some(fixture!("tokenizers/byte-level/vocab.json").as_bytes()),
        merges_txt: Some(fixture!("tokenizers/byte-level/merges.txt").as_bytes()),
        ..Default::default()
    })
    .expect("a tokenizer")
}

/// From `tokenizer.json`, and from `vocab.json` and `merges.txt`.
pub fn roberta() -> [Tokenizer; 2] {
    both(
        fixture!("tokenizers/roberta/tokenizer.json"),
        fixture!("tokenizers/roberta/vocab.json"),
        fixture!("tokenizers/roberta/merges.txt"),
    )
}

/// From `tokenizer.json`, and from `vocab.json` and `merges.txt`.
pub fn openai_gpt() -> [Tokenizer; 2] {
    both(
        fixture!("tokenizers/openai-gpt/tokenizer.json"),
        fixture!("tokenizers/openai-gpt/vocab.json"),
        fixture!("tokenizers/openai-gpt/merges.txt"),
    )
}

fn both(tokenizer: &str, vocab: &str, merges: &str) -> [Tokenizer; 2] {
    let parts = TokenizerFiles {
        vocab_json: Some(vocab.as_bytes()),
        merges_txt: Some(merges.as_bytes()),
        ..Default::default()
    };
    [
        from_json(tokenizer.as_bytes()),
        Tokenizer::from_files(&parts).expect("a tokenizer"),
    ]
}

pub const ALBERT: &str = fixture!("tokenizers/albert/tokenizer.json");

pub fn albert() -> Tokenizer {
    from_json(ALBERT.as_bytes())
}

/// Character offsets, as Python counts, in UTF-8 bytes.
fn byte_range(text: &str, chars: &Value) -> Range<usize> {
    let at = |chars: usize| {
        text.char_indices()
            .nth(chars)
            .map_or(text.len(), |(byte, _)| byte)
    };
    let ends = usizes(chars);
    at(ends[0])..at(ends[1])
}

/// Holds tokens, ids and offsets to a fixture's.
pub fn assert_encoding(case: &Value, ours: &Encoding) {
    let first = text(&case["text"]);
    let pair = case["pair"].as_str();
    let what = format!("{first:?} {pair:?}");
    assert_eq!(ours.ids(), ids(&case["ids"]), "{what}");
    let units = if case["utf16"].is_null() {
        &case["offsets"]
    } else {
        &case["utf16"]
    };
    for (i, token) in ours.tokens.iter().enumerate() {
        let what = format!("{what}, token {i} {:?}", token.token);
        assert_eq!(token.token, text(&case["tokens"][i]), "{what}");
        assert_eq!(
            token.word.map(u64::from),
            case["words"][i].as_u64(),
            "{what}"
        );
        if let Some(types) = case["type_ids"].as_array() {
            assert_eq!(Some(u64::from(token.type_id)), types[i].as_u64(), "{what}");
        } else {
            assert_eq!(token.type_id, 0, "{what}");
        }
        // Python has no offsets for what the template adds: our mark for it.
        let offsets = &case["offsets"][i];
        assert_eq!(token.special, offsets.is_null(), "{what}");
        if token.special {
            assert_eq!(token.range, 0..0, "{what}");
            continue;
        }
        let source = match token.sequence {
            Some(1) => pair.expect("a second text"),
            _ => first,
        };
        assert_eq!(token.range, byte_range(source, offsets), "{what}");
        assert!(
            source.get(token.range.clone()).is_some(),
            "{what}: whole characters"
        );
        let utf16 = Utf16Index::new(source).range(&token.range);
        assert_eq!(
            vec![utf16.start, utf16.end],
            usizes(&units[i]),
            "{what}, UTF-16"
        );
        let javascript: Vec<u16> = source
            .encode_utf16()
            .skip(utf16.start)
            .take(utf16.len())
            .collect();
        assert_eq!(
            String::from_utf16_lossy(&javascript),
            &source[token.range.clone()],
            "{what}"
        );
    }
}

fn assert_tokenizer(fixture: &str, tokenizer: Tokenizer, source: Option<&[u8]>) {
    let tokenizer = &Arc::new(tokenizer);
    let json: Value = serde_json::from_str(fixture).expect("JSON");
    if let Some(source) = source {
        assert_eq!(
            json["source_fnv1a64"],
            fingerprint(source),
            "the tokenizer changed: run tests/parity/make_fixtures.py again"
        );
    }
    assert_eq!(
        tokenizer.vocab_size() as u64,
        json["vocab_size"].as_u64().unwrap()
    );
    for case in list(&json["cases"]).iter().chain(list(&json["pairs"])) {
        let ours = tokenizer
            .encode(text(&case["text"]), case["pair"].as_str(), true)
            .expect("text is cut");
        assert_encoding(case, &ours);
        assert_eq!(
            tokenizer.decode(&ours.ids()).as_deref(),
            Ok(text(&case["decoded"]))
        );
        let bare = tokenizer
            .encode(text(&case["text"]), case["pair"].as_str(), false)
            .expect("text is cut");
        let typed: Vec<u32> = ours
            .tokens
            .iter()
            .filter(|token| !token.special)
            .map(|token| token.id)
            .collect();
        assert_eq!(bare.ids(), typed, "without the template");
        for id in ours.ids() {
            let token = tokenizer.id_to_token(id).expect("a token");
            assert_eq!(tokenizer.token_to_id(&token), Some(id));
        }
    }
    for stream in list(&json["streams"]) {
        assert_stream(tokenizer, stream);
    }
}

/// Token by token, a text appears as Python's `DecodeStream` shows it: never half a character. Where a
/// token ends within a character, Python holds back all of it, we only that character.
fn assert_stream(tokenizer: &Arc<Tokenizer>, stream: &Value) {
    let whole = text(&stream["text"]);
    let ids = tokenizer
        .encode(whole, None, false)
        .expect("text is cut")
        .ids();
    let mut text_stream = TextStream::after(tokenizer.clone(), &[]);
    let pieces: Vec<String> = ids.iter().map(|&id| text_stream.push(id)).collect();
    let expected: Vec<&str> = list(&stream["pieces"]).iter().map(text).collect();
    assert_eq!(pieces.len(), expected.len(), "{whole:?}");
    for (count, shown) in (1..).zip(&expected) {
        let (ours, theirs) = (pieces[..count].concat(), expected[..count].concat());
        if shown.is_empty() {
            assert!(ours.starts_with(&theirs), "{pieces:?}, not {expected:?}");
        } else {
            assert_eq!(ours, theirs, "{pieces:?}, not {expected:?}");
        }
    }
    assert_eq!(text_stream.finish(), "");
    assert_eq!(pieces.concat(), stream["shown"].as_str().unwrap_or(whole));
}

#[wasm_bindgen_test(unsupported = test)]
fn bert_tokenizer_json() {
    assert_tokenizer(
        fixture!("tokenization/bert.json"),
        from_json(BERT),
        Some(BERT),
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn gpt_tokenizer_json() {
    assert_tokenizer(fixture!("tokenization/gpt.json"), from_json(GPT), Some(GPT));
}

#[wasm_bindgen_test(unsupported = test)]
fn unigram_tokenizer_json() {
    let fixture = fixture!("tokenization/unigram.json");
    assert_tokenizer(fixture, unigram(), Some(UNIGRAM));
}

#[wasm_bindgen_test(unsupported = test)]
fn vocab_txt_uncased() {
    assert_tokenizer(
        fixture!("tokenization/wordpiece-uncased.json"),
        word_piece(false),
        None,
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn vocab_txt_cased() {
    assert_tokenizer(
        fixture!("tokenization/wordpiece-cased.json"),
        word_piece(true),
        None,
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn vocab_json_and_merges() {
    assert_tokenizer(fixture!("tokenization/byte-level.json"), byte_level(), None);
}

#[wasm_bindgen_test(unsupported = test)]
fn roberta_both_ways() {
    for tokenizer in roberta() {
        let mask = tokenizer.token_to_id("<mask>").map(|id| (id, "<mask>"));
        assert_eq!(tokenizer.mask_token(), mask);
        let encoding = tokenizer.encode("a", Some("b"), true).expect("a pair");
        let tokens: Vec<&str> = encoding.tokens.iter().map(|t| t.token.as_str()).collect();
        assert_eq!(tokens, ["<s>", "a", "</s>", "</s>", "b", "</s>"]);
        assert_tokenizer(fixture!("tokenization/roberta.json"), tokenizer, None);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn openai_gpt_both_ways() {
    for tokenizer in openai_gpt() {
        let [word, part] = ["the</w>", "th"].map(|token| {
            let id = tokenizer.token_to_id(token).expect("a piece");
            tokenizer.readable(id)
        });
        assert_eq!((word.as_str(), part.as_str()), ("the ", "th"));
        assert_tokenizer(fixture!("tokenization/openai-gpt.json"), tokenizer, None);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn sentence_pieces_of_albert() {
    let tokenizer = albert();
    let and = tokenizer.token_to_id("\u{2581}and").expect("a piece");
    assert_eq!(tokenizer.readable(and), " and");
    assert!(tokenizer.mask_takes_blanks() && tokenizer.blanks_in_pieces());
    let fixture = fixture!("tokenization/albert.json");
    assert_tokenizer(fixture, tokenizer, Some(ALBERT.as_bytes()));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_roberta_files_must_have() {
    let files = |vocab: &str, class: &str| {
        Tokenizer::from_files(&TokenizerFiles {
            vocab_json: Some(vocab.as_bytes()),
            merges_txt: Some(b"a b"),
            tokenizer_config: Some(class.as_bytes()),
            ..Default::default()
        })
        .map(|tokenizer| {
            let encoding = tokenizer.encode("ab", None, true).expect("text is cut");
            encoding.len()
        })
    };
    let (plain, special) = (
        r#"{"a": 0, "b": 1, "ab": 2}"#,
        r#"{"a": 0, "b": 1, "ab": 2, "<s>": 3, "</s>": 4, "<mask>": 5}"#,
    );
    let (roberta, gpt2) = (
        r#"{"tokenizer_class": "RobertaTokenizer"}"#,
        r#"{"tokenizer_class": "GPT2Tokenizer"}"#,
    );
    assert_eq!(files(plain, "{}"), Ok(1));
    assert_eq!(files(special, "{}"), Ok(3));
    assert_eq!(files(special, roberta), Ok(3));
    assert_eq!(files(special, gpt2), Ok(1), "the class is believed");
    assert_eq!(code(files(plain, roberta)), "invalid_tokenizer");
    // The model's type alone does not make it one that it cannot be.
    let of_type = |vocab: &str| -> cloze::Result<usize> {
        let files = TokenizerFiles {
            vocab_json: Some(vocab.as_bytes()),
            merges_txt: Some(b"a b"),
            config: Some(br#"{"model_type": "roberta"}"#),
            ..Default::default()
        };
        let tokenizer = Tokenizer::from_files(&files)?;
        Ok(tokenizer.encode("ab", None, true)?.len())
    };
    assert_eq!((of_type(plain), of_type(special)), (Ok(1), Ok(3)));
}

#[wasm_bindgen_test(unsupported = test)]
fn mask_token_and_prefix() {
    let tokenizer = word_piece(false);
    let (id, token) = tokenizer.mask_token().expect("a mask");
    assert_eq!(
        (tokenizer.token_to_id("[MASK]"), token),
        (Some(id), "[MASK]")
    );
    assert_eq!(tokenizer.continuation_prefix(), Some("##"));
    assert!(byte_level().mask_token().is_none() && byte_level().continuation_prefix().is_none());
}

#[wasm_bindgen_test(unsupported = test)]
fn windows_line_ends_and_byte_order_mark_in_vocab_txt() {
    let unix = fixture!("tokenizers/wordpiece-uncased/vocab.txt");
    let windows = format!("\u{feff}{}", unix.replace('\n', "\r\n"));
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        vocab_txt: Some(windows.as_bytes()),
        ..Default::default()
    })
    .expect("a tokenizer");
    let sentence = "The capital of France is [MASK].";
    assert_eq!(
        tokenizer.encode(sentence, None, true),
        word_piece(false).encode(sentence, None, true)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn stored_truncation_and_padding_are_ignored() {
    // Published files cut at 512 and pad to a batch; both would change a text without a word.
    let mut json: Value = serde_json::from_slice(BERT).expect("JSON");
    json["truncation"] = serde_json::json!({"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0});
    json["padding"] = serde_json::json!({
        "strategy": {"Fixed": 64}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
    });
    let tokenizer = from_json(&serde_json::to_vec(&json).expect("JSON"));
    let sentence = "a text of more than four tokens";
    assert_eq!(
        tokenizer.encode(sentence, None, true),
        from_json(BERT).encode(sentence, None, true)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn ids_beyond_the_vocabulary() {
    let [roberta, _] = roberta();
    let [openai_gpt, _] = openai_gpt();
    for tokenizer in [word_piece(false), byte_level(), roberta, openai_gpt] {
        assert_eq!(tokenizer.id_to_token(1 << 20), None);
        assert!(
            !tokenizer.readable(u32::MAX).is_empty(),
            "a name for people all the same"
        );
        assert_eq!(tokenizer.decode(&[1 << 20]).as_deref(), Ok(""));
        assert_eq!(tokenizer.decode(&[]).as_deref(), Ok(""));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_text_of_many_megabytes_is_refused_unread() {
    let text = "word ".repeat(900_000);
    let refused = byte_level().encode(&text, None, true).unwrap_err();
    assert_eq!(refused.code(), "input_too_long");
    assert!(refused.to_string().contains("4.5 MB"), "{refused}");
}
