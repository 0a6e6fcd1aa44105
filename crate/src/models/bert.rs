//! BERT: "Pre-training of Deep Bidirectional Transformers" (Devlin et al. 2019).
//!
//! Token + position + segment embeddings with a layer norm; post-LN blocks
//! (x = LN(x + attention(x)), x = LN(x + mlp(x))); on top, where the checkpoint has them, the
//! masked-word head (`cls.predictions`) and, behind the pooler, the next-sentence head
//! (`cls.seq_relationship`). Names are the checkpoint's.

use candle_core::{Device, Tensor};
use serde::Deserialize;

use super::config::{check_eps, check_heads, check_sizes, parse, renamed, required, vocabulary};
use super::encoder::{Encoder, EncoderInput, Observer};
use super::loader::{embedding, layer_norm, linear};
use super::{ModelInfo, Size};
use crate::error::{Error, Result};
use crate::nn::{
    attention, key_step, math, Activation, Embedding, Head, LayerNorm, Linear, Visible,
};
use crate::weights::{Form, Metadata, Placement, Weights};

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

fn default_type_vocab_size() -> usize {
    2
}

fn default_eps() -> f64 {
    1e-12
}

fn yes() -> bool {
    true
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
                .usize("tokenizer.ggml.token_type_count")
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
        if let Some(kind) = self
            .position_embedding_type
            .as_deref()
            .filter(|kind| *kind != "absolute")
        {
            return Err(Error::Unsupported(format!(
                "BERT with position embeddings of type \"{kind}\""
            )));
        }
        if self.is_decoder {
            return Err(Error::Unsupported(
                "BERT as a decoder (\"is_decoder\": true)".into(),
            ));
        }
        Ok(self)
    }

    /// With or without the `bert.` prefix, with `gamma`/`beta` for `weight`/`bias` as TensorFlow
    /// checkpoints have it.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        let mut name = name.strip_prefix("bert.").unwrap_or(name).to_string();
        for (old, new) in [(".gamma", ".weight"), (".beta", ".bias")] {
            if let Some(stem) = name.strip_suffix(old) {
                name = format!("{stem}{new}");
            }
        }
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
        if !wanted || tied || buffer {
            return Placement::Skip;
        }
        let small = name.contains("LayerNorm")
            || name.ends_with("bias")
            || name == "embeddings.position_embeddings.weight"
            || name == "embeddings.token_type_embeddings.weight";
        Placement::Keep {
            name,
            form: if small { Form::Dense } else { Form::Matrix },
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

struct Embeddings {
    /// `[vocab_size, hidden_size]`
    word_embeddings: Embedding,
    /// `[max_position_embeddings, hidden_size]`
    position_embeddings: Vec<f32>,
    /// `[type_vocab_size, hidden_size]`
    token_type_embeddings: Vec<f32>,
    layer_norm: LayerNorm,
}

impl Embeddings {
    /// → `[batch · len, hidden_size]`
    fn forward(&self, input: &EncoderInput) -> Result<Vec<f32>> {
        let mut sum = self.word_embeddings.forward(&input.input_ids)?;
        let size = self.word_embeddings.table().cols();
        let (len, types) = (input.len(), &input.token_type_ids);
        for (at, (row, &kind)) in sum.chunks_exact_mut(size).zip(types).enumerate() {
            math::add(row, &self.token_type_embeddings[kind as usize * size..]);
            math::add(row, &self.position_embeddings[at % len * size..]);
        }
        Ok(self.layer_norm.forward(&sum))
    }
}

struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    layer_norm: LayerNorm,
    heads: usize,
}

impl Attention {
    fn load(config: &BertConfig, weights: &Weights, name: &str) -> Result<Self> {
        let size = config.hidden_size;
        let layer = |part: &str| linear(weights, &format!("{name}.{part}"), size, size);
        Ok(Self {
            query: layer("self.query")?,
            key: layer("self.key")?,
            value: layer("self.value")?,
            output: layer("output.dense")?,
            layer_norm: layer_norm(
                weights,
                &format!("{name}.output.LayerNorm"),
                size,
                config.layer_norm_eps,
            )?,
            heads: config.num_attention_heads,
        })
    }

