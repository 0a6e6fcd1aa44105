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
mod info;
pub mod llama;
mod loader;
pub mod openai_gpt;
pub mod roberta;

pub use config::Config;
pub use decoder::{Decoder, Past};
pub use encoder::{Encoder, EncoderInput};
pub use info::{ModelInfo, Size};
pub use loader::{Model, ModelLoader};

/// Sees hidden states on the way, `[tokens of all texts, hidden_size]`: number 0 is the embedding, number i the output
/// of block i.
pub type Observer<'a> = dyn FnMut(usize, &[f32]) -> crate::error::Result<()> + 'a;
