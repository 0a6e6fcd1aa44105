//! A loaded model and its tasks.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::js::{from_js, thrown, to_js};
use super::memory;
use super::steps::{Answering, Comparisons, Embedding, Generation, JointFill, Scoring, Tagging};
use super::text_tokenizer::TextTokenizer;
use crate::border::results::ModelInfo;
use crate::border::{convert, head_options, mask_options, options};
use crate::error::{Error, Result};
use crate::models::{self, Decoder, Encoder};
use crate::tasks::{self, GenerationOptions, KeptPrefix};
use crate::text::{Conversation, Tokenizer};

/// A model with its tokenizer. After an error it serves the next call.
#[wasm_bindgen]
pub struct Model {
    pub(super) model: models::Model,
    pub(super) tokenizer: Arc<Tokenizer>,
    /// What was read in the last conversation: the next turn usually begins alike.
    prefix: Rc<RefCell<Option<KeptPrefix>>>,
}

impl Model {
    pub(super) fn new(model: models::Model, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        let model = Self {
            model,
            tokenizer,
            prefix: Rc::default(),
        };
        model.tokenizer.check_rows(model.model.info().vocab_size)?;
        Ok(model)
    }

    pub(super) fn encoder(&self) -> Result<Arc<dyn Encoder>> {
        self.model.clone().into_encoder()
    }

    pub(super) fn decoder(&self) -> Result<Arc<dyn Decoder>> {
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
        self.model.info().heads.lm && self.tokenizer.chat_template().is_ok()
    }

    /// Starts what needs memory. The prefix kept of the last conversation is given up where there is none.
    fn started<T>(&self, start: impl Fn() -> Result<T>) -> Result<T> {
        let again = |error: Error| match error {
            Error::OutOfMemory { .. } if self.prefix.take().is_some() => {
                memory::dealt_with();
                start()
            }
            error => Err(error),
        };
        start().or_else(again)
    }

    fn model_info(&self) -> ModelInfo {
        let info = self.model.info();
        let (has_mlm_head, has_nsp_head) = (info.heads.mlm, info.heads.nsp);
        let kind = match &self.model {
            models::Model::Encoder(_) => "encoder",
            models::Model::Decoder(_) => "decoder",
        };
        let mask_token = self.tokenizer.mask_token().filter(|_| has_mlm_head);
        let chat = self.talks();
        ModelInfo {
            kind,
            reads: info.reads.name(),
            heads: info.heads.names().collect(),
            labels: self.model.labels().map(<[String]>::to_vec),
            chat,
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
            has_chat_template: chat,
            generation: match &self.model {
                models::Model::Decoder(decoder) if info.heads.lm => {
                    Some(decoder.generation().into())
                }
                _ => None,
            },
            warnings: (self.tokenizer.warnings().iter())
                .map(|warning| warning.code())
                .collect(),
        }
    }

    fn joint(&self, text: &str, options: JsValue) -> Result<JointFill> {
        let query: mask_options::JointQuery = from_js(options)?;
        let fill = self.fill_mask_task()?.joint(text, query.options()?)?;
        Ok(JointFill::new(fill))
    }

    fn comparisons(&self, a: &str, candidates: &[String]) -> Result<Comparisons> {
        let candidates: Vec<&str> = candidates.iter().map(String::as_str).collect();
        let task = tasks::NextSentence::new(self.encoder()?, self.tokenizer.clone())?;
        Ok(Comparisons::new(
            Arc::new(task).comparisons(a, &candidates)?,
        ))
    }

    pub(super) fn scoring(&self, texts: &[&str]) -> Result<Scoring> {
        let task = tasks::PseudoPerplexity::new(self.encoder()?, self.tokenizer.clone())?;
        Ok(Scoring::new(Arc::new(task).score(texts)?))
    }

