//! How natural a text reads to a model that predicts masked words: its pseudo-perplexity ("Masked Language Model
//! Scoring", Salazar et al. 2020). Each token is masked in turn and guessed from all others.

use std::ops::Range;
use std::sync::Arc;

use super::input::{batch_size, require_readable, require_text};
use crate::error::{Error, Result};
use crate::models::{Encoder, EncoderInput};
use crate::sampling::{log_sum_exp, not_numbers};
use crate::text::{Encoding, Tokenizer};

/// A token and how likely the model finds it where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredToken {
    /// Index into the vocabulary.
    pub token: u32,
    /// As in the vocabulary, `##` included.
    pub token_str: String,
    /// UTF-8 bytes of it in the text.
    pub range: Range<usize>,
    /// Natural logarithm of its probability, given all other tokens.
    pub log_prob: f64,
}

/// Pseudo-perplexity with one model.
pub struct PseudoPerplexity {
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
    mask_id: u32,
}

impl PseudoPerplexity {
    /// # Errors
    /// [`Error::NoHead`], or [`Error::InvalidTokenizer`] if the vocabulary has no mask token.
    pub fn new(encoder: Arc<dyn Encoder>, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        encoder.heads().mlm()?;
        let (mask_id, _) = tokenizer
            .mask_token()
            .ok_or_else(|| Error::InvalidTokenizer("it has no mask token".into()))?;
        Ok(Self {
            encoder,
            tokenizer,
            mask_id,
        })
    }

    /// Starts to score the tokens of `text`, several at a time as one batch: a copy of the text for each.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::InputTooLong`].
    pub fn score(self: &Arc<Self>, text: &str) -> Result<Scoring> {
        require_text("text", text)?;
        let encoding = self.tokenizer.encode(text, None, true)?;
        let info = self.encoder.info();
        let max = info.max_position_embeddings;
        require_readable("text", &encoding, max, info.vocab_size)?;
        let tokens = encoding.tokens.iter().enumerate();
        let places: Vec<usize> = tokens
            .filter(|(_, token)| !token.special)
            .map(|(place, _)| place)
            .collect();
        Ok(Scoring {
            task: self.clone(),
            text: text.into(),
            encoding,
            places,
            done: 0,
            sum: 0.0,
            failed: false,
        })
    }

    /// The logarithms of the probabilities of the tokens at `places`.
    fn log_probs(&self, encoding: &Encoding, places: &[usize]) -> Result<Vec<f64>> {
        let (ids, type_ids) = (encoding.ids(), encoding.type_ids());
        let copies = places.iter().map(|&place| {
            let mut ids = ids.clone();
            ids[place] = self.mask_id;
            ids
        });
        let copies: Vec<_> = copies.collect();
        let texts = copies.iter().map(|ids| (&**ids, &*type_ids));
        let input = EncoderInput::padded(texts);
        let hidden = self.encoder.hidden_states(&input)?;
        let positions: Vec<_> = places.iter().copied().enumerate().collect();
        let rows = input.rows(&hidden, &positions)?;
        let logits = self.encoder.heads().mlm()?.logits(&rows)?;
        let logits = logits.chunks_exact(self.encoder.info().vocab_size);
        let log_probs = logits.zip(places).map(|(logits, &place)| {
            // One NaN or infinity among the logits spoils the sum.
            let log_prob = f64::from(logits[ids[place] as usize]) - log_sum_exp(logits);
            if log_prob.is_nan() {
                return Err(not_numbers());
            }
            Ok(log_prob)
        });
        log_probs.collect()
    }
}

/// A text being scored; an iterator over batches of its tokens, in the order of the text.
pub struct Scoring {
    task: Arc<PseudoPerplexity>,
    text: String,
    encoding: Encoding,
    /// Tokens that are scored: all but those of the template around the text.
    places: Vec<usize>,
    /// How many of them are.
    done: usize,
    /// Of their log-probabilities.
    sum: f64,
    /// Whether a batch has failed: then there are no more.
    failed: bool,
}

impl Scoring {
    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tokens that are to be scored in all.
    pub fn tokens(&self) -> usize {
        self.places.len()
    }

    /// e^(−mean log-probability) of the tokens scored so far; NaN before the first. 1 is certainty, the size of the
    /// vocabulary blind guessing.
    pub fn perplexity(&self) -> f64 {
        (-self.sum / self.done as f64).exp()
    }

    /// The places that are scored next, none at the end.
    fn batch(&self) -> Range<usize> {
        let left = self.places.len() - self.done;
        self.done..self.done + left.min(batch_size(self.encoding.len()))
    }

    /// Scores the tokens at `self.places[batch]`.
    fn score(&mut self, batch: Range<usize>) -> Result<Vec<ScoredToken>> {
        let places = &self.places[batch.clone()];
        let log_probs = self.task.log_probs(&self.encoding, places)?;
        self.done = batch.end;
        self.sum += log_probs.iter().sum::<f64>();
        let tokens = places.iter().zip(log_probs).map(|(&place, log_prob)| {
            let token = &self.encoding.tokens[place];
            ScoredToken {
                token: token.id,
                token_str: self.task.tokenizer.readable(token.id),
                range: token.range.clone(),
                log_prob,
            }
        });
        Ok(tokens.collect())
    }
}

impl Iterator for Scoring {
    type Item = Result<Vec<ScoredToken>>;

    /// The next batch; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batch();
        if batch.is_empty() || self.failed {
            return None;
        }
        let scored = self.score(batch);
        self.failed = scored.is_err();
        Some(scored)
    }
}
