//! The layers that do not learn: inference's own, run once for each example.

use crate::dtype::DType;
use crate::error::Error;
use crate::models::{EncoderInput, Model, Past};
use crate::train::error::{Result, TrainError};

/// A model of which the embeddings and the lower layers are run.
pub(super) struct Frozen {
    model: Model,
    /// How many of them.
    layers: usize,
}

/// What it makes of some texts is kept up to this size.
pub(super) const MOST_KEPT: u64 = 512 << 20;

impl Frozen {
    pub fn new(model: Model, layers: usize) -> Self {
        Self { model, layers }
    }

    /// Width of the hidden states.
    pub fn width(&self) -> usize {
        self.model.info().hidden_size
    }

    /// The hidden states of each of some texts, its ids and its segments: `[len, hidden_size]`, without padding.
    pub fn states(&self, texts: &[(&[u32], &[u32])]) -> Result<Vec<Vec<f32>>> {
        let all = match &self.model {
            Model::Encoder(_) => {
                let input = EncoderInput::padded(texts.iter().copied());
                vec![self.read(&input)?]
            }
            Model::Decoder(_) => texts
                .iter()
                .map(|(ids, types)| self.read(&EncoderInput::single(ids.to_vec(), types.to_vec())))
                .collect::<Result<_>>()?,
        };
        let (all, width) = (all.concat(), self.width());
        let longest = texts.iter().map(|(ids, _)| ids.len()).max().unwrap_or(0);
        let mut states = Vec::new();
        let mut from = 0;
        for (ids, _) in texts {
            states.push(all[from..from + ids.len() * width].to_vec());
            let rows = match self.model {
                Model::Encoder(_) => longest,
                Model::Decoder(_) => ids.len(),
            };
            from += rows * width;
        }
        Ok(states)
    }

    /// An observer that has seen enough ends the pass by an error.
    fn read(&self, input: &EncoderInput) -> Result<Vec<f32>> {
        let mut found = None;
        let mut observe = |number: usize, states: &[f32]| {
            if number < self.layers {
                return Ok(());
            }
            found = Some(states.to_vec());
            Err(Error::Internal("the layers above are not needed".into()))
        };
        let ended = match &self.model {
            Model::Encoder(model) => model.run(input, &mut observe),
            Model::Decoder(model) => {
                let mut cache = model.new_cache_of(input.len())?;
                model.run(&input.input_ids, Past::OfAll(&mut cache), &mut observe)
            }
        };
        match (found, ended) {
            (Some(states), _) => Ok(states),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) => Err(TrainError::internal("a model of fewer layers")),
        }
    }
}

/// How frozen layers are stored.
pub(super) fn dtype(quantized: bool) -> DType {
    if quantized {
        DType::Q8
    } else {
        DType::F32
    }
}
