//! Files of DistilBERT checkpoints.

use std::any::Any;
use std::sync::Arc;

use super::super::distilbert::{DistilBert, DistilBertConfig, MLM_NAMES};
use super::super::fields::{check_heads, check_sizes, parse};
use super::super::fine_tuning::FineTuning;
use super::super::model::Model;
use super::checkpoint::Checkpoint;
use super::placing::{place_encoder, tie_encoder, EncoderLayout};
use crate::error::Result;
use crate::weights::{Placement, Weights};

const LAYOUT: EncoderLayout = EncoderLayout {
    prefix: "distilbert.",
    wanted: &[
        "embeddings.",
        "transformer.layer.",
        "vocab_",
        "pre_classifier.",
        "classifier.",
        "qa_outputs.",
    ],
};

impl DistilBertConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::InvalidConfig`], [`crate::Error::MalformedConfig`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let config: Self = parse(bytes)?;
        check_sizes(&[
            ("vocab_size", config.vocab_size),
            ("dim", config.dim),
            ("n_layers", config.n_layers),
            ("n_heads", config.n_heads),
            ("hidden_dim", config.hidden_dim),
            ("max_position_embeddings", config.max_position_embeddings),
        ])?;
        check_heads(config.dim, config.n_heads)?;
        Ok(Self {
            fine_tuning: FineTuning::from_json(bytes),
            ..config
        })
    }
}

impl Checkpoint for DistilBertConfig {
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
        let model = DistilBert::load(self.clone(), weights)?;
        Ok(Model::Encoder(Arc::new(model)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
