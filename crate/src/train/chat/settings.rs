//! What the three steps are told.

use serde::{Deserialize, Serialize};

use crate::train::error::{Result, TrainError};

/// Settings of all phases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct ChatSettings {
    /// Tokens of a prompt with its response at most, from 8; never more than the model reads at once. Longer ones are cut:
    /// responses at their end, prompts at their beginning.
    pub max_length: usize,
    /// Examples or pairs of a step.
    pub batch_size: usize,
    /// The highest learning rate. It rises in the first tenth of a phase and falls to zero from there.
    pub learning_rate: f64,
    /// How often each example is read in a phase.
    pub epochs: usize,
    /// DPO's β: the larger, the closer the model stays to what it was.
    pub beta: f64,
    /// What every random choice follows from.
    pub seed: u64,
}

impl Default for ChatSettings {
    fn default() -> Self {
        Self {
            max_length: 128,
            batch_size: 4,
            learning_rate: 1e-4,
            epochs: 5,
            beta: 0.1,
            seed: 1,
        }
    }
}

/// What is different in one phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(
    test,
    derive(ts_rs::TS),
    ts(optional_fields, rename = "ChatPhaseSettings")
)]
pub struct PhaseSettings {
    /// Instead of [`ChatSettings::learning_rate`].
    pub learning_rate: Option<f64>,
    /// Instead of [`ChatSettings::epochs`].
    pub epochs: Option<usize>,
    /// Instead of [`ChatSettings::batch_size`].
    pub batch_size: Option<usize>,
    /// Instead of [`ChatSettings::beta`].
    pub beta: Option<f64>,
}

impl ChatSettings {
    /// # Errors
    /// [`TrainError::InvalidSetting`] for the first one that is out of its range.
    pub fn check(&self) -> Result<()> {
        let counts = [
            ("max_length", self.max_length, 8, 1 << 20),
            ("batch_size", self.batch_size, 1, 256),
            ("epochs", self.epochs, 1, 10_000),
        ];
        for (name, value, least, most) in counts {
            if !(least..=most).contains(&value) {
                let message = format!("{value} is not between {least} and {most}");
                return Err(TrainError::setting(name, message));
            }
        }
        for (name, value, most) in [
            ("learning_rate", self.learning_rate, 1.0),
            ("beta", self.beta, 100.0),
        ] {
            if !(value > 0.0 && value <= most) {
                let message = format!("{value} is not above 0 and up to {most}");
                return Err(TrainError::setting(name, message));
            }
        }
        Ok(())
    }

    /// These, with what is different in a phase.
    pub(super) fn with(&self, phase: &PhaseSettings) -> Self {
        Self {
            learning_rate: phase.learning_rate.unwrap_or(self.learning_rate),
            epochs: phase.epochs.unwrap_or(self.epochs),
            batch_size: phase.batch_size.unwrap_or(self.batch_size),
            beta: phase.beta.unwrap_or(self.beta),
            ..*self
        }
    }
}
