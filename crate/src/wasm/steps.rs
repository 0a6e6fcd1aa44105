//! Work that JavaScript drives step by step, so that it can stop between steps.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{self, to_js, Candidate, SummaryPlan};
use super::error;
use crate::tasks::{self, first_sentences, Generator, Reading, Step};
use crate::text::Utf16Index;

/// Masks being filled one after the other.
#[wasm_bindgen]
pub struct JointFill {
    fill: tasks::JointFill,
}

#[derive(Serialize)]
struct JointStep<'a> {
    mask: usize,
    start: usize,
    end: usize,
    token: u32,
    token_str: &'a str,
    score: f64,
    sequence: &'a str,
    candidates: Vec<Candidate<'a>>,
}

impl JointFill {
    pub(super) fn new(fill: tasks::JointFill) -> Self {
        Self { fill }
    }
}

#[wasm_bindgen]
impl JointFill {
    /// The next mask filled, `undefined` when none is left.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        let Some(step) = self.fill.next() else {
            return Ok(JsValue::UNDEFINED);
        };
        let step = step.map_err(error::to_js)?;
        let range = Utf16Index::new(self.fill.text()).range(&step.range);
        to_js(&JointStep {
            mask: step.mask,
            start: range.start,
            end: range.end,
            token: step.chosen.token,
            token_str: &step.chosen.token_str,
            score: step.chosen.score,
            sequence: &step.chosen.sequence,
            candidates: step.candidates.iter().map(Candidate::from).collect(),
        })
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
    /// The results of the next batch, `undefined` when none is left.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        match self.comparisons.next() {
            Some(batch) => convert::ranked(&batch.map_err(error::to_js)?),
            None => Ok(JsValue::UNDEFINED),
        }
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
    /// The tokens of the next batch, `undefined` when none is left.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        match self.scoring.next() {
            Some(batch) => convert::scored(self.scoring.text(), &batch.map_err(error::to_js)?),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Pseudo-perplexity of the tokens scored so far.
    pub fn perplexity(&self) -> f64 {
        self.scoring.perplexity()
    }
}

/// A text being generated.
#[wasm_bindgen]
pub struct Generation {
    prompt: String,
    generator: Generator,
    /// For summaries: what is read, and how many sentences count.
    summary: Option<(SummaryPlan, usize)>,
    /// Where what was read is left for the next turn of a conversation.
    reading: Option<Rc<RefCell<Option<Reading>>>>,
}

impl Drop for Generation {
    fn drop(&mut self) {
        if let Some(place) = self.reading.take() {
            place.replace(self.generator.leave().ok());
        }
    }
}

#[derive(Serialize)]
struct Alternative<'a> {
    id: u32,
    token: &'a str,
    logprob: f64,
}

#[derive(Serialize)]
struct Token<'a> {
    id: u32,
    token: &'a str,
    text: &'a str,
    logprob: f64,
    top: Vec<Alternative<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum StepObject<'a> {
    Prefill {
        done: usize,
        total: usize,
    },
    Search {
        tokens: usize,
    },
    Token {
        token: Token<'a>,
    },
    Done {
        finish_reason: &'static str,
        text: &'a str,
        tail: &'a str,
    },
}

impl Generation {
    pub(super) fn new(
        prompt: &str,
        generator: Generator,
        summary: Option<(SummaryPlan, usize)>,
    ) -> Self {
        Self {
            prompt: prompt.to_string(),
            generator,
            summary,
            reading: None,
        }
    }

    /// Leaves what it has read in `place` when it is freed.
    pub(super) fn leaving(mut self, place: Rc<RefCell<Option<Reading>>>) -> Self {
        self.reading = Some(place);
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
    /// The next piece of work: `{type: 'prefill' | 'search' | 'token' | 'done', ...}`.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<JsValue, JsValue> {
        match self.generator.step().map_err(error::to_js)? {
            Step::Prefill { done, total } => to_js(&StepObject::Prefill { done, total }),
            Step::Search { tokens } => to_js(&StepObject::Search { tokens }),
            Step::Token(token) => to_js(&StepObject::Token {
                token: Token {
                    id: token.id,
                    token: &token.token,
                    text: &token.text,
                    logprob: token.logprob,
                    top: token
                        .top
                        .iter()
                        .map(|other| Alternative {
                            id: other.id,
                            token: &other.token,
                            logprob: other.logprob,
                        })
                        .collect(),
                },
            }),
            Step::Done { reason, tail } => to_js(&StepObject::Done {
                finish_reason: reason.name(),
                text: self.all_text(),
                tail: &tail,
            }),
        }
    }

    /// The prompt's tokens.
    pub fn prompt_tokens(&self) -> Result<JsValue, JsValue> {
        convert::tokens(self.generator.prompt(), &self.prompt, None)
    }

    /// The text so far; of a summary, its sentences so far.
    pub fn text(&self) -> String {
        self.all_text().to_string()
    }

    /// What a summary reads, `undefined` for other texts.
    pub fn plan(&self) -> Result<JsValue, JsValue> {
        match &self.summary {
            Some((plan, _)) => to_js(plan),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}
