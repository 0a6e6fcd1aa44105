//! Sizes of models, from their configurations as inference reads them.

use crate::error::{Error, Result as CoreResult};
use crate::models::{bert, gpt2, Config};
use crate::nn::Activation;
use crate::train::error::{Result, TrainError};
use crate::train::models::bert::BertConfig;
use crate::train::models::elmo::ElmoConfig;
use crate::train::models::gpt::GptConfig;

/// Sizes of a model that can be trained further.
#[derive(Debug, Clone, PartialEq)]
pub enum FileConfig {
    /// BERT
    Bert(BertConfig),
    /// GPT-2
    Gpt(GptConfig),
    /// ELMo
    Elmo(ElmoConfig),
}

impl FileConfig {
    /// Of a configuration; `rows` are those of the table of tokens.
    pub(super) fn of(config: &Config, rows: Option<usize>) -> Result<Self> {
        if let Some(config) = config.checkpoint_of::<gpt2::Gpt2Config>() {
            return Ok(Self::Gpt(GptConfig {
                vocab_size: rows.unwrap_or(config.vocab_size),
                ..gpt_config(config)?
            }));
        }
        if let Some(config) = config.checkpoint_of::<bert::BertConfig>() {
            return Ok(Self::Bert(BertConfig {
                vocab_size: rows.unwrap_or(config.vocab_size),
                ..bert_config(config)?
            }));
        }
        Err(unsupported(config.architecture().model_type))
    }

    /// Tokens in the vocabulary.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Bert(config) => config.vocab_size,
            Self::Gpt(config) => config.vocab_size,
            Self::Elmo(config) => config.vocab_size,
        }
    }
}

pub(super) fn unsupported(what: &str) -> TrainError {
    Error::Unsupported(format!("training of {what}; BERT and GPT-2 are trained")).into()
}

fn gpt_config(config: &gpt2::Gpt2Config) -> Result<GptConfig> {
    if config.activation_function != Activation::GeluNew {
        return Err(unsupported("a GPT-2 with another function than gelu_new"));
    }
    if !config.scale_attn_weights || config.scale_attn_by_inverse_layer_idx {
        return Err(unsupported("a GPT-2 with scores scaled in another way"));
    }
    Ok(GptConfig {
        vocab_size: config.vocab_size,
        n_positions: config.n_positions,
        n_embd: config.n_embd,
        n_layer: config.n_layer,
        n_head: config.n_head,
        n_inner: config.n_inner,
        layer_norm_epsilon: config.layer_norm_epsilon,
    })
}

fn bert_config(config: &bert::BertConfig) -> Result<BertConfig> {
    if config.hidden_act != Activation::Gelu {
        return Err(unsupported("a BERT with another function than gelu"));
    }
    if config.type_vocab_size != 2 {
        return Err(unsupported("a BERT with another number of segments than 2"));
    }
    Ok(BertConfig {
        vocab_size: config.vocab_size,
        hidden_size: config.hidden_size,
        num_hidden_layers: config.num_hidden_layers,
        num_attention_heads: config.num_attention_heads,
        intermediate_size: config.intermediate_size,
        max_position_embeddings: config.max_position_embeddings,
        layer_norm_eps: config.layer_norm_eps,
    })
}

/// Within the sizes that a run can have made.
pub(in crate::train) fn check_elmo(config: &ElmoConfig) -> CoreResult<()> {
    let sizes = [
        ("vocab_size", config.vocab_size, 65_536),
        ("hidden_size", config.hidden_size, 2048),
        ("num_hidden_layers", config.num_hidden_layers, 48),
    ];
    for (name, size, most) in sizes {
        if !(1..=most).contains(&size) {
            return Err(Error::InvalidConfig(format!("\"{name}\" is {size}")));
        }
    }
    Ok(())
}
