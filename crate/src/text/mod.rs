//! Text to tokens and back: the `tokenizers` crate behind what the tasks need. Knows no model and no weights.

// What only tokenizers of other kinds need.
#![cfg_attr(
    not(feature = "every-tokenizer"),
    allow(dead_code, unused_imports, unused_variables)
)]

#[cfg(feature = "every-tokenizer")]
mod adapt;
mod added;
mod bert;
mod bytes;
#[cfg(feature = "every-tokenizer")]
mod charsmap;
mod chat_config;
mod chat_template;
mod config;
mod control;
mod cuts;
mod engine;
mod files;
#[cfg(feature = "every-tokenizer")]
mod gguf;
mod jinja;
mod json;
#[cfg(feature = "every-tokenizer")]
mod kinds;
#[cfg(not(feature = "every-tokenizer"))]
#[path = "kinds_absent.rs"]
mod kinds;
mod legible;
mod named;
mod offsets;
mod pieces;
#[cfg(feature = "every-tokenizer")]
mod refuse;
mod sentences;
mod steps;
mod stream;
mod template;
mod tokenizer;
mod windows;
mod word_piece;

pub use chat_template::{ChatTemplate, Conversation, Message};
pub use files::TokenizerFiles;
pub use json::Json;
pub use legible::{ends_in_part, join_bytes, LegibleText};
pub use offsets::Utf16Index;
pub use sentences::{first_sentences, SentenceCounter};
pub use steps::{
    LatticePiece, MergeStep, Tokenization, TokenizationSteps, TokenizedWord, TriedPiece,
};
pub use stream::TextStream;
pub use tokenizer::{Encoding, TokenSpan, Tokenizer, TokenizerWarning};
pub use windows::{Window, Windows};
