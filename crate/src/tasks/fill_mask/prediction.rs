//! What is asked and what is answered.

use std::ops::Range;

use serde::Serialize;

use super::context::MaskContext;
use crate::limits::fill_mask;
use crate::text::TokenSpan;

/// Which candidates are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct FillMaskOptions {
    /// How many candidates per mask, at least 1.
    pub top_k: usize,
    /// If not empty: exactly these words are scored, best first. Each must be one token.
    pub targets: Vec<String>,
    /// Which sides of each mask the model may look at.
    pub context: MaskContext,
}

impl Default for FillMaskOptions {
    fn default() -> Self {
        Self {
            top_k: fill_mask::TOP_K.default_count(),
            targets: Vec::new(),
            context: MaskContext::default(),
        }
    }
}

/// A word for a mask.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Candidate {
    /// Index into the vocabulary.
    pub token: u32,
    /// As in the vocabulary, `##` included.
    pub token_str: String,
    /// Its probability among the whole vocabulary.
    pub score: f64,
    /// The text with this mask filled; other masks stay.
    pub sequence: String,
    /// How it stands in the sentence: without `##`, and with a blank of its own only where the text has none before the
    /// mask.
    pub text: String,
    /// Whether it continues the word before the mask, so that blanks between the two go.
    pub joins: bool,
}

/// The candidates of one mask.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskPrediction {
    /// UTF-8 bytes of the mask in the text.
    pub range: Range<usize>,
    /// Most probable first.
    pub candidates: Vec<Candidate>,
}

/// The candidates of all masks of a text, and how the text was read.
#[derive(Debug, Clone, PartialEq)]
pub struct TextPrediction {
    /// The tokens of the text, the model's template (`[CLS]`, `[SEP]`) included.
    pub tokens: Vec<TokenSpan>,
    /// In the order of the text.
    pub masks: Vec<MaskPrediction>,
}
