//! Muon (Jordan et al. 2024, <https://kellerjordan.github.io/posts/muon/>): momentum, made orthogonal, for the matrices of
//! the layers; steps are scaled to the size that AdamW's have (Liu et al. 2025, arXiv:2502.16982), as in training/loop.py.

use super::clip::norm;
use super::settings::OptimizerSettings;
use crate::train::ops::{multiply, View};
use crate::train::parameters::{Parameter, Role};

/// How a weight is made of matrices.
pub(super) struct Blocks {
    /// `[rows, cols]` of the weight.
    shape: [usize; 2],
    /// Equal blocks along dimension `dim`.
    parts: usize,
    dim: usize,
}

impl Blocks {
    pub(super) fn of(parameter: &Parameter) -> Self {
        let shape = match parameter.shape() {
            [rows, cols] => [*rows, *cols],
            other => [other.iter().product(), 1],
        };
        let (parts, dim) = match parameter.role {
            Role::Layer { parts, dim } => (parts, dim),
            _ => (1, 0),
        };
        Self { shape, parts, dim }
    }

    /// First value and shape of each block.
    fn each(&self) -> impl Iterator<Item = (usize, [usize; 2])> + '_ {
        let [rows, cols] = self.shape;
        (0..self.parts).map(move |part| {
            if self.dim == 0 {
                let size = rows / self.parts;
                (part * size * cols, [size, cols])
            } else {
                let size = cols / self.parts;
                (part * size, [rows, size])
            }
        })
    }
}

/// momentum ← μ·momentum + g; w ← w·(1 − rate·decay) − rate·0.2·√max(rows, cols)·orthogonal(g + μ·momentum)
pub(super) fn step(
    settings: &OptimizerSettings,
    rate: f64,
    blocks: Blocks,
    ws: &mut [f32],
    gs: &[f32],
    momentum: &mut [f32],
) {
    let keep = (1.0 - rate * f64::from(settings.weight_decay)) as f32;
    let mut update = gs.to_vec();
    for (update, velocity) in update.iter_mut().zip(momentum) {
        *velocity = settings.momentum * *velocity + *update;
        *update += settings.momentum * *velocity;
    }
    ws.iter_mut().for_each(|w| *w *= keep);
    let stride = blocks.shape[1];
    for (start, [rows, cols]) in blocks.each() {
        let mut block = Vec::with_capacity(rows * cols);
        for row in 0..rows {
            block.extend_from_slice(&update[start + row * stride..][..cols]);
        }
        let direction = orthogonal(block, [rows, cols]);
        let factor = (rate * 0.2 * (rows.max(cols) as f64).sqrt()) as f32;
        for (row, direction) in direction.chunks_exact(cols).enumerate() {
            let ws = &mut ws[start + row * stride..][..cols];
            ws.iter_mut()
                .zip(direction)
                .for_each(|(w, d)| *w -= factor * d);
        }
    }
}

/// The nearest semi-orthogonal matrix, roughly: five steps of a quintic Newton-Schulz iteration,
/// X ← a·X + (b·G + c·G²)·X with G = X·Xᵀ.
fn orthogonal(mut xs: Vec<f32>, [rows, cols]: [usize; 2]) -> Vec<f32> {
    const STEPS: usize = 5;
    let (a, b, c) = (3.4445, -4.775, 2.0315);
    let length = norm(std::slice::from_ref(&xs)) as f32 + 1e-7;
    xs.iter_mut().for_each(|x| *x /= length);
    // The smaller side's Gram matrix: of X, or of Xᵀ.
    let wide = rows <= cols;
    for _ in 0..STEPS {
        let x = View::new(&xs, cols);
        let x = if wide { x } else { x.t() };
        let gram = multiply(x, x.t());
        let side = rows.min(cols);
        let mut factor = multiply(View::new(&gram, side), View::new(&gram, side));
        for (value, g) in factor.iter_mut().zip(&gram) {
            *value = b * g + c * *value;
        }
        let factor = View::new(&factor, side);
        let moved = if wide {
            multiply(factor, x)
        } else {
            // The factor is symmetric: (F·Xᵀ)ᵀ = X·F.
            multiply(x.t(), factor)
        };
        for (x, moved) in xs.iter_mut().zip(moved) {
            *x = a * *x + moved;
        }
    }
    xs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::random::{Purpose, Random};

    /// Singular values near 1: the rows (or columns) of the result are nearly orthonormal.
    #[test]
    fn the_result_is_nearly_orthogonal() {
        for (rows, cols) in [(6, 20), (20, 6), (9, 9)] {
            let mut random = Random::new(4, Purpose::Weights, 0);
            let xs = (0..rows * cols).map(|_| random.normal()).collect();
            let ys = orthogonal(xs, [rows, cols]);
            let y = View::new(&ys, cols);
            let gram = if rows <= cols {
                multiply(y, y.t())
            } else {
                multiply(y.t(), y)
            };
            let side = rows.min(cols);
            let trace: f32 = (0..side).map(|i| gram[i * side + i]).sum();
            // The iteration brings singular values to between 0.7 and 1.2.
            assert!((0.5..1.4).contains(&(trace / side as f32)), "{trace}");
        }
    }
}