    fn answering(&self, question: &str, context: &str, options: JsValue) -> Result<Answering> {
        let options = from_js::<head_options::AnswerQuery>(options)?.options()?;
        let task = tasks::QuestionAnswering::new(self.model.clone(), self.tokenizer.clone())?;
        let answering = Arc::new(task).answering(question, context, options)?;
        Ok(Answering::new(answering))
    }

    fn tagging(&self, text: &str, options: JsValue) -> Result<Tagging> {
        let options = from_js::<head_options::TaggingQuery>(options)?.options()?;
        let task = tasks::TokenClassification::new(self.model.clone(), self.tokenizer.clone())?;
        Ok(Tagging::new(Arc::new(task).tagging(text, options)?))
    }

    fn embedding(&self, texts: &[String], options: JsValue) -> Result<Embedding> {
        let options = from_js::<head_options::EmbeddingQuery>(options)?.options()?;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let task = tasks::FeatureExtraction::new(self.model.clone(), self.tokenizer.clone());
        Ok(Embedding::new(Arc::new(task).embed(&texts, options)?))
    }

    fn generation(&self, prompt: &str, options: JsValue) -> Result<Generation> {
        let decoder = self.decoder()?;
        let options = generation_options(&*decoder, options)?;
        let generator = self.started(|| {
            let (decoder, tokenizer) = (decoder.clone(), self.tokenizer.clone());
            tasks::Generator::new(decoder, tokenizer, prompt, options.clone())
        })?;
        Ok(Generation::new(generator, None, self.prefix.clone()))
    }

    fn turn(&self, conversation: JsValue, options: JsValue) -> Result<Generation> {
        let conversation: Conversation = from_js(conversation)?;
        let decoder = self.decoder()?;
        let options = generation_options(&*decoder, options)?;
        let prompt = tasks::chat_prompt(&self.tokenizer, &conversation)?;
        let generator = self.started(|| {
            let (decoder, tokenizer) = (decoder.clone(), self.tokenizer.clone());
            let mut prefix = self.prefix.borrow_mut();
            tasks::chat_from(
                decoder,
                tokenizer,
                &prompt,
                options.clone(),
                prefix.as_mut(),
            )
        })?;
        // What of the prefix is of use has been copied into the generator.
        self.prefix.replace(None);
        Ok(Generation::new(generator, None, self.prefix.clone()).leaving())
    }

    fn summary_options(&self, options: JsValue) -> Result<tasks::SummaryOptions> {
        let summary: options::Summary = from_js(options.clone())?;
        summary.options(from_js(options)?, self.talks())
    }

    fn planned(&self, document: &str, options: JsValue) -> Result<tasks::SummaryPlan> {
        let options = self.summary_options(options)?;
        tasks::Summarizer::new(self.decoder()?, self.tokenizer.clone()).plan(document, &options)
    }

    fn summary(&self, document: &str, options: JsValue) -> Result<Generation> {
        let options = self.summary_options(options)?;
        let task = tasks::Summarizer::new(self.decoder()?, self.tokenizer.clone());
        let (plan, generator) = self.started(|| task.summarize(document, &options))?;
        let plan = convert::summary_plan(document, plan);
        let read = Some((plan, options.sentences));
        Ok(Generation::new(generator, read, self.prefix.clone()))
    }
}

/// Options as given; absent ones are what the model's files say.
fn generation_options(decoder: &dyn Decoder, options: JsValue) -> Result<GenerationOptions> {
    let defaults = GenerationOptions::of_model(decoder.generation());
    from_js::<options::Generation>(options)?.options(defaults)
}

