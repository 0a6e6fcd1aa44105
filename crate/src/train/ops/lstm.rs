//! A layer of LSTM cells over a whole text (Hochreiter & Schmidhuber 1997, with Gers's forget gate), as `torch.nn.LSTM`
//! computes it:
//!
//! i, f, o = σ(…), g = tanh(…) of x·W_ihᵀ + b_ih + b_hh + h₋₁·W_hhᵀ; c = f·c₋₁ + i·g; h = o·tanh(c).

use std::sync::OnceLock;

use candle_core::{bail, CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use super::product::{multiply, Right, View};
use super::tape::{slice, tensor, values};
use crate::nn::{pool, vector};

/// Texts that one part of a loop goes through together.
const TEXTS: usize = 8;

/// The hidden states h of every position: `[batch·len, 4·hidden]` → `[batch·len, hidden]`.
///
/// `gates` is x·W_ihᵀ + both biases, in the order i, f, g, o; `weight` is W_hh `[4·hidden, hidden]`. h and c are 0 before
/// the first position. `reverse` reads each text from its end.
///
/// # Errors
/// Where shapes do not fit.
pub fn lstm(gates: &Tensor, weight: &Tensor, len: usize, reverse: bool) -> Result<Tensor> {
    let ((rows, four), (out, hidden)) = (gates.dims2()?, weight.dims2()?);
    if len == 0 || rows % len != 0 || four != 4 * hidden || out != four {
        bail!("gates of {rows} by {four} for {hidden} cells and texts of {len}");
    }
    let saved = OnceLock::new();
    gates.apply_op2(
        weight,
        Lstm {
            len,
            hidden,
            reverse,
            saved,
        },
    )
}

struct Lstm {
    len: usize,
    hidden: usize,
    reverse: bool,
    /// Of each position the gates after their functions, c and h: `[batch·len, 6·hidden]`.
    saved: OnceLock<Vec<f32>>,
}

/// tanh(x), to some 1e-7.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (1.0 + vector::exp(2.0 * x))
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + vector::exp(-x))
}

impl Lstm {
    /// Positions in the order in which they are read, each with the one before it.
    fn order(&self) -> Vec<(usize, Option<usize>)> {
        let mut order: Vec<usize> = (0..self.len).collect();
        if self.reverse {
            order.reverse();
        }
        let before = std::iter::once(None).chain(order.iter().copied().map(Some));
        order
            .iter()
            .copied()
            .zip(before.collect::<Vec<_>>())
            .collect()
    }

    /// Some texts, from their first position to their last: `gates` is `[texts·len, 4·hidden]`, `saved` as in the struct.
    fn forward(&self, gates: &[f32], weight: &[f32], saved: &mut [f32]) {
        let (len, hidden) = (self.len, self.hidden);
        let (four, six) = (4 * hidden, 6 * hidden);
        let texts = gates.len() / (len * four);
        let weight = Right::new(View::new(weight, hidden).t()); // [hidden, 4·hidden]
        let mut states = vec![0.0; texts * hidden]; // h of the position before
        let mut sums = vec![0.0; texts * four];
        for (at, before) in self.order() {
            for (text, sums) in sums.chunks_exact_mut(four).enumerate() {
                sums.copy_from_slice(&gates[(text * len + at) * four..][..four]);
            }
            if before.is_some() {
                weight.multiply_here(View::new(&states, hidden), &mut sums, four, 1.0);
            }
            for (text, (sums, state)) in sums
                .chunks_exact(four)
                .zip(states.chunks_exact_mut(hidden))
                .enumerate()
            {
                // c of the position before: h and c of a text are overwritten by none after them.
                let old = before.map(|before| (text * len + before) * six + four);
                for cell in 0..hidden {
                    let of = |gate: usize| sums[gate * hidden + cell];
                    let (i, f, o) = (sigmoid(of(0)), sigmoid(of(1)), sigmoid(of(3)));
                    let g = tanh(of(2));
                    let c = f * old.map_or(0.0, |old| saved[old + cell]) + i * g;
                    let h = o * tanh(c);
                    let row = &mut saved[(text * len + at) * six..][..six];
                    for (value, slot) in [i, f, g, o, c, h].into_iter().zip(0..) {
                        row[slot * hidden + cell] = value;
                    }
                    state[cell] = h;
                }
            }
        }
    }

