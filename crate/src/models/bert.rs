//! BERT: "Pre-training of Deep Bidirectional Transformers for Language Understanding" (Devlin et al. 2019).
//!
//! Embeddings of words, positions and segments; blocks with layer norms last (`post_norm.rs`); on top, where the
//! checkpoint has them, the masked-word and the next-sentence head (`heads.rs`). Names are the checkpoint's.

use serde::Deserialize;

use super::embedded::Embedded;
use super::encoder::{Encoder, EncoderInput};
use super::fields::{bert_eps, gelu, two_segments, yes};
use super::fine_tuning::FineTuning;
use super::heads::{ClassifierNames, Heads, MlmHead, MlmNames, MlmSizes, NspHead};
use super::info::{ModelInfo, Reads, Size};
use super::observer::Observer;
use super::post_norm::{run_layers, EmbeddingSizes, Embeddings, Layer, LayerNames, LayerSizes};
use crate::error::Result;
use crate::nn::{elementary, Activation, Embedding};
use crate::weights::Weights;

/// `config.json` of a BERT checkpoint, as far as it changes the arithmetic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BertConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Attention heads per block.
    pub num_attention_heads: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Non-linearity of the feed-forward layers and the MLM transform.
    #[serde(default = "gelu")]
    pub hidden_act: Activation,
    /// The most positions the model can read.
    pub max_position_embeddings: usize,
    /// Number of segments, 2 in every pre-trained BERT.
    #[serde(default = "two_segments")]
    pub type_vocab_size: usize,
    /// Added to the variance in layer norms.
    #[serde(default = "bert_eps")]
    pub layer_norm_eps: f64,
    /// Whether the MLM decoder is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// What fine-tuning has added.
    #[serde(skip)]
    pub fine_tuning: FineTuning,
}

/// The encoder without its heads, which RoBERTa has as well.
pub(super) struct BertModel {
    /// `embeddings`: LayerNorm(word + position + token_type), `[hidden_size]` a token
    pub(super) embeddings: Embeddings,
    /// `encoder.layer`: y = LayerNorm(a + mlp(a)) with a = LayerNorm(x + attention(x))
    layer: Vec<Layer>,
}

impl BertModel {
    /// As [`Encoder::run`], with the row of the position table for each token → `[batch · len, hidden_size]`.
    pub(super) fn run(
        &self,
        input: &EncoderInput,
        positions: impl Iterator<Item = usize>,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        let xs = self.embeddings.forward(input, positions)?; // [batch · len, hidden_size]
        run_layers(self.layer.iter(), xs, input, observe)
    }

    pub(super) fn load(config: &BertConfig, weights: &Weights) -> Result<Self> {
        let sizes = EmbeddingSizes {
            vocab: config.vocab_size,
            positions: config.max_position_embeddings,
            segments: config.type_vocab_size,
            size: config.hidden_size,
            eps: config.layer_norm_eps,
        };
        let embeddings = Embeddings::load(weights, &sizes)?;
        let layer = |index| {
            let name = format!("encoder.layer.{index}");
            Layer::load(weights, config.layer_sizes(), &name, &LAYER_NAMES)
        };
        Ok(Self {
            embeddings,
            layer: (0..config.num_hidden_layers)
                .map(layer)
                .collect::<Result<_>>()?,
        })
    }

    /// BERT's names, sizes and capabilities.
    pub(super) fn info(&self, config: &BertConfig, heads: &Heads, size: Size) -> ModelInfo {
        ModelInfo {
            model_type: MODEL_TYPE,
            reads: Reads::Both,
            heads: heads.names(),
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size,
            dtype: self.embeddings.dtype(),
        }
    }
}

/// BERT with those heads that its checkpoint has.
pub struct Bert {
    config: BertConfig,
    bert: BertModel,
    /// `cls.predictions`, `cls.seq_relationship`
    heads: Heads,
    size: Size,
}

impl Encoder for Bert {
    fn info(&self) -> ModelInfo {
        self.bert.info(&self.config, &self.heads, self.size)
    }

    fn run(&self, input: &EncoderInput, observe: &mut dyn Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_position_embeddings)?;
        self.bert.run(input, input.positions(), observe)
    }

    fn embed(&self, input: &EncoderInput) -> Result<Embedded> {
        input.check(self.config.max_position_embeddings)?;
        self.bert.embeddings.parts(input, input.positions())
    }

    fn word_embeddings(&self) -> &Embedding {
        self.bert.embeddings.word()
    }

    fn heads(&self) -> &Heads {
        &self.heads
    }
}

impl Bert {
    /// Takes the parameters by their checkpoint names. A head is there if its tensors are.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: BertConfig, weights: &Weights) -> Result<Self> {
        let bert = BertModel::load(&config, weights)?;
        Ok(Self {
            heads: Heads {
                mlm: MlmHead::load(weights, config.mlm_sizes(), &MLM_NAMES)?,
                nsp: NspHead::load(weights, config.hidden_size)?,
                ..Heads::of_fine_tuning(
                    weights,
                    config.hidden_size,
                    &config.fine_tuning,
                    &CLASSIFIER_NAMES,
                )?
            },
            bert,
            size: weights.into(),
            config,
        })
    }
}

impl BertConfig {
    fn layer_sizes(&self) -> LayerSizes {
        LayerSizes {
            hidden: self.hidden_size,
            intermediate: self.intermediate_size,
            heads: self.num_attention_heads,
            eps: self.layer_norm_eps,
            act: self.hidden_act,
        }
    }

    pub(super) fn mlm_sizes(&self) -> MlmSizes {
        MlmSizes {
            hidden: self.hidden_size,
            vocab: self.vocab_size,
            embedding: self.hidden_size,
            eps: self.layer_norm_eps,
            act: self.hidden_act,
        }
    }
}

pub(super) const MODEL_TYPE: &str = "bert";

const LAYER_NAMES: LayerNames = LayerNames {
    query: "attention.self.query",
    key: "attention.self.key",
    value: "attention.self.value",
    attention_output_dense: "attention.output.dense",
    attention_output_layer_norm: "attention.output.LayerNorm",
    intermediate_dense: "intermediate.dense",
    output_dense: "output.dense",
    output_layer_norm: "output.LayerNorm",
};

pub(super) const MLM_NAMES: MlmNames = MlmNames {
    transform: "cls.predictions.transform.dense",
    layer_norm: "cls.predictions.transform.LayerNorm",
    decoder: "cls.predictions.decoder",
    bias: "cls.predictions.bias",
};

const CLASSIFIER_NAMES: ClassifierNames = ClassifierNames {
    dense: "pooler.dense",
    act: elementary::tanh,
    classifier: "classifier",
};
