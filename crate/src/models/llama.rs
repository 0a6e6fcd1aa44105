//! Llama: "LLaMA: Open and Efficient Foundation Language Models" (Touvron et al. 2023), as SmolLM2 and many other
//! small models use it.
//!
//! A decoder of pre-norm blocks: x += self_attn(input_layernorm(x)); x += mlp(post_attention_layernorm(x)); at the
//! end a norm and an output layer. Norms are by root mean square, positions are turned into queries and keys (RoPE),
//! several queries share one key and value (grouped-query attention, Ainslie et al. 2023), the MLP is SwiGLU, and
//! nothing has a bias. Names are the checkpoint's.

use serde::Deserialize;

use super::config::{
    check_eps, check_heads, check_sizes, end_tokens, one_or_many, parse, renamed, required,
    vocabulary,
};
use super::decoder::{Decoder, Past};
use super::loader::embedding;
use super::{ModelInfo, Observer, Size};
use crate::error::{Error, Result};
use crate::nn::rope::{self, Angles, Pairs, Rope};
use crate::nn::{attention, pool, vector, Embedding, KvCache, Linear, RmsNorm, Strided, Visible};
use crate::weights::{Form, Metadata, Placement, Weights};

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
    /// Which values of a head are turned together: a matter of the file, not of the model.
    pub rope_pairs: Pairs,
    /// Whether the output layer is the token embedding. `None`: if the file has no other.
    pub tie_word_embeddings: Option<bool>,
    /// The tokens that end a text.
    pub eos_token_id: Vec<u32>,
}

/// Changes to the angles of RoPE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RopeScaling {
    /// None.
    Default,
    /// All angles divided by a factor (position interpolation, Chen et al. 2023).
    Linear {
        /// Above 0.
        factor: f64,
    },
    /// Slow angles divided, fast ones kept, those between by shares (Llama 3.1).
    Llama3 {
        /// Divisor of the slow ones.
        factor: f64,
        /// Turns within the first context below which an angle is slow.
        low_freq_factor: f64,
        /// Turns above which it is fast.
        high_freq_factor: f64,
        /// Positions of the first training.
        original_max_position_embeddings: f64,
    },
}

/// The file, as it is written.
#[derive(Deserialize)]
struct ConfigJson {
    vocab_size: usize,
    max_position_embeddings: usize,
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    #[serde(default = "default_eps")]
    rms_norm_eps: f64,
    hidden_act: Option<String>,
    rope_theta: Option<f64>,
    /// Older files; with or without values.
    rope_scaling: Option<RopeJson>,
    /// Files of transformers 5.
    rope_parameters: Option<RopeJson>,
    tie_word_embeddings: Option<bool>,
    attention_bias: Option<bool>,
    mlp_bias: Option<bool>,
    #[serde(default, deserialize_with = "one_or_many")]
    eos_token_id: Vec<u32>,
}

#[derive(Deserialize)]
struct RopeJson {
    rope_type: Option<String>,
    /// Its older name; files that were read and saved again have both.
    #[serde(rename = "type")]
    kind: Option<String>,
    rope_theta: Option<f64>,
    factor: Option<f64>,
    low_freq_factor: Option<f64>,
    high_freq_factor: Option<f64>,
    original_max_position_embeddings: Option<f64>,
    partial_rotary_factor: Option<f64>,
}