    /// Backpropagation through time (Werbos 1990): the slopes of the gates before their functions, `[texts·len, 4·hidden]`.
    ///
    /// dh = dy + (slopes of the next position)·W_hh; dc = dh·o·(1 − tanh²c) + dc₊₁·f₊₁;
    /// di = dc·g·i(1 − i); df = dc·c₋₁·f(1 − f); dg = dc·i·(1 − g²); do = dh·tanh(c)·o(1 − o).
    fn backward(&self, saved: &[f32], weight: &[f32], douts: &[f32], slopes: &mut [f32]) {
        let (len, hidden) = (self.len, self.hidden);
        let (four, six) = (4 * hidden, 6 * hidden);
        let texts = slopes.len() / (len * four);
        let weight = Right::new(View::new(weight, hidden)); // [4·hidden, hidden]
        let (mut dhs, mut dcs) = (vec![0.0; texts * hidden], vec![0.0; texts * hidden]);
        for (at, before) in self.order().into_iter().rev() {
            for text in 0..texts {
                let row = &saved[(text * len + at) * six..][..six];
                let old =
                    before.map(|before| &saved[(text * len + before) * six + four..][..hidden]);
                let slopes = &mut slopes[(text * len + at) * four..][..four];
                for cell in 0..hidden {
                    let [i, f, g, o, c] = [0, 1, 2, 3, 4].map(|slot| row[slot * hidden + cell]);
                    let t = tanh(c);
                    let state = text * hidden + cell;
                    let dh = dhs[state] + douts[(text * len + at) * hidden + cell];
                    let dc = dcs[state] + dh * o * (1.0 - t * t);
                    dcs[state] = dc * f;
                    slopes[cell] = dc * g * i * (1.0 - i);
                    slopes[hidden + cell] = dc * old.map_or(0.0, |old| old[cell]) * f * (1.0 - f);
                    slopes[2 * hidden + cell] = dc * i * (1.0 - g * g);
                    slopes[3 * hidden + cell] = dh * t * o * (1.0 - o);
                }
            }
            let here = View::with_stride(&slopes[at * four..], [texts, four], len * four);
            weight.multiply_here(here, &mut dhs, hidden, 0.0);
        }
    }

    /// h of the position before each, 0 before the first: `[batch·len, hidden]`.
    fn states_before(&self, saved: &[f32]) -> Vec<f32> {
        let (len, hidden) = (self.len, self.hidden);
        let mut states = vec![0.0; saved.len() / 6];
        for (text, states) in states.chunks_exact_mut(len * hidden).enumerate() {
            for (at, before) in self.order() {
                if let Some(before) = before {
                    let h = &saved[(text * len + before) * 6 * hidden + 5 * hidden..][..hidden];
                    states[at * hidden..][..hidden].copy_from_slice(h);
                }
            }
        }
        states
    }
}

impl CustomOp2 for Lstm {
    fn name(&self) -> &'static str {
        "lstm"
    }

    fn cpu_fwd(
        &self,
        gates: &CpuStorage,
        gates_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, four) = gates_layout.shape().dims2()?;
        let (gates, weight) = (slice(gates, gates_layout)?, slice(weight, weight_layout)?);
        let six = 6 * self.hidden;
        let mut saved = vec![0.0; rows * six];
        pool::for_each_chunk(&mut saved, TEXTS * self.len * six, |part, saved| {
            let texts = saved.len() / (self.len * six);
            let gates = &gates[part * TEXTS * self.len * four..][..texts * self.len * four];
            self.forward(gates, weight, saved);
        });
        let states = saved
            .chunks_exact(six)
            .flat_map(|row| &row[5 * self.hidden..]);
        let states = states.copied().collect();
        let _ = self.saved.set(saved);
        Ok((CpuStorage::F32(states), (rows, self.hidden).into()))
    }

    /// dgates are the slopes above; dW_hh = slopesᵀ·h₋₁ `[4·hidden, hidden]`.
    fn bwd(
        &self,
        gates: &Tensor,
        weight: &Tensor,
        _: &Tensor,
        douts: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let Some(saved) = self.saved.get() else {
            bail!("LSTM goes back before it went forward");
        };
        let douts = douts.contiguous()?;
        let (dout_values, w_values) = (values(&douts)?, values(weight)?);
        let (dout_values, w_values): (&[f32], &[f32]) = (&dout_values, &w_values);
        let (four, six) = (4 * self.hidden, 6 * self.hidden);
        let mut slopes = vec![0.0; gates.elem_count()];
        pool::for_each_chunk(&mut slopes, TEXTS * self.len * four, |part, slopes| {
            let (first, rows) = (part * TEXTS * self.len, slopes.len() / four);
            let saved = &saved[first * six..][..rows * six];
            let douts = &dout_values[first * self.hidden..][..rows * self.hidden];
            self.backward(saved, w_values, douts, slopes);
        });
        let states = self.states_before(saved);
        let dweight = multiply(
            View::new(&slopes, four).t(),
            View::new(&states, self.hidden),
        );
        Ok((
            Some(tensor(slopes, gates.dims())?),
            Some(tensor(dweight, weight.dims())?),
        ))
    }
}
