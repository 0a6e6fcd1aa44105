//! How natural a text reads to a model that predicts masked words: its pseudo-perplexity ("Masked Language Model
//! Scoring", Salazar et al. 2020). Each token is masked in turn and guessed from all others.

use std::ops::Range;
use std::sync::Arc;

use super::input::{batch_size, require_mask, require_readable, require_text};
use super::judge::{Judge, Judgement};
use crate::error::Result;
use crate::models::{Encoder, EncoderInput};
use crate::nn::elementary;
use crate::text::{Encoding, Tokenizer};

/// Likeliest tokens that are named in each place.
const TOP: usize = 3;

/// A token and how likely the model finds it where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredToken {
    /// Which of the texts it is of, from 0.
    pub text: usize,
    /// Index into the vocabulary.
    pub token: u32,
    /// As in the vocabulary, `##` included.
    pub token_str: String,
    /// UTF-8 bytes of it in its text.
    pub range: Range<usize>,
    /// What the model thinks of it, given all other tokens of its text.
    pub judged: Judgement,
}

/// Pseudo-perplexity with one model.
pub struct PseudoPerplexity {
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
    mask_id: u32,
}

impl PseudoPerplexity {
    /// # Errors
    /// [`crate::Error::NoHead`], or [`crate::Error::InvalidTokenizer`] if the vocabulary has no mask token.
    pub fn new(encoder: Arc<dyn Encoder>, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        encoder.heads().mlm()?;
        let (mask_id, _) = require_mask(&tokenizer)?;
        Ok(Self {
            encoder,
            tokenizer,
            mask_id,
        })
    }

    /// Starts to score the tokens of `texts`, several at a time as one padded batch: a copy of its text for each, with
    /// the token masked.
    ///
    /// # Errors
    /// [`crate::Error::EmptyInput`], [`crate::Error::InputTooLong`], of the first text that fails, before any is read.
    pub fn score(self: &Arc<Self>, texts: &[&str]) -> Result<Scoring> {
        let texts: Vec<_> = texts
            .iter()
            .map(|text| self.read(text))
            .collect::<Result<_>>()?;
        let places = (0..).zip(&texts).flat_map(|(text, (_, encoding))| {
            let places = 0..encoding.len();
            let scored = places.filter(|&place| !encoding.tokens[place].special);
            scored.map(move |place| (text, place))
        });
        Ok(Scoring {
            task: self.clone(),
            places: places.collect(),
            done: 0,
            sums: vec![(0.0, 0); texts.len()],
            texts,
            failed: false,
        })
    }

    /// A text and its tokens, if the model can read them.
    fn read(&self, text: &str) -> Result<(String, Encoding)> {
        require_text("text", text)?;
        let encoding = self.tokenizer.encode(text, None, true)?;
        let info = self.encoder.info();
        let max = info.max_position_embeddings;
        require_readable("text", &encoding, max, info.vocab_size)?;
        Ok((text.into(), encoding))
    }

    /// What the model thinks of the tokens at `places`, each (text, place) of `texts`.
    fn judge(
        &self,
        texts: &[(String, Encoding)],
        places: &[(usize, usize)],
    ) -> Result<Vec<Judgement>> {
        let copies = places.iter().map(|&(text, place)| {
            let encoding = &texts[text].1;
            let mut ids = encoding.ids();
            ids[place] = self.mask_id;
            (ids, encoding.type_ids())
        });
        let copies: Vec<_> = copies.collect();
        let input = EncoderInput::padded(copies.iter().map(|(ids, types)| (&**ids, &**types)));
        let hidden = self.encoder.hidden_states(&input)?;
        let positions = places.iter().enumerate();
        let positions: Vec<_> = positions.map(|(copy, &(_, place))| (copy, place)).collect();
        let rows = input.rows(&hidden, &positions)?;
        let logits = self.encoder.heads().mlm()?.logits(&rows)?;
        let vocab_size = self.encoder.info().vocab_size;
        let judge = Judge::new(&self.tokenizer, vocab_size);
        let logits = logits.chunks_exact(vocab_size).zip(places);
        let judged = logits.map(|(logits, &(text, place))| {
            judge.judge(logits, texts[text].1.tokens[place].id, TOP)
        });
        judged.collect()
    }
}

/// Texts being scored; an iterator over batches of their tokens, in the order of the texts.
pub struct Scoring {
    task: Arc<PseudoPerplexity>,
    texts: Vec<(String, Encoding)>,
    /// Tokens that are scored, by text and place: all but those of the template around a text.
    places: Vec<(usize, usize)>,
    /// How many of them are.
    done: usize,
    /// Of each text, the sum of its tokens' log-probabilities so far, and how many these are.
    sums: Vec<(f64, usize)>,
    /// Whether a batch has failed: then there are no more.
    failed: bool,
}

impl Scoring {
    /// The texts as they were given.
    pub fn text(&self, index: usize) -> &str {
        self.texts.get(index).map_or("", |(text, _)| text)
    }

    /// Tokens that are to be scored in all.
    pub fn tokens(&self) -> usize {
        self.places.len()
    }

    /// e^(−mean log-probability) of the tokens of a text that are scored so far; NaN before the first. 1 is certainty,
    /// the size of the vocabulary blind guessing.
    pub fn perplexity(&self, text: usize) -> f64 {
        let (sum, count) = self.sums.get(text).copied().unwrap_or_default();
        elementary::exp(-sum / count as f64)
    }

    /// The places that are scored next, none at the end: as many as fit beside the longest of their texts.
    fn batch(&self) -> Range<usize> {
        let (mut count, mut longest) = (0, 0);
        for &(text, _) in &self.places[self.done..] {
            longest = longest.max(self.texts[text].1.len());
            if count >= batch_size(longest) {
                break;
            }
            count += 1;
        }
        self.done..self.done + count
    }

    /// Scores the tokens at `self.places[batch]`.
    fn score(&mut self, batch: Range<usize>) -> Result<Vec<ScoredToken>> {
        let places = &self.places[batch.clone()];
        let judged = self.task.judge(&self.texts, places)?;
        self.done = batch.end;
        let scored = places.iter().zip(judged).map(|(&(text, place), judged)| {
            let token = &self.texts[text].1.tokens[place];
            let (sum, count) = &mut self.sums[text];
            *sum += judged.log_prob;
            *count += 1;
            ScoredToken {
                text,
                token: token.id,
                token_str: self.task.tokenizer.readable(token.id),
                range: token.range.clone(),
                judged,
            }
        });
        Ok(scored.collect())
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
