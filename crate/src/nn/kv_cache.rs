//! Keys and values of the positions already read, so that each token is computed once.

use super::attention::Head;
use super::strided::{Strided, StridedMut};
use crate::error::{Error, Result};

/// Buffers for all positions there will be, allocated once; nothing is copied as it grows, and stepping
/// back is only a smaller length.
pub struct KvCache {
    layers: Vec<Layer>,
    heads: usize,
    head_dim: usize,
    max_positions: usize,
    /// Floats from one row of keys to the next, see [`key_stride`].
    key_stride: usize,
    len: usize,
}

struct Layer {
    /// `[heads, head_dim, key_stride]`: transposed, as [`super::attention()`] reads it.
    keys: Vec<f32>,
    /// `[heads, max_positions, head_dim]`
    values: Vec<f32>,
}

impl KvCache {
    /// Capacity for `max_positions` in every one of `layers` layers.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], so that a large context does not end the wasm instance.
    pub fn new(layers: usize, heads: usize, max_positions: usize, head_dim: usize) -> Result<Self> {
        let key_stride = key_stride(max_positions);
        // In u64, because sizes from a config may overflow what wasm counts with.
        let floats = [key_stride, max_positions].map(|positions| {
            let of_each = (heads as u64).saturating_mul(head_dim as u64);
            of_each.saturating_mul(positions as u64)
        });
        let of_each = floats[0].saturating_add(floats[1]).saturating_mul(4);
        let bytes = of_each.saturating_mul(layers as u64);
        let refused = || Error::out_of_memory("the keys and values of the context", bytes);
        if bytes > isize::MAX as u64 {
            return Err(refused());
        }
        let zeros = |count: u64| zeros(count as usize).ok_or_else(refused);
        let layers = (0..layers)
            .map(|_| {
                Ok(Layer {
                    keys: zeros(floats[0])?,
                    values: zeros(floats[1])?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            layers,
            heads,
            head_dim,
            max_positions,
            key_stride,
            len: 0,
        })
    }

    /// Positions that are there.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was read yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The capacity: positions there can be.
    pub fn max_positions(&self) -> usize {
        self.max_positions
    }

    /// Forgets everything after the first `len` positions.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Writes the keys and values of new positions, each `[new, heads · head_dim]`, behind those that are there. The
    /// length itself moves on in [`KvCache::advance`], once every layer has written.
    ///
    /// # Errors
    /// [`Error::Internal`] beyond the capacity.
    pub fn append(&mut self, layer: usize, keys: Strided, values: Strided) -> Result<()> {
        let (first, end) = (self.len, self.len + keys.rows());
        if end > self.max_positions {
            return Err(Error::Internal(format!(
                "{end} positions in a cache of {}",
                self.max_positions
            )));
        }
        let dim = self.head_dim;
        let shape = [self.heads * dim, self.max_positions];
        let Layer {
            keys: transposed,
            values: rows,
        } = &mut self.layers[layer];
        let mut transposed = StridedMut::with_stride(transposed, shape, self.key_stride);
        keys.transpose_into(&mut transposed.columns(first..end));
        for (row, position) in (first..end).enumerate() {
            for (head, row) in values.row(row).chunks_exact(dim).enumerate() {
                let at = (head * self.max_positions + position) * dim;
                rows[at..at + dim].copy_from_slice(row);
            }
        }
        Ok(())
    }

    /// The keys and values of a head at all positions there can be; those of new positions are there once
    /// [`KvCache::append`] has written them.
    pub fn head(&self, layer: usize, head: usize) -> Head<'_> {
        let Layer { keys, values } = &self.layers[layer];
        let (dim, positions) = (self.head_dim, self.max_positions);
        let keys = &keys[head * dim * self.key_stride..];
        let values = &values[head * positions * dim..];
        Head {
            keys: Strided::with_stride(keys, [dim, positions], self.key_stride),
            values: Strided::with_stride(values, [positions, dim], dim),
        }
    }

    /// Copies the positions of `other`, a cache of the same model. Both have the same ones up to position `same`: those
    /// are not copied.
    ///
    /// # Errors
    /// [`Error::Internal`] beyond the capacity, or if the model is another.
    pub fn copy_from(&mut self, other: &KvCache, same: usize) -> Result<()> {
        let (first, last) = (same.min(other.len), other.len);
        let shape = |cache: &KvCache| (cache.layers.len(), cache.heads, cache.head_dim);
        if shape(self) != shape(other) {
            return Err(Error::Internal("a cache of another model".into()));
        }
        if last > self.max_positions {
            return Err(Error::Internal(format!(
                "{last} positions in a cache of {}",
                self.max_positions
            )));
        }
        // A cache without capacity has no rows to go through.
        if last == 0 {
            self.len = 0;
            return Ok(());
        }
        let dim = self.head_dim;
        for (to, from) in self.layers.iter_mut().zip(&other.layers) {
            let rows = to.keys.chunks_exact_mut(self.key_stride);
            for (to, from) in rows.zip(from.keys.chunks_exact(other.key_stride)) {
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

    /// Counts `new` positions, which every layer has written.
    pub fn advance(&mut self, new: usize) {
        self.len += new;
    }
}

/// Floats from one row of transposed keys to the next, for so many positions: more than the positions, since rows that are a power
/// of two apart push each other out of the processor's caches.
pub fn key_stride(positions: usize) -> usize {
    positions.next_multiple_of(16) + 16
}

/// `None` without memory for them.
fn zeros(count: usize) -> Option<Vec<f32>> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(count).ok()?;
    zeros.resize(count, 0.0);
    Some(zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cache of 2 layers, 1 head of 2 values, with so many positions of it written.
    fn cache(capacity: usize, len: usize) -> KvCache {
        let mut cache = KvCache::new(2, 1, capacity, 2).unwrap();
        let rows: Vec<f32> = (0..4 * len).map(|value| value as f32).collect();
        if len > 0 {
            for layer in 0..2 {
                let rows = Strided::new(&rows, 4);
                let (keys, values) = (rows.columns(0..2), rows.columns(2..4));
                cache.append(layer, keys, values).unwrap();
            }
            cache.advance(len);
        }
        cache
    }

    #[test]
    fn nothing_is_copied_from_nothing() {
        for capacity in [0, 5] {
            let mut to = cache(3, 2);
            to.copy_from(&cache(capacity, 0), 0).unwrap();
            assert!(to.is_empty());
        }
        let mut nothing = cache(0, 0);
        nothing.copy_from(&cache(4, 0), 0).unwrap();
        assert!(nothing.copy_from(&cache(4, 1), 0).is_err());
    }

    #[test]
    fn what_is_copied_is_what_was_there() {
        let (from, mut to) = (cache(9, 3), cache(4, 0));
        to.copy_from(&from, 0).unwrap();
        assert_eq!(to.len(), 3);
        for layer in 0..2 {
            let (ours, theirs) = (to.head(layer, 0), from.head(layer, 0));
            assert_eq!(ours.values.data()[..6], theirs.values.data()[..6]);
            for dim in 0..2 {
                assert_eq!(ours.keys.row(dim)[..3], theirs.keys.row(dim)[..3]);
            }
        }
    }

    #[test]
    fn a_cache_of_another_model_is_refused() {
        for other in [(1, 1, 2), (2, 2, 2), (2, 1, 4)] {
            let other = KvCache::new(other.0, other.1, 3, other.2).unwrap();
            assert_eq!(
                cache(3, 1).copy_from(&other, 0).unwrap_err().code(),
                "internal"
            );
        }
    }

    #[test]
    fn memory_that_is_not_there_is_counted_whole() {
        // 3 layers of 2 heads of 4 values: positions, and for keys 16 more, in floats of 4 bytes.
        let positions = 1usize << (usize::BITS - 8);
        let Err(Error::OutOfMemory { bytes, .. }) = KvCache::new(3, 2, positions, 4) else {
            panic!("it was there");
        };
        assert_eq!(bytes, 3 * 2 * 4 * (2 * positions as u64 + 16) * 4);
        let most = 1 << 24;
        assert!(KvCache::new(most, most, most, most).is_err());
    }
}
