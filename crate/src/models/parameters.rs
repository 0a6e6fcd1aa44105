//! Layers from a checkpoint's parameters.

use crate::error::Result;
use crate::nn::{Embedding, LayerNorm, Linear, RmsNorm};
use crate::weights::Weights;

/// A linear layer: `name.weight` `[outputs, inputs]`, `name.bias` `[outputs]`.
pub(super) fn linear(
    weights: &Weights,
    name: &str,
    inputs: usize,
    outputs: usize,
) -> Result<Linear> {
    let weight = weights.matrix(&format!("{name}.weight"), outputs, inputs)?;
    let bias = weights.values(&format!("{name}.bias"), &[outputs])?;
    Ok(Linear::new(weight, Some(bias)))
}

/// A linear layer without a bias: `name.weight` `[outputs, inputs]`.
pub(super) fn linear_without_bias(
    weights: &Weights,
    name: &str,
    inputs: usize,
    outputs: usize,
) -> Result<Linear> {
    let weight = weights.matrix(&format!("{name}.weight"), outputs, inputs)?;
    Ok(Linear::new(weight, None))
}

/// A layer norm: `name.weight` and `name.bias`, `[size]` each.
pub(super) fn layer_norm(
    weights: &Weights,
    name: &str,
    size: usize,
    eps: f64,
) -> Result<LayerNorm> {
    let part = |part: &str| weights.values(&format!("{name}.{part}"), &[size]);
    Ok(LayerNorm::new(part("weight")?, part("bias")?, eps))
}

/// A norm by root mean square: `name.weight` `[size]`.
pub(super) fn rms_norm(weights: &Weights, name: &str, size: usize, eps: f64) -> Result<RmsNorm> {
    let weight = weights.values(&format!("{name}.weight"), &[size])?;
    Ok(RmsNorm::new(weight, eps))
}

/// An embedding: `name.weight` `[entries, size]`.
pub(super) fn embedding(
    weights: &Weights,
    name: &str,
    entries: usize,
    size: usize,
) -> Result<Embedding> {
    let table = weights.matrix(&format!("{name}.weight"), entries, size)?;
    Ok(Embedding::new(table))
}

/// A small table `name.weight` `[rows, size]` that stays dense: positions, segments.
pub(super) fn table(weights: &Weights, name: &str, rows: usize, size: usize) -> Result<Vec<f32>> {
    weights.values(&format!("{name}.weight"), &[rows, size])
}
