//! Keys and values of the positions already read, so that each token is computed once.

use std::ops::Range;

use super::attention::Head;
use super::strided::{Strided, StridedMut};
use crate::error::{Error, Result};

/// Buffers that grow with the text, in steps, up to the positions there can be. Stepping back is only a smaller length.
pub struct KvCache {
    layers: Vec<Layer>,
    heads: usize,
    head_dim: usize,
    max_positions: usize,
    len: usize,
}

/// Each layer grows by itself: only one is held twice meanwhile, and where there is no memory for the next one, all are
/// still what they were.
#[derive(Default)]
struct Layer {
    /// `[heads, head_dim, key_stride(capacity)]`: transposed, as [`super::attention()`] reads it.
    keys: Vec<f32>,
    /// `[heads, capacity, head_dim]`
    values: Vec<f32>,
    /// Positions there is room for.
    capacity: usize,
}

/// Positions by which a cache grows at least.
const STEP: usize = 64;

impl KvCache {
    /// An empty cache of `layers` layers for at most `max_positions`. It takes memory for a few, and more as they come.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], so that it does not end the wasm instance.
    pub fn new(layers: usize, heads: usize, max_positions: usize, head_dim: usize) -> Result<Self> {
        let mut cache = Self {
            layers: (0..layers).map(|_| Layer::default()).collect(),
            heads,
            head_dim,
            max_positions,
            len: 0,
        };
        cache.reserve(max_positions.min(STEP))?;
        Ok(cache)
    }

    /// Makes room for `positions` in all, so that they cost no growing.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`]; [`Error::Internal`] beyond the capacity. What was read is still there.
    pub fn reserve(&mut self, positions: usize) -> Result<()> {
        (0..self.layers.len()).try_for_each(|layer| self.grow(layer, positions))
    }

    /// Makes room for `positions` in a layer. If it grows it does so by half, so that all growing together copies a
    /// position no more than a few times.
    fn grow(&mut self, layer: usize, positions: usize) -> Result<()> {
        if positions > self.max_positions {
            return Err(Error::Internal(format!(
                "{positions} positions in a cache of {}",
                self.max_positions
            )));
        }
        let old = &self.layers[layer];
        if positions <= old.capacity {
            return Ok(());
        }
        let grown = old.capacity.saturating_add(old.capacity / 2);
        let capacity = grown.max(positions).saturating_add(STEP - 1) / STEP * STEP;
        let capacity = capacity.min(self.max_positions);
        // In u64, because sizes from a config may overflow what wasm counts with.
        let [keys, values] = [key_stride(capacity), capacity].map(|positions| {
            let of_each = (self.heads as u64).saturating_mul(self.head_dim as u64);
            of_each.saturating_mul(positions as u64)
        });
        let bytes = keys.saturating_add(values).saturating_mul(4);
        let refused = || {
            let bytes = bytes.saturating_mul(self.layers.len() as u64);
            Error::out_of_memory("the keys and values of the context", bytes)
        };
        if bytes > isize::MAX as u64 {
            return Err(refused());
        }
        let zeros = |count: u64| zeros(count as usize).ok_or_else(refused);
        let mut new = Layer {
            keys: zeros(keys)?,
            values: zeros(values)?,
            capacity,
        };
        new.copy_from(old, 0..self.len, self.head_dim);
        self.layers[layer] = new;
        Ok(())
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
    /// [`Error::Internal`] beyond the capacity, [`Error::OutOfMemory`] where there is none to grow. What was read is still
    /// there.
    pub fn append(&mut self, layer: usize, keys: Strided, values: Strided) -> Result<()> {
        let (first, end) = (self.len, self.len + keys.rows());
        self.grow(layer, end)?;
        let dim = self.head_dim;
        let Layer {
            keys: transposed,
            values: rows,
            capacity,
        } = &mut self.layers[layer];
        let shape = [self.heads * dim, *capacity];
        let mut transposed = StridedMut::with_stride(transposed, shape, key_stride(*capacity));
        keys.transpose_into(&mut transposed.columns(first..end));
        for (row, position) in (first..end).enumerate() {
            for (head, row) in values.row(row).chunks_exact(dim).enumerate() {
                let at = (head * *capacity + position) * dim;
                rows[at..at + dim].copy_from_slice(row);
            }
        }
        Ok(())
    }

    /// The keys and values of a head at all positions there is room for; those of new positions are there once
    /// [`KvCache::append`] has written them.
    pub fn head(&self, layer: usize, head: usize) -> Head<'_> {
        let Layer {
            keys,
            values,
            capacity,
        } = &self.layers[layer];
        let (dim, positions, stride) = (self.head_dim, *capacity, key_stride(*capacity));
        let keys = &keys[head * dim * stride..];
        let values = &values[head * positions * dim..];
        Head {
            keys: Strided::with_stride(keys, [dim, positions], stride),
            values: Strided::with_stride(values, [positions, dim], dim),
        }
    }

