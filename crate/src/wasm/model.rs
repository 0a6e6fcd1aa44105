//! A loaded model and its tasks.

use std::sync::Arc;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{self, from_js, to_js};
use super::error;
use super::steps::{Generation, JointFill};
use crate::error::{Error, Result};
use crate::models::{self, bert::Bert, gpt2::Gpt2};
use crate::tasks;
use crate::text::Tokenizer;

enum Network {
    Bert(Arc<Bert>),
    Gpt2(Arc<Gpt2>),
}

/// A model with its tokenizer. After an error it serves the next call.
#[wasm_bindgen]
pub struct Model {
    network: Network,
    tokenizer: Arc<Tokenizer>,
}

#[derive(Serialize)]
struct ModelInfo {
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
}

impl Model {
    pub(super) fn new(model: models::Model, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        let network = match model {
            models::Model::Bert(bert) => Network::Bert(Arc::new(bert)),
            models::Model::Gpt2(gpt2) => Network::Gpt2(Arc::new(gpt2)),
        };
        let model = Self { network, tokenizer };
        let (known, spelled) = (model.model_info().vocab_size, model.tokenizer.vocab_size());
        if spelled > known {
            return Err(Error::InvalidTokenizer(format!(
                "it has {spelled} tokens, the model only {known}. Check that both come from one folder."
            )));
        }
        Ok(model)
    }

    fn bert(&self) -> Result<Arc<Bert>> {
        match &self.network {
            Network::Bert(bert) => Ok(bert.clone()),
            Network::Gpt2(_) => Err(Error::WrongArchitecture {
                needed: "bert".into(),
                found: "gpt2".into(),
            }),
        }
    }

    fn gpt2(&self) -> Result<Arc<Gpt2>> {
        match &self.network {
            Network::Gpt2(gpt2) => Ok(gpt2.clone()),
            Network::Bert(_) => Err(Error::WrongArchitecture {
                needed: "gpt2".into(),
                found: "bert".into(),
            }),
        }
    }

    fn fill_mask_task(&self) -> Result<Arc<tasks::FillMask>> {
        Ok(Arc::new(tasks::FillMask::new(
            self.bert()?,
            self.tokenizer.clone(),
        )?))
    }

    fn model_info(&self) -> ModelInfo {
        match &self.network {
            Network::Bert(bert) => {
                let config = bert.config();
                ModelInfo {
                    architecture: "bert",
                    model_type: "bert",
                    hidden_size: config.hidden_size,
                    num_hidden_layers: config.num_hidden_layers,
                    num_attention_heads: config.num_attention_heads,
                    vocab_size: config.vocab_size,
                    max_position_embeddings: config.max_position_embeddings,
                    parameters: bert.size().parameters,
                    weight_bytes: bert.size().bytes,
                    dtype: bert.dtype().name(),
                    has_mlm_head: bert.has_mlm_head(),
                    has_nsp_head: bert.has_nsp_head(),
                    mask_token: self
                        .tokenizer
                        .mask_token()
                        .map(|(_, token)| token.to_string()),
                }
            }
            Network::Gpt2(gpt2) => {
                let config = gpt2.config();
                ModelInfo {
                    architecture: "gpt2",
                    model_type: "gpt2",
                    hidden_size: config.n_embd,
                    num_hidden_layers: config.n_layer,
                    num_attention_heads: config.n_head,
                    vocab_size: config.vocab_size,
                    max_position_embeddings: config.n_positions,
                    parameters: gpt2.size().parameters,
                    weight_bytes: gpt2.size().bytes,
                    dtype: gpt2.dtype().name(),
                    has_mlm_head: false,
                    has_nsp_head: false,
                    mask_token: None,
                }
            }
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

    /// How likely `b` follows `a`.
    pub fn next_sentence(&self, a: &str, b: &str) -> Result<JsValue, JsValue> {
        let result = self
            .bert()
            .and_then(|bert| tasks::NextSentence::new(bert, self.tokenizer.clone()))
            .and_then(|task| task.compare(a, b))
            .map_err(error::to_js)?;
        convert::next_sentence(&result)
    }

    /// Starts to continue a prompt; see `GenerationOptions`.
    pub fn generate(&self, prompt: &str, options: JsValue) -> Result<Generation, JsValue> {
        let options = from_js::<convert::Generation>(options)?.options(Default::default())?;
        let generator = self
            .gpt2()
            .and_then(|gpt2| tasks::Generator::new(gpt2, self.tokenizer.clone(), prompt, options))
            .map_err(error::to_js)?;
        Ok(Generation::new(prompt, generator, None))
    }

    /// What a summary would read; only counts tokens.
    pub fn summary_plan(&self, document: &str, options: JsValue) -> Result<JsValue, JsValue> {
        let options = convert::summary_options(options)?;
        let plan = self
            .gpt2()
            .map(|gpt2| tasks::Summarizer::new(gpt2, self.tokenizer.clone()))
            .and_then(|task| task.plan(document, &options))
            .map_err(error::to_js)?;
        to_js(&convert::SummaryPlan::new(document, plan))
    }

    /// Starts a summary.
    pub fn summarize(&self, document: &str, options: JsValue) -> Result<Generation, JsValue> {
        let options = convert::summary_options(options)?;
        let (plan, generator) = self
            .gpt2()
            .map(|gpt2| tasks::Summarizer::new(gpt2, self.tokenizer.clone()))
            .and_then(|task| task.summarize(document, &options))
            .map_err(error::to_js)?;
        let prompt = plan.prompt.clone();
        let plan = convert::SummaryPlan::new(document, plan);
        Ok(Generation::new(
            &prompt,
            generator,
            Some((plan, options.sentences)),
        ))
    }
}
