//! DistilBERT: "a distilled version of BERT: smaller, faster, cheaper and lighter" (Sanh et al. 2019).
//!
//! BERT's encoder with half as many blocks, without segments and pooler. Names are the checkpoint's.

use serde::Deserialize;

use super::config::{check_heads, check_sizes, parse, yes};
use super::encoder::{Encoder, EncoderInput};
use super::encoder_layers::{placed, run_layers, Embeddings, EncoderLayer, LayerNames, Sizes};
use super::heads::{Heads, MlmHead, MlmNames, MlmSizes};
use super::{ModelInfo, Observer, Size};
use crate::error::Result;
use crate::nn::Activation;
use crate::weights::{Placement, Weights};

/// `config.json` of a DistilBERT checkpoint, as far as it changes the arithmetic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DistilBertConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the hidden states.
    pub dim: usize,
    /// Number of blocks.
    pub n_layers: usize,
    /// Attention heads per block.
    pub n_heads: usize,
    /// Width inside the feed-forward layers.
    pub hidden_dim: usize,
    /// Non-linearity of the feed-forward layers and of the masked-word head.
    #[serde(default = "default_activation")]
    pub activation: Activation,
    /// The most positions the model can read. Sinusoidal ones are in the checkpoint like learned ones.
    pub max_position_embeddings: usize,
    /// Whether the decoder of the masked-word head is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
}

fn default_activation() -> Activation {
    Activation::Gelu
}

impl DistilBertConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::InvalidConfig`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let config: Self = parse(bytes)?;
        check_sizes(&[
            ("vocab_size", config.vocab_size),
            ("dim", config.dim),
            ("n_layers", config.n_layers),
            ("n_heads", config.n_heads),
            ("hidden_dim", config.hidden_dim),
            ("max_position_embeddings", config.max_position_embeddings),
        ])?;
        check_heads(config.dim, config.n_heads)?;
        Ok(config)
    }

    fn sizes(&self) -> Sizes {
        Sizes {
            hidden: self.dim,
            inner: self.hidden_dim,
            heads: self.n_heads,
            // Not in the config: DistilBERT has always had this one.
            eps: 1e-12,
            act: self.activation,
        }
    }

    /// With or without the `distilbert.` prefix.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        let name = name.strip_prefix("distilbert.").unwrap_or(name);
        let tied = self.tie_word_embeddings && name == MLM_NAMES.decoder_weight;
        let wanted = ["embeddings.", "transformer.layer.", "vocab_"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        match wanted && !tied && !name.ends_with("_ids") {
            true => placed(name),
            false => Placement::Skip,
        }
    }
}

const LAYER_NAMES: LayerNames = LayerNames {
    query: "attention.q_lin",
    key: "attention.k_lin",
    value: "attention.v_lin",
    attention_output: "attention.out_lin",
    attention_norm: "sa_layer_norm",
    up: "ffn.lin1",
    down: "ffn.lin2",
    norm: "output_layer_norm",
};

const MLM_NAMES: MlmNames = MlmNames {
    transform: "vocab_transform",
    layer_norm: "vocab_layer_norm",
    decoder_weight: "vocab_projector.weight",
    decoder_bias: "vocab_projector.bias",
};

/// DistilBERT with its masked-word head, if its checkpoint has it.
pub struct DistilBert {
    config: DistilBertConfig,
    embeddings: Embeddings,
    layers: Vec<EncoderLayer>,
    heads: Heads,
    size: Size,
}

impl DistilBert {
    /// Takes the parameters by their checkpoint names. The head is there if its tensors are.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: DistilBertConfig, weights: &Weights) -> Result<Self> {
        let sizes = config.sizes();
        let (vocab_size, positions) = (config.vocab_size, config.max_position_embeddings);
        let (embeddings, table) =
            Embeddings::load(weights, (vocab_size, positions, 0), config.dim, sizes.eps)?;
        let layers = (0..config.n_layers)
            .map(|index| {
                let prefix = format!("transformer.layer.{index}");
                EncoderLayer::load(weights, sizes, &prefix, &LAYER_NAMES)
            })
            .collect::<Result<_>>()?;
        let tied = config.tie_word_embeddings.then_some(table);
        let mlm_sizes = MlmSizes {
            hidden: config.dim,
            vocab: vocab_size,
            embedding: config.dim,
            eps: sizes.eps,
            act: sizes.act,
        };
        let mlm = MlmHead::load(weights, mlm_sizes, &MLM_NAMES, tied)?;
        Ok(Self {
            embeddings,
            layers,
            heads: Heads { mlm, nsp: None },
            size: weights.into(),
            config,
        })
    }
}

impl Encoder for DistilBert {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: "distilbert",
            hidden_size: config.dim,
            num_hidden_layers: config.n_layers,
            num_attention_heads: config.n_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size: self.size,
            dtype: self.embeddings.dtype(),
        }
    }

    fn run(&self, input: &EncoderInput, observe: &mut Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_position_embeddings)?;
        let xs = self.embeddings.forward(input, input.positions())?;
        run_layers(self.layers.iter(), xs, input, observe)
    }

    fn heads(&self) -> &Heads {
        &self.heads
    }
}
