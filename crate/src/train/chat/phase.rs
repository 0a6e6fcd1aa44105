//! A phase: which examples each step reads, and what it remembers.

use super::data::{ChatData, Joining, PhaseKind, Tokens};
use super::losses::{
    dpo_loss, log_likelihoods, reward_loss, supervised_loss, Responses, RewardModel, Sequence,
};
use super::settings::ChatSettings;
use crate::train::cost::{Activations, LEARNT, MOST_ACTIVATIONS};
use crate::train::error::{Result, TrainError};
use crate::train::models::gpt::{Gpt, GptConfig};
use crate::train::objectives::Loss;
use crate::train::ops;
use crate::train::optimizers::Optimizer;
use crate::train::random::{Purpose, Random};
use crate::train::schedule::Schedule;

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

impl PhaseKind {
    /// Bytes of a weight of the GPT in a phase: of what learns, itself, its gradient twice and two moments; beside it, in
    /// 32 bits, the GPT that does not learn or is remembered, the reward model, and two that write.
    fn bytes_of_weight(self, has_reward_model: bool) -> u64 {
        let others = match self {
            // The GPT stays as it is.
            Self::Reward => 2,
            _ => 3 + u64::from(has_reward_model),
        };
        LEARNT + 4 * others
    }
}

/// What a response costs.
pub(super) fn activations(config: &GptConfig) -> Activations {
    Activations {
        layers: config.n_layer,
        width: config.n_embd,
        inner: config.n_inner.unwrap_or(config.n_embd.saturating_mul(4)),
        heads: config.n_head,
        logits: config.vocab_size,
        room: MOST_ACTIVATIONS,
    }
}

impl Tokens {
    /// Refuses what has no room in memory, before it is computed. `weights` are those of the GPT.
    ///
    /// # Errors
    /// [`TrainError::TooMuchMemory`].
    pub(super) fn check_sizes(
        &self,
        activations: &Activations,
        kind: PhaseKind,
        (weights, has_reward_model): (usize, bool),
    ) -> Result<()> {
        let longest = self.sequences.iter().map(|one| one.ids.len()).max();
        let fixed = kind.bytes_of_weight(has_reward_model) * weights as u64;
        // The two responses of a pair are compared, so that neither is computed alone.
        let both = activations.together(self.each);
        both.check(longest.unwrap_or_default(), fixed)
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
    fn batch(&self, number: u64) -> Vec<usize> {
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

    /// Some sequences in parts that have room: micro-batches. The two of a pair stay together.
    fn parts(&self, which: &[usize], activations: &Activations) -> Vec<Vec<usize>> {
        let each = self.tokens.each;
        let length = |&at: &usize| self.tokens.sequences[at].ids.len();
        let groups: Vec<&[usize]> = which.chunks(each).collect();
        let lengths = groups.iter().map(|group| group.iter().map(length).max());
        let lengths: Vec<usize> = lengths.map(Option::unwrap_or_default).collect();
        let one = activations.together(each);
        let parts = one.micro_batches(&lengths).into_iter();
        let of = |part: Vec<usize>| {
            part.into_iter()
                .flat_map(|at| groups[at])
                .copied()
                .collect()
        };
        parts.map(of).collect()
    }

    /// The losses of the step at hand, which add up to that of its batch.
    pub fn losses<'a>(
        &'a self,
        number: u64,
        activations: &Activations,
        (gpt, reward): (&'a Gpt, Option<&'a RewardModel>),
    ) -> impl Iterator<Item = Result<Loss>> + 'a {
        let which = self.batch(number);
        let whole = self.predictions(&which);
        let parts = self.parts(&which, activations).into_iter();
        parts.map(move |part| {
            let batch = self.responses(&part);
            let loss = match (self.kind, reward) {
                (PhaseKind::Supervised, _) => supervised_loss(gpt, &batch),
                (PhaseKind::Reward, Some(model)) => reward_loss(model, &batch),
                (PhaseKind::Reward, None) => Err(TrainError::NoRewardModel),
                (PhaseKind::Preference, _) => {
                    let reference: Vec<f32> = part.iter().map(|&at| self.reference[at]).collect();
                    dpo_loss(gpt, &batch, &reference, self.settings.beta)
                }
            };
            loss?.share(self.predictions(&part), whole)
        })
    }

    /// What the loss of some sequences is the mean over: tokens of responses, or pairs.
    fn predictions(&self, which: &[usize]) -> usize {
        match self.kind {
            PhaseKind::Supervised => {
                let all = which.iter().map(|&at| &self.tokens.sequences[at]);
                all.map(|one| one.ids.len() - one.prompt).sum()
            }
            _ => which.len() / self.tokens.each,
        }
    }

    /// Adds log-probabilities of the reference, of some sequences that have room together.
    pub fn refer(&mut self, gpt: &Gpt, activations: &Activations) -> Result<()> {
        let from = self.reference.len();
        let (mut count, mut longest) = (0, 0);
        for one in &self.tokens.sequences[from..] {
            longest = one.ids.len().max(longest);
            if count > 0 && count + 1 > activations.texts(longest).min(2 * self.settings.batch_size)
            {
                break;
            }
            count += 1;
        }
        let which: Vec<usize> = (from..from + count).collect();
        let values = log_likelihoods(gpt, &self.responses(&which))?;
        self.reference.extend_from_slice(&ops::values(&values)?);
        Ok(())
    }

    /// Some of its sequences.
    fn responses(&self, which: &[usize]) -> Responses {
        let sequences: Vec<&Sequence> =
            which.iter().map(|&at| &self.tokens.sequences[at]).collect();
        Responses::of(&sequences)
    }

    /// Whether log-probabilities of the reference are missing.
    pub fn lacks_reference(&self) -> bool {
        self.kind == PhaseKind::Preference && self.reference.len() < self.tokens.sequences.len()
    }
}
