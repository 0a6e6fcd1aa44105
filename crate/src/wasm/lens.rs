//! What a model thinks of each token of a text, and how its text is cut: for people who look inside.

use wasm_bindgen::prelude::*;

use super::js::{from_js, optional_to_js, thrown, to_js};
use super::model::Model;
use super::steps::Scoring;
use crate::border::lens_results;
use crate::border::lens_results::{MaskingGame, ReadingStep};
use crate::border::mask_options::{MaskingQuery, NextTokenQuery};
use crate::error::Result;
use crate::tasks::{self, TokenProbability};

/// A text being read by a model that is asked how surprised it is.
#[wasm_bindgen]
pub struct Surprisals {
    surprisals: tasks::Surprisals,
    text: String,
}

#[wasm_bindgen]
impl Surprisals {
    /// Reads the next tokens.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "ReadingStep | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let total = self.surprisals.tokens();
        let done = self.surprisals.next().transpose().map_err(thrown)?;
        optional_to_js(&done.map(|done| ReadingStep { done, total }))
    }

    /// What is known of the tokens read so far.
    #[wasm_bindgen(unchecked_return_type = "Surprisal")]
    pub fn result(&self) -> Result<JsValue, JsValue> {
        to_js(&lens_results::surprisal(
            &self.text,
            self.surprisals.result(),
        ))
    }
}

impl Model {
    fn surprisals(&self, text: &str) -> Result<Surprisals> {
        Ok(Surprisals {
            surprisals: tasks::Surprisals::new(self.decoder()?, self.tokenizer.clone(), text)?,
            text: text.into(),
        })
    }

    fn next_tokens(&self, text: &str, options: JsValue) -> Result<Vec<TokenProbability>> {
        let top_k = from_js::<NextTokenQuery>(options)?.top_k()?;
        tasks::next_token(&*self.decoder()?, &self.tokenizer, text, top_k)
    }

    fn masking_game(
        &self,
        text: &str,
        pair: Option<&str>,
        options: JsValue,
    ) -> Result<MaskingGame> {
        let options = from_js::<MaskingQuery>(options)?.options()?;
        let task = tasks::Masking::new(self.encoder()?, self.tokenizer.clone())?;
        let masked = task.mask(text, pair, &options)?;
        let losses = task.losses(&masked)?;
        let tokenizer = &self.tokenizer;
        Ok(lens_results::masking_game(
            text, pair, tokenizer, masked, losses,
        ))
    }
}

#[wasm_bindgen]
impl Model {
    /// Starts to read a text, to say how surprising each token is.
    pub fn surprisal(&self, text: &str) -> Result<Surprisals, JsValue> {
        self.surprisals(text).map_err(thrown)
    }

    /// Scores each token of several texts.
    pub fn pseudo_perplexities(&self, texts: Vec<String>) -> Result<Scoring, JsValue> {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.scoring(&texts).map_err(thrown)
    }

    /// What would be written next behind a text.
    #[wasm_bindgen(unchecked_return_type = "TokenProbability[]")]
    pub fn next_token(
        &self,
        text: &str,
        #[wasm_bindgen(unchecked_param_type = "NextTokenQuery")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        to_js(&self.next_tokens(text, options).map_err(thrown)?)
    }

    /// Hides tokens of a text or pair as in BERT's training, and computes the losses.
    #[wasm_bindgen(unchecked_return_type = "MaskingGame")]
    pub fn mask_for_training(
        &self,
        text: &str,
        pair: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "MaskingQuery")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let game = self.masking_game(text, pair.as_deref(), options);
        to_js(&game.map_err(thrown)?)
    }
}
