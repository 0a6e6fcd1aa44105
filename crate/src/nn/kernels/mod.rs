//! The inner loops. Weights are packed for them when they arrive (`block.rs`), activations are quantised
//! once a row (`rows.rs`), and one loop (`tile.rs`) runs on each processor's own instructions: `wasm.rs`,
//! `avx2.rs`, or the reference in `generic.rs`. All give the same bits.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod block;
mod dense;
mod extremes;
mod generic;
mod matmul;
mod rows;
mod tile;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;

use candle_core::{CpuStorage, Storage, Tensor};

pub use block::{Block, Block4, Block7, COLS, ROWS};
pub use dense::{matmul_f32, product};
pub use matmul::{matmul, matmul_with, Kernel, Packed};
pub use rows::QuantizedRows;

use crate::error::{Error, Result};

/// Lends the values of a contiguous f32 tensor.
pub fn with_f32<R>(tensor: &Tensor, read: impl FnOnce(&[f32]) -> R) -> Result<R> {
    let (storage, layout) = tensor.storage_and_layout();
    match (&*storage, layout.contiguous_offsets()) {
        (Storage::Cpu(CpuStorage::F32(values)), Some((start, end))) => {
            Ok(read(&values[start..end]))
        }
        _ => Err(Error::Internal(
            "a contiguous f32 tensor was expected".into(),
        )),
    }
}
