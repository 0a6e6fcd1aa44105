//! A phase: which examples each step reads, and what it remembers.

use super::data::{ChatData, Joining, PhaseKind, Tokens};
use super::losses::{Responses, Sequence};
use super::settings::ChatSettings;
use crate::train::error::{Result, TrainError};
use crate::train::models::gpt::GptConfig;
use crate::train::optimizers::Optimizer;
use crate::train::random::{Purpose, Random};
use crate::train::schedule::Schedule;
use crate::train::settings::MOST_NUMBERS;

/// A phase that was begun.
pub(super) struct Phase {
    pub kind: PhaseKind,
    pub data: ChatData,
    /// Of this phase.
    pub settings: ChatSettings,
    pub tokens: Tokens,
    pub optimizer: Optimizer,
    /// Steps done.
    pub step: u64,
    /// ln π_ref of each sequence, of the first so many: DPO alone has them.
    pub reference: Vec<f32>,
}

impl PhaseKind {
    /// The tokens of what it learns from.
    ///
    /// # Errors
    /// As [`Joining::tokens`].
    pub(super) fn tokens(self, data: &ChatData, joining: &Joining) -> Result<Tokens> {
        let tokens = joining.tokens(data)?;
        let each = if self == Self::Supervised { 1 } else { 2 };
        if tokens.each != each {
            return Err(TrainError::internal("data of another phase"));
        }
        Ok(tokens)
    }
}

impl Tokens {
    /// Refuses what has no room in memory, before it is computed.
    ///
    /// # Errors
    /// [`TrainError::InvalidSetting`].
    pub(super) fn check_sizes(&self, config: &GptConfig, batch_size: usize) -> Result<()> {
        let longest = self.sequences.iter().map(|one| one.ids.len()).max();
        let longest = longest.unwrap_or_default();
        let rows = longest * self.sequences.len().min(batch_size * self.each);
        let inner = config.n_inner.unwrap_or(4 * config.n_embd);
        let most = inner.max(config.vocab_size).max(config.n_head * longest);
        if rows.saturating_mul(most) > MOST_NUMBERS {
            let message = format!(
                "with texts of {longest} tokens a tensor has more than {MOST_NUMBERS} numbers, which is the most"
            );
            return Err(TrainError::setting("batch_size", message));
        }
        Ok(())
    }
}

impl Phase {
    /// Examples or pairs.
    pub fn examples(&self) -> usize {
        self.tokens.sequences.len() / self.tokens.each
    }

    fn steps_per_epoch(&self) -> u64 {
        self.examples().div_ceil(self.settings.batch_size) as u64
    }

    /// Steps of all epochs.
    pub fn steps(&self) -> u64 {
        self.steps_per_epoch() * self.settings.epochs as u64
    }

    /// The learning rate of the step at hand.
    pub fn learning_rate(&self) -> f64 {
        let schedule = Schedule {
            peak: self.settings.learning_rate,
            warmup: self.steps().div_ceil(10),
            decay_share: 1.0,
        };
        schedule.rate(self.step, self.steps())
    }

    /// The sequences of the step at hand, whose order is drawn anew each epoch. `number` is the phase's.
    pub fn batch(&self, number: u64) -> Vec<usize> {
        let per_epoch = self.steps_per_epoch();
        let (epoch, step) = (self.step / per_epoch, (self.step % per_epoch) as usize);
        let mut random = Random::new(self.settings.seed, Purpose::Order, number << 32 | epoch);
        let order = random.permutation(self.examples());
        let size = self.settings.batch_size;
        let examples = order.iter().skip(step * size).take(size);
        let each = self.tokens.each;
        examples
            .flat_map(|&example| (0..each).map(move |which| example as usize * each + which))
            .collect()
    }

    /// Some of its sequences.
    pub fn responses(&self, which: &[usize]) -> Responses {
        let sequences: Vec<&Sequence> =
            which.iter().map(|&at| &self.tokens.sequences[at]).collect();
        Responses::of(&sequences)
    }

    /// Whether log-probabilities of the reference are missing.
    pub fn lacks_reference(&self) -> bool {
        self.kind == PhaseKind::Preference && self.reference.len() < self.tokens.sequences.len()
    }
}
