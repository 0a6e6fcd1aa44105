//! Looking inside a loaded model.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::js::{from_js, optional_to_js, thrown, to_js};
use super::model::Model;
use crate::border::inspected::*;
use crate::border::options::{neighbours, token_ids, InspectQuery};
use crate::border::results::TokenInfo;
use crate::border::{bulk::Floats, convert};
use crate::error::Result;
use crate::tasks::{self, Inspect};
use crate::text::{Encoding, Tokenizer};

/// A text or pair that is looked at.
struct Subject {
    inspect: Arc<Inspect>,
    encoding: Encoding,
    tokens: Vec<TokenInfo>,
    num_layers: usize,
    num_heads: usize,
    hidden_size: usize,
}

impl Model {
    fn inspect(&self) -> Arc<Inspect> {
        Arc::new(Inspect::new(self.model.clone(), self.tokenizer.clone()))
    }

    fn subject(&self, text: &str, pair: Option<String>) -> Result<Subject> {
        let (inspect, info) = (self.inspect(), self.model.info());
        let encoding = inspect.encode(text, pair.as_deref())?;
        Ok(Subject {
            tokens: convert::tokens(&encoding.tokens, text, pair.as_deref()),
            encoding,
            inspect,
            num_layers: info.num_hidden_layers,
            num_heads: info.num_attention_heads,
            hidden_size: info.hidden_size,
        })
    }

    fn lens(&self, text: &str, pair: Option<String>, options: JsValue) -> Result<LogitLens> {
        let top_k = from_js::<InspectQuery>(options)?.top_k()?;
        let subject = self.subject(text, pair)?;
        Ok(LogitLens {
            lens: subject.inspect.logit_lens(&subject.encoding, top_k)?,
            tokens: subject.tokens,
            num_layers: subject.num_layers,
            tokenizer: self.tokenizer.clone(),
        })
    }
}

#[wasm_bindgen]
impl Model {
    /// Attention weights of one layer.
    #[wasm_bindgen(unchecked_return_type = "AttentionLayer")]
    pub fn attentions(
        &self,
        text: &str,
        pair: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "InspectQuery")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let look = || {
            let layer = from_js::<InspectQuery>(options)?.layer()?.unwrap_or(0);
            let subject = self.subject(text, pair)?;
            let attentions = subject.inspect.attentions(&subject.encoding, layer)?;
            Ok(AttentionLayer {
                tokens: subject.tokens,
                num_layers: subject.num_layers,
                num_heads: subject.num_heads,
                layer,
                attentions: Floats(attentions),
            })
        };
        to_js(&look().map_err(thrown)?)
    }

    /// Attention weights of every head, made small.
    #[wasm_bindgen(unchecked_return_type = "AttentionHeads")]
    pub fn attention_heads(
        &self,
        text: &str,
        pair: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "InspectQuery")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let look = || {
            let size = from_js::<InspectQuery>(options)?.size()?;
            let subject = self.subject(text, pair)?;
            let heads = subject.inspect.attention_heads(&subject.encoding, size)?;
            Ok(AttentionHeads {
                tokens: subject.tokens,
                num_layers: subject.num_layers,
                num_heads: subject.num_heads,
                size: heads.size,
                thumbnails: Floats(heads.thumbnails),
            })
        };
        to_js(&look().map_err(thrown)?)
    }

    /// Attention followed from the first layer on, and the mean over the heads of the last one that was.
    #[wasm_bindgen(unchecked_return_type = "AttentionRollout")]
    pub fn attention_rollout(
        &self,
        text: &str,
        pair: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "InspectQuery")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let look = || {
            let layer = from_js::<InspectQuery>(options)?.layer()?;
            let subject = self.subject(text, pair)?;
            let followed = subject
                .inspect
                .attention_rollout(&subject.encoding, layer)?;
            Ok(AttentionRollout {
                tokens: subject.tokens,
                num_layers: subject.num_layers,
                layer: followed.layer,
                rollout: Floats(followed.rollout),
                mean: Floats(followed.mean),
            })
        };
        to_js(&look().map_err(thrown)?)
    }

    /// The hidden states of the embeddings and of each layer.
    #[wasm_bindgen(unchecked_return_type = "HiddenStates")]
    pub fn hidden_states(&self, text: &str, pair: Option<String>) -> Result<JsValue, JsValue> {
        let look = || {
            let subject = self.subject(text, pair)?;
            let hidden_states = subject.inspect.hidden_states(&subject.encoding)?;
            Ok(HiddenStates {
                tokens: subject.tokens,
                num_layers: subject.num_layers,
                hidden_size: subject.hidden_size,
                hidden_states: Floats(hidden_states),
            })
        };
        to_js(&look().map_err(thrown)?)
    }

    /// What the text is before the first layer.
    #[wasm_bindgen(unchecked_return_type = "InputEmbeddings")]
    pub fn input_embeddings(&self, text: &str, pair: Option<String>) -> Result<JsValue, JsValue> {
        let look = || {
            let subject = self.subject(text, pair)?;
            let embedded = subject.inspect.input_embeddings(&subject.encoding)?;
            Ok(InputEmbeddings::new(subject.tokens, embedded))
        };
        to_js(&look().map_err(thrown)?)
    }

    /// For each id the tokens whose word embeddings are nearest, nearest first.
    #[wasm_bindgen(unchecked_return_type = "NearestToken[][]")]
    pub fn nearest_tokens(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number[]")] ids: JsValue,
        count: Option<f64>,
    ) -> Result<JsValue, JsValue> {
        let look = || {
            let ids = token_ids(from_js(ids)?);
            let nearest = self.inspect().nearest_tokens(&ids, neighbours(count)?)?;
            let named = nearest.into_iter().map(|nearest| {
                let named = nearest.into_iter();
                let named = named.map(|neighbour| NearestToken::new(neighbour, &self.tokenizer));
                named.collect::<Vec<_>>()
            });
            Ok(named.collect::<Vec<_>>())
        };
        to_js(&look().map_err(thrown)?)
    }

    /// Starts to ask what the model would say after each layer.
    pub fn logit_lens(
        &self,
        text: &str,
        pair: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "InspectQuery")] options: JsValue,
    ) -> Result<LogitLens, JsValue> {
        self.lens(text, pair, options).map_err(thrown)
    }
}

/// A text that is looked at through the lens, step by step as in `steps`.
#[wasm_bindgen]
pub struct LogitLens {
    lens: tasks::LogitLens,
    tokens: Vec<TokenInfo>,
    num_layers: usize,
    tokenizer: Arc<Tokenizer>,
}

#[wasm_bindgen]
impl LogitLens {
    /// Sends the next hidden states through the head.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "LensProgress | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let step = self.lens.next().transpose().map_err(thrown)?;
        optional_to_js(&step)
    }

    /// What was found, once all steps are done.
    #[wasm_bindgen(unchecked_return_type = "LogitLensResult")]
    pub fn result(&mut self) -> Result<JsValue, JsValue> {
        let (tokens, lens) = (std::mem::take(&mut self.tokens), self.lens.finish());
        to_js(&LogitLensResult::new(
            tokens,
            self.num_layers,
            lens,
            &self.tokenizer,
        ))
    }
}
