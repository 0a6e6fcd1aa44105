//! One text, token by token: drawn at random, or the most probable each time.

use super::forward::Forward;
use super::search::{Alternatives, Chosen, Search};
use super::stop::{NewToken, StopRules};
use super::written::FinishReason;
use crate::error::Result;
use crate::sampling::{log_sum_exp, Sampler};

/// Sampling and greedy choice.
pub(super) struct Sampling {
    sampler: Sampler,
    alternatives: Alternatives,
    /// Rules about tokens. What ends the text by its characters is asked where they are given out.
    stops: StopRules,
    /// Tokens of prompt and text.
    ids: Vec<u32>,
    /// How many are the prompt's.
    prompt: usize,
    last: Option<Chosen>,
    ended: Option<FinishReason>,
}

impl Sampling {
    /// Behind the tokens `prompt`.
    pub fn new(
        sampler: Sampler,
        alternatives: Alternatives,
        stops: StopRules,
        prompt: Vec<u32>,
    ) -> Self {
        Self {
            sampler,
            alternatives,
            stops,
            prompt: prompt.len(),
            ids: prompt,
            last: None,
            ended: None,
        }
    }
}

impl Search for Sampling {
    fn want(&self) -> Forward<'_> {
        Forward {
            parents: &[0],
            ids: &self.ids[self.ids.len() - 1..],
            logits: true,
        }
    }

    fn give(&mut self, logits: &[f32]) -> Result<()> {
        let id = self.sampler.sample(logits, &self.ids)?;
        self.ended = self.stops.push(&NewToken {
            id,
            text: "",
            length: self.ids.len() + 1 - self.prompt,
        });
        if self.ended == Some(FinishReason::Eos) {
            return Ok(());
        }
        let log_total = log_sum_exp(logits);
        let top = self.alternatives.of(logits, log_total);
        self.last = Some(Chosen::new(id, logits, log_total, top)?);
        self.ids.push(id);
        Ok(())
    }

    fn settled(&self, at: usize) -> Option<&Chosen> {
        let is_last = self.prompt + at + 1 == self.ids.len();
        self.last.as_ref().filter(|_| is_last)
    }

    /// Its alternatives are moved rather than copied: no other text shares them.
    fn take_settled(&mut self, at: usize) -> Option<Chosen> {
        self.settled(at)?;
        self.last.take()
    }

    fn ended(&self) -> Option<FinishReason> {
        self.ended
    }

    fn progress(&self) -> Option<usize> {
        None
    }

    fn common(&self) -> usize {
        self.ids.len() - self.prompt
    }
}
