//! Layers. They know shapes and arithmetic, no model and no file.

mod activation;
mod attention;
mod embedding;
pub mod kernels;
mod kv_cache;
mod layer_norm;
mod linear;
mod matrix;

pub use activation::Activation;
pub use attention::{attention, causal_mask};
pub use embedding::Embedding;
pub use kv_cache::KvCache;
pub use layer_norm::LayerNorm;
pub use linear::Linear;
pub use matrix::{DType, Matrix, MatrixBuilder};
