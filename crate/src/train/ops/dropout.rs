//! Dropout (Srivastava et al. 2014).

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::tape::{slice, tensor, values};

/// `xs` times `mask`, element by element: 0 for what is dropped, 1/(1 − p) for the rest.
///
/// # Errors
/// Where `xs` has gaps.
pub fn dropout(xs: &Tensor, mask: Vec<f32>) -> Result<Tensor> {
    xs.apply_op1(Dropout { mask })
}

struct Dropout {
    mask: Vec<f32>,
}

impl Dropout {
    fn times(&self, xs: &[f32]) -> Vec<f32> {
        xs.iter().zip(&self.mask).map(|(x, m)| x * m).collect()
    }
}

impl CustomOp1 for Dropout {
    fn name(&self) -> &'static str {
        "dropout"
    }

    fn cpu_fwd(&self, xs: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let ys = self.times(slice(xs, layout)?);
        Ok((CpuStorage::F32(ys), layout.shape().clone()))
    }

    /// dx = dy·mask
    fn bwd(&self, xs: &Tensor, _: &Tensor, dys: &Tensor) -> Result<Option<Tensor>> {
        let dys = dys.contiguous()?;
        let dxs = self.times(&values(&dys)?);
        Ok(Some(tensor(dxs, xs.dims())?))
    }
}
