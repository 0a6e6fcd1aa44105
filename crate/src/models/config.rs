//! Which architecture a folder holds, and the checks that all configurations share.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::albert::AlbertConfig;
use super::bert::BertConfig;
use super::distilbert::DistilBertConfig;
use super::gpt2::Gpt2Config;
use super::llama::{LlamaConfig, RopeScaling};
use super::openai_gpt::OpenAiGptConfig;
use super::roberta::RobertaConfig;
use crate::error::{Error, Result};
use crate::nn::rope::Pairs;
use crate::weights::{Metadata, Placement, Value};

/// The configuration of a model of any architecture that we run.
#[derive(Debug, Clone, PartialEq)]
pub enum Config {
    /// BERT (Devlin et al. 2019).
    Bert(BertConfig),
    /// DistilBERT (Sanh et al. 2019).
    DistilBert(DistilBertConfig),
    /// RoBERTa (Liu et al. 2019).
    Roberta(RobertaConfig),
    /// ALBERT (Lan et al. 2020).
    Albert(AlbertConfig),
    /// GPT-2 (Radford et al. 2019).
    Gpt2(Gpt2Config),
    /// Llama (Touvron et al. 2023).
    Llama(LlamaConfig),
    /// GPT-1 (Radford et al. 2018).
    OpenAiGpt(OpenAiGptConfig),
}

/// What errors say is run.
const RUNS: &str = "bert, distilbert, roberta, albert, gpt2, openai-gpt and llama";

