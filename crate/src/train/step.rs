//! A step: back along the tape, clipping, the optimizer.

use serde::Serialize;

use super::error::{Result, TrainError};
use super::objectives::{Loss, LossPart};
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
    let At {
        step,
        clip,
        learning_rate,
    } = at;
    let value: f32 = loss.total.to_scalar()?;
    let mut gradients = gradients(&loss, parameters)?;
    let gradient_norm = norm(&gradients);
    if !value.is_finite() || !gradient_norm.is_finite() {
        return Err(TrainError::Diverged { step });
    }
    if clip > 0.0 && gradient_norm > clip {
        let factor = (clip / (gradient_norm + 1e-6)) as f32;
        gradients.iter_mut().flatten().for_each(|g| *g *= factor);
    }
    optimizer.step(parameters, &gradients, learning_rate)?;
    Ok(StepReport {
        step,
        loss: value,
        parts: loss.parts,
        learning_rate,
        gradient_norm,
        tokens: loss.tokens,
    })
}

/// The gradient of each weight; 0 for those that the loss does not depend on.
fn gradients(loss: &Loss, parameters: &[Parameter]) -> Result<Vec<Vec<f32>>> {
    let mut store = loss.total.backward()?;
    parameters
        .iter()
        .map(|parameter| match store.remove(parameter.tensor()) {
            Some(gradient) => Ok(ops::values(&gradient.contiguous()?)?.to_vec()),
            None => Ok(vec![0.0; parameter.tensor().elem_count()]),
        })
        .collect()
}
