//! Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1): softmax(Q·Kᵀ·scale + mask)·V, where scale is
//! 1/√head_dim.
//!
//! | | shape of a head |
//! |---|---|
//! | Q | `[queries, head_dim]` |
//! | Kᵀ | `[head_dim, keys]` |
//! | scores Q·Kᵀ | `[queries, keys]` |
//! | V | `[keys, head_dim]` |
//! | result | `[queries, head_dim]` |

use std::ops::Range;

use super::kernels::product;
use super::strided::{Strided, StridedMut};
use super::{pool, vector};
use crate::error::{Error, Result};

/// Queries of which one thread holds the scores at a time.
const QUERIES: usize = 16;

/// Values of one row of queries times keys that are worth calling other threads for.
const SHARED: usize = 1 << 14;

/// One head's keys and values. Both may hold more positions than are visible: the first ones count.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// `[head_dim, keys]`: transposed, so that the scores of neighbouring keys are neighbours.
    pub keys: Strided<'a>,
    /// `[keys, head_dim]`
    pub values: Strided<'a>,
}

/// Which keys a query may look at.
#[derive(Clone, Copy)]
pub enum Visible<'a> {
    /// The first `past` keys, and those up to the query's own position behind them.
    Causal {
        /// Keys before the first query's.
        past: usize,
    },
    /// The first `keys` keys.
    All {
        /// Number of keys.
        keys: usize,
        /// `[keys]`, added to the scores: 0, or the lowest float for padding. `None` where nothing is padded.
        bias: Option<&'a [f32]>,
    },
}

impl Visible<'_> {
    /// Number of keys that query number `query` looks at.
    fn keys(&self, query: usize) -> usize {
        match *self {
            Visible::Causal { past } => past + query + 1,
            Visible::All { keys, .. } => keys,
        }
    }
}

/// softmax(Q·Kᵀ·scale + mask)·V of all heads.
///
/// `queries` is `[queries, heads · head_dim]`, the heads side by side; so is the result, without gaps. `head(h)` lends
/// the keys and values of head `h`.
pub fn attention<'a>(
    queries: Strided,
    heads: usize,
    scale: f32,
    visible: Visible,
    head: impl Fn(usize) -> Head<'a> + Sync,
) -> Vec<f32> {
    let (count, size) = (queries.rows(), queries.cols());
    let head_dim = size / heads;
    let mut out = vec![0.0; count * size];
    // Each part writes to one piece of `out`: some heads of the only row, or all heads of some rows.
    let (part_rows, part_heads) = if count == 1 {
        let shared = visible.keys(0) * size >= SHARED;
        (1, heads.div_ceil(if shared { pool::threads() } else { 1 }))
    } else {
        let rows = count.div_ceil(2 * pool::threads());
        (rows.min(QUERIES), heads)
    };
    let parts_of_row = heads.div_ceil(part_heads);
    pool::for_each_chunk(&mut out, part_rows * part_heads * head_dim, |part, out| {
        let first_head = part % parts_of_row * part_heads;
        let first_row = part / parts_of_row * part_rows;
        let mut out = StridedMut::new(out, part_heads.min(heads - first_head) * head_dim);
        let rows = first_row..first_row + out.rows();
        let mut scores = Vec::new();
        for (at, h) in (first_head..heads).take(part_heads).enumerate() {
            let queries = queries.rows_in(rows.clone());
            one_head(
                queries.columns(h * head_dim..(h + 1) * head_dim),
                rows.clone(),
                head(h),
                visible,
                scale,
                &mut scores,
                out.columns(at * head_dim..(at + 1) * head_dim),
            );
        }
    });
    out
}

