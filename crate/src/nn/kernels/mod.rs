//! The inner loops. This is the seam for kernels of our own: what stands here is built on candle's
//! block dot products and its f32 matrix product; a faster kernel replaces a function of this module
//! and nothing above it.
//!
//! candle's own thread pool cannot start in wasm, so work is divided here, over rayon's global pool
//! (which the `threads` build fills with web workers; other builds run on the calling thread).

mod generic;
mod parallel;

use candle_core::{CpuStorage, Storage, Tensor};

pub use generic::{matmul_f32, matmul_quantized};

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