impl RopeJson {
    fn scaling(&self) -> Result<RopeScaling> {
        let number = |name: &str, value: Option<f64>| match value {
            Some(value) if value.is_finite() && value > 0.0 => Ok(value),
            _ => Err(Error::InvalidConfig(format!(
                "\"{name}\" of its RoPE is no number above 0"
            ))),
        };
        if self.partial_rotary_factor.is_some_and(|part| part != 1.0) {
            return Err(Error::Unsupported(
                "Llama models that turn only a part of each head (\"partial_rotary_factor\")"
                    .into(),
            ));
        }
        match self
            .rope_type
            .as_ref()
            .or(self.kind.as_ref())
            .map(String::as_str)
        {
            None | Some("default") => Ok(RopeScaling::Default),
            Some("linear") => Ok(RopeScaling::Linear {
                factor: number("factor", self.factor)?,
            }),
            Some("llama3") => Ok(RopeScaling::Llama3 {
                factor: number("factor", self.factor)?,
                low_freq_factor: number("low_freq_factor", self.low_freq_factor)?,
                high_freq_factor: number("high_freq_factor", self.high_freq_factor)?,
                original_max_position_embeddings: number(
                    "original_max_position_embeddings",
                    self.original_max_position_embeddings,
                )?,
            }),
            Some(other) => Err(unsupported_scaling(other)),
        }
    }
}

fn unsupported_scaling(kind: &str) -> Error {
    Error::Unsupported(format!(
        "RoPE scaled by \"{kind}\"; Cloze knows \"default\", \"linear\" and \"llama3\""
    ))
}

/// As llama.cpp reads it: linear unless another kind is named, by the factor that is there and not 0. Llama 3's is a
/// tensor of its own, [`ROPE_DIVISORS`].
fn gguf_scaling(metadata: &Metadata) -> Result<RopeScaling> {
    let factor = ["llama.rope.scaling.factor", "llama.rope.scale_linear"]
        .into_iter()
        .find_map(|key| metadata.f64(key));
    match (metadata.string("llama.rope.scaling.type"), factor) {
        (Some("none"), _) | (None | Some("linear"), None | Some(0.0 | 1.0)) => {
            Ok(RopeScaling::Default)
        }
        (None | Some("linear"), Some(factor)) => Ok(RopeScaling::Linear { factor }),
        (Some(other), _) => Err(unsupported_scaling(other)),
    }
}

fn default_eps() -> f64 {
    1e-6
}

/// transformers' and llama.cpp's default.
const DEFAULT_THETA: f64 = 10_000.0;

