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
        // In u64, because sizes from a config may overflow what wasm counts with.
        let floats = [key_step, max_positions].map(|positions| {
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
    /// [`Error::Internal`] if there is no room for it, or the model is another.
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
        // A cache without room has no rows to go through.
        if last == 0 {
            self.len = 0;
            return Ok(());
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
    fn cache(room: usize, held: usize) -> KvCache {
        let mut cache = KvCache::new(2, 1, room, 2).unwrap();
        let rows: Vec<f32> = (0..4 * held).map(|value| value as f32).collect();
        if held > 0 {
            for layer in 0..2 {
                cache.append(layer, &rows, 4, 0, 2).unwrap();
            }
            cache.advance(held);
        }
        cache
    }

    #[test]
    fn nothing_is_copied_from_nothing() {
        for room in [0, 5] {
            let mut to = cache(3, 2);
            to.copy_from(&cache(room, 0), 0).unwrap();
            assert!(to.is_empty());
        }
        let mut nothing = cache(0, 0);
        nothing.copy_from(&cache(4, 0), 0).unwrap();
        assert!(nothing.copy_from(&cache(4, 1), 0).is_err());
    }

    #[test]
    fn what_is_copied_is_what_was_held() {
        let (from, mut to) = (cache(9, 3), cache(4, 0));
        to.copy_from(&from, 0).unwrap();
        assert_eq!(to.len(), 3);
        for layer in 0..2 {
            let (ours, theirs) = (to.head(layer, 0), from.head(layer, 0));
            assert_eq!(ours.values[..6], theirs.values[..6]);
            for dim in 0..2 {
                let row = |head: &Head| head.keys[dim * head.key_step..][..3].to_vec();
                assert_eq!(row(&ours), row(&theirs));
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
