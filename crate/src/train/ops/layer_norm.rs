//! Layer normalisation (Ba et al. 2016): y = x̂·weight + bias with x̂ = (x − mean)/√(variance + eps) of each row.

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor};

use super::parallel::{for_each_pair, total, ROWS};
use super::tape::{slice, tensor, values};
use crate::nn::{pool, vector};

/// `[m, width]` → the same; `weight` and `bias` are `[width]`.
///
/// # Errors
/// Where shapes do not fit.
pub fn layer_norm(xs: &Tensor, weight: &Tensor, bias: &Tensor, eps: f64) -> Result<Tensor> {
    xs.apply_op3(weight, bias, LayerNorm { eps: eps as f32 })
}

struct LayerNorm {
    eps: f32,
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer-norm"
    }

    fn cpu_fwd(
        &self,
        xs: &CpuStorage,
        xs_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (_, width) = xs_layout.shape().dims2()?;
        let xs = slice(xs, xs_layout)?;
        let (weight, bias) = (slice(weight, weight_layout)?, slice(bias, bias_layout)?);
        let mut ys = vec![0.0; xs.len()];
        pool::for_each_chunk(&mut ys, ROWS * width, |part, ys| {
            let xs = xs[part * ROWS * width..].chunks_exact(width);
            for (xs, ys) in xs.zip(ys.chunks_exact_mut(width)) {
                vector::layer_norm(xs, weight, bias, self.eps, ys);
            }
        });
        Ok((CpuStorage::F32(ys), xs_layout.shape().clone()))
    }

    /// With g = dy·weight: dx = (g − mean(g) − x̂·mean(g·x̂))/√(variance + eps); dweight = Σ dy·x̂; dbias = Σ dy.
    fn bwd(
        &self,
        xs: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        dys: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let dys = dys.contiguous()?;
        let (x_values, w_values, dy_values) = (values(xs)?, values(weight)?, values(&dys)?);
        let (x_values, weights, dy_values): (&[f32], &[f32], &[f32]) =
            (&x_values, &w_values, &dy_values);
        let width = weights.len();
        let mut dxs = vec![0.0; x_values.len()];
        // Of each part: dweight, then dbias.
        let mut partial = vec![0.0; x_values.len().div_ceil(ROWS * width) * 2 * width];
        for_each_pair(
            (&mut dxs, ROWS * width),
            (&mut partial, 2 * width),
            |part, dxs, partial| {
                let (dweight, dbias) = partial.split_at_mut(width);
                let at = part * ROWS * width;
                let rows = x_values[at..].chunks_exact(width);
                let rows = rows.zip(dy_values[at..].chunks_exact(width));
                for ((xs, dys), dxs) in rows.zip(dxs.chunks_exact_mut(width)) {
                    self.row_backward(xs, dys, weights, dxs, dweight, dbias);
                }
            },
        );
        let sums = total(&partial, 2 * width);
        let (dweight, dbias) = sums.split_at(width);
        Ok((
            Some(tensor(dxs, xs.dims())?),
            Some(tensor(dweight.to_vec(), weight.dims())?),
            Some(tensor(dbias.to_vec(), bias.dims())?),
        ))
    }
}

impl LayerNorm {
    /// One row `[width]`; `dxs` becomes x̂ on the way.
    fn row_backward(
        &self,
        xs: &[f32],
        dys: &[f32],
        weight: &[f32],
        dxs: &mut [f32],
        dweight: &mut [f32],
        dbias: &mut [f32],
    ) {
        let count = xs.len() as f32;
        let mean = vector::sum(xs, |x| x) / count;
        let variance = vector::sum(xs, |x| (x - mean) * (x - mean)) / count;
        let inverse = 1.0 / (variance + self.eps).sqrt();
        for (normal, x) in dxs.iter_mut().zip(xs) {
            *normal = (x - mean) * inverse;
        }
        vector::add(dbias, dys);
        for ((dweight, dy), normal) in dweight.iter_mut().zip(dys).zip(&*dxs) {
            *dweight += dy * normal;
        }
        let (mut g_sum, mut gx_sum) = (0.0, 0.0);
        for ((dy, weight), normal) in dys.iter().zip(weight).zip(&*dxs) {
            g_sum += dy * weight;
            gx_sum += dy * weight * normal;
        }
        let (g_mean, gx_mean) = (g_sum / count, gx_sum / count);
        for ((normal, dy), weight) in dxs.iter_mut().zip(dys).zip(weight) {
            *normal = (dy * weight - g_mean - *normal * gx_mean) * inverse;
        }
    }
}
