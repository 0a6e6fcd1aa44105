//! BERT: "Pre-training of Deep Bidirectional Transformers" (Devlin et al. 2019).
//!
//! Token + position + segment embeddings with a layer norm; post-LN blocks
//! (x = LN(x + attention(x)), x = LN(x + mlp(x))); on top, where the checkpoint has them, the
//! masked-word head (`cls.predictions`) and, behind the pooler, the next-sentence head
//! (`cls.seq_relationship`). Names are the checkpoint's.

use std::sync::Arc;

use serde::Deserialize;

use super::config::{
    check_eps, check_heads, check_positions, check_sizes, parse, renamed, required, vocabulary,
    yes, TYPE_COUNT,
};
use super::encoder::{Encoder, EncoderInput};
use super::encoder_layers::{placed, run_layers, Embeddings, EncoderLayer, LayerNames, Sizes};
use super::heads::{Heads, MlmHead, MlmNames, MlmSizes, NspHead};
use super::{ModelInfo, Observer, Size};
use crate::error::{Error, Result};
use crate::nn::{Activation, Matrix};
use crate::weights::{Metadata, Placement, Weights};

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
    #[serde(default = "default_activation")]
    pub hidden_act: Activation,
    /// The most positions the model can read.
    pub max_position_embeddings: usize,
    /// Number of segments, 2 in every pre-trained BERT.
    #[serde(default = "default_type_vocab_size")]
    pub type_vocab_size: usize,
    /// Added to the variance in layer norms.
    #[serde(default = "default_eps")]
    pub layer_norm_eps: f64,
    /// Whether the MLM decoder is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// How positions are encoded; only `absolute` is run.
    #[serde(default)]
    pub position_embedding_type: Option<String>,
    /// Decoders made of BERTs are not run.
    #[serde(default)]
    pub is_decoder: bool,
}

fn default_activation() -> Activation {
    Activation::Gelu
}

pub(super) fn default_type_vocab_size() -> usize {
    2
}

pub(super) fn default_eps() -> f64 {
    1e-12
}

impl BertConfig {
    /// Reads and checks a `config.json`.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        parse::<Self>(bytes)?.checked()
    }

    /// Reads and checks the key-value pairs of a GGUF file.
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        let config = Self {
            vocab_size: vocabulary(metadata, "bert.vocab_size")?,
            hidden_size: required(metadata, "bert.embedding_length")?,
            num_hidden_layers: required(metadata, "bert.block_count")?,
            num_attention_heads: required(metadata, "bert.attention.head_count")?,
            intermediate_size: required(metadata, "bert.feed_forward_length")?,
            hidden_act: default_activation(),
            max_position_embeddings: required(metadata, "bert.context_length")?,
            type_vocab_size: metadata
                .usize(TYPE_COUNT)
                .unwrap_or_else(default_type_vocab_size),
            layer_norm_eps: metadata
                .f64("bert.attention.layer_norm_epsilon")
                .unwrap_or_else(default_eps),
            tie_word_embeddings: true,
            position_embedding_type: None,
            is_decoder: false,
        };
        config.checked()
    }

    fn checked(self) -> Result<Self> {
        check_sizes(&[
            ("vocab_size", self.vocab_size),
            ("hidden_size", self.hidden_size),
            ("num_hidden_layers", self.num_hidden_layers),
            ("num_attention_heads", self.num_attention_heads),
            ("intermediate_size", self.intermediate_size),
            ("max_position_embeddings", self.max_position_embeddings),
            ("type_vocab_size", self.type_vocab_size),
        ])?;
        check_heads(self.hidden_size, self.num_attention_heads)?;
        check_eps("layer_norm_eps", self.layer_norm_eps)?;
        check_positions(self.position_embedding_type.as_deref())?;
        if self.is_decoder {
            return Err(Error::Unsupported(
                "encoders as decoders (\"is_decoder\": true)".into(),
            ));
        }
        Ok(self)
    }

    pub(super) fn sizes(&self) -> Sizes {
        Sizes {
            hidden: self.hidden_size,
            inner: self.intermediate_size,
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

    /// With or without the `bert.` prefix, with `gamma`/`beta` for `weight`/`bias` as TensorFlow
    /// checkpoints have it.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        let name = name.strip_prefix("bert.").unwrap_or(name);
        // The decoder's own copies of tied parameters.
        let tied = self.tie_word_embeddings && name == "cls.predictions.decoder.weight";
        let wanted = [
            "embeddings.",
            "encoder.layer.",
            "pooler.dense.",
            "cls.predictions.",
            "cls.seq_relationship.",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix));
        let buffer = name.ends_with("_ids") || name == "cls.predictions.decoder.bias";
        match wanted && !tied && !buffer {
            true => placed(name),
            false => Placement::Skip,
        }
    }

    /// llama.cpp's names for the encoder; the heads, which it does not know, keep the checkpoint's.
    pub fn place_gguf(&self, name: &str) -> Placement {
        match renamed(name, &GGUF_NAMES, "blk.", "encoder.layer.") {
            Some(name) => self.place_safetensors(&name),
            None => self.place_safetensors(name),
        }
    }

    /// The name that llama.cpp gives to a parameter of ours, for writing GGUF; `None` where it has
    /// none and ours is kept.
    pub fn gguf_name(name: &str) -> Option<String> {
        renamed(
            name,
            &GGUF_NAMES.map(|(gguf, ours)| (ours, gguf)),
            "encoder.layer.",
            "blk.",
        )
    }
}

