//! Files of GPT-1 checkpoints.

use std::any::Any;
use std::sync::Arc;

use super::super::fields::{check_eps, check_heads, check_sizes, parse_positions};
use super::super::generation_config::GenerationConfig;
use super::super::model::Model;
use super::super::openai_gpt::{OpenAiGpt, OpenAiGptConfig};
use super::checkpoint::Checkpoint;
use super::placing::{place_gpt, GptLayout, OUTPUT};
use crate::error::Result;
use crate::weights::{Placement, Weights};

const LAYOUT: GptLayout = GptLayout {
    tokens: "tokens_embed.weight",
    positions: "positions_embed.weight",
};

impl OpenAiGptConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::InvalidConfig`], [`crate::Error::MalformedConfig`].
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
        Ok(Self {
            generation: GenerationConfig::from_config(bytes)?,
            ..config
        })
    }
}

impl Checkpoint for OpenAiGptConfig {
    fn place(&self, name: &str) -> Placement {
        place_gpt(&LAYOUT, name)
    }

    fn tie(&self, weights: &mut Weights) {
        weights.tie(LAYOUT.tokens, OUTPUT, !self.tie_word_embeddings);
    }

    fn vocab_size(&self) -> usize {
        self.vocab_size
    }

    fn load(&self, weights: &Weights) -> Result<Model> {
        let model = OpenAiGpt::load(self.clone(), weights)?;
        Ok(Model::Decoder(Arc::new(model)))
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
