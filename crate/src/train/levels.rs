//! How well a text is predicted without any neural network: the lines under which a loss has to come.

use std::collections::HashMap;

use serde::Serialize;

/// Cross-entropies of the text held back, in nats a token.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Levels {
    /// Every token of the vocabulary as likely as any other: ln(vocabulary).
    pub uniform: f64,
    /// By how often each token stands in the training text (one more than that, so that none is impossible).
    pub unigram: f64,
    /// By the token before as well, smoothed by the method of Witten & Bell (1991).
    pub bigram: f64,
    /// UTF-8 bytes of the text held back for each of its tokens: nats a token / (this · ln 2) are bits a byte.
    pub bytes_per_token: f64,
}

impl Levels {
    /// Of documents as tokens. `held_out_bytes` is their length in UTF-8.
    pub fn new(
        training: &[Vec<u32>],
        held_out: &[Vec<u32>],
        vocab_size: usize,
        held_out_bytes: usize,
    ) -> Self {
        let mut counts = vec![1u64; vocab_size];
        let mut pairs: HashMap<(u32, u32), u64> = HashMap::new();
        for document in training {
            document
                .iter()
                .for_each(|&token| counts[token as usize] += 1);
            for pair in document.windows(2) {
                *pairs.entry((pair[0], pair[1])).or_default() += 1;
            }
        }
        let total: u64 = counts.iter().sum();
        let unigram = |token: u32| counts[token as usize] as f64 / total as f64;
        // Of each token: how many came behind it, and how many different ones.
        let mut behind = vec![(0u64, 0u64); vocab_size];
        for (&(before, _), &count) in &pairs {
            let (all, kinds) = &mut behind[before as usize];
            *all += count;
            *kinds += 1;
        }
        let bigram = |before: u32, token: u32| {
            let (all, kinds) = behind[before as usize];
            if all == 0 {
                return unigram(token);
            }
            let seen = pairs.get(&(before, token)).copied().unwrap_or(0);
            (seen as f64 + kinds as f64 * unigram(token)) / (all + kinds) as f64
        };
        let tokens: usize = held_out.iter().map(Vec::len).sum();
        let (mut one, mut two, mut followers) = (0.0, 0.0, 0usize);
        for document in held_out {
            one -= document
                .iter()
                .map(|&token| unigram(token).ln())
                .sum::<f64>();
            for pair in document.windows(2) {
                two -= bigram(pair[0], pair[1]).ln();
                followers += 1;
            }
        }
        Self {
            uniform: (vocab_size as f64).ln(),
            unigram: one / tokens.max(1) as f64,
            bigram: two / followers.max(1) as f64,
            bytes_per_token: held_out_bytes as f64 / tokens.max(1) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // After 0 comes 1 twice and 2 once; counts with one added: 4, 3, 2, 1 of 10.
        let training = vec![vec![0, 1, 0, 1, 0, 2]];
        let levels = Levels::new(&training, &[vec![0, 1, 3]], 4, 6);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(levels.uniform, 4f64.ln());
        near(
            levels.unigram,
            -(0.4f64.ln() + 0.3f64.ln() + 0.1f64.ln()) / 3.0,
        );
        // Behind 0: 3 tokens of 2 kinds; behind 1: 2 tokens of 1 kind.
        let (first, second) = ((2.0 + 2.0 * 0.3) / 5.0, (0.0 + 0.1) / 3.0);
        near(levels.bigram, -(f64::ln(first) + f64::ln(second)) / 2.0);
        near(levels.bytes_per_token, 2.0);
    }
}
