//! Masked-word prediction (Devlin et al. 2019, section 3.1, task 1), for any number of masks.

use std::ops::Range;
use std::sync::Arc;

use super::{require_room, require_text};
use crate::error::{Error, Result};
use crate::models::{Encoder, EncoderInput};
use crate::sampling::{log_softmax, not_numbers, top};
use crate::text::Tokenizer;

/// Which candidates are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct FillMaskOptions {
    /// How many candidates per mask, at least 1.
    pub top_k: usize,
    /// If not empty: exactly these words are scored, best first. Each must be one token.
    pub targets: Vec<String>,
}

impl Default for FillMaskOptions {
    fn default() -> Self {
        Self {
            top_k: 5,
            targets: Vec::new(),
        }
    }
}

/// A word for a mask.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
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
}

/// The candidates of one mask.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskPrediction {
    /// UTF-8 bytes of the mask in the text.
    pub range: Range<usize>,
    /// Most probable first.
    pub candidates: Vec<Candidate>,
}

/// In which order several masks are filled when each choice is to influence the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JointOrder {
    /// As one reads.
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
                "joint",
                format!("\"{other}\" is neither left-to-right nor best-first"),
            )),
        }
    }
}

/// Masked-word prediction with one model.
pub struct FillMask {
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
    mask_id: u32,
    mask_token: String,
}

/// A mask: its place among the tokens and in the text.
struct Mask {
    token: usize,
    range: Range<usize>,
    /// What it stands for: `range`, and in RoBERTa and ALBERT the blanks before it.
    taken: Range<usize>,
}

impl Mask {
    fn new(text: &str, token: usize, range: &Range<usize>, takes_blanks: bool) -> Self {
        let range = trimmed(text, range);
        let start = match takes_blanks {
            true => text[..range.start].trim_end().len(),
            false => range.start,
        };
        Self {
            token,
            taken: start..range.end,
            range,
        }
    }

    /// Whether blanks before it belong to its word.
    fn takes_blanks(&self) -> bool {
        self.taken.start < self.range.start
    }
}

impl FillMask {
    /// # Errors
    /// [`Error::NoMlmHead`] for encoders without one; [`Error::InvalidTokenizer`] if the vocabulary
    /// has no mask token.
    pub fn new(encoder: Arc<dyn Encoder>, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        if !encoder.has_mlm_head() {
            return Err(Error::NoMlmHead);
        }
        let (mask_id, mask_token) = tokenizer
            .mask_token()
            .map(|(id, token)| (id, token.to_string()))
            .ok_or_else(|| Error::InvalidTokenizer("it has no mask token".into()))?;
        Ok(Self {
            encoder,
            tokenizer,
            mask_id,
            mask_token,
        })
    }