/// GGUF's names of layers beside the checkpoint's.
const GGUF_NAMES: [(&str, &str); 13] = [
    ("token_embd", "embeddings.word_embeddings"),
    ("position_embd", "embeddings.position_embeddings"),
    ("token_types", "embeddings.token_type_embeddings"),
    ("token_embd_norm", "embeddings.LayerNorm"),
    ("cls", "pooler.dense"),
    ("attn_q", "attention.self.query"),
    ("attn_k", "attention.self.key"),
    ("attn_v", "attention.self.value"),
    ("attn_output", "attention.output.dense"),
    ("attn_output_norm", "attention.output.LayerNorm"),
    ("ffn_up", "intermediate.dense"),
    ("ffn_down", "output.dense"),
    ("layer_output_norm", "output.LayerNorm"),
];

const LAYER_NAMES: LayerNames = LayerNames {
    query: "attention.self.query",
    key: "attention.self.key",
    value: "attention.self.value",
    attention_output: "attention.output.dense",
    attention_norm: "attention.output.LayerNorm",
    up: "intermediate.dense",
    down: "output.dense",
    norm: "output.LayerNorm",
};

const MLM_NAMES: MlmNames = MlmNames {
    transform: "cls.predictions.transform.dense",
    layer_norm: "cls.predictions.transform.LayerNorm",
    decoder_weight: "cls.predictions.decoder.weight",
    decoder_bias: "cls.predictions.bias",
};

/// The encoder without its heads, which RoBERTa has as well.
pub(super) struct BertModel {
    embeddings: Embeddings,
    layers: Vec<EncoderLayer>,
    /// `[vocab_size, hidden_size]`: the token embedding's table.
    table: Arc<Matrix>,
}

impl BertModel {
    pub(super) fn load(config: &BertConfig, weights: &Weights) -> Result<Self> {
        let (vocab_size, positions) = (config.vocab_size, config.max_position_embeddings);
        let (embeddings, table) = Embeddings::load(
            weights,
            (vocab_size, positions, config.type_vocab_size),
            config.hidden_size,
            config.layer_norm_eps,
        )?;
        let layers = (0..config.num_hidden_layers)
            .map(|index| {
                let prefix = format!("encoder.layer.{index}");
                EncoderLayer::load(weights, config.sizes(), &prefix, &LAYER_NAMES)
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            embeddings,
            layers,
            table,
        })
    }

    /// The matrix of the masked-word head, where that is the token embedding.
    pub(super) fn tied(&self, config: &BertConfig) -> Option<Arc<Matrix>> {
        config.tie_word_embeddings.then(|| self.table.clone())
    }

    /// As [`Encoder::run`], with the row of the position table for each token.
    pub(super) fn run(
        &self,
        input: &EncoderInput,
        positions: impl Iterator<Item = usize>,
        observe: &mut Observer,
    ) -> Result<Vec<f32>> {
        let xs = self.embeddings.forward(input, positions)?;
        run_layers(self.layers.iter(), xs, input, observe)
    }

    /// What there is to tell of it, with the architecture's name and the most tokens it reads.
    pub(super) fn info(
        &self,
        config: &BertConfig,
        model_type: &'static str,
        max_position_embeddings: usize,
        size: Size,
    ) -> ModelInfo {
        ModelInfo {
            model_type,
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings,
            size,
            dtype: self.embeddings.dtype(),
        }
    }
}

/// BERT with those heads that its checkpoint has.
pub struct Bert {
    config: BertConfig,
    bert: BertModel,
    heads: Heads,
    size: Size,
}

impl Bert {
    /// Takes the parameters by their checkpoint names. A head is there if its tensors are.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: BertConfig, weights: &Weights) -> Result<Self> {
        let bert = BertModel::load(&config, weights)?;
        let tied = bert.tied(&config);
        Ok(Self {
            heads: Heads {
                mlm: MlmHead::load(weights, config.mlm_sizes(), &MLM_NAMES, tied)?,
                nsp: NspHead::load(weights, config.hidden_size)?,
            },
            bert,
            size: weights.into(),
            config,
        })
    }
}

impl Encoder for Bert {
    fn info(&self) -> ModelInfo {
        let positions = self.config.max_position_embeddings;
        self.bert.info(&self.config, "bert", positions, self.size)
    }

    fn run(&self, input: &EncoderInput, observe: &mut Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_position_embeddings)?;
        self.bert.run(input, input.positions(), observe)
    }

    fn heads(&self) -> &Heads {
        &self.heads
    }
}
