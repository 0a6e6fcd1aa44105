//! A `tokenizers` tokenizer from the files of a model folder.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use tokenizers as tk;
use tokenizers::models::bpe::{BpeBuilder, BPE};
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::roberta::RobertaProcessing;
use tokenizers::tokenizer::pattern::Pattern;
use tokenizers::utils::SysRegex;

use super::charsmap;
use crate::error::{Error, Result};

/// The contents of the tokenizer files that a folder has. `tokenizer` is enough; without it,
/// `vocab_txt` (WordPiece) or `vocab_json` and `merges_txt` (byte pairs of GPT-2, RoBERTa or GPT-1) are used.
#[derive(Debug, Default, Clone, Copy)]
pub struct TokenizerFiles<'a> {
    /// `tokenizer.json`
    pub tokenizer: Option<&'a [u8]>,
    /// `vocab.txt`: one WordPiece token a line.
    pub vocab_txt: Option<&'a [u8]>,
    /// `vocab.json`: token → id.
    pub vocab_json: Option<&'a [u8]>,
    /// `merges.txt`: one pair a line, best first.
    pub merges_txt: Option<&'a [u8]>,
    /// `tokenizer_config.json`: casing and the names of the special tokens.
    pub tokenizer_config: Option<&'a [u8]>,
}

/// The part of `tokenizer_config.json` that changes how text is cut.
#[derive(Deserialize)]
struct TokenizerConfig {
    #[serde(default = "yes")]
    do_lower_case: bool,
    strip_accents: Option<bool>,
    #[serde(default = "yes")]
    tokenize_chinese_chars: bool,
    #[serde(default)]
    add_prefix_space: bool,
    tokenizer_class: Option<String>,
}

fn yes() -> bool {
    true
}

fn invalid(what: &str, error: impl std::fmt::Display) -> Error {
    Error::InvalidTokenizer(format!("{what}: {error}"))
}

fn utf8<'a>(what: &str, bytes: &'a [u8]) -> Result<&'a str> {
    let text = std::str::from_utf8(bytes).map_err(|error| invalid(what, error))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Refuses the settings that the `tokenizers` crate answers with a panic, which in wasm would be the
/// end of the instance. None has a use in BERT's or GPT-2's tokenizers.
fn refuse_fatal_parts(bytes: &[u8]) -> Result<()> {
    #[derive(Deserialize)]
    struct Parts {
        normalizer: Option<Value>,
        pre_tokenizer: Option<Value>,
        post_processor: Option<Value>,
        decoder: Option<Value>,
    }
    let parts: Parts =
        serde_json::from_slice(bytes).map_err(|error| invalid("tokenizer.json", error))?;
    let parts = [
        parts.normalizer,
        parts.pre_tokenizer,
        parts.post_processor,
        parts.decoder,
    ];
    let reason = parts.iter().flatten().find_map(fatal);
    reason.map_or(Ok(()), |reason| Err(invalid("tokenizer.json", reason)))
}

/// Why a part of `tokenizer.json`, or a part of that, would panic.
fn fatal(part: &Value) -> Option<&'static str> {
    match part {
        Value::Object(fields) => match fields.get("type").and_then(Value::as_str) {
            Some("Precompiled") => {
                charsmap::defect(part["precompiled_charsmap"].as_str().unwrap_or_default())
            }
            Some("Replace") if finds_nothing(&part["pattern"]) => {
                Some("\"Replace\" has nothing to look for")
            }
            Some("FixedLength") if part["length"] == 0 => Some("\"FixedLength\" has no length"),
            Some("TemplateProcessing") if !fits_together(part) => {
                Some("\"TemplateProcessing\" names texts or special tokens that it does not have")
            }
            _ => fields.values().find_map(fatal),
        },
        Value::Array(parts) => parts.iter().find_map(fatal),
        _ => None,
    }
}

/// Whether a pattern is found between characters, with nothing in it.
fn finds_nothing(pattern: &Value) -> bool {
    match (pattern["String"].as_str(), pattern["Regex"].as_str()) {
        (Some(text), _) => text.is_empty(),
        // What is wrong with the expression itself is said when the tokenizer is built.
        (_, Some(regex)) => SysRegex::new(regex)
            .ok()
            .and_then(|regex| (&regex).find_matches("a b").ok())
            .is_some_and(|found| found.iter().any(|&((start, end), is)| is && start == end)),
        _ => false,
    }
}

/// Whether a template's pieces are texts that there are, and special tokens with as many ids as names.
fn fits_together(template: &Value) -> bool {
    let known = |piece: &Value, texts: &[&str]| match (&piece["Sequence"], &piece["SpecialToken"]) {
        (Value::Object(text), _) => text
            .get("id")
            .and_then(Value::as_str)
            .is_some_and(|id| texts.contains(&id)),
        (_, Value::Object(token)) => {
            let id = token.get("id").and_then(Value::as_str).unwrap_or_default();
            let token = &template["special_tokens"][id];
            let count = |field: &str| token[field].as_array().map(Vec::len);
            count("ids").is_some() && count("ids") == count("tokens")
        }
        _ => false,
    };
    let all_known = |field: &str, texts: &[&str]| {
        template[field]
            .as_array()
            .is_some_and(|pieces| pieces.iter().all(|piece| known(piece, texts)))
    };
    all_known("single", &["A"]) && all_known("pair", &["A", "B"])
}

