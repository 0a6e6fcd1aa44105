//! What a run costs, from its settings alone.

use serde::Serialize;

use super::error::{Result, TrainError};
use super::settings::{Architecture, Settings};

/// What a run costs. A text with few different words has a smaller vocabulary than allowed, and costs less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "RunCost"))]
pub struct Cost {
    /// Numbers that are learnt.
    pub weights: usize,
    /// Multiplications and additions of matrix products in a step, forward and backward; padding counts.
    pub flops_per_step: f64,
    /// Bytes of weights, gradients, optimizer and one step's activations.
    pub memory_bytes: f64,
    /// Tokens that a step reads, padding included.
    pub tokens_per_step: usize,
}

impl Cost {
    /// # Errors
    /// As [`Settings::check`].
    pub fn of(settings: &Settings) -> Result<Self> {
        settings.check()?;
        let weights = weights(settings);
        Ok(Self {
            weights,
            flops_per_step: flops(settings),
            memory_bytes: memory(settings, weights as f64),
            tokens_per_step: settings.batch_size * settings.context,
        })
    }
}

/// The sum over all tables, matrices, biases and norms of the models in `models`.
fn weights(settings: &Settings) -> usize {
    let Settings {
        vocab_size: vocab,
        hidden_size: d,
        num_layers: layers,
        context,
        ..
    } = *settings;
    // Attention 4·d² + 4·d, feed-forward layer 8·d² + 5·d, two norms 4·d.
    let block = 12 * d * d + 13 * d;
    match settings.architecture {
        Architecture::Gpt => (vocab + context) * d + layers * block + 2 * d,
        Architecture::Bert => {
            let mlm = d * d + d + 2 * d + vocab;
            let nsp = d * d + d + 2 * d + 2;
            let heads = usize::from(settings.bert.mlm) * mlm + usize::from(settings.bert.nsp) * nsp;
            (vocab + context + 2) * d + 2 * d + layers * block + heads
        }
        Architecture::Elmo => 2 * vocab * d + vocab + 2 * layers * (8 * d * d + 8 * d),
        // Five matrices, three biases and two segments of attention.
        Architecture::Xlnet => d + vocab * d + vocab + layers * (13 * d * d + 14 * d),
    }
}

/// 2 for each weight that a row meets (Kaplan et al. 2020, section 2.1), and twice as many backwards.
fn flops(settings: &Settings) -> f64 {
    let [vocab, d, layers, batch, context] = [
        settings.vocab_size,
        settings.hidden_size,
        settings.num_layers,
        settings.batch_size,
        settings.context,
    ]
    .map(|number| number as f64);
    let (rows, square) = (batch * context, d * d);
    // Scores, and the mixture of the values.
    let attention = |rows: f64| 2.0 * rows * context * d;
    6.0 * match settings.architecture {
        Architecture::Gpt => layers * (rows * 12.0 * square + attention(rows)) + rows * vocab * d,
        Architecture::Bert => {
            let chosen = rows * f64::from(settings.bert.mlm_probability);
            let mlm = chosen * (square + vocab * d);
            let heads = if settings.bert.mlm { mlm } else { 0.0 }
                + if settings.bert.nsp {
                    batch * square
                } else {
                    0.0
                };
            layers * (rows * 12.0 * square + attention(rows)) + heads
        }
        Architecture::Elmo => 2.0 * (layers * rows * 8.0 * square + rows * vocab * d),
        Architecture::Xlnet => {
            // The query stream has a row for each guessed token, and projects keys and values once more.
            let guessed = batch * (settings.context / 6).max(1) as f64;
            let streams = rows * 12.0 + guessed * 10.0 + rows * 2.0;
            let distances = 2.0 * 2.0 * context;
            let looks = 2.0 * attention(rows) + 2.0 * attention(guessed);
            layers * ((streams + distances) * square + looks) + guessed * vocab * d
        }
    }
}

