//! Llama: "LLaMA: Open and Efficient Foundation Language Models" (Touvron et al. 2023), as SmolLM2 and many other
//! small models use it.
//!
//! Embeddings of tokens; blocks with norms first; a norm; an output layer. Norms are by root mean square, positions are
//! rotations of queries and keys (RoPE), several heads of queries share one of keys and values (grouped-query
//! attention, Ainslie et al. 2023), the MLP is SwiGLU, and nothing has a bias. Names are the checkpoint's.

use super::decoder::{first_positions, Decoder, Past};
use super::embedded::Embedded;
use super::generation_config::GenerationConfig;
use super::info::{HeadNames, ModelInfo, Reads, Size};
use super::observer::Observer;
use super::parameters::{embedding, linear_without_bias as linear, rms_norm};
pub use super::rope_scaling::RopeScaling;
use crate::error::{Error, Result};
use crate::nn::rope::{self, Angles, Pairs, Rope};
use crate::nn::{
    attention, attention_weights, pool, vector, Embedding, KvCache, Linear, RmsNorm, Strided,
    Visible,
};
use crate::weights::Weights;

/// `config.json` of a Llama checkpoint, as far as it changes the arithmetic.
#[derive(Debug, Clone, PartialEq)]
pub struct LlamaConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// The most positions the model can read: its context.
    pub max_position_embeddings: usize,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// Width inside the MLP.
    pub intermediate_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Heads of queries per block.
    pub num_attention_heads: usize,
    /// Heads of keys and values per block; divides `num_attention_heads`.
    pub num_key_value_heads: usize,
    /// Width of one head, an even number.
    pub head_dim: usize,
    /// Added to the mean square in norms.
    pub rms_norm_eps: f64,
    /// Base of the angles' geometric series.
    pub rope_theta: f64,
    /// How the angles were changed for a context longer than the first training's.
    pub rope_scaling: RopeScaling,
    /// Which values of a head are rotated together: a matter of the file, not of the model.
    pub rope_pairs: Pairs,
    /// Whether the output layer is the token embedding. `None`: if the file has no other.
    pub tie_word_embeddings: Option<bool>,
    /// The tokens that end a text, and how it writes unless told otherwise.
    pub generation: GenerationConfig,
}

/// Where tokens stand: in which block, and by which angles they are rotated there.
#[derive(Clone, Copy)]
struct Place<'a> {
    layer: usize,
    angles: &'a Angles,
}

/// Masked self-attention, several heads of queries to one of keys and values:
///
/// ```text
/// headᵢ = softmax(mask(RoPE(Qᵢ)·RoPE(Kⱼ)ᵀ / √head_dim))·Vⱼ          j = i / (heads / kv_heads)
/// y     = o_proj(head₁ … headₙ)                                     Q = q_proj(x), K = k_proj(x), V = v_proj(x)
/// ```
struct Attention {
    /// `[heads·head_dim, hidden_size]`
    q_proj: Linear,
    /// `[kv_heads·head_dim, hidden_size]`
    k_proj: Linear,
    /// `[kv_heads·head_dim, hidden_size]`
    v_proj: Linear,
    /// `[hidden_size, heads·head_dim]`
    o_proj: Linear,
    heads: usize,
    kv_heads: usize,
    head_dim: usize,
}

impl Attention {
    /// `[n, hidden_size]` → `[n, hidden_size]`
    fn forward(
        &self,
        xs: &[f32],
        Place { layer, angles }: Place,
        past: &mut Past,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        // Quantised once for the three layers, which are stored alike.
        let shared = self.q_proj.activations(xs);
        let queries = self.q_proj.forward_shared(&shared)?; // [n, heads·head_dim]
        let keys = self.k_proj.forward_shared(&shared)?; // [n, kv_heads·head_dim]
        let values = self.v_proj.forward_shared(&shared)?; // [n, kv_heads·head_dim]
                                                           // Rows of queries, keys and values, one behind the other: [n, (heads + 2·kv_heads)·head_dim].
        let mut qkv = Vec::with_capacity(queries.len() + keys.len() + values.len());
        let size = self.kv_heads * self.head_dim;
        let rows = keys.chunks_exact(size).zip(values.chunks_exact(size));
        for (queries, (keys, values)) in queries.chunks_exact(self.heads * self.head_dim).zip(rows)
        {
            qkv.extend_from_slice(queries);
            qkv.extend_from_slice(keys);
            qkv.extend_from_slice(values);
        }
        angles.rotate(&mut qkv, self.heads + self.kv_heads);
        let ys =
            past.for_each_text(&qkv, |rows, cache| self.attend(rows, layer, cache, observe))?;
        self.o_proj.forward(&ys)
    }

