//! An optimizer over all weights of a model.

use std::collections::HashMap;
use std::sync::Mutex;

use super::adamw::AdamW;
use super::muon::{self, Blocks};
use super::settings::OptimizerSettings;
use crate::nn::pool;
use crate::train::error::Result;
use crate::train::parameters::{Entry, Parameter, Role};

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

impl Moments {
    /// Moves one weight in step number `steps`, from 1.
    fn step(
        &mut self,
        settings: &OptimizerSettings,
        steps: u64,
        rate: f64,
        parameter: &Parameter,
        gradient: &[f32],
    ) -> Result<()> {
        let mut values = parameter.values()?;
        match self {
            Self::Adam { mean, square } => {
                let decays = parameter.role != Role::Plain;
                let adamw = AdamW::new(settings, steps, rate, decays);
                adamw.step(&mut values, gradient, mean, square);
            }
            Self::Muon { momentum } => {
                let blocks = Blocks::of(parameter);
                muon::step(settings, rate, blocks, &mut values, gradient, momentum);
            }
        }
        parameter.set(values)
    }
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

    /// Moves the weights against their gradients, each on one thread: matrices of a layer are too small to share.
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
        let (settings, steps) = (&self.settings, self.steps);
        // Each part takes its own: the lock is never waited for.
        let moments: Vec<_> = self.moments.iter_mut().map(Mutex::new).collect();
        let failed = Mutex::new(None);
        pool::for_each(moments.len(), |at| {
            let (parameter, gradient) = (&parameters[at], &gradients[at]);
            let mut moments = moments[at].lock().expect("no part panics");
            if let Err(error) = moments.step(settings, steps, rate, parameter, gradient) {
                *failed.lock().expect("no part panics") = Some(error);
            }
        });
        match failed.into_inner().expect("no part panics") {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// What it remembers, by name: `NAME.KIND`.
    pub(in crate::train) fn state(&self, parameters: &[Parameter]) -> Vec<Entry<'_>> {
        let mut all = Vec::new();
        for (parameter, moments) in parameters.iter().zip(&self.moments) {
            let mut add = |kind: &str, values| {
                let name = format!("{}.{kind}", parameter.name);
                all.push(Entry::new(name, parameter.shape(), values));
            };
            match moments {
                Moments::Adam { mean, square } => {
                    add("mean", &**mean);
                    add("square", &**square);
                }
                Moments::Muon { momentum } => add("momentum", &**momentum),
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
