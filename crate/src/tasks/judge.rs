//! What a model thinks of the token that stands in a place, and of those that could.

use std::borrow::Cow;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::nn::elementary;
use crate::sampling::{log_sum_exp, not_numbers, top};
use crate::text::Tokenizer;

/// A token and its probability in a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TokenProbability {
    /// For people: `" the"` for `Ġthe`, `##ing` as it is.
    pub token: String,
    /// Index into the vocabulary.
    pub token_id: u32,
    /// Between 0 and 1.
    pub probability: f64,
}

/// What a model thinks of a token where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Natural logarithm of its probability.
    pub log_prob: f64,
    /// 1 for the likeliest token; of equals the one with the lower id comes first.
    pub rank: u32,
    /// The likeliest tokens, best first.
    pub top: Vec<TokenProbability>,
}

/// Reads the logits of a model for people.
pub(super) struct Judge<'a> {
    tokenizer: &'a Tokenizer,
    /// Rows without a token: they have a share of the probability, but nobody can say them.
    missing: Vec<u32>,
}

impl<'a> Judge<'a> {
    /// For a model of `rows` rows.
    pub fn new(tokenizer: &'a Tokenizer, rows: usize) -> Self {
        Self {
            missing: tokenizer.ids_without_token(rows),
            tokenizer,
        }
    }

    /// What the model thinks of the token `id`, by its `logits` `[vocab_size]` for that place, and its `count` likeliest
    /// tokens.
    ///
    /// # Errors
    /// [`Error::Internal`] if the logits are no numbers, or none of them is the token's.
    pub fn judge(&self, logits: &[f32], id: u32, count: usize) -> Result<Judgement> {
        let (id, log_total) = (id as usize, log_total(logits)?);
        let own = logits.get(id).copied();
        let own = own.ok_or_else(|| Error::Internal(format!("the model has no token {id}")))?;
        let said = self.said(logits);
        let better = said.iter().filter(|&&logit| logit > own).count();
        let equal = said[..id].iter().filter(|&&logit| logit == own).count();
        Ok(Judgement {
            log_prob: f64::from(own) - log_total,
            rank: (better + equal + 1) as u32,
            top: self.likeliest(&said, log_total, count),
        })
    }

    /// The `count` likeliest tokens by `logits` `[vocab_size]`, best first.
    ///
    /// # Errors
    /// As [`Judge::judge`].
    pub fn top(&self, logits: &[f32], count: usize) -> Result<Vec<TokenProbability>> {
        let log_total = log_total(logits)?;
        Ok(self.likeliest(&self.said(logits), log_total, count))
    }

    /// The logits, those of rows without a token −∞.
    fn said<'l>(&self, logits: &'l [f32]) -> Cow<'l, [f32]> {
        let mut said = Cow::Borrowed(logits);
        for &id in &self.missing {
            said.to_mut()[id as usize] = f32::NEG_INFINITY;
        }
        said
    }

    fn likeliest(&self, said: &[f32], log_total: f64, count: usize) -> Vec<TokenProbability> {
        let best = top(said, count).into_iter();
        let best = best.filter(|(_, logit)| *logit > f64::NEG_INFINITY);
        best.map(|(token_id, logit)| TokenProbability {
            token: self.tokenizer.readable(token_id),
            token_id,
            probability: elementary::exp(logit - log_total),
        })
        .collect()
    }
}

/// ln Σ e^logit.
fn log_total(logits: &[f32]) -> Result<f64> {
    let total = log_sum_exp(logits);
    // One NaN or infinity among the logits spoils the sum.
    if total.is_nan() {
        return Err(not_numbers());
    }
    Ok(total)
}