    /// Adds the keys and values of rows to the cache and looks at all in it → `[n, heads·head_dim]`.
    fn attend(
        &self,
        qkv: &[f32],
        layer: usize,
        cache: &mut KvCache,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        let (keys, size) = (self.heads * self.head_dim, self.kv_heads * self.head_dim);
        let (values, end) = (keys + size, keys + 2 * size);
        let qkv = Strided::new(qkv, end);
        cache.append(layer, qkv.columns(keys..values), qkv.columns(values..end))?;
        let visible = Visible::Causal { past: cache.len() };
        let (queries, scale) = (qkv.columns(0..keys), 1.0 / (self.head_dim as f32).sqrt());
        let group = self.heads / self.kv_heads;
        let head = |head| cache.head(layer, head / group);
        if observe.wants_attentions(layer) {
            let weights = attention_weights(queries, self.heads, scale, visible, head)?;
            observe.attentions(layer, weights)?;
        }
        Ok(attention(queries, self.heads, scale, visible, head))
    }

    fn load(config: &LlamaConfig, weights: &Weights, layer: usize) -> Result<Self> {
        let (hidden, name) = (config.hidden_size, format!("layers.{layer}.self_attn"));
        let queries = config.num_attention_heads * config.head_dim;
        let keys = config.num_key_value_heads * config.head_dim;
        Ok(Self {
            q_proj: linear(weights, &format!("{name}.q_proj"), hidden, queries)?,
            k_proj: linear(weights, &format!("{name}.k_proj"), hidden, keys)?,
            v_proj: linear(weights, &format!("{name}.v_proj"), hidden, keys)?,
            o_proj: linear(weights, &format!("{name}.o_proj"), queries, hidden)?,
            heads: config.num_attention_heads,
            kv_heads: config.num_key_value_heads,
            head_dim: config.head_dim,
        })
    }
}

/// SwiGLU (Shazeer 2020): y = down_proj(silu(gate_proj(x)) ⊙ up_proj(x))
struct Mlp {
    /// `[intermediate_size, hidden_size]`
    gate_proj: Linear,
    /// `[intermediate_size, hidden_size]`
    up_proj: Linear,
    /// `[hidden_size, intermediate_size]`
    down_proj: Linear,
}

impl Mlp {
    /// `[n, hidden_size]` → `[n, hidden_size]`
    fn forward(&self, xs: &[f32]) -> Result<Vec<f32>> {
        let shared = self.gate_proj.activations(xs);
        let mut gates = self.gate_proj.forward_shared(&shared)?; // [n, intermediate_size]
        let ups = self.up_proj.forward_shared(&shared)?; // [n, intermediate_size]
        pool::for_each_rows(&mut gates, 1, |first, gates| {
            vector::silu_times(gates, &ups[first..]);
        });
        self.down_proj.forward(&gates)
    }

    fn load(config: &LlamaConfig, weights: &Weights, layer: usize) -> Result<Self> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let name = format!("layers.{layer}.mlp");
        Ok(Self {
            gate_proj: linear(weights, &format!("{name}.gate_proj"), hidden, inner)?,
            up_proj: linear(weights, &format!("{name}.up_proj"), hidden, inner)?,
            down_proj: linear(weights, &format!("{name}.down_proj"), inner, hidden)?,
        })
    }
}

/// One block:
///
/// ```text
/// x += self_attn(input_layernorm(x))
/// x += mlp(post_attention_layernorm(x))
/// ```
struct Layer {
    /// `[hidden_size]`
    input_layernorm: RmsNorm,
    self_attn: Attention,
    /// `[hidden_size]`
    post_attention_layernorm: RmsNorm,
    mlp: Mlp,
}

impl Layer {
    /// `[n, hidden_size]`, in place
    fn forward(
        &self,
        xs: &mut [f32],
        place: Place,
        past: &mut Past,
        observe: &mut dyn Observer,
    ) -> Result<()> {
        let normed = self.input_layernorm.forward(xs);
        vector::add(xs, &self.self_attn.forward(&normed, place, past, observe)?);
        let normed = self.post_attention_layernorm.forward(xs);
        vector::add(xs, &self.mlp.forward(&normed)?);
        Ok(())
    }

    fn load(config: &LlamaConfig, weights: &Weights, layer: usize) -> Result<Self> {
        let (size, eps) = (config.hidden_size, config.rms_norm_eps);
        let norm = |name: &str| rms_norm(weights, &format!("layers.{layer}.{name}"), size, eps);
        Ok(Self {
            input_layernorm: norm("input_layernorm")?,
            self_attn: Attention::load(config, weights, layer)?,
            post_attention_layernorm: norm("post_attention_layernorm")?,
            mlp: Mlp::load(config, weights, layer)?,
        })
    }
}

