//! A tokenizer without a model.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::js::{thrown, to_js};
use super::loader::file;
use super::options::ModelFiles;
use super::{convert, lens_results};
use crate::error::Result;
use crate::text::{TokenizationSteps, Tokenizer};

/// Cuts texts by the files of a tokenizer alone.
#[wasm_bindgen]
pub struct TextTokenizer {
    tokenizer: Arc<Tokenizer>,
    steps: TokenizationSteps,
}

impl TextTokenizer {
    fn read(files: &ModelFiles) -> Result<Self> {
        let tokenizer = Arc::new(Tokenizer::from_files(&files.tokenizer_files())?);
        Ok(Self {
            steps: TokenizationSteps::new(tokenizer.clone())?,
            tokenizer,
        })
    }
}

#[wasm_bindgen]
impl TextTokenizer {
    /// Reads `tokenizer.json`, `vocab.txt`, or `vocab.json` and `merges.txt`, with what lies beside it.
    pub fn from_files(
        #[wasm_bindgen(unchecked_param_type = "ModelFiles")] files: JsValue,
    ) -> Result<TextTokenizer, JsValue> {
        Self::read(&ModelFiles::read(|name| file(&files, name))).map_err(thrown)
    }

    /// The tokens of a text or pair, unless told otherwise with the model's template around (`[CLS]` … `[SEP]`).
    #[wasm_bindgen(unchecked_return_type = "TokenInfo[]")]
    pub fn tokenize(
        &self,
        text: &str,
        pair: Option<String>,
        add_special_tokens: Option<bool>,
    ) -> Result<JsValue, JsValue> {
        let pair = pair.as_deref();
        let special = add_special_tokens.unwrap_or(true);
        let encoding = self.tokenizer.encode(text, pair, special).map_err(thrown)?;
        to_js(&convert::tokens(&encoding.tokens, text, pair))
    }

    /// The text of ids, special tokens left out.
    pub fn decode(&self, ids: &[u32]) -> Result<String, JsValue> {
        self.tokenizer.decode(ids).map_err(thrown)
    }

    /// How a text becomes tokens.
    #[wasm_bindgen(unchecked_return_type = "Tokenization")]
    pub fn steps(&self, text: &str) -> Result<JsValue, JsValue> {
        let steps = self.steps.of(text).map_err(thrown)?;
        to_js(&lens_results::tokenization(text, steps))
    }

    /// Entries of the vocabulary, added tokens included.
    pub fn vocab_size(&self) -> usize {
        self.tokenizer.vocab_size()
    }
}
