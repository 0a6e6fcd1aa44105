//! Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1).

use super::kernels::product;
use super::{math, pool};

/// Queries whose scores are held at once, by one thread.
const QUERIES: usize = 16;

/// Where one head's keys and values lie.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// `[head_dim, keys]`: turned over, so that the scores of neighbouring keys are neighbours.
    pub keys: &'a [f32],
    /// Floats from one row of `keys` to the next.
    pub key_step: usize,
    /// `[keys, head_dim]`
    pub values: &'a [f32],
    /// Floats from one row of `values` to the next.
    pub value_step: usize,
}

/// What queries may look at.
#[derive(Clone, Copy)]
pub enum Visible<'a> {
    /// The first `past` keys, and those up to the query's own place behind them.
    Causal {
        /// Keys before the first query's.
        past: usize,
    },
    /// So many keys, each with a number that is added to its score (0, or the lowest float for padding);
    /// none where nothing is padded.
    All {
        /// Number of keys.
        keys: usize,
        /// `[keys]`
        bias: Option<&'a [f32]>,
    },
}

impl Visible<'_> {
    fn keys(&self, query: usize) -> usize {
        match *self {
            Visible::Causal { past } => past + query + 1,
            Visible::All { keys, .. } => keys,
        }
    }
}

/// softmax(q·kᵀ·scale)·v of all heads.
///
/// `queries` are rows of `step` floats that begin with the heads' queries one after another; returns rows
/// `[heads · head_dim]`. `head(h)` says where head `h`'s keys and values are.
pub fn attention<'a>(
    queries: &[f32],
    step: usize,
    heads: usize,
    head_dim: usize,
    scale: f32,
    visible: Visible,
    head: impl Fn(usize) -> Head<'a> + Sync,
) -> Vec<f32> {
    let (count, size) = (queries.len().div_ceil(step), heads * head_dim);
    let mut out = vec![0.0; count * size];
    // One row is divided by heads, several by rows: so that each thread writes to a piece of its own.
    if count == 1 {
        let parts = match visible.keys(0) * size < 1 << 14 {
            true => 1,
            false => pool::threads(),
        };
        let per_part = heads.div_ceil(parts);
        pool::for_each_chunk(&mut out, per_part * head_dim, |part, out| {
            let first = part * per_part;
            let mut scores = Vec::new();
            for (index, out) in out.chunks_exact_mut(head_dim).enumerate() {
                let h = first + index;
                let queries = &queries[h * head_dim..];
                one_head(
                    queries,
                    step,
                    0..1,
                    head_dim,
                    scale,
                    visible,
                    head(h),
                    &mut scores,
                    out,
                    size,
                );
            }
        });
    } else {
        let rows = count.div_ceil(2 * pool::threads()).min(QUERIES);
        pool::for_each_chunk(&mut out, rows * size, |part, out| {
            let first = part * rows;
            let range = first..first + out.len() / size;
            let mut scores = Vec::new();
            for h in 0..heads {
                let (queries, out) = (
                    &queries[first * step + h * head_dim..],
                    &mut out[h * head_dim..],
                );
                one_head(
                    queries,
                    step,
                    range.clone(),
                    head_dim,
                    scale,
                    visible,
                    head(h),
                    &mut scores,
                    out,
                    size,
                );
            }
        });
    }
    out
}

/// Queries number `range` of one head; `queries` and `out` begin with the first of them.
#[allow(clippy::too_many_arguments)]
fn one_head(
    queries: &[f32],
    query_step: usize,
    range: std::ops::Range<usize>,
    head_dim: usize,
    scale: f32,
    visible: Visible,
    head: Head,
    scores: &mut Vec<f32>,
    out: &mut [f32],
    out_step: usize,
) {
    let (count, keys) = (range.len(), visible.keys(range.end - 1));
    scores.resize(count * keys, 0.0);
    product(
        count,
        keys,
        head_dim,
        queries,
        query_step,
        head.keys,
        head.key_step,
        scores,
        keys,
    );
    for (query, scores) in range.zip(scores.chunks_exact_mut(keys)) {
        let (seen, hidden) = scores.split_at_mut(visible.keys(query));
        if let Visible::All {
            bias: Some(bias), ..
        } = visible
        {
            math::add(seen, bias);
        }
        math::softmax(seen, scale);
        hidden.fill(0.0);
    }
    product(
        count,
        head_dim,
        keys,
        scores,
        keys,
        head.values,
        head.value_step,
        out,
        out_step,
    );
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
                let out = attention(&q, size, heads, dim, 0.5, visible, |h| Head {
                    keys: &k[h * dim * keys..],
                    key_step: keys,
                    values: &v[h * keys * dim..],
                    value_step: dim,
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
