//! What the GPT writes, now and before the last phase.

use std::sync::Arc;

use serde::Serialize;

use super::steps::ChatSteps;
use crate::dtype::DType;
use crate::error::Error;
use crate::models::{Decoder, ModelLoader};
use crate::sampling::{Sampler, SamplingOptions};
use crate::text::TextStream;
use crate::train::error::{Result, TrainError};
use crate::train::parameters::{safetensors_file, Entry, NamedTensor};
use crate::train::showing::SampleOptions;

/// Tokens that a sample has at most.
const MOST_NEW_TOKENS: usize = 1000;
/// Samples that are ranked at most.
const MOST_RANKED: usize = 64;

/// A sample with its score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "RankedResponse"))]
pub struct Ranked {
    /// What was written.
    pub text: String,
    /// The reward model's score.
    pub score: f32,
}

impl ChatSteps {
    /// What the GPT responds to `prompt`: as it is now, or as it was before the last phase. A prompt that leaves no room is
    /// cut at its beginning.
    ///
    /// # Errors
    /// [`TrainError::EmptyPrompt`], [`Error::InvalidOption`], [`Error::OutOfMemory`].
    pub fn sample(&self, prompt: &str, options: &SampleOptions, before: bool) -> Result<String> {
        if prompt.trim().is_empty() {
            return Err(TrainError::EmptyPrompt { example: 0 });
        }
        if !(1..=MOST_NEW_TOKENS).contains(&options.max_new_tokens) {
            let message = format!("must be between 1 and {MOST_NEW_TOKENS}");
            return Err(Error::option("max_new_tokens", message).into());
        }
        let mut sampler = self.sampler(options)?;
        let writer = self.writer(before)?;
        let context = self.config.n_positions;
        let mut ids = self.joining().prompt(prompt)?;
        let room = context - options.max_new_tokens.min(context / 2);
        ids.drain(..ids.len().saturating_sub(room));
        let mut stream = TextStream::after(self.tokenizer.clone(), &ids);
        let end = context.min(ids.len() + options.max_new_tokens);
        let mut cache = writer.new_cache_of(end)?;
        let (mut text, mut read) = (String::new(), 0);
        while ids.len() < end {
            let hidden = writer.hidden_states(&ids[read..], &mut cache)?;
            let last = &hidden[hidden.len() - self.config.n_embd..];
            read = ids.len();
            let id = sampler.sample(&writer.lm_head(last)?, &ids)?;
            if id == self.eos {
                break;
            }
            ids.push(id);
            text.push_str(&stream.push(id));
        }
        text.push_str(&stream.finish());
        Ok(text.trim().to_string())
    }

    /// Writes `count` responses, of the seeds from that of the options on, and puts those that the reward model scores
    /// highest first ("best of n", Stiennon et al. 2020).
    ///
    /// # Errors
    /// As [`ChatSteps::sample`]; [`TrainError::NoRewardModel`].
    pub fn best_of(
        &self,
        prompt: &str,
        count: usize,
        options: &SampleOptions,
    ) -> Result<Vec<Ranked>> {
        if self.reward.is_none() {
            return Err(TrainError::NoRewardModel);
        }
        if !(1..=MOST_RANKED).contains(&count) {
            let message = format!("must be between 1 and {MOST_RANKED}");
            return Err(Error::option("count", message).into());
        }
        let one = |number| -> Result<Ranked> {
            let seed = options.seed.wrapping_add(number as u64);
            let options = SampleOptions {
                seed,
                ..options.clone()
            };
            let text = self.sample(prompt, &options, false)?;
            let score = self.score_of(prompt, &text)?;
            Ok(Ranked { text, score })
        };
        let mut all = (0..count).map(one).collect::<Result<Vec<_>>>()?;
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(all)
    }

    fn sampler(&self, options: &SampleOptions) -> Result<Sampler> {
        let sampler = Sampler::new(SamplingOptions {
            do_sample: options.temperature != 0.0,
            temperature: options.temperature,
            top_k: options.top_k,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            no_repeat_ngram_size: 0,
            seed: options.seed,
        })?;
        let rows = self.config.vocab_size;
        let mut never = self.tokenizer.ids_without_token(rows);
        never.extend((0..rows as u32).filter(|&id| self.tokenizer.is_unknown(id)));
        Ok(sampler.never(never))
    }

    fn writer(&self, before: bool) -> Result<Arc<dyn Decoder>> {
        let mut writers = self.writers.borrow_mut();
        let (kept, weights) = match (before, &self.before) {
            (true, Some(weights)) => (&mut writers.before, Some(weights)),
            _ => (&mut writers.now, None),
        };
        if let Some(writer) = kept {
            return Ok(writer.clone());
        }
        let writer = match weights {
            Some(weights) => self.open(weights)?,
            None => self.open(&self.policy.parameters.tensors()?)?,
        };
        Ok(kept.insert(writer).clone())
    }

    fn open(&self, weights: &[NamedTensor]) -> Result<Arc<dyn Decoder>> {
        let config = self.config.to_json(Some(self.eos)).to_string();
        let mut loader = ModelLoader::new(Some(config.as_bytes()), DType::F32)?;
        let entries = weights.iter().map(Entry::from).collect();
        loader.push(&safetensors_file(entries, Default::default())?)?;
        Ok(loader.finish()?.into_decoder()?)
    }
}
