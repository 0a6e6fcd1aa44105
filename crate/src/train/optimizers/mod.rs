//! What turns gradients into smaller losses.

mod adamw;
mod clip;
mod muon;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::error::Result;
use super::parameters::{Parameter, Role};

pub use clip::norm;

/// Which optimizer, with its settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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

/// An optimizer with what it remembers of each weight.
pub struct Optimizer {
    settings: OptimizerSettings,
    /// Steps taken.
    steps: u64,
    /// By parameter, in their order.
    moments: Vec<Moments>,
}

/// What is remembered of a weight.
enum Moments {
    /// Of AdamW: decayed means of the gradient and of its square.
    Adam { mean: Vec<f32>, square: Vec<f32> },
    /// Of Muon: the momentum.
    Muon { momentum: Vec<f32> },
}

impl Optimizer {
    /// One that has taken no step yet.
    pub fn new(settings: OptimizerSettings, parameters: &[Parameter]) -> Self {
        let moments = parameters.iter().map(|parameter| {
            let zeros = || vec![0.0; parameter.tensor().elem_count()];
            match parameter.role {
                Role::Layer { .. } if settings.muon => Moments::Muon { momentum: zeros() },
                _ => Moments::Adam {
                    mean: zeros(),
                    square: zeros(),
                },
            }
        });
        Self {
            settings,
            steps: 0,
            moments: moments.collect(),
        }
    }

    /// Moves the weights against their gradients.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where sizes do not fit.
    pub fn step(
        &mut self,
        parameters: &[Parameter],
        gradients: &[Vec<f32>],
        rate: f64,
    ) -> Result<()> {
        self.steps += 1;
        let each = parameters.iter().zip(gradients).zip(&mut self.moments);
        for ((parameter, gradient), moments) in each {
            let mut values = parameter.values()?;
            match moments {
                Moments::Adam { mean, square } => {
                    let decays = parameter.role != Role::Plain;
                    let adamw = adamw::AdamW::new(&self.settings, self.steps, rate, decays);
                    adamw.step(&mut values, gradient, mean, square);
                }
                Moments::Muon { momentum } => {
                    let blocks = muon::Blocks::of(parameter);
                    muon::step(
                        &self.settings,
                        rate,
                        blocks,
                        &mut values,
                        gradient,
                        momentum,
                    );
                }
            }
            parameter.set(values)?;
        }
        Ok(())
    }

    /// What it remembers, by name: `NAME.KIND`.
    pub fn state(&self, parameters: &[Parameter]) -> Vec<(String, Vec<usize>, Vec<f32>)> {
        let mut all = Vec::new();
        for (parameter, moments) in parameters.iter().zip(&self.moments) {
            let mut add = |kind: &str, values: &[f32]| {
                let name = format!("{}.{kind}", parameter.name);
                all.push((name, parameter.shape().to_vec(), values.to_vec()));
            };
            match moments {
                Moments::Adam { mean, square } => {
                    add("mean", mean);
                    add("square", square);
                }
                Moments::Muon { momentum } => add("momentum", momentum),
            }
        }
        all
    }

    /// Goes on from `state` after `steps` steps; says which entry is missing or of another size.
    pub fn restore(
        &mut self,
        parameters: &[Parameter],
        mut state: HashMap<String, Vec<f32>>,
        steps: u64,
    ) -> std::result::Result<(), String> {
        self.steps = steps;
        for (parameter, moments) in parameters.iter().zip(&mut self.moments) {
            let mut take = |kind: &str, values: &mut Vec<f32>| {
                let name = format!("{}.{kind}", parameter.name);
                match state.remove(&name) {
                    Some(found) if found.len() == values.len() => {
                        *values = found;
                        Ok(())
                    }
                    _ => Err(name),
                }
            };
            match moments {
                Moments::Adam { mean, square } => {
                    take("mean", mean)?;
                    take("square", square)?;
                }
                Moments::Muon { momentum } => take("momentum", momentum)?,
            }
        }
        Ok(())
    }
}
