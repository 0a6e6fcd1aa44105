//! Beam search: the most probable text as a whole instead of the most probable token each time.
//!
//! With the rules of `transformers`' `generate(num_beams, early_stopping=False)`: a text's score is the sum of its
//! tokens' log-probabilities, divided by length^`length_penalty` once it ends, and the search goes on while a
//! text that has not ended could still beat the worst of those that have.

use std::sync::Arc;

use super::generate::{Alternative, FinishReason};
use crate::error::Result;
use crate::models::Decoder;
use crate::nn::KvCache;
use crate::sampling::{log_sum_exp, not_numbers, top, Sampler};

/// A token of a text, with what the model itself thought of its place.
#[derive(Clone)]
pub(super) struct Written {
    pub id: u32,
    pub logprob: f64,
    pub top: Arc<Vec<Alternative>>,
}

/// A text that has not ended; its cache stands at the same index.
#[derive(Clone)]
struct Beam {
    written: Vec<Written>,
    score: f64,
}

/// A text that has.
struct Ended {
    written: Vec<Written>,
    score: f64,
    reason: FinishReason,
}

/// A way on for a text.
struct Candidate {
    beam: usize,
    id: u32,
    score: f64,
}

/// What the search needs to know of the task.
pub(super) struct Rules<'a> {
    pub model: &'a dyn Decoder,
    pub sampler: &'a Sampler,
    /// The tokens before the written ones.
    pub prompt: &'a [u32],
    /// Tokens that end a text.
    pub ends: &'a [u32],
    pub num_beams: usize,
    pub length_penalty: f64,
    /// The most tokens that may be written, and why no more.
    pub limit: (usize, FinishReason),
    /// Why a text ends with its last token, if it does (stop strings, sentences).
    pub ended: &'a dyn Fn(&[u32]) -> Option<FinishReason>,
    /// What is reported of a place: its likeliest tokens, from logits and the logarithm of their sum.
    pub alternatives: &'a dyn Fn(&[f32], f64) -> Vec<Alternative>,
}

/// The state of a search, advanced token by token.
pub(super) struct BeamSearch {
    beams: Vec<Beam>,
    caches: Vec<KvCache>,
    /// Best first.
    ended: Vec<Ended>,
    /// Logits of the first token, until it is chosen.
    first: Option<Vec<f32>>,
    /// Tokens that were given out.
    given: usize,
    over: bool,
}

impl BeamSearch {
    /// From the prompt's cache and the logits behind it.
    pub(super) fn new(cache: KvCache, logits: Vec<f32>) -> Self {
        Self {
            beams: vec![Beam {
                written: Vec::new(),
                score: 0.0,
            }],
            caches: vec![cache],
            ended: Vec::new(),
            first: Some(logits),
            given: 0,
            over: false,
        }
    }

    /// The cache of one of its texts: all hold the prompt. `None` after an error.
    pub(super) fn into_cache(self) -> Option<KvCache> {
        self.caches.into_iter().next()
    }

    /// Whether the best text is known.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Tokens of the texts in the running.
    pub(super) fn len(&self) -> usize {
        self.beams.first().map_or(0, |beam| beam.written.len())
    }

    /// Why the best text ended; only once the search is over.
    pub(super) fn reason(&self) -> FinishReason {
        self.ended
            .first()
            .map_or(FinishReason::Length, |best| best.reason)
    }

    /// The next token that is certain: all texts still in the running have it, or the search is over.
    pub(super) fn settled(&mut self) -> Option<Written> {
        let at = self.given;
        let best = match self.ended.first() {
            Some(best) if self.over => best.written.get(at)?,
            _ => {
                let running = self.beams.iter().map(|beam| &beam.written);
                let mut all = running.chain(self.ended.iter().map(|ended| &ended.written));
                let first = all.next()?.get(at)?;
                let same = |written: &Vec<Written>| written.get(at).map(|w| w.id) == Some(first.id);
                if !all.all(same) {
                    return None;
                }
                first
            }
        };
        let settled = best.clone();
        self.given += 1;
        Some(settled)
    }

