//! Logits → token, in the order and with the meaning of `transformers`' logits processors:
//! repetition penalty, no repeated n-grams, temperature, top-k, top-p, min-p.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, Result};
use crate::limits::generation;
use crate::nn::{elementary, vector};

/// How the next token is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplingOptions {
    /// Draw at random; otherwise the most probable token is taken (greedy).
    pub do_sample: bool,
    /// Divides the logits: below 1 surer, above 1 wilder. More than 0 if tokens are drawn.
    pub temperature: f64,
    /// Only the k most probable tokens stay; 0 keeps all (Fan et al. 2018).
    pub top_k: usize,
    /// Only the most probable tokens that together reach this probability stay; in [0, 1], of 0 one stays
    /// (Holtzman et al. 2020).
    pub top_p: f64,
    /// Only tokens at least this times as probable as the best stay; in [0, 1] (Nguyen et al. 2024).
    pub min_p: f64,
    /// Divides positive and multiplies negative logits of tokens already in the text; 1 changes
    /// nothing (Keskar et al. 2019).
    pub repetition_penalty: f64,
    /// No n tokens in a row come twice, prompt included; 0 allows all (Paulus et al. 2017, section 2.5).
    pub no_repeat_ngram_size: usize,
    /// Start of the random numbers: the same seed gives the same text.
    pub seed: u64,
}

impl Default for SamplingOptions {
    fn default() -> Self {
        Self {
            do_sample: true,
            temperature: generation::TEMPERATURE.default,
            top_k: generation::TOP_K.default_count(),
            top_p: generation::TOP_P.default,
            min_p: generation::MIN_P.default,
            repetition_penalty: generation::REPETITION_PENALTY.default,
            no_repeat_ngram_size: generation::NO_REPEAT_NGRAM_SIZE.default_count(),
            seed: generation::SEED.default as u64,
        }
    }
}

impl SamplingOptions {
    /// # Errors
    /// [`Error::InvalidOption`] naming the first option out of its range.
    pub fn check(&self) -> Result<()> {
        generation::TEMPERATURE.check(self.temperature)?;
        if self.do_sample && self.temperature == 0.0 {
            let message = "must be above 0 where tokens are drawn: for the likeliest each time set do_sample to false";
            return Err(Error::option(generation::TEMPERATURE.name, message));
        }
        generation::TOP_K.check_count(self.top_k)?;
        generation::TOP_P.check(self.top_p)?;
        generation::MIN_P.check(self.min_p)?;
        generation::REPETITION_PENALTY.check(self.repetition_penalty)?;
        generation::NO_REPEAT_NGRAM_SIZE.check_count(self.no_repeat_ngram_size)
    }
}

/// A token and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Index into the vocabulary.
    pub id: u32,
    /// Between 0 and 1.
    pub probability: f64,
}

/// Chooses tokens by [`SamplingOptions`].
pub struct Sampler {
    options: SamplingOptions,
    never: Vec<u32>,
    /// Tokens that are not chosen before the text has `earliest` tokens.
    late: Vec<u32>,
    earliest: usize,
    rng: Random,
}

/// Random numbers that are the same on every machine.
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// At least 0 and below 1: 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number below `end`, each as likely as the next.
    pub fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }
}

impl Sampler {
    /// # Errors
    /// As [`SamplingOptions::check`].
    pub fn new(options: SamplingOptions) -> Result<Self> {
        options.check()?;
        let rng = Random::seeded(options.seed);
        Ok(Self {
            options,
            never: Vec::new(),
            late: Vec::new(),
            earliest: 0,
            rng,
        })
    }

    /// These tokens are never chosen.
    pub fn never(mut self, ids: Vec<u32>) -> Self {
        self.never = ids;
        self
    }

    /// These tokens are not chosen behind fewer than `tokens`, the prompt's included: transformers' `min_length` and
    /// `min_new_tokens`.
    pub fn not_before(mut self, tokens: usize, ids: Vec<u32>) -> Self {
        (self.earliest, self.late) = (tokens, ids);
        self
    }

