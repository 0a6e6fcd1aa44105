//! ELMo: what its forward model writes, and its vectors.

use candle_core::Tensor;

use super::{Row, Show, Writer};
use crate::train::error::Result;
use crate::train::models::bert::Pairs;
use crate::train::models::elmo::Elmo;
use crate::train::objectives::bidirectional::BidirectionalLm;
use crate::train::ops;
use crate::train::random::Dropout;
use crate::train::settings::Architecture;

struct ElmoWriter<'a> {
    elmo: &'a Elmo,
    states: Vec<[Tensor; 2]>,
}

impl Writer for ElmoWriter<'_> {
    fn read(&mut self, ids: &[u32]) -> Result<Vec<f32>> {
        let mut logits = Vec::new();
        for (at, &id) in ids.iter().enumerate() {
            let top = self.elmo.read_next(id, &mut self.states)?;
            if at + 1 == ids.len() {
                logits = ops::values(&self.elmo.decode(&top)?)?.to_vec();
            }
        }
        Ok(logits)
    }
}

impl Show for BidirectionalLm {
    fn writer(&self) -> Result<Box<dyn Writer + '_>> {
        Ok(Box::new(ElmoWriter {
            elmo: &self.elmo,
            states: Vec::new(),
        }))
    }

    fn word_vectors(&self, text: &Pairs) -> Result<Vec<f32>> {
        let layers = self.elmo.layers(&text.texts, &Dropout::none())?;
        let mut all = Vec::new();
        for layer in &layers {
            all.extend_from_slice(&ops::values(layer)?);
        }
        Ok(all)
    }

    fn row(&self, step: u64, row: usize) -> Row {
        let batch = self.settings.batch_size;
        Row::Window(self.training.batch(self.settings.seed, step, batch)[row].to_vec())
    }

    fn architecture(&self) -> Architecture {
        Architecture::Elmo
    }
}