impl LlamaConfig {
    /// Reads and checks a `config.json`.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let json: ConfigJson = parse(bytes)?;
        if let Some(act) = json
            .hidden_act
            .filter(|act| act != "silu" && act != "swish")
        {
            return Err(Error::Unsupported(format!(
                "Llama models with activation \"{act}\"; Cloze runs those with \"silu\""
            )));
        }
        if json.attention_bias == Some(true) || json.mlp_bias == Some(true) {
            return Err(Error::Unsupported(
                "Llama models with biases (\"attention_bias\", \"mlp_bias\")".into(),
            ));
        }
        let rope = json.rope_parameters.or(json.rope_scaling);
        let scaling = rope.as_ref().map(RopeJson::scaling).transpose()?;
        let own_theta = rope.and_then(|rope| rope.rope_theta);
        let heads = json.num_attention_heads;
        check_sizes(&[("num_attention_heads", heads)])?;
        let config = Self {
            vocab_size: json.vocab_size,
            max_position_embeddings: json.max_position_embeddings,
            hidden_size: json.hidden_size,
            intermediate_size: json.intermediate_size,
            num_hidden_layers: json.num_hidden_layers,
            num_attention_heads: heads,
            num_key_value_heads: json.num_key_value_heads.unwrap_or(heads),
            head_dim: match json.head_dim {
                Some(head_dim) => head_dim,
                None => head_dim(json.hidden_size, heads)?,
            },
            rms_norm_eps: json.rms_norm_eps,
            rope_theta: own_theta.or(json.rope_theta).unwrap_or(DEFAULT_THETA),
            rope_scaling: scaling.unwrap_or(RopeScaling::Default),
            rope_pairs: Pairs::Halves,
            tie_word_embeddings: Some(json.tie_word_embeddings.unwrap_or(false)),
            eos_token_id: json.eos_token_id,
        };
        config.checked()
    }

    /// Reads and checks the key-value pairs of a GGUF file.
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        let heads = required(metadata, "llama.attention.head_count")?;
        check_sizes(&[("llama.attention.head_count", heads)])?;
        let hidden_size = required(metadata, "llama.embedding_length")?;
        let head_dim = match metadata.usize("llama.attention.key_length") {
            Some(head_dim) => head_dim,
            None => head_dim(hidden_size, heads)?,
        };
        let turned = metadata.usize("llama.rope.dimension_count");
        if turned.is_some_and(|turned| turned != head_dim)
            || metadata
                .usize("llama.attention.value_length")
                .is_some_and(|length| length != head_dim)
        {
            return Err(Error::Unsupported(
                "Llama models whose heads are not of one width, all of it turned by RoPE".into(),
            ));
        }
        if metadata.usize("llama.expert_count").unwrap_or(0) > 0 {
            return Err(Error::Unsupported(
                "Llama models of several experts (\"llama.expert_count\")".into(),
            ));
        }
        let context = required(metadata, "llama.context_length")?;
        let window = metadata.usize("llama.attention.sliding_window");
        if window.is_some_and(|window| (1..context).contains(&window)) {
            return Err(Error::Unsupported(
                "Llama models that look at a part of the text (\"llama.attention.sliding_window\")"
                    .into(),
            ));
        }
        let config = Self {
            vocab_size: vocabulary(metadata, "llama.vocab_size")?,
            max_position_embeddings: context,
            hidden_size,
            intermediate_size: required(metadata, "llama.feed_forward_length")?,
            num_hidden_layers: required(metadata, "llama.block_count")?,
            num_attention_heads: heads,
            num_key_value_heads: metadata
                .usize("llama.attention.head_count_kv")
                .unwrap_or(heads),
            head_dim,
            rms_norm_eps: metadata
                .f64("llama.attention.layer_norm_rms_epsilon")
                .unwrap_or_else(default_eps),
            rope_theta: metadata
                .f64("llama.rope.freq_base")
                .unwrap_or(DEFAULT_THETA),
            rope_scaling: gguf_scaling(metadata)?,
            rope_pairs: Pairs::Neighbours,
            tie_word_embeddings: None,
            eos_token_id: end_tokens(metadata),
        };
        config.checked()
    }

    fn checked(self) -> Result<Self> {
        check_sizes(&[
            ("vocab_size", self.vocab_size),
            ("max_position_embeddings", self.max_position_embeddings),
            ("hidden_size", self.hidden_size),
            ("intermediate_size", self.intermediate_size),
            ("num_hidden_layers", self.num_hidden_layers),
            ("num_attention_heads", self.num_attention_heads),
            ("num_key_value_heads", self.num_key_value_heads),
            ("head_dim", self.head_dim),
            (
                "num_attention_heads * head_dim",
                self.num_attention_heads.saturating_mul(self.head_dim),
            ),
        ])?;
        if self.num_attention_heads % self.num_key_value_heads != 0 {
            return Err(Error::InvalidConfig(format!(
                "{} heads of queries do not divide into {} of keys and values",
                self.num_attention_heads, self.num_key_value_heads
            )));
        }
        if self.head_dim % 2 != 0 {
            return Err(Error::InvalidConfig(format!(
                "a head of {} values cannot be turned by RoPE, which takes two at a time",
                self.head_dim
            )));
        }
        check_eps("rms_norm_eps", self.rms_norm_eps)?;
        let factor = match self.rope_scaling {
            RopeScaling::Default => 1.0,
            RopeScaling::Linear { factor } | RopeScaling::Llama3 { factor, .. } => factor,
        };
        let positive = |number: f64| number.is_finite() && number > 0.0;
        if !positive(self.rope_theta) || !positive(factor) {
            return Err(Error::InvalidConfig(format!(
                "RoPE of base {} scaled by {factor}",
                self.rope_theta
            )));
        }
        Ok(self)
    }

    /// Radians per position of each pair of values, `[head_dim / 2]`.
    pub fn rope_frequencies(&self) -> Vec<f64> {
        let frequencies = rope::frequencies(self.head_dim, self.rope_theta);
        let scaled = frequencies
            .into_iter()
            .map(|frequency| match self.rope_scaling {
                RopeScaling::Default => frequency,
                RopeScaling::Linear { factor } => frequency / factor,
                RopeScaling::Llama3 {
                    factor,
                    low_freq_factor: low,
                    high_freq_factor: high,
                    original_max_position_embeddings: context,
                } => {
                    let turns = context * frequency / std::f64::consts::TAU;
                    // Equal factors leave no angles between them.
                    let fast = match high > low {
                        true => ((turns - low) / (high - low)).clamp(0.0, 1.0),
                        false => f64::from(u8::from(turns > high)),
                    };
                    frequency * fast + frequency / factor * (1.0 - fast)
                }
            });
        scaled.collect()
    }

    /// With or without the `model.` prefix; buffers of old files are skipped.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        let name = name.strip_prefix("model.").unwrap_or(name);
        let form = if name.ends_with("rotary_emb.inv_freq") {
            return Placement::Skip;
        } else if name.ends_with("norm.weight") {
            Form::Dense
        } else if name == "embed_tokens.weight"
            || (name == "lm_head.weight" && self.tie_word_embeddings != Some(true))
            || (name.starts_with("layers.") && name.ends_with("_proj.weight"))
        {
            Form::Matrix
        } else {
            return Placement::Skip;
        };
        Placement::Keep {
            name: name.to_string(),
            form,
        }
    }

    /// llama.cpp's names.
    pub fn place_gguf(&self, name: &str) -> Placement {
        match renamed(name, &GGUF_NAMES, "blk.", "layers.") {
            Some(name) if name == ROPE_DIVISORS => Placement::Keep {
                name,
                form: Form::Dense,
            },
            Some(name) => self.place_safetensors(&name),
            None => Placement::Skip,
        }
    }

    /// Refuses a GGUF file with a tensor in a block that is not read: without its biases a model writes fluent nonsense.
    pub(super) fn check_gguf<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> Result<()> {
        // Angles that old converters wrote out.
        let known = |name: &str| name.ends_with(".attn_rot_embd.weight");
        let read = |name: &str| self.place_gguf(name) != Placement::Skip;
        match names.find(|name| name.starts_with("blk.") && !read(name) && !known(name)) {
            None => Ok(()),
            Some(name) => Err(Error::Unsupported(format!(
                "Llama models with a tensor \"{name}\": biases, experts and further norms are not read"
            ))),
        }
    }
}

