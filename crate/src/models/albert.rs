//! ALBERT: "A Lite BERT for Self-supervised Learning of Language Representations" (Lan et al. 2020).
//!
//! BERT's encoder with two economies: token embeddings narrower than the hidden states (and a linear layer
//! between them), and blocks that share their parameters. Its sentence-order head is no next-sentence head
//! and is not read. Names are the checkpoint's.

use serde::Deserialize;

use super::bert::{default_eps, default_type_vocab_size};
use super::config::{check_eps, check_heads, check_positions, check_sizes, parse, yes};
use super::encoder::{Encoder, EncoderInput};
use super::encoder_layers::{placed, run_layers, Embeddings, EncoderLayer, LayerNames, Sizes};
use super::heads::{Heads, MlmHead, MlmNames, MlmSizes};
use super::loader::linear;
use super::{ModelInfo, Observer, Size};
use crate::error::{Error, Result};
use crate::nn::{Activation, Linear};
use crate::weights::{Placement, Weights};

/// `config.json` of an ALBERT checkpoint, as far as it changes the arithmetic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AlbertConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the token embeddings.
    pub embedding_size: usize,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// How many sets of parameters the blocks share.
    #[serde(default = "one")]
    pub num_hidden_groups: usize,
    /// Blocks in a set; only 1 is run.
    #[serde(default = "one")]
    pub inner_group_num: usize,
    /// Attention heads per block.
    pub num_attention_heads: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Non-linearity of the feed-forward layers and of the masked-word head.
    #[serde(default = "default_activation")]
    pub hidden_act: Activation,
    /// The most positions the model can read.
    pub max_position_embeddings: usize,
    /// Number of segments.
    #[serde(default = "default_type_vocab_size")]
    pub type_vocab_size: usize,
    /// Added to the variance in layer norms.
    #[serde(default = "default_eps")]
    pub layer_norm_eps: f64,
    /// Whether the decoder of the masked-word head is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// How positions are encoded; only `absolute` is run.
    #[serde(default)]
    pub position_embedding_type: Option<String>,
}

fn one() -> usize {
    1
}

fn default_activation() -> Activation {
    Activation::GeluNew
}

impl AlbertConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], [`Error::Unsupported`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let config: Self = parse(bytes)?;
        check_sizes(&[
            ("vocab_size", config.vocab_size),
            ("embedding_size", config.embedding_size),
            ("hidden_size", config.hidden_size),
            ("num_hidden_layers", config.num_hidden_layers),
            ("num_hidden_groups", config.num_hidden_groups),
            ("inner_group_num", config.inner_group_num),
            ("num_attention_heads", config.num_attention_heads),
            ("intermediate_size", config.intermediate_size),
            ("max_position_embeddings", config.max_position_embeddings),
            ("type_vocab_size", config.type_vocab_size),
        ])?;
        check_heads(config.hidden_size, config.num_attention_heads)?;
        check_eps("layer_norm_eps", config.layer_norm_eps)?;
        check_positions(config.position_embedding_type.as_deref())?;
        if config.num_hidden_groups > config.num_hidden_layers {
            return Err(Error::InvalidConfig(format!(
                "{} layers cannot be in {} groups",
                config.num_hidden_layers, config.num_hidden_groups
            )));
        }
        if config.inner_group_num != 1 {
            return Err(Error::Unsupported(format!(
                "ALBERT with an \"inner_group_num\" of {}",
                config.inner_group_num
            )));
        }
        Ok(config)
    }

    /// The set of parameters that a block uses.
    fn group(&self, layer: usize) -> usize {
        layer * self.num_hidden_groups / self.num_hidden_layers
    }

    fn sizes(&self) -> Sizes {
        Sizes {
            hidden: self.hidden_size,
            inner: self.intermediate_size,
            heads: self.num_attention_heads,
            eps: self.layer_norm_eps,
            act: self.hidden_act,
        }
    }

    /// With or without the `albert.` prefix.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        let name = name.strip_prefix("albert.").unwrap_or(name);
        let tied = self.tie_word_embeddings && name == MLM_NAMES.decoder_weight;
        let wanted = ["embeddings.", "encoder.", "predictions."]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        let buffer = name.ends_with("_ids") || name == "predictions.decoder.bias";
        match wanted && !tied && !buffer {
            true => placed(name),
            false => Placement::Skip,
        }
    }
}

const LAYER_NAMES: LayerNames = LayerNames {
    query: "attention.query",
    key: "attention.key",
    value: "attention.value",
    attention_output: "attention.dense",
    attention_norm: "attention.LayerNorm",
    up: "ffn",
    down: "ffn_output",
    norm: "full_layer_layer_norm",
};

const MLM_NAMES: MlmNames = MlmNames {
    transform: "predictions.dense",
    layer_norm: "predictions.LayerNorm",
    decoder_weight: "predictions.decoder.weight",
    decoder_bias: "predictions.bias",
};

/// ALBERT with its masked-word head, if its checkpoint has it.
pub struct Albert {
    config: AlbertConfig,
    embeddings: Embeddings,
    /// `[hidden_size, embedding_size]`
    embedding_hidden_mapping_in: Linear,
    /// One per group.
    groups: Vec<EncoderLayer>,
    heads: Heads,
    size: Size,
}

impl Albert {
    /// Takes the parameters by their checkpoint names. The head is there if its tensors are.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: AlbertConfig, weights: &Weights) -> Result<Self> {
        let (vocab_size, width) = (config.vocab_size, config.embedding_size);
        let (embeddings, table) = Embeddings::load(
            weights,
            (
                vocab_size,
                config.max_position_embeddings,
                config.type_vocab_size,
            ),
            width,
            config.layer_norm_eps,
        )?;
        let mapping = "encoder.embedding_hidden_mapping_in";
        let groups = (0..config.num_hidden_groups)
            .map(|group| {
                let prefix = format!("encoder.albert_layer_groups.{group}.albert_layers.0");
                EncoderLayer::load(weights, config.sizes(), &prefix, &LAYER_NAMES)
            })
            .collect::<Result<_>>()?;
        let tied = config.tie_word_embeddings.then_some(table);
        let mlm_sizes = MlmSizes {
            hidden: config.hidden_size,
            vocab: vocab_size,
            embedding: width,
            eps: config.layer_norm_eps,
            act: config.hidden_act,
        };
        let mlm = MlmHead::load(weights, mlm_sizes, &MLM_NAMES, tied)?;
        Ok(Self {
            embeddings,
            embedding_hidden_mapping_in: linear(weights, mapping, width, config.hidden_size)?,
            groups,
            heads: Heads { mlm, nsp: None },
            size: weights.into(),
            config,
        })
    }
}

impl Encoder for Albert {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: "albert",
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size: self.size,
            dtype: self.embeddings.dtype(),
        }
    }

    fn run(&self, input: &EncoderInput, observe: &mut Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_position_embeddings)?;
        let xs = self.embeddings.forward(input, input.positions())?;
        let xs = self.embedding_hidden_mapping_in.forward(&xs)?;
        let layers =
            (0..self.config.num_hidden_layers).map(|layer| &self.groups[self.config.group(layer)]);
        run_layers(layers, xs, input, observe)
    }

    fn heads(&self) -> &Heads {
        &self.heads
    }
}
