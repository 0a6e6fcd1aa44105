//! GPT, the first: "Improving Language Understanding by Generative Pre-Training" (Radford et al. 2018).
//!
//! A decoder of post-LN blocks: x = ln_1(x + attention(x)); x = ln_2(x + mlp(x)). Its layers are GPT-2's, which
//! put the layer norms first and one more at the end. The output layer is the token embedding. Names are the
//! checkpoint's.

use serde::Deserialize;

use super::config::{check_eps, check_heads, check_sizes, one_or_many, parse_positions, yes};
use super::decoder::{Decoder, Past};
use super::gpt2::{default_eps, place_conv1d, Attention, Ends, Mlp};
use super::loader::layer_norm;
use super::{ModelInfo, Observer, Size};
use crate::error::Result;
use crate::nn::{vector, Activation, KvCache, LayerNorm};
use crate::weights::{Placement, Weights};

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
    #[serde(default = "default_eps")]
    pub layer_norm_epsilon: f64,
    /// Whether the output layer is the token embedding.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// The tokens that end a text, if the model was taught one: the published model knows none.
    #[serde(default, deserialize_with = "one_or_many")]
    pub eos_token_id: Vec<u32>,
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

impl OpenAiGptConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::InvalidConfig`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let config: Self = parse_positions(bytes)?;
        check_sizes(&[
            ("vocab_size", config.vocab_size),
            ("n_positions", config.n_positions),
            ("n_embd", config.n_embd),
            ("n_layer", config.n_layer),
            ("n_head", config.n_head),
        ])?;
        check_heads(config.n_embd, config.n_head)?;
        check_eps("layer_norm_epsilon", config.layer_norm_epsilon)?;
        Ok(config)
    }

    /// With or without the `transformer.` prefix; the causal-mask buffers of old files are skipped.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        place_conv1d(
            name,
            "tokens_embed.weight",
            "positions_embed.weight",
            Some(self.tie_word_embeddings),
        )
    }
}

/// One transformer block, layer norms last.
struct Block {
    attn: Attention,
    ln_1: LayerNorm,
    mlp: Mlp,
    ln_2: LayerNorm,
}

impl Block {
    fn load(config: &OpenAiGptConfig, weights: &Weights, layer: usize) -> Result<Self> {
        let (n_embd, n_head) = (config.n_embd, config.n_head);
        let name = |part: &str| format!("h.{layer}.{part}");
        let norm = |part: &str| layer_norm(weights, &name(part), n_embd, config.layer_norm_epsilon);
        let scale = 1.0 / ((n_embd / n_head) as f64).sqrt();
        Ok(Self {
            attn: Attention::load(weights, &name("attn"), n_embd, n_head, scale)?,
            ln_1: norm("ln_1")?,
            mlp: Mlp::load(weights, &name("mlp"), n_embd, 4 * n_embd, config.afn.into())?,
            ln_2: norm("ln_2")?,
        })
    }

    /// `[n, n_embd]` → the same
    fn forward(&self, mut xs: Vec<f32>, layer: usize, past: &mut Past) -> Result<Vec<f32>> {
        let read = self.attn.forward(&xs, layer, past)?;
        vector::add(&mut xs, &read);
        let mut xs = self.ln_1.forward(&xs);
        let thought = self.mlp.forward(&xs)?;
        vector::add(&mut xs, &thought);
        Ok(self.ln_2.forward(&xs))
    }
}

/// GPT with its language-model head.
pub struct OpenAiGpt {
    config: OpenAiGptConfig,
    /// `tokens_embed`, `positions_embed`, `lm_head`
    ends: Ends,
    h: Vec<Block>,
    size: Size,
}

impl OpenAiGpt {
    /// Takes the parameters by their checkpoint names.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: OpenAiGptConfig, weights: &Weights) -> Result<Self> {
        let sizes = [config.vocab_size, config.n_positions, config.n_embd];
        Ok(Self {
            ends: Ends::load(
                weights,
                ("tokens_embed", "positions_embed"),
                sizes,
                Some(config.tie_word_embeddings),
            )?,
            h: (0..config.n_layer)
                .map(|layer| Block::load(&config, weights, layer))
                .collect::<Result<_>>()?,
            size: weights.into(),
            config,
        })
    }
}

impl Decoder for OpenAiGpt {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: "openai-gpt",
            hidden_size: config.n_embd,
            num_hidden_layers: config.n_layer,
            num_attention_heads: config.n_head,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.n_positions,
            size: self.size,
            dtype: self.ends.tokens.table().dtype(),
        }
    }

    fn eos_token_ids(&self) -> &[u32] {
        &self.config.eos_token_id
    }

    fn new_cache_of(&self, positions: usize) -> Result<KvCache> {
        let config = &self.config;
        let (head_dim, positions) = (
            config.n_embd / config.n_head,
            positions.min(config.n_positions),
        );
        KvCache::new(config.n_layer, config.n_head, positions, head_dim)
    }

    fn run(&self, input_ids: &[u32], mut past: Past, observe: &mut Observer) -> Result<Vec<f32>> {
        let positions = past.positions(input_ids, self.config.n_positions)?;
        let mut xs = self.ends.embed(input_ids, &positions)?;
        observe(0, &xs)?;
        for (layer, block) in self.h.iter().enumerate() {
            xs = block.forward(xs, layer, &mut past)?;
            observe(layer + 1, &xs)?;
        }
        past.advance(input_ids.len());
        Ok(xs)
    }

    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        self.ends.lm_head.forward(hidden_states)
    }
}
