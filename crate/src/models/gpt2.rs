//! GPT-2: "Language Models are Unsupervised Multitask Learners" (Radford et al. 2019).
//!
//! Embeddings of tokens and positions; blocks with layer norms first (`pre_norm.rs`); a layer norm; an output layer,
//! usually the token embedding. Names are the checkpoint's.

use serde::Deserialize;

use super::decoder::{first_positions, Decoder, Past};
use super::embedded::Embedded;
use super::fields::{gelu_new, gpt_eps, yes};
use super::fine_tuning::FineTuning;
use super::generation_config::GenerationConfig;
use super::heads::SequenceHead;
use super::info::{HeadNames, ModelInfo, Reads, Size};
use super::observer::Observer;
use super::parameters::{layer_norm, linear_without_bias};
use super::pre_norm::{Block, BlockSizes, EmbeddingSizes, Embeddings};
use crate::error::{Head, Result};
use crate::nn::{Activation, Embedding, KvCache, LayerNorm, Linear};
use crate::weights::Weights;

/// `config.json` of a GPT-2 checkpoint, as far as it changes the arithmetic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Gpt2Config {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// The most positions the model can read: its context.
    #[serde(alias = "n_ctx")]
    pub n_positions: usize,
    /// Width of the hidden states (`hidden_size` elsewhere).
    pub n_embd: usize,
    /// Number of blocks.
    pub n_layer: usize,
    /// Attention heads per block.
    pub n_head: usize,
    /// Width inside the MLP; 4·`n_embd` if absent.
    pub n_inner: Option<usize>,
    /// Non-linearity of the MLP.
    #[serde(default = "gelu_new")]
    pub activation_function: Activation,
    /// Added to the variance in layer norms.
    #[serde(default = "gpt_eps")]
    pub layer_norm_epsilon: f64,
    /// Whether scores are divided by √head_dim.
    #[serde(default = "yes")]
    pub scale_attn_weights: bool,
    /// Whether scores are divided by the layer's number too (Mistral's variant of GPT-2 training).
    #[serde(default)]
    pub scale_attn_by_inverse_layer_idx: bool,
    /// Whether the output layer is the token embedding. `None`: if the file has no other.
    #[serde(default = "tied")]
    pub tie_word_embeddings: Option<bool>,
    /// The tokens that end a text, and how it writes unless told otherwise.
    #[serde(skip)]
    pub generation: GenerationConfig,
    /// What fine-tuning has added.
    #[serde(skip)]
    pub fine_tuning: FineTuning,
}

/// GPT-2 with its language-model head, or, of `GPT2ForSequenceClassification`, with its classifier.
pub struct Gpt2 {
    config: Gpt2Config,
    /// `wte` `[vocab_size, n_embd]` + `wpe` `[n_positions, n_embd]`
    embeddings: Embeddings,
    /// x += attn(ln_1(x)); x += mlp(ln_2(x))
    h: Vec<Block>,
    /// `[n_embd]`
    ln_f: LayerNorm,
    /// `[vocab_size, n_embd]`; a file with a classifier has one only if it says so.
    lm_head: Option<Linear>,
    /// `score`
    sequence: Option<SequenceHead>,
    size: Size,
}