    /// One token more for every text.
    ///
    /// # Errors
    /// `Error::Internal` if the model's numbers are damaged, `Error::OutOfMemory` for the texts' caches.
    pub(super) fn advance(&mut self, rules: &Rules) -> Result<()> {
        let length = self.beams[0].written.len();
        let logits = match self.first.take() {
            Some(logits) => logits,
            None => {
                let last = |beam: &Beam| beam.written[length - 1].id;
                let ids: Vec<u32> = self.beams.iter().map(last).collect();
                rules.model.next_logits_each(&ids, &mut self.caches)?
            }
        };
        let rows: Vec<&[f32]> = logits
            .chunks_exact(logits.len() / self.beams.len())
            .collect();
        let totals: Vec<f64> = rows.iter().map(|row| log_sum_exp(row)).collect();
        if !totals.iter().all(|total| total.is_finite()) {
            return Err(not_numbers());
        }
        let candidates = self.candidates(rules, &rows, &totals);
        if candidates.is_empty() {
            // Every token is forbidden (`no_repeat_ngram_size`): the texts end as they are.
            let divisor = (length.max(1) as f64).powf(rules.length_penalty);
            let stuck = self.beams.drain(..).map(|beam| Ended {
                written: beam.written,
                score: beam.score / divisor,
                reason: FinishReason::Length,
            });
            self.ended.extend(stuck);
            self.ended.sort_by(|a, b| b.score.total_cmp(&a.score));
            self.over = true;
            return Ok(());
        }

        let tops: Vec<Arc<Vec<Alternative>>> = rows
            .iter()
            .zip(&totals)
            .map(|(row, &total)| Arc::new((rules.alternatives)(row, total)))
            .collect();
        let length = length + 1;
        let divisor = (length as f64).powf(rules.length_penalty);
        let (limit, limit_reason) = rules.limit;
        let mut running: Vec<(usize, Beam)> = Vec::with_capacity(rules.num_beams);
        for (place, candidate) in candidates.into_iter().enumerate() {
            let Candidate { beam, id, score } = candidate;
            let mut written = self.beams[beam].written.clone();
            let is_end = rules.ends.contains(&id);
            if !is_end {
                written.push(Written {
                    id,
                    logprob: f64::from(rows[beam][id as usize]) - totals[beam],
                    top: tops[beam].clone(),
                });
            }
            let ids: Vec<u32> = written.iter().map(|written| written.id).collect();
            let reason = match is_end {
                true => Some(FinishReason::Eos),
                false => (rules.ended)(&ids).or((length >= limit).then_some(limit_reason)),
            };
            match reason {
                // An end that others outdo at once is forgotten.
                Some(reason) if place < rules.num_beams => self.ended.push(Ended {
                    written,
                    score: score / divisor,
                    reason,
                }),
                Some(_) => {}
                None if running.len() < rules.num_beams => {
                    running.push((beam, Beam { written, score }));
                }
                None => {}
            }
        }
        self.ended.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.ended.truncate(rules.num_beams);
        let worst = self.ended.last().map(|ended| ended.score);
        let hope = running.first().map(|(_, beam)| beam.score / divisor);
        self.over = match hope {
            None => true,
            Some(hope) => {
                self.ended.len() == rules.num_beams && worst.is_some_and(|worst| hope <= worst)
            }
        };
        if !self.over {
            self.continue_with(running, rules)?;
        }
        Ok(())
    }

    /// The best ways on of all texts together, best first: twice as many as beams, so that enough stay if
    /// some end.
    fn candidates(&self, rules: &Rules, rows: &[&[f32]], totals: &[f64]) -> Vec<Candidate> {
        let count = rules.num_beams * (1 + rules.ends.len().max(1));
        let mut history = rules.prompt.to_vec();
        let mut all = Vec::new();
        for (index, beam) in self.beams.iter().enumerate() {
            history.truncate(rules.prompt.len());
            history.extend(beam.written.iter().map(|written| written.id));
            let logprobs: Vec<f32> = rows[index]
                .iter()
                .map(|&logit| (f64::from(logit) - totals[index]) as f32)
                .collect();
            let scores = rules.sampler.penalised(&logprobs, &history);
            all.extend(
                top(&scores, count)
                    .into_iter()
                    .filter(|(_, score)| *score > f64::NEG_INFINITY)
                    .map(|(id, score)| Candidate {
                        beam: index,
                        id,
                        score: beam.score + score,
                    }),
            );
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        all.truncate(count);
        all
    }

    /// Puts the caches in the order of the new texts: the first child of a text takes its cache over, others
    /// copy what was written behind the prompt.
    fn continue_with(&mut self, running: Vec<(usize, Beam)>, rules: &Rules) -> Result<()> {
        let held = self.caches.len();
        let mut slots: Vec<Option<KvCache>> = self.caches.drain(..).map(Some).collect();
        let parents: Vec<usize> = running.iter().map(|(parent, _)| *parent).collect();
        let mut spare: Vec<KvCache> = (0..held)
            .filter(|slot| !parents.contains(slot))
            .filter_map(|slot| slots[slot].take())
            .collect();
        let prompt = rules.prompt.len();
        let mut caches: Vec<KvCache> = Vec::with_capacity(parents.len());
        for (place, &parent) in parents.iter().enumerate() {
            let cache = match slots[parent].take() {
                Some(cache) => cache,
                None => {
                    // Its first child, which stands before it, holds the same.
                    let elder = parents[..place].iter().position(|&p| p == parent);
                    let elder = &caches[elder.unwrap_or(0)];
                    match spare.pop() {
                        Some(mut cache) => {
                            cache.copy_from(elder, prompt)?;
                            cache
                        }
                        None => {
                            let mut cache = rules.model.new_cache_of(elder.max_positions())?;
                            cache.copy_from(elder, 0)?;
                            cache
                        }
                    }
                }
            };
            caches.push(cache);
        }
        self.caches = caches;
        self.beams = running.into_iter().map(|(_, beam)| beam).collect();
        Ok(())
    }
}
