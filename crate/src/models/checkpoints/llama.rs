//! Files of Llama checkpoints.

use std::any::Any;
use std::sync::Arc;

use serde::Deserialize;

use super::super::fields::{check_eps, check_heads, check_sizes, parse, required, vocabulary};
use super::super::generation_config::GenerationConfig;
use super::super::llama::{Llama, LlamaConfig, RopeScaling, ROPE_DIVISORS};
use super::super::model::Model;
use super::checkpoint::Checkpoint;
use super::placing::{GgufNames, OUTPUT};
use crate::error::{Error, Result};
use crate::gguf::Metadata;
use crate::nn::rope::Pairs;
use crate::weights::{Form, Header, Placement, Weights};

const GGUF_NAMES: GgufNames = GgufNames {
    block: "layers.",
    layers: &[
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
    ],
};

/// transformers' and llama.cpp's default.
const DEFAULT_THETA: f64 = 10_000.0;

fn default_eps() -> f64 {
    1e-6
}

/// `config.json` as it is written.
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
}

/// How `config.json` writes RoPE's scaling.
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

impl ConfigJson {
    /// Refuses what changes the arithmetic in ways that are not run.
    fn check(&self) -> Result<()> {
        let act = self.hidden_act.as_deref();
        if let Some(act) = act.filter(|act| !["silu", "swish"].contains(act)) {
            return Err(Error::Unsupported(format!(
                "Llama models with activation \"{act}\"; Cloze runs those with \"silu\""
            )));
        }
        if self.attention_bias == Some(true) || self.mlp_bias == Some(true) {
            return Err(Error::Unsupported(
                "Llama models with biases (\"attention_bias\", \"mlp_bias\")".into(),
            ));
        }
        Ok(())
    }
}

impl RopeJson {
    fn scaling(&self) -> Result<RopeScaling> {
        if self.partial_rotary_factor.is_some_and(|part| part != 1.0) {
            return Err(Error::Unsupported(
                "Llama models that rotate only a part of each head (\"partial_rotary_factor\")"
                    .into(),
            ));
        }
        let kind = self.rope_type.as_deref().or(self.kind.as_deref());
        match kind {
            None | Some("default") => Ok(RopeScaling::Default),
            Some("linear") => Ok(RopeScaling::Linear {
                factor: above_zero("factor", self.factor)?,
            }),
            Some("llama3") => Ok(RopeScaling::Llama3 {
                factor: above_zero("factor", self.factor)?,
                low_freq_factor: above_zero("low_freq_factor", self.low_freq_factor)?,
                high_freq_factor: above_zero("high_freq_factor", self.high_freq_factor)?,
                original_max_position_embeddings: above_zero(
                    "original_max_position_embeddings",
                    self.original_max_position_embeddings,
                )?,
            }),
            Some(other) => Err(unsupported_scaling(other)),
        }
    }
}

fn above_zero(name: &str, value: Option<f64>) -> Result<f64> {
    value
        .filter(|value| value.is_finite() && *value > 0.0)
        .ok_or_else(|| Error::InvalidConfig(format!("\"{name}\" of its RoPE is no number above 0")))
}

fn unsupported_scaling(kind: &str) -> Error {
    Error::Unsupported(format!(
        "RoPE scaled by \"{kind}\"; Cloze knows \"default\", \"linear\" and \"llama3\""
    ))
}

fn head_dim(given: Option<usize>, hidden_size: usize, heads: usize) -> Result<usize> {
    if let Some(head_dim) = given {
        return Ok(head_dim);
    }
    check_heads(hidden_size, heads)?;
    Ok(hidden_size / heads)
}

impl LlamaConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], [`Error::MalformedConfig`], [`Error::Unsupported`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let json: ConfigJson = parse(bytes)?;
        json.check()?;
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
            head_dim: head_dim(json.head_dim, json.hidden_size, heads)?,
            rms_norm_eps: json.rms_norm_eps,
            rope_theta: own_theta.or(json.rope_theta).unwrap_or(DEFAULT_THETA),
            rope_scaling: scaling.unwrap_or(RopeScaling::Default),
            rope_pairs: Pairs::Halves,
            tie_word_embeddings: Some(json.tie_word_embeddings.unwrap_or(false)),
            generation: GenerationConfig::from_config(bytes)?,
        };
        config.checked()
    }

    fn checked(self) -> Result<Self> {
        let (heads, kv_heads) = (self.num_attention_heads, self.num_key_value_heads);
        check_sizes(&[
            ("vocab_size", self.vocab_size),
            ("max_position_embeddings", self.max_position_embeddings),
            ("hidden_size", self.hidden_size),
            ("intermediate_size", self.intermediate_size),
            ("num_hidden_layers", self.num_hidden_layers),
            ("num_attention_heads", heads),
            ("num_key_value_heads", kv_heads),
            ("head_dim", self.head_dim),
            (
                "num_attention_heads * head_dim",
                heads.saturating_mul(self.head_dim),
            ),
        ])?;
        if heads % kv_heads != 0 {
            return Err(Error::InvalidConfig(format!(
                "{heads} heads of queries do not divide into {kv_heads} of keys and values"
            )));
        }
        if self.head_dim % 2 != 0 {
            return Err(Error::InvalidConfig(format!(
                "a head of {} values cannot be rotated by RoPE, which takes two at a time",
                self.head_dim
            )));
        }
        check_eps("rms_norm_eps", self.rms_norm_eps)?;
        let factor = self.rope_scaling.factor();
        let positive = |number: f64| number.is_finite() && number > 0.0;
        if !positive(self.rope_theta) || !positive(factor) {
            return Err(Error::InvalidConfig(format!(
                "RoPE of base {} scaled by {factor}",
                self.rope_theta
            )));
        }
        Ok(self)
    }
}

