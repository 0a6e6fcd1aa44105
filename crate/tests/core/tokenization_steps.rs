//! The way to a text's tokens: it must lead to the tokenizer's own, by the papers' rules.

use std::sync::Arc;

use cloze::text::{Tokenization, TokenizationSteps, TokenizedWord, Tokenizer, TokenizerFiles};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::gguf_tokenizer::sentence_pieces;
use super::support::*;
use super::tokenization::*;

fn fixture() -> Value {
    serde_json::from_str(fixture!("steps.json")).expect("JSON")
}

fn steps(tokenizer: Tokenizer) -> TokenizationSteps {
    TokenizationSteps::new(Arc::new(tokenizer)).expect("its table")
}

/// The one word of a text.
fn word(steps: &TokenizationSteps, text: &str) -> TokenizedWord {
    let mut words = steps.of(text).expect("steps").words;
    assert_eq!(words.len(), 1, "{text:?}");
    words.remove(0)
}

/// Every kind of tokenizer, and the default models'.
fn tokenizers() -> Vec<(&'static str, Tokenizer)> {
    let ([roberta, _], [gpt, from_parts]) = (roberta(), openai_gpt());
    let [pieces, plain] = sentence_pieces();
    vec![
        ("models/bert", from_json(BERT)),
        ("models/gpt", from_json(GPT)),
        ("models/unigram", unigram()),
        ("wordpiece-uncased", word_piece(false)),
        ("wordpiece-cased", word_piece(true)),
        ("byte-level", byte_level()),
        ("roberta", roberta),
        ("openai-gpt", gpt),
        ("openai-gpt, parts", from_parts),
        ("albert", albert()),
        ("SentencePiece BPE", pieces),
        ("SentencePiece BPE, other", plain),
    ]
}

/// Awkward texts, and texts of characters drawn at random from many scripts.
fn texts() -> Vec<String> {
    let awkward: Value = serde_json::from_str(fixture!("tokenization/gpt.json")).expect("JSON");
    let awkward = list(&awkward["cases"]).iter();
    let awkward = awkward.map(|case| text(&case["text"]).to_string());
    let alphabet: Vec<char> =
        "eeeaaiioottnnssrrhlldcumfpgwybvk      .,'-\"\n\tTHEA019éü\u{301}ßİﬁ中日ก😀👍🏽\u{200d}\u{feff}Ġ▁#_<>[]"
            .chars()
            .collect();
    let draws = seeded("texts", 300 * 40, 7, 1.0, 1.0);
    let random = draws.chunks(40).enumerate().map(|(number, draws)| {
        let draws = draws.iter().take(1 + number % 40);
        let character = |draw: &f32| alphabet[(draw / 2.0 * alphabet.len() as f32) as usize];
        draws.map(character).collect()
    });
    awkward.chain(random).collect()
}

/// What holds of the steps of any word.
fn assert_consistent(what: &str, word: &TokenizedWord) {
    assert!(word.shown, "{what}");
    let mut pieces = word.symbols.clone();
    for merge in &word.merges {
        assert_eq!(pieces[merge.at], merge.left, "{what}");
        assert_eq!(pieces.remove(merge.at + 1), merge.right, "{what}");
        pieces[merge.at] = merge.result.clone();
        assert_eq!(pieces, merge.pieces_after, "{what}");
    }
    if !word.symbols.is_empty() {
        assert_eq!(pieces, word.pieces, "{what}: where the merges lead");
    }
    let found = word.tried.iter().filter(|tried| tried.found);
    let found: Vec<&String> = found.map(|tried| &tried.piece).collect();
    if !word.tried.is_empty() && word.tried[word.tried.len() - 1].found {
        assert_eq!(found, word.pieces.iter().collect::<Vec<_>>(), "{what}");
    }
    let mut end = 0;
    for piece in word.lattice.iter().filter(|piece| piece.chosen) {
        assert!(piece.best && piece.start == end, "{what}");
        assert_eq!(word.text[piece.start..piece.end], piece.piece, "{what}");
        end = piece.end;
    }
    assert!(word.lattice.is_empty() || end == word.text.len(), "{what}");
}

