//! Activation functions by their Hugging Face names.

use candle_core::Tensor;
use serde::Deserialize;

use crate::error::Result;

/// Non-linearity between the two layers of a feed-forward block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Activation {
    /// x·Φ(x) with the exact normal distribution (Hendrycks & Gimpel 2016).
    #[serde(rename = "gelu", alias = "gelu_python")]
    Gelu,
    /// The tanh approximation of the same paper, as in GPT-2.
    #[serde(rename = "gelu_new", alias = "gelu_pytorch_tanh", alias = "gelu_fast")]
    GeluNew,
    /// max(x, 0)
    #[serde(rename = "relu")]
    Relu,
}

impl Activation {
    /// Element by element; the shape stays.
    pub fn forward(self, xs: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Activation::Gelu => xs.gelu_erf()?,
            Activation::GeluNew => xs.gelu()?,
            Activation::Relu => xs.relu()?,
        })
    }
}
