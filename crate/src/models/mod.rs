//! The architectures, one file each, names as in the checkpoints; and the two traits by which tasks know
//! them.

pub mod bert;
mod config;
mod decoder;
mod encoder;
pub mod gpt2;
mod info;
pub mod llama;
mod loader;

pub use config::Config;
pub use decoder::{Decoder, Past};
pub use encoder::{Encoder, EncoderInput};
pub use info::{ModelInfo, Size};
pub use loader::{Model, ModelLoader};