#[wasm_bindgen]
impl Model {
    /// Sizes, heads and names.
    #[wasm_bindgen(unchecked_return_type = "ModelInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.model_info())
    }

    /// Its tokenizer.
    pub fn text_tokenizer(&self) -> TextTokenizer {
        TextTokenizer::new(self.tokenizer.clone())
    }

    /// Candidates for each mask, and the tokens of the text.
    #[wasm_bindgen(unchecked_return_type = "TextPrediction")]
    pub fn fill_mask(
        &self,
        text: &str,
        #[wasm_bindgen(unchecked_param_type = "MaskQuery")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let predict = || {
            let options = from_js::<mask_options::MaskQuery>(options)?.options()?;
            self.fill_mask_task()?.predict_with_tokens(text, &options)
        };
        to_js(&convert::prediction(text, predict().map_err(thrown)?))
    }

    /// Fills several masks one after the other.
    pub fn joint_fill(
        &self,
        text: &str,
        #[wasm_bindgen(unchecked_param_type = "JointQuery")] options: JsValue,
    ) -> Result<JointFill, JsValue> {
        self.joint(text, options).map_err(thrown)
    }

    /// Compares each candidate with `a`.
    pub fn next_sentences(&self, a: &str, candidates: Vec<String>) -> Result<Comparisons, JsValue> {
        self.comparisons(a, &candidates).map_err(thrown)
    }

    /// Scores each token of a text.
    pub fn pseudo_perplexity(&self, text: &str) -> Result<Scoring, JsValue> {
        self.scoring(&[text]).map_err(thrown)
    }

    /// Starts to look for the answers to a question in a text.
    pub fn answer_question(
        &self,
        question: &str,
        context: &str,
        #[wasm_bindgen(unchecked_param_type = "AnswerQuery | undefined")] options: JsValue,
    ) -> Result<Answering, JsValue> {
        self.answering(question, context, options).map_err(thrown)
    }

    /// The labels of a text, or of a pair of texts.
    #[wasm_bindgen(unchecked_return_type = "ClassificationResult")]
    pub fn classify(
        &self,
        text: &str,
        pair: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "ClassificationQuery | undefined")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let classify = || {
            let options = from_js::<head_options::ClassificationQuery>(options)?.options()?;
            let (model, tokenizer) = (self.model.clone(), self.tokenizer.clone());
            let task = tasks::TextClassification::new(model, tokenizer)?;
            task.classify(text, pair.as_deref(), &options)
        };
        to_js(&convert::classification(classify().map_err(thrown)?))
    }

    /// Starts to label the tokens of a text.
    pub fn tag(
        &self,
        text: &str,
        #[wasm_bindgen(unchecked_param_type = "TaggingQuery | undefined")] options: JsValue,
    ) -> Result<Tagging, JsValue> {
        self.tagging(text, options).map_err(thrown)
    }

    /// Starts to make vectors of texts.
    pub fn embed(
        &self,
        texts: Vec<String>,
        #[wasm_bindgen(unchecked_param_type = "EmbeddingQuery | undefined")] options: JsValue,
    ) -> Result<Embedding, JsValue> {
        self.embedding(&texts, options).map_err(thrown)
    }

    /// Starts to continue a prompt.
    pub fn generate(
        &self,
        prompt: &str,
        #[wasm_bindgen(unchecked_param_type = "SamplingOptions")] options: JsValue,
    ) -> Result<Generation, JsValue> {
        self.generation(prompt, options).map_err(thrown)
    }

    /// Starts the next turn of a conversation, or goes on with its last one.
    pub fn chat(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ChatRequest")] conversation: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SamplingOptions")] options: JsValue,
    ) -> Result<Generation, JsValue> {
        self.turn(conversation, options).map_err(thrown)
    }

    /// What a summary would read; only counts tokens.
    #[wasm_bindgen(unchecked_return_type = "SummaryPlan")]
    pub fn summary_plan(
        &self,
        document: &str,
        #[wasm_bindgen(unchecked_param_type = "SamplingOptions & SummaryQuery")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let plan = self.planned(document, options).map_err(thrown)?;
        to_js(&convert::summary_plan(document, plan))
    }

    /// Starts a summary.
    pub fn summarize(
        &self,
        document: &str,
        #[wasm_bindgen(unchecked_param_type = "SamplingOptions & SummaryQuery")] options: JsValue,
    ) -> Result<Generation, JsValue> {
        self.summary(document, options).map_err(thrown)
    }
}
