//! The architectures, one file each, with the names of their checkpoints; and the two traits by which tasks know them.
//!
//! The files, each knowing only those before it: `observer`, `embedded`, `info`, `fields`, `parameters` (the ground) → `heads` →
//! `encoder`, `decoder` (the traits) → `post_norm`, `pre_norm`, `rope_scaling` (blocks) → one file an architecture →
//! `model` → `checkpoints` (their files) → `registry` (one row an architecture) → `loader`.

pub mod albert;
pub mod bert;
mod checkpoints;
mod decoder;
pub mod distilbert;
mod embedded;
mod encoder;
mod fields;
mod fine_tuning;
mod generation_config;
pub mod gpt2;
mod heads;
mod info;
pub mod llama;
mod loader;
mod model;
mod observer;
pub mod openai_gpt;
mod parameters;
mod post_norm;
mod pre_norm;
mod registry;
pub mod roberta;
mod rope_scaling;

pub use decoder::{Decoder, Past};
pub use embedded::Embedded;
pub use encoder::{Encoder, EncoderInput};
pub use fine_tuning::{FineTuning, ProblemType};
pub use generation_config::{GenerationConfig, GenerationSettings};
pub use heads::{Heads, MlmHead, NspHead, QaHead, SequenceHead, TokenHead};
pub use info::{HeadNames, ModelInfo, Reads, Size};
pub use loader::ModelLoader;
pub use model::Model;
pub use observer::{Observer, Unobserved};
pub use registry::{architecture_of, Architecture, Config, ARCHITECTURES};
