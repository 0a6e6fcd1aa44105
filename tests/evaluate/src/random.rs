//! Random numbers that are the same on every machine.

use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Seeded by what it is for, so that one measurement does not move another.
pub struct Random(ChaCha8Rng);

impl Random {
    /// The numbers for a purpose.
    pub fn new(purpose: &str) -> Self {
        let mut seed = [0; 32];
        for (place, byte) in seed.iter_mut().zip(purpose.bytes()) {
            *place = byte;
        }
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// A number below `end`, which is at least 1 and far below 2^32 (the bias is then of no account).
    pub fn below(&mut self, end: usize) -> usize {
        ((u64::from(self.0.next_u32()) * end as u64) >> 32) as usize
    }

    /// A number in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }

    /// Fisher and Yates's shuffle.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_everything_and_is_repeatable() {
        let shuffled = |purpose: &str| {
            let mut items: Vec<u32> = (0..100).collect();
            Random::new(purpose).shuffle(&mut items);
            items
        };
        let mut sorted = shuffled("a");
        assert_eq!(sorted, shuffled("a"));
        assert_ne!(sorted, shuffled("b"));
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..100));
        let mut random = Random::new("c");
        assert!((0..1000).all(|_| random.below(7) < 7 && random.unit() < 1.0));
    }
}
