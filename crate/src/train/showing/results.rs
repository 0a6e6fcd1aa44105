//! What is shown, with tokens as people read them (`" the"`, `##ing`).

/// How a sample is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleOptions {
    /// Tokens that are written at most, 1 to 1000.
    pub max_new_tokens: usize,
    /// Divides the logits; 0: the likeliest token each time.
    pub temperature: f64,
    /// The likeliest tokens of which one is drawn; 0: of all.
    pub top_k: usize,
    /// Start of the random numbers.
    pub seed: u64,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self {
            max_new_tokens: 60,
            temperature: 0.8,
            top_k: 40,
            seed: 1,
        }
    }
}

/// Guesses of the masked words of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The text's tokens.
    pub tokens: Vec<String>,
    /// Of each mask, in the order of the text.
    pub masks: Vec<Guess>,
}

/// What may stand in a masked place.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// Its place among the tokens.
    pub index: usize,
    /// How many masks were filled before it, each with the likeliest token, which this guess knows. 0 in BERT, whose guesses
    /// know nothing of each other.
    pub turn: usize,
    /// The likeliest, best first.
    pub candidates: Vec<Candidate>,
}

/// A token with its probability.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TokenGuess"))]
pub struct Candidate {
    /// As people read it.
    pub token: String,
    /// Between 0 and 1.
    pub probability: f32,
}

/// A head's attention in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Attentions {
    /// The text's tokens.
    pub tokens: Vec<String>,
    /// `[len, len]`: how much the first position looks at the second; each row adds up to 1.
    pub attentions: Vec<f32>,
}

/// A token of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownToken {
    /// As in the vocabulary.
    pub token: String,
    /// Index into the vocabulary.
    pub id: u32,
    /// Bytes of the text.
    pub range: std::ops::Range<usize>,
}

/// ELMo's vectors of a text's words.
#[derive(Debug, Clone, PartialEq)]
pub struct WordVectors {
    /// The text's tokens.
    pub tokens: Vec<String>,
    /// Numbers of one direction; a vector has twice as many, forward beside backward.
    pub hidden_size: usize,
    /// `[layers + 1, len, 2·hidden_size]`: the embeddings twice, then each LSTM layer.
    pub layers: Vec<f32>,
}

/// What the model was given of a text of the batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// BERT.
    Masked {
        /// What it reads.
        tokens: Vec<String>,
        /// What it is to guess in each place.
        labels: Vec<Option<String>>,
        /// What was done there: `mask`, `random`, `keep`.
        kinds: Vec<Option<&'static str>>,
        /// Whether the second part follows the first, where that is learnt.
        is_next: Option<bool>,
    },
    /// GPT, which is asked for each token but the first, and ELMo.
    Window {
        /// The text.
        tokens: Vec<String>,
    },
    /// XLNet.
    Permuted {
        /// The text.
        tokens: Vec<String>,
        /// All positions in the order that was drawn.
        order: Vec<u32>,
        /// The last of these, which are guessed in this order.
        targets: Vec<u32>,
        /// `[len, len]`: 1 where the content stream of the first position sees the second.
        content_mask: Vec<u8>,
        /// The same of the query stream, which does not see its own token.
        query_mask: Vec<u8>,
    },
}
