//! ChatGPT's three steps as JavaScript sees them.

use wasm_bindgen::prelude::*;

use super::js::{needed, thrown};
use super::results::SampleQuery;
use super::tuning::{files, part, trained_files};
use crate::train::chat;
use crate::wasm::js::{from_js, to_js};

/// Where the declarations find their types.
#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = r#"
import type {
  ChatExample, ChatInfo, ChatPair, ChatPhaseInfo, ChatPhaseSettings, ChatProgress, ChatSettings, RankedResponse,
} from '../../border/training.js';
"#;

/// A GPT that goes through ChatGPT's three steps: responses that people wrote, a reward model from choices, DPO.
#[wasm_bindgen]
pub struct ChatSteps {
    steps: chat::ChatSteps,
}

#[wasm_bindgen]
impl ChatSteps {
    /// Begins with the files of a GPT, by their names: a Hugging Face folder, or a GGUF file with its `config.json` and
    /// `tokenizer.json`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "{ files: TuneFiles, settings?: ChatSettings }")]
        request: JsValue,
    ) -> Result<ChatSteps, JsValue> {
        let settings = from_js(part(&request, "settings")).map_err(thrown)?;
        let files = files(&part(&request, "files")).map_err(thrown)?;
        let steps = chat::ChatSteps::new(&files, settings).map_err(thrown)?;
        Ok(Self { steps })
    }

    /// Goes on from a checkpoint: with the same bits as if there had been no break.
    pub fn resume(checkpoint: &[u8]) -> Result<ChatSteps, JsValue> {
        let steps = chat::ChatSteps::resume(checkpoint).map_err(thrown)?;
        Ok(Self { steps })
    }

    /// Begins step 1: responses that people wrote. After an error nothing has changed.
    #[wasm_bindgen(unchecked_return_type = "ChatPhaseInfo")]
    pub fn supervised(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ChatExample[]")] examples: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ChatPhaseSettings | undefined")] settings: JsValue,
    ) -> Result<JsValue, JsValue> {
        let examples = needed(examples, "examples").map_err(thrown)?;
        let settings = from_js(settings).map_err(thrown)?;
        to_js(&self.steps.supervised(examples, &settings).map_err(thrown)?)
    }

    /// Begins step 2: a new reward model from choices between two responses.
    #[wasm_bindgen(unchecked_return_type = "ChatPhaseInfo")]
    pub fn reward(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ChatPair[]")] pairs: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ChatPhaseSettings | undefined")] settings: JsValue,
    ) -> Result<JsValue, JsValue> {
        let pairs = needed(pairs, "pairs").map_err(thrown)?;
        let settings = from_js(settings).map_err(thrown)?;
        to_js(&self.steps.reward(pairs, &settings).map_err(thrown)?)
    }

    /// Begins step 3: DPO from choices between two responses.
    #[wasm_bindgen(unchecked_return_type = "ChatPhaseInfo")]
    pub fn preference(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ChatPair[]")] pairs: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ChatPhaseSettings | undefined")] settings: JsValue,
    ) -> Result<JsValue, JsValue> {
        let pairs = needed(pairs, "pairs").map_err(thrown)?;
        let settings = from_js(settings).map_err(thrown)?;
        to_js(&self.steps.preference(pairs, &settings).map_err(thrown)?)
    }

    /// Before the first step of DPO: computes what the GPT thinks of some more responses as it is. To be called until all
    /// are done; else the first step does it all.
    #[wasm_bindgen(unchecked_return_type = "ChatProgress")]
    pub fn prepare(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.steps.prepare().map_err(thrown)?)
    }

    /// Does a step of the phase that was begun. One that fails changes nothing.
    #[wasm_bindgen(unchecked_return_type = "StepReport")]
    pub fn step(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.steps.step().map_err(thrown)?)
    }

    /// Whether all steps of the phase are done; there may be none. Further steps can be done.
    pub fn is_over(&self) -> bool {
        self.steps.is_over()
    }

    /// What is there, and how far it is.
    #[wasm_bindgen(unchecked_return_type = "ChatInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.steps.info())
    }

    /// What the GPT responds: as it is now, or, `before`, as it was before the last phase.
    pub fn sample(
        &self,
        prompt: &str,
        #[wasm_bindgen(
            unchecked_param_type = "(SampleOptions & { before?: boolean }) | undefined"
        )]
        options: JsValue,
    ) -> Result<String, JsValue> {
        let before = part(&options, "before").is_truthy();
        let query: SampleQuery = from_js(options).map_err(thrown)?;
        let text = self.steps.sample(prompt, &query.into(), before);
        text.map_err(thrown)
    }

    /// The reward model's score of a response. Only differences between responses to one prompt mean anything.
    pub fn score(&self, prompt: &str, response: &str) -> Result<f32, JsValue> {
        self.steps.score(prompt, response).map_err(thrown)
    }

    /// Writes `count` responses and puts those with the highest scores first.
    #[wasm_bindgen(unchecked_return_type = "RankedResponse[]")]
    pub fn best_of(
        &self,
        prompt: &str,
        count: usize,
        #[wasm_bindgen(unchecked_param_type = "SampleOptions | undefined")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let query: SampleQuery = from_js(options).map_err(thrown)?;
        let ranked = self.steps.best_of(prompt, count, &query.into());
        to_js(&ranked.map_err(thrown)?)
    }

    /// All as bytes.
    pub fn checkpoint(&self) -> Result<Vec<u8>, JsValue> {
        self.steps.checkpoint().map_err(thrown)
    }

    /// The GPT as it is now, with Hugging Face's files and names.
    #[wasm_bindgen(unchecked_return_type = "TrainedFile[]")]
    pub fn folder(&self) -> Result<JsValue, JsValue> {
        to_js(&trained_files(self.steps.folder().map_err(thrown)?))
    }
}
