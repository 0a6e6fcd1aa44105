//! What a model reads for a summary: as much of the document as fits beside frame and summary.

use std::ops::Range;

use super::frame::Frame;
use super::options::{Part, SummaryOptions};
use crate::error::{Error, Result};
use crate::text::{TokenSpan, Tokenizer};

/// Stands where the middle of a document was left out.
const GAP: &str = " ... ";

/// The part of a document that the model does not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which part.
    pub part: Part,
    /// UTF-8 bytes of the document.
    pub range: Range<usize>,
    /// Its tokens.
    pub tokens: usize,
}

impl LeftOut {
    /// The document without it.
    fn without(&self, text: &str) -> String {
        let (before, after) = (&text[..self.range.start], &text[self.range.end..]);
        match self.part {
            Part::Head => after.trim_start().to_string(),
            Part::Tail => before.trim_end().to_string(),
            Part::Middle => format!("{}{GAP}{}", before.trim_end(), after.trim_start()),
        }
    }
}

/// What the model will read for a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryPlan {
    /// Exactly: the document, as far as it fits and without special tokens, and the cue or the conversation that asks
    /// for a summary.
    pub prompt: String,
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// Tokens of the whole document.
    pub document_tokens: usize,
    /// Tokens of the prompt without the document.
    pub cue_tokens: usize,
    /// The model's positions.
    pub context: usize,
    /// Document tokens that fit beside cue and summary.
    pub budget: usize,
    /// What does not fit.
    pub left_out: Option<LeftOut>,
}

/// A document to be fitted into a context.
pub(super) struct Planner<'a> {
    tokenizer: &'a Tokenizer,
    frame: Frame<'a>,
    /// The document without blanks at its end.
    text: &'a str,
    tokens: Vec<TokenSpan>,
    truncation: Part,
    max_new_tokens: usize,
    cue_tokens: usize,
    context: usize,
}

impl<'a> Planner<'a> {
    /// For a model of `context` positions.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`]; [`Error::ChatTemplate`].
    pub fn new(
        tokenizer: &'a Tokenizer,
        document: &'a str,
        options: &'a SummaryOptions,
        context: usize,
    ) -> Result<Self> {
        let text = document.trim_end();
        let frame = Frame::new(tokenizer, options);
        let encoding = tokenizer.encode(text, None, frame.adds_special_tokens())?;
        let cue = frame.prompt(tokenizer, "")?;
        Ok(Self {
            tokenizer,
            text,
            tokens: encoding.tokens,
            truncation: options.truncation,
            max_new_tokens: options.generation.max_new_tokens,
            cue_tokens: tokenizer.encode(&cue, None, false)?.len(),
            frame,
            context,
        })
    }

    /// As much of the document as fits. Tokens may merge or split where a part was left out, so what counts is the
    /// prompt itself: it is written again with less of the document until it fits.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] if cue and summary leave no position for a document.
    pub fn plan(&self) -> Result<SummaryPlan> {
        let reserved = self.max_new_tokens.saturating_add(self.cue_tokens);
        let budget = self.context.saturating_sub(reserved);
        if budget == 0 {
            return Err(self.no_position_left());
        }
        let mut kept = budget;
        loop {
            let left_out = self.left_out(kept)?;
            let prompt = match &left_out {
                None => self.frame.prompt(self.tokenizer, self.text)?,
                Some(part) => (self.frame).prompt(self.tokenizer, &part.without(self.text))?,
            };
            let special = self.frame.adds_special_tokens();
            let prompt_tokens = self.tokenizer.encode(&prompt, None, special)?.len();
            let over = prompt_tokens.saturating_sub(budget + self.cue_tokens);
            if over == 0 {
                return Ok(SummaryPlan {
                    prompt,
                    prompt_tokens,
                    document_tokens: self.tokens.len(),
                    cue_tokens: self.cue_tokens,
                    context: self.context,
                    budget,
                    left_out,
                });
            }
            if kept <= 1 {
                return Err(self.no_position_left());
            }
            kept = kept.min(self.tokens.len()).saturating_sub(over).max(1);
        }
    }

    fn no_position_left(&self) -> Error {
        let (new, cue, context) = (self.max_new_tokens, self.cue_tokens, self.context);
        let message = format!(
            "{new} tokens of summary and {cue} of the cue leave no position of the model's {context} for \
             a document; lower it"
        );
        Error::option("max_new_tokens", message)
    }

    /// Which part goes if `kept` tokens may stay.
    fn left_out(&self, kept: usize) -> Result<Option<LeftOut>> {
        if self.tokens.len() <= kept {
            return Ok(None);
        }
        let excess = self.tokens.len() - kept;
        let (first, excess) = match self.truncation {
            Part::Head => (0, excess),
            Part::Tail => (kept, excess),
            Part::Middle => {
                let gap = self.tokenizer.encode(GAP, None, false)?.len();
                let gap = gap.min(kept.saturating_sub(1));
                ((kept - gap).div_ceil(2), excess + gap)
            }
        };
        let start_of = |token: &TokenSpan| token.range.start;
        let start = if first == 0 {
            0
        } else {
            start_of(&self.tokens[first])
        };
        let behind = self.tokens.get(first + excess);
        let end = behind.map_or(self.text.len(), start_of);
        Ok(Some(LeftOut {
            part: self.truncation,
            range: start..end.max(start),
            tokens: excess,
        }))
    }
}
