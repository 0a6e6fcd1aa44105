//! What models are trained on: batches of the text, and the loss of a batch. One file each.

pub mod bidirectional;
pub mod causal;
pub mod masked;
pub mod permutation;

use std::ops::Range;

use candle_core::Tensor;

use super::error::Result;
use super::folder::ModelConfig;
use super::parameters::Parameters;

/// One part of a loss.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LossPart {
    /// `lm`, `mlm`, `nsp`, `forward`, `backward`, `plm`, `classification`, `span`; `reward` and `dpo` of choices, `tags`.
    pub name: &'static str,
    /// Mean over the predictions, in nats.
    pub loss: f32,
    /// Predictions that it is the mean of.
    pub predictions: usize,
    /// Share of the predictions whose first guess was right, where it was asked for.
    pub accuracy: Option<f32>,
    /// Of choices between two, by how much the chosen one is ahead, on average: in reward.
    pub margin: Option<f32>,
}

/// The loss of a batch.
pub struct Loss {
    /// What is made smaller: the sum of the parts, a scalar on the tape.
    pub total: Tensor,
    /// Each part.
    pub parts: Vec<LossPart>,
    /// Tokens that the model read, padding left out.
    pub tokens: usize,
}

/// A part of a loss on the tape: its name, its mean over some predictions, how many those are, and its accuracy.
pub(super) type Mean = (&'static str, Tensor, usize, Option<f32>);

impl Loss {
    /// The sum of the parts.
    pub(super) fn sum(tokens: usize, parts: Vec<Mean>) -> Result<Self> {
        let whole: Vec<usize> = parts.iter().map(|part| part.2).collect();
        Self::sum_of(tokens, parts, &whole)
    }

    /// The sum of the parts of a micro-batch, each as its share in the mean over `whole` predictions of the batch.
    pub(super) fn sum_of(tokens: usize, parts: Vec<Mean>, whole: &[usize]) -> Result<Self> {
        let mut total: Option<Tensor> = None;
        let mut said = Vec::new();
        for ((name, mean, predictions, accuracy), &whole) in parts.into_iter().zip(whole) {
            said.push(LossPart {
                name,
                loss: mean.to_scalar()?,
                predictions,
                accuracy,
                margin: None,
            });
            let own = share(mean, predictions, whole)?;
            total = Some(match total {
                Some(total) => (total + own)?,
                None => own,
            });
        }
        let total = total.ok_or_else(|| super::TrainError::internal("a loss of no parts"))?;
        Ok(Self {
            total,
            parts: said,
            tokens,
        })
    }

    /// The share in a batch's loss, which is a mean over `whole` predictions, of the `part` predictions at hand.
    pub(super) fn share(mut self, part: usize, whole: usize) -> Result<Self> {
        self.total = share(self.total, part, whole)?;
        Ok(self)
    }
}

/// The mean over `part` predictions as a summand of the mean over `whole` ones.
pub(super) fn share(mean: Tensor, part: usize, whole: usize) -> Result<Tensor> {
    if part == whole {
        return Ok(mean);
    }
    Ok(mean.affine(part as f64 / whole.max(1) as f64, 0.0)?)
}

/// Means of the parts of several losses, each weighted by its predictions.
#[derive(Default)]
pub(super) struct Means(Vec<Sum>);

struct Sum {
    part: LossPart,
    loss: f64,
    right: f64,
    margin: f64,
}

impl Means {
    /// Adds those of one loss.
    pub fn add(&mut self, parts: Vec<LossPart>) {
        for part in parts {
            let count = part.predictions as f64;
            let times = |mean: Option<f32>| f64::from(mean.unwrap_or(0.0)) * count;
            let own = Sum {
                loss: times(Some(part.loss)),
                right: times(part.accuracy),
                margin: times(part.margin),
                part,
            };
            match self.0.iter_mut().find(|sum| sum.part.name == own.part.name) {
                Some(sum) => {
                    sum.part.predictions += own.part.predictions;
                    sum.loss += own.loss;
                    sum.right += own.right;
                    sum.margin += own.margin;
                }
                None => self.0.push(own),
            }
        }
    }

    /// One of each name. The mean of a single loss is that loss, to the last bit.
    pub fn parts(self) -> Vec<LossPart> {
        let mean = |sum: Sum| {
            let count = sum.part.predictions.max(1) as f64;
            LossPart {
                loss: (sum.loss / count) as f32,
                accuracy: sum.part.accuracy.map(|_| (sum.right / count) as f32),
                margin: sum.part.margin.map(|_| (sum.margin / count) as f32),
                ..sum.part
            }
        };
        self.0.into_iter().map(mean).collect()
    }
}

/// Losses of micro-batches, each computed when it is asked for, whose sum is the loss of the batch.
pub type Losses<'a> = Box<dyn Iterator<Item = Result<Loss>> + 'a>;

/// The places of `count` texts in `parts` micro-batches of about the same size.
fn micro_batches(count: usize, parts: usize) -> impl Iterator<Item = Range<usize>> {
    let each = count.div_ceil(parts.max(1)).max(1);
    let ends = move |from: usize| from..count.min(from + each);
    (0..count).step_by(each).map(ends)
}

/// The losses of windows, which all have as many predictions.
fn losses_of_windows<'a>(
    windows: Vec<&'a [u32]>,
    parts: usize,
    mut loss: impl FnMut(&[&[u32]]) -> Result<Loss> + 'a,
) -> Losses<'a> {
    let whole = windows.len();
    Box::new(micro_batches(whole, parts).map(move |part| {
        let count = part.len();
        loss(&windows[part])?.share(count, whole)
    }))
}

/// A model with its objective, and the text that it learns from.
pub trait Objective {
    /// The weights.
    fn parameters(&self) -> &Parameters;

    /// The loss of the batch of step `step`, in `parts` micro-batches: a function of the seed and the step, and of the
    /// weights.
    fn training_losses(&self, step: u64, parts: usize) -> Losses<'_>;

    /// The loss of batch number `index` of the text held back, without dropout; nothing behind the last one.
    fn held_out_losses(&self, index: usize, parts: usize) -> Losses<'_>;

    /// What is written beside the weights.
    fn config(&self) -> ModelConfig;
}

/// Share of the rows of `logits` `[m, classes]` that are highest at their target.
pub(super) fn accuracy(logits: &Tensor, targets: &[u32]) -> Result<f32> {
    let (_, classes) = logits.dims2()?;
    let values = super::ops::values(logits)?;
    let right = values
        .chunks_exact(classes)
        .zip(targets)
        .filter(|(row, &t)| {
            // Of equal ones the first is the guess, as in predictions.
            let (before, rest) = row.split_at(t as usize);
            let target = rest[0];
            before.iter().all(|&value| value < target) && rest.iter().all(|&value| value <= target)
        });
    Ok(right.count() as f32 / targets.len().max(1) as f32)
}
