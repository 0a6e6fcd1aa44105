//! GPT-2: "Language Models are Unsupervised Multitask Learners" (Radford et al. 2019).
//!
//! A decoder of pre-LN blocks: x += attention(ln_1(x)); x += mlp(ln_2(x)); at the end ln_f and an
//! output layer tied to the token embedding. Names are the checkpoint's.

use serde::Deserialize;

use super::config::{
    check_eps, check_heads, check_sizes, end_tokens, one_or_many, parse_positions, renamed,
    required, vocabulary, yes,
};
use super::decoder::{Decoder, Past};
use super::loader::{embedding, layer_norm, linear};
use super::{ModelInfo, Observer, Size};
use crate::error::Result;
use crate::nn::{
    attention, vector, Activation, Embedding, KvCache, LayerNorm, Linear, Strided, Visible,
};
use crate::weights::{Form, Metadata, Placement, Weights};

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
    #[serde(default)]
    pub n_inner: Option<usize>,
    /// Non-linearity of the MLP.
    #[serde(default = "default_activation")]
    pub activation_function: Activation,
    /// Added to the variance in layer norms.
    #[serde(default = "default_eps")]
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
    /// The tokens that end a text; a number or a list in the file.
    #[serde(default, deserialize_with = "one_or_many")]
    pub eos_token_id: Vec<u32>,
}

fn default_activation() -> Activation {
    Activation::GeluNew
}

pub(super) fn default_eps() -> f64 {
    1e-5
}

/// transformers' default.
fn tied() -> Option<bool> {
    Some(true)
}

impl Gpt2Config {
    /// Reads and checks a `config.json`.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        parse_positions::<Self>(bytes)?.checked()
    }

    /// Reads and checks the key-value pairs of a GGUF file.
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        let config = Self {
            vocab_size: vocabulary(metadata, "gpt2.vocab_size")?,
            n_positions: required(metadata, "gpt2.context_length")?,
            n_embd: required(metadata, "gpt2.embedding_length")?,
            n_layer: required(metadata, "gpt2.block_count")?,
            n_head: required(metadata, "gpt2.attention.head_count")?,
            n_inner: metadata.usize("gpt2.feed_forward_length"),
            activation_function: default_activation(),
            layer_norm_epsilon: metadata
                .f64("gpt2.attention.layer_norm_epsilon")
                .unwrap_or_else(default_eps),
            scale_attn_weights: true,
            scale_attn_by_inverse_layer_idx: false,
            tie_word_embeddings: None,
            eos_token_id: end_tokens(metadata),
        };
        config.checked()
    }

    fn checked(self) -> Result<Self> {
        check_sizes(&[
            ("vocab_size", self.vocab_size),
            ("n_positions", self.n_positions),
            ("n_embd", self.n_embd),
            ("n_layer", self.n_layer),
            ("n_head", self.n_head),
            ("n_inner", self.inner_size()),
        ])?;
        check_heads(self.n_embd, self.n_head)?;
        check_eps("layer_norm_epsilon", self.layer_norm_epsilon)?;
        Ok(self)
    }

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

    /// With or without the `transformer.` prefix; the causal-mask buffers of old files are skipped.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        place_conv1d(name, "wte.weight", "wpe.weight", self.tie_word_embeddings)
    }

    /// llama.cpp's names; its converter has already turned the Conv1D weights over.
    pub fn place_gguf(&self, name: &str) -> Placement {
        match renamed(name, &GGUF_NAMES, "blk.", "h.") {
            // Turned over: what is `[in, out]` in a checkpoint is an ordinary matrix here.
            Some(name) => match self.place_safetensors(&name) {
                Placement::Keep {
                    name,
                    form: Form::Transposed,
                } => Placement::Keep {
                    name,
                    form: Form::Matrix,
                },
                placement => placement,
            },
            None => Placement::Skip,
        }
    }

    /// The name that llama.cpp gives to a parameter of ours, for writing GGUF.
    pub fn gguf_name(name: &str) -> Option<String> {
        renamed(
            name,
            &GGUF_NAMES.map(|(gguf, ours)| (ours, gguf)),
            "h.",
            "blk.",
        )
    }
}

/// Where a tensor of a GPT belongs, `tokens` and `positions` being the names of its embeddings.
pub(super) fn place_conv1d(
    name: &str,
    tokens: &str,
    positions: &str,
    tied: Option<bool>,
) -> Placement {
    let name = name.strip_prefix("transformer.").unwrap_or(name);
    let form = if name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") {
        return Placement::Skip;
    } else if name == tokens || (name == "lm_head.weight" && tied != Some(true)) {
        Form::Matrix
    } else if name.starts_with("h.") && name.ends_with(".weight") && !name.contains(".ln_") {
        Form::Transposed
    } else if name.starts_with("h.") || name == positions || name.starts_with("ln_f.") {
        Form::Dense
    } else {
        return Placement::Skip;
    };
    Placement::Keep {
        name: name.to_string(),
        form,
    }
}

