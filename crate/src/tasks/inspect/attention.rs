//! Attention weights: of one layer, of all heads in small, and followed through the layers.

use std::ops::Range;

use super::Inspect;
use crate::error::Result;
use crate::limits::inspect::SIZE;
use crate::models::Observer;
use crate::nn::{kernels::matmul_f32, vector};
use crate::text::Encoding;

/// The attention weights of every head, each matrix made small.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnails {
    /// Rows and columns of each: as asked, or the text's tokens where they are fewer.
    pub size: usize,
    /// `[layers, heads, size, size]`
    pub thumbnails: Vec<f32>,
}

/// How much of each token has come to each place, by attention alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// The last layer that was followed.
    pub layer: usize,
    /// `[len, len]`: attention rollout (Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers").
    pub rollout: Vec<f32>,
    /// `[len, len]`: the mean over the heads of `layer`.
    pub mean: Vec<f32>,
}

impl Inspect {
    /// Attention weights of one layer, `[heads, len, len]`: how much of token `j` goes to token `i`. Each row adds up
    /// to 1.
    ///
    /// # Errors
    /// [`crate::Error::InvalidOption`] for a layer that is not there; as of the model.
    pub fn attentions(&self, encoding: &Encoding, layer: usize) -> Result<Vec<f32>> {
        self.check_layer(layer)?;
        let mut found = Vec::new();
        self.each_layer(encoding, layer..layer + 1, |weights| found = weights)?;
        Ok(found)
    }

    /// The attention weights of every layer and head, where they are larger than `size` pooled to it: each value the
    /// greatest of those that it stands for, as in PyTorch's `adaptive_max_pool2d`.
    ///
    /// # Errors
    /// [`crate::Error::InvalidOption`] for a size out of its limits; as of the model.
    pub fn attention_heads(&self, encoding: &Encoding, size: usize) -> Result<Thumbnails> {
        SIZE.check_count(size)?;
        let len = encoding.len();
        let size = size.min(len);
        let mut thumbnails = Vec::new();
        self.each_layer(encoding, 0..usize::MAX, |weights| {
            for head in weights.chunks_exact(len * len) {
                max_pool(head, len, size, &mut thumbnails);
            }
        })?;
        Ok(Thumbnails { size, thumbnails })
    }

    /// Attention followed from the first layer to `layer`, of `None` the last one: the product of 0.5·A + 0.5·I, where
    /// A is a layer's mean over its heads, and I is what the residual connection hands on.
    ///
    /// # Errors
    /// As [`Inspect::attentions`].
    pub fn attention_rollout(&self, encoding: &Encoding, layer: Option<usize>) -> Result<Rollout> {
        let last = self.model.info().num_hidden_layers.saturating_sub(1);
        let layer = layer.unwrap_or(last);
        self.check_layer(layer)?;
        let len = encoding.len();
        let (mut mean, mut transposed) = (Vec::new(), identity(len));
        self.each_layer(encoding, 0..layer + 1, |weights| {
            mean = mean_over_heads(&weights, len * len);
            let mut mixed = identity(len);
            vector::add(&mut mixed, &mean);
            mixed.iter_mut().for_each(|weight| *weight *= 0.5);
            // (M·R)ᵀ = Rᵀ·Mᵀ
            let mut product = vec![0.0; len * len];
            matmul_f32(&transposed, &mixed, len, &mut product);
            transposed = product;
        })?;
        let rollout = (0..len * len).map(|at| transposed[at % len * len + at / len]);
        Ok(Rollout {
            layer,
            rollout: rollout.collect(),
            mean,
        })
    }

    /// Calls `each` with the attention weights `[heads, len, len]` of the layers `wanted`, of one at a time.
    fn each_layer(
        &self,
        encoding: &Encoding,
        wanted: Range<usize>,
        each: impl FnMut(Vec<f32>),
    ) -> Result<()> {
        self.run(encoding, &mut Layers { wanted, each }).map(drop)
    }
}

/// Is shown the attention weights of some layers.
struct Layers<F> {
    wanted: Range<usize>,
    each: F,
}

impl<F: FnMut(Vec<f32>)> Observer for Layers<F> {
    fn wants_attentions(&self, layer: usize) -> bool {
        self.wanted.contains(&layer)
    }

    fn attentions(&mut self, _layer: usize, weights: Vec<f32>) -> Result<()> {
        (self.each)(weights);
        Ok(())
    }
}

/// `[len, len]`
fn identity(len: usize) -> Vec<f32> {
    let mut matrix = vec![0.0; len * len];
    matrix
        .iter_mut()
        .step_by(len + 1)
        .for_each(|value| *value = 1.0);
    matrix
}

/// `[heads, size]` → `[size]`
fn mean_over_heads(weights: &[f32], size: usize) -> Vec<f32> {
    let mut mean = vec![0.0; size];
    let heads = weights.chunks_exact(size);
    let share = 1.0 / heads.len() as f32;
    heads.for_each(|head| vector::add(&mut mean, head));
    mean.iter_mut().for_each(|value| *value *= share);
    mean
}

/// Appends `matrix` `[len, len]`, pooled to `[size, size]`.
fn max_pool(matrix: &[f32], len: usize, size: usize, out: &mut Vec<f32>) {
    let part = |at: usize| at * len / size..((at + 1) * len).div_ceil(size);
    for row in 0..size {
        for col in 0..size {
            let rows = part(row).map(|row| &matrix[row * len..][part(col)]);
            out.push(rows.flatten().copied().fold(0.0, f32::max));
        }
    }
}
