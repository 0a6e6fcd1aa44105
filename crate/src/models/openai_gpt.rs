//! GPT, the first: "Improving Language Understanding by Generative Pre-Training" (Radford et al. 2018).
//!
//! Embeddings of tokens and positions; blocks with layer norms last; an output layer, which is the token embedding.
//! Attention and MLP are those of GPT-2 (`pre_norm.rs`). Names are the checkpoint's.

use serde::Deserialize;

use super::decoder::{first_positions, Decoder, Past};
use super::embedded::Embedded;
use super::fields::{gpt_eps, yes};
use super::generation_config::GenerationConfig;
use super::info::{HeadNames, ModelInfo, Reads, Size};
use super::observer::Observer;
use super::parameters::{layer_norm, linear_without_bias};
use super::pre_norm::{Attention, BlockSizes, EmbeddingSizes, Embeddings, Mlp};
use crate::error::Result;
use crate::nn::{vector, Activation, Embedding, KvCache, LayerNorm, Linear};
use crate::weights::Weights;

/// `config.json` of an `openai-gpt` checkpoint, as far as it changes the arithmetic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OpenAiGptConfig {
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
    /// Non-linearity of the MLP.
    #[serde(default)]
    pub afn: Afn,
    /// Added to the variance in layer norms.
    #[serde(default = "gpt_eps")]
    pub layer_norm_epsilon: f64,
    /// Whether the output layer is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// The tokens that end a text (the published model was taught none), and how it writes unless told otherwise.
    #[serde(skip)]
    pub generation: GenerationConfig,
}

/// One block:
///
/// ```text
/// x = ln_1(x + attn(x))
/// x = ln_2(x + mlp(x))
/// ```
struct Block {
    attn: Attention,
    /// `[n_embd]`
    ln_1: LayerNorm,
    mlp: Mlp,
    /// `[n_embd]`
    ln_2: LayerNorm,
}

impl Block {
    /// `[n, n_embd]` → the same
    fn forward(
        &self,
        mut xs: Vec<f32>,
        layer: usize,
        past: &mut Past,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        let context = self.attn.forward(&xs, layer, past, observe)?;
        vector::add(&mut xs, &context);
        let mut xs = self.ln_1.forward(&xs);
        let inner = self.mlp.forward(&xs)?;
        vector::add(&mut xs, &inner);
        Ok(self.ln_2.forward(&xs))
    }

    fn load(config: &OpenAiGptConfig, weights: &Weights, layer: usize) -> Result<Self> {
        let (n_embd, n_head) = (config.n_embd, config.n_head);
        let sizes = BlockSizes {
            n_embd,
            n_head,
            n_inner: 4 * n_embd,
            scale: 1.0 / ((n_embd / n_head) as f64).sqrt(),
            act: config.afn.into(),
            eps: config.layer_norm_epsilon,
        };
        let name = |part: &str| format!("h.{layer}.{part}");
        let norm = |part: &str| layer_norm(weights, &name(part), n_embd, sizes.eps);
        Ok(Self {
            attn: Attention::load(weights, &name("attn"), sizes)?,
            ln_1: norm("ln_1")?,
            mlp: Mlp::load(weights, &name("mlp"), sizes)?,
            ln_2: norm("ln_2")?,
        })
    }
}

/// GPT with its language-model head.
pub struct OpenAiGpt {
    config: OpenAiGptConfig,
    /// `tokens_embed` `[vocab_size, n_embd]` + `positions_embed` `[n_positions, n_embd]`
    embeddings: Embeddings,
    h: Vec<Block>,
    /// `[vocab_size, n_embd]`
    lm_head: Linear,
    size: Size,
}

impl Decoder for OpenAiGpt {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: MODEL_TYPE,
            reads: Reads::LeftToRight,
            heads: HeadNames::LM,
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
        let head_dim = config.n_embd / config.n_head;
        let positions = positions.min(config.n_positions);
        KvCache::new(config.n_layer, config.n_head, positions, head_dim)
    }

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
            xs = block.forward(xs, layer, &mut past, observe)?;
            observe.hidden_states(layer + 1, &xs)?;
        }
        past.advance(input_ids.len());
        Ok(xs)
    }

    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        self.lm_head.forward(hidden_states)
    }

    fn embed(&self, input_ids: &[u32]) -> Result<Embedded> {
        let positions = first_positions(input_ids, self.config.n_positions)?;
        self.embeddings.parts(input_ids, &positions)
    }

    fn word_embeddings(&self) -> &Embedding {
        self.embeddings.tokens()
    }
}

impl OpenAiGpt {
    /// Takes the parameters by their checkpoint names.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: OpenAiGptConfig, weights: &Weights) -> Result<Self> {
        let sizes = EmbeddingSizes {
            vocab_size: config.vocab_size,
            n_positions: config.n_positions,
            n_embd: config.n_embd,
        };
        let names = ("tokens_embed", "positions_embed");
        let (vocab, n_embd) = (config.vocab_size, config.n_embd);
        Ok(Self {
            embeddings: Embeddings::load(weights, names, &sizes)?,
            h: (0..config.n_layer)
                .map(|layer| Block::load(&config, weights, layer))
                .collect::<Result<_>>()?,
            lm_head: linear_without_bias(weights, "lm_head", n_embd, vocab)?,
            size: weights.into(),
            config,
        })
    }
}

/// Non-linearities by the names that this architecture has for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Afn {
    /// GELU by tanh: what is `gelu_new` elsewhere.
    #[default]
    Gelu,
    /// max(x, 0)
    Relu,
}

impl From<Afn> for Activation {
    fn from(afn: Afn) -> Self {
        match afn {
            Afn::Gelu => Self::GeluNew,
            Afn::Relu => Self::Relu,
        }
    }
}

pub(super) const MODEL_TYPE: &str = "openai-gpt";
