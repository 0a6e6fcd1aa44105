//! Activation functions by their Hugging Face names.

use serde::Deserialize;

use super::{pool, vector};

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
    /// Element by element, in place.
    pub fn apply(self, xs: &mut [f32]) {
        pool::for_each_rows(xs, 1, |_, xs| match self {
            Activation::Gelu => vector::gelu_all(xs),
            Activation::GeluNew => vector::gelu_new_all(xs),
            Activation::Relu => vector::relu_all(xs),
        });
    }
}
