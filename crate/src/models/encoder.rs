//! The trait of models that read in both directions, whatever their architecture, and what they read.

use super::embedded::Embedded;
use super::heads::Heads;
use super::info::ModelInfo;
use super::observer::{Observer, Unobserved};
use crate::error::{Error, Result};
use crate::nn::Embedding;

/// Tokens of one or several texts, padded to one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EncoderInput {
    /// `[batch · len]`, row by row.
    pub input_ids: Vec<u32>,
    /// `[batch · len]`: 0 for the first text of a pair, 1 for the second. Models without segments do not
    /// look at it.
    pub token_type_ids: Vec<u32>,
    /// `[batch · len]`: 1 for tokens, 0 for padding. Empty if nothing is padded.
    pub attention_mask: Vec<u32>,
    /// Number of texts.
    pub batch: usize,
}

impl EncoderInput {
    /// One text without padding.
    pub fn single(input_ids: Vec<u32>, token_type_ids: Vec<u32>) -> Self {
        Self {
            input_ids,
            token_type_ids,
            attention_mask: Vec::new(),
            batch: 1,
        }
    }

    /// Texts of any lengths, each its `input_ids` and `token_type_ids`, padded to that of the longest.
    pub fn padded<'a>(texts: impl IntoIterator<Item = (&'a [u32], &'a [u32])>) -> Self {
        let texts: Vec<_> = texts.into_iter().collect();
        let len = texts.iter().map(|(ids, _)| ids.len()).max().unwrap_or(0);
        let mut padded = Self {
            batch: texts.len(),
            ..Self::default()
        };
        for (ids, type_ids) in texts {
            let padding = || std::iter::repeat_n(0, len - ids.len());
            padded
                .input_ids
                .extend(ids.iter().copied().chain(padding()));
            let type_ids = type_ids.iter().copied();
            padded.token_type_ids.extend(type_ids.chain(padding()));
            let ones = std::iter::repeat_n(1, ids.len());
            padded.attention_mask.extend(ones.chain(padding()));
        }
        padded
    }

    /// Tokens of each text.
    pub fn len(&self) -> usize {
        self.input_ids.len().checked_div(self.batch).unwrap_or(0)
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.input_ids.is_empty()
    }

    /// Chosen rows of `hidden_states` `[batch · len, hidden_size]`, by (text, token): `[places.len(), hidden_size]`.
    ///
    /// # Errors
    /// [`Error::Internal`] for a place outside the input.
    pub fn rows(&self, hidden_states: &[f32], places: &[(usize, usize)]) -> Result<Vec<f32>> {
        let len = self.len();
        let size = hidden_states
            .len()
            .checked_div(self.input_ids.len())
            .unwrap_or(0);
        let mut rows = Vec::with_capacity(places.len() * size);
        for &(text, token) in places {
            if text >= self.batch || token >= len {
                return Err(Error::Internal(format!(
                    "token {token} of text {text} in {} texts of {len} tokens",
                    self.batch
                )));
            }
            let row = text * len + token;
            rows.extend_from_slice(&hidden_states[row * size..(row + 1) * size]);
        }
        Ok(rows)
    }

    /// The rows of each text's first token, `[batch, hidden_size]`.
    ///
    /// # Errors
    /// [`Error::Internal`] if there are no tokens.
    pub fn first_rows(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        let places: Vec<_> = (0..self.batch).map(|text| (text, 0)).collect();
        self.rows(hidden_states, &places)
    }

    /// The place of each token in its text, from 0.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        let len = self.len();
        (0..self.input_ids.len()).map(move |at| at % len)
    }

    /// Refuses what no encoder can read.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; [`Error::InputTooLong`] above `max` tokens; [`Error::Internal`] if the lists
    /// differ in length.
    pub(super) fn check(&self, max: usize) -> Result<()> {
        let (input, len) = (|| "token list".into(), self.len());
        if len == 0 {
            return Err(Error::EmptyInput { input: input() });
        }
        if len > max {
            return Err(Error::InputTooLong {
                input: input(),
                tokens: len,
                max,
            });
        }
        let total = self.batch * len;
        let mask = self.attention_mask.len();
        if self.input_ids.len() != total
            || self.token_type_ids.len() != total
            || (mask != 0 && mask != total)
        {
            return Err(Error::Internal(
                "input_ids, token_type_ids and attention_mask differ in length".into(),
            ));
        }
        Ok(())
    }

    /// `[batch · len]`, added to scores: 0 for tokens, the lowest float for padding (not −∞: a row of padding
    /// alone must not become NaN). `None` where nothing is padded.
    pub(super) fn mask(&self) -> Option<Vec<f32>> {
        let bias = |token: &u32| if *token == 0 { f32::MIN } else { 0.0 };
        let mask = &self.attention_mask;
        mask.contains(&0).then(|| mask.iter().map(bias).collect())
    }
}

/// An encoder with those heads that its checkpoint has.
pub trait Encoder: Send + Sync {
    /// Its names, sizes and capabilities.
    fn info(&self) -> ModelInfo;

    /// Hidden states of the last layer, `[batch · len, hidden_size]`; `observe` sees what comes on the way.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::InputTooLong`].
    fn run(&self, input: &EncoderInput, observe: &mut dyn Observer) -> Result<Vec<f32>>;

    /// What the first block reads (ALBERT's widens it first), and its parts.
    ///
    /// # Errors
    /// As [`Encoder::run`].
    fn embed(&self, input: &EncoderInput) -> Result<Embedded>;

    /// The table of word embeddings.
    fn word_embeddings(&self) -> &Embedding;

    /// The heads that its checkpoint has.
    fn heads(&self) -> &Heads;

    /// As [`Encoder::run`], unobserved.
    ///
    /// # Errors
    /// As [`Encoder::run`].
    fn hidden_states(&self, input: &EncoderInput) -> Result<Vec<f32>> {
        self.run(input, &mut Unobserved)
    }
}
