//! A run of training, and what it would cost.

use wasm_bindgen::prelude::*;

use super::js::{needed, thrown};
use super::results::{
    trained_tokens, GivenBatch, HeadAttention, NextSentenceProbe, ProbeResult, RunInfo,
    SampleQuery, TrainedFile, WordVectorsResult,
};
use crate::border::bulk::Bytes;
use crate::error::Error;
use crate::train::{Architecture, Cost, Result, Settings, Size, Training};
use crate::wasm::js::{from_js, to_js};

/// Where the declarations of the builds with training find their types.
#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = r#"
import type {
  BatchRow, Evaluation, HeadAttention, NextSentenceProbe, Probe, RunCost, RunInfo, SampleOptions, StepReport, TextToken,
  TrainArchitecture, TrainSettings, TrainSize, TrainedFile, WordVectors,
} from '../../border/training.js';
"#;

/// Settings that learn, of one of three sizes.
#[wasm_bindgen(unchecked_return_type = "TrainSettings")]
pub fn default_settings(
    #[wasm_bindgen(unchecked_param_type = "TrainArchitecture")] architecture: JsValue,
    #[wasm_bindgen(unchecked_param_type = "TrainSize")] size: JsValue,
) -> Result<JsValue, JsValue> {
    let architecture: Architecture = needed(architecture, "architecture").map_err(thrown)?;
    let size: Size = needed(size, "size").map_err(thrown)?;
    to_js(&Settings::new(architecture, size))
}

/// What a run with these settings costs.
#[wasm_bindgen(unchecked_return_type = "RunCost")]
pub fn run_cost(
    #[wasm_bindgen(unchecked_param_type = "TrainSettings")] settings: JsValue,
) -> Result<JsValue, JsValue> {
    let settings: Settings = needed(settings, "settings").map_err(thrown)?;
    to_js(&Cost::of(&settings).map_err(thrown)?)
}

/// What wasm can address.
const MOST_BYTES: f64 = 4_294_967_296.0;

/// A model that learns from a text, one step a call.
#[wasm_bindgen]
pub struct TrainingRun {
    training: Training,
}

#[wasm_bindgen]
impl TrainingRun {
    /// Learns a tokenizer from `text`, and makes a model with new weights.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "TrainSettings")] settings: JsValue,
        text: &str,
    ) -> Result<TrainingRun, JsValue> {
        let settings: Settings = needed(settings, "settings").map_err(thrown)?;
        let bytes = Cost::of(&settings).map_err(thrown)?.memory_bytes;
        if bytes > MOST_BYTES {
            let error = Error::out_of_memory("a run of this size", bytes as u64);
            return Err(thrown(error));
        }
        let training = Training::new(settings, text).map_err(thrown)?;
        Ok(Self { training })
    }

    /// Goes on from a checkpoint of a run on the same text: with the same bits as if there had been no break.
    pub fn resume(checkpoint: &[u8], text: &str) -> Result<TrainingRun, JsValue> {
        let training = Training::resume(checkpoint, text).map_err(thrown)?;
        Ok(Self { training })
    }

    /// What the run is, and how far.
    #[wasm_bindgen(unchecked_return_type = "RunInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&RunInfo::of(&self.training))
    }

    /// Does a step. One that fails changes nothing.
    #[wasm_bindgen(unchecked_return_type = "StepReport")]
    pub fn step(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.training.step().map_err(thrown)?)
    }

    /// Whether all steps are done. Further ones can be.
    pub fn is_over(&self) -> bool {
        self.training.is_over()
    }

    /// The loss on the text held back, of its first `batches` batches.
    #[wasm_bindgen(unchecked_return_type = "Evaluation")]
    pub fn evaluate(&self, batches: usize) -> Result<JsValue, JsValue> {
        to_js(&self.training.evaluate(batches).map_err(thrown)?)
    }

    /// The run as bytes.
    pub fn checkpoint(&self) -> Result<Vec<u8>, JsValue> {
        self.training.checkpoint().map_err(thrown)
    }

    /// The model as it is now, with Hugging Face's files and names.
    #[wasm_bindgen(unchecked_return_type = "TrainedFile[]")]
    pub fn folder(&self) -> Result<JsValue, JsValue> {
        let folder = self.training.folder().map_err(thrown)?;
        let file = |(name, bytes): (&str, &[u8])| TrainedFile {
            name: name.into(),
            bytes: Bytes(bytes.to_vec()),
        };
        to_js(&folder.files().map(file))
    }

    /// What the model writes behind `prompt` (GPT, ELMo).
    pub fn sample(
        &self,
        prompt: &str,
        #[wasm_bindgen(unchecked_param_type = "SampleOptions | undefined")] options: JsValue,
    ) -> Result<String, JsValue> {
        let query: SampleQuery = from_js(options).map_err(thrown)?;
        self.training.sample(prompt, &query.into()).map_err(thrown)
    }

    /// Guesses of what stands where `[MASK]` does (BERT, XLNet), `top_k` (5) of each. XLNet's order is drawn by `seed` (1).
    #[wasm_bindgen(unchecked_return_type = "Probe")]
    pub fn probe(
        &self,
        text: &str,
        top_k: Option<usize>,
        seed: Option<u32>,
    ) -> Result<JsValue, JsValue> {
        let (top_k, seed) = (top_k.unwrap_or(5), seed.unwrap_or(1));
        let probe = self.training.probe(text, top_k, seed.into());
        to_js(&ProbeResult::from(probe.map_err(thrown)?))
    }

    /// Whether `b` follows `a` (BERT).
    #[wasm_bindgen(unchecked_return_type = "NextSentenceProbe")]
    pub fn next_sentence(&self, a: &str, b: &str) -> Result<JsValue, JsValue> {
        to_js(&NextSentenceProbe {
            is_next_probability: self.training.is_next(a, b).map_err(thrown)?,
        })
    }

    /// The attention of a head (BERT, GPT, XLNet), both counted from 0.
    #[wasm_bindgen(unchecked_return_type = "HeadAttention")]
    pub fn attention(&self, text: &str, layer: usize, head: usize) -> Result<JsValue, JsValue> {
        let found = self.training.attention(text, layer, head);
        to_js(&HeadAttention::from(found.map_err(thrown)?))
    }

    /// How the tokenizer that was learnt cuts a text.
    #[wasm_bindgen(unchecked_return_type = "TextToken[]")]
    pub fn tokenize(&self, text: &str) -> Result<JsValue, JsValue> {
        let tokens = self.training.tokenize(text).map_err(thrown)?;
        to_js(&trained_tokens(text, tokens))
    }

    /// What the model is given in a step: text `row` of the batch.
    #[wasm_bindgen(unchecked_return_type = "BatchRow")]
    pub fn batch(&self, step: f64, row: usize) -> Result<JsValue, JsValue> {
        let elmo = self.training.settings().architecture == Architecture::Elmo;
        // Beyond 2^40 it is refused, and NaN is step 0.
        let given = self.training.given(step as u64, row).map_err(thrown)?;
        to_js(&GivenBatch::of(given, elmo))
    }

    /// The vectors of each token by layer (ELMo).
    #[wasm_bindgen(unchecked_return_type = "WordVectors")]
    pub fn word_vectors(&self, text: &str) -> Result<JsValue, JsValue> {
        let found = self.training.word_vectors(text).map_err(thrown)?;
        to_js(&WordVectorsResult::from(found))
    }
}
