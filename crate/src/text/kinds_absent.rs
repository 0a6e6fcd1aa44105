//! In builds without the feature `every-tokenizer`: other kinds of tokenizers than BERT's usual one are refused by name.

use super::config::TokenizerConfig;
use super::engine::Engine;
use super::word_piece::{Ends, WordPieceParts};
use crate::error::{Error, Result};

pub(super) fn from_json(_: &[u8], _: &TokenizerConfig) -> Result<Engine> {
    Err(absent("a tokenizer.json that is not BERT's"))
}

pub(super) fn word_piece(_: WordPieceParts, _: Ends) -> Result<Engine> {
    Err(absent("added tokens that are normalised, or take blanks"))
}

pub(super) fn byte_pairs(_: &[u8], _: &str, _: &TokenizerConfig) -> Result<Engine> {
    Err(absent("a tokenizer of byte pairs"))
}

/// The error for what such a build leaves out.
pub(super) fn absent(what: &'static str) -> Error {
    Error::BeyondBuild(what)
}
