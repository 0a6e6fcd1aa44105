//! What an optimizer is told.

use serde::{Deserialize, Serialize};

/// Which optimizer, with its settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OptimizerSettings {
    /// Whether Muon takes the layers' matrices; AdamW takes the rest, or all.
    pub muon: bool,
    /// Decay of the mean gradient (AdamW).
    pub beta1: f32,
    /// Decay of the mean squared gradient (AdamW).
    pub beta2: f32,
    /// Added to the root of the mean squared gradient (AdamW).
    pub eps: f32,
    /// Share of the weights, times the learning rate, that each step takes off; of biases and layer norms nothing.
    pub weight_decay: f32,
    /// Decay of Muon's momentum.
    pub momentum: f32,
}

impl Default for OptimizerSettings {
    fn default() -> Self {
        Self {
            muon: false,
            beta1: 0.9,
            beta2: 0.98,
            eps: 1e-6,
            weight_decay: 0.01,
            momentum: 0.95,
        }
    }
}
