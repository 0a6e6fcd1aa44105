//! A loaded model and its tasks.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{self, from_js, to_js};
use super::steps::{Comparisons, Generation, JointFill, Scoring};
use super::{error, memory};
use crate::error::{Error, Result};
use crate::models::{self, Decoder, Encoder};
use crate::tasks::{self, Reading};
use crate::text::{Message, Tokenizer};

/// A model with its tokenizer. After an error it serves the next call.
#[wasm_bindgen]
pub struct Model {
    model: models::Model,
    tokenizer: Arc<Tokenizer>,
    /// What was read in the last conversation: the next turn usually begins alike.
    reading: Rc<RefCell<Option<Reading>>>,
}

#[derive(Serialize)]
struct ModelInfo {
    /// `encoder` or `decoder`
    kind: &'static str,
    architecture: &'static str,
    model_type: &'static str,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    parameters: usize,
    weight_bytes: usize,
    dtype: &'static str,
    has_mlm_head: bool,
    has_nsp_head: bool,
    mask_token: Option<String>,
    mask_takes_blanks: bool,
    has_chat_template: bool,
}

impl Model {
    pub(super) fn new(model: models::Model, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        let model = Self {
            model,
            tokenizer,
            reading: Rc::default(),
        };
        let (known, spelled) = (model.model_info().vocab_size, model.tokenizer.vocab_size());
        if spelled > known {
            return Err(Error::InvalidTokenizer(format!(
                "it has {spelled} tokens, the model only {known}. Check that both come from one folder."
            )));
        }
        Ok(model)
    }

    fn encoder(&self) -> Result<Arc<dyn Encoder>> {
        self.model.clone().into_encoder()
    }

    fn decoder(&self) -> Result<Arc<dyn Decoder>> {
        self.model.clone().into_decoder()
    }

    fn fill_mask_task(&self) -> Result<Arc<tasks::FillMask>> {
        Ok(Arc::new(tasks::FillMask::new(
            self.encoder()?,
            self.tokenizer.clone(),
        )?))
    }

    /// Whether conversations can be held with it.
    fn talks(&self) -> bool {
        matches!(self.model, models::Model::Decoder(_)) && self.tokenizer.chat_template().is_ok()
    }

    /// Starts what needs memory; what the last conversation left is given up where there is none.
    fn started<T>(&self, start: impl Fn() -> Result<T>) -> Result<T, JsValue> {
        let again = |error: Error| match error {
            Error::OutOfMemory { .. } if self.reading.take().is_some() => {
                memory::dealt_with();
                start()
            }
            error => Err(error),
        };
        start().or_else(again).map_err(error::to_js)
    }

    fn model_info(&self) -> ModelInfo {
        let info = self.model.info();
        let (kind, has_mlm_head, has_nsp_head) = match &self.model {
            models::Model::Encoder(model) => {
                let heads = model.heads();
                ("encoder", heads.mlm.is_some(), heads.nsp.is_some())
            }
            models::Model::Decoder(_) => ("decoder", false, false),
        };
        let mask_token = self.tokenizer.mask_token().filter(|_| has_mlm_head);
        ModelInfo {
            kind,
            architecture: info.model_type,
            model_type: info.model_type,
            hidden_size: info.hidden_size,
            num_hidden_layers: info.num_hidden_layers,
            num_attention_heads: info.num_attention_heads,
            vocab_size: info.vocab_size,
            max_position_embeddings: info.max_position_embeddings,
            parameters: info.size.parameters,
            weight_bytes: info.size.bytes,
            dtype: info.dtype.name(),
            has_mlm_head,
            has_nsp_head,
            mask_token: mask_token.map(|(_, token)| token.to_string()),
            mask_takes_blanks: has_mlm_head && self.tokenizer.mask_takes_blanks(),
            has_chat_template: self.talks(),
        }
    }
}

