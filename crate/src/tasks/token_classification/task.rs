//! The task: a text read window by window, each token with its labels.

use std::sync::Arc;

use super::aggregation::{without_overlaps, AggregationStrategy, Aggregator, Entity, Piece};
use crate::error::Result;
use crate::limits::token_classification as limits;
use crate::models::{EncoderInput, Model};
use crate::nn::elementary;
use crate::sampling::{log_softmax, not_numbers};
use crate::tasks::input::{require_readable, require_text, Reading, WindowRead};
use crate::text::{Tokenizer, Window};

/// How a text is tagged.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggingOptions {
    /// How tokens become entities.
    pub aggregation_strategy: AggregationStrategy,
    /// Labels that are not reported.
    pub ignore_labels: Vec<String>,
    /// Tokens that two windows of a long text have in common; `None`: 128, or half a window where that is less.
    pub stride: Option<usize>,
}

impl Default for TaggingOptions {
    fn default() -> Self {
        Self {
            aggregation_strategy: AggregationStrategy::default(),
            ignore_labels: vec!["O".into()],
            stride: None,
        }
    }
}

/// Token classification with one model.
pub struct TokenClassification {
    model: Model,
    tokenizer: Arc<Tokenizer>,
}

impl TokenClassification {
    /// # Errors
    /// [`crate::Error::NoHead`].
    pub fn new(model: Model, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        model.token_head()?;
        Ok(Self { model, tokenizer })
    }

    /// Starts to tag `text`, window by window where it is longer than the model reads at once.
    ///
    /// # Errors
    /// [`crate::Error::EmptyInput`], [`crate::Error::InvalidOption`].
    pub fn tagging(self: &Arc<Self>, text: &str, options: TaggingOptions) -> Result<Tagging> {
        if let Some(stride) = options.stride {
            limits::STRIDE.check_count(stride)?;
        }
        require_text("text", text)?;
        let encoding = self.tokenizer.encode(text, None, true)?;
        let info = self.model.info();
        require_readable("text", &encoding, usize::MAX, info.vocab_size)?;
        let most = info.max_position_embeddings;
        Ok(Tagging {
            reading: Reading::new(encoding, 0, most, ("stride", options.stride))?,
            task: self.clone(),
            text: text.into(),
            options,
            found: Vec::new(),
        })
    }

    /// The tokens or entities of `text` whose labels are not ignored.
    ///
    /// # Errors
    /// As [`TokenClassification::tagging`].
    pub fn tag(self: &Arc<Self>, text: &str, options: TaggingOptions) -> Result<Vec<Entity>> {
        let mut tagging = self.tagging(text, options)?;
        for window in &mut tagging {
            window?;
        }
        Ok(tagging.result())
    }

    /// The tokens of a window's part of `text`.
    fn pieces(&self, text: &str, window: &Window) -> Result<Vec<Piece>> {
        let encoding = &window.encoding;
        let input = EncoderInput::single(encoding.ids(), encoding.type_ids());
        let hidden = self.model.hidden_states(&input)?;
        let head = self.model.token_head()?;
        let logits = head.logits(&hidden)?; // [len, labels]
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(not_numbers());
        }
        let labels = head.tuning.labels.len();
        let piece = |at: usize| {
            let token = &encoding.tokens[at];
            let scores = log_softmax(&logits[at * labels..][..labels]);
            let (start, spelled) = (token.range.start, &text[token.range.clone()]);
            let unknown = self.tokenizer.is_unknown(token.id);
            let prefix = self.tokenizer.continuation_prefix().unwrap_or_default();
            // transformers' rules: there is no other sign of words in what a tokenizer says.
            let is_subword = if prefix.is_empty() {
                start > 0 && !text[..start].ends_with(' ') && !text[start..].starts_with(' ')
            } else {
                token.token.chars().count() != spelled.chars().count()
            };
            Piece {
                token: if unknown {
                    spelled.into()
                } else {
                    token.token.clone()
                },
                index: at + window.skipped,
                range: token.range.clone(),
                scores: scores.into_iter().map(elementary::exp).collect(),
                is_subword: is_subword && !unknown,
            }
        };
        Ok(window.part.clone().map(piece).collect())
    }
}

/// A text being tagged; an iterator over its windows.
pub struct Tagging {
    task: Arc<TokenClassification>,
    text: String,
    options: TaggingOptions,
    reading: Reading,
    found: Vec<Entity>,
}

impl Tagging {
    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was found in the windows read so far, in the order of the text.
    pub fn result(&self) -> Vec<Entity> {
        if self.reading.windows.len() == 1 {
            return self.found.clone();
        }
        without_overlaps(&self.text, self.found.clone())
    }

    fn read(&mut self, index: usize) -> Result<()> {
        let task = &self.task;
        let pieces = task.pieces(&self.text, &self.reading.windows.get(index))?;
        let aggregator = Aggregator {
            strategy: self.options.aggregation_strategy,
            labels: &task.model.token_head()?.tuning.labels,
            tokenizer: &task.tokenizer,
        };
        let entities = aggregator.entities(&pieces)?.into_iter();
        let ignored = &self.options.ignore_labels;
        self.found
            .extend(entities.filter(|entity| !ignored.contains(&entity.label)));
        Ok(())
    }
}

impl Iterator for Tagging {
    type Item = Result<WindowRead>;

    /// The next window; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        let index = self.reading.next()?;
        let read = self.read(index);
        Some(self.reading.count(read))
    }
}
