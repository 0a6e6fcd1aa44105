//! The loss of a prediction: −ln softmax(logits)[target], averaged.

use candle_core::{bail, CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::parallel::ROWS;
use super::tape::{slice, tensor, values};
use crate::nn::{pool, vector};

/// The mean of the targets' −ln softmax(logits) over the rows, in nats: `[m, classes]` and m targets → a scalar.
///
/// # Errors
/// Where there is no row, or a target is no class.
pub fn cross_entropy(logits: &Tensor, targets: Vec<u32>) -> Result<Tensor> {
    let (rows, classes) = logits.dims2()?;
    if rows == 0 || rows != targets.len() || targets.iter().any(|&t| t as usize >= classes) {
        bail!("{} targets for logits of {rows} rows", targets.len());
    }
    logits.apply_op1(CrossEntropy { targets })
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
        let logits = slice(logits, layout)?;
        let mut losses = vec![0.0; rows];
        pool::for_each_chunk(&mut losses, ROWS, |part, losses| {
            let from = part * ROWS;
            let rows = logits[from * classes..].chunks_exact(classes);
            for ((loss, row), &target) in losses.iter_mut().zip(rows).zip(&self.targets[from..]) {
                let most = vector::largest(row);
                let log_sum = vector::sum_exp(row, most).ln() as f32 + most;
                *loss = log_sum - row[target as usize];
            }
        });
        let sum: f64 = losses.iter().copied().map(f64::from).sum();
        let mean = (sum / rows as f64) as f32;
        Ok((CpuStorage::F32(vec![mean]), Shape::from(())))
    }

    /// dlogits = (softmax(logits) − one-hot(target))·dloss/m
    fn bwd(&self, logits: &Tensor, _: &Tensor, dloss: &Tensor) -> Result<Option<Tensor>> {
        let (rows, classes) = logits.dims2()?;
        let factor = dloss.to_scalar::<f32>()? / rows as f32;
        let mut dlogits = values(logits)?.to_vec();
        pool::for_each_chunk(&mut dlogits, ROWS * classes, |part, rows| {
            let targets = &self.targets[part * ROWS..];
            for (row, &target) in rows.chunks_exact_mut(classes).zip(targets) {
                vector::softmax(row, 1.0);
                row[target as usize] -= 1.0;
                row.iter_mut().for_each(|value| *value *= factor);
            }
        });
        Ok(Some(tensor(dlogits, logits.dims())?))
    }
}
