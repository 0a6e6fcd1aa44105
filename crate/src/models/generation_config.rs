//! What a checkpoint's files say of how it writes: its end tokens, and settings that hold unless a caller says otherwise.
//!
//! As transformers reads them (`GenerationConfig`, 5.24): `generation_config.json`, or else what `config.json` says of the
//! same; of a GGUF file, llama.cpp's `general.sampling.*`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::fields::{all_ids, end_tokens};
use crate::error::{Error, Result};
use crate::gguf::Metadata;

/// How a model writes, as its files say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GenerationConfig {
    /// Where the settings stand: `generation_config.json`, `config.json` or `GGUF`. `None` where there are none.
    pub source: Option<&'static str>,
    /// The tokens that end a text.
    pub eos_token_id: Vec<u32>,
    /// The token that a text begins with.
    pub bos_token_id: Option<u32>,
    /// The token that fills up shorter texts.
    pub pad_token_id: Option<u32>,
    /// The token that a decoder of two halves begins with.
    pub decoder_start_token_id: Option<u32>,
    /// Its settings.
    pub settings: GenerationSettings,
    /// Entries that transformers knows, and that are of another type or not followed here.
    pub ignored: Vec<String>,
}

/// Settings of a generation, as far as a model's files have them. Whether they are in range is for who uses them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs)] // Named and explained as the options of `tasks`.
pub struct GenerationSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub do_sample: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_stopping: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_new_tokens: Option<f64>,
    /// As `max_new_tokens`, the prompt's tokens included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_k: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repetition_penalty: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_repeat_ngram_size: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub num_beams: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_penalty: Option<f64>,
}

/// Entries of transformers' that change what is written and are not followed, with the value that changes nothing.
const NOT_FOLLOWED: &[(&str, f64)] = &[
    ("typical_p", 1.0),
    ("top_h", 1.0),
    ("epsilon_cutoff", 0.0),
    ("eta_cutoff", 0.0),
    ("min_length", 0.0),
    ("min_new_tokens", 0.0),
    ("num_beam_groups", 1.0),
    ("diversity_penalty", 0.0),
    ("penalty_alpha", 0.0),
    ("guidance_scale", 1.0),
    ("encoder_repetition_penalty", 1.0),
    ("encoder_no_repeat_ngram_size", 0.0),
    ("num_return_sequences", 1.0),
    ("max_time", 0.0),
    ("stop_strings", 0.0),
    ("bad_words_ids", 0.0),
    ("force_words_ids", 0.0),
    ("sequence_bias", 0.0),
    ("suppress_tokens", 0.0),
    ("begin_suppress_tokens", 0.0),
    ("forced_bos_token_id", 0.0),
    ("forced_eos_token_id", 0.0),
    ("exponential_decay_length_penalty", 0.0),
];

/// What transformers itself takes for the length unless told otherwise. Old `config.json` have it although nobody chose it.
const NO_CHOICE: f64 = 20.0;

/// The entries of a file, being read.
struct Entries<'a> {
    entries: &'a Map<String, Value>,
    ignored: Vec<String>,
}

impl Entries<'_> {
    /// An entry, if it is there and of its type.
    fn get<T>(&mut self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let value = self.entries.get(name).filter(|value| !value.is_null())?;
        let read = read(value);
        if read.is_none() {
            self.ignored.push(name.to_string());
        }
        read
    }

    fn number(&mut self, name: &str) -> Option<f64> {
        self.get(name, Value::as_f64)
    }

    fn id(&mut self, name: &str) -> Option<u32> {
        self.get(name, id)
    }
}

