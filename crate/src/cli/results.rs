//! What the JavaScript API returns of each task (`pkg/src/border/types.ts`), as `JSON.stringify` writes it: the same fields in
//! the same order. Typed arrays are lists here.

use serde::Serialize;

use crate::border::results::{
    Answer, Comparison, JointStep, ScoredLabel, SummaryPlan, TaggedEntity, TokenInfo,
};
use crate::tasks::{FinishReason, GeneratedToken};
use crate::text::Json;

/// Hears of a text as it is written.
pub type Hear<'h> = &'h mut dyn FnMut(&str);

/// A result of any task.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Output {
    /// Candidates of one mask.
    Mask(Vec<FilledMask>),
    /// Candidates of several.
    Masks(Vec<Vec<FilledMask>>),
    Joint(Joint),
    Follows(Follows),
    Ranked(Vec<Ranked>),
    Texts(Vec<Written<GeneratedText>>),
    Summaries(Vec<Written<SummaryText>>),
    Answer(FoundAnswer),
    Answers(Vec<FoundAnswer>),
    Labels(Vec<ScoredLabel>),
    Entities(Vec<TaggedEntity>),
    Tensor(Tensor),
}

/// A word for a mask, and where the mask stands.
#[derive(Serialize)]
pub struct FilledMask {
    pub score: f64,
    pub token: u32,
    pub token_str: String,
    pub sequence: String,
    pub start: usize,
    pub end: usize,
}

/// All masks filled, each choice seen by the next.
#[derive(Serialize)]
pub struct Joint {
    pub sequence: String,
    pub score: f64,
    pub steps: Vec<JointStep>,
}

/// Does B follow A?
#[derive(Serialize)]
pub struct Follows {
    pub label: &'static str,
    pub score: f64,
    pub is_next: f64,
    pub not_next: f64,
    pub tokens: usize,
}

impl From<Comparison> for Follows {
    fn from(one: Comparison) -> Self {
        Self {
            label: one.label,
            score: one.score,
            is_next: one.is_next,
            not_next: one.not_next,
            tokens: one.tokens,
        }
    }
}

/// One of several candidates for B.
#[derive(Serialize)]
pub struct Ranked {
    #[serde(flatten)]
    pub comparison: Comparison,
    pub sentence: String,
}

/// What generation gives first.
#[derive(Serialize)]
pub struct GeneratedText {
    /// A text, or messages.
    pub generated_text: Json,
}

/// What a summary has first.
#[derive(Serialize)]
pub struct SummaryText {
    pub summary_text: String,
    pub plan: SummaryPlan,
}

/// A text that was written.
#[derive(Serialize)]
pub struct Written<T> {
    #[serde(flatten)]
    pub first: T,
    pub text: String,
    pub tokens: Vec<GeneratedToken>,
    pub finish_reason: FinishReason,
    pub seed: u64,
    pub prompt_tokens: usize,
    pub timing: Timing,
}

/// How long it took.
#[derive(Serialize, Clone, Copy)]
pub struct Timing {
    pub prefill_ms: f64,
    pub decode_ms: f64,
    pub tokens_per_second: f64,
}

/// An answer in the words of the context.
#[derive(Serialize)]
pub struct FoundAnswer {
    #[serde(flatten)]
    pub answer: Answer,
    pub null_score: f64,
}

/// Numbers row by row.
#[derive(Serialize)]
pub struct Tensor {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub dims: Vec<usize>,
    pub data: Numbers,
    pub size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Vec<Vec<TokenInfo>>>,
}

/// The numbers of a tensor.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Numbers {
    Floats(Vec<f32>),
    Signed(Vec<i8>),
    Unsigned(Vec<u8>),
}

impl Tensor {
    pub fn floats(data: Vec<f32>, dims: Vec<usize>) -> Self {
        Self {
            kind: "float32",
            size: data.len(),
            dims,
            data: Numbers::Floats(data),
            tokens: None,
        }
    }
}
