//! Files of RoBERTa checkpoints.

use std::any::Any;
use std::sync::Arc;

use serde::Deserialize;

use super::super::bert::BertConfig;
use super::super::fields::parse;
use super::super::model::Model;
use super::super::roberta::{Roberta, RobertaConfig, MLM_NAMES};
use super::checkpoint::Checkpoint;
use super::placing::{place_encoder, tie_encoder, EncoderLayout};
use crate::error::{Error, Result};
use crate::weights::{Placement, Weights};

const LAYOUT: EncoderLayout = EncoderLayout {
    prefix: "roberta.",
    wanted: &[
        "embeddings.",
        "encoder.layer.",
        "lm_head.",
        "classifier.",
        "qa_outputs.",
    ],
};

/// The padding token of fairseq's vocabularies.
const DEFAULT_PADDING: usize = 1;

/// The one entry that BERT's configuration has not.
#[derive(Deserialize)]
struct Padding {
    pad_token_id: Option<usize>,
}

impl RobertaConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], [`Error::MalformedConfig`], [`Error::Unsupported`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let bert = BertConfig::from_json(bytes)?;
        let padding: Padding = parse(bytes)?;
        let padding = padding.pad_token_id.unwrap_or(DEFAULT_PADDING);
        let rows = bert.max_position_embeddings;
        // Behind the padding's row there must be one for a token.
        if padding >= bert.vocab_size || padding >= rows - 1 {
            return Err(Error::InvalidConfig(format!(
                "\"pad_token_id\" is {padding}, with {} tokens and {rows} positions",
                bert.vocab_size
            )));
        }
        Ok(Self {
            bert,
            pad_token_id: padding,
        })
    }
}

impl Checkpoint for RobertaConfig {
    fn place(&self, name: &str) -> Placement {
        place_encoder(&LAYOUT, name)
    }

    fn tie(&self, weights: &mut Weights) {
        tie_encoder(&MLM_NAMES, !self.bert.tie_word_embeddings, weights);
    }

    fn vocab_size(&self) -> usize {
        self.bert.vocab_size
    }

    fn load(&self, weights: &Weights) -> Result<Model> {
        let model = Roberta::load(self.clone(), weights)?;
        Ok(Model::Encoder(Arc::new(model)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
