//! RoBERTa: "A Robustly Optimized BERT Pretraining Approach" (Liu et al. 2019).
//!
//! BERT's encoder with other training: positions are counted from `pad_token_id` + 1 on, there is one segment
//! and no next-sentence head, and the masked-word head is called `lm_head`. Names are the checkpoint's.

use serde::Deserialize;

use super::bert::{BertConfig, BertModel};
use super::config::parse;
use super::encoder::{Encoder, EncoderInput};
use super::encoder_layers::placed;
use super::heads::{Heads, MlmHead, MlmNames, MlmSizes};
use super::{ModelInfo, Observer, Size};
use crate::error::{Error, Result};
use crate::nn::Activation;
use crate::weights::{Placement, Weights};

/// `config.json` of a RoBERTa checkpoint: BERT's entries and one more.
#[derive(Debug, Clone, PartialEq)]
pub struct RobertaConfig {
    /// What it has in common with BERT; `max_position_embeddings` counts rows of the position table, of
    /// which the first `pad_token_id` + 1 stand for no place in a text.
    pub bert: BertConfig,
    /// The token that fills up shorter texts.
    pub pad_token_id: usize,
}

impl RobertaConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], [`Error::Unsupported`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Padding {
            pad_token_id: Option<usize>,
        }
        let config = Self {
            bert: BertConfig::from_json(bytes)?,
            pad_token_id: parse::<Padding>(bytes)?
                .pad_token_id
                .unwrap_or(DEFAULT_PADDING),
        };
        let (padding, rows) = (config.pad_token_id, config.bert.max_position_embeddings);
        // The row of the last token that fits.
        match padding < config.bert.vocab_size && padding < rows - 1 {
            true => Ok(config),
            false => Err(Error::InvalidConfig(format!(
                "\"pad_token_id\" is {padding}, with {} tokens and {rows} positions",
                config.bert.vocab_size
            ))),
        }
    }

    /// The most tokens it reads: 512 of `roberta-base`'s 514 positions.
    pub fn max_tokens(&self) -> usize {
        self.bert.max_position_embeddings - self.pad_token_id - 1
    }

    /// With or without the `roberta.` prefix.
    pub fn place_safetensors(&self, name: &str) -> Placement {
        let name = name.strip_prefix("roberta.").unwrap_or(name);
        let tied = self.bert.tie_word_embeddings && name == MLM_NAMES.decoder_weight;
        let wanted = ["embeddings.", "encoder.layer.", "lm_head."]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        let buffer = name.ends_with("_ids") || name == "lm_head.decoder.bias";
        match wanted && !tied && !buffer {
            true => placed(name),
            false => Placement::Skip,
        }
    }
}

/// That of fairseq's vocabularies.
const DEFAULT_PADDING: usize = 1;

const MLM_NAMES: MlmNames = MlmNames {
    transform: "lm_head.dense",
    layer_norm: "lm_head.layer_norm",
    decoder_weight: "lm_head.decoder.weight",
    decoder_bias: "lm_head.bias",
};

/// RoBERTa with its masked-word head, if its checkpoint has it.
pub struct Roberta {
    config: RobertaConfig,
    roberta: BertModel,
    heads: Heads,
    size: Size,
}

impl Roberta {
    /// Takes the parameters by their checkpoint names. The head is there if its tensors are.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: RobertaConfig, weights: &Weights) -> Result<Self> {
        let bert = &config.bert;
        let roberta = BertModel::load(bert, weights)?;
        // The head's non-linearity is GELU whatever the layers have.
        let sizes = MlmSizes {
            act: Activation::Gelu,
            ..bert.mlm_sizes()
        };
        let mlm = MlmHead::load(weights, sizes, &MLM_NAMES, roberta.tied(bert))?;
        Ok(Self {
            heads: Heads { mlm, nsp: None },
            roberta,
            size: weights.into(),
            config,
        })
    }
}

impl Encoder for Roberta {
    fn info(&self) -> ModelInfo {
        let (config, size) = (&self.config, self.size);
        self.roberta
            .info(&config.bert, "roberta", config.max_tokens(), size)
    }

    /// Positions count the tokens that are no padding, as in fairseq: a `<pad>` in the midst of a text stands
    /// at row `pad_token_id` and moves nothing.
    fn run(&self, input: &EncoderInput, observe: &mut Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_tokens())?;
        let padding = self.config.pad_token_id;
        let texts = input.input_ids.chunks_exact(input.len());
        let positions = texts.flat_map(|text| {
            text.iter().scan(padding, move |last, &id| {
                Some(match id as usize == padding {
                    true => padding,
                    false => {
                        *last += 1;
                        *last
                    }
                })
            })
        });
        self.roberta.run(input, positions, observe)
    }

    fn heads(&self) -> &Heads {
        &self.heads
    }
}
