//! Beam search: the most probable text as a whole instead of the most probable token each time.
//!
//! With the rules of `transformers`' `generate(num_beams)`: a text's score is the sum of its
//! tokens' log-probabilities, divided by length^`length_penalty` once it ends, and the search goes on while a
//! text that has not ended could still beat the worst of those that have.

use std::sync::Arc;

use super::forward::Forward;
use super::search::{Alternatives, Chosen, Search};
use super::stop::{NewToken, StopRules};
use super::written::{Alternative, FinishReason};
use crate::error::Result;
use crate::nn::elementary;
use crate::sampling::{log_sum_exp, not_numbers, top, Sampler};
use crate::text::TextStream;

/// A text that has not ended.
#[derive(Clone)]
struct Beam {
    /// Tokens of prompt and text.
    ids: Vec<u32>,
    written: Vec<Chosen>,
    score: f64,
    ending: Ending,
}

/// What a text's end depends on.
#[derive(Clone)]
struct Ending {
    stream: TextStream,
    stops: StopRules,
}

impl Ending {
    /// Why the text ends with the token `id`, if it does. It is judged as if nothing came after: an incomplete character
    /// counts as U+FFFD.
    fn push(&mut self, id: u32, length: usize) -> Option<FinishReason> {
        let complete = self.stream.push(id);
        let incomplete = self.stream.clone().finish();
        let before = (!incomplete.is_empty()).then(|| self.stops.clone());
        let text = &format!("{complete}{incomplete}");
        let reason = self.stops.push(&NewToken { id, text, length });
        if let Some(before) = before {
            // What comes after has the character itself before it.
            self.stops = before;
            let text = &complete;
            self.stops.push(&NewToken { id, text, length });
        }
        reason
    }
}

/// A text that has ended.
struct Ended {
    written: Vec<Chosen>,
    /// Divided by its length to the power of the penalty.
    score: f64,
    reason: FinishReason,
}

/// A token that may go behind a text.
struct Candidate {
    /// Index of the text.
    beam: usize,
    id: u32,
    /// That of the text with it.
    score: f64,
}

/// The logits behind each text.
struct Rows<'a> {
    /// `[vocab_size]` each.
    logits: Vec<&'a [f32]>,
    /// Their `log_sum_exp`.
    totals: Vec<f64>,
}

impl<'a> Rows<'a> {
    /// `logits` is `[texts, vocab_size]`.
    fn new(logits: &'a [f32], texts: usize) -> Result<Self> {
        let logits: Vec<&[f32]> = logits.chunks_exact(logits.len() / texts).collect();
        let totals: Vec<f64> = logits.iter().map(|row| log_sum_exp(row)).collect();
        if !totals.iter().all(|total| total.is_finite()) {
            return Err(not_numbers());
        }
        Ok(Self { logits, totals })
    }
}

/// How many texts are followed, and how their lengths count.
pub(super) struct BeamOptions {
    pub num_beams: usize,
    pub length_penalty: f64,
    /// Whether the search ends once as many texts as beams have ended.
    pub early_stopping: bool,
    /// Tokens that end a text.
    pub num_eos_tokens: usize,
}

/// The state of a search. The caches of its texts are the business of who computes the logits.
pub(super) struct BeamSearch {
    options: BeamOptions,
    sampler: Sampler,
    alternatives: Alternatives,
    /// Texts that go on, best first, all of one length.
    beams: Vec<Beam>,
    /// For each of them, which one before the last token it was.
    parents: Vec<usize>,
    /// The last token of each.
    last: Vec<u32>,
    /// Best first.
    ended: Vec<Ended>,
    /// Whether the best text is known.
    over: bool,
}

impl BeamSearch {
    /// Behind the tokens `prompt`. `stops` are asked of every text.
    pub fn new(
        options: BeamOptions,
        sampler: Sampler,
        alternatives: Alternatives,
        stops: StopRules,
        prompt: Vec<u32>,
    ) -> Self {
        let stream = TextStream::after(alternatives.tokenizer.clone(), &prompt);
        let beam = Beam {
            ids: prompt,
            written: Vec::new(),
            score: 0.0,
            ending: Ending { stream, stops },
        };
        Self {
            options,
            sampler,
            alternatives,
            beams: vec![beam],
            parents: Vec::new(),
            last: Vec::new(),
            ended: Vec::new(),
            over: false,
        }
    }

    /// Tokens of the texts that go on.
    fn len(&self) -> usize {
        self.beams.first().map_or(0, |beam| beam.written.len())
    }

    /// The score of an ended text of `length` tokens.
    fn final_score(&self, score: f64, length: usize) -> f64 {
        score / elementary::powf(length as f64, self.options.length_penalty)
    }

