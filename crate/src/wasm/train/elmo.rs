//! ELMo's layers at a task as JavaScript sees them.

use wasm_bindgen::prelude::*;

use super::elmo_results::{ElmoMix, WordInContextsResult};
use super::js::{needed, thrown};
use super::tuning::{files, trained_files};
use crate::train::tagger;
use crate::wasm::js::{from_js, to_js};

/// Where the declarations find their types.
#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = r#"
import type { ElmoMix, TaggerInfo, TaggerSettings, WordInContexts } from '../../border/training.js';
"#;

/// A tagger on the layers of a trained ELMo, mixed with weights that it learns.
#[wasm_bindgen]
pub struct ElmoTagger {
    tagger: tagger::ElmoTagger,
}

#[wasm_bindgen]
impl ElmoTagger {
    /// Lets the ELMo of a folder that was trained here read the examples, once.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "TuneFiles")] elmo: JsValue,
        #[wasm_bindgen(unchecked_param_type = "LabelledWords")] data: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TaggerSettings | undefined")] settings: JsValue,
    ) -> Result<ElmoTagger, JsValue> {
        let elmo = files(&elmo).map_err(thrown)?;
        let data = needed(data, "data").map_err(thrown)?;
        let settings = from_js(settings).map_err(thrown)?;
        let tagger = tagger::ElmoTagger::new(&elmo, data, settings).map_err(thrown)?;
        Ok(Self { tagger })
    }

    /// Goes on from a checkpoint: with the same bits as if there had been no break.
    pub fn resume(checkpoint: &[u8]) -> Result<ElmoTagger, JsValue> {
        let tagger = tagger::ElmoTagger::resume(checkpoint).map_err(thrown)?;
        Ok(Self { tagger })
    }

    /// Does a step. One that fails changes nothing.
    #[wasm_bindgen(unchecked_return_type = "StepReport")]
    pub fn step(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.tagger.step().map_err(thrown)?)
    }

    /// Whether all steps are done. Further ones can be.
    pub fn is_over(&self) -> bool {
        self.tagger.is_over()
    }

    /// What it is about, and how far.
    #[wasm_bindgen(unchecked_return_type = "TaggerInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.tagger.info())
    }

    /// How it does on the examples held back.
    #[wasm_bindgen(unchecked_return_type = "TuneEvaluation")]
    pub fn evaluate(&self) -> Result<JsValue, JsValue> {
        to_js(&self.tagger.evaluate().map_err(thrown)?)
    }

    /// How the layers are mixed now.
    #[wasm_bindgen(unchecked_return_type = "ElmoMix")]
    pub fn mix(&self) -> Result<JsValue, JsValue> {
        let (s, gamma) = self.tagger.mix().map_err(thrown)?;
        to_js(&ElmoMix { s, gamma })
    }

    /// The vectors of `word` wherever it stands in `texts` as a whole word, in letters of either case.
    #[wasm_bindgen(unchecked_return_type = "WordInContexts")]
    pub fn vectors(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string[]")] texts: JsValue,
        word: &str,
    ) -> Result<JsValue, JsValue> {
        let texts: Vec<String> = needed(texts, "texts").map_err(thrown)?;
        let found = self.tagger.vectors(&texts, word).map_err(thrown)?;
        to_js(&WordInContextsResult::new(&texts, found))
    }

    /// All as bytes.
    pub fn checkpoint(&self) -> Result<Vec<u8>, JsValue> {
        self.tagger.checkpoint().map_err(thrown)
    }

    /// The ELMo with what was learnt beside its weights.
    #[wasm_bindgen(unchecked_return_type = "TrainedFile[]")]
    pub fn folder(&self) -> Result<JsValue, JsValue> {
        to_js(&trained_files(self.tagger.folder().map_err(thrown)?))
    }
}
