//! How a text is continued.

use crate::error::{Error, Result};
use crate::limits::generation;
use crate::models::{GenerationConfig, GenerationSettings};
use crate::sampling::SamplingOptions;

/// How a text is continued.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationOptions {
    /// At most this many tokens, at least 1.
    pub max_new_tokens: usize,
    /// How each token is chosen.
    pub sampling: SamplingOptions,
    /// How many texts are followed at once in search of the most probable one; 1 decides token by token.
    /// More than 1 goes with `do_sample: false`.
    pub num_beams: usize,
    /// With beams, a text's log-probability is divided by its length to this power: above 0 favours longer
    /// texts, below 0 shorter ones.
    pub length_penalty: f64,
    /// Whether a search with beams ends as soon as as many texts as beams have ended, and not only once none of the
    /// others can beat them.
    pub early_stopping: bool,
    /// At most so many tokens together with the prompt's, in place of `max_new_tokens`; a longer prompt leaves that one in
    /// force.
    pub max_length: Option<usize>,
    /// No end token is chosen before the text has so many tokens.
    pub min_new_tokens: usize,
    /// No end token is chosen before prompt and text together have so many.
    pub min_length: usize,
    /// Generation ends before any of these strings.
    pub stop: Vec<String>,
    /// How many alternatives are reported with each token.
    pub top_logprobs: usize,
    /// Prompt tokens read per step, so that a caller can do other things between steps.
    pub prefill_chunk: usize,
}

impl Default for GenerationOptions {
    fn default() -> Self {
        Self {
            max_new_tokens: generation::MAX_NEW_TOKENS.default_count(),
            sampling: SamplingOptions::default(),
            num_beams: generation::NUM_BEAMS.default_count(),
            length_penalty: generation::LENGTH_PENALTY.default,
            early_stopping: false,
            max_length: None,
            min_new_tokens: generation::MIN_NEW_TOKENS.default_count(),
            min_length: generation::MIN_LENGTH.default_count(),
            stop: Vec::new(),
            top_logprobs: generation::TOP_LOGPROBS.default_count(),
            prefill_chunk: generation::PREFILL_CHUNK.default_count(),
        }
    }
}

/// The settings in a model's files that can be followed, and the names of the others.
pub fn usable_settings(config: &GenerationConfig) -> (GenerationSettings, Vec<String>) {
    let mut settings = config.settings.clone();
    let mut ignored = config.ignored.clone();
    // 0 is how many write that nothing is to be drawn.
    if settings
        .temperature
        .take_if(|value| *value == 0.0)
        .is_some()
    {
        if settings.do_sample == Some(true) {
            ignored.push(generation::TEMPERATURE.name.into());
        } else {
            settings.do_sample = Some(false);
        }
    }
    for (value, limit) in [
        (&mut settings.max_new_tokens, generation::MAX_NEW_TOKENS),
        (&mut settings.max_length, generation::MAX_LENGTH),
        (&mut settings.temperature, generation::TEMPERATURE),
        (&mut settings.top_k, generation::TOP_K),
        (&mut settings.top_p, generation::TOP_P),
        (&mut settings.min_p, generation::MIN_P),
        (
            &mut settings.repetition_penalty,
            generation::REPETITION_PENALTY,
        ),
        (
            &mut settings.no_repeat_ngram_size,
            generation::NO_REPEAT_NGRAM_SIZE,
        ),
        (&mut settings.num_beams, generation::NUM_BEAMS),
        (&mut settings.length_penalty, generation::LENGTH_PENALTY),
    ] {
        // What is read of a temperature of 0 is that nothing is drawn, which is for `do_sample` to say.
        let cold = |value: f64| limit == generation::TEMPERATURE && value == 0.0;
        let unusable = |value: &mut f64| !limit.allows(*value) || cold(*value);
        if value.take_if(unusable).is_some() {
            ignored.push(limit.name.into());
        }
    }
    // A search draws nothing; transformers' default is not to draw.
    if settings.num_beams.is_some_and(|beams| beams > 1.0) {
        if settings.do_sample == Some(true) {
            settings.num_beams = None;
            ignored.push(generation::NUM_BEAMS.name.into());
        } else {
            settings.do_sample = Some(false);
        }
    }
    (settings, ignored)
}

impl GenerationOptions {
    /// The defaults for a model: what its files say, and for the rest those of any model.
    pub fn of_model(config: &GenerationConfig) -> Self {
        let (settings, _) = usable_settings(config);
        let defaults = Self::default();
        let sampling = &defaults.sampling;
        let count = |value: Option<f64>, default| value.map_or(default, |value| value as usize);
        let number = |value: Option<f64>, default| value.unwrap_or(default);
        Self {
            max_new_tokens: count(settings.max_new_tokens, defaults.max_new_tokens),
            max_length: match settings.max_new_tokens {
                Some(_) => None,
                None => settings.max_length.map(|length| length as usize),
            },
            sampling: SamplingOptions {
                do_sample: settings.do_sample.unwrap_or(sampling.do_sample),
                temperature: number(settings.temperature, sampling.temperature),
                top_k: count(settings.top_k, sampling.top_k),
                top_p: number(settings.top_p, sampling.top_p),
                min_p: number(settings.min_p, sampling.min_p),
                repetition_penalty: number(
                    settings.repetition_penalty,
                    sampling.repetition_penalty,
                ),
                no_repeat_ngram_size: count(
                    settings.no_repeat_ngram_size,
                    sampling.no_repeat_ngram_size,
                ),
                seed: sampling.seed,
            },
            num_beams: count(settings.num_beams, defaults.num_beams),
            length_penalty: number(settings.length_penalty, defaults.length_penalty),
            early_stopping: settings.early_stopping.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The most tokens behind a prompt of `prompt` tokens.
    pub fn most_new_tokens(&self, prompt: usize) -> usize {
        match self.max_length {
            Some(length) if length > prompt => length - prompt,
            _ => self.max_new_tokens,
        }
    }

    /// The fewest tokens behind a prompt of `prompt` tokens.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] if they are more than the most.
    pub fn least_new_tokens(&self, prompt: usize) -> Result<usize> {
        let by_length = self.min_length.saturating_sub(prompt);
        let (name, least) = if by_length > self.min_new_tokens {
            (generation::MIN_LENGTH.name, by_length)
        } else {
            (generation::MIN_NEW_TOKENS.name, self.min_new_tokens)
        };
        let most = self.most_new_tokens(prompt);
        if least > most {
            return Err(Error::option(
                name,
                format!(
                    "asks for {least} tokens, and max_new_tokens or max_length for {most} at most"
                ),
            ));
        }
        Ok(least)
    }

    /// # Errors
    /// [`Error::InvalidOption`] naming the first option out of its range, or that goes with no other.
    pub fn check(&self) -> Result<()> {
        generation::MAX_NEW_TOKENS.check_count(self.max_new_tokens)?;
        if let Some(length) = self.max_length {
            generation::MAX_LENGTH.check_count(length)?;
        }
        generation::PREFILL_CHUNK.check_count(self.prefill_chunk)?;
        generation::NUM_BEAMS.check_count(self.num_beams)?;
        if self.num_beams > 1 && self.sampling.do_sample {
            return Err(Error::option(
                "num_beams",
                "above 1 searches for the most probable text and draws nothing: set do_sample to false",
            ));
        }
        generation::LENGTH_PENALTY.check(self.length_penalty)?;
        self.sampling.check()
    }
}