fn head_dim(hidden_size: usize, heads: usize) -> Result<usize> {
    check_heads(hidden_size, heads)?;
    Ok(hidden_size / heads)
}

/// What GGUF files of Llama 3 divide the angles by, `[head_dim / 2]`.
const ROPE_DIVISORS: &str = "rope_freqs.weight";

/// GGUF's names of layers beside the checkpoint's.
const GGUF_NAMES: [(&str, &str); 13] = [
    ("token_embd", "embed_tokens"),
    ("output_norm", "norm"),
    ("output", "lm_head"),
    ("rope_freqs", "rope_freqs"),
    ("attn_norm", "input_layernorm"),
    ("attn_q", "self_attn.q_proj"),
    ("attn_k", "self_attn.k_proj"),
    ("attn_v", "self_attn.v_proj"),
    ("attn_output", "self_attn.o_proj"),
    ("ffn_norm", "post_attention_layernorm"),
    ("ffn_gate", "mlp.gate_proj"),
    ("ffn_up", "mlp.up_proj"),
    ("ffn_down", "mlp.down_proj"),
];

/// A linear layer `name.weight` without a bias.
fn linear(weights: &Weights, name: &str, inputs: usize, outputs: usize) -> Result<Linear> {
    let weight = weights.matrix(&format!("{name}.weight"), outputs, inputs)?;
    Linear::new(weight, None)
}

