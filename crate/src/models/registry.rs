//! The architectures that are run, one row each, and which of them a folder holds.

use std::sync::Arc;

use serde::Deserialize;

use super::albert::{self, AlbertConfig};
use super::bert::{self, BertConfig};
use super::checkpoints::{self, Checkpoint};
use super::distilbert::{self, DistilBertConfig};
use super::fields::parse;
use super::generation_config::GenerationConfig;
use super::gpt2::{self, Gpt2Config};
use super::info::{HeadNames, Reads};
use super::llama::{self, LlamaConfig};
use super::model::Model;
use super::openai_gpt::{self, OpenAiGptConfig};
use super::roberta::{self, RobertaConfig};
use crate::error::{Error, Result};
use crate::gguf::Metadata;
use crate::weights::{Header, Placement, Weights};

/// A configuration of one of the architectures.
type AnyCheckpoint = Arc<dyn Checkpoint>;

/// What is known of an architecture before a model of it is loaded.
#[derive(Debug)]
pub struct Architecture {
    /// `model_type` in `config.json`.
    pub model_type: &'static str,
    /// The direction in which its models read.
    pub reads: Reads,
    /// The heads that checkpoints of it may have.
    pub heads: HeadNames,
    /// Whether some of its models are made for conversations: a chat template may lie beside the weights.
    pub chats: bool,
    /// How the names in `architectures` of old `config.json` begin, which have no `model_type`.
    class: &'static str,
    from_json: fn(&[u8]) -> Result<AnyCheckpoint>,
    /// If GGUF files of it are read.
    gguf: Option<Gguf>,
}

/// How an architecture is written in GGUF files.
#[derive(Debug)]
struct Gguf {
    /// `general.architecture`
    name: &'static str,
    /// Reads the key-value pairs. A `config.json` of the same architecture fills in what they lack.
    from_metadata: fn(&Metadata, Option<&dyn Checkpoint>) -> Result<AnyCheckpoint>,
}

/// The architectures that are run, one row each.
pub static ARCHITECTURES: &[Architecture] = &[
    Architecture {
        model_type: bert::MODEL_TYPE,
        reads: Reads::Both,
        heads: HeadNames {
            nsp: true,
            ..HeadNames::ENCODER
        },
        chats: false,
        class: "Bert",
        from_json: |bytes| shared(BertConfig::from_json(bytes)),
        gguf: Some(Gguf {
            name: "bert",
            from_metadata: |metadata, json| {
                shared(checkpoints::bert_from_gguf(metadata, same(json)))
            },
        }),
    },
    Architecture {
        model_type: distilbert::MODEL_TYPE,
        reads: Reads::Both,
        heads: HeadNames::ENCODER,
        chats: false,
        class: "DistilBert",
        from_json: |bytes| shared(DistilBertConfig::from_json(bytes)),
        gguf: None,
    },
    Architecture {
        model_type: roberta::MODEL_TYPE,
        reads: Reads::Both,
        heads: HeadNames::ENCODER,
        chats: false,
        class: "Roberta",
        from_json: |bytes| shared(RobertaConfig::from_json(bytes)),
        gguf: None,
    },
    Architecture {
        model_type: albert::MODEL_TYPE,
        reads: Reads::Both,
        heads: HeadNames::ENCODER,
        chats: false,
        class: "Albert",
        from_json: |bytes| shared(AlbertConfig::from_json(bytes)),
        gguf: None,
    },
    Architecture {
        model_type: gpt2::MODEL_TYPE,
        reads: Reads::LeftToRight,
        heads: HeadNames {
            sequence_classification: true,
            ..HeadNames::LM
        },
        chats: true,
        class: "GPT2",
        from_json: |bytes| shared(Gpt2Config::from_json(bytes)),
        gguf: Some(Gguf {
            name: "gpt2",
            from_metadata: |metadata, json| {
                shared(checkpoints::gpt2_from_gguf(metadata, same(json)))
            },
        }),
    },
    Architecture {
        model_type: openai_gpt::MODEL_TYPE,
        reads: Reads::LeftToRight,
        heads: HeadNames::LM,
        chats: false,
        class: "OpenAIGPT",
        from_json: |bytes| shared(OpenAiGptConfig::from_json(bytes)),
        gguf: None,
    },
    Architecture {
        model_type: llama::MODEL_TYPE,
        reads: Reads::LeftToRight,
        heads: HeadNames::LM,
        chats: true,
        class: "Llama",
        from_json: |bytes| shared(LlamaConfig::from_json(bytes)),
        gguf: Some(Gguf {
            name: "llama",
            from_metadata: |metadata, json| {
                shared(checkpoints::llama_from_gguf(metadata, same(json)))
            },
        }),
    },
];