    /// `[batch · len, hidden_size]` → the same
    fn forward(&self, xs: &[f32], len: usize, mask: Option<&[f32]>) -> Result<Vec<f32>> {
        let size = self.query.weight().cols();
        let head_dim = size / self.heads;
        // Quantised once for the three layers, which are stored alike.
        let shared = self.query.activations(xs);
        let queries = self.query.forward_shared(&shared)?;
        let keys = self.key.forward_shared(&shared)?;
        let values = self.value.forward_shared(&shared)?;
        drop(shared);
        let step = key_step(len);
        let mut turned = vec![0.0; step * size];
        let mut context = Vec::with_capacity(xs.len());
        for text in 0..xs.len() / (len * size) {
            let rows = text * len * size..(text + 1) * len * size;
            math::transpose(&keys[rows.clone()], size, &mut turned, step);
            let visible = Visible::All {
                keys: len,
                bias: mask.map(|mask| &mask[text * len..(text + 1) * len]),
            };
            let scale = 1.0 / (head_dim as f32).sqrt();
            let values = &values[rows.clone()];
            context.extend(attention(
                &queries[rows],
                size,
                self.heads,
                head_dim,
                scale,
                visible,
                |head| Head {
                    keys: &turned[head * head_dim * step..],
                    key_step: step,
                    values: &values[head * head_dim..],
                    value_step: size,
                },
            ));
        }
        let mut sum = self.output.forward(&context)?;
        math::add(&mut sum, xs);
        Ok(self.layer_norm.forward(&sum))
    }
}

struct Layer {
    attention: Attention,
    intermediate: Linear,
    output: Linear,
    layer_norm: LayerNorm,
    act: Activation,
}

impl Layer {
    fn load(config: &BertConfig, weights: &Weights, index: usize) -> Result<Self> {
        let (size, inner) = (config.hidden_size, config.intermediate_size);
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        Ok(Self {
            attention: Attention::load(config, weights, &name("attention"))?,
            intermediate: linear(weights, &name("intermediate.dense"), size, inner)?,
            output: linear(weights, &name("output.dense"), inner, size)?,
            layer_norm: layer_norm(
                weights,
                &name("output.LayerNorm"),
                size,
                config.layer_norm_eps,
            )?,
            act: config.hidden_act,
        })
    }

    fn forward(&self, xs: &[f32], len: usize, mask: Option<&[f32]>) -> Result<Vec<f32>> {
        let xs = self.attention.forward(xs, len, mask)?;
        let mut inner = self.intermediate.forward(&xs)?;
        self.act.apply(&mut inner);
        let mut sum = self.output.forward(&inner)?;
        math::add(&mut sum, &xs);
        Ok(self.layer_norm.forward(&sum))
    }
}

/// `cls.predictions`: transform, layer norm, decoder.
struct MlmHead {
    transform: Linear,
    act: Activation,
    layer_norm: LayerNorm,
    /// `[vocab_size, hidden_size]`, usually the token embedding, with a bias of its own.
    decoder: Linear,
}

/// Pooler and `cls.seq_relationship`.
struct NspHead {
    pooler: Linear,
    /// `[2, hidden_size]`: row 0 "is the next sentence", row 1 "is not".
    seq_relationship: Linear,
}

/// BERT with those heads that its checkpoint has.
pub struct Bert {
    config: BertConfig,
    embeddings: Embeddings,
    layers: Vec<Layer>,
    mlm: Option<MlmHead>,
    nsp: Option<NspHead>,
    size: Size,
}