/// Masked self-attention, several heads of queries to one of keys and values.
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

    /// `[n, hidden_size]` → `[n, hidden_size]`
    fn forward(
        &self,
        xs: &[f32],
        layer: usize,
        past: &mut Past,
        angles: &Angles,
    ) -> Result<Vec<f32>> {
        let shared = self.q_proj.activations(xs);
        let queries = self.q_proj.forward_shared(&shared)?;
        let keys = self.k_proj.forward_shared(&shared)?;
        let values = self.v_proj.forward_shared(&shared)?;
        // Rows of queries, keys and values, one behind the other.
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
        let ys = past.for_each_text(&qkv, |rows, cache| self.attend(rows, layer, cache))?;
        self.o_proj.forward(&ys)
    }

    /// Adds the keys and values of rows to the cache and looks at all in it.
    fn attend(&self, qkv: &[f32], layer: usize, cache: &mut KvCache) -> Result<Vec<f32>> {
        let (keys, size) = (self.heads * self.head_dim, self.kv_heads * self.head_dim);
        let (values, end) = (keys + size, keys + 2 * size);
        let qkv = Strided::new(qkv, end);
        cache.append(layer, qkv.columns(keys..values), qkv.columns(values..end))?;
        let visible = Visible::Causal { past: cache.len() };
        let group = self.heads / self.kv_heads;
        Ok(attention(
            qkv.columns(0..keys),
            self.heads,
            1.0 / (self.head_dim as f32).sqrt(),
            visible,
            |head| cache.head(layer, head / group),
        ))
    }
}

/// SwiGLU (Shazeer 2020): down(silu(gate(x)) · up(x)).
struct Mlp {
    /// `[intermediate_size, hidden_size]`
    gate_proj: Linear,
    /// `[intermediate_size, hidden_size]`
    up_proj: Linear,
    /// `[hidden_size, intermediate_size]`
    down_proj: Linear,
}

impl Mlp {
    fn load(config: &LlamaConfig, weights: &Weights, layer: usize) -> Result<Self> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let name = format!("layers.{layer}.mlp");
        Ok(Self {
            gate_proj: linear(weights, &format!("{name}.gate_proj"), hidden, inner)?,
            up_proj: linear(weights, &format!("{name}.up_proj"), hidden, inner)?,
            down_proj: linear(weights, &format!("{name}.down_proj"), inner, hidden)?,
        })
    }

    fn forward(&self, xs: &[f32]) -> Result<Vec<f32>> {
        let shared = self.gate_proj.activations(xs);
        let mut gates = self.gate_proj.forward_shared(&shared)?;
        let ups = self.up_proj.forward_shared(&shared)?;
        pool::for_each_rows(&mut gates, 1, |first, gates| {
            vector::silu_times(gates, &ups[first..]);
        });
        self.down_proj.forward(&gates)
    }
}

/// One transformer block, norm first.
struct Layer {
    input_layernorm: RmsNorm,
    self_attn: Attention,
    post_attention_layernorm: RmsNorm,
    mlp: Mlp,
}

impl Layer {
    fn load(config: &LlamaConfig, weights: &Weights, layer: usize) -> Result<Self> {
        let norm = |name: &str| norm(config, weights, &format!("layers.{layer}.{name}"));
        Ok(Self {
            input_layernorm: norm("input_layernorm")?,
            self_attn: Attention::load(config, weights, layer)?,
            post_attention_layernorm: norm("post_attention_layernorm")?,
            mlp: Mlp::load(config, weights, layer)?,
        })
    }

