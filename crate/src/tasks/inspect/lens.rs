//! The logit lens (nostalgebraist 2020): what a model would say if it ended after each of its layers. Hidden states go
//! through the masked-word head, or through the last norm and the output layer.

use std::sync::Arc;

use serde::Serialize;

use super::Inspect;
use crate::error::{Head, Result};
use crate::limits::inspect::TOP_K;
use crate::models::Model;
use crate::nn::elementary;
use crate::sampling::{log_sum_exp, not_numbers, top};
use crate::text::Encoding;

/// Logits that are made at once, 8 MB: the work of a step.
const LOGITS: usize = 1 << 21;

/// What a model would say after each layer; number 0 is the embedding.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lens {
    /// Candidates of each place: as asked, or the whole vocabulary where it is smaller.
    pub top_k: usize,
    /// `[layers + 1, len, top_k]`: the most probable tokens, best first.
    pub ids: Vec<u32>,
    /// `[layers + 1, len, top_k]`: their probabilities.
    pub probabilities: Vec<f32>,
    /// `[layers + 1, len]`: how probable the final answer, the best one after the last layer, is after each.
    pub final_probability: Vec<f32>,
    /// `[len]`: the first layer after which the final answer is the best one.
    pub first_layer: Vec<u32>,
}

/// How far a lens is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LensProgress {
    /// Hidden states that went through the head.
    pub done: usize,
    /// All there are: (layers + 1) · len.
    pub total: usize,
}

/// A text that is looked at through the lens: an iterator over pieces of the work.
pub struct LogitLens {
    inspect: Arc<Inspect>,
    /// Tokens of the text.
    len: usize,
    /// Before the last norm, `[layers + 1, len, hidden_size]`.
    states: Vec<f32>,
    /// Rows of the head that stand for no token.
    without_token: Vec<u32>,
    layers: usize,
    progress: LensProgress,
    lens: Lens,
    /// Whether a piece has failed or the result was taken: then there are no more.
    ended: bool,
}

impl Inspect {
    /// Starts with a forward pass; the head follows, step by step.
    ///
    /// # Errors
    /// [`crate::Error::NoHead`] without a masked-word or language-model head; [`crate::Error::InvalidOption`] for `top_k` out of its
    /// limits; as of the model.
    pub fn logit_lens(self: &Arc<Self>, encoding: &Encoding, top_k: usize) -> Result<LogitLens> {
        TOP_K.check_count(top_k)?;
        let info = self.model.info();
        let (there, head) = match self.model {
            Model::Encoder(_) => (info.heads.mlm, Head::Mlm),
            Model::Decoder(_) => (info.heads.lm, Head::Lm),
        };
        if !there {
            return Err(info.heads.lacks(head));
        }
        let (states, _) = self.states(encoding)?;
        let layers = info.num_hidden_layers;
        let without_token = self.tokenizer.ids_without_token(info.vocab_size);
        let top_k = top_k.min(info.vocab_size - without_token.len());
        let total = (layers + 1) * encoding.len();
        Ok(LogitLens {
            inspect: self.clone(),
            states,
            without_token,
            layers,
            progress: LensProgress { done: 0, total },
            lens: Lens {
                top_k,
                ids: vec![0; total * top_k],
                probabilities: vec![0.0; total * top_k],
                final_probability: vec![0.0; total],
                first_layer: vec![layers as u32; encoding.len()],
            },
            len: encoding.len(),
            ended: false,
        })
    }

    /// Logits of hidden states before the last norm: `[n, hidden_size]` → `[n, vocab_size]`.
    fn logits(&self, states: &[f32]) -> Result<Vec<f32>> {
        match &self.model {
            Model::Encoder(model) => model.heads().mlm()?.logits(states),
            Model::Decoder(model) => model.lm_head(&model.final_norm(states)),
        }
    }
}

impl LogitLens {
    /// What was found, whole once there is no more to do; it is given once.
    pub fn finish(&mut self) -> Lens {
        self.ended = true;
        std::mem::take(&mut self.lens)
    }

    /// Sends the next rows of a layer through the head: those of the last layer first, as they are the answers.
    fn step(&mut self) -> Result<()> {
        let len = self.len;
        let layer = match self.progress.done / len {
            0 => self.layers,
            others => others - 1,
        };
        let from = self.progress.done % len;
        let rows = (LOGITS / self.inspect.model.info().vocab_size).clamp(1, 64);
        let places = from..len.min(from + rows);
        let size = self.states.len() / self.progress.total;
        let rows = (layer * len + places.start) * size..(layer * len + places.end) * size;
        let mut logits = self.inspect.logits(&self.states[rows])?;
        let vocab = logits.len() / places.len();
        for (place, logits) in places.clone().zip(logits.chunks_exact_mut(vocab)) {
            self.look(layer, place, logits)?;
        }
        self.progress.done += places.len();
        Ok(())
    }

    /// Notes what the logits of one place `[vocab_size]` say after `layer`.
    fn look(&mut self, layer: usize, place: usize, logits: &mut [f32]) -> Result<()> {
        // One NaN or infinity among the logits spoils the sum.
        let log_total = log_sum_exp(logits);
        if log_total.is_nan() {
            return Err(not_numbers());
        }
        for &id in &self.without_token {
            logits[id as usize] = f32::NEG_INFINITY;
        }
        let probability = |logit: f64| elementary::exp(logit - log_total) as f32;
        let (lens, len) = (&mut self.lens, self.len);
        let row = layer * len + place;
        let (at, answer_at) = (row * lens.top_k, (self.layers * len + place) * lens.top_k);
        for (rank, (id, logit)) in top(logits, lens.top_k).into_iter().enumerate() {
            lens.ids[at + rank] = id;
            lens.probabilities[at + rank] = probability(logit);
        }
        let answer = lens.ids[answer_at];
        lens.final_probability[row] = probability(f64::from(logits[answer as usize]));
        if lens.ids[at] == answer {
            let first_layer = &mut lens.first_layer[place];
            *first_layer = (*first_layer).min(layer as u32);
        }
        Ok(())
    }
}

impl Iterator for LogitLens {
    type Item = Result<LensProgress>;

    /// The next piece of work; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended || self.progress.done == self.progress.total {
            return None;
        }
        let step = self.step();
        self.ended = step.is_err();
        Some(step.map(|()| self.progress))
    }
}
