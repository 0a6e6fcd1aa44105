//! GPT: what it writes, and its attention.

use super::{Row, Show, Writer};
use crate::train::error::Result;
use crate::train::models::bert::Pairs;
use crate::train::models::gpt::Gpt;
use crate::train::models::Texts;
use crate::train::objectives::causal::CausalLm;
use crate::train::ops;
use crate::train::random::Dropout;
use crate::train::settings::Architecture;

/// Reads its last tokens anew each time: a window that moves has no cache.
struct GptWriter<'a> {
    gpt: &'a Gpt,
    context: usize,
    read: Vec<u32>,
}

impl Writer for GptWriter<'_> {
    fn read(&mut self, ids: &[u32]) -> Result<Vec<f32>> {
        self.read.extend_from_slice(ids);
        self.read
            .drain(..self.read.len().saturating_sub(self.context));
        let texts = Texts {
            len: self.read.len(),
            input_ids: self.read.clone(),
        };
        let hidden = self.gpt.hidden_states(&texts, &Dropout::none())?;
        let last = ops::rows(&hidden, vec![texts.len as u32 - 1])?;
        Ok(ops::values(&self.gpt.lm_head(&last)?)?.to_vec())
    }
}

impl Show for CausalLm {
    fn writer(&self) -> Result<Box<dyn Writer + '_>> {
        Ok(Box::new(GptWriter {
            gpt: &self.gpt,
            context: self.config.n_positions,
            read: Vec::new(),
        }))
    }

    fn attentions(&self, text: &Pairs, layer: usize) -> Result<Vec<f32>> {
        self.gpt.attentions(&text.texts, layer)
    }

    fn row(&self, step: u64, row: usize) -> Row {
        let batch = self.settings.batch_size;
        Row::Window(self.training.batch(self.settings.seed, step, batch)[row].to_vec())
    }

    fn architecture(&self) -> Architecture {
        Architecture::Gpt
    }
}
