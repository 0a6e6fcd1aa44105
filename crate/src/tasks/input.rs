//! Checks of what a task is given, and how much of it is read at once.

use crate::error::{Error, Head, Result};
use crate::models::ModelInfo;
use crate::text::{Encoding, TokenSpan, Tokenizer, Windows};

/// How many tokens two windows have in common, unless a caller says otherwise.
pub(super) const STRIDE: usize = 128;

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

/// Refuses a decoder that cannot say what comes next.
///
/// # Errors
/// [`Error::NoHead`].
pub(super) fn require_lm(info: &ModelInfo) -> Result<()> {
    if info.heads.lm {
        return Ok(());
    }
    Err(info.heads.lacks(Head::Lm))
}

/// The mask's id and how it is written.
///
/// # Errors
/// [`Error::InvalidTokenizer`] without one.
pub(super) fn require_mask(tokenizer: &Tokenizer) -> Result<(u32, &str)> {
    let none = || Error::InvalidTokenizer("it has no mask token".into());
    tokenizer.mask_token().ok_or_else(none)
}

/// How many texts of `len` tokens are read as one batch. Small matrices leave processors idle; a caller can only stop
/// between two batches.
pub(super) fn batch_size(len: usize) -> usize {
    const TOKENS: usize = 1024;
    const TEXTS: usize = 32;
    (TOKENS / len.max(1)).clamp(1, TEXTS)
}

/// A window of a long text that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowRead {
    /// Which one, from 0.
    pub index: usize,
    /// How many there are.
    pub windows: usize,
}

/// How far the windows of a long text are read, one after the other.
pub(super) struct Reading {
    pub windows: Windows,
    /// Windows that were read, or tried.
    pub done: usize,
    /// Whether one has failed: then there are no more.
    failed: bool,
}

impl Reading {
    /// A text (see [`Encoding::part`]) in windows of at most `most` tokens, template included. `stride`, the option of this
    /// name, says how many tokens two windows have in common; absent, it is [`STRIDE`], and at most half of `most`.
    ///
    /// # Errors
    /// [`Error::InputTooLong`] if what stands around the text leaves no room for it; [`Error::InvalidOption`] if the windows
    /// of a long text would not move on.
    pub fn new(
        encoding: Encoding,
        sequence: u32,
        most: usize,
        (name, stride): (&str, Option<usize>),
    ) -> Result<Self> {
        let part = encoding.part(sequence).len();
        let frame = encoding.len() - part;
        if frame >= most {
            return Err(Error::InputTooLong {
                input: if sequence == 1 { "question" } else { "text" }.into(),
                tokens: frame + 1,
                max: most,
            });
        }
        let room = most - frame;
        let stride = match stride {
            Some(stride) if part > room && stride >= room => {
                let message = format!("must be less than the {room} tokens of a window");
                return Err(Error::option(name, message));
            }
            Some(stride) => stride,
            None => match STRIDE.min(most / 2) {
                stride if stride < room => stride,
                _ => room / 2,
            },
        };
        Ok(Self {
            windows: encoding.windows(sequence, room, stride),
            done: 0,
            failed: false,
        })
    }

    /// The next window to read.
    pub fn next(&self) -> Option<usize> {
        (self.done < self.windows.len() && !self.failed).then_some(self.done)
    }

    /// Counts it, with what came of it.
    pub fn count(&mut self, read: Result<()>) -> Result<WindowRead> {
        let (index, windows) = (self.done, self.windows.len());
        self.done += 1;
        self.failed = read.is_err();
        read.map(|()| WindowRead { index, windows })
    }
}