fn id(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

/// A token's id or a list of such.
fn ids(value: &Value) -> Option<Vec<u32>> {
    match value {
        Value::Array(ids) => ids.iter().map(id).collect(),
        one => Some(vec![id(one)?]),
    }
}

impl GenerationConfig {
    /// Reads a `generation_config.json`. One that is no JSON counts as none, as in transformers.
    pub fn from_json(bytes: &[u8]) -> Self {
        let Ok(Value::Object(entries)) = serde_json::from_slice(bytes) else {
            return Self {
                ignored: vec!["generation_config.json".into()],
                ..Self::default()
            };
        };
        Self {
            source: Some("generation_config.json"),
            ..Self::read(&entries)
        }
    }

    /// What a `config.json` says of generation: so it was written before there was a file for it.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`] for an end token that is none: the model would write on and on.
    pub(super) fn from_config(bytes: &[u8]) -> Result<Self> {
        let Ok(Value::Object(entries)) = serde_json::from_slice(bytes) else {
            return Ok(Self::default());
        };
        let mut config = Self::read(&entries);
        if config.ignored.iter().any(|name| name == "eos_token_id") {
            let value = &entries["eos_token_id"];
            return Err(Error::InvalidConfig(format!(
                "\"eos_token_id\" is {value}, which is no token"
            )));
        }
        config
            .settings
            .max_length
            .take_if(|length| *length == NO_CHOICE);
        if config.settings != GenerationSettings::default() {
            config.source = Some("config.json");
        }
        Ok(config)
    }

    /// What a GGUF file says; of a config beside it, the rest.
    pub(super) fn from_gguf(metadata: &Metadata, json: Option<&Self>) -> Self {
        let mut config = json.cloned().unwrap_or_default();
        config.eos_token_id = all_ids(end_tokens(metadata), &config.eos_token_id);
        let token = |name: &str| {
            let id = metadata.u64(&format!("tokenizer.ggml.{name}_token_id"))?;
            u32::try_from(id).ok()
        };
        config.bos_token_id = token("bos").or(config.bos_token_id);
        config.pad_token_id = token("padding").or(config.pad_token_id);
        // As they were written before they became f32: 0.95.
        let number = |name: &str| {
            let value = metadata.f64(&format!("general.sampling.{name}"))?;
            (value as f32).to_string().parse().ok()
        };
        let mut own = GenerationSettings {
            temperature: number("temp"),
            top_k: number("top_k"),
            top_p: number("top_p"),
            min_p: number("min_p"),
            repetition_penalty: number("penalty_repeat"),
            ..Default::default()
        };
        // llama.cpp takes the likeliest token at 0.
        if own
            .temperature
            .is_some_and(|temperature| temperature <= 0.0)
        {
            own.temperature = None;
            own.do_sample = Some(false);
        }
        if config.source.is_none() && own != GenerationSettings::default() {
            (config.source, config.settings) = (Some("GGUF"), own);
        }
        config
    }

    /// The same under a `generation_config.json`, which takes the place of all settings, and of the tokens that it names.
    pub(super) fn under(self, file: Self) -> Self {
        let (settings, source) = match file.source {
            Some(_) => (file.settings, file.source),
            None => (self.settings, self.source),
        };
        Self {
            source,
            settings,
            eos_token_id: if file.eos_token_id.is_empty() {
                self.eos_token_id
            } else {
                file.eos_token_id
            },
            bos_token_id: file.bos_token_id.or(self.bos_token_id),
            pad_token_id: file.pad_token_id.or(self.pad_token_id),
            decoder_start_token_id: file.decoder_start_token_id.or(self.decoder_start_token_id),
            ignored: file.ignored,
        }
    }

    /// A `generation_config.json` beside a GGUF file, whose own end tokens stay ones.
    pub(super) fn beside_gguf(mut self, metadata: &Metadata) -> Self {
        if !self.eos_token_id.is_empty() {
            self.eos_token_id = all_ids(end_tokens(metadata), &self.eos_token_id);
        }
        self
    }

    fn read(entries: &Map<String, Value>) -> Self {
        let mut from = Entries {
            entries,
            ignored: Vec::new(),
        };
        let settings = GenerationSettings {
            do_sample: from.get("do_sample", Value::as_bool),
            // "never", the third, lets a search go on for longer.
            early_stopping: from.get("early_stopping", Value::as_bool),
            max_new_tokens: from.number("max_new_tokens"),
            max_length: from.number("max_length"),
            temperature: from.number("temperature"),
            top_k: from.number("top_k"),
            top_p: from.number("top_p"),
            min_p: from.number("min_p"),
            repetition_penalty: from.number("repetition_penalty"),
            no_repeat_ngram_size: from.number("no_repeat_ngram_size"),
            num_beams: from.number("num_beams"),
            length_penalty: from.number("length_penalty"),
        };
        let config = Self {
            source: None,
            eos_token_id: from.get("eos_token_id", ids).unwrap_or_default(),
            bos_token_id: from.id("bos_token_id"),
            pad_token_id: from.id("pad_token_id"),
            decoder_start_token_id: from.id("decoder_start_token_id"),
            settings,
            ignored: Vec::new(),
        };
        for (name, nothing) in NOT_FOLLOWED {
            from.get(name, |value| {
                let neutral = match value {
                    Value::Array(values) => values.is_empty(),
                    value => value.as_f64() == Some(*nothing),
                };
                neutral.then_some(())
            });
        }
        Self {
            ignored: from.ignored,
            ..config
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::Value as Entry;

    #[test]
    fn what_is_of_another_type_is_left_out_and_named() {
        let config = GenerationConfig::from_json(
            br#"{"temperature": "hot", "top_k": 40, "eos_token_id": ["</s>"], "pad_token_id": -1, "do_sample": null,
                "typical_p": 0.9, "min_length": 0, "suppress_tokens": [], "_from_model_config": true}"#,
        );
        assert_eq!(config.settings.top_k, Some(40.0));
        assert!(config.eos_token_id.is_empty() && config.settings.do_sample.is_none());
        assert_eq!(
            config.ignored,
            ["temperature", "eos_token_id", "pad_token_id", "typical_p"]
        );
        for broken in [b"".as_slice(), b"[]", b"{", b"<html>"] {
            let config = GenerationConfig::from_json(broken);
            assert_eq!((config.source, config.ignored.len()), (None, 1));
        }
    }

    #[test]
    fn a_file_of_its_own_takes_the_place_of_the_configs_settings() {
        let legacy = GenerationConfig::from_config(
            br#"{"top_k": 7, "max_length": 20, "eos_token_id": 0, "bos_token_id": 1, "n_embd": 8}"#,
        )
        .unwrap();
        assert_eq!(
            (legacy.source, legacy.settings.max_length),
            (Some("config.json"), None)
        );
        let file = GenerationConfig::from_json(br#"{"top_p": 0.5, "eos_token_id": [0, 2]}"#);
        let both = legacy.clone().under(file);
        assert_eq!(
            (both.settings.top_k, both.settings.top_p),
            (None, Some(0.5))
        );
        assert_eq!(
            (both.eos_token_id, both.bos_token_id),
            (vec![0, 2], Some(1))
        );
        let silent = legacy.under(GenerationConfig::from_json(b"{}"));
        assert_eq!(
            (silent.eos_token_id, silent.settings.top_k),
            (vec![0], None)
        );
    }

    #[test]
    fn a_gguf_files_end_tokens_stay_beside_a_file_of_settings() {
        let metadata = Metadata(
            [
                ("tokenizer.ggml.eos_token_id", Entry::Int(2)),
                ("tokenizer.ggml.eot_token_id", Entry::Int(7)),
            ]
            .map(|(key, value)| (key.into(), value))
            .into(),
        );
        let gguf = GenerationConfig::from_gguf(&metadata, None);
        let ends = |json: &[u8]| {
            let file = GenerationConfig::from_json(json).beside_gguf(&metadata);
            gguf.clone().under(file).eos_token_id
        };
        assert_eq!(ends(br#"{"eos_token_id": 2}"#), [2, 7]);
        assert_eq!(ends(br#"{"eos_token_id": [9, 2]}"#), [2, 7, 9]);
        assert_eq!(ends(b"{}"), [2, 7]);
    }

    #[test]
    fn gguf_files_have_settings_too() {
        let metadata = Metadata(
            [
                ("tokenizer.ggml.eos_token_id", Entry::Int(3)),
                ("tokenizer.ggml.eom_token_id", Entry::Int(5)),
                (
                    "tokenizer.ggml.eos_token_ids",
                    Entry::Array(vec![Entry::Int(3), Entry::Int(8)]),
                ),
                ("general.sampling.temp", Entry::Float(f64::from(0.7f32))),
                ("general.sampling.top_k", Entry::Int(20)),
            ]
            .map(|(key, value)| (key.to_string(), value))
            .into(),
        );
        let config = GenerationConfig::from_gguf(&metadata, None);
        assert_eq!(config.eos_token_id, [3, 5, 8]);
        assert_eq!(
            (config.source, config.settings.temperature),
            (Some("GGUF"), Some(0.7))
        );
        let greedy = Metadata([("general.sampling.temp".into(), Entry::Float(0.0))].into());
        let greedy = GenerationConfig::from_gguf(&greedy, None).settings;
        assert_eq!((greedy.do_sample, greedy.temperature), (Some(false), None));
    }
}
