//! Options as JavaScript gives them. Absent ones keep the defaults of the task at hand; `types.rs` writes the TypeScript
//! of them.

use serde::Deserialize;

use crate::error::Result;
use crate::limits::{generation, inspect, summary, Limit};
use crate::sampling::SamplingOptions;
use crate::tasks::{GenerationOptions, Part, SummaryOptions};
use crate::text::TokenizerFiles;

/// The small files of a model's folder. A GGUF file may have all of it inside.
#[derive(Default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ModelFiles {
    /// `config.json`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub config: Option<Vec<u8>>,
    /// `generation_config.json`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub generation_config: Option<Vec<u8>>,
    /// `tokenizer.json`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub tokenizer: Option<Vec<u8>>,
    /// `vocab.txt`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub vocab_txt: Option<Vec<u8>>,
    /// `vocab.json`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub vocab_json: Option<Vec<u8>>,
    /// `merges.txt`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub merges_txt: Option<Vec<u8>>,
    /// `tokenizer_config.json`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub tokenizer_config: Option<Vec<u8>>,
    /// `special_tokens_map.json`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub special_tokens_map: Option<Vec<u8>>,
    /// `added_tokens.json`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub added_tokens: Option<Vec<u8>>,
    /// `chat_template.jinja`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub chat_template: Option<Vec<u8>>,
    /// `additional_chat_templates/tool_use.jinja`
    #[cfg_attr(test, ts(optional, type = "Uint8Array"))]
    pub tool_use_template: Option<Vec<u8>>,
}

impl ModelFiles {
    /// Asks for each file by its field's name.
    pub fn read(file: impl Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self {
            config: file("config"),
            generation_config: file("generation_config"),
            tokenizer: file("tokenizer"),
            vocab_txt: file("vocab_txt"),
            vocab_json: file("vocab_json"),
            merges_txt: file("merges_txt"),
            tokenizer_config: file("tokenizer_config"),
            special_tokens_map: file("special_tokens_map"),
            added_tokens: file("added_tokens"),
            chat_template: file("chat_template"),
            tool_use_template: file("tool_use_template"),
        }
    }

    /// Whether a vocabulary is among them, or a part of one.
    pub fn has_tokenizer(&self) -> bool {
        let some = [
            &self.tokenizer,
            &self.vocab_txt,
            &self.vocab_json,
            &self.merges_txt,
        ];
        some.iter().any(|file| file.is_some())
    }

    /// Those of a tokenizer.
    pub fn tokenizer_files(&self) -> TokenizerFiles<'_> {
        TokenizerFiles {
            tokenizer: self.tokenizer.as_deref(),
            vocab_txt: self.vocab_txt.as_deref(),
            vocab_json: self.vocab_json.as_deref(),
            merges_txt: self.merges_txt.as_deref(),
            config: self.config.as_deref(),
            tokenizer_config: self.tokenizer_config.as_deref(),
            special_tokens_map: self.special_tokens_map.as_deref(),
            added_tokens: self.added_tokens.as_deref(),
            chat_template: self.chat_template.as_deref(),
            tool_use_template: self.tool_use_template.as_deref(),
        }
    }
}

/// A whole number within its limits. Numbers beyond `usize` count as its greatest.
pub(crate) fn count(value: Option<f64>, limit: &Limit, default: usize) -> Result<usize> {
    let Some(value) = value else {
        return Ok(default);
    };
    limit.check(value)?;
    Ok(value as usize)
}

/// What is looked at inside a model. Each call knows some of it.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct InspectQuery {
    /// Which layer's attention, from 0 (0; for a rollout the last).
    pub layer: Option<f64>,
    /// Rows and columns of each small matrix (24).
    pub size: Option<f64>,
    /// Candidates of each place in the logit lens (3).
    pub top_k: Option<f64>,
}

impl InspectQuery {
    pub fn layer(&self) -> Result<Option<usize>> {
        let default = inspect::LAYER.default_count();
        let layer = self
            .layer
            .map(|layer| count(Some(layer), &inspect::LAYER, default));
        layer.transpose()
    }

    pub fn size(&self) -> Result<usize> {
        count(self.size, &inspect::SIZE, inspect::SIZE.default_count())
    }

    pub fn top_k(&self) -> Result<usize> {
        count(self.top_k, &inspect::TOP_K, inspect::TOP_K.default_count())
    }
}