/// GGUF's names of layers beside the checkpoint's.
const GGUF_NAMES: [(&str, &str); 10] = [
    ("output", "lm_head"),
    ("token_embd", "wte"),
    ("position_embd", "wpe"),
    ("output_norm", "ln_f"),
    ("attn_norm", "ln_1"),
    ("attn_qkv", "attn.c_attn"),
    ("attn_output", "attn.c_proj"),
    ("ffn_norm", "ln_2"),
    ("ffn_up", "mlp.c_fc"),
    ("ffn_down", "mlp.c_proj"),
];

/// Token and position embeddings, and the output layer that usually shares the former's table.
pub(super) struct Ends {
    /// `[vocab_size, n_embd]`
    pub tokens: Embedding,
    /// `[n_positions, n_embd]`
    positions: Vec<f32>,
    /// `[vocab_size, n_embd]`
    pub lm_head: Linear,
}

impl Ends {
    /// `[vocab_size, n_positions, n_embd]` by the names of the two embeddings.
    pub(super) fn load(
        weights: &Weights,
        (tokens, positions): (&str, &str),
        [vocab_size, n_positions, n_embd]: [usize; 3],
        tied: Option<bool>,
    ) -> Result<Self> {
        let tied = tied.unwrap_or_else(|| !weights.contains("lm_head.weight"));
        let (tokens, table) = embedding(weights, tokens, vocab_size, n_embd)?;
        let lm_head = match tied {
            true => table,
            false => weights.matrix("lm_head.weight", vocab_size, n_embd)?,
        };
        let positions = weights.tensor(&format!("{positions}.weight"), &[n_positions, n_embd])?;
        Ok(Self {
            tokens,
            positions: positions.flatten_all()?.to_vec1()?,
            lm_head: Linear::new(lm_head, None)?,
        })
    }

    /// → `[input_ids.len(), n_embd]`
    pub(super) fn embed(&self, input_ids: &[u32], positions: &[usize]) -> Result<Vec<f32>> {
        let size = self.tokens.table().cols();
        let mut xs = self.tokens.forward(input_ids)?;
        for (row, position) in xs.chunks_exact_mut(size).zip(positions) {
            vector::add(row, &self.positions[position * size..]);
        }
        Ok(xs)
    }
}

/// Masked multi-head self-attention.
pub(super) struct Attention {
    /// `[3·n_embd, n_embd]`: queries, keys and values in one.
    c_attn: Linear,
    /// `[n_embd, n_embd]`
    c_proj: Linear,
    /// What scores are multiplied by.
    scale: f32,
    n_head: usize,
    head_dim: usize,
}

impl Attention {
    /// `name` stands before `c_attn` and `c_proj`.
    pub(super) fn load(
        weights: &Weights,
        name: &str,
        n_embd: usize,
        n_head: usize,
        scale: f64,
    ) -> Result<Self> {
        Ok(Self {
            c_attn: linear(weights, &format!("{name}.c_attn"), n_embd, 3 * n_embd)?,
            c_proj: linear(weights, &format!("{name}.c_proj"), n_embd, n_embd)?,
            scale: scale as f32,
            n_head,
            head_dim: n_embd / n_head,
        })
    }

    /// `[n, n_embd]` → `[n, n_embd]`
    pub(super) fn forward(&self, xs: &[f32], layer: usize, past: &mut Past) -> Result<Vec<f32>> {
        // Rows of queries, keys and values, one behind the other.
        let qkv = self.c_attn.forward(xs)?;
        let ys = past.for_each_text(&qkv, |rows, cache| self.attend(rows, layer, cache))?;
        self.c_proj.forward(&ys)
    }

    /// Adds the keys and values of rows to the cache and looks at all in it.
    fn attend(&self, qkv: &[f32], layer: usize, cache: &mut KvCache) -> Result<Vec<f32>> {
        let n_embd = self.n_head * self.head_dim;
        let qkv = Strided::new(qkv, 3 * n_embd);
        let [q, k, v] = [0, 1, 2].map(|part| qkv.columns(part * n_embd..(part + 1) * n_embd));
        cache.append(layer, k, v)?;
        let visible = Visible::Causal { past: cache.len() };
        Ok(attention(q, self.n_head, self.scale, visible, |head| {
            cache.head(layer, head)
        }))
    }
}

/// Two layers with a non-linearity between them.
pub(super) struct Mlp {
    /// `[n_inner, n_embd]`
    c_fc: Linear,
    /// `[n_embd, n_inner]`
    c_proj: Linear,
    act: Activation,
}

