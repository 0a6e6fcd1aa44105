//! Rows of a table, and of activations.

use candle_core::{bail, CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::tape::{slice, tensor, values};
use crate::nn::vector;

/// The rows `ids` of `table` `[count, width]` → `[ids, width]`.
///
/// # Errors
/// Where an id has no row.
pub fn embedding(table: &Tensor, ids: Vec<u32>) -> Result<Tensor> {
    let (count, _) = table.dims2()?;
    if let Some(id) = ids.iter().find(|&&id| id as usize >= count) {
        bail!("row {id} of a table of {count}");
    }
    table.apply_op1(Rows { ids })
}

/// The rows `at` of activations: `[m, width]` → `[at, width]`.
///
/// # Errors
/// Where there is no such row.
pub fn rows(xs: &Tensor, at: Vec<u32>) -> Result<Tensor> {
    embedding(xs, at)
}

struct Rows {
    ids: Vec<u32>,
}

impl CustomOp1 for Rows {
    fn name(&self) -> &'static str {
        "rows"
    }

    fn cpu_fwd(&self, table: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (_, width) = layout.shape().dims2()?;
        let table = slice(table, layout)?;
        let mut ys = Vec::with_capacity(self.ids.len() * width);
        for &id in &self.ids {
            ys.extend_from_slice(&table[id as usize * width..][..width]);
        }
        Ok((CpuStorage::F32(ys), (self.ids.len(), width).into()))
    }

    /// dtable[id] = Σ of dy's rows that came from it
    fn bwd(&self, table: &Tensor, _: &Tensor, dys: &Tensor) -> Result<Option<Tensor>> {
        let (_, width) = table.dims2()?;
        let dys = dys.contiguous()?;
        let dy_values = values(&dys)?;
        let mut dtable = vec![0.0; table.elem_count()];
        for (&id, dy) in self.ids.iter().zip(dy_values.chunks_exact(width)) {
            vector::add(&mut dtable[id as usize * width..][..width], dy);
        }
        Ok(Some(tensor(dtable, table.dims())?))
    }
}
