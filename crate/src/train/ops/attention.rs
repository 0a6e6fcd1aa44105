//! Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1) of several texts and heads:
//! softmax(Q·Kᵀ/√head_dim)·V, with the weights dropped out where training asks for it.

use std::sync::OnceLock;

use candle_core::{bail, CpuStorage, CustomOp1, CustomOp3, Layout, Result, Shape, Tensor};

use super::parallel::for_each_pair;
use super::product::{multiply_here, View};
use super::tape::{slice, tensor, values};
use crate::nn::vector;

/// Who attends to whom. Rows of activations are `[batch·len, width]`, text by text, the heads side by side in a row.
#[derive(Debug, Clone)]
pub struct Attention {
    /// Texts.
    pub batch: usize,
    /// Positions of each, padding included.
    pub len: usize,
    /// Heads, which divide the width.
    pub heads: usize,
    /// Whether a position sees only those up to itself.
    pub causal: bool,
    /// Positions of each text that are no padding, which stands behind them; empty where nothing is padded.
    pub lengths: Vec<usize>,
    /// What the weights are multiplied by, `[batch, heads, len, len]`: 0 or 1/(1 − p); `None` without dropout.
    pub dropout: Option<Vec<f32>>,
}

/// Attention of queries, keys and values, each `[batch·len, width]` → `[batch·len, width]`.
///
/// # Errors
/// Where shapes do not fit.
pub fn attention(queries: &Tensor, keys: &Tensor, vals: &Tensor, how: Attention) -> Result<Tensor> {
    let (rows, width) = queries.dims2()?;
    how.check(rows, width)?;
    queries.apply_op3(keys, vals, Op::new(how))
}

/// Attention of queries, keys and values side by side, `[batch·len, 3·width]` → `[batch·len, width]`.
///
/// # Errors
/// Where shapes do not fit.
pub fn attention_joint(joint: &Tensor, how: Attention) -> Result<Tensor> {
    let (rows, width) = joint.dims2()?;
    if width % 3 != 0 {
        bail!("queries, keys and values of {width} columns");
    }
    how.check(rows, width / 3)?;
    joint.apply_op1(Op::new(how))
}

/// softmax(Q·Kᵀ/√head_dim) of queries and keys, each `[batch·len, width]` → `[batch, heads, len, len]`: whom each
/// position looks at. Not on the tape.
///
/// # Errors
/// Where shapes do not fit.
pub fn attention_weights(queries: &Tensor, keys: &Tensor, how: Attention) -> Result<Vec<f32>> {
    let (rows, width) = queries.dims2()?;
    how.check(rows, width)?;
    if keys.dims() != queries.dims() {
        bail!("queries and keys of different shapes");
    }
    let (queries, keys) = (values(queries)?, values(keys)?);
    let part = |data| Part {
        data,
        stride: width,
    };
    let op = Op::new(how);
    op.forward([part(&queries), part(&keys), part(&keys)], width);
    Ok(op.weights.into_inner().unwrap_or_default())
}

impl Attention {
    fn check(&self, rows: usize, width: usize) -> Result<()> {
        let lengths_fit = self.lengths.iter().all(|&n| 0 < n && n <= self.len)
            && [0, self.batch].contains(&self.lengths.len());
        let dropped = self.batch * self.heads * self.len * self.len;
        if self.batch * self.len != rows
            || self.heads == 0
            || width % self.heads != 0
            || !lengths_fit
            || self
                .dropout
                .as_ref()
                .is_some_and(|mask| mask.len() != dropped)
        {
            bail!(
                "attention of {rows} rows of {width}: {} texts of {}",
                self.batch,
                self.len
            );
        }
        Ok(())
    }
}

struct Op {
    how: Attention,
    /// softmax(Q·Kᵀ/√head_dim), `[batch, heads, len, len]`, kept for the backward pass.
    weights: OnceLock<Vec<f32>>,
}

/// Where one of queries, keys and values lies: its first value, and floats from one row to the next.
#[derive(Clone, Copy)]
struct Part<'a> {
    data: &'a [f32],
    stride: usize,
}