/// Ids of tokens. What is no whole number becomes one that no model has.
pub fn token_ids(given: Vec<f64>) -> Vec<u32> {
    let whole = |id: f64| {
        if id >= 0.0 && id.fract() == 0.0 {
            id as u32
        } else {
            u32::MAX
        }
    };
    given.into_iter().map(whole).collect()
}

/// How many neighbours each token is asked for.
pub fn neighbours(given: Option<f64>) -> Result<usize> {
    count(given, &inspect::COUNT, inspect::COUNT.default_count())
}

/// How tokens are chosen; see `SamplingOptions` of the Rust crate for the papers. What is absent is as the model's
/// `generation_config.json` says, else as named here.
#[derive(Deserialize, Default)]
#[cfg_attr(
    test,
    derive(ts_rs::TS),
    ts(rename = "SamplingOptions", optional_fields)
)]
pub struct Generation {
    /// At most this many tokens (128).
    pub max_new_tokens: Option<f64>,
    /// At most this many tokens together with the prompt's, where `max_new_tokens` is left out; a longer prompt gets one.
    pub max_length: Option<f64>,
    /// The text does not end by itself before it has this many tokens (0).
    pub min_new_tokens: Option<f64>,
    /// The text does not end by itself before it has this many tokens together with the prompt's (0).
    pub min_length: Option<f64>,
    /// Draw at random (true) or take the most probable (false).
    pub do_sample: Option<bool>,
    /// Above 0 where tokens are drawn (1).
    pub temperature: Option<f64>,
    /// 0 keeps all (50).
    pub top_k: Option<f64>,
    /// In [0, 1]; of 0 the likeliest token stays (1).
    pub top_p: Option<f64>,
    /// In [0, 1] (0).
    pub min_p: Option<f64>,
    /// From 0.01 to 100; 1 changes nothing (1).
    pub repetition_penalty: Option<f64>,
    /// No so many tokens in a row come twice, prompt included; 0 allows all (0).
    pub no_repeat_ngram_size: Option<f64>,
    /// Texts followed at once in search of the most probable one, at most 64 (1); more than 1 needs `do_sample: false`.
    pub num_beams: Option<f64>,
    /// With beams, from -100 to 100: above 0 favours longer texts, below 0 shorter ones (1).
    pub length_penalty: Option<f64>,
    /// Whole number from 0 to 2^53 − 1; drawn at random and reported if absent.
    pub seed: Option<f64>,
    /// The text ends before any of these.
    pub stop: Option<Vec<String>>,
    /// Alternatives reported per token (5).
    pub top_logprobs: Option<f64>,
    /// Prompt tokens read between two looks for a stop (64).
    pub prefill_chunk: Option<f64>,
}

impl Generation {
    /// All options; absent ones are those of `defaults`. Numbers are checked here as far as the types of the core cannot
    /// hold what is wrong with them: fractions, and seeds that JavaScript does not tell apart.
    pub fn options(self, defaults: GenerationOptions) -> Result<GenerationOptions> {
        use generation::*;
        let sampling = defaults.sampling;
        // A caller who asks to draw wants no search, whatever the model's files say.
        let beams = match self.do_sample {
            Some(true) => 1,
            _ => defaults.num_beams,
        };
        let max_length = self.max_length;
        let max_length = max_length.map(|length| count(Some(length), &MAX_LENGTH, 0));
        let max_length = max_length.transpose()?;
        // A caller's `max_length` leaves a prompt that reaches it one token, as in transformers.
        let unless = max_length.map_or(defaults.max_new_tokens, |_| 1);
        if let Some(seed) = self.seed {
            SEED.check(seed)?;
        }
        Ok(GenerationOptions {
            max_new_tokens: count(self.max_new_tokens, &MAX_NEW_TOKENS, unless)?,
            sampling: SamplingOptions {
                do_sample: self.do_sample.unwrap_or(sampling.do_sample),
                temperature: self.temperature.unwrap_or(sampling.temperature),
                top_k: count(self.top_k, &TOP_K, sampling.top_k)?,
                top_p: self.top_p.unwrap_or(sampling.top_p),
                min_p: self.min_p.unwrap_or(sampling.min_p),
                repetition_penalty: self
                    .repetition_penalty
                    .unwrap_or(sampling.repetition_penalty),
                no_repeat_ngram_size: count(
                    self.no_repeat_ngram_size,
                    &NO_REPEAT_NGRAM_SIZE,
                    sampling.no_repeat_ngram_size,
                )?,
                seed: self.seed.map_or(sampling.seed, |seed| seed as u64),
            },
            num_beams: count(self.num_beams, &NUM_BEAMS, beams)?,
            length_penalty: self.length_penalty.unwrap_or(defaults.length_penalty),
            early_stopping: defaults.early_stopping,
            max_length: match self.max_new_tokens {
                Some(_) => None,
                None => max_length.or(defaults.max_length),
            },
            min_new_tokens: count(
                self.min_new_tokens,
                &MIN_NEW_TOKENS,
                defaults.min_new_tokens,
            )?,
            min_length: count(self.min_length, &MIN_LENGTH, defaults.min_length)?,
            stop: self.stop.unwrap_or(defaults.stop),
            top_logprobs: count(self.top_logprobs, &TOP_LOGPROBS, defaults.top_logprobs)?,
            prefill_chunk: count(self.prefill_chunk, &PREFILL_CHUNK, defaults.prefill_chunk)?,
        })
    }
}