/// Activations of a micro-batch of a run from scratch. Smaller than [`MOST_ACTIVATIONS`]: rows are many enough to
/// keep all threads at work, and a phone has little memory.
const ROOM: f64 = (64 << 20) as f64;

/// Parts that a batch of a run from scratch is computed in, so that their activations have room.
pub(super) fn micro_batches(settings: &Settings) -> usize {
    let parts = (activations(settings, settings.batch_size) / ROOM).ceil();
    (parts as usize).clamp(1, settings.batch_size.max(1))
}

fn memory(settings: &Settings, weights: f64) -> f64 {
    let texts = settings.batch_size.div_ceil(micro_batches(settings));
    // Weights, their gradients twice, and what the optimizer remembers.
    4.0 * weights * 5.0 + activations(settings, texts)
}

/// Bytes that the tape and the way back along it take for so many texts.
fn activations(settings: &Settings, texts: usize) -> f64 {
    let [vocab, d, layers, batch, context, heads] = [
        settings.vocab_size,
        settings.hidden_size,
        settings.num_layers,
        texts,
        settings.context,
        settings.num_heads,
    ]
    .map(|number| number as f64);
    let rows = batch * context;
    let scores = heads * context * rows;
    // Numbers that the tape keeps of a row and layer, and of its logits and their gradients.
    let (kept, logits) = match settings.architecture {
        Architecture::Gpt => (layers * (rows * d * 22.0 + scores), rows * vocab * 3.0),
        Architecture::Bert => (
            layers * (rows * d * 22.0 + scores),
            rows * f64::from(settings.bert.mlm_probability) * vocab * 3.0,
        ),
        Architecture::Elmo => (2.0 * layers * rows * d * 18.0, 2.0 * rows * vocab * 3.0),
        Architecture::Xlnet => (
            layers * (rows * d * 36.0 + scores * 14.0),
            rows / 6.0 * vocab * 3.0,
        ),
    };
    4.0 * (kept + logits)
}

/// Sizes that the activations of a step follow from, of the layers that learn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Activations {
    /// Blocks.
    pub layers: usize,
    /// Numbers of a hidden state.
    pub width: usize,
    /// Width inside the feed-forward layers.
    pub inner: usize,
    /// Attention heads per block.
    pub heads: usize,
    /// Logits of each token: those of the labels, and of the vocabulary where a language model learns.
    pub logits: usize,
    /// Bytes of a micro-batch of several texts at most.
    pub room: u64,
}

/// Bytes of a weight that learns: itself, its gradient twice, and the optimizer's two moments.
pub(super) const LEARNT: u64 = 20;
/// Bytes of a weight in 8 bits, its share of the scales included, rounded up.
pub(super) const REST: u64 = 2;
/// Activations of a micro-batch of several texts at most. Larger batches are cut, and their gradients added up.
pub(super) const MOST_ACTIVATIONS: u64 = 256 << 20;
/// What a run takes in all: three of the four GiB that wasm can address, as not every gap between blocks can be used.
const MOST_BYTES: u64 = 3 << 30;

impl Activations {
    /// Bytes that the tape and the way back along it take for so many texts, padded to `len` tokens.
    pub fn bytes(&self, texts: usize, len: usize) -> u64 {
        let [layers, width, inner, heads, logits, texts, len] = [
            self.layers,
            self.width,
            self.inner,
            self.heads,
            self.logits,
            texts,
            len,
        ]
        .map(|number| number as u128);
        let rows = texts.saturating_mul(len);
        let scores = rows.saturating_mul(len).saturating_mul(heads);
        let block = rows
            .saturating_mul(10 * width + 3 * inner)
            .saturating_add(scores);
        // The last hidden states and their gradients are there without a block, too.
        let numbers = layers
            .saturating_mul(block)
            .saturating_add(rows.saturating_mul(4 * width + 3 * logits));
        u64::try_from(numbers.saturating_mul(4)).unwrap_or(u64::MAX)
    }

