//! Text to tokens and back: the `tokenizers` crate behind what the tasks need.

mod bytes;
mod charsmap;
mod files;
mod offsets;
mod tokenizer;

pub use bytes::Utf8Stream;
pub use files::TokenizerFiles;
pub use offsets::Utf16Index;
pub use tokenizer::{Encoding, TokenSpan, Tokenizer};