    /// The next token. `logits` is `[vocab_size]`; `history` holds the tokens before it, the prompt's too.
    ///
    /// # Errors
    /// [`Error::Internal`] if the logits are no numbers, as with broken weights.
    pub fn sample(&mut self, logits: &[f32], history: &[u32]) -> Result<u32> {
        if !self.options.do_sample {
            let logits = self.penalised(logits, history);
            // The first of equals, as torch.argmax.
            let most = vector::largest(&logits);
            let best = logits.iter().position(|&logit| logit == most);
            return best.map(|id| id as u32).ok_or_else(not_numbers);
        }
        let mut kept = self.allowed(logits, history)?;
        let draw = self.rng.unit();
        let count = order_until(&mut kept, |reached| reached > draw);
        // Where rounding keeps the sum below the draw, all are taken, and the last is drawn.
        kept[..count]
            .last()
            .map(|token| token.id)
            .ok_or_else(not_numbers)
    }

    /// The tokens that may be drawn and their probabilities, which add up to 1; most probable first.
    ///
    /// # Errors
    /// As [`Sampler::sample`].
    pub fn distribution(&self, logits: &[f32], history: &[u32]) -> Result<Vec<Scored>> {
        let mut kept = self.allowed(logits, history)?;
        order_until(&mut kept, |_| false);
        Ok(kept)
    }

    /// As [`Sampler::distribution`], but in any order: sorting the vocabulary is not needed to draw from it.
    fn allowed(&self, logits: &[f32], history: &[u32]) -> Result<Vec<Scored>> {
        let options = &self.options;
        let logits = self.penalised(logits, history);
        let threshold = match options.top_k {
            0 => f32::NEG_INFINITY,
            // Equals of the k-th stay too, as in transformers.
            k => nth_largest(&logits, k),
        };
        let mut kept: Vec<Scored> = (0u32..)
            .zip(&*logits)
            .filter(|(_, &logit)| logit >= threshold && logit > f32::NEG_INFINITY)
            .map(|(id, &logit)| Scored {
                id,
                probability: logit as f64 / options.temperature,
            })
            .collect();
        softmax(&mut kept)?;
        if options.top_p < 1.0 {
            let enough = order_until(&mut kept, |reached| reached >= options.top_p);
            kept.truncate(enough);
        }
        if options.min_p > 0.0 {
            let best = kept.iter().map(|token| token.probability);
            let least = options.min_p * best.fold(0.0, f64::max);
            kept.retain(|token| token.probability >= least);
        }
        let total: f64 = kept.iter().map(|token| token.probability).sum();
        kept.iter_mut().for_each(|token| token.probability /= total);
        Ok(kept)
    }

    /// `scores` (logits, or in a beam search the logarithms of probabilities) after the processors that look
    /// at the text; `history` holds its tokens.
    pub(crate) fn penalised<'a>(&self, scores: &'a [f32], history: &[u32]) -> Cow<'a, [f32]> {
        let penalty = self.options.repetition_penalty as f32;
        let n = self.options.no_repeat_ngram_size;
        let late: &[u32] = if history.len() < self.earliest {
            &self.late
        } else {
            &[]
        };
        if penalty == 1.0 && n == 0 && self.never.is_empty() && late.is_empty() {
            return scores.into();
        }
        let mut penalised = scores.to_vec();
        if penalty != 1.0 {
            for &id in history {
                // From the untouched scores: a token that occurs twice is not punished twice.
                if let Some(&score) = scores.get(id as usize) {
                    penalised[id as usize] = if score < 0.0 {
                        score * penalty
                    } else {
                        score / penalty
                    };
                }
            }
        }
        if n > 0 {
            let begun = &history[history.len().saturating_sub(n - 1)..];
            for window in history
                .windows(n)
                .filter(|window| window[..n - 1] == *begun)
            {
                // What followed the same tokens before would say them a second time.
                if let Some(score) = penalised.get_mut(window[n - 1] as usize) {
                    *score = f32::NEG_INFINITY;
                }
            }
        }
        for &id in self.never.iter().chain(late) {
            if let Some(score) = penalised.get_mut(id as usize) {
                *score = f32::NEG_INFINITY;
            }
        }
        penalised.into()
    }
}

/// The error of logits that are not numbers.
pub(crate) fn not_numbers() -> Error {
    Error::Internal("the model's logits are not numbers; its weights may be damaged".into())
}

