//! RoBERTa: "A Robustly Optimized BERT Pretraining Approach" (Liu et al. 2019).
//!
//! BERT's encoder with other training: positions are counted from `pad_token_id` + 1 on, there is one segment
//! and no next-sentence head, and the masked-word head is called `lm_head`. Names are the checkpoint's.

use super::bert::{BertConfig, BertModel};
use super::embedded::Embedded;
use super::encoder::{Encoder, EncoderInput};
use super::heads::{ClassifierNames, Heads, MlmHead, MlmNames, MlmSizes};
use super::info::{ModelInfo, Size};
use super::observer::Observer;
use crate::error::Result;
use crate::nn::{elementary, Activation, Embedding};
use crate::weights::Weights;

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
    /// The most tokens it reads: 512 of `roberta-base`'s 514 positions.
    pub fn max_tokens(&self) -> usize {
        self.bert.max_position_embeddings - self.pad_token_id - 1
    }
}

/// RoBERTa with its masked-word head, if its checkpoint has it.
pub struct Roberta {
    config: RobertaConfig,
    /// `roberta`: BERT's embeddings and blocks
    roberta: BertModel,
    /// `lm_head`
    heads: Heads,
    size: Size,
}

impl Encoder for Roberta {
    fn info(&self) -> ModelInfo {
        let bert = self.roberta.info(&self.config.bert, &self.heads, self.size);
        ModelInfo {
            model_type: MODEL_TYPE,
            max_position_embeddings: self.config.max_tokens(),
            ..bert
        }
    }

    fn run(&self, input: &EncoderInput, observe: &mut dyn Observer) -> Result<Vec<f32>> {
        input.check(self.config.max_tokens())?;
        self.roberta.run(input, self.positions(input), observe)
    }

    fn embed(&self, input: &EncoderInput) -> Result<Embedded> {
        input.check(self.config.max_tokens())?;
        self.roberta.embeddings.parts(input, self.positions(input))
    }

    fn word_embeddings(&self) -> &Embedding {
        self.roberta.embeddings.word()
    }

    fn heads(&self) -> &Heads {
        &self.heads
    }
}

impl Roberta {
    /// The row of the position table for each token. Positions count the tokens that are no padding, as in fairseq: a
    /// `<pad>` in the midst of a text stands at row `pad_token_id` and moves nothing.
    fn positions<'a>(&self, input: &'a EncoderInput) -> impl Iterator<Item = usize> + 'a {
        let padding = self.config.pad_token_id;
        let texts = input.input_ids.chunks_exact(input.len());
        texts.flat_map(move |text| {
            text.iter().scan(padding, move |last, &id| {
                if id as usize == padding {
                    return Some(padding);
                }
                *last += 1;
                Some(*last)
            })
        })
    }

    /// Takes the parameters by their checkpoint names. The head is there if its tensors are.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    pub fn load(config: RobertaConfig, weights: &Weights) -> Result<Self> {
        let bert = &config.bert;
        let roberta = BertModel::load(bert, weights)?;
        // The head's non-linearity is GELU whatever the layers have.
        let sizes = MlmSizes {
            act: Activation::Gelu,
            ..bert.mlm_sizes()
        };
        Ok(Self {
            heads: Heads {
                mlm: MlmHead::load(weights, sizes, &MLM_NAMES)?,
                ..Heads::of_fine_tuning(
                    weights,
                    bert.hidden_size,
                    &bert.fine_tuning,
                    &CLASSIFIER_NAMES,
                )?
            },
            roberta,
            size: weights.into(),
            config,
        })
    }
}

pub(super) const MODEL_TYPE: &str = "roberta";

pub(super) const MLM_NAMES: MlmNames = MlmNames {
    transform: "lm_head.dense",
    layer_norm: "lm_head.layer_norm",
    decoder: "lm_head.decoder",
    bias: "lm_head.bias",
};

const CLASSIFIER_NAMES: ClassifierNames = ClassifierNames {
    dense: "classifier.dense",
    act: elementary::tanh,
    classifier: "classifier.out_proj",
};
