//! BERT's pretraining on one text (Devlin et al. 2019, section 3.1 and appendix A.1): some tokens are chosen and hidden,
//! and the model's losses say how well it guesses them.

use std::sync::Arc;

use serde::Serialize;

use super::input::{require_mask, require_readable, require_text};
use super::judge::{Judge, Judgement};
use crate::error::Result;
use crate::limits::masking;
use crate::models::{Encoder, EncoderInput};
use crate::nn::elementary;
use crate::sampling::{log_softmax, not_numbers, Random};
use crate::text::{Encoding, TokenSpan, Tokenizer};

/// Likeliest tokens that are named in each place.
const TOP: usize = 5;

/// What stands in the place of a chosen token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disguise {
    /// The mask token: 8 in 10.
    Mask,
    /// Any token of the vocabulary: 1 in 10.
    Random,
    /// The token itself: 1 in 10.
    Keep,
}

impl Disguise {
    /// `mask`, `random` or `keep`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::Random => "random",
            Self::Keep => "keep",
        }
    }
}

/// How tokens are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskingOptions {
    /// Start of the random numbers: the same seed chooses the same tokens.
    pub seed: u64,
    /// The share of the text's tokens that is chosen, from 0 to 1; one token at the least.
    pub mlm_probability: f64,
    /// Masks all that are chosen, instead of 8 in 10.
    pub always_mask: bool,
}

impl Default for MaskingOptions {
    fn default() -> Self {
        Self {
            seed: masking::SEED.default as u64,
            mlm_probability: masking::MLM_PROBABILITY.default,
            always_mask: false,
        }
    }
}

/// A text or pair whose tokens were chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskedText {
    /// The tokens as they were.
    pub tokens: Vec<TokenSpan>,
    /// What the model reads.
    pub input_ids: Vec<u32>,
    /// Places of the chosen tokens, in order, and what stands there now.
    pub chosen: Vec<(usize, Disguise)>,
}

/// The losses of a model on a [`MaskedText`], in nats.
#[derive(Debug, Clone, PartialEq)]
pub struct PretrainingLosses {
    /// What the model thinks of each chosen token; the cross-entropy is −`log_prob`.
    pub judged: Vec<Judgement>,
    /// Mean cross-entropy of the chosen tokens, and of no others. `None` where there are none.
    pub mlm: Option<f64>,
    /// For a pair, where the model has the head.
    pub nsp: Option<NspLosses>,
}

/// What a model thinks of a pair, and its loss by what the pair is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NspLosses {
    /// Probability that the second text follows the first.
    pub is_next_probability: f64,
    /// If it does follow.
    pub loss_if_next: f64,
    /// If it is from elsewhere.
    pub loss_if_random: f64,
}

/// Pretraining with one model.
pub struct Masking {
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
    mask_id: u32,
}

impl Masking {
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

    /// Chooses tokens of a text or pair, none of them special, and hides them. A fixed number, at least one, as in BERT's
    /// `create_pretraining_data.py`; but a share of the text's own tokens, where BERT counts `[CLS]` and `[SEP]` as well.
    ///
    /// # Errors
    /// [`crate::Error::EmptyInput`], [`crate::Error::InputTooLong`], [`crate::Error::InvalidOption`].
    pub fn mask(
        &self,
        text: &str,
        pair: Option<&str>,
        options: &MaskingOptions,
    ) -> Result<MaskedText> {
        masking::MLM_PROBABILITY.check(options.mlm_probability)?;
        require_text("text", text)?;
        pair.map_or(Ok(()), |pair| require_text("second text", pair))?;
        let encoding = self.tokenizer.encode(text, pair, true)?;
        let info = self.encoder.info();
        let max = info.max_position_embeddings;
        require_readable("text", &encoding, max, info.vocab_size)?;
        let mut random = Random::seeded(options.seed);
        let places = chosen(&encoding, &self.tokenizer, options, &mut random);
        let mut input_ids = encoding.ids();
        let disguised = places.into_iter().map(|place| {
            let disguise = disguise(options, &mut random);
            match disguise {
                Disguise::Mask => input_ids[place] = self.mask_id,
                Disguise::Random => input_ids[place] = self.any_token(&mut random),
                Disguise::Keep => {}
            }
            (place, disguise)
        });
        let chosen = disguised.collect();
        Ok(MaskedText {
            tokens: encoding.tokens,
            input_ids,
            chosen,
        })
    }