    /// Copies the positions of `other`, a cache of the same model. Both have the same ones up to position `same`: those
    /// are not copied.
    ///
    /// # Errors
    /// [`Error::Internal`] beyond the capacity, or if the model is another; [`Error::OutOfMemory`].
    pub fn copy_from(&mut self, other: &KvCache, same: usize) -> Result<()> {
        let (first, last) = (same.min(other.len), other.len);
        let shape = |cache: &KvCache| (cache.layers.len(), cache.heads, cache.head_dim);
        if shape(self) != shape(other) {
            return Err(Error::Internal("a cache of another model".into()));
        }
        self.reserve(last)?;
        for (to, from) in self.layers.iter_mut().zip(&other.layers) {
            to.copy_from(from, first..last, self.head_dim);
        }
        self.len = last;
        Ok(())
    }

    /// Counts `new` positions, which every layer has written.
    pub fn advance(&mut self, new: usize) {
        self.len += new;
    }
}

impl Layer {
    /// Copies `positions` of a layer of the same sizes.
    fn copy_from(&mut self, other: &Self, positions: Range<usize>, dim: usize) {
        // A layer without room has no rows to go through.
        if positions.is_empty() {
            return;
        }
        let rows = self.keys.chunks_exact_mut(key_stride(self.capacity));
        for (to, from) in rows.zip(other.keys.chunks_exact(key_stride(other.capacity))) {
            to[positions.clone()].copy_from_slice(&from[positions.clone()]);
        }
        let values = positions.start * dim..positions.end * dim;
        let heads = self.values.chunks_exact_mut(self.capacity * dim);
        for (to, from) in heads.zip(other.values.chunks_exact(other.capacity * dim)) {
            to[values.clone()].copy_from_slice(&from[values.clone()]);
        }
    }
}

/// Floats from one row of transposed keys to the next, for so many positions: more than the positions, since rows that are a power
/// of two apart push each other out of the processor's caches.
pub fn key_stride(positions: usize) -> usize {
    positions.saturating_add(31) / 16 * 16
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
        let mut large = KvCache::new(3, 2, positions, 4).unwrap();
        let Err(Error::OutOfMemory { bytes, .. }) = large.reserve(positions) else {
            panic!("it was there");
        };
        assert_eq!(bytes, 3 * 2 * 4 * (2 * positions as u64 + 16) * 4);
        let most = 1 << 24;
        assert!(KvCache::new(3, most, most, most).is_err());
    }

    /// The text decides what a cache takes, not how long it might become.
    #[test]
    fn it_grows_with_the_text() {
        let mut cache = KvCache::new(2, 3, 131_072, 4).unwrap();
        let taken = |cache: &KvCache| -> usize {
            let layers = cache.layers.iter();
            layers
                .map(|layer| layer.keys.len() + layer.values.len())
                .sum()
        };
        assert_eq!(taken(&cache), 2 * 12 * (64 + 80));
        let row = |position: usize| -> Vec<f32> {
            let values = (0..24).map(|at| (24 * position + at) as f32);
            values.collect()
        };
        let (mut copied, mut capacity) = (0, 0);
        for position in 0..3000 {
            for layer in 0..2 {
                let row = row(position);
                let row = Strided::new(&row, 24);
                cache
                    .append(layer, row.columns(0..12), row.columns(12..24))
                    .unwrap();
            }
            cache.advance(1);
            if cache.layers[1].capacity != capacity {
                copied += position;
                capacity = cache.layers[1].capacity;
            }
        }
        assert!(capacity < 4600 && copied < 3 * 3000, "{capacity}, {copied}");
        assert!(taken(&cache) < 2 * 24 * 4700);
        for layer in 0..2 {
            for (head, position) in [(0, 0), (1, 63), (2, 64), (0, 1500), (2, 2999)] {
                let (found, row) = (cache.head(layer, head), row(position));
                let keys: Vec<f32> = (0..4).map(|dim| found.keys.row(dim)[position]).collect();
                assert_eq!(keys, row[head * 4..][..4], "{layer} {head} {position}");
                assert_eq!(found.values.row(position), &row[12 + head * 4..][..4]);
            }
        }
    }

    #[test]
    fn without_memory_to_grow_what_was_read_is_still_there() {
        let mut cache = KvCache::new(2, 1, usize::MAX / 2, 2).unwrap();
        let rows: Vec<f32> = (0..8).map(|value| value as f32).collect();
        let rows = Strided::new(&rows, 4);
        for layer in 0..2 {
            cache
                .append(layer, rows.columns(0..2), rows.columns(2..4))
                .unwrap();
        }
        cache.advance(2);
        let error = cache.reserve(usize::MAX / 4).unwrap_err();
        assert_eq!(error.code(), "out_of_memory");
        assert_eq!(cache.len(), 2);
        assert_eq!(cache.head(1, 0).values.row(1), [6.0, 7.0]);
        assert_eq!(cache.head(0, 0).keys.row(1)[..2], [1.0, 5.0]);
    }
}
