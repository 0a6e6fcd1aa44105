//! The tokenizer as the tasks use it.

use std::ops::Range;

use tokenizers as tk;
use tokenizers::{DecoderWrapper, ModelWrapper};

use super::bytes::token_bytes;
use super::files::TokenizerFiles;
use crate::error::{Error, Result};

/// Bytes of text that are cut at once: a very long novel, and a few seconds of work.
const MAX_TEXT: usize = 4_000_000;

/// One token of an encoded text.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenSpan {
    /// Index into the vocabulary.
    pub id: u32,
    /// As it stands in the vocabulary: `##ing`, `Ġthe`.
    pub token: String,
    /// UTF-8 bytes of the sequence it came from; empty for tokens added by the template.
    pub range: Range<usize>,
    /// 0 for the first text, 1 for the second: BERT's `token_type_ids`.
    pub type_id: u32,
    /// Added by the model's template (`[CLS]`, `[SEP]`), not typed by anybody.
    pub special: bool,
    /// Which word of its text it is a piece of, from 0.
    pub word: Option<u32>,
}

/// An encoded text or pair of texts, in the order the model reads it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Encoding {
    /// All tokens.
    pub tokens: Vec<TokenSpan>,
}

impl Encoding {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// `input_ids`, shape `[len]`.
    pub fn ids(&self) -> Vec<u32> {
        self.tokens.iter().map(|token| token.id).collect()
    }

    /// `token_type_ids`, shape `[len]`.
    pub fn type_ids(&self) -> Vec<u32> {
        self.tokens.iter().map(|token| token.type_id).collect()
    }
}

/// A tokenizer read from a model's files; see [`TokenizerFiles`].
pub struct Tokenizer {
    inner: tk::Tokenizer,
    byte_level: bool,
    mask: Option<(u32, String)>,
}

impl Tokenizer {
    /// Reads the files.
    ///
    /// # Errors
    /// [`Error::InvalidTokenizer`] if none of the known sets of files is complete, or one is broken.
    pub fn from_files(files: &TokenizerFiles) -> Result<Self> {
        let inner = files.build()?;
        let byte_level = matches!(inner.get_decoder(), Some(DecoderWrapper::ByteLevel(_)));
        // BERT writes [MASK], RoBERTa and its kin <mask>.
        let mask = ["[MASK]", "<mask>"]
            .into_iter()
            .find_map(|token| inner.token_to_id(token).map(|id| (id, token.to_string())));
        Ok(Self {
            inner,
            byte_level,
            mask,
        })
    }

    /// Cuts one text, or two for a model that reads pairs. `add_special_tokens` puts the model's
    /// template around (`[CLS]` … `[SEP]`). Offsets are UTF-8 bytes into the text as given.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`] above 4 MB.
    pub fn encode(
        &self,
        text: &str,
        pair: Option<&str>,
        add_special_tokens: bool,
    ) -> Result<Encoding> {
        let bytes = text.len() + pair.map_or(0, str::len);
        if bytes > MAX_TEXT {
            return Err(Error::InputTooLarge {
                bytes,
                max: MAX_TEXT,
            });
        }
        let failed =
            |error: tk::Error| Error::InvalidTokenizer(format!("the text cannot be cut: {error}"));
        let encoding = match pair {
            Some(pair) => self.inner.encode((text, pair), add_special_tokens),
            None => self.inner.encode(text, add_special_tokens),
        }
        .map_err(failed)?;
        let words = encoding.get_word_ids();
        let sequences = encoding.get_sequence_ids();
        let tokens = (0..encoding.len())
            .map(|i| {
                let special = encoding.get_special_tokens_mask()[i] == 1 && sequences[i].is_none();
                let (start, end) = encoding.get_offsets()[i];
                let source = if sequences[i] == Some(1) {
                    pair.unwrap_or("")
                } else {
                    text
                };
                TokenSpan {
                    id: encoding.get_ids()[i],
                    token: encoding.get_tokens()[i].clone(),
                    range: if special {
                        0..0
                    } else {
                        whole_chars(source, start, end)
                    },
                    type_id: encoding.get_type_ids()[i],
                    special,
                    word: words[i],
                }
            })
            .collect();
        Ok(Encoding { tokens })
    }

    /// Text for ids, special tokens left out.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        // Some of the crate's decoders count from the last token, which must be there.
        let special = |token: &str| self.inner.get_added_vocabulary().is_special_token(token);
        let is_text = |&id: &u32| {
            self.inner
                .id_to_token(id)
                .is_some_and(|token| !special(&token))
        };
        if !ids.iter().any(is_text) {
            return Ok(String::new());
        }
        self.inner
            .decode(ids, true)
            .map_err(|error| Error::InvalidTokenizer(format!("the tokens cannot be read: {error}")))
    }

    /// The entry of the vocabulary, or `None` beyond it.
    pub fn id_to_token(&self, id: u32) -> Option<String> {
        self.inner.id_to_token(id)
    }

    /// The id of an exact entry of the vocabulary.
    pub fn token_to_id(&self, token: &str) -> Option<u32> {
        self.inner.token_to_id(token)
    }

    /// Entries, added tokens included.
    pub fn vocab_size(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// Id and spelling of the mask token, if the vocabulary has one.
    pub fn mask_token(&self) -> Option<(u32, &str)> {
        self.mask.as_ref().map(|(id, token)| (*id, token.as_str()))
    }

    /// The bytes that a token adds to a text that is being generated; several tokens may make up
    /// one character. Special tokens add nothing.
    pub fn piece_bytes(&self, id: u32) -> Vec<u8> {
        let Some(token) = self.inner.id_to_token(id) else {
            return Vec::new();
        };
        let special = self.inner.get_added_vocabulary().is_special_token(&token);
        match special {
            true => Vec::new(),
            false if self.byte_level => token_bytes(&token),
            false => self.readable(id).into_bytes(),
        }
    }

    /// A token for people: `" the"` for `Ġthe`, `##ing` as it is.
    pub fn readable(&self, id: u32) -> String {
        match self.inner.id_to_token(id) {
            Some(token) if self.byte_level => {
                String::from_utf8_lossy(&token_bytes(&token)).into_owned()
            }
            Some(token) => token,
            None => format!("<{id}>"),
        }
    }

    /// Prefix of the pieces that continue a word (`##` in BERT), if the model has such.
    pub fn continuation_prefix(&self) -> Option<&str> {
        match self.inner.get_model() {
            ModelWrapper::WordPiece(model) => Some(&model.continuing_subword_prefix),
            _ => None,
        }
    }
}

/// Widens a byte range to whole characters: byte-level tokens may cover part of one.
fn whole_chars(text: &str, start: usize, end: usize) -> Range<usize> {
    let (mut start, mut end) = (start.min(text.len()), end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end.max(start)
}
