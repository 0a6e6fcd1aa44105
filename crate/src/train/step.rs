//! A step: back along the tape, clipping, the optimizer.

use candle_core::Tensor;
use serde::Serialize;

use super::error::{Result, TrainError};
use super::objectives::{Loss, LossPart, Means};
use super::ops;
use super::optimizers::{norm, Optimizer};
use super::parameters::Parameter;

/// What a step did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StepReport {
    /// Its number, from 0.
    pub step: u64,
    /// The sum of the parts, before the step: nats.
    pub loss: f32,
    /// Each part of the loss.
    pub parts: Vec<LossPart>,
    /// The learning rate.
    pub learning_rate: f64,
    /// Length of the gradient, before it was clipped.
    pub gradient_norm: f64,
    /// Tokens read, padding left out.
    pub tokens: usize,
}

/// Where in a run a step is.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    /// Its number, from 0.
    pub step: u64,
    /// Gradients that are longer than this together are shortened to it; 0: never.
    pub clip: f64,
    pub learning_rate: f64,
}

/// Moves the weights against the gradients of `loss`.
///
/// # Errors
/// [`TrainError::Diverged`], where nothing has changed.
pub(super) fn descend(
    loss: Loss,
    parameters: &[Parameter],
    optimizer: &mut Optimizer,
    at: At,
) -> Result<StepReport> {
    Descent::of([Ok(loss)], parameters)?.go(parameters, optimizer, at)
}

/// The loss of a batch with its gradients, before the weights are moved.
pub(super) struct Descent {
    total: f64,
    parts: Vec<LossPart>,
    tokens: usize,
    /// Of each weight; 0 for those that the loss does not depend on.
    gradients: Vec<Vec<f32>>,
}

impl Descent {
    /// Of losses that add up to that of a batch (micro-batches): the tape of each is gone before the next one is computed,
    /// and their gradients add up to those of the sum.
    ///
    /// # Errors
    /// Those of the losses; [`crate::Error::Internal`] where there is none.
    pub fn of(
        losses: impl IntoIterator<Item = Result<Loss>>,
        parameters: &[Parameter],
    ) -> Result<Self> {
        let (mut sum, mut means) = (None::<Self>, Means::default());
        for loss in losses {
            let loss = loss?;
            let total: f32 = loss.total.to_scalar()?;
            let mut store = loss.total.backward()?;
            let sum = sum.get_or_insert_with(|| Self::none(parameters));
            sum.total += f64::from(total);
            sum.tokens += loss.tokens;
            means.add(loss.parts);
            for (parameter, sum) in parameters.iter().zip(&mut sum.gradients) {
                if let Some(gradient) = store.remove(parameter.tensor()) {
                    add(sum, &gradient)?;
                }
            }
        }
        let mut sum = sum.ok_or_else(|| TrainError::internal("a step without a loss"))?;
        for (parameter, gradient) in parameters.iter().zip(&mut sum.gradients) {
            gradient.resize(parameter.tensor().elem_count(), 0.0);
        }
        Ok(Self {
            parts: means.parts(),
            ..sum
        })
    }

    /// Of no loss.
    fn none(parameters: &[Parameter]) -> Self {
        Self {
            total: 0.0,
            parts: Vec::new(),
            tokens: 0,
            gradients: parameters.iter().map(|_| Vec::new()).collect(),
        }
    }

    /// Moves the weights.
    ///
    /// # Errors
    /// [`TrainError::Diverged`], where nothing has changed.
    pub fn go(
        self,
        parameters: &[Parameter],
        optimizer: &mut Optimizer,
        at: At,
    ) -> Result<StepReport> {
        let At {
            step,
            clip,
            learning_rate,
        } = at;
        let mut gradients = self.gradients;
        let gradient_norm = norm(&gradients);
        if !self.total.is_finite() || !gradient_norm.is_finite() {
            return Err(TrainError::Diverged { step });
        }
        if clip > 0.0 && gradient_norm > clip {
            let factor = (clip / (gradient_norm + 1e-6)) as f32;
            gradients.iter_mut().flatten().for_each(|g| *g *= factor);
        }
        optimizer.step(parameters, &gradients, learning_rate)?;
        Ok(StepReport {
            step,
            loss: self.total as f32,
            parts: self.parts,
            learning_rate,
            gradient_norm,
            tokens: self.tokens,
        })
    }
}

/// Adds a gradient to the sum of those before it, which is empty at first.
fn add(sum: &mut Vec<f32>, gradient: &Tensor) -> Result<()> {
    let gradient = gradient.contiguous()?;
    let values = ops::values(&gradient)?;
    if sum.is_empty() {
        sum.extend_from_slice(&values);
    } else {
        sum.iter_mut()
            .zip(&*values)
            .for_each(|(sum, one)| *sum += one);
    }
    Ok(())
}
