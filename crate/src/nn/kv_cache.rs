//! Keys and values of the positions already read, so that each token is computed once.

use super::attention::Head;
use super::math;
use crate::error::{Error, Result};

/// Buffers for all positions there will be, allocated once; nothing is copied as it grows, and stepping
/// back is only a smaller length.
pub struct KvCache {
    layers: Vec<Layer>,
    heads: usize,
    head_dim: usize,
    max_positions: usize,
    /// Floats from one row of keys to the next, see [`key_step`].
    key_step: usize,
    len: usize,
}

struct Layer {
    /// `[heads, head_dim, key_step]`: turned over, as [`super::attention()`] reads it.
    keys: Vec<f32>,
    /// `[heads, max_positions, head_dim]`
    values: Vec<f32>,
}

impl KvCache {
    /// Room for `max_positions` in every one of `layers` layers.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], so that a large context does not end the wasm instance.
    pub fn new(layers: usize, heads: usize, max_positions: usize, head_dim: usize) -> Result<Self> {
        let key_step = key_step(max_positions);
        let layers = (0..layers)
            .map(|_| {
                Ok(Layer {
                    keys: zeros(heads * head_dim * key_step)?,
                    values: zeros(heads * max_positions * head_dim)?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            layers,
            heads,
            head_dim,
            max_positions,
            key_step,
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

    /// Writes the keys and values of new positions behind the held ones. `rows` are rows of `step` floats,
    /// which hold the heads' keys from `key` on and their values from `value` on. The length itself moves
    /// on in [`KvCache::advance`], once every layer has written.
    ///
    /// # Errors
    /// [`Error::Internal`] beyond the room there is.
    pub fn append(
        &mut self,
        layer: usize,
        rows: &[f32],
        step: usize,
        key: usize,
        value: usize,
    ) -> Result<()> {
        let new = rows.len() / step;
        if self.len + new > self.max_positions {
            return Err(Error::Internal(format!(
                "{} positions in a cache of {}",
                self.len + new,
                self.max_positions
            )));
        }
        let (dim, size) = (self.head_dim, self.heads * self.head_dim);
        let Layer { keys, values } = &mut self.layers[layer];
        let first = self.len;
        let end = (size - 1) * self.key_step + first + new;
        math::transpose(&rows[key..], step, &mut keys[first..end], self.key_step);
        for (position, row) in (first..).zip(rows.chunks_exact(step)) {
            for (head, row) in row[value..value + size].chunks_exact(dim).enumerate() {
                let at = (head * self.max_positions + position) * dim;
                values[at..at + dim].copy_from_slice(row);
            }
        }
        Ok(())
    }

    /// The keys and values of a head, the new ones included.
    pub fn head(&self, layer: usize, head: usize) -> Head<'_> {
        let Layer { keys, values } = &self.layers[layer];
        Head {
            keys: &keys[head * self.head_dim * self.key_step..],
            key_step: self.key_step,
            values: &values[head * self.max_positions * self.head_dim..],
            value_step: self.head_dim,
        }
    }

    /// Makes this hold what `other`, a cache of the same model, holds; what both have up to position `same` is
    /// not copied.
    ///
    /// # Errors
    /// [`Error::Internal`] if there is no room for it.
    pub fn copy_from(&mut self, other: &KvCache, same: usize) -> Result<()> {
        let (first, last) = (same.min(other.len), other.len);
        if last > self.max_positions {
            return Err(Error::Internal(format!(
                "{last} positions in a cache of {}",
                self.max_positions
            )));
        }
        let dim = self.head_dim;
        for (to, from) in self.layers.iter_mut().zip(&other.layers) {
            let rows = to.keys.chunks_exact_mut(self.key_step);
            for (to, from) in rows.zip(from.keys.chunks_exact(other.key_step)) {
                to[first..last].copy_from_slice(&from[first..last]);
            }
            let heads = to.values.chunks_exact_mut(self.max_positions * dim);
            for (to, from) in heads.zip(from.values.chunks_exact(other.max_positions * dim)) {
                to[first * dim..last * dim].copy_from_slice(&from[first * dim..last * dim]);
            }
        }
        self.len = last;
        Ok(())
    }

    /// Counts `new` positions as held.
    pub fn advance(&mut self, new: usize) {
        self.len += new;
    }
}

/// How far apart rows of turned-over keys should be: more than the positions, since rows that are a power
/// of two apart push each other out of the processor's caches.
pub fn key_step(positions: usize) -> usize {
    positions.next_multiple_of(16) + 16
}

fn zeros(count: usize) -> Result<Vec<f32>> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(count).map_err(|_| {
        Error::out_of_memory("the keys and values of the context", 4 * count as u64)
    })?;
    zeros.resize(count, 0.0);
    Ok(zeros)
}