    /// Candidates for every mask of `text`, each mask by itself (the others stay masked).
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::NoMask`], [`Error::InputTooLong`], [`Error::UnknownTarget`].
    pub fn predict(&self, text: &str, options: &FillMaskOptions) -> Result<Vec<MaskPrediction>> {
        if options.top_k == 0 {
            return Err(Error::option("top_k", "must be at least 1"));
        }
        let (input, masks) = self.masks(text)?;
        let targets = masks
            .iter()
            .map(|mask| self.targets(&options.targets, mask.takes_blanks()))
            .collect::<Result<Vec<_>>>()?;
        let tokens: Vec<usize> = masks.iter().map(|mask| mask.token).collect();
        let log_probabilities = self.log_probabilities(&input, &tokens)?;
        let predictions = masks.into_iter().zip(targets).zip(log_probabilities).map(
            |((mask, targets), scores)| {
                let best = match targets.is_empty() {
                    true => top(&scores, options.top_k),
                    false => {
                        let mut scored: Vec<_> = targets
                            .iter()
                            .map(|&id| (id, scores[id as usize]))
                            .collect();
                        scored.sort_by(|a, b| b.1.total_cmp(&a.1));
                        scored
                    }
                };
                let candidates = best
                    .into_iter()
                    .map(|(token, score)| self.candidate(text, &mask, token, score))
                    .collect();
                MaskPrediction {
                    range: mask.range,
                    candidates,
                }
            },
        );
        Ok(predictions.collect())
    }

    /// Fills the masks one after the other, each choice seen by the next.
    ///
    /// # Errors
    /// As [`FillMask::predict`].
    pub fn joint(
        self: &Arc<Self>,
        text: &str,
        order: JointOrder,
        top_k: usize,
    ) -> Result<JointFill> {
        if top_k == 0 {
            return Err(Error::option("top_k", "must be at least 1"));
        }
        let (input, masks) = self.masks(text)?;
        Ok(JointFill {
            task: self.clone(),
            text: text.to_string(),
            order,
            top_k,
            input,
            chosen: vec![None; masks.len()],
            masks,
            log_prob: 0.0,
        })
    }

    fn candidate(&self, text: &str, mask: &Mask, token: u32, log_probability: f64) -> Candidate {
        let token_str = self.tokenizer.readable(token);
        let sequence = self.fill(text, mask, &token_str);
        Candidate {
            token,
            token_str,
            score: log_probability.exp(),
            sequence,
        }
    }

    /// `text` with `word` in place of the mask. A piece that continues a word (`##ing`) joins what stands
    /// before it; a word that brings its own blank puts it where there is none.
    fn fill(&self, text: &str, mask: &Mask, word: &str) -> String {
        let after = &text[mask.range.end..];
        let continued = self.tokenizer.continuation_prefix();
        match continued.and_then(|prefix| word.strip_prefix(prefix)) {
            Some(rest) if !rest.is_empty() => {
                format!("{}{rest}{after}", text[..mask.range.start].trim_end())
            }
            _ => {
                let before = &text[..mask.taken.start];
                let blank = before.is_empty() || before.ends_with(char::is_whitespace);
                match blank && self.tokenizer.blanks_in_pieces() {
                    true => format!("{before}{}{after}", word.strip_prefix(' ').unwrap_or(word)),
                    false => format!("{before}{word}{after}"),
                }
            }
        }
    }

    /// Ids of the target words.
    fn targets(&self, words: &[String], after_blank: bool) -> Result<Vec<u32>> {
        let vocab_size = self.encoder.info().vocab_size;
        words
            .iter()
            .map(|word| self.target(word, vocab_size, after_blank))
            .collect()
    }

    fn target(&self, word: &str, vocab_size: usize, after_blank: bool) -> Result<u32> {
        let unknown = |pieces| Error::UnknownTarget {
            target: word.to_string(),
            pieces,
        };
        // Where the mask takes the blank before it, "Paris" means " Paris": the piece that begins a word.
        if after_blank && self.tokenizer.blanks_in_pieces() {
            let pieces = self.tokenizer.encode(&format!(" {word}"), None, false)?;
            if let [piece] = pieces.tokens.as_slice() {
                if (piece.id as usize) < vocab_size && !is_unknown(&piece.token) {
                    return Ok(piece.id);
                }
            }
        }
        // The entry itself first, so that "##ing" can be asked for.
        if let Some(id) = self
            .tokenizer
            .token_to_id(word)
            .filter(|&id| (id as usize) < vocab_size)
        {
            return Ok(id);
        }
        let pieces = self.tokenizer.encode(word, None, false)?.tokens;
        match pieces.as_slice() {
            [piece] if (piece.id as usize) < vocab_size && !is_unknown(&piece.token) => {
                Ok(piece.id)
            }
            [] => Err(unknown(Vec::new())),
            [piece] if is_unknown(&piece.token) => Err(unknown(Vec::new())),
            pieces => Err(unknown(
                pieces.iter().map(|piece| piece.token.clone()).collect(),
            )),
        }
    }