/// Reads and checks the key-value pairs of a GGUF file. Of `json`, the config beside it, only the end tokens count.
pub(in crate::models) fn from_gguf(
    metadata: &Metadata,
    json: Option<&LlamaConfig>,
) -> Result<LlamaConfig> {
    let heads = required(metadata, "llama.attention.head_count")?;
    check_sizes(&[("llama.attention.head_count", heads)])?;
    let hidden_size = required(metadata, "llama.embedding_length")?;
    let key_length = metadata.usize("llama.attention.key_length");
    let head_dim = head_dim(key_length, hidden_size, heads)?;
    // First: a config.json beside the file may replace what it must say, never what it does differently.
    check_metadata(metadata, head_dim)?;
    let context = required(metadata, "llama.context_length")?;
    check_window(metadata, context)?;
    let config = LlamaConfig {
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
        generation: GenerationConfig::from_gguf(metadata, json.map(|json| &json.generation)),
    };
    config.checked()
}

/// Refuses what changes the arithmetic in ways that are not run.
fn check_metadata(metadata: &Metadata, head_dim: usize) -> Result<()> {
    let another = |key: &str| metadata.usize(key).is_some_and(|width| width != head_dim);
    if another("llama.rope.dimension_count") || another("llama.attention.value_length") {
        return Err(Error::Unsupported(
            "Llama models whose heads are not of one width, all of it rotated by RoPE".into(),
        ));
    }
    if metadata.usize("llama.expert_count").unwrap_or(0) > 0 {
        return Err(Error::Unsupported(
            "Llama models of several experts (\"llama.expert_count\")".into(),
        ));
    }
    Ok(())
}

/// Refuses a window of attention that is smaller than the context.
fn check_window(metadata: &Metadata, context: usize) -> Result<()> {
    let window = metadata.usize("llama.attention.sliding_window");
    if window.is_some_and(|window| (1..context).contains(&window)) {
        return Err(Error::Unsupported(
            "Llama models that look at a part of the text (\"llama.attention.sliding_window\")"
                .into(),
        ));
    }
    Ok(())
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

impl Checkpoint for LlamaConfig {
    /// With or without the `model.` prefix; buffers of old files are skipped.
    fn place(&self, name: &str) -> Placement {
        let name = name.strip_prefix("model.").unwrap_or(name);
        let form = if name.ends_with("rotary_emb.inv_freq") {
            return Placement::Skip;
        } else if name.ends_with("norm.weight") {
            Form::Dense
        } else if name == "embed_tokens.weight"
            || name == OUTPUT
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

    fn tie(&self, weights: &mut Weights) {
        weights.tie(
            "embed_tokens.weight",
            OUTPUT,
            self.tie_word_embeddings == Some(false),
        );
    }

    fn vocab_size(&self) -> usize {
        self.vocab_size
    }

    fn with_vocab_size(&self, vocab_size: usize) -> Option<Arc<dyn Checkpoint>> {
        Some(Arc::new(Self {
            vocab_size,
            ..self.clone()
        }))
    }

    fn load(&self, weights: &Weights) -> Result<Model> {
        let model = Llama::load(self.clone(), weights)?;
        Ok(Model::Decoder(Arc::new(model)))
    }

    /// llama.cpp puts the two values beside each other that RoPE rotates together; what it divides Llama 3's angles by
    /// is a tensor.
    fn for_gguf(&self) -> Option<Arc<dyn Checkpoint>> {
        let mut config = self.clone();
        config.rope_pairs = Pairs::Neighbours;
        config.tie_word_embeddings = None;
        if matches!(config.rope_scaling, RopeScaling::Llama3 { .. }) {
            config.rope_scaling = RopeScaling::Default;
        }
        Some(Arc::new(config))
    }

    fn place_gguf(&self, name: &str) -> Placement {
        match GGUF_NAMES.ours(name) {
            Some(name) if name == ROPE_DIVISORS => Placement::Keep {
                name,
                form: Form::Dense,
            },
            Some(name) => self.place(&name),
            None => Placement::Skip,
        }
    }

    /// Refuses a file with a tensor in a block that is not read: without its biases a model writes fluent nonsense.
    fn check_gguf(&self, header: &Header) -> Result<()> {
        // Angles that old converters wrote out.
        let known = |name: &str| name.ends_with(".attn_rot_embd.weight");
        let read = |name: &str| self.place_gguf(name) != Placement::Skip;
        let mut names = header.tensors.iter().map(|tensor| tensor.name.as_str());
        match names.find(|name| name.starts_with("blk.") && !read(name) && !known(name)) {
            None => Ok(()),
            Some(name) => Err(Error::Unsupported(format!(
                "Llama models with a tensor \"{name}\": biases, experts and further norms are not read"
            ))),
        }
    }

    fn gguf_name_of(&self, name: &str) -> Option<String> {
        GGUF_NAMES.gguf(name)
    }

    fn with_generation(&self, file: GenerationConfig) -> Option<Arc<dyn Checkpoint>> {
        let mut config = self.clone();
        config.generation = config.generation.under(file);
        Some(Arc::new(config))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