/// What a summary is asked for with.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SummaryQuery", optional_fields))]
pub struct Summary {
    /// What follows the document. Left out, it is `\nTL;DR:`, and a model with a chat template is asked for a summary in a
    /// conversation instead.
    pub cue: Option<String>,
    /// Which part of a too long document is left out (`tail`).
    #[cfg_attr(test, ts(optional, type = "Truncation"))]
    pub truncation: Option<String>,
    /// Sentences of the summary (3).
    pub sentences: Option<f64>,
}

impl Summary {
    /// All options of a summary, whose tokens are chosen by `generation`, read from the same object. `chat` says whether
    /// the model can be asked for one in a conversation.
    pub fn options(self, generation: Generation, chat: bool) -> Result<SummaryOptions> {
        let defaults = if chat && self.cue.is_none() {
            SummaryOptions::asked()
        } else {
            SummaryOptions::default()
        };
        Ok(SummaryOptions {
            cue: self.cue.or(defaults.cue),
            truncation: match &self.truncation {
                Some(name) => Part::from_name(name)?,
                None => defaults.truncation,
            },
            sentences: count(self.sentences, &summary::SENTENCES, defaults.sentences)?,
            generation: generation.options(defaults.generation)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::Error;

    fn refused(options: serde_json::Value) -> Option<Error> {
        let given: Generation = serde_json::from_value(options).unwrap();
        given.options(GenerationOptions::default()).err()
    }

    #[test]
    fn fractions_are_no_counts() {
        for limit in generation::ALL.iter().filter(|limit| limit.whole) {
            let error = refused(json!({limit.name: 2.5}));
            let named =
                matches!(&error, Some(Error::InvalidOption { option, .. }) if option == limit.name);
            assert!(named, "{}: {error:?}", limit.name);
            assert_eq!(refused(json!({limit.name: limit.default})), None);
        }
    }

    #[test]
    fn numbers_beyond_counts_are_the_greatest() {
        let given: Generation = serde_json::from_value(json!({"top_k": 1e300})).unwrap();
        let options = given.options(GenerationOptions::default()).unwrap();
        assert_eq!(options.sampling.top_k, usize::MAX);
        assert!(refused(json!({"seed": 9_007_199_254_740_992_u64})).is_some());
        assert!(refused(json!({"seed": -1.0})).is_some());
        assert!(refused(json!({"top_k": -1.0})).is_some());
    }

    #[test]
    fn what_is_no_id_is_an_id_that_no_model_has() {
        let ids = token_ids(vec![0.0, 7.0, -1.0, 1.5, f64::NAN, 1e300]);
        assert_eq!(ids[..2], [0, 7]);
        assert!(ids[2..].iter().all(|&id| id == u32::MAX));
    }

    #[test]
    fn summaries_keep_their_own_defaults() {
        let summary = Summary {
            sentences: Some(2.0),
            ..Default::default()
        };
        let sampling: Generation = serde_json::from_value(json!({"temperature": 0.5})).unwrap();
        let options = summary.options(sampling, false).unwrap();
        assert_eq!(
            (options.sentences, options.generation.max_new_tokens),
            (2, 100)
        );
        assert_eq!(options.generation.sampling.temperature, 0.5);
        assert!(options.generation.sampling.do_sample);
        // Asked in a conversation, the likeliest token is taken each time.
        let asked = Summary::default()
            .options(Generation::default(), true)
            .unwrap();
        assert!(!asked.generation.sampling.do_sample);
    }
}