/// Orders tokens, most probable first (equals by id), until `enough` says so of the sum of their probabilities. Returns
/// how many that took; those behind may stay unordered. A few tokens of a whole vocabulary are usually enough.
fn order_until(tokens: &mut [Scored], enough: impl Fn(f64) -> bool) -> usize {
    let order = |a: &Scored, b: &Scored| {
        b.probability
            .total_cmp(&a.probability)
            .then(a.id.cmp(&b.id))
    };
    let (mut ordered, mut next, mut reached) = (0, 64, 0.0);
    while ordered < tokens.len() {
        let rest = &mut tokens[ordered..];
        let count = next.min(rest.len());
        if count < rest.len() {
            rest.select_nth_unstable_by(count - 1, order);
        }
        rest[..count].sort_unstable_by(order);
        for (index, token) in rest[..count].iter().enumerate() {
            reached += token.probability;
            if enough(reached) {
                return ordered + index + 1;
            }
        }
        ordered += count;
        next *= 8;
    }
    tokens.len()
}

/// The k-th largest value; −∞ if there are fewer.
fn nth_largest(values: &[f32], k: usize) -> f32 {
    if k > values.len() {
        return f32::NEG_INFINITY;
    }
    match top(values, k).last() {
        Some(&(_, value)) => value as f32,
        None => f32::NEG_INFINITY,
    }
}

/// Turns the logits in the fields `probability` into probabilities.
fn softmax(tokens: &mut [Scored]) -> Result<()> {
    let max = tokens
        .iter()
        .map(|token| token.probability)
        .fold(f64::NEG_INFINITY, f64::max);
    if !max.is_finite() {
        return Err(not_numbers());
    }
    let mut total = 0.0;
    for token in tokens.iter_mut() {
        token.probability = elementary::exp(token.probability - max);
        total += token.probability;
    }
    tokens
        .iter_mut()
        .for_each(|token| token.probability /= total);
    Ok(())
}

/// ln Σ e^x: what is taken from a logit to make it the logarithm of a probability, to about seven digits.
/// NaN if any logit is.
pub fn log_sum_exp(logits: &[f32]) -> f64 {
    let max = vector::largest(logits);
    if !max.is_finite() {
        return f64::NAN;
    }
    f64::from(max) + elementary::ln(vector::sum_exp(logits, max))
}

/// Natural logarithm of each token's probability, from a model's logits `[vocab_size]`.
pub fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max) as f64;
    let total: f64 = logits
        .iter()
        .map(|&logit| elementary::exp(logit as f64 - max))
        .sum();
    let log_total = max + elementary::ln(total);
    logits
        .iter()
        .map(|&logit| logit as f64 - log_total)
        .collect()
}

/// A score with its index. The greatest is the one that goes first from a heap of the largest: the smallest, of equals
/// the last.
struct Ranked(u32, f64);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        other.1.total_cmp(&self.1).then(self.0.cmp(&other.0))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

/// The `count` largest of `scores` with their indices, largest first, equals by index; linear in the
/// length as long as `count` is small. NaN comes before everything.
pub fn top<T: Copy + PartialOrd + Into<f64>>(scores: &[T], count: usize) -> Vec<(u32, f64)> {
    /// Scores that are compared with the least of the largest in one go.
    const TOGETHER: usize = 64;
    let count = count.min(scores.len());
    if count == 0 {
        return Vec::new();
    }
    let mut largest = BinaryHeap::with_capacity(count + 1);
    let mut least = scores[0];
    for (chunk, part) in scores.chunks(TOGETHER).enumerate() {
        // Negated, so that NaN is looked at; without branches, so that compilers make vectors of it.
        #[expect(clippy::neg_cmp_op_on_partial_ord)]
        let larger = |any, score: &T| any | !(*score <= least);
        if largest.len() == count && !part.iter().fold(false, larger) {
            continue;
        }
        for (id, &value) in (chunk * TOGETHER..).zip(part) {
            let score = value.into();
            if largest.len() < count {
                largest.push(Ranked(id as u32, score));
            } else if let Some(mut last) = largest.peek_mut() {
                if score.total_cmp(&last.1).is_gt() {
                    *last = Ranked(id as u32, score);
                }
            }
        }
        if let Some(last) = largest.peek() {
            least = scores[last.0 as usize];
        }
    }
    let ordered = largest.into_sorted_vec().into_iter();
    ordered.map(|Ranked(id, score)| (id, score)).collect()
}
