//! Fine-tuning as JavaScript sees it.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::js::{needed, thrown};
use super::results::TrainedFile;
use super::tuning_results::{in_bytes, TuneInput};
use crate::border::bulk::Bytes;
use crate::border::convert;
use crate::border::head_options::{AnswerQuery, TaggingQuery};
use crate::error::Error;
use crate::train::files::Files;
use crate::train::tuning::{self, TuneData, TuneSettings, TuneTask};
use crate::train::Result;
use crate::wasm::js;
use crate::wasm::js::{from_js, to_js};

/// Where the declarations find their types.
#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = r#"
import type {
  Prepared, TuneData, TuneEvaluation, TuneFiles, TuneInfo, TuneInput, TuneSettings, TuneTask,
} from '../../border/training.js';
"#;

/// Settings that learn a task from some ten examples on.
#[wasm_bindgen(unchecked_return_type = "TuneSettings")]
pub fn default_tune_settings(
    #[wasm_bindgen(unchecked_param_type = "TuneTask")] task: JsValue,
) -> Result<JsValue, JsValue> {
    let task: TuneTask = needed(task, "task").map_err(thrown)?;
    to_js(&TuneSettings {
        task,
        ..Default::default()
    })
}

/// A model that learns a task from examples, one step a call.
#[wasm_bindgen]
pub struct FineTuning {
    run: tuning::FineTuning,
}

#[wasm_bindgen]
impl FineTuning {
    /// Begins with the files of a model, by their names: a Hugging Face folder, or a GGUF file with its `config.json` and
    /// `tokenizer.json`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(
            unchecked_param_type = "{ files: TuneFiles, settings: Partial<TuneSettings>, data: TuneData }"
        )]
        request: JsValue,
    ) -> Result<FineTuning, JsValue> {
        let begin = || {
            let settings: TuneSettings = needed(part(&request, "settings"), "settings")?;
            let data = data(part(&request, "data"), settings.task)?;
            tuning::FineTuning::new(files(&part(&request, "files"))?, settings, data)
        };
        let run = begin().map_err(thrown)?;
        Ok(Self { run })
    }

    /// Goes on from a checkpoint of a run with the same files and examples: with the same bits as if there had been no
    /// break.
    pub fn resume(
        checkpoint: &[u8],
        #[wasm_bindgen(unchecked_param_type = "{ files: TuneFiles, data: TuneData }")]
        request: JsValue,
    ) -> Result<FineTuning, JsValue> {
        let begin = || {
            let task = tuning::FineTuning::task_of(checkpoint)?;
            let data = data(part(&request, "data"), task)?;
            tuning::FineTuning::resume(checkpoint, files(&part(&request, "files"))?, data)
        };
        let run = begin().map_err(thrown)?;
        Ok(Self { run })
    }

    /// Lets the layers that do not learn read some more examples. To be called until all are done; else the first step
    /// does it all.
    #[wasm_bindgen(unchecked_return_type = "Prepared")]
    pub fn prepare(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.run.prepare().map_err(thrown)?)
    }

    /// Does a step. One that fails changes nothing.
    #[wasm_bindgen(unchecked_return_type = "StepReport")]
    pub fn step(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.run.step().map_err(thrown)?)
    }

    /// Whether all steps are done. Further ones can be.
    pub fn is_over(&self) -> bool {
        self.run.is_over()
    }

    /// What the run is about, and how far.
    #[wasm_bindgen(unchecked_return_type = "TuneInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.run.info())
    }

    /// As it was begun.
    #[wasm_bindgen(unchecked_return_type = "TuneSettings")]
    pub fn settings(&self) -> Result<JsValue, JsValue> {
        to_js(self.run.settings())
    }

    /// How the model does on the examples held back.
    #[wasm_bindgen(unchecked_return_type = "TuneEvaluation")]
    pub fn evaluate(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.run.evaluate().map_err(thrown)?)
    }

    /// What the model says now, as the pipeline of its task does: all labels of a text or a pair; the labels of a text's
    /// tokens; the answers to a question in a context.
    #[wasm_bindgen(unchecked_return_type = "ClassificationResult | TaggedEntity[] | AnswerResult")]
    pub fn predict(
        &self,
        #[wasm_bindgen(unchecked_param_type = "TuneInput")] input: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TaggingQuery | AnswerQuery | undefined")]
        options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let input: TuneInput = needed(input, "input").map_err(thrown)?;
        let run = &self.run;
        match (run.settings().task, input) {
            (TuneTask::TextClassification, TuneInput::Text { text, pair }) => {
                let result = run.classify(&text, pair.as_deref()).map_err(thrown)?;
                to_js(&convert::classification(result))
            }
            (TuneTask::TokenClassification, TuneInput::Text { text, .. }) => {
                let query: TaggingQuery = from_js(options).map_err(js::thrown)?;
                let options = query.options().map_err(js::thrown)?;
                let entities = run.tag(&text, options).map_err(thrown)?;
                to_js(&convert::entities(&text, entities))
            }
            (_, TuneInput::Question { question, context }) => {
                let query: AnswerQuery = from_js(options).map_err(js::thrown)?;
                let options = query.options().map_err(js::thrown)?;
                let result = run.answer(&question, &context, options).map_err(thrown)?;
                to_js(&convert::answers(&context, result))
            }
            (TuneTask::QuestionAnswering, TuneInput::Text { .. }) => {
                let message = "a question and a context are needed";
                Err(js::thrown(Error::option("input", message)))
            }
        }
    }

    /// The run as bytes.
    pub fn checkpoint(&self) -> Result<Vec<u8>, JsValue> {
        self.run.checkpoint().map_err(thrown)
    }

    /// The model as it is now, with Hugging Face's files and names: `pipeline(task, folder)` opens it.
    #[wasm_bindgen(unchecked_return_type = "TrainedFile[]")]
    pub fn folder(&self) -> Result<JsValue, JsValue> {
        to_js(&trained_files(self.run.folder().map_err(thrown)?))
    }
}

/// The files of a folder.
pub(super) fn trained_files(files: Files) -> Vec<TrainedFile> {
    let file = |(name, bytes)| TrainedFile {
        name,
        bytes: Bytes(bytes),
    };
    files.into_iter().map(file).collect()
}

pub(super) fn part(request: &JsValue, name: &str) -> JsValue {
    Reflect::get(request, &name.into()).unwrap_or_default()
}

/// Contents of files, by their names.
pub(super) fn files(value: &JsValue) -> Result<Files> {
    let none = || Error::option("files", "they are no object of Uint8Arrays");
    let object: &Object = value.dyn_ref().ok_or_else(none)?;
    let mut files = Files::new();
    for name in Object::keys(object).iter() {
        let bytes = Reflect::get(value, &name).unwrap_or_default();
        let bytes: &Uint8Array = bytes.dyn_ref().ok_or_else(none)?;
        files.insert(name.as_string().unwrap_or_default(), bytes.to_vec());
    }
    Ok(files)
}

/// The examples of a task, their offsets in bytes.
fn data(value: JsValue, task: TuneTask) -> Result<TuneData> {
    Ok(match task {
        TuneTask::TextClassification => TuneData::Texts(needed(value, "data")?),
        TuneTask::TokenClassification => TuneData::Words(needed(value, "data")?),
        TuneTask::QuestionAnswering => TuneData::Questions(in_bytes(needed(value, "data")?)),
    })
}