#[wasm_bindgen_test(unsupported = test)]
fn they_lead_to_the_tokenizers_own_tokens() {
    let texts = texts();
    for (name, tokenizer) in tokenizers() {
        let tokenizer = Arc::new(tokenizer);
        let steps = TokenizationSteps::new(tokenizer.clone()).expect("its table");
        for text in &texts {
            let what = format!("{name}, {text:?}");
            let Tokenization { words, kind, .. } = steps.of(text).expect("steps");
            let tokens = tokenizer.encode(text, None, false).expect("tokens");
            let ids: Vec<u32> = words.iter().flat_map(|word| word.ids.clone()).collect();
            assert_eq!(ids, tokens.ids(), "{what}");
            let theirs = tokens.tokens.iter().map(|token| &token.token);
            let ours = words.iter().flat_map(|word| &word.pieces);
            assert!(ours.eq(theirs), "{what}");
            for word in &words {
                assert_consistent(&what, word);
                assert!(text.get(word.range.clone()).is_some(), "{what}");
                let way = [!word.symbols.is_empty(), !word.lattice.is_empty()];
                let expected = [kind == "bpe", kind == "unigram"];
                assert!(word.added || way == expected, "{what}");
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn merges_one_by_one() {
    let [gpt, _] = openai_gpt();
    for (name, tokenizer) in [("byte-level", byte_level()), ("openai-gpt", gpt)] {
        let steps = steps(tokenizer);
        let fixture = fixture();
        assert!(list(&fixture[name]).len() > 4, "{name}");
        for case in list(&fixture[name]) {
            let what = text(&case["word"]);
            let word = word(&steps, what);
            let pieces = |value: &Value| -> Vec<String> {
                list(value).iter().map(|piece| text(piece).into()).collect()
            };
            assert_eq!(word.symbols, pieces(&case["symbols"]), "{what}");
            assert_eq!(word.bytes, what.as_bytes());
            assert_eq!(word.merges.len(), list(&case["merges"]).len(), "{what}");
            for (ours, theirs) in word.merges.iter().zip(list(&case["merges"])) {
                assert_eq!(ours.left, text(&theirs["left"]), "{what}");
                assert_eq!(ours.right, text(&theirs["right"]), "{what}");
                assert_eq!(Some(u64::from(ours.rank)), theirs["rank"].as_u64());
                assert_eq!(Some(ours.at as u64), theirs["at"].as_u64(), "{what}");
                assert_eq!(ours.pieces_after, pieces(&theirs["pieces_after"]));
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_longest_match_first() {
    let steps = steps(word_piece(false));
    for case in list(&fixture()["wordpiece"]) {
        let what = text(&case["word"]);
        let word = word(&steps, what);
        let theirs = list(&case["tried"]).iter();
        let theirs = theirs.map(|tried| (text(&tried["piece"]), tried["found"] == true));
        let ours = word.tried.iter();
        let ours = ours.map(|tried| (&*tried.piece, tried.found));
        assert!(ours.eq(theirs), "{what}: {:?}", word.tried);
    }
    // Longer words are not looked at: 100 letters are the most.
    let long = word(&steps, &"a".repeat(101));
    assert_eq!((&*long.pieces[0], long.tried.len()), ("[UNK]", 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn the_best_of_all_cuts() {
    for (name, tokenizer) in [("albert", albert()), ("unigram", unigram())] {
        let steps = steps(tokenizer);
        for case in list(&fixture()[name]) {
            let what = text(&case["word"]);
            // The sign for a blank is put before the text by the tokenizer.
            let word = word(&steps, what.trim_start_matches('\u{2581}'));
            assert_eq!(word.text, what);
            let mut chosen = word.lattice.iter().filter(|piece| piece.chosen);
            let theirs = list(&case["chosen"]).iter().map(text);
            assert!(
                chosen.clone().map(|piece| &*piece.piece).eq(theirs),
                "{what}"
            );
            let last = chosen.next_back().expect("a piece");
            let total = case["total"].as_f64().expect("a number");
            assert_close(what, &[last.total as f32], &[total as f32]);
            let known = word.lattice.iter().filter(|piece| piece.known);
            let mut known: Vec<&str> = known.map(|piece| &*piece.piece).collect();
            known.sort_unstable();
            known.dedup();
            assert!(
                known.into_iter().eq(list(&case["known"]).iter().map(text)),
                "{what}"
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn normalised_texts_and_their_words() {
    let fixture = fixture();
    for (name, tokenizer) in [
        ("wordpiece", word_piece(false)),
        ("byte-level", byte_level()),
        ("unigram", unigram()),
    ] {
        let steps = steps(tokenizer);
        for case in list(&fixture["words"][name]) {
            let what = text(&case["text"]);
            let ours = steps.of(what).expect("steps");
            assert_eq!(ours.normalized, text(&case["normalized"]), "{name}");
            let words = ours.words.iter().map(|word| &*word.text);
            assert!(
                words.eq(list(&case["words"]).iter().map(text)),
                "{name}, {what:?}"
            );
            for word in &ours.words {
                if ours.byte_level {
                    assert_eq!(word.bytes, what[word.range.clone()].as_bytes());
                } else {
                    assert_eq!(word.bytes, word.text.as_bytes());
                }
            }
        }
    }
    let ours = steps(word_piece(false))
        .of("CAF\u{c9} [SEP]umbrella")
        .expect("steps");
    let words = ours
        .words
        .iter()
        .map(|word| (&*word.text, word.range.clone(), word.added));
    let words: Vec<_> = words.collect();
    let expected = [
        ("cafe", 0..5, false),
        ("[SEP]", 6..11, true),
        ("umbrella", 11..19, false),
    ];
    assert_eq!(words, expected);
}

#[wasm_bindgen_test(unsupported = test)]
fn too_many_steps_are_left_out_and_pieces_stay() {
    for (name, tokenizer) in tokenizers() {
        let tokenizer = Arc::new(tokenizer);
        let steps = TokenizationSteps::new(tokenizer.clone()).expect("its table");
        let long = "umbrella".repeat(5_000);
        let ours = steps.of(&long).expect("steps");
        let ids: Vec<u32> = ours
            .words
            .iter()
            .flat_map(|word| word.ids.clone())
            .collect();
        let tokens = tokenizer.encode(&long, None, false).expect("tokens");
        assert_eq!(ids, tokens.ids(), "{name}");
        let hidden = ours.words.iter().filter(|word| !word.shown);
        let has_steps = |word: &&TokenizedWord| !word.merges.is_empty() || !word.lattice.is_empty();
        assert_eq!(hidden.filter(has_steps).count(), 0, "{name}");
        let steps = ours.words.iter().map(|word| {
            let after = word.merges.iter().map(|merge| merge.pieces_after.len());
            after.sum::<usize>() + word.lattice.len() + word.tried.len()
        });
        assert!(steps.sum::<usize>() <= 200_000, "{name}");
        assert_eq!(code(steps_of(&tokenizer, 20_001)), "input_too_long");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn ids_that_lie_far_apart() {
    for (last, shown) in [(2, true), (u32::MAX, false)] {
        let vocab = format!(r#"{{"a": 0, "b": 1, "ab": {last}}}"#);
        let tokenizer = Tokenizer::from_files(&TokenizerFiles {
            vocab_json: Some(vocab.as_bytes()),
            merges_txt: Some(b"a b"),
            ..Default::default()
        });
        let ours = word(&steps(tokenizer.expect("a tokenizer")), "ab");
        assert_eq!((ours.ids, ours.shown), (vec![last], shown));
    }
}

fn steps_of(tokenizer: &Arc<Tokenizer>, words: usize) -> cloze::Result<Tokenization> {
    TokenizationSteps::new(tokenizer.clone())?.of(&"word ".repeat(words))
}
