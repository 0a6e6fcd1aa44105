//! Packed windows: documents one behind the other, cut into pieces of one length (Radford et al. 2018, section 4.1).

use crate::train::error::{Result, TrainError};
use crate::train::random::{Purpose, Random};

/// Tokens of documents, each ended by a token of its own, cut into windows.
#[derive(Debug, Clone)]
pub struct Windows {
    tokens: Vec<u32>,
    /// Tokens of a window.
    len: usize,
    /// Tokens from one window to the next.
    step: usize,
}

impl Windows {
    /// Windows of `context` tokens, or one more where the token behind each is wanted too (`next`).
    ///
    /// # Errors
    /// [`TrainError::TextTooShort`] where there is not a single one.
    pub fn new(documents: &[Vec<u32>], end: u32, context: usize, next: bool) -> Result<Self> {
        let mut tokens = Vec::new();
        for document in documents {
            tokens.extend_from_slice(document);
            tokens.push(end);
        }
        let len = context + usize::from(next);
        if tokens.len() < len {
            return Err(TrainError::TextTooShort {
                tokens: tokens.len(),
                needed: len,
            });
        }
        Ok(Self {
            tokens,
            len,
            step: context,
        })
    }

    /// All tokens.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Windows of an epoch, each beginning where the one before ends, the first at `shift`.
    fn count(&self, shift: usize) -> usize {
        (self.tokens.len() - shift - self.len) / self.step + 1
    }

    /// The windows of step `step`: every epoch sees each part of the text once, in an order and with a beginning of its own.
    pub fn batch(&self, seed: u64, step: u64, batch_size: usize) -> Vec<&[u32]> {
        // Windows of an epoch that has the least of them: all epochs have so many.
        let most_shift = (self.tokens.len() - self.len).min(self.step - 1);
        let per_epoch = self.count(most_shift) as u64;
        let (mut epoch, mut order, mut shift) = (u64::MAX, Vec::new(), 0);
        let first = step * batch_size as u64;
        (first..first + batch_size as u64)
            .map(|number| {
                if number / per_epoch != epoch {
                    epoch = number / per_epoch;
                    let mut random = Random::new(seed, Purpose::Order, epoch);
                    shift = random.below(most_shift + 1);
                    order = random.permutation(per_epoch as usize);
                }
                let window = order[(number % per_epoch) as usize] as usize;
                &self.tokens[shift + window * self.step..][..self.len]
            })
            .collect()
    }

    /// Batch number `index` of the windows in their order; nothing behind the last.
    pub fn in_order(&self, index: usize, batch_size: usize) -> Vec<&[u32]> {
        let numbers = index * batch_size..(index + 1) * batch_size;
        let there = numbers.start.min(self.count(0))..numbers.end.min(self.count(0));
        there
            .map(|window| &self.tokens[window * self.step..][..self.len])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_sees_each_window_once() {
        // Each token is its place.
        let document = [(0..100).collect::<Vec<u32>>()];
        let windows = Windows::new(&document, 100, 10, true).expect("long enough");
        let starts =
            |step| -> Vec<u32> { windows.batch(7, step, 3).iter().map(|w| w[0]).collect() };
        // 101 tokens, 11 a window, at most 9 before the first: 9 windows an epoch, 3 steps.
        let mut seen: Vec<u32> = (0..3).flat_map(starts).collect();
        assert_ne!(seen, (3..6).flat_map(starts).collect::<Vec<_>>());
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[1] == pair[0] + 10));
        assert_eq!(starts(3), starts(3));
        let all: usize = (0..9).map(|i| windows.in_order(i, 2).len()).sum();
        assert_eq!(all, 10);
        assert_eq!(windows.in_order(0, 1)[0].len(), 11);
        let short = Windows::new(&document, 100, 101, true);
        let TrainError::TextTooShort { tokens, needed } = short.expect_err("too short") else {
            panic!("another error");
        };
        assert_eq!([tokens, needed], [101, 102]);
    }
}
