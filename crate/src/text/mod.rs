//! Text to tokens and back: the `tokenizers` crate behind what the tasks need. Knows no model and no weights.

mod adapt;
mod added;
mod bytes;
mod charsmap;
mod chat_config;
mod chat_template;
mod config;
mod control;
mod cuts;
mod files;
mod gguf;
mod jinja;
mod json;
mod named;
mod offsets;
mod pieces;
mod refuse;
mod sentences;
mod steps;
mod stream;
mod tokenizer;
mod windows;

pub use chat_template::{ChatTemplate, Conversation, Message};
pub use files::TokenizerFiles;
pub use json::Json;
pub use offsets::Utf16Index;
pub use sentences::{first_sentences, SentenceCounter};
pub use steps::{
    LatticePiece, MergeStep, Tokenization, TokenizationSteps, TokenizedWord, TriedPiece,
};
pub use stream::TextStream;
pub use tokenizer::{Encoding, TokenSpan, Tokenizer, TokenizerWarning};
pub use windows::{Window, Windows};
