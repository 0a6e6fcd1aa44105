//! Loading a model from JavaScript.

use std::sync::Arc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::js::thrown;
use super::model::Model;
use super::options::ModelFiles;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::models;
use crate::text::Tokenizer;

/// Takes a model's small files at once and its weight file in pieces.
#[wasm_bindgen]
pub struct ModelLoader {
    /// From its files; without them, from the GGUF header once that has arrived.
    tokenizer: Option<Tokenizer>,
    /// `None` once reading has failed.
    loader: Option<models::ModelLoader>,
}

/// The contents of a file, if it was given.
pub(super) fn file(files: &JsValue, name: &str) -> Option<Vec<u8>> {
    let value = Reflect::get(files, &name.into()).ok()?;
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
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
        self.read(|loader| loader.push(chunk))
    }

    /// Says that the file has ended: what is pushed next begins another file of the model.
    pub fn end_file(&mut self) -> Result<(), JsValue> {
        self.read(models::ModelLoader::end_file)
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
        // Before any weights are fetched. What is wrong with a config is said with them: a GGUF file needs none.
        let config = files.config.as_deref().map(models::Config::from_json);
        if let (Some(tokenizer), Some(Ok(config))) = (&tokenizer, config) {
            tokenizer.check_rows(config.vocab_size())?;
        }
        let loader = models::ModelLoader::new(files.config.as_deref(), dtype)?
            .with_generation_config(files.generation_config.as_deref());
        Ok(Self {
            tokenizer,
            loader: Some(loader),
        })
    }

    fn read(
        &mut self,
        read: impl FnOnce(&mut models::ModelLoader) -> Result<()>,
    ) -> Result<(), JsValue> {
        let result = self.loader.as_mut().ok_or_else(spent).and_then(read);
        // At once: what is wrong with a tokenizer is said before all the weights are fetched.
        result
            .and_then(|()| self.take_tokenizer())
            .map_err(|failed| {
                self.loader = None;
                thrown(failed)
            })
    }

    /// Reads the tokenizer and the chat template in a GGUF header that has just arrived, as far as they are needed.
    fn take_tokenizer(&mut self) -> Result<()> {
        let Some(loader) = &mut self.loader else {
            return Ok(());
        };
        let Some(metadata) = loader.take_metadata() else {
            return Ok(());
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(config: &str, vocab_txt: &str, added_tokens: Option<&str>) -> Result<ModelLoader> {
        let files = ModelFiles {
            config: Some(config.into()),
            vocab_txt: Some(vocab_txt.into()),
            added_tokens: added_tokens.map(Into::into),
            ..ModelFiles::default()
        };
        ModelLoader::begin(&files, "q8")
    }

    #[test]
    fn a_tokenizer_of_another_model_is_refused_before_the_weights_come() {
        let config = r#"{"model_type": "bert", "vocab_size": 6, "hidden_size": 8, "num_hidden_layers": 1,
            "num_attention_heads": 2, "intermediate_size": 8, "max_position_embeddings": 8}"#;
        let vocab = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n";
        assert!(begin(config, vocab, None).is_ok());
        assert!(begin(config, vocab, Some(r#"{"[X]": 6}"#)).is_ok());
        let refused = begin(config, &format!("{vocab}world\n"), None);
        let refused = refused.err().expect("a token more").to_string();
        assert!(refused.contains("7 tokens, the model only 6"), "{refused}");
        // What is wrong with a config is said when the weights show that it is needed.
        assert!(begin("{", vocab, None).is_ok());
    }
}
