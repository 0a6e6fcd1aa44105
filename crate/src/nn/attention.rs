//! Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1).

use candle_core::{Device, Tensor};

use crate::error::Result;

/// softmax(q·kᵀ·scale + mask)·v
///
/// `q` is `[.., heads, queries, head_dim]`, `k` and `v` are `[.., heads, keys, head_dim]` (views of a
/// cache are fine), `mask` is added to the scores and broadcasts to `[.., heads, queries, keys]`:
/// 0 where a query may look, −∞ where not. Returns `[.., heads, queries, head_dim]`.
pub fn attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    scale: f64,
    mask: Option<&Tensor>,
) -> Result<Tensor> {
    let last = k.dims().len() - 1;
    // Scaling q is cheaper than scaling the scores whenever keys outnumber head_dim.
    let q = (q * scale)?;
    let mut scores = q.contiguous()?.matmul(&k.transpose(last - 1, last)?)?;
    if let Some(mask) = mask {
        scores = scores.broadcast_add(mask)?;
    }
    let probabilities = candle_nn::ops::softmax_last_dim(&scores)?;
    Ok(probabilities.matmul(v)?)
}

/// Which of `past + queries` keys each of the last `queries` positions may see: `[queries, keys]`,
/// 0 up to its own position, −∞ after. `None` for a single query, which sees everything.
pub fn causal_mask(queries: usize, past: usize) -> Result<Option<Tensor>> {
    if queries == 1 {
        return Ok(None);
    }
    let keys = past + queries;
    let values: Vec<f32> = (0..queries)
        .flat_map(|query| {
            (0..keys).map(move |key| {
                if key <= past + query {
                    0.0
                } else {
                    f32::NEG_INFINITY
                }
            })
        })
        .collect();
    Ok(Some(Tensor::from_vec(
        values,
        (queries, keys),
        &Device::Cpu,
    )?))
}