impl Bert {
    /// Takes the parameters by their checkpoint names. A head is there if its tensors are.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: BertConfig, weights: &Weights) -> Result<Self> {
        let (size, eps) = (config.hidden_size, config.layer_norm_eps);
        let (word_embeddings, table) = embedding(
            weights,
            "embeddings.word_embeddings",
            config.vocab_size,
            size,
        )?;
        let small = |name: &str, rows: usize| -> Result<Vec<f32>> {
            let tensor = weights.tensor(&format!("embeddings.{name}.weight"), &[rows, size])?;
            Ok(tensor.flatten_all()?.to_vec1()?)
        };
        let embeddings = Embeddings {
            word_embeddings,
            position_embeddings: small("position_embeddings", config.max_position_embeddings)?,
            token_type_embeddings: small("token_type_embeddings", config.type_vocab_size)?,
            layer_norm: layer_norm(weights, "embeddings.LayerNorm", size, eps)?,
        };
        let layers = (0..config.num_hidden_layers)
            .map(|index| Layer::load(&config, weights, index))
            .collect::<Result<_>>()?;
        let mlm = match weights.contains("cls.predictions.transform.dense.weight") {
            false => None,
            true => {
                let decoder = match config.tie_word_embeddings {
                    true => table,
                    false => {
                        weights.matrix("cls.predictions.decoder.weight", config.vocab_size, size)?
                    }
                };
                let bias = weights.tensor("cls.predictions.bias", &[config.vocab_size])?;
                Some(MlmHead {
                    transform: linear(weights, "cls.predictions.transform.dense", size, size)?,
                    act: config.hidden_act,
                    layer_norm: layer_norm(
                        weights,
                        "cls.predictions.transform.LayerNorm",
                        size,
                        eps,
                    )?,
                    decoder: Linear::new(decoder, Some(bias))?,
                })
            }
        };
        let has_nsp = weights.contains("cls.seq_relationship.weight")
            && weights.contains("pooler.dense.weight");
        let nsp = match has_nsp {
            false => None,
            true => Some(NspHead {
                pooler: linear(weights, "pooler.dense", size, size)?,
                seq_relationship: linear(weights, "cls.seq_relationship", size, 2)?,
            }),
        };
        Ok(Self {
            embeddings,
            layers,
            mlm,
            nsp,
            size: weights.into(),
            config,
        })
    }

    fn check_segments(&self, input: &EncoderInput) -> Result<()> {
        let count = self.config.type_vocab_size;
        match input
            .token_type_ids
            .iter()
            .find(|&&id| id as usize >= count)
        {
            Some(id) => Err(Error::Unsupported(format!(
                "segment {id}: this model has {count} segments, so it cannot read sentence pairs"
            ))),
            None => Ok(()),
        }
    }
}

impl Encoder for Bert {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: "bert",
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size: self.size,
            dtype: self.embeddings.word_embeddings.table().dtype(),
        }
    }

    fn run(&self, input: &EncoderInput, observe: &mut Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_position_embeddings)?;
        self.check_segments(input)?;
        let (len, mask) = (input.len(), input.mask());
        let mut xs = self.embeddings.forward(input)?;
        observe(0, &xs)?;
        for (index, layer) in self.layers.iter().enumerate() {
            xs = layer.forward(&xs, len, mask.as_deref())?;
            observe(index + 1, &xs)?;
        }
        Ok(xs)
    }

    fn has_mlm_head(&self) -> bool {
        self.mlm.is_some()
    }

    fn mlm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        let head = self.mlm.as_ref().ok_or(Error::NoMlmHead)?;
        let mut xs = head.transform.forward(hidden_states)?;
        head.act.apply(&mut xs);
        head.decoder.forward(&head.layer_norm.forward(&xs))
    }

    fn has_nsp_head(&self) -> bool {
        self.nsp.is_some()
    }

    fn pooler_output(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let head = self.nsp.as_ref().ok_or(Error::NoNspHead)?;
        let (batch, _, size) = hidden_states.dims3()?;
        let first: Vec<f32> = hidden_states.narrow(1, 0, 1)?.flatten_all()?.to_vec1()?;
        let mut pooled = head.pooler.forward(&first)?;
        pooled.iter_mut().for_each(|value| *value = value.tanh());
        Ok(Tensor::from_vec(pooled, (batch, size), &Device::Cpu)?)
    }

    fn nsp_logits(&self, hidden_states: &Tensor) -> Result<Tensor> {
        let head = self.nsp.as_ref().ok_or(Error::NoNspHead)?;
        let pooled = self.pooler_output(hidden_states)?;
        let logits = head
            .seq_relationship
            .forward(&pooled.flatten_all()?.to_vec1::<f32>()?)?;
        Ok(Tensor::from_vec(logits, (pooled.dim(0)?, 2), &Device::Cpu)?)
    }
}
