//! A model with a masked-word head and its tokenizer, as both ways of filling masks use them.

use std::sync::Arc;

use super::context::MaskContext;
use super::mask::Mask;
use super::prediction::Candidate;
use crate::error::{Error, Result};
use crate::models::{Encoder, EncoderInput};
use crate::nn::elementary;
use crate::sampling::{log_softmax, not_numbers, top};
use crate::tasks::input::{batch_size, require_mask, require_readable, require_text};
use crate::text::{Encoding, Tokenizer};

/// Reads texts with masks and says how likely each word is in their place.
pub(super) struct Predictor {
    pub encoder: Arc<dyn Encoder>,
    pub tokenizer: Arc<Tokenizer>,
    mask_id: u32,
    mask_token: String,
}

impl Predictor {
    /// # Errors
    /// [`Error::NoHead`]; [`Error::InvalidTokenizer`] without a mask token.
    pub fn new(encoder: Arc<dyn Encoder>, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        encoder.heads().mlm()?;
        let (mask_id, mask_token) = require_mask(&tokenizer)?;
        Ok(Self {
            encoder,
            mask_id,
            mask_token: mask_token.into(),
            tokenizer,
        })
    }

    /// The tokens of a text and the masks among them, at least one.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::InputTooLong`], [`Error::NoMask`].
    pub fn read(&self, text: &str) -> Result<(Encoding, Vec<Mask>)> {
        require_text("text", text)?;
        let encoding = self.tokenizer.encode(text, None, true)?;
        let info = self.encoder.info();
        let max = info.max_position_embeddings;
        require_readable("text", &encoding, max, info.vocab_size)?;
        let takes_blanks = self.tokenizer.mask_takes_blanks();
        let tokens = encoding.tokens.iter().enumerate();
        let masks: Vec<Mask> = tokens
            .filter(|(_, token)| token.id == self.mask_id)
            .map(|(place, token)| Mask::new(text, place, &token.range, takes_blanks))
            .collect();
        if masks.is_empty() {
            return Err(Error::NoMask {
                mask_token: self.mask_token.clone(),
            });
        }
        Ok((encoding, masks))
    }

    /// Log-probabilities of the whole vocabulary at each of `masks`, `[masks, vocab_size]`; −∞ for rows without a token.
    /// The model reads `ids`; with a `context` on one side, a copy of them for each mask.
    ///
    /// # Errors
    /// [`Error::Internal`] if the logits are not numbers.
    pub fn log_probabilities(
        &self,
        encoding: &Encoding,
        ids: &[u32],
        masks: &[&Mask],
        context: MaskContext,
    ) -> Result<Vec<Vec<f64>>> {
        let type_ids = encoding.type_ids();
        if context == MaskContext::Both {
            let input = EncoderInput::single(ids.to_vec(), type_ids);
            let places: Vec<_> = masks.iter().map(|mask| (0, mask.token)).collect();
            return self.at_places(&input, &places);
        }
        let mut scores = Vec::with_capacity(masks.len());
        for masks in masks.chunks(batch_size(ids.len())) {
            let copies = masks.iter().map(|mask| {
                let (tokenizer, tokens) = (&self.tokenizer, &encoding.tokens);
                context.shown(ids, tokens, mask.token, tokenizer, self.mask_id)
            });
            let copies: Vec<_> = copies.collect();
            let input = EncoderInput::padded(copies.iter().map(|ids| (&**ids, &*type_ids)));
            let places = masks.iter().enumerate();
            let places: Vec<_> = places.map(|(copy, mask)| (copy, mask.token)).collect();
            scores.extend(self.at_places(&input, &places)?);
        }
        Ok(scores)
    }

    /// The same at `places`, by (text, token) of `input`.
    fn at_places(&self, input: &EncoderInput, places: &[(usize, usize)]) -> Result<Vec<Vec<f64>>> {
        // [batch · len, hidden_size]
        let hidden = self.encoder.hidden_states(input)?;
        // Only the masks pass through the head.
        let rows = input.rows(&hidden, places)?;
        let logits = self.encoder.heads().mlm()?.logits(&rows)?;
        let rows = self.encoder.info().vocab_size;
        let logits = logits.chunks_exact(rows);
        let mut scores: Vec<Vec<f64>> = logits.map(log_softmax).collect();
        // One NaN or infinity among the logits spoils the sum, and with it every score.
        if scores.iter().flatten().any(|score| score.is_nan()) {
            return Err(not_numbers());
        }
        for id in self.tokenizer.ids_without_token(rows) {
            for scores in &mut scores {
                scores[id as usize] = f64::NEG_INFINITY;
            }
        }
        Ok(scores)
    }

    /// The `count` most probable tokens of a mask with their log-probabilities, best first.
    pub fn best(scores: &[f64], count: usize) -> Vec<(u32, f64)> {
        let best = top(scores, count).into_iter();
        best.filter(|(_, score)| *score > f64::NEG_INFINITY)
            .collect()
    }

    /// The word `token` for a mask of `text`. `fill` makes the sequence of the word.
    pub fn candidate(
        &self,
        text: &str,
        mask: &Mask,
        (token, log_probability): (u32, f64),
        fill: impl FnOnce(&str) -> String,
    ) -> Candidate {
        let token_str = self.tokenizer.readable(token);
        let (in_place, joins) = mask.in_place(&self.tokenizer, text, &token_str);
        Candidate {
            token,
            score: elementary::exp(log_probability),
            sequence: fill(&token_str),
            text: in_place,
            joins,
            token_str,
        }
    }
}
