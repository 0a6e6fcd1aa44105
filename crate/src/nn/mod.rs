//! Layers. They know shapes and arithmetic, no model and no file. Activations are plain slices of f32, row
//! by row: `[m, n]` is `m` rows of `n` values.

mod activation;
mod attention;
pub mod elementary;
mod embedding;
pub mod kernels;
mod kv_cache;
mod layer_norm;
mod linear;
mod matrix;
pub mod pool;
mod rms_norm;
pub mod rope;
mod strided;
pub mod vector;

pub use crate::dtype::DType;
pub use activation::Activation;
pub use attention::{attention, attention_weights, Head, Visible};
pub use embedding::Embedding;
pub use kv_cache::{key_stride, KvCache};
pub use layer_norm::LayerNorm;
pub use linear::Linear;
pub use matrix::{matrix_bytes, Activations, Matrix, MatrixBuilder};
pub use rms_norm::RmsNorm;
pub use strided::{Strided, StridedMut};