/// Llama with its language-model head.
pub struct Llama {
    config: LlamaConfig,
    /// `[vocab_size, hidden_size]`
    embed_tokens: Embedding,
    rope: Rope,
    layers: Vec<Layer>,
    /// `[hidden_size]`
    norm: RmsNorm,
    /// `[vocab_size, hidden_size]`, of small models the matrix of `embed_tokens`.
    lm_head: Linear,
    size: Size,
}

impl Decoder for Llama {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: MODEL_TYPE,
            reads: Reads::LeftToRight,
            heads: HeadNames::LM,
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size: self.size,
            dtype: self.embed_tokens.table().dtype(),
        }
    }

    fn generation(&self) -> &GenerationConfig {
        &self.config.generation
    }

    /// `num_hidden_layers` × 2 × `num_key_value_heads` × `head_dim` floats a position.
    fn new_cache_of(&self, positions: usize) -> Result<KvCache> {
        let config = &self.config;
        KvCache::new(
            config.num_hidden_layers,
            config.num_key_value_heads,
            positions.min(config.max_position_embeddings),
            config.head_dim,
        )
    }

    /// The hidden states after `norm`; the observer sees those before it.
    fn run(
        &self,
        input_ids: &[u32],
        mut past: Past,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        let positions = past.positions(input_ids, self.config.max_position_embeddings)?;
        let mut xs = self.embed_tokens.forward(input_ids)?; // [n, hidden_size]
        let angles = self.rope.angles(&positions); // [n, head_dim / 2]
        observe.hidden_states(0, &xs)?;
        for (number, layer) in self.layers.iter().enumerate() {
            let place = Place {
                layer: number,
                angles: &angles,
            };
            layer.forward(&mut xs, place, &mut past, observe)?;
            observe.hidden_states(number + 1, &xs)?;
        }
        past.advance(input_ids.len());
        Ok(self.final_norm(&xs))
    }

    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        self.lm_head.forward(hidden_states)
    }

    fn embed(&self, input_ids: &[u32]) -> Result<Embedded> {
        first_positions(input_ids, self.config.max_position_embeddings)?;
        let token = self.embed_tokens.forward(input_ids)?;
        Ok(Embedded {
            size: self.config.hidden_size,
            sum: token.clone(),
            token,
            segment: None,
            position: None,
            normalized: None,
        })
    }

    fn word_embeddings(&self) -> &Embedding {
        &self.embed_tokens
    }

    fn final_norm(&self, hidden_states: &[f32]) -> Vec<f32> {
        self.norm.forward(hidden_states)
    }
}

impl Llama {
    /// Takes the parameters by their checkpoint names.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: LlamaConfig, weights: &Weights) -> Result<Self> {
        let (hidden, vocab, eps) = (config.hidden_size, config.vocab_size, config.rms_norm_eps);
        let embed_tokens = embedding(weights, "embed_tokens", vocab, hidden)?;
        let frequencies = divided(config.rope_frequencies(), weights)?;
        Ok(Self {
            embed_tokens,
            rope: Rope::new(frequencies, config.rope_pairs),
            layers: (0..config.num_hidden_layers)
                .map(|layer| Layer::load(&config, weights, layer))
                .collect::<Result<_>>()?,
            norm: rms_norm(weights, "norm", hidden, eps)?,
            lm_head: linear(weights, "lm_head", hidden, vocab)?,
            size: weights.into(),
            config,
        })
    }
}

impl LlamaConfig {
    /// Radians per position of each pair of values, `[head_dim / 2]`.
    pub fn rope_frequencies(&self) -> Vec<f64> {
        let frequencies = rope::frequencies(self.head_dim, self.rope_theta);
        let scaled = frequencies.into_iter();
        scaled
            .map(|frequency| self.rope_scaling.scaled(frequency))
            .collect()
    }
}

/// What GGUF files of Llama 3 divide the angles by, `[head_dim / 2]`.
pub(super) const ROPE_DIVISORS: &str = "rope_freqs.weight";

/// The frequencies, divided by the file's own divisors if it has any.
fn divided(mut frequencies: Vec<f64>, weights: &Weights) -> Result<Vec<f64>> {
    if !weights.contains(ROPE_DIVISORS) {
        return Ok(frequencies);
    }
    let divisors = weights.values(ROPE_DIVISORS, &[frequencies.len()])?;
    for (frequency, divisor) in frequencies.iter_mut().zip(divisors) {
        if !(divisor.is_finite() && divisor > 0.0) {
            return Err(Error::InvalidWeights(format!(
                "tensor \"{ROPE_DIVISORS}\" divides angles by {divisor}"
            )));
        }
        *frequency /= f64::from(divisor);
    }
    Ok(frequencies)
}

pub(super) const MODEL_TYPE: &str = "llama";