fn shared<C: Checkpoint + 'static>(config: Result<C>) -> Result<AnyCheckpoint> {
    Ok(Arc::new(config?))
}

/// A configuration, if it is of the architecture `C`.
fn same<C: 'static>(config: Option<&dyn Checkpoint>) -> Option<&C> {
    config?.as_any().downcast_ref()
}

/// `a, b and c`
fn listed(names: impl Iterator<Item = &'static str>) -> String {
    let mut names: Vec<_> = names.collect();
    let last = names.pop().unwrap_or_default();
    format!("{} and {last}", names.join(", "))
}

/// The architecture that a Hugging Face `config.json` names, whether or not its sizes make sense.
///
/// # Errors
/// [`Error::InvalidConfig`], [`Error::MalformedConfig`], or [`Error::Unsupported`] for an architecture that is not run.
pub fn architecture_of(config_json: &[u8]) -> Result<&'static Architecture> {
    #[derive(Deserialize)]
    struct Named {
        model_type: Option<String>,
        #[serde(default)]
        architectures: Option<Vec<String>>,
    }
    let named: Named = parse(config_json)?;
    let nameless = || {
        Error::InvalidConfig(
            "it names no \"model_type\". Check that it is the config.json of a model.".into(),
        )
    };
    let Some(model_type) = named.model_type else {
        // Old configs name their class alone.
        let classes = named.architectures.unwrap_or_default();
        let is_of = |row: &&Architecture| classes.iter().any(|name| name.starts_with(row.class));
        return ARCHITECTURES.iter().find(is_of).ok_or_else(nameless);
    };
    let mut rows = ARCHITECTURES.iter();
    rows.find(|row| row.model_type == model_type)
        .ok_or_else(|| {
            if model_type.is_empty() {
                return nameless();
            }
            let known = listed(ARCHITECTURES.iter().map(|row| row.model_type));
            Error::Unsupported(format!(
                "models of type \"{model_type}\"; Cloze runs {known}"
            ))
        })
}

/// What a GGUF file is that is no language model.
fn no_model(metadata: &Metadata) -> Option<&'static str> {
    let named = |key: &str| metadata.string(key).unwrap_or_default();
    Some(
        match (named("general.type"), named("general.architecture")) {
            ("adapter", _) => "GGUF files of an adapter (LoRA), which changes another model",
            ("mmproj", _) | (_, "clip") => {
                "GGUF files of a projector (mmproj), which shows pictures or sound to another model"
            }
            ("imatrix", _) => "GGUF files of statistics for quantising (imatrix)",
            ("vocab", _) => "GGUF files of a vocabulary alone",
            _ => return None,
        },
    )
}

/// The row of a GGUF file's architecture, and how it is read.
fn architecture_of_gguf(metadata: &Metadata) -> Result<(&'static Architecture, &'static Gguf)> {
    let mut rows = ARCHITECTURES
        .iter()
        .filter_map(|row| row.gguf.as_ref().map(|gguf| (row, gguf)));
    if let Some(what) = no_model(metadata) {
        return Err(Error::Unsupported(format!(
            "{what}. Choose the model's own file."
        )));
    }
    let Some(name) = metadata.string("general.architecture") else {
        return Err(Error::InvalidConfig(
            "the GGUF file names no \"general.architecture\"".into(),
        ));
    };
    let known = listed(rows.clone().map(|(_, gguf)| gguf.name));
    rows.find(|(_, gguf)| gguf.name == name).ok_or_else(|| {
        Error::Unsupported(format!(
            "GGUF files of architecture \"{name}\"; Cloze reads those of {known}"
        ))
    })
}

/// The configuration of a model of any architecture that is run; a clone is the same one.
#[derive(Debug, Clone)]
pub struct Config {
    architecture: &'static Architecture,
    checkpoint: AnyCheckpoint,
}

