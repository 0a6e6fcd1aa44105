//! Layers by their checkpoint names.

use candle_core::{Result as CandleResult, Tensor};

use crate::train::error::Result;
use crate::train::ops::{self, WeightLayout};
use crate::train::parameters::{Init, Parameters, Role};

/// A linear layer with a bias.
pub(super) struct Linear {
    /// `[out, in]`, or `[in, out]` for a `Conv1D`.
    weight: Tensor,
    /// `[out]`
    bias: Tensor,
    layout: WeightLayout,
}

impl Linear {
    /// `NAME.weight` `[out, in]` and `NAME.bias`.
    pub(super) fn new(
        parameters: &mut Parameters,
        name: &str,
        [inputs, outputs]: [usize; 2],
        std: f32,
        role: Role,
    ) -> Result<Self> {
        let weight = parameters.take(
            &format!("{name}.weight"),
            &[outputs, inputs],
            Init::Normal(std),
            role,
        )?;
        Ok(Self {
            weight,
            bias: bias(parameters, name, outputs)?,
            layout: WeightLayout::OutIn,
        })
    }

    /// GPT-2's `Conv1D`: `NAME.weight` `[in, out]`, which is `parts` matrices side by side, and `NAME.bias`.
    pub(super) fn conv1d(
        parameters: &mut Parameters,
        name: &str,
        [inputs, outputs]: [usize; 2],
        std: f32,
        parts: usize,
    ) -> Result<Self> {
        let weight = parameters.take(
            &format!("{name}.weight"),
            &[inputs, outputs],
            Init::Normal(std),
            Role::Layer { parts, dim: 1 },
        )?;
        Ok(Self {
            weight,
            bias: bias(parameters, name, outputs)?,
            layout: WeightLayout::InOut,
        })
    }

    /// `[m, in]` → `[m, out]`
    pub(super) fn forward(&self, xs: &Tensor) -> CandleResult<Tensor> {
        ops::linear(xs, &self.weight, Some(&self.bias), self.layout)
    }
}

fn bias(parameters: &mut Parameters, name: &str, size: usize) -> Result<Tensor> {
    parameters.take(&format!("{name}.bias"), &[size], Init::Zeros, Role::Plain)
}

/// Layer normalisation.
pub(super) struct LayerNorm {
    /// `[size]`
    weight: Tensor,
    /// `[size]`
    bias: Tensor,
    eps: f64,
}

impl LayerNorm {
    /// `NAME.weight` and `NAME.bias`.
    pub(super) fn new(
        parameters: &mut Parameters,
        name: &str,
        size: usize,
        eps: f64,
    ) -> Result<Self> {
        let weight =
            parameters.take(&format!("{name}.weight"), &[size], Init::Ones, Role::Plain)?;
        Ok(Self {
            weight,
            bias: bias(parameters, name, size)?,
            eps,
        })
    }

    /// `[m, size]` → the same.
    pub(super) fn forward(&self, xs: &Tensor) -> CandleResult<Tensor> {
        ops::layer_norm(xs, &self.weight, &self.bias, self.eps)
    }
}

/// `NAME.weight` `[rows, size]`, a table of embeddings.
pub(super) fn table(
    parameters: &mut Parameters,
    name: &str,
    [rows, size]: [usize; 2],
    std: f32,
) -> Result<Tensor> {
    let name = format!("{name}.weight");
    parameters.take(&name, &[rows, size], Init::Normal(std), Role::Table)
}
