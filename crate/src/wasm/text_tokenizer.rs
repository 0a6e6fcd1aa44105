//! A tokenizer without a model.

use std::cell::OnceCell;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::js::{file, from_js, thrown, to_js};
use crate::border::options::ModelFiles;
use crate::border::{convert, lens_results};
use crate::error::Result;
use crate::tasks;
use crate::text::{TokenizationSteps, Tokenizer};

/// Cuts texts, by a model's tokenizer or by the files of a tokenizer alone.
#[wasm_bindgen]
pub struct TextTokenizer {
    tokenizer: Arc<Tokenizer>,
    /// How it cuts a text, once somebody has asked.
    steps: OnceCell<TokenizationSteps>,
}

impl TextTokenizer {
    pub(super) fn new(tokenizer: Arc<Tokenizer>) -> Self {
        Self {
            tokenizer,
            steps: OnceCell::new(),
        }
    }

    fn read(files: &ModelFiles) -> Result<Self> {
        let tokenizer = Tokenizer::from_files(&files.tokenizer_files())?;
        Ok(Self::new(Arc::new(tokenizer)))
    }

    fn steps_of(&self, text: &str) -> Result<lens_results::Tokenization> {
        let steps = match self.steps.get() {
            Some(steps) => steps,
            None => {
                let steps = TokenizationSteps::new(self.tokenizer.clone())?;
                self.steps.get_or_init(|| steps)
            }
        };
        Ok(lens_results::tokenization(text, steps.of(text)?))
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

    /// The text of ids; `skip_special_tokens` leaves special tokens out.
    pub fn decode(&self, ids: &[u32], skip_special_tokens: bool) -> Result<String, JsValue> {
        let text = if skip_special_tokens {
            self.tokenizer.decode(ids)
        } else {
            self.tokenizer.decode_all(ids)
        };
        text.map_err(thrown)
    }

    /// The special tokens, in any order.
    pub fn special_ids(&self) -> Vec<u32> {
        self.tokenizer.special_ids()
    }

    /// The special token of a name: `cls_token`, `mask_token`.
    pub fn named_token(&self, name: &str) -> Option<u32> {
        self.tokenizer.named_token(name)
    }

    /// An entry of the vocabulary.
    pub fn id_to_token(&self, id: u32) -> Option<String> {
        self.tokenizer.id_to_token(id)
    }

    /// The id of an exact entry of the vocabulary.
    pub fn token_to_id(&self, token: &str) -> Option<u32> {
        self.tokenizer.token_to_id(token)
    }

    /// A conversation as the model's chat template writes it.
    pub fn chat_prompt(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChatRequest")] conversation: JsValue,
    ) -> Result<String, JsValue> {
        let prompt = || tasks::chat_prompt(&self.tokenizer, &from_js(conversation)?);
        prompt().map_err(thrown)
    }

    /// How a text becomes tokens.
    #[wasm_bindgen(unchecked_return_type = "Tokenization")]
    pub fn steps(&self, text: &str) -> Result<JsValue, JsValue> {
        to_js(&self.steps_of(text).map_err(thrown)?)
    }

    /// Entries of the vocabulary, added tokens included.
    pub fn vocab_size(&self) -> usize {
        self.tokenizer.vocab_size()
    }
}