impl TokenizerFiles<'_> {
    /// Builds the tokenizer; truncation and padding stored in `tokenizer.json` are switched off,
    /// because a text that is too long is the caller's to know.
    pub(super) fn build(&self) -> Result<tk::Tokenizer> {
        let mut tokenizer = if let Some(bytes) = self.tokenizer {
            refuse_fatal_parts(bytes)?;
            tk::Tokenizer::from_bytes(bytes).map_err(|error| invalid("tokenizer.json", error))?
        } else if let Some(bytes) = self.vocab_txt {
            self.word_piece(utf8("vocab.txt", bytes)?)?
        } else if let (Some(vocab), Some(merges)) = (self.vocab_json, self.merges_txt) {
            self.byte_pairs(vocab, utf8("merges.txt", merges)?)?
        } else {
            return Err(Error::InvalidTokenizer(
                "no tokenizer.json, no vocab.txt, and not both vocab.json and merges.txt. Add one of \
                 them to the model's folder."
                    .into(),
            ));
        };
        tokenizer
            .with_truncation(None)
            .map_err(|error| invalid("truncation", error))?;
        tokenizer.with_padding(None);
        Ok(tokenizer)
    }

    fn config(&self) -> Result<TokenizerConfig> {
        serde_json::from_slice(self.tokenizer_config.unwrap_or(b"{}"))
            .map_err(|error| invalid("tokenizer_config.json", error))
    }

    /// As `BertTokenizer` does: clean, split Chinese characters, lower and strip accents, then the
    /// longest pieces of each word (Schuster & Nakajima 2012).
    fn word_piece(&self, vocab_txt: &str) -> Result<tk::Tokenizer> {
        let config = self.config()?;
        let vocab: HashMap<String, u32> = vocab_txt
            .lines()
            .enumerate()
            .map(|(id, token)| (token.trim_end().to_string(), id as u32))
            .filter(|(token, _)| !token.is_empty())
            .collect();
        let special = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"];
        for needed in ["[UNK]", "[CLS]", "[SEP]"] {
            if !vocab.contains_key(needed) {
                return Err(Error::InvalidTokenizer(format!(
                    "vocab.txt has no line \"{needed}\""
                )));
            }
        }
        let (cls, sep) = (vocab["[CLS]"], vocab["[SEP]"]);
        let present = special.iter().filter(|token| vocab.contains_key(**token));
        let added: Vec<_> = present
            .map(|token| tk::AddedToken::from(*token, true))
            .collect();
        let model = WordPiece::builder()
            .vocab(vocab.into_iter().collect::<tk::models::bpe::Vocab>())
            .unk_token("[UNK]".into())
            .build()
            .map_err(|error| invalid("vocab.txt", error))?;
        let mut tokenizer = tk::Tokenizer::new(model);
        let normalizer = tk::normalizers::BertNormalizer::new(
            true,
            config.tokenize_chinese_chars,
            config.strip_accents,
            config.do_lower_case,
        );
        tokenizer
            .with_normalizer(Some(normalizer))
            .map_err(|error| invalid("normalizer", error))?;
        tokenizer
            .with_pre_tokenizer(Some(tk::pre_tokenizers::bert::BertPreTokenizer))
            .with_post_processor(Some(tk::processors::bert::BertProcessing::new(
                ("[SEP]".into(), sep),
                ("[CLS]".into(), cls),
            )))
            .with_decoder(Some(tk::decoders::wordpiece::WordPiece::default()));
        add_special(&mut tokenizer, added)?;
        Ok(tokenizer)
    }

    /// The tokenizers that share these two files are told apart by their vocabularies.
    fn byte_pairs(&self, vocab_json: &[u8], merges_txt: &str) -> Result<tk::Tokenizer> {
        let config = self.config()?;
        let vocab: HashMap<String, u32> =
            serde_json::from_slice(vocab_json).map_err(|error| invalid("vocab.json", error))?;
        let merges = merges(merges_txt)?;
        let blanks = vocab.keys().any(|token| token.starts_with('Ġ'));
        if !blanks && merges.iter().any(|(_, right)| right.ends_with(WORD_END)) {
            return word_end_bpe(vocab, merges);
        }
        let roberta = match config.tokenizer_class.as_deref() {
            Some(class) => class.starts_with("Roberta"),
            None => ["<s>", "</s>", "<mask>"]
                .iter()
                .all(|token| vocab.contains_key(*token)),
        };
        byte_level_bpe(vocab, merges, config.add_prefix_space, roberta)
    }
}

