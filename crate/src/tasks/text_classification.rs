//! Labels of a text or of a pair of texts (Devlin et al. 2019, section 4.1; Radford et al. 2018, section 3.2), as
//! transformers' `TextClassificationPipeline` gives them.

use std::sync::Arc;

use super::input::{require_readable, require_text};
use crate::error::{Error, Result};
use crate::limits::text_classification as limits;
use crate::models::{EncoderInput, FineTuning, Model, ProblemType};
use crate::nn::elementary;
use crate::sampling::{log_softmax, not_numbers, top};
use crate::text::{Encoding, Tokenizer};

/// What makes scores of logits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionToApply {
    /// Scores that add up to 1: one of the labels is right.
    Softmax,
    /// A score of each label for itself.
    Sigmoid,
    /// The logits as they are.
    None,
}

impl FunctionToApply {
    /// `softmax`, `sigmoid` or `none`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn from_name(name: &str) -> Result<Self> {
        let all = [Self::Softmax, Self::Sigmoid, Self::None];
        let found = all.into_iter().find(|one| one.name() == name);
        found.ok_or_else(|| {
            let message = format!("\"{name}\" is none of softmax, sigmoid, none");
            Error::option("function_to_apply", message)
        })
    }

    /// `softmax`, `sigmoid` or `none`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Softmax => "softmax",
            Self::Sigmoid => "sigmoid",
            Self::None => "none",
        }
    }

    /// What fits the way in which the model was fine-tuned.
    fn of(tuning: &FineTuning) -> Self {
        match tuning.problem_type {
            Some(ProblemType::Regression) => Self::None,
            Some(ProblemType::MultiLabelClassification) => Self::Sigmoid,
            _ if tuning.labels.len() == 1 => Self::Sigmoid,
            _ => Self::Softmax,
        }
    }

    fn apply(self, logits: &[f32]) -> Vec<f64> {
        match self {
            Self::Softmax => log_softmax(logits)
                .into_iter()
                .map(elementary::exp)
                .collect(),
            Self::Sigmoid => {
                let sigmoid = |&logit: &f32| 1.0 / (1.0 + elementary::exp(-f64::from(logit)));
                logits.iter().map(sigmoid).collect()
            }
            Self::None => logits.iter().map(|&logit| logit.into()).collect(),
        }
    }
}

/// Which labels are given.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationOptions {
    /// Labels given, the best ones.
    pub top_k: usize,
    /// `None`: what fits the model.
    pub function_to_apply: Option<FunctionToApply>,
}

impl Default for ClassificationOptions {
    fn default() -> Self {
        Self {
            top_k: limits::TOP_K.default_count(),
            function_to_apply: None,
        }
    }
}

/// A label and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredLabel {
    /// Its name in `id2label`.
    pub label: String,
    /// What [`ClassificationResult::function_to_apply`] made of its logit.
    pub score: f64,
}

/// The labels of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationResult {
    /// Best first.
    pub labels: Vec<ScoredLabel>,
    /// What made the scores.
    pub function_to_apply: FunctionToApply,
    /// Tokens read, template included.
    pub tokens: usize,
}

/// Text classification with one model.
pub struct TextClassification {
    model: Model,
    tokenizer: Arc<Tokenizer>,
}

impl TextClassification {
    /// # Errors
    /// [`Error::NoHead`].
    pub fn new(model: Model, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        model.sequence_head()?;
        Ok(Self { model, tokenizer })
    }

    /// The labels of `text`, or of `text` and `pair` together.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::InputTooLong`], [`Error::InvalidOption`].
    pub fn classify(
        &self,
        text: &str,
        pair: Option<&str>,
        options: &ClassificationOptions,
    ) -> Result<ClassificationResult> {
        limits::TOP_K.check_count(options.top_k)?;
        require_text("text", text)?;
        if let Some(pair) = pair {
            require_text("second text", pair)?;
        }
        let encoding = self.tokenizer.encode(text, pair, true)?;
        let info = self.model.info();
        let max = info.max_position_embeddings;
        require_readable("text", &encoding, max, info.vocab_size)?;
        let head = self.model.sequence_head()?;
        let input = EncoderInput::single(encoding.ids(), encoding.type_ids());
        let hidden = self.model.hidden_states(&input)?; // [len, hidden_size]
        let token = match self.model {
            Model::Encoder(_) => 0,
            Model::Decoder(_) => last_token(&encoding, head.tuning.pad_token_id),
        };
        let logits = head.logits(&input.rows(&hidden, &[(0, token)])?)?;
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(not_numbers());
        }
        let function = FunctionToApply::of(&head.tuning);
        let function = options.function_to_apply.unwrap_or(function);
        let best = top(&function.apply(&logits), options.top_k);
        let labels = best.into_iter().map(|(id, score)| ScoredLabel {
            label: head.tuning.labels[id as usize].clone(),
            score,
        });
        Ok(ClassificationResult {
            labels: labels.collect(),
            function_to_apply: function,
            tokens: encoding.len(),
        })
    }
}

/// The last token that is no padding; of padding alone, the first.
fn last_token(encoding: &Encoding, padding: Option<u32>) -> usize {
    let tokens = &encoding.tokens;
    let last = tokens.iter().rposition(|token| Some(token.id) != padding);
    last.unwrap_or(0)
}
