//! A `tokenizers` tokenizer from the files of a model folder.

use std::collections::HashMap;

use serde::Deserialize;
use tokenizers as tk;
use tokenizers::models::{bpe::BPE, wordpiece::WordPiece};
use tokenizers::processors::template::TemplateProcessing;

use super::refuse::{self, check_merges};
use crate::error::{Error, Result};

/// The contents of the tokenizer files that a folder has. `tokenizer` is enough; without it,
/// `vocab_txt` (WordPiece) or `vocab_json` and `merges_txt` (byte-level BPE) are used.
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

impl TokenizerFiles<'_> {
    /// Builds the tokenizer; truncation and padding stored in `tokenizer.json` are switched off,
    /// because a text that is too long is the caller's to know.
    pub(super) fn build(&self) -> Result<tk::Tokenizer> {
        let mut tokenizer = if let Some(bytes) = self.tokenizer {
            refuse::fatal_parts(bytes).map_err(|reason| invalid("tokenizer.json", reason))?;
            tk::Tokenizer::from_bytes(bytes).map_err(|error| invalid("tokenizer.json", error))?
        } else if let Some(bytes) = self.vocab_txt {
            self.word_piece(utf8("vocab.txt", bytes)?)?
        } else if let (Some(vocab), Some(merges)) = (self.vocab_json, self.merges_txt) {
            self.byte_level_bpe(vocab, utf8("merges.txt", merges)?)?
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
        tokenizer
            .add_special_tokens(added)
            .map_err(|error| invalid("special tokens", error))?;
        Ok(tokenizer)
    }

    /// As `GPT2Tokenizer` does: bytes as characters, merged by rank (Sennrich et al. 2016).
    fn byte_level_bpe(&self, vocab_json: &[u8], merges_txt: &str) -> Result<tk::Tokenizer> {
        let config = self.config()?;
        let vocab: HashMap<String, u32> =
            serde_json::from_slice(vocab_json).map_err(|error| invalid("vocab.json", error))?;
        let merges = merges_txt
            .lines()
            .enumerate()
            .filter(|(number, line)| {
                let version = *number == 0 && line.starts_with("#version");
                !(version || line.trim().is_empty())
            })
            .map(|(number, line)| {
                line.trim_end()
                    .split_once(' ')
                    .map(|(left, right)| (left.to_string(), right.to_string()))
                    .ok_or_else(|| {
                        Error::InvalidTokenizer(format!(
                            "merges.txt, line {}: not two pieces",
                            number + 1
                        ))
                    })
            })
            .collect::<Result<Vec<_>>>()?;
        let pairs = merges
            .iter()
            .map(|(left, right)| (left.as_str(), right.as_str()));
        check_merges(vocab.keys().map(String::as_str), pairs)
            .map_err(|reason| invalid("vocab.json and merges.txt", reason))?;
        let end_of_text = vocab.contains_key("<|endoftext|>");
        let model = BPE::builder()
            .vocab_and_merges(
                vocab.into_iter().collect::<tk::models::bpe::Vocab>(),
                merges,
            )
            .build()
            .map_err(|error| invalid("vocab.json and merges.txt", error))?;
        let mut tokenizer = tk::Tokenizer::new(model);
        let byte_level =
            tk::pre_tokenizers::byte_level::ByteLevel::new(config.add_prefix_space, false, true);
        tokenizer
            .with_pre_tokenizer(Some(byte_level))
            .with_post_processor(None::<TemplateProcessing>)
            .with_decoder(Some(byte_level));
        if end_of_text {
            tokenizer
                .add_special_tokens([tk::AddedToken::from("<|endoftext|>", true)])
                .map_err(|error| invalid("special tokens", error))?;
        }
        Ok(tokenizer)
    }
}
