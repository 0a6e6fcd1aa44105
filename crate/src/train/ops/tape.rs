//! Slices of candle's tensors.

use std::ops::{Deref, Range};

use candle_core::{bail, CpuStorage, Device, Layout, Result, Storage, Tensor};

/// The values of an f32 tensor on the CPU; `S` keeps them from being written meanwhile.
struct Values<S> {
    storage: S,
    range: Range<usize>,
}

impl<S: Deref<Target = Storage>> Deref for Values<S> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match &*self.storage {
            Storage::Cpu(CpuStorage::F32(values)) => &values[self.range.clone()],
            // `values` below made sure of it.
            _ => &[],
        }
    }
}

/// The values of `tensor`, row by row.
///
/// # Errors
/// Where it is no f32, not on the CPU, or has gaps.
pub fn values(tensor: &Tensor) -> Result<impl Deref<Target = [f32]> + '_> {
    let (storage, layout) = tensor.storage_and_layout();
    let Storage::Cpu(CpuStorage::F32(_)) = &*storage else {
        bail!("a tensor that is no f32 on the CPU");
    };
    let Some((start, end)) = layout.contiguous_offsets() else {
        bail!("a tensor with gaps");
    };
    let range = start..end;
    Ok(Values { storage, range })
}

/// The values of an operation's argument.
pub(super) fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => bail!("an argument with gaps"),
    }
}

/// A tensor of `values`, which are not copied.
pub(super) fn tensor(values: Vec<f32>, shape: &[usize]) -> Result<Tensor> {
    Tensor::from_vec(values, shape, &Device::Cpu)
}
