//! What a generation gives: tokens, steps, and why it ended.

use serde::Serialize;

/// A token the model might have written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Alternative {
    /// Index into the vocabulary.
    pub id: u32,
    /// The token for people: `" the"`.
    pub token: String,
    /// Natural logarithm of its probability.
    pub logprob: f64,
}

/// One generated token.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GeneratedToken {
    /// Index into the vocabulary.
    pub id: u32,
    /// The token for people: `" the"`; bytes of a part of a character as `<0xE6>`.
    pub token: String,
    /// The text that this step completes. Empty while a character is incomplete, or while the text may be the beginning
    /// of a stop string. The texts of all steps and the tail put together are the generated text.
    pub text: String,
    /// Natural logarithm of its probability by the model itself (temperature 1, no filters).
    pub logprob: f64,
    /// The most probable tokens at this place, best first.
    pub top: Vec<Alternative>,
}

/// Why generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum FinishReason {
    /// The model ended its text.
    Eos,
    /// A stop string came.
    Stop,
    /// `max_new_tokens` were written.
    Length,
    /// The model's context is full.
    Context,
    /// The sentences asked for are complete (summaries).
    Sentences,
}

impl FinishReason {
    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eos => "eos",
            Self::Stop => "stop",
            Self::Length => "length",
            Self::Context => "context",
            Self::Sentences => "sentences",
        }
    }
}

/// What one step did.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Read a part of the prompt.
    Prefill {
        /// Prompt tokens read so far.
        done: usize,
        /// Prompt tokens in all.
        total: usize,
    },
    /// Followed several texts one token further (`num_beams`). The tokens that they have in common are given out by
    /// the steps that follow.
    Search {
        /// Tokens of the texts that go on.
        tokens: usize,
    },
    /// Wrote a token.
    Token(GeneratedToken),
    /// Ended; further steps say the same.
    Done {
        /// Why.
        reason: FinishReason,
        /// Text that had been held back and belongs to no token's `text`.
        tail: String,
    },
}
