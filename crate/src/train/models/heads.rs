//! The heads that fine-tuning adds, with the names of transformers' classes.

use candle_core::Tensor;

use super::layers::Linear;
use crate::train::error::Result;
use crate::train::ops::{self, WeightLayout};
use crate::train::parameters::{Init, Parameters, Role};

/// Logits of labels: classifier(h), or classifier(tanh(pooler(h))).
pub struct TaskHead {
    /// `bert.pooler.dense`, `[hidden_size, hidden_size]`
    pooler: Option<Linear>,
    /// `[labels, hidden_size]`
    weight: Tensor,
    /// `[labels]`; GPT-2's `score` has none.
    bias: Option<Tensor>,
}

impl TaskHead {
    /// `BertForSequenceClassification`, of the vector of `[CLS]`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn sequence(p: &mut Parameters, size: usize, labels: usize) -> Result<Self> {
        let pooler = Linear::new(p, "bert.pooler.dense", [size, size], STD, Role::Table)?;
        Ok(Self {
            pooler: Some(pooler),
            ..Self::tokens(p, "classifier", size, labels)?
        })
    }

    /// `GPT2ForSequenceClassification`, of the vector of the last token.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn score(p: &mut Parameters, size: usize, labels: usize) -> Result<Self> {
        Ok(Self {
            pooler: None,
            weight: weight(p, "score", size, labels)?,
            bias: None,
        })
    }

    /// Of the vector of each token: `BertForTokenClassification`'s `classifier`, or the `qa_outputs` of
    /// `BertForQuestionAnswering`, which has 2 labels, that the answer begins there and that it ends there.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn tokens(p: &mut Parameters, name: &str, size: usize, labels: usize) -> Result<Self> {
        let bias = format!("{name}.bias");
        Ok(Self {
            pooler: None,
            weight: weight(p, name, size, labels)?,
            bias: Some(p.take(&bias, &[labels], Init::Zeros, Role::Plain)?),
        })
    }

    /// `[n, hidden_size]` of the tokens that are asked about → `[n, labels]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for rows of another width.
    pub fn forward(&self, rows: &Tensor) -> Result<Tensor> {
        let pooled = match &self.pooler {
            Some(pooler) => &pooler.forward(rows)?.tanh()?,
            None => rows,
        };
        let bias = self.bias.as_ref();
        Ok(ops::linear(
            pooled,
            &self.weight,
            bias,
            WeightLayout::OutIn,
        )?)
    }
}

fn weight(p: &mut Parameters, name: &str, size: usize, labels: usize) -> Result<Tensor> {
    let name = format!("{name}.weight");
    p.take(&name, &[labels, size], Init::Normal(STD), Role::Table)
}

/// Of new weights (`initializer_range`).
pub const STD: f32 = 0.02;
