//! A loaded model, by the direction it reads in.

use std::sync::Arc;

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::info::ModelInfo;
use crate::error::{Error, Result};

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