impl Mlp {
    /// `name` stands before `c_fc` and `c_proj`.
    pub(super) fn load(
        weights: &Weights,
        name: &str,
        n_embd: usize,
        n_inner: usize,
        act: Activation,
    ) -> Result<Self> {
        Ok(Self {
            c_fc: linear(weights, &format!("{name}.c_fc"), n_embd, n_inner)?,
            c_proj: linear(weights, &format!("{name}.c_proj"), n_inner, n_embd)?,
            act,
        })
    }

    pub(super) fn forward(&self, xs: &[f32]) -> Result<Vec<f32>> {
        let mut inner = self.c_fc.forward(xs)?;
        self.act.apply(&mut inner);
        self.c_proj.forward(&inner)
    }
}

/// One transformer block, layer norm first.
struct Block {
    ln_1: LayerNorm,
    attn: Attention,
    ln_2: LayerNorm,
    mlp: Mlp,
}

impl Block {
    fn load(config: &Gpt2Config, weights: &Weights, layer: usize) -> Result<Self> {
        let norm = |name: &str| {
            let name = format!("h.{layer}.{name}");
            layer_norm(weights, &name, config.n_embd, config.layer_norm_epsilon)
        };
        Ok(Self {
            ln_1: norm("ln_1")?,
            attn: Attention::load(
                weights,
                &format!("h.{layer}.attn"),
                config.n_embd,
                config.n_head,
                config.attention_scale(layer),
            )?,
            ln_2: norm("ln_2")?,
            mlp: Mlp::load(
                weights,
                &format!("h.{layer}.mlp"),
                config.n_embd,
                config.inner_size(),
                config.activation_function,
            )?,
        })
    }

    /// `[n, n_embd]`, in place
    fn forward(&self, xs: &mut [f32], layer: usize, past: &mut Past) -> Result<()> {
        vector::add(xs, &self.attn.forward(&self.ln_1.forward(xs), layer, past)?);
        vector::add(xs, &self.mlp.forward(&self.ln_2.forward(xs))?);
        Ok(())
    }
}

/// GPT-2 with its language-model head.
pub struct Gpt2 {
    config: Gpt2Config,
    /// `wte`, `wpe`, `lm_head`
    ends: Ends,
    h: Vec<Block>,
    ln_f: LayerNorm,
    size: Size,
}

impl Gpt2 {
    /// Takes the parameters by their checkpoint names.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: Gpt2Config, weights: &Weights) -> Result<Self> {
        let sizes = [config.vocab_size, config.n_positions, config.n_embd];
        Ok(Self {
            ends: Ends::load(weights, ("wte", "wpe"), sizes, config.tie_word_embeddings)?,
            h: (0..config.n_layer)
                .map(|layer| Block::load(&config, weights, layer))
                .collect::<Result<_>>()?,
            ln_f: layer_norm(weights, "ln_f", config.n_embd, config.layer_norm_epsilon)?,
            size: weights.into(),
            config,
        })
    }
}

impl Decoder for Gpt2 {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: "gpt2",
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

    /// `n_layer` × 2 × positions × `n_embd` floats.
    fn new_cache_of(&self, positions: usize) -> Result<KvCache> {
        let config = &self.config;
        let positions = positions.min(config.n_positions);
        KvCache::new(config.n_layer, config.n_head, positions, config.head_dim())
    }

    /// The hidden states after `ln_f`; the observer sees those before it.
    fn run(&self, input_ids: &[u32], mut past: Past, observe: &mut Observer) -> Result<Vec<f32>> {
        let positions = past.positions(input_ids, self.config.n_positions)?;
        let mut xs = self.ends.embed(input_ids, &positions)?;
        observe(0, &xs)?;
        for (layer, block) in self.h.iter().enumerate() {
            block.forward(&mut xs, layer, &mut past)?;
            observe(layer + 1, &xs)?;
        }
        past.advance(input_ids.len());
        Ok(self.ln_f.forward(&xs))
    }

    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        self.ends.lm_head.forward(hidden_states)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_tokens_are_a_number_a_list_or_nothing() {
        let eos = |json: &str| {
            let config = format!(
                r#"{{"vocab_size": 9, "n_positions": 9, "n_ctx": 9, "n_embd": 8, "n_layer": 1, "n_head": 2{json}}}"#
            );
            Gpt2Config::from_json(config.as_bytes())
                .unwrap()
                .eos_token_id
        };
        assert_eq!(eos(r#", "eos_token_id": 3"#), [3]);
        assert_eq!(eos(r#", "eos_token_id": [3, 4]"#), [3, 4]);
        assert!(eos(r#", "eos_token_id": null"#).is_empty());
        assert!(eos("").is_empty());
    }
}