impl Decoder for Gpt2 {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: MODEL_TYPE,
            reads: Reads::LeftToRight,
            heads: HeadNames {
                lm: self.lm_head.is_some(),
                sequence_classification: self.sequence.is_some(),
                ..HeadNames::default()
            },
            hidden_size: config.n_embd,
            num_hidden_layers: config.n_layer,
            num_attention_heads: config.n_head,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.n_positions,
            size: self.size,
            dtype: self.embeddings.dtype(),
        }
    }

    fn generation(&self) -> &GenerationConfig {
        &self.config.generation
    }

    /// `n_layer` × 2 × `n_embd` floats a position.
    fn new_cache_of(&self, positions: usize) -> Result<KvCache> {
        let config = &self.config;
        let positions = positions.min(config.n_positions);
        KvCache::new(config.n_layer, config.n_head, positions, config.head_dim())
    }

    /// The hidden states after `ln_f`; the observer sees those before it.
    fn run(
        &self,
        input_ids: &[u32],
        mut past: Past,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        let positions = past.positions(input_ids, self.config.n_positions)?;
        let mut xs = self.embeddings.forward(input_ids, &positions)?; // [n, n_embd]
        observe.hidden_states(0, &xs)?;
        for (layer, block) in self.h.iter().enumerate() {
            block.forward(&mut xs, layer, &mut past, observe)?;
            observe.hidden_states(layer + 1, &xs)?;
        }
        past.advance(input_ids.len());
        Ok(self.final_norm(&xs))
    }

    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        match &self.lm_head {
            Some(lm_head) => lm_head.forward(hidden_states),
            None => Err(self.info().heads.lacks(Head::Lm)),
        }
    }

    fn sequence_head(&self) -> Option<&SequenceHead> {
        self.sequence.as_ref()
    }

    fn embed(&self, input_ids: &[u32]) -> Result<Embedded> {
        let positions = first_positions(input_ids, self.config.n_positions)?;
        self.embeddings.parts(input_ids, &positions)
    }

    fn word_embeddings(&self) -> &Embedding {
        self.embeddings.tokens()
    }

    fn final_norm(&self, hidden_states: &[f32]) -> Vec<f32> {
        self.ln_f.forward(hidden_states)
    }
}

impl Gpt2 {
    /// Takes the parameters by their checkpoint names.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: Gpt2Config, weights: &Weights) -> Result<Self> {
        let sizes = EmbeddingSizes {
            vocab_size: config.vocab_size,
            n_positions: config.n_positions,
            n_embd: config.n_embd,
        };
        let (vocab, n_embd) = (config.vocab_size, config.n_embd);
        let embeddings = Embeddings::load(weights, ("wte", "wpe"), &sizes)?;
        let sequence = SequenceHead::load_score(weights, n_embd, &config.fine_tuning, SCORE)?;
        let lm_head = match (&sequence, weights.contains("lm_head.weight")) {
            (Some(_), false) => None,
            _ => Some(linear_without_bias(weights, "lm_head", n_embd, vocab)?),
        };
        Ok(Self {
            embeddings,
            h: (0..config.n_layer)
                .map(|layer| Block::load(weights, &format!("h.{layer}"), config.block_sizes(layer)))
                .collect::<Result<_>>()?,
            ln_f: layer_norm(weights, "ln_f", config.n_embd, config.layer_norm_epsilon)?,
            lm_head,
            sequence,
            size: weights.into(),
            config,
        })
    }
}

impl Gpt2Config {
    /// Width of one head.
    pub fn head_dim(&self) -> usize {
        self.n_embd / self.n_head
    }

    /// Width inside the MLP.
    pub fn inner_size(&self) -> usize {
        self.n_inner
            .unwrap_or_else(|| self.n_embd.saturating_mul(4))
    }

    /// What the scores of a layer are multiplied by.
    fn attention_scale(&self, layer: usize) -> f64 {
        let mut scale = 1.0;
        if self.scale_attn_weights {
            scale /= (self.head_dim() as f64).sqrt();
        }
        if self.scale_attn_by_inverse_layer_idx {
            scale /= (layer + 1) as f64;
        }
        scale
    }

    fn block_sizes(&self, layer: usize) -> BlockSizes {
        BlockSizes {
            n_embd: self.n_embd,
            n_head: self.n_head,
            n_inner: self.inner_size(),
            scale: self.attention_scale(layer),
            act: self.activation_function,
            eps: self.layer_norm_epsilon,
        }
    }
}

/// transformers' default.
fn tied() -> Option<bool> {
    Some(true)
}

pub(super) const MODEL_TYPE: &str = "gpt2";

/// The classifier of whole texts.
pub(super) const SCORE: &str = "score";
