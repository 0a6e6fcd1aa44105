//! Keys and values of the positions already read, so that each token is computed once.

use candle_core::{Device, Tensor};

use crate::error::{Error, Result};

/// One pair of buffers per layer, allocated once for the whole context; nothing is copied as it
/// grows, and stepping back is only a smaller length.
pub struct KvCache {
    /// Per layer: keys and values, each `[heads, max_positions, head_dim]`.
    layers: Vec<(Tensor, Tensor)>,
    max_positions: usize,
    len: usize,
}

impl KvCache {
    /// Room for `max_positions` in every one of `layers` layers.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], so that a large context does not end the wasm instance.
    pub fn new(layers: usize, heads: usize, max_positions: usize, head_dim: usize) -> Result<Self> {
        let shape = (heads, max_positions, head_dim);
        let buffer = || -> Result<Tensor> {
            let zeros = zeros(heads * max_positions * head_dim)?;
            Ok(Tensor::from_vec(zeros, shape, &Device::Cpu)?)
        };
        let layers = (0..layers)
            .map(|_| Ok((buffer()?, buffer()?)))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            layers,
            max_positions,
            len: 0,
        })
    }

    /// Positions held.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was read yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Positions there is room for.
    pub fn max_positions(&self) -> usize {
        self.max_positions
    }

    /// Forgets everything after the first `len` positions.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Writes the keys and values of new positions (`[heads, new, head_dim]`) behind the held ones
    /// and returns views of all, `[heads, len + new, head_dim]`. The length itself moves on in
    /// [`KvCache::advance`], once every layer has written.
    pub fn append(&mut self, layer: usize, k: &Tensor, v: &Tensor) -> Result<(Tensor, Tensor)> {
        let end = self.len + k.dim(1)?;
        if end > self.max_positions {
            return Err(Error::Internal(format!(
                "{end} positions in a cache of {}",
                self.max_positions
            )));
        }
        let (keys, values) = &self.layers[layer];
        keys.slice_set(&k.contiguous()?, 1, self.len)?;
        values.slice_set(&v.contiguous()?, 1, self.len)?;
        Ok((keys.narrow(1, 0, end)?, values.narrow(1, 0, end)?))
    }

    /// Counts `new` positions as held.
    pub fn advance(&mut self, new: usize) {
        self.len += new;
    }
}

fn zeros(count: usize) -> Result<Vec<f32>> {
    let mut zeros = Vec::new();
    zeros
        .try_reserve_exact(count)
        .map_err(|_| Error::OutOfMemory {
            what: "the keys and values of the context".into(),
            bytes: 4 * count as u64,
        })?;
    zeros.resize(count, 0.0);
    Ok(zeros)
}
