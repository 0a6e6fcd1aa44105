//! The inner loops: quantised products, dense ones, and the small ones of attention.
//!
//! Weights are packed when they arrive (`block`), activations are quantised once a row (`rows`). One loop (`tile`) runs
//! on each processor's own instructions, which stand behind one trait (`kernel`): the kernels are in `arch/`, and
//! `arch` knows which there are. All give the same bits. docs/adding-a-kernel.md says how to add one.

mod arch;
mod block;
mod f32;
mod kernel;
mod layout;
mod matmul;
mod product;
mod rows;
mod tile;

pub use arch::Kernel;
pub use block::{Block, Block4, Block7};
pub use f32::matmul_f32;
pub use layout::{COLS, ROWS};
pub use matmul::{matmul, matmul_with, Packed};
pub use product::product;
pub use rows::QuantizedRows;