impl Config {
    /// Reads a Hugging Face `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], or [`Error::Unsupported`] for an architecture that we do not run.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct ModelType {
            model_type: Option<String>,
            #[serde(default)]
            architectures: Option<Vec<String>>,
        }
        let kind: ModelType = parse(bytes)?;
        let architectures = kind.architectures.unwrap_or_default();
        let named = |prefix: &str| architectures.iter().any(|name| name.starts_with(prefix));
        // Old configs have no model_type.
        let model_type = kind.model_type.unwrap_or_else(|| match () {
            () if named("Bert") => "bert".into(),
            () if named("DistilBert") => "distilbert".into(),
            () if named("Roberta") => "roberta".into(),
            () if named("Albert") => "albert".into(),
            () if named("GPT2") => "gpt2".into(),
            () if named("Llama") => "llama".into(),
            () if named("OpenAIGPT") => "openai-gpt".into(),
            () => String::new(),
        });
        match model_type.as_str() {
            "bert" => Ok(Config::Bert(BertConfig::from_json(bytes)?)),
            "distilbert" => Ok(Config::DistilBert(DistilBertConfig::from_json(bytes)?)),
            "roberta" => Ok(Config::Roberta(RobertaConfig::from_json(bytes)?)),
            "albert" => Ok(Config::Albert(AlbertConfig::from_json(bytes)?)),
            "gpt2" => Ok(Config::Gpt2(Gpt2Config::from_json(bytes)?)),
            "llama" => Ok(Config::Llama(LlamaConfig::from_json(bytes)?)),
            "openai-gpt" => Ok(Config::OpenAiGpt(OpenAiGptConfig::from_json(bytes)?)),
            "" => Err(Error::InvalidConfig(
                "it names no \"model_type\". Check that it is the config.json of a model.".into(),
            )),
            other => Err(Error::Unsupported(format!(
                "models of type \"{other}\"; Cloze runs {RUNS}"
            ))),
        }
    }

    /// Reads the key-value pairs of a GGUF file, for folders without `config.json`.
    ///
    /// # Errors
    /// As [`Config::from_json`].
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        match metadata.string("general.architecture") {
            Some("bert") => Ok(Config::Bert(BertConfig::from_gguf(metadata)?)),
            Some("gpt2") => Ok(Config::Gpt2(Gpt2Config::from_gguf(metadata)?)),
            Some("llama") => Ok(Config::Llama(LlamaConfig::from_gguf(metadata)?)),
            Some(other) => Err(Error::Unsupported(format!(
                "GGUF files of architecture \"{other}\"; Cloze reads those of bert, gpt2 and llama"
            ))),
            None => Err(Error::InvalidConfig(
                "the GGUF file names no \"general.architecture\"".into(),
            )),
        }
    }

    /// The same beside a `config.json`: what it says of the same architecture counts where the GGUF file says nothing,
    /// and if the file lacks what it must say. So a file that runs alone runs beside any `config.json`.
    ///
    /// # Errors
    /// As [`Config::from_json`].
    pub fn from_gguf_beside(metadata: &Metadata, json: Option<Result<Self>>) -> Result<Self> {
        let json = json.and_then(Result::ok);
        let config = match (Self::from_gguf(metadata), &json) {
            (Err(Error::InvalidConfig(_)), Some(json)) => return json.clone().for_gguf(),
            (config, _) => config?,
        };
        Ok(match (config, json) {
            (Config::Bert(config), Some(Config::Bert(json))) => Config::Bert(BertConfig {
                hidden_act: json.hidden_act,
                type_vocab_size: metadata
                    .usize(TYPE_COUNT)
                    .map_or(json.type_vocab_size, |_| config.type_vocab_size),
                tie_word_embeddings: json.tie_word_embeddings,
                ..config
            }),
            (Config::Gpt2(config), Some(Config::Gpt2(json))) => Config::Gpt2(Gpt2Config {
                activation_function: json.activation_function,
                scale_attn_weights: json.scale_attn_weights,
                scale_attn_by_inverse_layer_idx: json.scale_attn_by_inverse_layer_idx,
                tie_word_embeddings: json.tie_word_embeddings,
                eos_token_id: both(config.eos_token_id, json.eos_token_id),
                ..config
            }),
            (Config::Llama(config), Some(Config::Llama(json))) => Config::Llama(LlamaConfig {
                eos_token_id: both(config.eos_token_id, json.eos_token_id),
                ..config
            }),
            (config, _) => config,
        })
    }

    /// Where a tensor of a safetensors file belongs.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        match self {
            Config::Bert(config) => config.place_safetensors(name),
            Config::DistilBert(config) => config.place_safetensors(name),
            Config::Roberta(config) => config.place_safetensors(name),
            Config::Albert(config) => config.place_safetensors(name),
            Config::Gpt2(config) => config.place_safetensors(name),
            Config::Llama(config) => config.place_safetensors(name),
            Config::OpenAiGpt(config) => config.place_safetensors(name),
        }
    }

    /// The same model where its weights come from a GGUF file, which has some rows in another order. What angles are
    /// divided by is in the file as a tensor.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for architectures that llama.cpp does not name in such files.
    pub fn for_gguf(mut self) -> Result<Self> {
        let model_type = match &mut self {
            Config::Bert(_) | Config::Gpt2(_) => return Ok(self),
            Config::Llama(config) => {
                config.rope_pairs = Pairs::Neighbours;
                if matches!(config.rope_scaling, RopeScaling::Llama3 { .. }) {
                    config.rope_scaling = RopeScaling::Default;
                }
                return Ok(self);
            }
            Config::DistilBert(_) => "distilbert",
            Config::Roberta(_) => "roberta",
            Config::Albert(_) => "albert",
            Config::OpenAiGpt(_) => "openai-gpt",
        };
        Err(Error::Unsupported(format!(
            "GGUF files of {model_type} models; use their model.safetensors"
        )))
    }

    /// Where a tensor of a GGUF file belongs, of a configuration made [`Config::for_gguf`].
    pub fn place_gguf(&self, name: &str) -> Placement {
        match self {
            Config::Bert(config) => config.place_gguf(name),
            Config::Gpt2(config) => config.place_gguf(name),
            Config::Llama(config) => config.place_gguf(name),
            _ => Placement::Skip,
        }
    }
}

/// JSON of a known form.
pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes)
        .map_err(|error| Error::InvalidConfig(format!("config.json: {error}")))
}

/// The same, where a context may be called `n_positions`, `n_ctx`, or, in old checkpoints, both: serde would
/// take that for a field that comes twice.
pub(super) fn parse_positions<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut value: serde_json::Value = parse(bytes)?;
    if let Some(fields) = value.as_object_mut() {
        if fields.contains_key("n_positions") {
            fields.remove("n_ctx");
        }
    }
    serde_json::from_value(value)
        .map_err(|error| Error::InvalidConfig(format!("config.json: {error}")))
}

/// `eos_token_id`: a token's id or a list of such.
pub(super) fn one_or_many<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<u32>, D::Error> {
    use serde_json::Value;
    let id = |value: &Value| {
        let id = value.as_u64().and_then(|id| u32::try_from(id).ok());
        id.ok_or_else(|| {
            serde::de::Error::custom(format!("\"eos_token_id\" is {value}, which is no token"))
        })
    };
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        Value::Array(ids) => ids.iter().map(id).collect(),
        one => Ok(vec![id(&one)?]),
    }
}