    /// A token of the vocabulary, each as likely as the next. Ids without a row or a token are drawn again.
    fn any_token(&self, random: &mut Random) -> u32 {
        let rows = self.encoder.info().vocab_size;
        let end = rows.min(self.tokenizer.id_end() as usize);
        let draws = std::iter::repeat_with(|| random.below(end) as u32);
        // A vocabulary of holes ends the search.
        let mut known = draws
            .take(64)
            .filter(|&id| self.tokenizer.id_to_token(id).is_some());
        known.next().unwrap_or(self.mask_id)
    }

    /// Reads the masked text and computes the losses: masked words by the cross-entropy of the chosen tokens, next
    /// sentence by that of `[CLS]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] if the logits are no numbers.
    pub fn losses(&self, masked: &MaskedText) -> Result<PretrainingLosses> {
        let type_ids = masked.tokens.iter().map(|token| token.type_id).collect();
        let input = EncoderInput::single(masked.input_ids.clone(), type_ids);
        let hidden = self.encoder.hidden_states(&input)?;
        let places = masked.chosen.iter().map(|&(place, _)| (0, place));
        let rows = input.rows(&hidden, &places.collect::<Vec<_>>())?;
        let logits = self.encoder.heads().mlm()?.logits(&rows)?;
        let vocab_size = self.encoder.info().vocab_size;
        let judge = Judge::new(&self.tokenizer, vocab_size);
        let chosen = logits.chunks_exact(vocab_size).zip(&masked.chosen);
        let judged = chosen
            .map(|(logits, &(place, _))| judge.judge(logits, masked.tokens[place].id, TOP))
            .collect::<Result<Vec<_>>>()?;
        let sum: f64 = judged.iter().map(|judged| judged.log_prob).sum();
        let is_pair = masked.tokens.iter().any(|token| token.sequence == Some(1));
        let nsp = match self.encoder.heads().nsp() {
            Ok(head) if is_pair => Some(nsp_losses(&head.logits(&input.first_rows(&hidden)?)?)?),
            _ => None,
        };
        Ok(PretrainingLosses {
            mlm: (!judged.is_empty()).then(|| -sum / judged.len() as f64),
            judged,
            nsp,
        })
    }
}

/// The places of the tokens that are chosen, in order.
fn chosen(
    encoding: &Encoding,
    tokenizer: &Tokenizer,
    options: &MaskingOptions,
    random: &mut Random,
) -> Vec<usize> {
    let tokens = encoding.tokens.iter().enumerate();
    let mut places: Vec<usize> = tokens
        .filter(|(_, token)| !token.special && !tokenizer.is_special(token.id))
        .map(|(place, _)| place)
        .collect();
    let share = (places.len() as f64 * options.mlm_probability).round() as usize;
    let count = share.max(1).min(places.len());
    // The first places of a shuffled list.
    for at in 0..count {
        let other = at + random.below(places.len() - at);
        places.swap(at, other);
    }
    places.truncate(count);
    places.sort_unstable();
    places
}

fn disguise(options: &MaskingOptions, random: &mut Random) -> Disguise {
    if options.always_mask {
        return Disguise::Mask;
    }
    match random.unit() {
        draw if draw < 0.8 => Disguise::Mask,
        draw if draw < 0.9 => Disguise::Random,
        _ => Disguise::Keep,
    }
}

/// By two logits: follows, does not.
fn nsp_losses(logits: &[f32]) -> Result<NspLosses> {
    let log_probs = log_softmax(logits);
    if log_probs.iter().any(|log_prob| !log_prob.is_finite()) {
        return Err(not_numbers());
    }
    Ok(NspLosses {
        is_next_probability: elementary::exp(log_probs[0]),
        loss_if_next: -log_probs[0],
        loss_if_random: -log_probs[1],
    })
}
