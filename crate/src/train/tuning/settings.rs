//! What a run of fine-tuning is made of, beside the model and the examples.

use serde::{Deserialize, Serialize};

use crate::train::error::{Result, TrainError};
use crate::train::schedule::Schedule;

/// What is learnt, by the names of transformers' pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum TuneTask {
    /// A label of a text or of a pair of texts.
    TextClassification,
    /// A label of each word.
    TokenClassification,
    /// Which part of a text answers a question.
    QuestionAnswering,
}

/// All settings; what is left out has its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct TuneSettings {
    /// What is learnt.
    pub task: TuneTask,
    /// Upper layers that learn beside the head; from all layers on, the embeddings learn as well (2).
    pub trained_layers: usize,
    /// How often each example is seen (10).
    pub epochs: usize,
    /// Examples of a step (8).
    pub batch_size: usize,
    /// The highest learning rate: it rises in the first tenth of the steps, and falls to zero (5e-4).
    pub learning_rate: f64,
    /// What every random choice follows from (1).
    pub seed: u64,
    /// GPT: what the loss of the language model is multiplied by; 0: it is left out (0).
    pub lm_weight: f32,
    /// Share of the examples that is held back to be evaluated on (0.2).
    pub held_out_share: f64,
    /// Whether the layers that do not learn run in 8 bits, as in the other screens; else in 32 (true).
    pub quantized: bool,
}

impl Default for TuneSettings {
    fn default() -> Self {
        Self {
            task: TuneTask::TextClassification,
            trained_layers: 2,
            epochs: 10,
            batch_size: 8,
            learning_rate: 5e-4,
            seed: 1,
            lm_weight: 0.0,
            held_out_share: 0.2,
            quantized: true,
        }
    }
}

/// Gradients that are longer than this together are shortened to it.
pub(super) const CLIP: f64 = 1.0;
/// Weights of the auxiliary loss beyond this drown the other.
const MOST_LM_WEIGHT: f32 = 100.0;

impl TuneSettings {
    /// # Errors
    /// [`TrainError::InvalidSetting`] for the first one that is out of its range.
    pub fn check(&self) -> Result<()> {
        let counts = [
            ("epochs", self.epochs, 10_000),
            ("batch_size", self.batch_size, 256),
        ];
        for (name, value, most) in counts {
            if !(1..=most).contains(&value) {
                let message = format!("{value} is not between 1 and {most}");
                return Err(TrainError::setting(name, message));
            }
        }
        let numbers = [
            ("learning_rate", self.learning_rate, 1.0),
            ("held_out_share", self.held_out_share, 0.9),
            ("lm_weight", self.lm_weight.into(), MOST_LM_WEIGHT.into()),
        ];
        for (name, value, most) in numbers {
            if !(0.0..=most).contains(&value) {
                let message = format!("{value} is not between 0 and {most}");
                return Err(TrainError::setting(name, message));
            }
        }
        Ok(())
    }

    /// The learning rate of each of `steps` steps.
    pub(super) fn schedule(&self, steps: u64) -> Schedule {
        Schedule {
            peak: self.learning_rate,
            warmup: steps.div_ceil(10),
            decay_share: 1.0,
        }
    }
}
