//! DistilBERT: "a distilled version of BERT: smaller, faster, cheaper and lighter" (Sanh et al. 2019).
//!
//! BERT's encoder with half as many blocks, without segments and pooler. Names are the checkpoint's.

use serde::Deserialize;

use super::embedded::Embedded;
use super::encoder::{Encoder, EncoderInput};
use super::fields::{gelu, yes};
use super::fine_tuning::FineTuning;
use super::heads::{ClassifierNames, Heads, MlmHead, MlmNames, MlmSizes};
use super::info::{ModelInfo, Reads, Size};
use super::observer::Observer;
use super::post_norm::{run_layers, EmbeddingSizes, Embeddings, Layer, LayerNames, LayerSizes};
use crate::error::Result;
use crate::nn::{Activation, Embedding};
use crate::weights::Weights;

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
    #[serde(default = "gelu")]
    pub activation: Activation,
    /// The most positions the model can read. Sinusoidal ones are in the checkpoint like learned ones.
    pub max_position_embeddings: usize,
    /// Whether the decoder of the masked-word head is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// What fine-tuning has added.
    #[serde(skip)]
    pub fine_tuning: FineTuning,
}

/// DistilBERT with its masked-word head, if its checkpoint has it.
pub struct DistilBert {
    config: DistilBertConfig,
    /// `embeddings`: LayerNorm(word + position), `[dim]` a token
    embeddings: Embeddings,
    /// `transformer.layer`: y = LayerNorm(a + mlp(a)) with a = LayerNorm(x + attention(x))
    layer: Vec<Layer>,
    /// `vocab_transform`, `vocab_layer_norm`, `vocab_projector`
    heads: Heads,
    size: Size,
}

impl Encoder for DistilBert {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: MODEL_TYPE,
            reads: Reads::Both,
            heads: self.heads.names(),
            hidden_size: config.dim,
            num_hidden_layers: config.n_layers,
            num_attention_heads: config.n_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size: self.size,
            dtype: self.embeddings.dtype(),
        }
    }

    fn run(&self, input: &EncoderInput, observe: &mut dyn Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_position_embeddings)?;
        let xs = self.embeddings.forward(input, input.positions())?; // [batch · len, dim]
        run_layers(self.layer.iter(), xs, input, observe)
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

/// Not in the config: DistilBERT has always had this one.
const EPS: f64 = 1e-12;

impl DistilBert {
    /// Takes the parameters by their checkpoint names. The head is there if its tensors are.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: DistilBertConfig, weights: &Weights) -> Result<Self> {
        let layer_sizes = LayerSizes {
            hidden: config.dim,
            intermediate: config.hidden_dim,
            heads: config.n_heads,
            eps: EPS,
            act: config.activation,
        };
        let embedding_sizes = EmbeddingSizes {
            vocab: config.vocab_size,
            positions: config.max_position_embeddings,
            segments: 0,
            size: config.dim,
            eps: EPS,
        };
        let mlm_sizes = MlmSizes {
            hidden: config.dim,
            vocab: config.vocab_size,
            embedding: config.dim,
            eps: EPS,
            act: config.activation,
        };
        let embeddings = Embeddings::load(weights, &embedding_sizes)?;
        let layer = |index| {
            let name = format!("transformer.layer.{index}");
            Layer::load(weights, layer_sizes, &name, &LAYER_NAMES)
        };
        Ok(Self {
            embeddings,
            layer: (0..config.n_layers).map(layer).collect::<Result<_>>()?,
            heads: Heads {
                mlm: MlmHead::load(weights, mlm_sizes, &MLM_NAMES)?,
                ..Heads::of_fine_tuning(
                    weights,
                    config.dim,
                    &config.fine_tuning,
                    &CLASSIFIER_NAMES,
                )?
            },
            size: weights.into(),
            config,
        })
    }
}

pub(super) const MODEL_TYPE: &str = "distilbert";

const LAYER_NAMES: LayerNames = LayerNames {
    query: "attention.q_lin",
    key: "attention.k_lin",
    value: "attention.v_lin",
    attention_output_dense: "attention.out_lin",
    attention_output_layer_norm: "sa_layer_norm",
    intermediate_dense: "ffn.lin1",
    output_dense: "ffn.lin2",
    output_layer_norm: "output_layer_norm",
};

pub(super) const MLM_NAMES: MlmNames = MlmNames {
    transform: "vocab_transform",
    layer_norm: "vocab_layer_norm",
    decoder: "vocab_projector",
    bias: "vocab_projector.bias",
};

const CLASSIFIER_NAMES: ClassifierNames = ClassifierNames {
    dense: "pre_classifier",
    act: |value| value.max(0.0),
    classifier: "classifier",
};
