//! What a person asks a model for, one file per task.

mod beam;
mod chat;
mod fill_mask;
mod generate;
mod next_sentence;
mod pseudo_perplexity;
mod stop;
mod summarize;

#[cfg(target_arch = "wasm32")]
pub(crate) use chat::chat_on;
pub use chat::{chat, chat_prompt};
pub use fill_mask::{
    Candidate, FillMask, FillMaskOptions, JointFill, JointOrder, JointStep, MaskPrediction,
};
pub use generate::{
    Alternative, FinishReason, GeneratedToken, GenerationOptions, Generator, Reading, Step,
};
pub use next_sentence::{Comparisons, NextSentence, NextSentenceResult, RankedSentence};
pub use pseudo_perplexity::{PseudoPerplexity, ScoredToken, Scoring};
pub use summarize::{first_sentences, LeftOut, Part, Summarizer, SummaryOptions, SummaryPlan};

use crate::error::{Error, Result};

/// Refuses a text with nothing but blanks.
fn require_text(input: &str, text: &str) -> Result<()> {
    match text.trim().is_empty() {
        true => Err(Error::EmptyInput {
            input: input.into(),
        }),
        false => Ok(()),
    }
}

/// Refuses more tokens than a model has positions for.
fn require_room(input: &str, tokens: usize, max: usize) -> Result<()> {
    match tokens > max {
        true => Err(Error::InputTooLong {
            input: input.into(),
            tokens,
            max,
        }),
        false => Ok(()),
    }
}

/// How many texts of `len` tokens are read as one batch: small matrices keep no processor busy, and one batch is the
/// least that can be stopped between.
fn batch_of(len: usize) -> usize {
    const TOKENS: usize = 1024;
    const TEXTS: usize = 32;
    (TOKENS / len.max(1)).clamp(1, TEXTS)
}
