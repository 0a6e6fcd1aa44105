//! The task: each mask by itself, or one after the other.

use std::sync::Arc;

use super::joint::{JointFill, JointOptions};
use super::mask::Mask;
use super::prediction::{FillMaskOptions, MaskPrediction, TextPrediction};
use super::predictor::Predictor;
use super::targets::target_id;
use crate::error::Result;
use crate::limits::fill_mask;
use crate::models::Encoder;
use crate::text::Tokenizer;

/// Masked-word prediction with one model.
pub struct FillMask {
    predictor: Arc<Predictor>,
}

impl FillMask {
    /// # Errors
    /// [`crate::Error::NoHead`] for encoders without one; [`crate::Error::InvalidTokenizer`] if the vocabulary
    /// has no mask token.
    pub fn new(encoder: Arc<dyn Encoder>, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        let predictor = Arc::new(Predictor::new(encoder, tokenizer)?);
        Ok(Self { predictor })
    }

    /// Candidates for every mask of `text`, each mask by itself (the others stay masked).
    ///
    /// # Errors
    /// [`crate::Error::EmptyInput`], [`crate::Error::NoMask`], [`crate::Error::InputTooLong`],
    /// [`crate::Error::UnknownTarget`], [`crate::Error::InvalidOption`].
    pub fn predict(&self, text: &str, options: &FillMaskOptions) -> Result<Vec<MaskPrediction>> {
        Ok(self.predict_with_tokens(text, options)?.masks)
    }

    /// As [`FillMask::predict`], with the tokens of the text.
    ///
    /// # Errors
    /// As [`FillMask::predict`].
    pub fn predict_with_tokens(
        &self,
        text: &str,
        options: &FillMaskOptions,
    ) -> Result<TextPrediction> {
        fill_mask::TOP_K.check_count(options.top_k)?;
        let (encoding, masks) = self.predictor.read(text)?;
        let targets = masks
            .iter()
            .map(|mask| self.targets(&options.targets, mask));
        let targets: Vec<Vec<u32>> = targets.collect::<Result<_>>()?;
        let (ids, places): (_, Vec<_>) = (encoding.ids(), masks.iter().collect());
        let scores = self
            .predictor
            .log_probabilities(&encoding, &ids, &places, options.context)?;
        let predictions = masks.iter().zip(targets).zip(&scores);
        let predictions = predictions.map(|((mask, targets), scores)| {
            let best = if targets.is_empty() {
                Predictor::best(scores, options.top_k)
            } else {
                ranked(&targets, scores)
            };
            self.prediction(text, mask, best)
        });
        Ok(TextPrediction {
            masks: predictions.collect(),
            tokens: encoding.tokens,
        })
    }

    /// Fills the masks one after the other, each choice seen by the next.
    ///
    /// # Errors
    /// As [`FillMask::predict`].
    pub fn joint(&self, text: &str, options: JointOptions) -> Result<JointFill> {
        fill_mask::TOP_K.check_count(options.top_k)?;
        JointFill::new(self.predictor.clone(), text, options)
    }

    /// Ids of the target words of a mask, once each.
    fn targets(&self, words: &[String], mask: &Mask) -> Result<Vec<u32>> {
        let vocab_size = self.predictor.encoder.info().vocab_size;
        let tokenizer = &self.predictor.tokenizer;
        let mut ids = Vec::with_capacity(words.len());
        for word in words {
            let id = target_id(tokenizer, vocab_size, word, mask.takes_blanks())?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    fn prediction(&self, text: &str, mask: &Mask, best: Vec<(u32, f64)>) -> MaskPrediction {
        let predictor = &self.predictor;
        let fill = |word: &str| mask.fill(&predictor.tokenizer, text, word);
        let candidates = best.into_iter();
        MaskPrediction {
            range: mask.range.clone(),
            candidates: candidates
                .map(|scored| predictor.candidate(text, mask, scored, fill))
                .collect(),
        }
    }
}

/// The ids with their scores, best first.
fn ranked(ids: &[u32], scores: &[f64]) -> Vec<(u32, f64)> {
    let mut scored: Vec<_> = ids.iter().map(|&id| (id, scores[id as usize])).collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1));
    scored
}
