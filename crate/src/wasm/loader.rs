//! Loading a model from JavaScript.

use std::sync::Arc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::error;
use super::model::Model;
use crate::error::Error;
use crate::models;
use crate::text::{Tokenizer, TokenizerFiles};
use crate::weights::DType;

/// Takes a model's small files at once and its weight file in pieces.
#[wasm_bindgen]
pub struct ModelLoader {
    tokenizer: Arc<Tokenizer>,
    /// `None` once reading has failed.
    loader: Option<models::ModelLoader>,
}

/// The contents of a file, if it was given.
fn file(files: &JsValue, name: &str) -> Option<Vec<u8>> {
    let value = Reflect::get(files, &name.into()).ok()?;
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

#[wasm_bindgen]
impl ModelLoader {
    /// `files`: `{config?, tokenizer?, vocab_txt?, vocab_json?, merges_txt?, tokenizer_config?}`, each a
    /// `Uint8Array`. `dtype`: `q8`, `q4` or `fp32`.
    #[wasm_bindgen(constructor)]
    pub fn new(files: JsValue, dtype: &str) -> Result<ModelLoader, JsValue> {
        let read = |name: &str| file(&files, name);
        let tokenizer = {
            let (tokenizer, vocab_txt, vocab_json) =
                (read("tokenizer"), read("vocab_txt"), read("vocab_json"));
            let (merges_txt, tokenizer_config) = (read("merges_txt"), read("tokenizer_config"));
            Tokenizer::from_files(&TokenizerFiles {
                tokenizer: tokenizer.as_deref(),
                vocab_txt: vocab_txt.as_deref(),
                vocab_json: vocab_json.as_deref(),
                merges_txt: merges_txt.as_deref(),
                tokenizer_config: tokenizer_config.as_deref(),
            })
            .map_err(error::to_js)?
        };
        let dtype = DType::from_name(dtype).map_err(error::to_js)?;
        let loader =
            models::ModelLoader::new(read("config").as_deref(), dtype).map_err(error::to_js)?;
        Ok(Self {
            tokenizer: Arc::new(tokenizer),
            loader: Some(loader),
        })
    }

    /// The next bytes of the weight file.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), JsValue> {
        self.read(|loader| loader.push(chunk))
    }

    /// Says that the file has ended: what is pushed next begins another file of the model.
    pub fn end_file(&mut self) -> Result<(), JsValue> {
        self.read(models::ModelLoader::end_file)
    }

    /// The model, once the last file has ended.
    pub fn finish(mut self) -> Result<Model, JsValue> {
        let loader = self.loader.take().ok_or_else(|| error::to_js(spent()))?;
        Model::new(loader.finish().map_err(error::to_js)?, self.tokenizer).map_err(error::to_js)
    }
}

impl ModelLoader {
    fn read(
        &mut self,
        read: impl FnOnce(&mut models::ModelLoader) -> crate::Result<()>,
    ) -> Result<(), JsValue> {
        let result = self.loader.as_mut().ok_or_else(spent).and_then(read);
        result.map_err(|failed| {
            self.loader = None;
            error::to_js(failed)
        })
    }
}

fn spent() -> Error {
    Error::InvalidWeights("reading it failed before; start again".into())
}

/// The names of the files over which a model's weights are spread, in order; each is a plain name of a
/// file in the same folder. `index`: the contents of `model.safetensors.index.json` (or
/// `pytorch_model.bin.index.json`).
#[wasm_bindgen]
pub fn shard_names(index: &[u8]) -> Result<Vec<String>, JsValue> {
    crate::weights::shard_names(index).map_err(error::to_js)
}