    /// The same where `each` texts that stay together count as one.
    pub fn together(self, each: usize) -> Self {
        Self {
            layers: self.layers.saturating_mul(each),
            logits: self.logits.saturating_mul(each),
            ..self
        }
    }

    /// Texts of `len` tokens that a micro-batch has: one at least.
    pub fn texts(&self, len: usize) -> usize {
        let one = self.bytes(1, len).max(1);
        (self.room / one).clamp(1, 1 << 16) as usize
    }

    /// Cuts a batch of texts with these lengths into micro-batches, by their places. One that has room stays as it is; of
    /// others, texts of like length come together, so that less is padding.
    pub fn micro_batches(&self, lengths: &[usize]) -> Vec<Vec<usize>> {
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let mut places: Vec<usize> = (0..lengths.len()).collect();
        if lengths.len() <= self.texts(longest) {
            return vec![places];
        }
        places.sort_by_key(|&place| std::cmp::Reverse(lengths[place]));
        let mut all: Vec<Vec<usize>> = Vec::new();
        for place in places {
            match all.last_mut() {
                // The first of each is the longest.
                Some(part) if part.len() < self.texts(lengths[part[0]]) => part.push(place),
                _ => all.push(vec![place]),
            }
        }
        all
    }

    /// Refuses a run whose longest text has no room beside `fixed` bytes that do not depend on it.
    ///
    /// # Errors
    /// [`TrainError::TooMuchMemory`].
    pub fn check(&self, longest: usize, fixed: u64) -> Result<()> {
        let needs = |len: usize| fixed.saturating_add(self.bytes(1, len));
        let bytes = needs(longest);
        if bytes <= MOST_BYTES {
            return Ok(());
        }
        // `fits` has room where it is not 0, and `refused` has none.
        let (mut fits, mut refused) = (0, longest);
        while fits + 1 < refused {
            let between = fits + (refused - fits) / 2;
            if needs(between) <= MOST_BYTES {
                fits = between;
            } else {
                refused = between;
            }
        }
        Err(TrainError::TooMuchMemory {
            bytes,
            most: MOST_BYTES,
            tokens: longest,
            fits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: Activations = Activations {
        layers: 2,
        width: 384,
        inner: 1536,
        heads: 12,
        logits: 2,
        room: MOST_ACTIVATIONS,
    };

    #[test]
    fn a_micro_batch_has_room_and_none_is_lost() {
        let lengths: Vec<usize> = (0..64).map(|at| 20 + at * 37 % 490).collect();
        let parts = SIZES.micro_batches(&lengths);
        assert!(parts.len() > 1);
        for part in &parts {
            let longest = part.iter().map(|&place| lengths[place]).max();
            let bytes = SIZES.bytes(part.len(), longest.unwrap_or(0));
            assert!(part.len() == 1 || bytes <= MOST_ACTIVATIONS);
        }
        let mut places = parts.concat();
        places.sort_unstable();
        assert_eq!(places, (0..64).collect::<Vec<_>>());
        assert_eq!(SIZES.micro_batches(&[8, 3, 5]), [[0, 1, 2]]);
    }

    #[test]
    fn the_longest_text_that_fits_is_named() {
        let large = Activations {
            layers: 48,
            logits: 50_257,
            ..SIZES
        };
        let Err(TrainError::TooMuchMemory { fits, most, .. }) = large.check(8192, 1 << 30) else {
            panic!("8192 tokens have room");
        };
        assert!(large.check(fits, 1 << 30).is_ok());
        assert!(large.check(fits + 1, 1 << 30).is_err());
        let none = SIZES.check(1, most);
        assert!(matches!(
            none,
            Err(TrainError::TooMuchMemory { fits: 0, .. })
        ));
        assert!(SIZES.check(usize::MAX, 0).is_err());
    }
}