/// The pairs of a `merges.txt`.
fn merges(merges_txt: &str) -> Result<Vec<(String, String)>> {
    let pair = |(number, line): (usize, &str)| match line.trim_end().split_once(' ') {
        Some((left, right)) => Ok((left.to_string(), right.to_string())),
        None => Err(Error::InvalidTokenizer(format!(
            "merges.txt, line {}: not two pieces",
            number + 1
        ))),
    };
    merges_txt
        .lines()
        .enumerate()
        .filter(|(number, line)| {
            let version = *number == 0 && line.starts_with("#version");
            !(version || line.trim().is_empty())
        })
        .map(pair)
        .collect()
}

/// What ends the last piece of a word in GPT-1.
const WORD_END: &str = "</w>";

/// As `OpenAIGPTTokenizer` does: text as BERT cleans and lowers it, the pieces of each word merged by rank.
fn word_end_bpe(
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
) -> Result<tk::Tokenizer> {
    let unknown = vocab.contains_key("<unk>");
    let mut model = BPE::builder()
        .vocab_and_merges(
            vocab.into_iter().collect::<tk::models::bpe::Vocab>(),
            merges,
        )
        .end_of_word_suffix(WORD_END.into());
    if unknown {
        model = model.unk_token("<unk>".into());
    }
    let mut tokenizer = bpe_tokenizer(model)?;
    tokenizer
        .with_normalizer(Some(tk::normalizers::BertNormalizer::default()))
        .map_err(|error| invalid("normalizer", error))?;
    tokenizer
        .with_pre_tokenizer(Some(tk::pre_tokenizers::bert::BertPreTokenizer))
        .with_decoder(Some(tk::decoders::bpe::BPEDecoder::new(WORD_END.into())));
    if unknown {
        add_special(&mut tokenizer, [tk::AddedToken::from("<unk>", true)])?;
    }
    Ok(tokenizer)
}

/// As `GPT2Tokenizer` does: bytes as characters, merged by rank (Sennrich et al. 2016); or as
/// `RobertaTokenizer` does, which puts `<s>` … `</s>` around texts.
fn byte_level_bpe(
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
    add_prefix_space: bool,
    roberta: bool,
) -> Result<tk::Tokenizer> {
    let id = |token: &str| {
        let missing = || Error::InvalidTokenizer(format!("vocab.json has no \"{token}\""));
        vocab.get(token).copied().ok_or_else(missing)
    };
    let template = match roberta {
        false => None,
        true => Some(
            RobertaProcessing::new(("</s>".into(), id("</s>")?), ("<s>".into(), id("<s>")?))
                .trim_offsets(true)
                .add_prefix_space(add_prefix_space),
        ),
    };
    let special = match roberta {
        false => &["<|endoftext|>"][..],
        true => &["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
    };
    let special: Vec<_> = special
        .iter()
        .filter(|token| vocab.contains_key(**token))
        // The blank before a mask belongs to the word that it stands for.
        .map(|token| tk::AddedToken::from(*token, true).lstrip(*token == "<mask>"))
        .collect();
    let model = BPE::builder().vocab_and_merges(
        vocab.into_iter().collect::<tk::models::bpe::Vocab>(),
        merges,
    );
    let mut tokenizer = bpe_tokenizer(model)?;
    let byte_level = ByteLevel::new(add_prefix_space, false, true);
    tokenizer
        .with_pre_tokenizer(Some(byte_level))
        .with_post_processor(template)
        .with_decoder(Some(byte_level));
    add_special(&mut tokenizer, special)?;
    Ok(tokenizer)
}

fn bpe_tokenizer(model: BpeBuilder) -> Result<tk::Tokenizer> {
    let model = model
        .build()
        .map_err(|error| invalid("vocab.json and merges.txt", error))?;
    Ok(tk::Tokenizer::new(model))
}

fn add_special(
    tokenizer: &mut tk::Tokenizer,
    tokens: impl IntoIterator<Item = tk::AddedToken>,
) -> Result<()> {
    tokenizer
        .add_special_tokens(tokens)
        .map(drop)
        .map_err(|error| invalid("special tokens", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parts_that_would_panic_are_refused() {
        let token = |ids: &[u32]| json!({"[X]": {"id": "[X]", "ids": ids, "tokens": ["[X]"]}});
        let template = |single: &str, special: Value| {
            json!({"type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "[X]", "type_id": 0}}, {"Sequence": {"id": single, "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": special})
        };
        let replace = |kind: &str, pattern: &str| json!({"type": "Replace", "pattern": {kind: pattern}, "content": "x"});
        for part in [
            json!({"type": "Precompiled", "precompiled_charsmap": "AAAA"}),
            json!({"type": "Sequence", "pretokenizers": [{"type": "FixedLength", "length": 0}]}),
            replace("String", ""),
            replace("Regex", ""),
            replace("Regex", "x*"),
            template("A", json!({})),
            template("A", token(&[1, 2])),
            template("B", token(&[1])),
        ] {
            assert!(fatal(&part).is_some(), "{part}");
        }
        for part in [
            Value::Null,
            replace("Regex", " {2,}"),
            replace("Regex", "("),
            json!({"type": "FixedLength", "length": 5}),
            template("A", token(&[1])),
        ] {
            assert_eq!(fatal(&part), None, "{part}");
        }
    }
}
