//! What a tokenizer for WordPiece is made of, whoever puts it together.

use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::AddedToken;

use crate::error::{Error, Result};

/// The parts.
pub(super) struct WordPieceParts {
    pub normalizer: BertNormalizer,
    pub model: WordPiece,
    pub added: Vec<AddedToken>,
}

/// The tokens around a text, and what an error calls the vocabulary.
pub(super) struct Ends<'a> {
    pub cls: &'a str,
    pub sep: &'a str,
    pub source: &'a str,
}

impl Ends<'_> {
    pub fn frame(&self, id: impl Fn(&str) -> Option<u32>) -> Result<BertProcessing> {
        let known = |token: &str| match id(token) {
            Some(id) => Ok((token.to_string(), id)),
            None => Err(lacks(self.source, token)),
        };
        Ok(BertProcessing::new(known(self.sep)?, known(self.cls)?))
    }
}

pub(super) fn lacks(source: &str, token: &str) -> Error {
    Error::InvalidTokenizer(format!("{source} has no \"{token}\""))
}

pub(super) fn invalid(what: &str, error: impl std::fmt::Display) -> Error {
    Error::InvalidTokenizer(format!("{what}: {error}"))
}

/// A line without the blanks at its end. U+2028 and its like are none: in bert-base-chinese's vocabulary they are tokens.
pub(super) fn without_blanks(line: &str) -> &str {
    line.trim_end_matches([' ', '\t', '\r'])
}
