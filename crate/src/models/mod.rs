//! The architectures, one file each, names as in the checkpoints; and the two traits by which tasks know
//! them.

pub mod albert;
pub mod bert;
mod config;
mod decoder;
pub mod distilbert;
mod encoder;
mod encoder_layers;
pub mod gpt2;
mod heads;
mod info;
pub mod llama;
mod loader;
mod observer;
pub mod openai_gpt;
pub mod roberta;

pub use config::Config;
pub use decoder::{Decoder, Past};
pub use encoder::{Encoder, EncoderInput};
pub use heads::{Heads, MlmHead, NspHead};
pub use info::{ModelInfo, Size};
pub use loader::{Model, ModelLoader};
pub use observer::Observer;
