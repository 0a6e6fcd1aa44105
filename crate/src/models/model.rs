//! A loaded model, by the direction it reads in.

use std::sync::Arc;

use super::decoder::Decoder;
use super::encoder::{Encoder, EncoderInput};
use super::heads::{Heads, QaHead, SequenceHead, TokenHead};
use super::info::ModelInfo;
use crate::error::{Error, Head, Result};

/// A loaded model, by the direction it reads in; a clone is the same model.
#[derive(Clone)]
pub enum Model {
    /// BERT and its kin: reads in both directions.
    Encoder(Arc<dyn Encoder>),
    /// GPT-2 and its kin: writes from left to right.
    Decoder(Arc<dyn Decoder>),
}

impl Model {
    /// Its names, sizes and capabilities.
    pub fn info(&self) -> ModelInfo {
        match self {
            Model::Encoder(model) => model.info(),
            Model::Decoder(model) => model.info(),
        }
    }

    /// The classifier of whole texts.
    ///
    /// # Errors
    /// [`Error::NoHead`].
    pub fn sequence_head(&self) -> Result<&SequenceHead> {
        let head = match self {
            Model::Encoder(model) => model.heads().sequence.as_ref(),
            Model::Decoder(model) => model.sequence_head(),
        };
        head.ok_or_else(|| self.lacks(Head::SequenceClassification))
    }

    /// The classifier of tokens.
    ///
    /// # Errors
    /// [`Error::NoHead`].
    pub fn token_head(&self) -> Result<&TokenHead> {
        let head = self.encoder_heads().and_then(|heads| heads.token.as_ref());
        head.ok_or_else(|| self.lacks(Head::TokenClassification))
    }

    /// What finds answers in a text.
    ///
    /// # Errors
    /// [`Error::NoHead`].
    pub fn qa_head(&self) -> Result<&QaHead> {
        let head = self.encoder_heads().and_then(|heads| heads.qa.as_ref());
        head.ok_or_else(|| self.lacks(Head::Qa))
    }

    /// The labels of its classifier, if it has one.
    pub fn labels(&self) -> Option<&[String]> {
        let tuning = match (self.sequence_head(), self.token_head()) {
            (Ok(head), _) => &head.tuning,
            (_, Ok(head)) => &head.tuning,
            _ => return None,
        };
        Some(&tuning.labels)
    }

    fn encoder_heads(&self) -> Option<&Heads> {
        match self {
            Model::Encoder(model) => Some(model.heads()),
            Model::Decoder(_) => None,
        }
    }

    fn lacks(&self, head: Head) -> Error {
        self.info().heads.lacks(head)
    }

    /// Hidden states of the last layer of each of the texts `[batch · len, hidden_size]`, as heads read them.
    ///
    /// # Errors
    /// As [`Encoder::run`] and [`Decoder::run`]; [`Error::Internal`] for a decoder that is given several texts.
    pub fn hidden_states(&self, input: &EncoderInput) -> Result<Vec<f32>> {
        match self {
            Model::Encoder(model) => model.hidden_states(input),
            Model::Decoder(model) if input.batch == 1 => {
                let mut cache = model.new_cache_of(input.len())?;
                model.hidden_states(&input.input_ids, &mut cache)
            }
            Model::Decoder(_) => Err(Error::Internal("a decoder reads one text at once".into())),
        }
    }

    /// The encoder in it.
    ///
    /// # Errors
    /// [`Error::WrongArchitecture`] for a decoder.
    pub fn into_encoder(self) -> Result<Arc<dyn Encoder>> {
        match self {
            Model::Encoder(model) => Ok(model),
            Model::Decoder(model) => Err(Error::WrongArchitecture {
                needed: "BERT-type",
                found: model.info().model_type,
            }),
        }
    }

    /// The decoder in it.
    ///
    /// # Errors
    /// [`Error::WrongArchitecture`] for an encoder.
    pub fn into_decoder(self) -> Result<Arc<dyn Decoder>> {
        match self {
            Model::Decoder(model) => Ok(model),
            Model::Encoder(model) => Err(Error::WrongArchitecture {
                needed: "GPT-type",
                found: model.info().model_type,
            }),
        }
    }
}
