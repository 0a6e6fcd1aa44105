//! Checks of what a task is given, and how much of it is read at once.

use crate::error::{Error, Result};
use crate::text::{Encoding, TokenSpan};

/// Refuses a text with nothing but blanks. `input` is what the error calls it.
///
/// # Errors
/// [`Error::EmptyInput`].
pub(super) fn require_text(input: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::EmptyInput {
            input: input.into(),
        });
    }
    Ok(())
}

/// Refuses more tokens than a model has positions for.
///
/// # Errors
/// [`Error::InputTooLong`].
pub(super) fn require_positions(input: &str, tokens: usize, max: usize) -> Result<()> {
    if tokens > max {
        return Err(Error::InputTooLong {
            input: input.into(),
            tokens,
            max,
        });
    }
    Ok(())
}

/// Refuses what a model cannot read: more tokens than `max`, and tokens beyond its `rows`.
///
/// # Errors
/// [`Error::InputTooLong`]; [`Error::TokenBeyondModel`].
pub(super) fn require_readable(
    input: &str,
    encoding: &Encoding,
    max: usize,
    rows: usize,
) -> Result<()> {
    require_positions(input, encoding.len(), max)?;
    require_known(&encoding.tokens, rows)
}

/// Refuses tokens beyond a model's `rows`, which a tokenizer has that tokens were added to.
///
/// # Errors
/// [`Error::TokenBeyondModel`].
pub(super) fn require_known(tokens: &[TokenSpan], rows: usize) -> Result<()> {
    match tokens.iter().find(|token| token.id as usize >= rows) {
        Some(token) => Err(Error::TokenBeyondModel {
            token: token.token.clone(),
            id: token.id,
            rows,
        }),
        None => Ok(()),
    }
}

/// How many texts of `len` tokens are read as one batch. Small matrices leave processors idle; a caller can only stop
/// between two batches.
pub(super) fn batch_size(len: usize) -> usize {
    const TOKENS: usize = 1024;
    const TEXTS: usize = 32;
    (TOKENS / len.max(1)).clamp(1, TEXTS)
}