impl Op {
    fn new(how: Attention) -> Self {
        Self {
            how,
            weights: OnceLock::new(),
        }
    }

    /// Keys that the positions of a text see.
    fn keys(&self, text: usize) -> usize {
        self.how.lengths.get(text).copied().unwrap_or(self.how.len)
    }

    /// Rows `0..rows` of head `head` of a text: `[rows, head_dim]`.
    fn head<'a>(
        &self,
        part: Part<'a>,
        text: usize,
        head: usize,
        rows: usize,
        dim: usize,
    ) -> View<'a> {
        let start = text * self.how.len * part.stride + head * dim;
        View::with_stride(&part.data[start..], [rows, dim], part.stride)
    }

    /// P·V with P = softmax(Q·Kᵀ·scale): → `[batch·len, width]`.
    fn forward(&self, [queries, keys, vals]: [Part; 3], width: usize) -> Vec<f32> {
        let Attention {
            batch,
            len,
            heads,
            causal,
            ..
        } = self.how;
        let (dim, square) = (width / heads, len * len);
        let scale = 1.0 / (dim as f32).sqrt();
        let mut out = vec![0.0; batch * len * width];
        let mut weights = vec![0.0; batch * heads * square];
        for_each_pair(
            (&mut out, len * width),
            (&mut weights, heads * square),
            |text, out, weights| {
                let seen = self.keys(text);
                let mut dropped = Vec::new();
                for (head, weights) in weights.chunks_exact_mut(square).enumerate() {
                    let view = |part, rows| self.head(part, text, head, rows, dim);
                    multiply_here(view(queries, len), view(keys, seen).t(), weights, len, 0.0);
                    for (query, row) in weights.chunks_exact_mut(len).enumerate() {
                        let seen = if causal { seen.min(query + 1) } else { seen };
                        vector::softmax(&mut row[..seen], scale);
                        row[seen..].fill(0.0);
                    }
                    let used = self.dropped(weights, text, head, &mut dropped);
                    let used = View::with_stride(used, [len, seen], len);
                    multiply_here(used, view(vals, seen), &mut out[head * dim..], width, 0.0);
                }
            },
        );
        // A second forward pass of the same operation does not happen.
        let _ = self.weights.set(weights);
        out
    }

    /// P after dropout, `[len, len]`, in `memory` where there is any.
    fn dropped<'a>(
        &self,
        weights: &'a [f32],
        text: usize,
        head: usize,
        memory: &'a mut Vec<f32>,
    ) -> &'a [f32] {
        let Some(mask) = self.mask(text, head) else {
            return weights;
        };
        memory.clear();
        memory.extend(weights.iter().zip(mask).map(|(weight, m)| weight * m));
        memory
    }

    /// `[len, len]`
    fn mask(&self, text: usize, head: usize) -> Option<&[f32]> {
        let square = self.how.len * self.how.len;
        let start = (text * self.how.heads + head) * square;
        self.how
            .dropout
            .as_ref()
            .map(|mask| &mask[start..start + square])
    }

    /// With P' the weights after dropout: dV = P'ᵀ·dO; dP = (dO·Vᵀ)·mask; dS = P·(dP − Σ over keys of dP·P)·scale;
    /// dQ = dS·K; dK = dSᵀ·Q. → dQ, dK and dV side by side, `[batch·len, 3·width]`.
    fn backward(
        &self,
        [queries, keys, vals]: [Part; 3],
        douts: &[f32],
        width: usize,
    ) -> Result<Vec<f32>> {
        let Attention {
            batch, len, heads, ..
        } = self.how;
        let Some(weights) = self.weights.get() else {
            bail!("attention goes back before it went forward");
        };
        let (dim, square, stride) = (width / heads, len * len, 3 * width);
        let scale = 1.0 / (dim as f32).sqrt();
        let douts = Part {
            data: douts,
            stride: width,
        };
        let mut grads = vec![0.0; batch * len * stride];
        crate::nn::pool::for_each_chunk(&mut grads, len * stride, |text, grads| {
            let seen = self.keys(text);
            let mut dscores = vec![0.0; square]; // dP', then dS
            let mut dropped = Vec::new();
            for head in 0..heads {
                let weights = &weights[(text * heads + head) * square..][..square];
                let view = |part, rows| self.head(part, text, head, rows, dim);
                let grad = |which: usize| which * width + head * dim;
                let used = self.dropped(weights, text, head, &mut dropped);
                let used = View::with_stride(used, [len, seen], len).t();
                multiply_here(used, view(douts, len), &mut grads[grad(2)..], stride, 0.0);
                multiply_here(
                    view(douts, len),
                    view(vals, seen).t(),
                    &mut dscores,
                    len,
                    0.0,
                );
                if let Some(mask) = self.mask(text, head) {
                    dscores.iter_mut().zip(mask).for_each(|(d, m)| *d *= m);
                }
                for (dscores, weights) in
                    dscores.chunks_exact_mut(len).zip(weights.chunks_exact(len))
                {
                    let mean: f32 = dscores.iter().zip(weights).map(|(d, w)| d * w).sum();
                    for (d, weight) in dscores.iter_mut().zip(weights) {
                        *d = weight * (*d - mean) * scale;
                    }
                }
                let dscores = View::with_stride(&dscores, [len, seen], len);
                multiply_here(
                    dscores,
                    view(keys, seen),
                    &mut grads[grad(0)..],
                    stride,
                    0.0,
                );
                multiply_here(
                    dscores.t(),
                    view(queries, len),
                    &mut grads[grad(1)..],
                    stride,
                    0.0,
                );
            }
        });
        Ok(grads)
    }
}

