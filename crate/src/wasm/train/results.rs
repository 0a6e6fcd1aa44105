//! What crosses the border of a run. `types.rs` writes the TypeScript of it, comments included. Offsets are UTF-16 units
//! here.

use serde::{Deserialize, Serialize};

use crate::border::bulk::{Bytes, Floats};
use crate::text::Utf16Index;
use crate::train::showing::{
    Attentions, Candidate, Given, Probe, SampleOptions, ShownToken, WordVectors,
};
use crate::train::{Levels, Settings, Training};

/// What a run is.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RunInfo<'a> {
    /// As it was begun.
    pub settings: &'a Settings,
    /// Numbers that are learnt.
    pub weights: usize,
    /// Tokens of the vocabulary that was learnt.
    pub vocab_size: usize,
    /// What the text held back costs without a neural network.
    pub levels: Levels,
    /// Tokens of the text that is learnt from.
    pub training_tokens: usize,
    /// Tokens of the text held back.
    pub held_out_tokens: usize,
    /// Steps done.
    pub steps_done: u64,
}

impl<'a> RunInfo<'a> {
    pub fn of(training: &'a Training) -> Self {
        let [training_tokens, held_out_tokens] = training.tokens();
        Self {
            settings: training.settings(),
            weights: training.weights(),
            vocab_size: training.tokenizer().vocab_size(),
            levels: training.levels(),
            training_tokens,
            held_out_tokens,
            steps_done: training.steps_done(),
        }
    }
}

/// A file of a folder.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrainedFile {
    /// `config.json`, `model.safetensors` …
    pub name: String,
    /// What stands in it.
    pub bytes: Bytes,
}

/// How a sample is drawn.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields, rename = "SampleOptions"))]
pub struct SampleQuery {
    /// Tokens that are written at most, 1 to 1000 (60).
    pub max_new_tokens: Option<usize>,
    /// Divides the logits; 0: the likeliest token each time (0.8).
    pub temperature: Option<f64>,
    /// The likeliest tokens of which one is drawn; 0: of all (40).
    pub top_k: Option<usize>,
    /// Start of the random numbers (1).
    pub seed: Option<u64>,
}

impl From<SampleQuery> for SampleOptions {
    fn from(query: SampleQuery) -> Self {
        let defaults = Self::default();
        Self {
            max_new_tokens: query.max_new_tokens.unwrap_or(defaults.max_new_tokens),
            temperature: query.temperature.unwrap_or(defaults.temperature),
            top_k: query.top_k.unwrap_or(defaults.top_k),
            seed: query.seed.unwrap_or(defaults.seed),
        }
    }
}

/// Guesses of the masked words of a text.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Probe"))]
pub struct ProbeResult {
    /// The text's tokens.
    pub tokens: Vec<String>,
    /// Of each mask, in the order of the text.
    pub masks: Vec<ProbeMask>,
}

/// What may stand in a masked place.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProbeMask {
    /// Its place among the tokens.
    pub index: usize,
    /// How many masks were filled before it, each with the likeliest token, which this guess knows. 0 in BERT, whose guesses
    /// know nothing of each other.
    pub turn: usize,
    /// The likeliest, best first.
    pub candidates: Vec<Candidate>,
}

impl From<Probe> for ProbeResult {
    fn from(probe: Probe) -> Self {
        let mask = |guess: crate::train::showing::Guess| ProbeMask {
            index: guess.index,
            turn: guess.turn,
            candidates: guess.candidates,
        };
        Self {
            tokens: probe.tokens,
            masks: probe.masks.into_iter().map(mask).collect(),
        }
    }
}

/// Whether a text follows another.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NextSentenceProbe {
    /// Between 0 and 1.
    pub is_next_probability: f32,
}

/// A head's attention in a text.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HeadAttention {
    /// The text's tokens.
    pub tokens: Vec<String>,
    /// `[len, len]`: how much the first position looks at the second; each row adds up to 1.
    pub attentions: Floats,
}

impl From<Attentions> for HeadAttention {
    fn from(found: Attentions) -> Self {
        Self {
            tokens: found.tokens,
            attentions: Floats(found.attentions),
        }
    }
}

/// A token of a text, as the tokenizer that was learnt cuts it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TextToken"))]
pub struct TrainedToken {
    /// As in the vocabulary: `##ing`, `Ġthe`.
    pub token: String,
    /// Index into the vocabulary.
    pub id: u32,
    /// Where it begins in the text, in UTF-16 units.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Tokens of `text`.
pub fn trained_tokens(text: &str, tokens: Vec<ShownToken>) -> Vec<TrainedToken> {
    let index = Utf16Index::new(text);
    let token = |token: ShownToken| {
        let range = index.range(&token.range);
        TrainedToken {
            token: token.token,
            id: token.id,
            start: range.start,
            end: range.end,
        }
    };
    tokens.into_iter().map(token).collect()
}

/// ELMo's vectors of a text's tokens.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "WordVectors"))]
pub struct WordVectorsResult {
    /// The text's tokens.
    pub tokens: Vec<String>,
    /// Numbers of one direction; a vector has twice as many, forward beside backward.
    pub hidden_size: usize,
    /// `[layers + 1, len, 2·hidden_size]`: the embeddings twice, then each LSTM layer.
    pub layers: Floats,
}

impl From<WordVectors> for WordVectorsResult {
    fn from(found: WordVectors) -> Self {
        Self {
            tokens: found.tokens,
            hidden_size: found.hidden_size,
            layers: Floats(found.layers),
        }
    }
}

/// What the model is given of a text of the batch.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "BatchRow"))]
pub enum GivenBatch {
    /// A pair with masked words.
    Bert {
        /// What it reads.
        tokens: Vec<String>,
        /// What it is to guess in each place.
        labels: Vec<Option<String>>,
        /// What was done there.
        #[cfg_attr(test, ts(type = "('mask' | 'random' | 'keep' | null)[]"))]
        kinds: Vec<Option<&'static str>>,
        /// Whether the second part follows the first; `null` where that is not learnt.
        is_next: Option<bool>,
    },
    /// A window of the text, of which all tokens but the first are to be guessed.
    Gpt {
        /// The text.
        tokens: Vec<String>,
    },
    /// A window of the text, which is read in both directions.
    Elmo {
        /// The text.
        tokens: Vec<String>,
    },
    /// A window of the text with an order.
    Xlnet {
        /// The text.
        tokens: Vec<String>,
        /// All positions in the order that was drawn.
        order: Vec<u32>,
        /// The last of these, which are guessed in this order.
        targets: Vec<u32>,
        /// `[len, len]`: 1 where the content stream of the first position sees the second.
        content_mask: Bytes,
        /// The same of the query stream, which does not see its own token.
        query_mask: Bytes,
    },
}

impl GivenBatch {
    pub fn of(given: Given, elmo: bool) -> Self {
        match given {
            Given::Masked {
                tokens,
                labels,
                kinds,
                is_next,
            } => Self::Bert {
                tokens,
                labels,
                kinds,
                is_next,
            },
            Given::Window { tokens } if elmo => Self::Elmo { tokens },
            Given::Window { tokens } => Self::Gpt { tokens },
            Given::Permuted {
                tokens,
                order,
                targets,
                content_mask,
                query_mask,
            } => Self::Xlnet {
                tokens,
                order,
                targets,
                content_mask: Bytes(content_mask),
                query_mask: Bytes(query_mask),
            },
        }
    }
}