impl Config {
    /// Reads a Hugging Face `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], [`Error::MalformedConfig`], or [`Error::Unsupported`] for an architecture that is not run.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let architecture = architecture_of(bytes)?;
        Ok(Self {
            architecture,
            checkpoint: (architecture.from_json)(bytes)?,
        })
    }

    /// Reads the key-value pairs of a GGUF file, for folders without `config.json`.
    ///
    /// # Errors
    /// As [`Config::from_json`].
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        Self::from_gguf_beside(metadata, None)
    }

    /// The same beside a `config.json`: what it says of the same architecture counts where the GGUF file says nothing,
    /// and if the file lacks what it must say. So a file that runs alone runs beside any `config.json`.
    ///
    /// # Errors
    /// As [`Config::from_json`].
    pub fn from_gguf_beside(metadata: &Metadata, json: Option<Result<Self>>) -> Result<Self> {
        let json = json.and_then(Result::ok);
        let beside = json.as_ref().map(|json| &*json.checkpoint);
        let config = architecture_of_gguf(metadata).and_then(|(architecture, gguf)| {
            Ok(Self {
                architecture,
                checkpoint: (gguf.from_metadata)(metadata, beside)?,
            })
        });
        match (config, json) {
            (Err(Error::InvalidConfig(_)), Some(json)) => json.for_gguf(),
            (config, _) => config,
        }
    }

    /// The same model where its weights come from a GGUF file, which has some rows in another order.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for architectures of which GGUF files are not read.
    pub fn for_gguf(self) -> Result<Self> {
        let architecture = self.architecture;
        match self.checkpoint.for_gguf() {
            Some(checkpoint) => Ok(Self {
                architecture,
                checkpoint,
            }),
            None => Err(Error::Unsupported(format!(
                "GGUF files of {} models; use their model.safetensors",
                architecture.model_type
            ))),
        }
    }

    /// The same model with its `generation_config.json`, if it writes.
    pub(super) fn with_generation(self, file: GenerationConfig) -> Self {
        Self {
            checkpoint: self
                .checkpoint
                .with_generation(file)
                .unwrap_or(self.checkpoint),
            ..self
        }
    }

    /// Rows of the token embedding.
    pub fn vocab_size(&self) -> usize {
        self.checkpoint.vocab_size()
    }

    /// The same model with as many rows as a GGUF file's token embedding has, and with as many labels as its classifier
    /// where no file names them (rerankers), if this is its header.
    pub(super) fn with_rows_of(mut self, header: &Header) -> Self {
        let rows = |name: &str| {
            let tensor = header.tensors.iter().find(|tensor| tensor.name == name)?;
            tensor.shape.first().copied()
        };
        let resized =
            rows("token_embd.weight").and_then(|rows| self.checkpoint.with_vocab_size(rows));
        self.checkpoint = resized.unwrap_or(self.checkpoint);
        let labelled = rows("cls.output.weight").and_then(|rows| self.checkpoint.with_labels(rows));
        self.checkpoint = labelled.unwrap_or(self.checkpoint);
        self
    }

    /// Its row among [`ARCHITECTURES`].
    pub fn architecture(&self) -> &'static Architecture {
        self.architecture
    }

    /// Where a tensor of a safetensors or PyTorch file belongs.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        self.checkpoint.place(name)
    }

    /// Where a tensor of a GGUF file belongs, of a configuration made [`Config::for_gguf`].
    pub fn place_gguf(&self, name: &str) -> Placement {
        self.checkpoint.place_gguf(name)
    }

    /// What a parameter is called in a GGUF file, if it has a name there.
    pub(super) fn gguf_name(&self, name: &str) -> Option<String> {
        self.checkpoint.gguf_name_of(name)
    }

    /// The configuration of its architecture, if that is the one of `C`.
    #[cfg(feature = "train")]
    pub(crate) fn checkpoint_of<C: 'static>(&self) -> Option<&C> {
        same(Some(&*self.checkpoint))
    }

    /// Refuses a GGUF file with tensors that change the result and are not read.
    pub(super) fn check_gguf(&self, header: &Header) -> Result<()> {
        self.checkpoint.check_gguf(header)
    }

    /// Puts the model together.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(&self, mut weights: Weights) -> Result<Model> {
        self.checkpoint.tie(&mut weights);
        self.checkpoint.load(&weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_is_told_before_its_sizes_are_read() {
        let row = architecture_of(br#"{"model_type": "llama"}"#).unwrap();
        assert!(row.chats && row.reads == Reads::LeftToRight);
        let row = architecture_of(br#"{"architectures": ["BertForMaskedLM"]}"#).unwrap();
        assert!(!row.chats && row.reads == Reads::Both);
        let error = architecture_of(br#"{"model_type": "t5"}"#).unwrap_err();
        let listed = "bert, distilbert, roberta, albert, gpt2, openai-gpt and llama";
        assert!(error.to_string().ends_with(listed), "{error}");
        let error = architecture_of(b"{}").unwrap_err();
        assert_eq!(error.code(), "invalid_config");
    }
}
