//! Next-sentence prediction (Devlin et al. 2019, section 3.1, task 2): does B follow A?

use std::sync::Arc;

use super::{require_room, require_text};
use crate::error::{Error, Result};
use crate::models::{Encoder, EncoderInput};
use crate::sampling::not_numbers;
use crate::text::Tokenizer;

/// Both probabilities; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NextSentenceResult {
    /// B follows A.
    pub is_next: f64,
    /// B is a sentence from elsewhere.
    pub not_next: f64,
    /// Tokens of `[CLS] A [SEP] B [SEP]`.
    pub tokens: usize,
}

impl NextSentenceResult {
    /// `isNext` or `notNext`, whichever is likelier.
    pub fn label(&self) -> &'static str {
        if self.is_next >= self.not_next {
            "isNext"
        } else {
            "notNext"
        }
    }

    /// Probability of the label.
    pub fn score(&self) -> f64 {
        self.is_next.max(self.not_next)
    }
}

/// One of several candidate continuations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedSentence {
    /// Its place in the list as given.
    pub index: usize,
    /// How well it follows.
    pub result: NextSentenceResult,
}

/// Next-sentence prediction with one model.
pub struct NextSentence {
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
}

impl NextSentence {
    /// # Errors
    /// [`Error::NoNspHead`] for checkpoints such as `BertForMaskedLM`.
    pub fn new(encoder: Arc<dyn Encoder>, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        match encoder.has_nsp_head() {
            true => Ok(Self { encoder, tokenizer }),
            false => Err(Error::NoNspHead),
        }
    }

    /// How likely `b` follows `a`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`] and [`Error::InputTooLong`] name the sentence.
    pub fn compare(&self, a: &str, b: &str) -> Result<NextSentenceResult> {
        require_text("sentence A", a)?;
        require_text("sentence B", b)?;
        let encoding = self.tokenizer.encode(a, Some(b), true)?;
        let tokens = encoding.len();
        require_room(
            "pair of sentences",
            tokens,
            self.encoder.info().max_position_embeddings,
        )?;
        let hidden = self
            .encoder
            .forward(&EncoderInput::single(encoding.ids(), encoding.type_ids()))?;
        let logits = self
            .encoder
            .nsp_logits(&hidden)?
            .flatten_all()?
            .to_vec1::<f32>()?;
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(not_numbers());
        }
        // Softmax over two logits.
        let not_next = 1.0 / (1.0 + (logits[0] as f64 - logits[1] as f64).exp());
        Ok(NextSentenceResult {
            is_next: 1.0 - not_next,
            not_next,
            tokens,
        })
    }

    /// The candidates by how likely each follows `a`, best first.
    ///
    /// # Errors
    /// As [`NextSentence::compare`], for the first candidate that fails.
    pub fn rank(&self, a: &str, candidates: &[&str]) -> Result<Vec<RankedSentence>> {
        let mut ranked = candidates
            .iter()
            .enumerate()
            .map(|(index, b)| {
                Ok(RankedSentence {
                    index,
                    result: self.compare(a, b)?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        ranked.sort_by(|a, b| b.result.is_next.total_cmp(&a.result.is_next));
        Ok(ranked)
    }
}
