//! Random choices: each a function of the seed, what it is for, and a number (mostly the step), never of what was
//! drawn before. So the random state of a run is its seed and its step.

use std::cell::RefCell;

use candle_core::{Result, Tensor};
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::ops;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first weights; number: the parameter.
    Weights = 1,
    /// The order of an epoch; number: the epoch.
    Order,
    /// Masked tokens; number: the step.
    Mask,
    /// What is dropped out; number: the step.
    Dropout,
    /// The order of prediction of XLNet; number: the step.
    Permutation,
    /// The same of the held-out text, so that every evaluation has the same batches; number: the batch.
    HeldOut,
}

/// A stream of random numbers (ChaCha8).
#[derive(Debug, Clone)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// The stream of `seed` for `purpose`, number `number`.
    pub fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream((purpose as u64) << 48 | (number & ((1 << 48) - 1)));
        Self(random)
    }

    /// In [0, 1), of 24 bits.
    pub fn uniform(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// A whole number below `end`, which is at least 1.
    pub fn below(&mut self, end: usize) -> usize {
        // 2^64 is so much larger than any `end` that the bias is nothing.
        ((u128::from(self.0.next_u64()) * end as u128) >> 64) as usize
    }

    /// Of the normal distribution (Box & Muller 1958).
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f32::consts::TAU * self.uniform()).cos()
    }

    /// The numbers `0..count` in random order (Fisher & Yates).
    pub fn permutation(&mut self, count: usize) -> Vec<u32> {
        let mut all: Vec<u32> = (0..count as u32).collect();
        for last in (1..count).rev() {
            all.swap(last, self.below(last + 1));
        }
        all
    }
}

/// Dropout of one step. What is drawn depends on the order of the calls, which is that of the forward pass.
pub struct Dropout {
    p: f32,
    random: RefCell<Random>,
}

impl Dropout {
    /// Drops each value with probability `p` in the step `step` of a run.
    pub fn new(p: f32, seed: u64, step: u64) -> Self {
        Self {
            p,
            random: Random::new(seed, Purpose::Dropout, step).into(),
        }
    }

    /// Drops nothing.
    pub fn none() -> Self {
        Self::new(0.0, 0, 0)
    }

    /// Whether anything is dropped.
    pub fn drops(&self) -> bool {
        self.p > 0.0
    }

    /// `xs`, with some values 0 and the others larger.
    ///
    /// # Errors
    /// Where `xs` has gaps.
    pub fn apply(&self, xs: &Tensor) -> Result<Tensor> {
        match self.mask(xs.elem_count()) {
            Some(mask) => ops::dropout(xs, mask),
            None => Ok(xs.clone()),
        }
    }

    /// What `count` values are multiplied by: 0 or 1/(1 − p). `None` if nothing is dropped.
    pub fn mask(&self, count: usize) -> Option<Vec<f32>> {
        if self.p <= 0.0 {
            return None;
        }
        let (mut random, kept) = (self.random.borrow_mut(), 1.0 / (1.0 - self.p));
        let mut one = || {
            if random.uniform() < self.p {
                0.0
            } else {
                kept
            }
        };
        Some((0..count).map(|_| one()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_its_seed_purpose_and_number() {
        let first = |seed, purpose, number| Random::new(seed, purpose, number).uniform();
        let one = first(1, Purpose::Mask, 5);
        assert_eq!(one, first(1, Purpose::Mask, 5));
        assert_ne!(one, first(2, Purpose::Mask, 5));
        assert_ne!(one, first(1, Purpose::Order, 5));
        assert_ne!(one, first(1, Purpose::Mask, 6));
    }

    #[test]
    fn the_distributions_are_theirs() {
        let mut random = Random::new(3, Purpose::Weights, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| random.normal().into()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02);
        let mut counts = [0; 7];
        (0..70_000).for_each(|_| counts[random.below(7)] += 1);
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)));
        let mut order = random.permutation(100);
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn dropout_keeps_the_mean() {
        let mask = Dropout::new(0.25, 1, 2).mask(40_000).expect("a mask");
        let dropped = mask.iter().filter(|&&m| m == 0.0).count();
        assert!((9_600..10_400).contains(&dropped));
        let mean = mask.iter().sum::<f32>() / 40_000.0;
        assert!((mean - 1.0).abs() < 0.02);
        assert!(Dropout::none().mask(3).is_none());
    }
}
