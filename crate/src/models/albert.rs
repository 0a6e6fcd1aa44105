//! ALBERT: "A Lite BERT for Self-supervised Learning of Language Representations" (Lan et al. 2020).
//!
//! BERT's encoder with two economies: token embeddings narrower than the hidden states (and a linear layer
//! between them), and blocks that share their parameters. Its sentence-order head is no next-sentence head
//! and is not read. Names are the checkpoint's.

use serde::Deserialize;

use super::embedded::Embedded;
use super::encoder::{Encoder, EncoderInput};
use super::fields::{bert_eps, gelu_new, two_segments, yes};
use super::fine_tuning::FineTuning;
use super::heads::{ClassifierNames, Heads, MlmHead, MlmNames, MlmSizes};
use super::info::{ModelInfo, Reads, Size};
use super::observer::Observer;
use super::parameters::linear;
use super::post_norm::{run_layers, EmbeddingSizes, Embeddings, Layer, LayerNames, LayerSizes};
use crate::error::Result;
use crate::nn::{elementary, Activation, Embedding, Linear};
use crate::weights::Weights;

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
    /// Attention heads per block.
    pub num_attention_heads: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Non-linearity of the feed-forward layers and of the masked-word head.
    #[serde(default = "gelu_new")]
    pub hidden_act: Activation,
    /// The most positions the model can read.
    pub max_position_embeddings: usize,
    /// Number of segments.
    #[serde(default = "two_segments")]
    pub type_vocab_size: usize,
    /// Added to the variance in layer norms.
    #[serde(default = "bert_eps")]
    pub layer_norm_eps: f64,
    /// Whether the decoder of the masked-word head is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// What fine-tuning has added.
    #[serde(skip)]
    pub fine_tuning: FineTuning,
}

/// ALBERT with its masked-word head, if its checkpoint has it.
pub struct Albert {
    config: AlbertConfig,
    /// `embeddings`: LayerNorm(word + position + token_type), `[embedding_size]` a token
    embeddings: Embeddings,
    /// `encoder.embedding_hidden_mapping_in`, `[hidden_size, embedding_size]`
    embedding_hidden_mapping_in: Linear,
    /// `encoder.albert_layer_groups`, one block each: y = LayerNorm(a + mlp(a)) with a = LayerNorm(x + attention(x))
    albert_layer_groups: Vec<Layer>,
    /// `predictions`
    heads: Heads,
    size: Size,
}

impl Encoder for Albert {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: MODEL_TYPE,
            reads: Reads::Both,
            heads: self.heads.names(),
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size: self.size,
            dtype: self.embeddings.dtype(),
        }
    }

    fn run(&self, input: &EncoderInput, observe: &mut dyn Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_position_embeddings)?;
        let xs = self.embeddings.forward(input, input.positions())?; // [batch · len, embedding_size]
        let xs = self.embedding_hidden_mapping_in.forward(&xs)?; // [batch · len, hidden_size]
        let layers = (0..self.config.num_hidden_layers)
            .map(|layer| &self.albert_layer_groups[self.config.group(layer)]);
        run_layers(layers, xs, input, observe)
    }

    fn embed(&self, input: &EncoderInput) -> Result<Embedded> {
        input.check(self.config.max_position_embeddings)?;
        self.embeddings.parts(input, input.positions())
    }

    fn word_embeddings(&self) -> &Embedding {
        self.embeddings.word()
    }

    fn heads(&self) -> &Heads {
        &self.heads
    }
}

impl Albert {
    /// Takes the parameters by their checkpoint names. The head is there if its tensors are.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: AlbertConfig, weights: &Weights) -> Result<Self> {
        let (hidden, eps, act) = (config.hidden_size, config.layer_norm_eps, config.hidden_act);
        let embedding_sizes = EmbeddingSizes {
            vocab: config.vocab_size,
            positions: config.max_position_embeddings,
            segments: config.type_vocab_size,
            size: config.embedding_size,
            eps,
        };
        let layer_sizes = LayerSizes {
            hidden,
            intermediate: config.intermediate_size,
            heads: config.num_attention_heads,
            eps,
            act,
        };
        let mlm_sizes = MlmSizes {
            hidden,
            vocab: config.vocab_size,
            embedding: config.embedding_size,
            eps,
            act,
        };
        let embeddings = Embeddings::load(weights, &embedding_sizes)?;
        let group = |group| {
            let name = format!("encoder.albert_layer_groups.{group}.albert_layers.0");
            Layer::load(weights, layer_sizes, &name, &LAYER_NAMES)
        };
        let mapping = "encoder.embedding_hidden_mapping_in";
        Ok(Self {
            embeddings,
            embedding_hidden_mapping_in: linear(weights, mapping, config.embedding_size, hidden)?,
            albert_layer_groups: (0..config.num_hidden_groups)
                .map(group)
                .collect::<Result<_>>()?,
            heads: Heads {
                mlm: MlmHead::load(weights, mlm_sizes, &MLM_NAMES)?,
                ..Heads::of_fine_tuning(weights, hidden, &config.fine_tuning, &CLASSIFIER_NAMES)?
            },
            size: weights.into(),
            config,
        })
    }
}

impl AlbertConfig {
    /// The set of parameters that a block uses.
    fn group(&self, layer: usize) -> usize {
        layer * self.num_hidden_groups / self.num_hidden_layers
    }
}

fn one() -> usize {
    1
}

pub(super) const MODEL_TYPE: &str = "albert";

const LAYER_NAMES: LayerNames = LayerNames {
    query: "attention.query",
    key: "attention.key",
    value: "attention.value",
    attention_output_dense: "attention.dense",
    attention_output_layer_norm: "attention.LayerNorm",
    intermediate_dense: "ffn",
    output_dense: "ffn_output",
    output_layer_norm: "full_layer_layer_norm",
};

pub(super) const MLM_NAMES: MlmNames = MlmNames {
    transform: "predictions.dense",
    layer_norm: "predictions.LayerNorm",
    decoder: "predictions.decoder",
    bias: "predictions.bias",
};

const CLASSIFIER_NAMES: ClassifierNames = ClassifierNames {
    dense: "pooler",
    act: elementary::tanh,
    classifier: "classifier",
};