/// A value of a GGUF file that must be there.
pub(super) fn required(metadata: &Metadata, key: &str) -> Result<usize> {
    metadata
        .usize(key)
        .ok_or_else(|| Error::InvalidConfig(format!("the GGUF file has no number \"{key}\"")))
}

/// Tokens in a GGUF file's vocabulary; of a file without one, what it says at `key`.
pub(super) fn vocabulary(metadata: &Metadata, key: &str) -> Result<usize> {
    match metadata.0.get("tokenizer.ggml.tokens") {
        Some(Value::Array(tokens)) => Ok(tokens.len()),
        _ => required(metadata, key),
    }
}

/// The tokens that end a text by a GGUF file: of a text, and of a turn in a conversation.
pub(super) fn end_tokens(metadata: &Metadata) -> Vec<u32> {
    ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"]
        .into_iter()
        .filter_map(|key| metadata.usize(key))
        .filter_map(|id| u32::try_from(id).ok())
        .collect()
}

/// All ids of two lists, once each.
fn both(mut ids: Vec<u32>, more: Vec<u32>) -> Vec<u32> {
    ids.extend(more);
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// serde's default for what is set unless a file says otherwise.
pub(super) fn yes() -> bool {
    true
}

/// Where a GGUF file has the number of segments.
pub(super) const TYPE_COUNT: &str = "tokenizer.ggml.token_type_count";

/// Sizes beyond these are no model of our kinds, and would overflow what a shape can say.
const MAX_SIZE: usize = 1 << 24;

/// Refuses sizes that are zero or absurd.
pub(super) fn check_sizes(sizes: &[(&str, usize)]) -> Result<()> {
    match sizes
        .iter()
        .find(|(_, size)| !(1..=MAX_SIZE).contains(size))
    {
        Some((name, size)) => Err(Error::InvalidConfig(format!("\"{name}\" is {size}"))),
        None => Ok(()),
    }
}

/// The hidden state must divide into heads.
pub(super) fn check_heads(hidden: usize, heads: usize) -> Result<()> {
    match hidden % heads {
        0 => Ok(()),
        _ => Err(Error::InvalidConfig(format!(
            "a hidden size of {hidden} does not divide into {heads} heads"
        ))),
    }
}

/// Positions in an encoder: only those of a table are run.
pub(super) fn check_positions(kind: Option<&str>) -> Result<()> {
    match kind {
        None | Some("absolute") => Ok(()),
        Some(kind) => Err(Error::Unsupported(format!(
            "position embeddings of type \"{kind}\""
        ))),
    }
}

/// The small number of a layer norm.
pub(super) fn check_eps(name: &str, eps: f64) -> Result<()> {
    match eps.is_finite() && (0.0..1.0).contains(&eps) {
        true => Ok(()),
        false => Err(Error::InvalidConfig(format!("\"{name}\" is {eps}"))),
    }
}

/// Translates `STEM.weight` or `PREFIX3.STEM.bias` by a table of stems, the block prefix included;
/// `None` if the stem is not in the table.
pub(super) fn renamed(
    name: &str,
    table: &[(&str, &str)],
    from_prefix: &str,
    to_prefix: &str,
) -> Option<String> {
    let (stem, kind) = name.rsplit_once('.')?;
    let translate = |stem: &str| {
        table
            .iter()
            .find(|(from, _)| *from == stem)
            .map(|(_, to)| *to)
    };
    match stem
        .strip_prefix(from_prefix)
        .and_then(|rest| rest.split_once('.'))
    {
        Some((block, stem)) => Some(format!("{to_prefix}{block}.{}.{kind}", translate(stem)?)),
        None => Some(format!("{}.{kind}", translate(stem)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_translated_both_ways() {
        let (gguf, ours) = (
            "blk.3.attn_q.weight",
            "encoder.layer.3.attention.self.query.weight",
        );
        assert_eq!(BertConfig::gguf_name(ours).as_deref(), Some(gguf));
        assert_eq!(
            renamed(
                gguf,
                &[("attn_q", "attention.self.query")],
                "blk.",
                "encoder.layer."
            )
            .as_deref(),
            Some(ours)
        );
        assert_eq!(
            Gpt2Config::gguf_name("h.11.mlp.c_fc.bias").as_deref(),
            Some("blk.11.ffn_up.bias")
        );
        assert_eq!(
            BertConfig::gguf_name("cls.predictions.bias"),
            None,
            "llama.cpp has no MLM head"
        );
    }
}