/// The three thirds of `[rows, 3·width]`.
fn joint(data: &[f32], width: usize) -> [Part<'_>; 3] {
    [0, 1, 2].map(|which| Part {
        data: &data[which * width..],
        stride: 3 * width,
    })
}

impl CustomOp1 for Op {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, three) = layout.shape().dims2()?;
        let out = self.forward(joint(slice(storage, layout)?, three / 3), three / 3);
        Ok((CpuStorage::F32(out), (rows, three / 3).into()))
    }

    fn bwd(&self, arg: &Tensor, _: &Tensor, douts: &Tensor) -> Result<Option<Tensor>> {
        let (douts, arg_values) = (douts.contiguous()?, values(arg)?);
        let width = arg.dims2()?.1 / 3;
        let grads = self.backward(joint(&arg_values, width), &values(&douts)?, width)?;
        Ok(Some(tensor(grads, arg.dims())?))
    }
}

impl CustomOp3 for Op {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(
        &self,
        queries: &CpuStorage,
        layout: &Layout,
        keys: &CpuStorage,
        keys_layout: &Layout,
        vals: &CpuStorage,
        vals_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (_, stride) = layout.shape().dims2()?;
        if keys_layout.shape() != layout.shape() || vals_layout.shape() != layout.shape() {
            bail!("queries, keys and values of different shapes");
        }
        let parts = [
            slice(queries, layout)?,
            slice(keys, keys_layout)?,
            slice(vals, vals_layout)?,
        ];
        let out = self.forward(parts.map(|data| Part { data, stride }), stride);
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        vals: &Tensor,
        _: &Tensor,
        douts: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (_, width) = queries.dims2()?;
        let douts = douts.contiguous()?;
        let (q, k, v) = (values(queries)?, values(keys)?, values(vals)?);
        let parts: [&[f32]; 3] = [&q, &k, &v];
        let parts = parts.map(|data| Part {
            data,
            stride: width,
        });
        let joint = self.backward(parts, &values(&douts)?, width)?;
        let third = |which: usize| {
            let rows = joint.chunks_exact(3 * width);
            let values = rows
                .flat_map(|row| &row[which * width..][..width])
                .copied()
                .collect();
            tensor(values, queries.dims())
        };
        Ok((Some(third(0)?), Some(third(1)?), Some(third(2)?)))
    }
}
