//! Operations with a backward pass of their own, for candle's tape: each forward beside its backward.
//!
//! Candle's own operations allocate a tensor for every small step and run most of them on one thread. These are the
//! few that a step of training spends its time in. All activations are matrices `[rows, width]` of f32 without gaps.
//! Work is cut into parts whose sizes do not depend on the number of threads, and sums are added up in one order, so
//! that a step gives the same bits on one thread as on eight.

mod attention;
mod cross_entropy;
mod dropout;
mod embedding;
mod gelu;
mod layer_norm;
mod linear;
mod lstm;
mod parallel;
mod preference;
mod product;
mod tape;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod tile;
mod view;

pub use attention::{attention, attention_joint, attention_weights, Attention};
pub use cross_entropy::{cross_entropy, log_likelihoods};
pub use dropout::dropout;
pub use embedding::{embedding, rows};
pub use gelu::{gelu, Gelu};
pub use layer_norm::layer_norm;
pub use linear::{linear, WeightLayout};
pub use lstm::lstm;
pub use preference::preference;
pub use product::{multiply, View};
pub use tape::values;
