//! The loss of a prediction, −ln softmax(logits)[target]: averaged, or added up over each text.

use candle_core::{bail, CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::parallel::ROWS;
use super::tape::{slice, tensor, values};
use crate::nn::{pool, vector};

/// The mean of the targets' −ln softmax(logits) over the rows, in nats: `[m, classes]` and m targets → a scalar.
///
/// # Errors
/// Where there is no row, or a target is no class.
pub fn cross_entropy(logits: &Tensor, targets: Vec<u32>) -> Result<Tensor> {
    check(logits, &targets)?;
    logits.apply_op1(CrossEntropy { targets })
}

/// Σ `ln softmax(logits)[target]` over the rows of each text, in nats: `[m, classes]`, m targets, and the rows of each text →
/// `[texts]`.
///
/// # Errors
/// As [`cross_entropy`]; where `lengths` do not add up to m.
pub fn log_likelihoods(logits: &Tensor, targets: Vec<u32>, lengths: Vec<usize>) -> Result<Tensor> {
    check(logits, &targets)?;
    if lengths.iter().sum::<usize>() != targets.len() {
        bail!("texts of {lengths:?} rows of {}", targets.len());
    }
    logits.apply_op1(LogLikelihoods { targets, lengths })
}

fn check(logits: &Tensor, targets: &[u32]) -> Result<()> {
    let (rows, classes) = logits.dims2()?;
    if rows == 0 || rows != targets.len() || targets.iter().any(|&t| t as usize >= classes) {
        bail!("{} targets for logits of {rows} rows", targets.len());
    }
    Ok(())
}

/// −ln softmax(logits)[target] of each row.
fn losses(logits: &[f32], classes: usize, targets: &[u32]) -> Vec<f32> {
    let mut losses = vec![0.0; targets.len()];
    pool::for_each_chunk(&mut losses, ROWS, |part, losses| {
        let from = part * ROWS;
        let rows = logits[from * classes..].chunks_exact(classes);
        for ((loss, row), &target) in losses.iter_mut().zip(rows).zip(&targets[from..]) {
            let most = vector::largest(row);
            let log_sum = vector::sum_exp(row, most).ln() as f32 + most;
            *loss = log_sum - row[target as usize];
        }
    });
    losses
}

/// Their gradients, each row's multiplied by its factor: (softmax(logits) − one-hot(target))·factor.
fn gradients(
    logits: &Tensor,
    targets: &[u32],
    factor: impl Fn(usize) -> f32 + Sync,
) -> Result<Tensor> {
    let (_, classes) = logits.dims2()?;
    let mut dlogits = values(logits)?.to_vec();
    pool::for_each_chunk(&mut dlogits, ROWS * classes, |part, rows| {
        for (at, row) in rows.chunks_exact_mut(classes).enumerate() {
            let at = part * ROWS + at;
            vector::softmax(row, 1.0);
            row[targets[at] as usize] -= 1.0;
            let factor = factor(at);
            row.iter_mut().for_each(|value| *value *= factor);
        }
    });
    tensor(dlogits, logits.dims())
}

struct CrossEntropy {
    targets: Vec<u32>,
}

impl CustomOp1 for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn cpu_fwd(&self, logits: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, classes) = layout.shape().dims2()?;
        let losses = losses(slice(logits, layout)?, classes, &self.targets);
        let sum: f64 = losses.iter().copied().map(f64::from).sum();
        let mean = (sum / rows as f64) as f32;
        Ok((CpuStorage::F32(vec![mean]), Shape::from(())))
    }

    /// dlogits = (softmax(logits) − one-hot(target))·dloss/m
    fn bwd(&self, logits: &Tensor, _: &Tensor, dloss: &Tensor) -> Result<Option<Tensor>> {
        let factor = dloss.to_scalar::<f32>()? / self.targets.len() as f32;
        gradients(logits, &self.targets, |_| factor).map(Some)
    }
}

struct LogLikelihoods {
    targets: Vec<u32>,
    /// Rows of each text.
    lengths: Vec<usize>,
}

impl CustomOp1 for LogLikelihoods {
    fn name(&self) -> &'static str {
        "log-likelihoods"
    }

    fn cpu_fwd(&self, logits: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (_, classes) = layout.shape().dims2()?;
        let losses = losses(slice(logits, layout)?, classes, &self.targets);
        let mut rest = losses.iter().map(|&loss| f64::from(loss));
        let sum = |&length: &usize| -rest.by_ref().take(length).sum::<f64>() as f32;
        let sums: Vec<f32> = self.lengths.iter().map(sum).collect();
        let shape = sums.len().into();
        Ok((CpuStorage::F32(sums), shape))
    }

    /// dlogits = (one-hot(target) − softmax(logits))·dsum of its text
    fn bwd(&self, logits: &Tensor, _: &Tensor, dsums: &Tensor) -> Result<Option<Tensor>> {
        let dsums = dsums.to_vec1::<f32>()?;
        let each = dsums.iter().zip(&self.lengths);
        let factors: Vec<f32> = each
            .flat_map(|(&dsum, &length)| std::iter::repeat_n(-dsum, length))
            .collect();
        gradients(logits, &self.targets, |at| factors[at]).map(Some)
    }
}
