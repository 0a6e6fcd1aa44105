//! GELU (Hendrycks & Gimpel 2016): x·Φ(x), and its tanh approximation.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::tape::{slice, tensor, values};
use crate::nn::{pool, vector, Activation};

/// Values that one part of a loop does.
const PART: usize = 1 << 13;

/// Which GELU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gelu {
    /// x·Φ(x), as in BERT.
    Exact,
    /// 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), as in GPT-2.
    Tanh,
}

/// Element by element: `[m, width]` → the same.
///
/// # Errors
/// Where `xs` has gaps.
pub fn gelu(xs: &Tensor, kind: Gelu) -> Result<Tensor> {
    xs.apply_op1(kind)
}

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, xs: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut ys = slice(xs, layout)?.to_vec();
        match self {
            Self::Exact => Activation::Gelu.apply(&mut ys),
            Self::Tanh => Activation::GeluNew.apply(&mut ys),
        }
        Ok((CpuStorage::F32(ys), layout.shape().clone()))
    }

    /// dx = dy·gelu'(x)
    fn bwd(&self, xs: &Tensor, _: &Tensor, dys: &Tensor) -> Result<Option<Tensor>> {
        let dys = dys.contiguous()?;
        let (x_values, dy_values) = (values(xs)?, values(&dys)?);
        let (x_values, dy_values): (&[f32], &[f32]) = (&x_values, &dy_values);
        let mut dxs = vec![0.0; x_values.len()];
        pool::for_each_chunk(&mut dxs, PART, |part, dxs| {
            let from = part * PART;
            let both = x_values[from..].iter().zip(&dy_values[from..]);
            match self {
                Self::Exact => both
                    .zip(dxs)
                    .for_each(|((x, dy), dx)| *dx = dy * slope_exact(*x)),
                Self::Tanh => both
                    .zip(dxs)
                    .for_each(|((x, dy), dx)| *dx = dy * slope_tanh(*x)),
            }
        });
        Ok(Some(tensor(dxs, xs.dims())?))
    }
}

/// Φ(x) + x·φ(x), Φ by Abramowitz & Stegun 7.1.26 as in `nn::vector`.
#[inline(always)]
fn slope_exact(x: f32) -> f32 {
    const INVERSE_SQRT_TAU: f32 = 0.398_942_3;
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let mut p = 1.061_405_4;
    p = p * t - 1.453_152;
    p = p * t + 1.421_413_7;
    p = p * t - 0.284_496_74;
    p = p * t + 0.254_829_6;
    let bell = vector::exp(-z * z); // e^(−x²/2)
    let tail = 0.5 * p * t * bell; // 1 − Φ(|x|)
    let phi = if x > 0.0 { 1.0 - tail } else { tail };
    phi + x * INVERSE_SQRT_TAU * bell
}

/// GELU's approximation is x·s(2u) with the logistic function s and u = √(2/π)·(x + 0.044715·x³):
/// its slope is s + x·s·(1 − s)·2u'.
#[inline(always)]
fn slope_tanh(x: f32) -> f32 {
    const TWICE: f32 = 2.0 * 0.797_884_6;
    let s = 1.0 / (1.0 + vector::exp(-TWICE * (x + 0.044715 * x * x * x)));
    s + x * s * (1.0 - s) * TWICE * (1.0 + 3.0 * 0.044715 * x * x)
}
