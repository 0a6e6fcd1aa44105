//! The text of tokens that come one by one adds up to what decoding all of them gives.

use std::sync::Arc;

use cloze::text::{TextStream, Tokenizer, TokenizerFiles};
use wasm_bindgen_test::wasm_bindgen_test;

use super::tokenization::{albert, byte_level, openai_gpt, roberta, word_piece};
use super::{gguf_tokenizer, tokenizer_files};

/// One of each kind of decoder.
fn tokenizers() -> Vec<Arc<Tokenizer>> {
    let [roberta, _] = roberta();
    let [openai_gpt, _] = openai_gpt();
    // Words with blanks between them, for want of a decoder.
    let plain = br#"{"version": "1.0", "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "?": 2}, "unk_token": "?"}}"#;
    let plain = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(plain),
        ..Default::default()
    });
    let mut all = vec![
        word_piece(false),
        byte_level(),
        roberta,
        openai_gpt,
        albert(),
        plain.expect("a tokenizer"),
    ];
    all.extend(gguf_tokenizer::sentence_pieces());
    all.extend(tokenizer_files::llamas());
    all.into_iter().map(Arc::new).collect()
}

/// What `written` adds to `prompt`, in pieces and at once.
fn written(tokenizer: &Arc<Tokenizer>, prompt: &[u32], written: &[u32]) -> (String, String) {
    let mut stream = TextStream::after(tokenizer.clone(), prompt);
    let mut pieces: String = written.iter().map(|&id| stream.push(id)).collect();
    pieces += &stream.finish();
    let whole = [prompt, written].concat();
    let decoded = |ids: &[u32]| tokenizer.decode(ids).expect("a text");
    (pieces, decoded(&whole)[decoded(prompt).len()..].to_string())
}

#[wasm_bindgen_test(unsupported = test)]
fn pieces_add_up_to_the_whole() {
    for (kind, tokenizer) in tokenizers().iter().enumerate() {
        let count = tokenizer.vocab_size() as u32;
        let mut state = 7 + kind as u32;
        // Mostly tokens at random, with bytes that make no characters.
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        for _ in 0..300 {
            let ids: Vec<u32> = (0..1 + random(24)).map(|_| random(count)).collect();
            // The prompt ends in whole characters, as what is typed does, and keeps its text.
            let all = tokenizer.decode(&ids).expect("a text");
            let mut start = random(ids.len() as u32) as usize;
            let cut = |start: usize| tokenizer.decode(&ids[..start]).expect("a text");
            while cut(start).ends_with('\u{fffd}') || !all.starts_with(&cut(start)) {
                start -= 1;
            }
            let (pieces, whole) = written(tokenizer, &ids[..start], &ids[start..]);
            assert_eq!(pieces, whole, "kind {kind}: {ids:?} from {start}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn words_of_a_bert() {
    let vocab = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nshe\nwas\nplay\n##ing\nfoot\n##ball\n.\n";
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        vocab_txt: Some(vocab.as_bytes()),
        ..Default::default()
    });
    let tokenizer = Arc::new(tokenizer.expect("a tokenizer"));
    let prompt = tokenizer
        .encode("she was", None, true)
        .expect("tokens")
        .ids();
    let mut stream = TextStream::after(tokenizer, &prompt);
    let pieces = [6, 7, 8, 9, 10, 4].map(|id| stream.push(id));
    assert_eq!(pieces, [" play", "ing", " foot", "ball", ".", " she"]);
}

#[wasm_bindgen_test(unsupported = test)]
fn characters_come_out_whole() {
    let tokenizer = Arc::new(byte_level());
    let ids = |text: &str| tokenizer.encode(text, None, false).expect("tokens").ids();
    let smile = ids("\u{1f600}");
    assert_eq!(smile.len(), 4, "a token for each byte");
    let mut stream = TextStream::after(tokenizer.clone(), &ids("a"));
    let pieces: Vec<String> = smile.iter().map(|&id| stream.push(id)).collect();
    assert_eq!(pieces, ["", "", "", "\u{1f600}"]);
    assert_eq!(stream.push(smile[0]), "");
    assert_eq!(stream.push(ids("b")[0]), "\u{fffd}b");
    assert_eq!(stream.push(smile[0]), "");
    assert_eq!(
        (stream.finish(), stream.finish()),
        ("\u{fffd}".into(), String::new())
    );
}

/// A model that writes nothing but parts of characters: what cannot become one any more comes out, and the tokens before
/// it are let go of.
#[wasm_bindgen_test(unsupported = test)]
fn long_rows_of_broken_characters() {
    let tokenizer = Arc::new(byte_level());
    let ids = |text: &str| tokenizer.encode(text, None, false).expect("tokens").ids();
    let parts = ids("\u{1f600}");
    let mut state = 3u32;
    let mut part = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        parts[(state >> 8) as usize % parts.len()]
    };
    let row: Vec<u32> = (0..2000).map(|_| part()).collect();
    for row in [row, vec![parts[1]; 2000], vec![parts[0]; 2000]] {
        let (pieces, whole) = written(&tokenizer, &ids("a"), &row);
        assert_eq!(pieces, whole);
        let mut stream = TextStream::after(tokenizer.clone(), &ids("a"));
        let given: usize = row.iter().map(|&id| stream.push(id).len()).sum();
        assert!(
            whole.len() - given <= 12,
            "{} bytes held",
            whole.len() - given
        );
    }
    // Byte tokens are held as long as their row lasts.
    for tokenizer in gguf_tokenizer::sentence_pieces() {
        let tokenizer = Arc::new(tokenizer);
        let known = |byte: u8| tokenizer.token_to_id(&format!("<0x{byte:02X}>"));
        let Some(first) = known(0xF0) else { continue };
        let letter = tokenizer.encode("a", None, false).expect("tokens").ids();
        let row: Vec<u32> = std::iter::repeat_n(first, 5000)
            .chain(letter.clone())
            .collect();
        let (pieces, whole) = written(&tokenizer, &letter, &row);
        assert_eq!(pieces, whole);
        assert!(whole.matches('\u{fffd}').count() >= 5000);
    }
}
