//! The loss of a choice between two: −ln σ(margin), averaged (Bradley & Terry 1952).

use candle_core::{bail, CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::tape::{slice, tensor, values};

/// The mean of −ln σ(margin), in nats: `[pairs]` → a scalar. A margin is by how much the chosen one is ahead.
///
/// # Errors
/// Where there is no pair.
pub fn preference(margins: &Tensor) -> Result<Tensor> {
    if margins.dims1()? == 0 {
        bail!("no pairs");
    }
    margins.apply_op1(Preference)
}

struct Preference;

/// σ(−x), which does not overflow.
fn doubt(margin: f32) -> f64 {
    let margin = f64::from(margin);
    let small = (-margin.abs()).exp();
    let numerator = if margin > 0.0 { small } else { 1.0 };
    numerator / (1.0 + small)
}

impl CustomOp1 for Preference {
    fn name(&self) -> &'static str {
        "preference"
    }

    /// −ln σ(x) = max(−x, 0) + ln(1 + exp(−|x|))
    fn cpu_fwd(&self, margins: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let margins = slice(margins, layout)?;
        let losses = margins.iter().map(|&margin| {
            let margin = f64::from(margin);
            (-margin).max(0.0) + (-margin.abs()).exp().ln_1p()
        });
        let mean = losses.sum::<f64>() / margins.len() as f64;
        Ok((CpuStorage::F32(vec![mean as f32]), Shape::from(())))
    }

    /// dx = −σ(−x)·dloss/pairs
    fn bwd(&self, margins: &Tensor, _: &Tensor, dloss: &Tensor) -> Result<Option<Tensor>> {
        let factor = f64::from(dloss.to_scalar::<f32>()?) / margins.elem_count() as f64;
        let dmargins = values(margins)?
            .iter()
            .map(|&x| (-factor * doubt(x)) as f32)
            .collect();
        Ok(Some(tensor(dmargins, margins.dims())?))
    }
}
