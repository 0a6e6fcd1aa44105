//! What goes on inside a model while it reads a text: attention, hidden states, embeddings, and what it would say after
//! each layer.

mod attention;
mod embeddings;
mod lens;

use std::sync::Arc;

pub use attention::{Rollout, Thumbnails};
pub use embeddings::Neighbour;
pub use lens::{Lens, LensProgress, LogitLens};

use super::input::{require_readable, require_text};
use crate::error::{Error, Result};
use crate::limits::inspect::LAYER;
use crate::models::{EncoderInput, Model, Observer, Past};
use crate::sampling::not_numbers;
use crate::text::{Encoding, Tokenizer};

/// A model that is looked into. Layers count from 0.
pub struct Inspect {
    model: Model,
    tokenizer: Arc<Tokenizer>,
}

impl Inspect {
    /// The most tokens that are looked into: what is shown of attention grows with their square.
    pub const MAX_TOKENS: usize = 1024;

    /// The most ids whose neighbours are looked for at once: that is one step, and a caller can only stop between two.
    pub const MAX_IDS: usize = 64;

    /// Any model will do.
    pub fn new(model: Model, tokenizer: Arc<Tokenizer>) -> Self {
        Self { model, tokenizer }
    }

    /// The tokens of a text or pair, as the model reads them.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; [`Error::InputTooLong`] beyond the model's context or [`Inspect::MAX_TOKENS`];
    /// [`Error::TokenBeyondModel`].
    pub fn encode(&self, text: &str, pair: Option<&str>) -> Result<Encoding> {
        require_text("text", text)?;
        pair.map_or(Ok(()), |pair| require_text("second text", pair))?;
        let encoding = self.tokenizer.encode(text, pair, true)?;
        if encoding.is_empty() {
            let message = "it knows no token for anything in the text";
            return Err(Error::InvalidTokenizer(message.into()));
        }
        let info = self.model.info();
        let max = info.max_position_embeddings.min(Self::MAX_TOKENS);
        require_readable("text", &encoding, max, info.vocab_size)?;
        Ok(encoding)
    }

    /// All hidden states, `[layers + 1, len, hidden_size]`: of the embeddings and of each layer. The last ones are those
    /// that the head reads, behind the model's last norm, as in transformers.
    ///
    /// # Errors
    /// As of the model; [`Error::OutOfMemory`]; [`Error::Internal`] if they are not numbers.
    pub fn hidden_states(&self, encoding: &Encoding) -> Result<Vec<f32>> {
        let (mut states, last) = self.states(encoding)?;
        states.truncate(states.len() - last.len());
        states.extend_from_slice(&last);
        Ok(states)
    }

    /// As [`Inspect::hidden_states`], but all before the last norm; and the last ones behind it, `[len, hidden_size]`.
    fn states(&self, encoding: &Encoding) -> Result<(Vec<f32>, Vec<f32>)> {
        let info = self.model.info();
        let count = (info.num_hidden_layers + 1) * encoding.len();
        let count = count.saturating_mul(info.hidden_size);
        let mut states = Vec::new();
        states
            .try_reserve_exact(count)
            .map_err(|_| Error::out_of_memory("the hidden states", count as u64 * 4))?;
        let mut keep = |_: usize, rows: &[f32]| {
            states.extend_from_slice(rows);
            Ok(())
        };
        let last = self.run(encoding, &mut keep)?;
        Ok((states, last))
    }

    /// One forward pass: the hidden states that the head reads, `[len, hidden_size]`. What is no number inside reaches
    /// them, and is an [`Error::Internal`].
    fn run(&self, encoding: &Encoding, observe: &mut dyn Observer) -> Result<Vec<f32>> {
        let last = match &self.model {
            Model::Encoder(model) => model.run(&input(encoding), observe)?,
            Model::Decoder(model) => {
                let mut cache = model.new_cache_of(encoding.len())?;
                model.run(&encoding.ids(), Past::OfAll(&mut cache), observe)?
            }
        };
        all_numbers(&last)?;
        Ok(last)
    }

    /// Refuses a layer that the model does not have.
    fn check_layer(&self, layer: usize) -> Result<()> {
        let layers = self.model.info().num_hidden_layers;
        let last = layers.saturating_sub(1) as f64;
        LAYER.at_most(last).check_count(layer)
    }
}

/// Refuses values of damaged weights.
fn all_numbers(values: &[f32]) -> Result<()> {
    if values.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    Err(not_numbers())
}

/// The tokens as an encoder takes them.
fn input(encoding: &Encoding) -> EncoderInput {
    EncoderInput::single(encoding.ids(), encoding.type_ids())
}
