//! Which architecture a folder holds, and the checks that all configurations share.

use serde::Deserialize;

use super::bert::BertConfig;
use super::gpt2::Gpt2Config;
use crate::error::{Error, Result};
use crate::weights::{Metadata, Placement};

/// The configuration of a model of any architecture that we run.
#[derive(Debug, Clone, PartialEq)]
pub enum Config {
    /// BERT (Devlin et al. 2019).
    Bert(BertConfig),
    /// GPT-2 (Radford et al. 2019).
    Gpt2(Gpt2Config),
}

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
            () if named("GPT2") => "gpt2".into(),
            () => String::new(),
        });
        match model_type.as_str() {
            "bert" => Ok(Config::Bert(BertConfig::from_json(bytes)?)),
            "gpt2" => Ok(Config::Gpt2(Gpt2Config::from_json(bytes)?)),
            "" => Err(Error::InvalidConfig(
                "it names no \"model_type\". Check that it is the config.json of a model.".into(),
            )),
            other => Err(Error::Unsupported(format!(
                "models of type \"{other}\"; Cloze runs \"bert\" and \"gpt2\""
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
            Some(other) => Err(Error::Unsupported(format!(
                "GGUF models of architecture \"{other}\"; Cloze runs \"bert\" and \"gpt2\""
            ))),
            None => Err(Error::InvalidConfig(
                "the GGUF file names no \"general.architecture\"".into(),
            )),
        }
    }

    /// Where a tensor of a safetensors file belongs.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        match self {
            Config::Bert(config) => config.place_safetensors(name),
            Config::Gpt2(config) => config.place_safetensors(name),
        }
    }

    /// Where a tensor of a GGUF file belongs.
    pub fn place_gguf(&self, name: &str) -> Placement {
        match self {
            Config::Bert(config) => config.place_gguf(name),
            Config::Gpt2(config) => config.place_gguf(name),
        }
    }
}

/// JSON of a known form.
pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes)
        .map_err(|error| Error::InvalidConfig(format!("config.json: {error}")))
}

/// A value of a GGUF file that must be there.
pub(super) fn required(metadata: &Metadata, key: &str) -> Result<usize> {
    metadata
        .usize(key)
        .ok_or_else(|| Error::InvalidConfig(format!("the GGUF file has no number \"{key}\"")))
}

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
