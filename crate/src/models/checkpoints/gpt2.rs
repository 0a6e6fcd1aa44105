//! Files of GPT-2 checkpoints.

use std::any::Any;
use std::sync::Arc;

use super::super::fields::{
    check_eps, check_heads, check_sizes, gelu_new, gpt_eps, parse_positions, required, vocabulary,
};
use super::super::fine_tuning::FineTuning;
use super::super::generation_config::GenerationConfig;
use super::super::gpt2::{Gpt2, Gpt2Config, SCORE};
use super::super::model::Model;
use super::checkpoint::Checkpoint;
use super::placing::{place_gpt, GgufNames, GptLayout, OUTPUT};
use crate::error::Result;
use crate::gguf::Metadata;
use crate::weights::{Form, Placement, Weights};

const LAYOUT: GptLayout = GptLayout {
    tokens: "wte.weight",
    positions: "wpe.weight",
};

const GGUF_NAMES: GgufNames = GgufNames {
    block: "h.",
    layers: &[
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
    ],
};

impl Gpt2Config {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::InvalidConfig`], [`crate::Error::MalformedConfig`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let config: Self = parse_positions(bytes)?;
        Self {
            generation: GenerationConfig::from_config(bytes)?,
            fine_tuning: FineTuning::from_json(bytes),
            ..config
        }
        .checked()
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

    /// The name that llama.cpp gives to a parameter of ours, for writing GGUF.
    pub fn gguf_name(name: &str) -> Option<String> {
        GGUF_NAMES.gguf(name)
    }
}

/// Reads and checks the key-value pairs of a GGUF file. `json`, the config beside it, fills in what they lack.
pub(in crate::models) fn from_gguf(
    metadata: &Metadata,
    json: Option<&Gpt2Config>,
) -> Result<Gpt2Config> {
    let config = Gpt2Config {
        vocab_size: vocabulary(metadata, "gpt2.vocab_size")?,
        n_positions: required(metadata, "gpt2.context_length")?,
        n_embd: required(metadata, "gpt2.embedding_length")?,
        n_layer: required(metadata, "gpt2.block_count")?,
        n_head: required(metadata, "gpt2.attention.head_count")?,
        n_inner: metadata.usize("gpt2.feed_forward_length"),
        activation_function: json.map_or_else(gelu_new, |json| json.activation_function),
        layer_norm_epsilon: metadata
            .f64("gpt2.attention.layer_norm_epsilon")
            .unwrap_or_else(gpt_eps),
        scale_attn_weights: json.is_none_or(|json| json.scale_attn_weights),
        scale_attn_by_inverse_layer_idx: json
            .is_some_and(|json| json.scale_attn_by_inverse_layer_idx),
        tie_word_embeddings: None,
        generation: GenerationConfig::from_gguf(metadata, json.map(|json| &json.generation)),
        fine_tuning: json
            .map(|json| json.fine_tuning.clone())
            .unwrap_or_default(),
    };
    config.checked()
}

impl Checkpoint for Gpt2Config {
    fn place(&self, name: &str) -> Placement {
        let score = format!("{SCORE}.weight");
        if name == score {
            return Placement::Keep {
                name: score,
                form: Form::Matrix,
            };
        }
        place_gpt(&LAYOUT, name)
    }

    /// Beside a classifier, the embedding is not taken for an output layer: what the model was fine-tuned for is no
    /// longer to guess the next token.
    fn tie(&self, weights: &mut Weights) {
        let classifies = weights.contains(&format!("{SCORE}.weight"));
        let apart = classifies || self.tie_word_embeddings == Some(false);
        weights.tie(LAYOUT.tokens, OUTPUT, apart);
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
        Ok(Model::Decoder(Arc::new(Gpt2::load(self.clone(), weights)?)))
    }

    fn for_gguf(&self) -> Option<Arc<dyn Checkpoint>> {
        Some(Arc::new(Self {
            tie_word_embeddings: None,
            ..self.clone()
        }))
    }

    /// llama.cpp's converter has transposed what is `[in, out]` in a checkpoint.
    fn place_gguf(&self, name: &str) -> Placement {
        let Some(name) = GGUF_NAMES.ours(name) else {
            return Placement::Skip;
        };
        match self.place(&name) {
            Placement::Keep {
                name,
                form: Form::Transposed,
            } => Placement::Keep {
                name,
                form: Form::Matrix,
            },
            placement => placement,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn llama_cpp_knows_all_layers() {
        let name = Gpt2Config::gguf_name("h.11.mlp.c_fc.bias");
        assert_eq!(name.as_deref(), Some("blk.11.ffn_up.bias"));
    }

    #[test]
    fn end_tokens_are_a_number_a_list_or_nothing() {
        let eos = |json: &str| {
            let config = format!(
                r#"{{"vocab_size": 9, "n_positions": 9, "n_ctx": 9, "n_embd": 8, "n_layer": 1, "n_head": 2{json}}}"#
            );
            Gpt2Config::from_json(config.as_bytes())
                .unwrap()
                .generation
                .eos_token_id
        };
        assert_eq!(eos(r#", "eos_token_id": 3"#), [3]);
        assert_eq!(eos(r#", "eos_token_id": [3, 4]"#), [3, 4]);
        assert!(eos(r#", "eos_token_id": null"#).is_empty());
        assert!(eos("").is_empty());
    }
}
