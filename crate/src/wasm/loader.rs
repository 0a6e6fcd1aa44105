//! Loading a model from JavaScript.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::js::{file, thrown};
use super::model::Model;
use crate::border::options::ModelFiles;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::models;
use crate::text::Tokenizer;

/// Takes a model's small files at once and its weight file in pieces.
#[wasm_bindgen]
pub struct ModelLoader {
    /// From its files; without them, from the GGUF header once that has arrived.
    tokenizer: Option<Tokenizer>,
    /// What is wrong with `tokenizer` beside `config.json`. It does not matter where the weights are a GGUF file.
    mismatch: Option<Error>,
    /// `None` once reading has failed.
    loader: Option<models::ModelLoader>,
}

#[wasm_bindgen]
impl ModelLoader {
    /// Begins with the small files. Without any of a tokenizer, the weight file must be a GGUF that holds one.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "ModelFiles")] files: JsValue,
        #[wasm_bindgen(unchecked_param_type = "DType")] dtype: &str,
    ) -> Result<ModelLoader, JsValue> {
        let files = ModelFiles::read(|name| file(&files, name));
        Self::begin(&files, dtype).map_err(thrown)
    }

    /// The next bytes of the weight file.
    pub fn push(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] chunk: &[u8],
    ) -> Result<(), JsValue> {
        self.read(|loader| loader.push(chunk)).map_err(thrown)
    }

    /// Says that the file has ended: what is pushed next begins another file of the model.
    pub fn end_file(&mut self) -> Result<(), JsValue> {
        self.read(models::ModelLoader::end_file).map_err(thrown)
    }

    /// The model, once the last file has ended.
    pub fn finish(mut self) -> Result<Model, JsValue> {
        let loader = self.loader.take().ok_or_else(|| thrown(spent()))?;
        let model = loader.finish().map_err(thrown)?;
        let tokenizer = self.tokenizer.ok_or_else(|| thrown(no_tokenizer()))?;
        Model::new(model, Arc::new(tokenizer)).map_err(thrown)
    }
}

impl ModelLoader {
    fn begin(files: &ModelFiles, dtype: &str) -> Result<Self> {
        let tokenizer = if files.has_tokenizer() {
            Some(Tokenizer::from_files(&files.tokenizer_files())?)
        } else {
            None
        };
        let dtype = DType::from_name(dtype).ok_or_else(|| {
            Error::option("dtype", format!("\"{dtype}\" is none of q8, q4, fp32"))
        })?;
        // What is wrong with a config is said when the weights' header shows that it is needed: a GGUF file needs none.
        let config = files.config.as_deref().map(models::Config::from_json);
        let mismatch = match (&tokenizer, config) {
            (Some(tokenizer), Some(Ok(config))) => tokenizer.check_rows(config.vocab_size()).err(),
            _ => None,
        };
        let loader = models::ModelLoader::new(files.config.as_deref(), dtype)?
            .with_generation_config(files.generation_config.as_deref());
        Ok(Self {
            tokenizer,
            mismatch,
            loader: Some(loader),
        })
    }

    fn read(&mut self, read: impl FnOnce(&mut models::ModelLoader) -> Result<()>) -> Result<()> {
        let result = self.loader.as_mut().ok_or_else(spent).and_then(read);
        // At once: what is wrong with a tokenizer is said before all the weights are fetched.
        let result = result.and_then(|()| self.take_tokenizer());
        if result.is_err() {
            self.loader = None;
        }
        result
    }

    /// Reads the tokenizer and the chat template in a GGUF header that has just arrived, as far as they are needed.
    fn take_tokenizer(&mut self) -> Result<()> {
        let Some(loader) = &mut self.loader else {
            return Ok(());
        };
        let Some(metadata) = loader.take_metadata() else {
            let has_header = loader.vocab_size().is_some();
            return match self.mismatch.take_if(|_| has_header) {
                Some(mismatch) => Err(mismatch),
                None => Ok(()),
            };
        };
        self.mismatch = None;
        let tokenizer = match self.tokenizer.take() {
            Some(tokenizer) => tokenizer.with_template_of(&metadata),
            None => Tokenizer::from_gguf(&metadata)?,
        };
        if let Some(rows) = loader.vocab_size() {
            tokenizer.check_rows(rows)?;
        }
        self.tokenizer = Some(tokenizer);
        Ok(())
    }
}

fn spent() -> Error {
    Error::InvalidWeights("reading it failed before; start again".into())
}

/// Of weights that are no GGUF.
fn no_tokenizer() -> Error {
    Error::InvalidTokenizer(
        "there is no tokenizer.json, no vocab.txt, and not both vocab.json and merges.txt. Add one of them to the \
         model's folder."
            .into(),
    )
}

/// The names of the files over which a model's weights are spread, in order; each is a plain name of a
/// file in the same folder. `index`: the contents of `model.safetensors.index.json` (or
/// `pytorch_model.bin.index.json`).
#[wasm_bindgen]
pub fn shard_names(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] index: &[u8],
) -> Result<Vec<String>, JsValue> {
    crate::weights::shard_names(index).map_err(thrown)
}
