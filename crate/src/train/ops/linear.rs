//! A linear layer: y = x·W + b.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor};

use super::parallel::column_sums;
use super::product::{multiply, View};
use super::tape::{slice, tensor, values};
use crate::nn::vector;

/// How a checkpoint keeps the weight of a linear layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightLayout {
    /// `[out, in]`, as `torch.nn.Linear` has it.
    OutIn,
    /// `[in, out]`, as the `Conv1D` of GPT-2 has it.
    InOut,
}

impl WeightLayout {
    /// W `[in, out]`, from a weight of `last` columns.
    fn matrix(self, weight: &[f32], last: usize) -> View<'_> {
        match self {
            Self::OutIn => View::new(weight, last).t(),
            Self::InOut => View::new(weight, last),
        }
    }
}

/// x·W + b: `[m, in]` → `[m, out]`; `bias` `[out]`.
///
/// # Errors
/// Where shapes do not fit.
pub fn linear(
    xs: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    layout: WeightLayout,
) -> Result<Tensor> {
    let op = Linear(layout);
    match bias {
        Some(bias) => xs.apply_op3(weight, bias, op),
        None => xs.apply_op2(weight, op),
    }
}

struct Linear(WeightLayout);

impl Linear {
    fn forward(
        &self,
        [(xs, xs_layout), (weight, weight_layout)]: [(&CpuStorage, &Layout); 2],
        bias: Option<&[f32]>,
    ) -> Result<(CpuStorage, Shape)> {
        let ((m, inputs), (rows, cols)) =
            (xs_layout.shape().dims2()?, weight_layout.shape().dims2()?);
        let outputs = match self.0 {
            WeightLayout::OutIn => rows,
            WeightLayout::InOut => cols,
        };
        let xs = View::new(slice(xs, xs_layout)?, inputs); // [m, in]
        let mut ys = multiply(xs, self.0.matrix(slice(weight, weight_layout)?, cols));
        if let Some(bias) = bias {
            crate::nn::pool::for_each_rows(&mut ys, outputs, |_, ys| {
                ys.chunks_exact_mut(outputs)
                    .for_each(|row| vector::add(row, bias));
            });
        }
        Ok((CpuStorage::F32(ys), (m, outputs).into()))
    }

    /// dx = dy·Wᵀ `[m, in]`; dW = xᵀ·dy `[in, out]`, or its transpose. `None` for what is not learnt.
    fn backward(&self, xs: &Tensor, weight: &Tensor, dys: &Tensor) -> Result<[Option<Tensor>; 2]> {
        let ((_, inputs), (_, cols), (_, outputs)) = (xs.dims2()?, weight.dims2()?, dys.dims2()?);
        let (x_values, w_values, dy_values) = (values(xs)?, values(weight)?, values(dys)?);
        let (xs_view, dys_view) = (View::new(&x_values, inputs), View::new(&dy_values, outputs));
        let dxs = || multiply(dys_view, self.0.matrix(&w_values, cols).t());
        let dweight = || match self.0 {
            WeightLayout::OutIn => multiply(dys_view.t(), xs_view),
            WeightLayout::InOut => multiply(xs_view.t(), dys_view),
        };
        let dxs = xs.track_op().then(|| tensor(dxs(), xs.dims()));
        let dweight = weight.track_op().then(|| tensor(dweight(), weight.dims()));
        Ok([dxs.transpose()?, dweight.transpose()?])
    }
}

impl CustomOp2 for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        xs: &CpuStorage,
        xs_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.forward([(xs, xs_layout), (weight, weight_layout)], None)
    }

    fn bwd(
        &self,
        xs: &Tensor,
        weight: &Tensor,
        _: &Tensor,
        dys: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let [dxs, dweight] = self.backward(xs, weight, &dys.contiguous()?)?;
        Ok((dxs, dweight))
    }
}

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear"
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
        let bias = slice(bias, bias_layout)?;
        self.forward([(xs, xs_layout), (weight, weight_layout)], Some(bias))
    }

    /// db = Σ over rows of dy `[out]`
    fn bwd(
        &self,
        xs: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        dys: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let dys = dys.contiguous()?;
        let [dxs, dweight] = self.backward(xs, weight, &dys)?;
        let dbias = column_sums(&values(&dys)?, bias.elem_count());
        Ok((dxs, dweight, Some(tensor(dbias, bias.dims())?)))
    }
}