    /// `[n, hidden_size]`, in place
    fn forward(
        &self,
        xs: &mut [f32],
        layer: usize,
        past: &mut Past,
        angles: &Angles,
    ) -> Result<()> {
        let normed = self.input_layernorm.forward(xs);
        vector::add(xs, &self.self_attn.forward(&normed, layer, past, angles)?);
        let normed = self.post_attention_layernorm.forward(xs);
        vector::add(xs, &self.mlp.forward(&normed)?);
        Ok(())
    }
}

fn norm(config: &LlamaConfig, weights: &Weights, name: &str) -> Result<RmsNorm> {
    let weight = weights.tensor(&format!("{name}.weight"), &[config.hidden_size])?;
    RmsNorm::new(&weight, config.rms_norm_eps)
}

/// Llama with its language-model head.
pub struct Llama {
    config: LlamaConfig,
    /// `[vocab_size, hidden_size]`
    embed_tokens: Embedding,
    rope: Rope,
    layers: Vec<Layer>,
    norm: RmsNorm,
    /// `[vocab_size, hidden_size]`, of small models the matrix of `embed_tokens`.
    lm_head: Linear,
    size: Size,
}

impl Llama {
    /// Takes the parameters by their checkpoint names.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: LlamaConfig, weights: &Weights) -> Result<Self> {
        let (vocab, hidden) = (config.vocab_size, config.hidden_size);
        let (embed_tokens, table) = embedding(weights, "embed_tokens", vocab, hidden)?;
        let tied = config
            .tie_word_embeddings
            .unwrap_or_else(|| !weights.contains("lm_head.weight"));
        let lm_head = match tied {
            true => table,
            false => weights.matrix("lm_head.weight", vocab, hidden)?,
        };
        let mut frequencies = config.rope_frequencies();
        if weights.contains(ROPE_DIVISORS) {
            let divisors = weights.tensor(ROPE_DIVISORS, &[frequencies.len()])?;
            for (frequency, divisor) in frequencies.iter_mut().zip(divisors.to_vec1::<f32>()?) {
                if !(divisor.is_finite() && divisor > 0.0) {
                    return Err(Error::InvalidWeights(format!(
                        "tensor \"{ROPE_DIVISORS}\" divides angles by {divisor}"
                    )));
                }
                *frequency /= f64::from(divisor);
            }
        }
        Ok(Self {
            embed_tokens,
            rope: Rope::new(frequencies, config.rope_pairs),
            layers: (0..config.num_hidden_layers)
                .map(|layer| Layer::load(&config, weights, layer))
                .collect::<Result<_>>()?,
            norm: norm(&config, weights, "norm")?,
            lm_head: Linear::new(lm_head, None)?,
            size: weights.into(),
            config,
        })
    }
}

impl Decoder for Llama {
    fn info(&self) -> ModelInfo {
        let config = &self.config;
        ModelInfo {
            model_type: "llama",
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            vocab_size: config.vocab_size,
            max_position_embeddings: config.max_position_embeddings,
            size: self.size,
            dtype: self.embed_tokens.table().dtype(),
        }
    }

    fn eos_token_ids(&self) -> &[u32] {
        &self.config.eos_token_id
    }

    /// `num_hidden_layers` × 2 × positions × `num_key_value_heads` × `head_dim` floats.
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
    fn run(&self, input_ids: &[u32], mut past: Past, observe: &mut Observer) -> Result<Vec<f32>> {
        let positions = past.positions(input_ids, self.config.max_position_embeddings)?;
        let mut xs = self.embed_tokens.forward(input_ids)?;
        let angles = self.rope.angles(&positions);
        observe(0, &xs)?;
        for (number, layer) in self.layers.iter().enumerate() {
            layer.forward(&mut xs, number, &mut past, &angles)?;
            observe(number + 1, &xs)?;
        }
        past.advance(input_ids.len());
        Ok(self.norm.forward(&xs))
    }

    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>> {
        self.lm_head.forward(hidden_states)
    }
}
