//! What a screen shows of a run: computed by the model as it is now, without dropout, and nothing of it changes the run.
//!
//! Each model's file answers with ids; `shown.rs` puts them into words.

mod bidirectional;
mod causal;
mod masked;
mod permutation;
mod results;

pub use results::{
    Attentions, Candidate, Given, Guess, Probe, SampleOptions, ShownToken, WordVectors,
};

use super::error::{Result, Shown, TrainError};
use super::models::bert::Pairs;
use super::objectives::Objective;
use super::settings::Architecture;

/// Writes a text, token by token.
pub trait Writer {
    /// Reads on: the logits of what comes behind `ids` and all that was read before, `[vocab_size]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id has no row.
    fn read(&mut self, ids: &[u32]) -> Result<Vec<f32>>;
}

/// What stands in a masked place.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskLogits {
    /// The place.
    pub at: usize,
    /// How many masks were filled before, each with the likeliest token, which this guess knows: 0 in BERT.
    pub turn: usize,
    /// `[vocab_size]`
    pub logits: Vec<f32>,
}

/// The batch at hand, one text of it, as ids.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A pair with some words masked.
    Masked {
        /// What the model reads, without padding.
        ids: Vec<u32>,
        /// What is to be guessed in each place.
        labels: Vec<Option<u32>>,
        /// Whether the second part follows the first, where that is learnt.
        is_next: Option<bool>,
        /// `[MASK]`
        mask: u32,
    },
    /// A window of a text.
    Window(Vec<u32>),
    /// A window with an order.
    Permuted {
        /// What the model reads.
        ids: Vec<u32>,
        /// All positions in the order that was drawn.
        order: Vec<u32>,
        /// The last of these, which are guessed.
        targets: Vec<u32>,
        /// `[len, len]`: whether g of the first position sees the token of the second.
        visible: Vec<bool>,
    },
}

/// An objective with what its model has to show. What it has not is [`TrainError::NotShown`].
pub trait Show: Objective {
    /// Writes texts.
    ///
    /// # Errors
    /// [`TrainError::NotShown`].
    fn writer(&self) -> Result<Box<dyn Writer + '_>> {
        Err(self.has_no(Shown::Samples))
    }

    /// Guesses what stands in the places `masks` of a text. Of those that depend on the order, `seed` draws it.
    ///
    /// # Errors
    /// [`TrainError::NotShown`].
    fn mask_logits(&self, _text: &Pairs, _masks: &[usize], _seed: u64) -> Result<Vec<MaskLogits>> {
        Err(self.has_no(Shown::Probes))
    }

    /// The probability that the second part of a pair follows the first.
    ///
    /// # Errors
    /// [`TrainError::NotShown`].
    fn is_next(&self, _pair: &Pairs) -> Result<f32> {
        Err(self.has_no(Shown::NextSentences))
    }

    /// Whom each position of a text looks at in a layer: `[heads, len, len]`.
    ///
    /// # Errors
    /// [`TrainError::NotShown`].
    fn attentions(&self, _text: &Pairs, _layer: usize) -> Result<Vec<f32>> {
        Err(self.has_no(Shown::Attention))
    }

    /// The embeddings twice, then each layer of both directions side by side: `[layers + 1, len, 2·hidden_size]`.
    ///
    /// # Errors
    /// [`TrainError::NotShown`].
    fn word_vectors(&self, _text: &Pairs) -> Result<Vec<f32>> {
        Err(self.has_no(Shown::WordVectors))
    }

    /// Text `row` of the batch of step `step`.
    fn row(&self, step: u64, row: usize) -> Row;

    /// Which model it is.
    fn architecture(&self) -> Architecture;

    /// The error that this is not shown.
    fn has_no(&self, what: Shown) -> TrainError {
        TrainError::NotShown {
            what,
            architecture: self.architecture().name(),
        }
    }
}

/// e^logits, divided by their sum.
pub(super) fn softmax(logits: &[f32]) -> Vec<f32> {
    let mut values = logits.to_vec();
    crate::nn::vector::softmax(&mut values, 1.0);
    values
}
