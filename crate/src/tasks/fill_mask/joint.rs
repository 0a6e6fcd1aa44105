//! Masks filled one after the other, each choice seen by the next.

use std::ops::Range;
use std::sync::Arc;

use super::context::MaskContext;
use super::mask::Mask;
use super::prediction::Candidate;
use super::predictor::Predictor;
use crate::error::{Error, Result};
use crate::limits::fill_mask;
use crate::text::{ends_in_part, join_bytes, Encoding, TokenSpan};

/// In which order several masks are filled when each choice is to influence the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum JointOrder {
    /// As one reads.
    #[default]
    LeftToRight,
    /// Always the mask of which the model is surest.
    BestFirst,
}

impl JointOrder {
    /// `left-to-right` or `best-first`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "left-to-right" => Ok(Self::LeftToRight),
            "best-first" => Ok(Self::BestFirst),
            other => Err(Error::option(
                "order",
                format!("\"{other}\" is neither left-to-right nor best-first"),
            )),
        }
    }
}

/// How several masks are filled one after the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointOptions {
    /// Which mask is next.
    pub order: JointOrder,
    /// Candidates named at each step, at least 1.
    pub top_k: usize,
    /// Which sides of each mask the model may look at.
    pub context: MaskContext,
}

impl JointOptions {
    /// In the order `order`, with `top_k` candidates at each step and both sides of each mask.
    pub fn new(order: JointOrder, top_k: usize) -> Self {
        Self {
            order,
            top_k,
            context: MaskContext::default(),
        }
    }
}

impl Default for JointOptions {
    fn default() -> Self {
        Self {
            order: JointOrder::default(),
            top_k: fill_mask::TOP_K.default_count(),
            context: MaskContext::default(),
        }
    }
}

/// One filled mask.
#[derive(Debug, Clone, PartialEq)]
pub struct JointStep {
    /// Which mask, from 0, in the order of the text.
    pub mask: usize,
    /// UTF-8 bytes of the mask in the original text.
    pub range: Range<usize>,
    /// The word chosen; its `sequence` is the text with all masks filled so far.
    pub chosen: Candidate,
    /// What the model thought at this step, the chosen word first.
    pub candidates: Vec<Candidate>,
}

/// Fills several masks step by step; an iterator over [`JointStep`]. The model reads the chosen
/// tokens themselves: the text is cut only once.
pub struct JointFill {
    predictor: Arc<Predictor>,
    text: String,
    options: JointOptions,
    encoding: Encoding,
    /// The tokens with those chosen so far.
    ids: Vec<u32>,
    masks: Vec<Mask>,
    /// The word of each mask, once chosen.
    chosen: Vec<Option<String>>,
    log_prob: f64,
    /// Whether a step has failed: then there are no more.
    failed: bool,
}

impl JointFill {
    pub(super) fn new(
        predictor: Arc<Predictor>,
        text: &str,
        options: JointOptions,
    ) -> Result<Self> {
        let (encoding, masks) = predictor.read(text)?;
        Ok(Self {
            predictor,
            text: text.to_string(),
            options,
            ids: encoding.ids(),
            encoding,
            chosen: vec![None; masks.len()],
            masks,
            log_prob: 0.0,
            failed: false,
        })
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tokens of the text as it was given, masks and the model's template (`[CLS]`, `[SEP]`) included.
    pub fn tokens(&self) -> &[TokenSpan] {
        &self.encoding.tokens
    }

    /// The text with the masks filled so far.
    pub fn sequence(&self) -> String {
        self.sequence_with(None)
    }

    /// Sum of the natural logarithms of the chosen words' probabilities.
    pub fn log_prob(&self) -> f64 {
        self.log_prob
    }

    /// The text with the masks filled so far and `extra`, a mask and its word.
    fn sequence_with(&self, extra: Option<(usize, &str)>) -> String {
        let mut words = self.chosen.clone();
        if let Some((index, word)) = extra {
            words[index] = Some(word.to_string());
        }
        self.join_parts(&mut words);
        let mut sequence = self.text.clone();
        // From the end, so that the ranges before stay true.
        for (mask, word) in self.masks.iter().zip(&words).rev() {
            if let Some(word) = word {
                sequence = mask.fill(&self.predictor.tokenizer, &sequence, word);
            }
        }
        sequence
    }

    /// Puts the parts of a character that stand side by side into the first of their masks, joined.
    fn join_parts(&self, words: &mut [Option<String>]) {
        for index in (1..words.len()).rev() {
            let side_by_side = self.masks[index - 1].range.end == self.masks[index].range.start;
            let [first, second] = &mut words[index - 1..=index] else {
                continue;
            };
            let (Some(first), Some(second), true) = (first, second, side_by_side) else {
                continue;
            };
            if ends_in_part(first) {
                *first = join_bytes(&format!("{first}{second}"));
                second.clear();
            }
        }
    }

    /// The masks that may be filled next, by their order in the text: none when all are filled.
    fn eligible(&self) -> Vec<usize> {
        let open = (0..self.masks.len()).filter(|&mask| self.chosen[mask].is_none());
        match self.options.order {
            JointOrder::LeftToRight => open.take(1).collect(),
            JointOrder::BestFirst => open.collect(),
        }
    }

    /// Fills that one of the masks `eligible` of which the model is surest.
    fn step(&mut self, eligible: &[usize]) -> Result<JointStep> {
        let masks = eligible.iter().map(|&mask| &self.masks[mask]);
        let masks: Vec<_> = masks.collect();
        let context = self.options.context;
        let scores =
            self.predictor
                .log_probabilities(&self.encoding, &self.ids, &masks, context)?;
        let best = scores
            .iter()
            .map(|scores| Predictor::best(scores, self.options.top_k));
        let best: Vec<Vec<(u32, f64)>> = best.collect();
        // The first of equals.
        let surest = (0..best.len())
            .reduce(|a, b| if best[b][0].1 > best[a][0].1 { b } else { a })
            .unwrap_or(0);
        let index = eligible[surest];
        let candidates: Vec<Candidate> = best[surest]
            .iter()
            .map(|&scored| {
                let (mask, fill) = (&self.masks[index], |word: &str| {
                    self.sequence_with(Some((index, word)))
                });
                self.predictor.candidate(&self.text, mask, scored, fill)
            })
            .collect();
        let chosen = candidates[0].clone();
        self.ids[self.masks[index].token] = chosen.token;
        self.chosen[index] = Some(chosen.token_str.clone());
        self.log_prob += best[surest][0].1;
        Ok(JointStep {
            mask: index,
            range: self.masks[index].range.clone(),
            chosen,
            candidates,
        })
    }
}

impl Iterator for JointFill {
    type Item = Result<JointStep>;

    /// The next mask filled; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        let eligible = self.eligible();
        if eligible.is_empty() || self.failed {
            return None;
        }
        let step = self.step(&eligible);
        self.failed = step.is_err();
        Some(step)
    }
}
