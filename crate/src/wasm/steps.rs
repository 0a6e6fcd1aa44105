//! Work that JavaScript drives step by step, so that it can stop between steps. `next` does one step; it gives
//! `undefined` when none is left.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js::{optional_to_js, thrown, to_js};
use crate::border::convert;
use crate::border::results::{GenerationStep, SummaryPlan};
use crate::error::{Error, Result};
use crate::tasks::{self, Generator, KeptPrefix, Step};
use crate::text::first_sentences;

/// Masks being filled one after the other.
#[wasm_bindgen]
pub struct JointFill {
    fill: tasks::JointFill,
}

impl JointFill {
    pub(super) fn new(fill: tasks::JointFill) -> Self {
        Self { fill }
    }
}

#[wasm_bindgen]
impl JointFill {
    /// Fills the next mask.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "JointStep | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let step = self.fill.next().transpose().map_err(thrown)?;
        optional_to_js(&step.map(|step| convert::joint_step(self.fill.text(), step)))
    }

    /// The text with the masks filled so far.
    pub fn sequence(&self) -> String {
        self.fill.sequence()
    }

    /// Sum of the logarithms of the chosen words' probabilities.
    pub fn log_prob(&self) -> f64 {
        self.fill.log_prob()
    }
}

/// Candidates being compared.
#[wasm_bindgen]
pub struct Comparisons {
    comparisons: tasks::Comparisons,
}

impl Comparisons {
    pub(super) fn new(comparisons: tasks::Comparisons) -> Self {
        Self { comparisons }
    }
}

#[wasm_bindgen]
impl Comparisons {
    /// Compares the next batch.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "Comparison[] | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let batch = self.comparisons.next().transpose().map_err(thrown)?;
        optional_to_js(&batch.map(|batch| convert::comparisons(&batch)))
    }
}

/// A text whose tokens are being scored.
#[wasm_bindgen]
pub struct Scoring {
    scoring: tasks::Scoring,
}

impl Scoring {
    pub(super) fn new(scoring: tasks::Scoring) -> Self {
        Self { scoring }
    }
}

#[wasm_bindgen]
impl Scoring {
    /// Scores the next batch of tokens.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "ScoredToken[] | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let batch = self.scoring.next().transpose().map_err(thrown)?;
        optional_to_js(&batch.map(|batch| convert::scored(|text| self.scoring.text(text), batch)))
    }

    /// Pseudo-perplexity of the tokens scored so far, of the first text or that with this index.
    pub fn perplexity(&self, text: Option<u32>) -> f64 {
        self.scoring.perplexity(text.unwrap_or(0) as usize)
    }
}

/// A text in which answers are being looked for.
#[wasm_bindgen]
pub struct Answering {
    answering: tasks::Answering,
}

impl Answering {
    pub(super) fn new(answering: tasks::Answering) -> Self {
        Self { answering }
    }
}

#[wasm_bindgen]
impl Answering {
    /// Reads the next window.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "WindowRead | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let window = self.answering.next().transpose().map_err(thrown)?;
        optional_to_js(&window.map(convert::window))
    }

    /// The best answers in the windows read so far.
    #[wasm_bindgen(unchecked_return_type = "AnswerResult")]
    pub fn result(&self) -> Result<JsValue, JsValue> {
        let result = self.answering.result();
        to_js(&convert::answers(self.answering.context(), result))
    }
}

/// A text whose tokens are being labelled.
#[wasm_bindgen]
pub struct Tagging {
    tagging: tasks::Tagging,
}

impl Tagging {
    pub(super) fn new(tagging: tasks::Tagging) -> Self {
        Self { tagging }
    }
}

#[wasm_bindgen]
impl Tagging {
    /// Reads the next window.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "WindowRead | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let window = self.tagging.next().transpose().map_err(thrown)?;
        optional_to_js(&window.map(convert::window))
    }

    /// What was found in the windows read so far.
    #[wasm_bindgen(unchecked_return_type = "TaggedEntity[]")]
    pub fn result(&self) -> Result<JsValue, JsValue> {
        let result = self.tagging.result();
        to_js(&convert::entities(self.tagging.text(), result))
    }
}

/// Texts whose vectors are being made.
#[wasm_bindgen]
pub struct Embedding {
    embedding: tasks::Embedding,
}

impl Embedding {
    pub(super) fn new(embedding: tasks::Embedding) -> Self {
        Self { embedding }
    }
}

#[wasm_bindgen]
impl Embedding {
    /// Reads the next batch of texts.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "Embeddings | undefined")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let batch = self.embedding.next().transpose().map_err(thrown)?;
        optional_to_js(&batch.map(convert::embeddings))
    }
}

/// A text being generated.
#[wasm_bindgen]
pub struct Generation {
    generator: Generator,
    /// For summaries: what is read, and how many sentences count.
    summary: Option<(SummaryPlan, usize)>,
    /// What is kept of the last conversation.
    prefix: Rc<RefCell<Option<KeptPrefix>>>,
    /// Whether what was read is left there for the next turn.
    leaves: bool,
}

impl Drop for Generation {
    fn drop(&mut self) {
        if self.leaves {
            self.prefix.replace(self.generator.keep_prefix().ok());
        }
    }
}

impl Generation {
    pub(super) fn new(
        generator: Generator,
        summary: Option<(SummaryPlan, usize)>,
        prefix: Rc<RefCell<Option<KeptPrefix>>>,
    ) -> Self {
        Self {
            generator,
            summary,
            prefix,
            leaves: false,
        }
    }

    /// Leaves what it has read for the next turn when it is freed.
    pub(super) fn leaving(mut self) -> Self {
        self.leaves = true;
        self
    }

    fn all_text(&self) -> &str {
        match &self.summary {
            Some((_, sentences)) => first_sentences(self.generator.text(), *sentences),
            None => self.generator.text(),
        }
    }
}

#[wasm_bindgen]
impl Generation {
    /// Does the next piece of work.
    #[allow(clippy::should_implement_trait)]
    #[wasm_bindgen(unchecked_return_type = "GenerationStep")]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let step = self.generator.step().map_err(|error| {
            // Another try is to have the memory.
            if let Error::OutOfMemory { .. } = error {
                self.prefix.take();
            }
            thrown(error)
        })?;
        let step = match step {
            Step::Prefill { done, total } => GenerationStep::Prefill { done, total },
            Step::Search { tokens } => GenerationStep::Search { tokens },
            Step::Token(token) => GenerationStep::Token { token },
            Step::Done { reason, tail } => GenerationStep::Done {
                finish_reason: reason,
                text: self.all_text().to_string(),
                tail,
            },
        };
        to_js(&step)
    }

    /// Number of the prompt's tokens.
    pub fn prompt_len(&self) -> usize {
        self.generator.prompt_len()
    }

    /// The prompt's tokens.
    pub fn prompt_ids(&self) -> Vec<u32> {
        self.generator.prompt().ids()
    }

    /// The text so far; of a summary, its sentences so far.
    pub fn text(&self) -> String {
        self.all_text().to_string()
    }

    /// What a summary reads, `undefined` for other texts.
    #[wasm_bindgen(unchecked_return_type = "SummaryPlan | undefined")]
    pub fn plan(&self) -> Result<JsValue, JsValue> {
        optional_to_js(&self.summary.as_ref().map(|(plan, _)| plan))
    }
}
