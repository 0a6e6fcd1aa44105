//! Text generation.
//!
//! A [`Continuation`] asks for forward passes and is given their logits; a [`Generator`] serves it with a decoder.
//! Inside, a search (sampling, or beams) chooses tokens, rules say where a text ends, and a transcript makes text of
//! tokens.

mod beam;
mod continuation;
mod forward;
mod generator;
mod options;
mod prefix;
mod prompt;
mod sample;
mod search;
mod stop;
mod texts;
mod transcript;
mod written;

pub use continuation::Continuation;
pub use forward::Forward;
pub use generator::Generator;
pub use options::{usable_settings, GenerationOptions};
pub use prefix::KeptPrefix;
pub use prompt::Prompt;
pub use stop::{NewToken, StopRule};
pub use written::{Alternative, FinishReason, GeneratedToken, Step};