#[wasm_bindgen]
impl Model {
    /// Sizes, heads and names.
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.model_info())
    }

    /// The tokens of a text or pair, as the model reads them.
    pub fn tokenize(&self, text: &str, pair: Option<String>) -> Result<JsValue, JsValue> {
        let encoding = self
            .tokenizer
            .encode(text, pair.as_deref(), true)
            .map_err(error::to_js)?;
        convert::tokens(&encoding, text, pair.as_deref())
    }

    /// Candidates for each mask; options `{top_k, targets}`.
    pub fn fill_mask(&self, text: &str, options: JsValue) -> Result<JsValue, JsValue> {
        let options = from_js::<convert::FillMask>(options)?.options();
        let task = self.fill_mask_task().map_err(error::to_js)?;
        let predictions = task.predict(text, &options).map_err(error::to_js)?;
        convert::predictions(text, &predictions)
    }

    /// Fills several masks one after the other; options `{top_k, order}`.
    pub fn joint_fill(&self, text: &str, options: JsValue) -> Result<JointFill, JsValue> {
        let options: convert::FillMask = from_js(options)?;
        let order = options.order().map_err(error::to_js)?;
        let task = self.fill_mask_task().map_err(error::to_js)?;
        let fill = task
            .joint(text, order, options.options().top_k)
            .map_err(error::to_js)?;
        Ok(JointFill::new(fill))
    }

    /// Compares each candidate with `a`, see [`Comparisons`].
    pub fn next_sentences(&self, a: &str, candidates: Vec<String>) -> Result<Comparisons, JsValue> {
        let candidates: Vec<&str> = candidates.iter().map(String::as_str).collect();
        let comparisons = self
            .encoder()
            .and_then(|encoder| tasks::NextSentence::new(encoder, self.tokenizer.clone()))
            .and_then(|task| Arc::new(task).comparisons(a, &candidates))
            .map_err(error::to_js)?;
        Ok(Comparisons::new(comparisons))
    }

    /// Scores each token of a text, see [`Scoring`].
    pub fn pseudo_perplexity(&self, text: &str) -> Result<Scoring, JsValue> {
        let scoring = self
            .encoder()
            .and_then(|encoder| tasks::PseudoPerplexity::new(encoder, self.tokenizer.clone()))
            .and_then(|task| Arc::new(task).score(text))
            .map_err(error::to_js)?;
        Ok(Scoring::new(scoring))
    }

    /// Starts to continue a prompt; see `GenerationOptions`.
    pub fn generate(&self, prompt: &str, options: JsValue) -> Result<Generation, JsValue> {
        let options = from_js::<convert::Generation>(options)?.options(Default::default())?;
        let decoder = self.decoder().map_err(error::to_js)?;
        let generator = self.started(|| {
            let (decoder, tokenizer) = (decoder.clone(), self.tokenizer.clone());
            tasks::Generator::new(decoder, tokenizer, prompt, options.clone())
        })?;
        Ok(Generation::new(prompt, generator, None))
    }

    /// Starts the next turn of a conversation `[{role, content}]`; see `GenerationOptions`.
    pub fn chat(&self, messages: JsValue, options: JsValue) -> Result<Generation, JsValue> {
        let messages: Vec<Message> = from_js(messages)?;
        let options = from_js::<convert::Generation>(options)?.options(Default::default())?;
        let decoder = self.decoder().map_err(error::to_js)?;
        let prompt = tasks::chat_prompt(&self.tokenizer, &messages).map_err(error::to_js)?;
        let generator = self.started(|| {
            let (decoder, tokenizer) = (decoder.clone(), self.tokenizer.clone());
            let mut reading = self.reading.borrow_mut();
            tasks::chat_on(
                decoder,
                tokenizer,
                &prompt,
                options.clone(),
                reading.as_mut(),
            )
        })?;
        // It is copied.
        self.reading.replace(None);
        Ok(Generation::new(&prompt, generator, None).leaving(self.reading.clone()))
    }

    /// What a summary would read; only counts tokens.
    pub fn summary_plan(&self, document: &str, options: JsValue) -> Result<JsValue, JsValue> {
        let options = convert::summary_options(options, self.talks())?;
        let plan = self
            .decoder()
            .map(|decoder| tasks::Summarizer::new(decoder, self.tokenizer.clone()))
            .and_then(|task| task.plan(document, &options))
            .map_err(error::to_js)?;
        to_js(&convert::SummaryPlan::new(document, plan))
    }

    /// Starts a summary.
    pub fn summarize(&self, document: &str, options: JsValue) -> Result<Generation, JsValue> {
        let options = convert::summary_options(options, self.talks())?;
        let decoder = self.decoder().map_err(error::to_js)?;
        let task = tasks::Summarizer::new(decoder, self.tokenizer.clone());
        let (plan, generator) = self.started(|| task.summarize(document, &options))?;
        let prompt = plan.prompt.clone();
        let plan = convert::SummaryPlan::new(document, plan);
        Ok(Generation::new(
            &prompt,
            generator,
            Some((plan, options.sentences)),
        ))
    }
}
