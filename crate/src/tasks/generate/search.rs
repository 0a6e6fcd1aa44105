//! How tokens are chosen: what sampling and beam search have in common.

use std::sync::Arc;

use super::forward::Forward;
use super::written::{Alternative, FinishReason};
use crate::error::Result;
use crate::sampling::{not_numbers, top};
use crate::text::Tokenizer;

/// A way to choose tokens by their logits, for one text or several. It is told the logits behind the prompt, then in
/// turn asked for the next pass and told its logits, until it has ended.
pub(super) trait Search: Send + Sync {
    /// The pass whose logits are needed next.
    fn want(&self) -> Forward<'_>;

    /// Goes on by one token. `logits` are those that [`Search::want`] asked for, at first those behind the prompt.
    ///
    /// # Errors
    /// `Error::Internal` if they are not numbers.
    fn give(&mut self, logits: &[f32]) -> Result<()>;

    /// The token that is written at place `at` behind the prompt, once it is certain.
    fn settled(&self, at: usize) -> Option<&Chosen>;

    /// The same, handed out: it is not asked for again.
    fn take_settled(&mut self, at: usize) -> Option<Chosen> {
        self.settled(at).cloned()
    }

    /// Why the text has ended, once it has: its last token is settled then.
    fn ended(&self) -> Option<FinishReason>;

    /// Tokens of the texts that go on, for a search that may settle none in a step.
    fn progress(&self) -> Option<usize>;

    /// How many tokens behind the prompt are sure to be the same in all texts and settled.
    fn common(&self) -> usize;
}

/// A token of a text, with what the model itself thought of its place.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub id: u32,
    /// Natural logarithm of its probability.
    pub logprob: f64,
    /// The most probable tokens at its place. Texts of a beam search share it.
    pub top: Arc<Vec<Alternative>>,
}

impl Chosen {
    /// The token `id` by the logits of its place, `[vocab_size]`; `log_total` is their `log_sum_exp`.
    ///
    /// # Errors
    /// `Error::Internal` unless its probability is a number: one NaN among the logits spoils the sum.
    pub fn new(
        id: u32,
        logits: &[f32],
        log_total: f64,
        top: Arc<Vec<Alternative>>,
    ) -> Result<Self> {
        let logprob = f64::from(logits[id as usize]) - log_total;
        if !logprob.is_finite() {
            return Err(not_numbers());
        }
        Ok(Self { id, logprob, top })
    }
}

/// Reports the most probable tokens of a place.
pub(super) struct Alternatives {
    pub tokenizer: Arc<Tokenizer>,
    /// How many.
    pub count: usize,
    /// Sorted ids that are none of them.
    pub never: Vec<u32>,
}

impl Alternatives {
    /// From the logits of a place, `[vocab_size]`, and their `log_sum_exp`.
    pub fn of(&self, logits: &[f32], log_total: f64) -> Arc<Vec<Alternative>> {
        let best = match self.count {
            0 => Vec::new(),
            count => top(logits, count + self.never.len()),
        };
        let best = best.into_iter();
        let best = best.filter(|(id, _)| self.never.binary_search(id).is_err());
        let alternatives = best.take(self.count).map(|(id, logit)| Alternative {
            id,
            token: self.tokenizer.readable(id),
            logprob: logit - log_total,
        });
        Arc::new(alternatives.collect())
    }
}