    /// The most probable tokens behind all texts together, best first: so many that `num_beams` are left where the
    /// others end their texts.
    fn candidates(&self, rows: &Rows) -> Vec<Candidate> {
        let count = self.options.num_beams * (1 + self.options.num_eos_tokens.max(1));
        let mut all = Vec::new();
        for (index, beam) in self.beams.iter().enumerate() {
            let (logits, total) = (rows.logits[index], rows.totals[index]);
            let logprobs = logits
                .iter()
                .map(|&logit| (f64::from(logit) - total) as f32);
            let logprobs: Vec<f32> = logprobs.collect();
            let scores = self.sampler.penalised(&logprobs, &beam.ids);
            let best = top(&scores, count).into_iter();
            let allowed = best.filter(|(_, score)| *score > f64::NEG_INFINITY);
            all.extend(allowed.map(|(id, score)| Candidate {
                beam: index,
                id,
                score: beam.score + score,
            }));
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        all.truncate(count);
        all
    }

    /// Ends all texts as they are: every token behind them is forbidden (`no_repeat_ngram_size`).
    fn end_all(&mut self) {
        let length = self.len().max(1);
        for beam in std::mem::take(&mut self.beams) {
            self.ended.push(Ended {
                score: self.final_score(beam.score, length),
                written: beam.written,
                reason: FinishReason::Length,
            });
        }
        self.rank_ended();
        self.over = true;
    }

    fn rank_ended(&mut self) {
        self.ended.sort_by(|a, b| b.score.total_cmp(&a.score));
    }

    /// Takes the candidates, best first, as texts that have ended or that go on. Returns the latter, each with the
    /// index of the text it was.
    fn extend(&mut self, candidates: Vec<Candidate>, rows: &Rows) -> Result<Vec<(usize, Beam)>> {
        let tops: Vec<Arc<Vec<Alternative>>> = (rows.logits.iter().zip(&rows.totals))
            .map(|(logits, &total)| self.alternatives.of(logits, total))
            .collect();
        let (num_beams, length) = (self.options.num_beams, self.len() + 1);
        let mut running: Vec<(usize, Beam)> = Vec::with_capacity(num_beams);
        for (place, Candidate { beam, id, score }) in candidates.into_iter().enumerate() {
            if running.len() == num_beams {
                break;
            }
            let before = &self.beams[beam];
            let mut ending = before.ending.clone();
            let reason = ending.push(id, length);
            // An end that `num_beams` others outdo at once is forgotten.
            if reason.is_some() && place >= num_beams {
                continue;
            }
            let mut written = before.written.clone();
            if reason != Some(FinishReason::Eos) {
                let (logits, total) = (rows.logits[beam], rows.totals[beam]);
                written.push(Chosen::new(id, logits, total, tops[beam].clone())?);
            }
            match reason {
                Some(reason) => self.ended.push(Ended {
                    written,
                    score: self.final_score(score, length),
                    reason,
                }),
                None => {
                    let ids = [&before.ids[..], &[id]].concat();
                    let text = Beam {
                        ids,
                        written,
                        score,
                        ending,
                    };
                    running.push((beam, text));
                }
            }
        }
        Ok(running)
    }

    /// Whether none of the texts that go on can still beat the worst of those that have ended.
    fn is_decided(&self, running: &[(usize, Beam)]) -> bool {
        let Some((_, best)) = running.first() else {
            return true;
        };
        let hope = self.final_score(best.score, best.written.len());
        let is_full = self.ended.len() == self.options.num_beams;
        if self.options.early_stopping {
            return is_full;
        }
        is_full && self.ended.last().is_some_and(|worst| hope <= worst.score)
    }
}

impl Search for BeamSearch {
    fn want(&self) -> Forward<'_> {
        Forward {
            parents: &self.parents,
            ids: &self.last,
            logits: true,
        }
    }

    fn give(&mut self, logits: &[f32]) -> Result<()> {
        let rows = Rows::new(logits, self.beams.len())?;
        let candidates = self.candidates(&rows);
        if candidates.is_empty() {
            self.end_all();
            return Ok(());
        }
        let running = self.extend(candidates, &rows)?;
        self.rank_ended();
        self.ended.truncate(self.options.num_beams);
        self.over = self.is_decided(&running);
        if !self.over {
            (self.parents, self.beams) = running.into_iter().unzip();
            self.last = self
                .beams
                .iter()
                .map(|beam| beam.ids[beam.ids.len() - 1])
                .collect();
        }
        Ok(())
    }

    /// A token is certain if all texts have it, or once the best text is known.
    fn settled(&self, at: usize) -> Option<&Chosen> {
        if self.over {
            return self.ended.first()?.written.get(at);
        }
        let running = self.beams.iter().map(|beam| &beam.written);
        let mut all = running.chain(self.ended.iter().map(|ended| &ended.written));
        let first = all.next()?.get(at)?;
        let is_same = |written: &Vec<Chosen>| written.get(at).is_some_and(|it| it.id == first.id);
        all.all(is_same).then_some(first)
    }

    fn ended(&self) -> Option<FinishReason> {
        let best = self.ended.first().map(|best| best.reason);
        self.over.then(|| best.unwrap_or(FinishReason::Length))
    }

    fn progress(&self) -> Option<usize> {
        Some(self.len())
    }

    fn common(&self) -> usize {
        0
    }
}
