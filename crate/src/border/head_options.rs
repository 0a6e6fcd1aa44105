//! Options of the tasks of fine-tuning, and of vectors, as JavaScript gives them.

use serde::Deserialize;

use super::options::count;
use crate::error::Result;
use crate::limits::{question_answering, text_classification, token_classification};
use crate::tasks::{
    AggregationStrategy, AnswerOptions, ClassificationOptions, EmbeddingOptions, FunctionToApply,
    Pooling, TaggingOptions,
};

/// How answers to a question are looked for.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct AnswerQuery {
    /// Answers given, the best ones (1).
    pub top_k: Option<f64>,
    /// Tokens that two windows of a long text have in common (128, or half a window where that is less).
    pub doc_stride: Option<f64>,
    /// Tokens of the longest answer (15).
    pub max_answer_len: Option<f64>,
    /// Tokens of the question; those behind are not read (64).
    pub max_question_len: Option<f64>,
    /// Tokens of a window, question included (384, or what the model reads).
    pub max_seq_len: Option<f64>,
    /// Whether "there is no answer" is one of the answers (false).
    pub handle_impossible_answer: Option<bool>,
    /// Whether answers begin and end with whole words (true).
    pub align_to_words: Option<bool>,
}

impl AnswerQuery {
    pub fn options(self) -> Result<AnswerOptions> {
        use question_answering::*;
        let defaults = AnswerOptions::default();
        let stride = |stride| count(Some(stride), &DOC_STRIDE, 0);
        Ok(AnswerOptions {
            top_k: count(self.top_k, &TOP_K, defaults.top_k)?,
            doc_stride: self.doc_stride.map(stride).transpose()?,
            max_answer_len: count(
                self.max_answer_len,
                &MAX_ANSWER_LEN,
                defaults.max_answer_len,
            )?,
            max_question_len: count(
                self.max_question_len,
                &MAX_QUESTION_LEN,
                defaults.max_question_len,
            )?,
            max_seq_len: count(self.max_seq_len, &MAX_SEQ_LEN, defaults.max_seq_len)?,
            handle_impossible_answer: self
                .handle_impossible_answer
                .unwrap_or(defaults.handle_impossible_answer),
            align_to_words: self.align_to_words.unwrap_or(defaults.align_to_words),
        })
    }
}

/// Which labels of a text are given.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct ClassificationQuery {
    /// Labels given, the best ones (1).
    pub top_k: Option<f64>,
    /// What makes scores of logits (what fits the model).
    #[cfg_attr(test, ts(optional, type = "FunctionToApply"))]
    pub function_to_apply: Option<String>,
}

impl ClassificationQuery {
    pub fn options(self) -> Result<ClassificationOptions> {
        let defaults = ClassificationOptions::default();
        let function = self.function_to_apply.as_deref();
        Ok(ClassificationOptions {
            top_k: count(self.top_k, &text_classification::TOP_K, defaults.top_k)?,
            function_to_apply: function.map(FunctionToApply::from_name).transpose()?,
        })
    }
}

/// How the tokens of a text are tagged.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct TaggingQuery {
    /// How tokens become entities (`none`: they stay tokens).
    #[cfg_attr(
        test,
        ts(optional, type = "'none' | 'simple' | 'first' | 'average' | 'max'")
    )]
    pub aggregation_strategy: Option<String>,
    /// Labels that are not reported (`['O']`).
    pub ignore_labels: Option<Vec<String>>,
    /// Tokens that two windows of a long text have in common (128, or half a window where that is less).
    pub stride: Option<f64>,
}

impl TaggingQuery {
    pub fn options(self) -> Result<TaggingOptions> {
        let defaults = TaggingOptions::default();
        let stride = |stride| count(Some(stride), &token_classification::STRIDE, 0);
        Ok(TaggingOptions {
            aggregation_strategy: match &self.aggregation_strategy {
                Some(name) => AggregationStrategy::from_name(name)?,
                None => defaults.aggregation_strategy,
            },
            ignore_labels: self.ignore_labels.unwrap_or(defaults.ignore_labels),
            stride: self.stride.map(stride).transpose()?,
        })
    }
}

/// Which vectors of texts are made.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct EmbeddingQuery {
    /// One vector of those of all tokens: their mean, that of the first, or the largest of each dimension (`none`: each
    /// token keeps its own).
    #[cfg_attr(test, ts(optional, type = "'none' | 'mean' | 'cls' | 'max'"))]
    pub pooling: Option<String>,
    /// Whether each vector gets the length 1 (false).
    pub normalize: Option<bool>,
}

impl EmbeddingQuery {
    pub fn options(self) -> Result<EmbeddingOptions> {
        Ok(EmbeddingOptions {
            pooling: Pooling::from_name(self.pooling.as_deref().unwrap_or("none"))?,
            normalize: self.normalize.unwrap_or_default(),
        })
    }
}
