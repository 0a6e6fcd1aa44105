//! Beside the `tokenizers` crate as a whole.

use super::*;
use serde_json::json;

const TEXTS: [&str; 12] = [
    "",
    " ",
    "The cat sat on the [MASK].",
    "[CLS][SEP] [MASK][MASK]x[UNK]",
    "[mask] [MASK",
    "Ünïcödé, É\u{301} ﬁ ǅ İSTANBUL ß",
    "漢字とかな 한국어 \u{20000}x",
    "a\u{0}b\u{fffd}c\u{200d}d\u{ad}e\u{7}f\r\n\tg\u{3000}h",
    "don't—stop… «now» 3,000.5 $x+y=z#hash_tag",
    "e\u{301}\u{301}[MASK]\u{301}o",
    "\u{1f469}\u{200d}\u{1f467} 🙂x",
    "catcatcat cats [NEW]cat",
];

/// A file of `tokenizer.json` with `more` in it.
fn file(more: Value) -> Value {
    let pieces = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "##cat", "sat", "on",
        ".", "a", "b", "e", "o", "##o", "x", "##x", "istanbul", "unicode", "don", "'", "t", "3",
        ",", "000", "漢", "字", "3000",
    ];
    let vocab: serde_json::Map<String, Value> = pieces
        .iter()
        .enumerate()
        .map(|(id, piece)| (piece.to_string(), id.into()))
        .collect();
    let added = |id: u32, content: &str, normalized: bool| {
        json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": normalized, "special": !normalized})
    };
    let special = |name: &str, id: u32| json!({"id": name, "ids": [id], "tokens": [name]});
    let mut file = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [added(0, "[PAD]", false), added(1, "[UNK]", false), added(2, "[CLS]", false),
            added(3, "[SEP]", false), added(4, "[MASK]", false), added(30, "[NEW]", false)],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
            "special_tokens": {"[CLS]": special("[CLS]", 2), "[SEP]": special("[SEP]", 3)}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocab},
    });
    for (key, value) in more.as_object().expect("an object") {
        file[key] = value.clone();
    }
    file
}

fn read(file: &Value) -> Option<Bert> {
    let bytes = serde_json::to_vec(file).expect("JSON");
    Bert::from_json(&bytes, &TokenizerConfig::default()).expect("an empty config")
}

/// The `tokenizers` crate as a whole is the source of what each text becomes.
#[test]
fn texts_become_what_the_crate_makes_of_them() {
    let bert_frame = json!({"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]});
    let cased = json!({"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false,
        "strip_accents": true, "lowercase": false});
    for more in [
        json!({}),
        json!({"post_processor": bert_frame}),
        json!({"normalizer": cased}),
    ] {
        let file = file(more);
        let ours = read(&file).expect("BERT's usual make");
        let theirs = tk::Tokenizer::from_bytes(serde_json::to_vec(&file).expect("JSON"));
        let theirs = theirs.expect("a tokenizer");
        for text in TEXTS {
            for framed in [false, true] {
                let crates = theirs.encode(text, framed).expect("an encoding");
                assert_eq!(
                    ours.encode(text, None, framed).expect("an encoding"),
                    crates,
                    "{text:?}"
                );
                let crates = theirs
                    .encode((text, "x [MASK] É"), framed)
                    .expect("an encoding");
                let pair = ours.encode(text, Some("x [MASK] É"), framed);
                assert_eq!(pair.expect("an encoding"), crates, "{text:?}");
                let ids = crates.get_ids();
                for skip in [false, true] {
                    let text = theirs.decode(ids, skip).expect("a text");
                    assert_eq!(ours.decode(ids, skip).expect("a text"), text);
                }
            }
        }
        assert_eq!(ours.vocab_size(), theirs.get_vocab_size(true));
        assert_eq!(ours.vocab(), theirs.get_vocab(true));
        for id in 0..35 {
            assert_eq!(ours.id_to_token(id), theirs.id_to_token(id));
        }
        let again = ours.as_of_crate().expect("a tokenizer").to_string(false);
        assert_eq!(again.expect("JSON"), theirs.to_string(false).expect("JSON"));
    }
}

#[test]
fn other_makes_are_left_to_the_crate() {
    let added = json!([{"id": 30, "content": "new", "single_word": false, "lstrip": false, "rstrip": false,
        "normalized": true, "special": false}]);
    for more in [
        json!({"version": "2.0"}),
        json!({"added_tokens": added}),
        json!({"normalizer": null}),
        json!({"normalizer": {"type": "Lowercase"}}),
        json!({"pre_tokenizer": {"type": "Whitespace"}}),
        json!({"post_processor": null}),
        json!({"decoder": null}),
        json!({"model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0}}}),
    ] {
        assert!(read(&file(more.clone())).is_none(), "{more}");
    }
    // A piece of the template of which there are more ids than names would be a panic.
    let mut template = file(json!({}));
    template["post_processor"]["special_tokens"]["[CLS]"]["ids"] = json!([2, 3]);
    assert!(read(&template).is_none());
}
