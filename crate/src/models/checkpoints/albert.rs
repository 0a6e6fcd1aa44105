//! Files of ALBERT checkpoints.

use std::any::Any;
use std::sync::Arc;

use serde::Deserialize;

use super::super::albert::{Albert, AlbertConfig, MLM_NAMES};
use super::super::fields::{check_eps, check_heads, check_positions, check_sizes, parse};
use super::super::fine_tuning::FineTuning;
use super::super::model::Model;
use super::checkpoint::Checkpoint;
use super::placing::{place_encoder, tie_encoder, EncoderLayout};
use crate::error::{Error, Result};
use crate::weights::{Placement, Weights};

const LAYOUT: EncoderLayout = EncoderLayout {
    prefix: "albert.",
    wanted: &[
        "embeddings.",
        "encoder.",
        "predictions.",
        "pooler.",
        "classifier.",
        "qa_outputs.",
    ],
};

/// Entries of `config.json` with which an ALBERT is not run.
#[derive(Deserialize)]
struct Refused {
    /// Blocks in a set of parameters; only 1 is run.
    #[serde(default = "one")]
    inner_group_num: usize,
    position_embedding_type: Option<String>,
}

fn one() -> usize {
    1
}

impl AlbertConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], [`Error::MalformedConfig`], [`Error::Unsupported`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let (config, refused): (Self, Refused) = (parse(bytes)?, parse(bytes)?);
        check_sizes(&[
            ("vocab_size", config.vocab_size),
            ("embedding_size", config.embedding_size),
            ("hidden_size", config.hidden_size),
            ("num_hidden_layers", config.num_hidden_layers),
            ("num_hidden_groups", config.num_hidden_groups),
            ("inner_group_num", refused.inner_group_num),
            ("num_attention_heads", config.num_attention_heads),
            ("intermediate_size", config.intermediate_size),
            ("max_position_embeddings", config.max_position_embeddings),
            ("type_vocab_size", config.type_vocab_size),
        ])?;
        check_heads(config.hidden_size, config.num_attention_heads)?;
        check_eps("layer_norm_eps", config.layer_norm_eps)?;
        check_positions(refused.position_embedding_type.as_deref())?;
        if config.num_hidden_groups > config.num_hidden_layers {
            return Err(Error::InvalidConfig(format!(
                "{} layers cannot be in {} groups",
                config.num_hidden_layers, config.num_hidden_groups
            )));
        }
        if refused.inner_group_num != 1 {
            return Err(Error::Unsupported(format!(
                "ALBERT with an \"inner_group_num\" of {}",
                refused.inner_group_num
            )));
        }
        Ok(Self {
            fine_tuning: FineTuning::from_json(bytes),
            ..config
        })
    }
}

impl Checkpoint for AlbertConfig {
    fn place(&self, name: &str) -> Placement {
        place_encoder(&LAYOUT, name)
    }

    fn tie(&self, weights: &mut Weights) {
        tie_encoder(&MLM_NAMES, !self.tie_word_embeddings, weights);
    }

    fn vocab_size(&self) -> usize {
        self.vocab_size
    }

    fn load(&self, weights: &Weights) -> Result<Model> {
        let model = Albert::load(self.clone(), weights)?;
        Ok(Model::Encoder(Arc::new(model)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