/// The weights by which [`attention`] of the same arguments adds up values: softmax(Q·Kᵀ·scale + mask),
/// `[heads, queries, keys]`, with as many keys as the last query sees.
///
/// They are computed anew, bit by bit as there, so that [`attention`] itself keeps none.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn attention_weights<'a>(
    queries: Strided,
    heads: usize,
    scale: f32,
    visible: Visible,
    head: impl Fn(usize) -> Head<'a> + Sync,
) -> Result<Vec<f32>> {
    let (count, head_dim) = (queries.rows(), queries.cols() / heads);
    let of_head = count.saturating_mul(visible.keys(count - 1));
    let all = heads.saturating_mul(of_head);
    let mut weights = Vec::new();
    weights
        .try_reserve_exact(all)
        .map_err(|_| Error::out_of_memory("the attention weights", all as u64 * 4))?;
    weights.resize(all, 0.0);
    pool::for_each_chunk(&mut weights, of_head, |h, weights| {
        let queries = queries.columns(h * head_dim..(h + 1) * head_dim);
        weights_of_head(queries, 0..count, head(h).keys, visible, scale, weights);
    });
    Ok(weights)
}

/// The queries number `range` of one head: `queries` and `out` are `[range.len(), head_dim]`. `scores` is reused memory.
fn one_head(
    queries: Strided,
    range: Range<usize>,
    head: Head,
    visible: Visible,
    scale: f32,
    scores: &mut Vec<f32>,
    out: StridedMut,
) {
    // The last query sees the most keys.
    let keys = visible.keys(range.end - 1);
    scores.resize(range.len() * keys, 0.0);
    weights_of_head(queries, range, head.keys, visible, scale, scores);
    product(
        Strided::new(scores, keys),
        head.values.rows_in(0..keys),
        out,
    );
}

/// The weights of the queries number `range` of one head, into `weights` `[range.len(), keys that the last one sees]`.
fn weights_of_head(
    queries: Strided,
    range: Range<usize>,
    keys: Strided,
    visible: Visible,
    scale: f32,
    weights: &mut [f32],
) {
    let seen = visible.keys(range.end - 1);
    product(
        queries,
        keys.columns(0..seen),
        StridedMut::new(weights, seen),
    );
    for (query, weights) in range.zip(weights.chunks_exact_mut(seen)) {
        let (seen, hidden) = weights.split_at_mut(visible.keys(query));
        if let Visible::All {
            bias: Some(bias), ..
        } = visible
        {
            vector::add(seen, bias);
        }
        vector::softmax(seen, scale);
        hidden.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the formula, in f64.
    #[test]
    fn agrees_with_the_formula() {
        let (heads, dim, keys) = (3, 8, 40);
        let value = |i: usize| ((i * 7919 % 997) as f32 / 500.0) - 1.0;
        let size = heads * dim;
        for (count, past) in [(1, 39), (40, 0), (21, 19)] {
            let q: Vec<f32> = (0..count * size).map(value).collect();
            let k: Vec<f32> = (0..heads * dim * keys).map(|i| value(i + 11)).collect();
            let v: Vec<f32> = (0..heads * keys * dim).map(|i| value(i + 23)).collect();
            let bias: Vec<f32> = (0..keys)
                .map(|i| if i % 5 == 0 { f32::MIN } else { 0.0 })
                .collect();
            for visible in [
                Visible::Causal { past },
                Visible::All { keys, bias: None },
                Visible::All {
                    keys,
                    bias: Some(&bias),
                },
            ] {
                let queries = Strided::new(&q, size);
                let out = attention(queries, heads, 0.5, visible, |h| {
                    let part = h * dim * keys..(h + 1) * dim * keys;
                    Head {
                        keys: Strided::new(&k[part.clone()], keys),
                        values: Strided::new(&v[part], dim),
                    }
                });
                for (at, found) in out.iter().enumerate() {
                    let (query, h, d) = (at / size, at % size / dim, at % dim);
                    let (mut sum, mut total) = (0.0, 0.0);
                    for key in 0..visible.keys(query) {
                        let dot: f32 = (0..dim)
                            .map(|d| q[query * size + h * dim + d] * k[(h * dim + d) * keys + key])
                            .sum();
                        let masked =
                            matches!(visible, Visible::All { bias: Some(_), .. }) && key % 5 == 0;
                        let weight = if masked {
                            0.0
                        } else {
                            f64::from(0.5 * dot).exp()
                        };
                        total += weight;
                        sum += weight * f64::from(v[(h * keys + key) * dim + d]);
                    }
                    assert!((f64::from(*found) - sum / total).abs() < 1e-5, "{at}");
                }
            }
        }
    }
}
