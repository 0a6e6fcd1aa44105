//! The architectures, one file each, names as in the checkpoints.

pub mod bert;
mod config;
pub mod gpt2;
mod loader;

pub use config::Config;
pub use loader::{Model, ModelLoader, Size};
