//! A trained model as a folder with Hugging Face's files and names.

use serde_json::Value;

use super::error::{Result, TrainError};
use super::tokenizer::TrainedTokenizer;
use crate::dtype::DType;
use crate::models::{Model, ModelLoader};
use crate::text::{Tokenizer, TokenizerFiles};

/// What is written beside the weights of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelConfig {
    /// `config.json`
    pub config: Value,
    /// Tokens that the model reads at once.
    pub context: usize,
}

/// The files of a model, which [`ModelLoader`] and transformers' `from_pretrained` read.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// `config.json`
    pub config: Vec<u8>,
    /// `tokenizer.json`
    pub tokenizer: Vec<u8>,
    /// `tokenizer_config.json`
    pub tokenizer_config: Vec<u8>,
    /// `model.safetensors`
    pub model: Vec<u8>,
}

impl Folder {
    pub(super) fn new(
        model: &ModelConfig,
        tokenizer: &TrainedTokenizer,
        weights: Vec<u8>,
    ) -> Result<Self> {
        let pretty = |value: &Value| serde_json::to_vec_pretty(value).map_err(TrainError::internal);
        Ok(Self {
            config: pretty(&model.config)?,
            tokenizer: tokenizer.json.clone(),
            tokenizer_config: pretty(&tokenizer.config(model.context))?,
            model: weights,
        })
    }

    /// Each file with its name.
    pub fn files(&self) -> [(&'static str, &[u8]); 4] {
        [
            ("config.json", &self.config),
            ("tokenizer.json", &self.tokenizer),
            ("tokenizer_config.json", &self.tokenizer_config),
            ("model.safetensors", &self.model),
        ]
    }

    /// The model and its tokenizer as every other folder is opened, in f32: for samples on the way.
    ///
    /// # Errors
    /// [`crate::Error::Unsupported`] for architectures that are only trained here.
    pub fn open(&self) -> Result<(Model, Tokenizer)> {
        let mut loader = ModelLoader::new(Some(&self.config), DType::F32)?;
        loader.push(&self.model)?;
        let tokenizer = Tokenizer::from_files(&TokenizerFiles {
            tokenizer: Some(&self.tokenizer),
            tokenizer_config: Some(&self.tokenizer_config),
            config: Some(&self.config),
            ..Default::default()
        })?;
        Ok((loader.finish()?, tokenizer))
    }
}