    /// The model's input and the masks in it.
    fn masks(&self, text: &str) -> Result<(EncoderInput, Vec<Mask>)> {
        require_text("text", text)?;
        let encoding = self.tokenizer.encode(text, None, true)?;
        require_room(
            "text",
            encoding.len(),
            self.encoder.info().max_position_embeddings,
        )?;
        let masks: Vec<Mask> = encoding
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.id == self.mask_id)
            .map(|(token, span)| {
                Mask::new(text, token, &span.range, self.tokenizer.mask_takes_blanks())
            })
            .collect();
        match masks.is_empty() {
            true => Err(Error::NoMask {
                mask_token: self.mask_token.clone(),
            }),
            false => Ok((
                EncoderInput::single(encoding.ids(), encoding.type_ids()),
                masks,
            )),
        }
    }

    /// Log-probabilities of the whole vocabulary at each of the given tokens.
    fn log_probabilities(&self, input: &EncoderInput, tokens: &[usize]) -> Result<Vec<Vec<f64>>> {
        let hidden = self.encoder.forward(input)?;
        let positions: Vec<_> = tokens.iter().map(|&token| (0, token)).collect();
        let logits = self
            .encoder
            .mlm_logits(&hidden, &positions)?
            .to_vec2::<f32>()?;
        let scores: Vec<Vec<f64>> = logits.iter().map(|logits| log_softmax(logits)).collect();
        // One NaN or infinity among the logits spoils the sum, and with it every score.
        match scores.iter().flatten().any(|score| score.is_nan()) {
            true => Err(not_numbers()),
            false => Ok(scores),
        }
    }
}

fn is_unknown(token: &str) -> bool {
    matches!(token, "[UNK]" | "<unk>")
}

/// The range without blanks at its ends, which some tokenizers count to the mask.
fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
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
    task: Arc<FillMask>,
    text: String,
    order: JointOrder,
    top_k: usize,
    input: EncoderInput,
    masks: Vec<Mask>,
    /// The word of each mask, once chosen.
    chosen: Vec<Option<String>>,
    log_prob: f64,
}

impl JointFill {
    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text with the masks filled so far.
    pub fn sequence(&self) -> String {
        self.sequence_with(None)
    }

    /// Sum of the natural logarithms of the chosen words' probabilities.
    pub fn log_prob(&self) -> f64 {
        self.log_prob
    }

    /// The text with the masks filled so far and `word` in one more.
    fn sequence_with(&self, extra: Option<(usize, &str)>) -> String {
        let mut sequence = self.text.clone();
        // From the end, so that the ranges before stay true.
        for (mask, place) in self.masks.iter().enumerate().rev() {
            let word = match extra {
                Some((extra, word)) if extra == mask => Some(word),
                _ => self.chosen[mask].as_deref(),
            };
            if let Some(word) = word {
                sequence = self.task.fill(&sequence, place, word);
            }
        }
        sequence
    }

    /// The masks not filled yet and their log-probabilities.
    fn open(&self) -> Vec<usize> {
        (0..self.masks.len())
            .filter(|&mask| self.chosen[mask].is_none())
            .collect()
    }

    fn step(&mut self, open: &[usize]) -> Result<JointStep> {
        // Only the masks that come into question pass through the head.
        let open = match self.order {
            JointOrder::LeftToRight => &open[..1],
            JointOrder::BestFirst => open,
        };
        let tokens: Vec<usize> = open.iter().map(|&mask| self.masks[mask].token).collect();
        let scores = self.task.log_probabilities(&self.input, &tokens)?;
        let best: Vec<Vec<(u32, f64)>> = scores
            .iter()
            .map(|scores| top(scores, self.top_k))
            .collect();
        // The first of equals.
        let index = (0..best.len())
            .reduce(|a, b| if best[b][0].1 > best[a][0].1 { b } else { a })
            .unwrap_or(0);
        let mask = open[index];
        let candidates: Vec<Candidate> = best[index]
            .iter()
            .map(|&(token, log_probability)| {
                let token_str = self.task.tokenizer.readable(token);
                let sequence = self.sequence_with(Some((mask, &token_str)));
                Candidate {
                    token,
                    token_str,
                    score: log_probability.exp(),
                    sequence,
                }
            })
            .collect();
        let chosen = candidates[0].clone();
        self.input.input_ids[self.masks[mask].token] = chosen.token;
        self.chosen[mask] = Some(chosen.token_str.clone());
        self.log_prob += best[index][0].1;
        Ok(JointStep {
            mask,
            range: self.masks[mask].range.clone(),
            chosen,
            candidates,
        })
    }
}

impl Iterator for JointFill {
    type Item = Result<JointStep>;

    /// The next mask filled; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        let open = self.open();
        if open.is_empty() {
            return None;
        }
        let step = self.step(&open);
        if step.is_err() {
            self.masks.clear();
        }
        Some(step)
    }
}
