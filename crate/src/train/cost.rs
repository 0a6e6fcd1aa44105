//! What a run costs, from its settings alone.

use serde::Serialize;

use super::error::Result;
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

fn memory(settings: &Settings, weights: f64) -> f64 {
    let [vocab, d, layers, batch, context, heads] = [
        settings.vocab_size,
        settings.hidden_size,
        settings.num_layers,
        settings.batch_size,
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
    // Weights, their gradients twice, and what the optimizer remembers.
    4.0 * (weights * 5.0 + kept + logits)
}
