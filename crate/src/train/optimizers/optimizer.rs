//! An optimizer over all weights of a model.

use std::collections::HashMap;

use super::adamw::AdamW;
use super::muon::{self, Blocks};
use super::settings::OptimizerSettings;
use crate::train::error::Result;
use crate::train::parameters::{Parameter, Role};

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
                    let adamw = AdamW::new(&self.settings, self.steps, rate, decays);
                    adamw.step(&mut values, gradient, mean, square);
                }
                Moments::Muon { momentum } => {
                    let blocks = Blocks::of(parameter);
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
