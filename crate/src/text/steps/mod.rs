//! How a tokenizer cuts a text, step by step, for people to see.
//!
//! The `tokenizers` crate gives pieces and not the way to them. Here the way is gone again by the papers' rules; what
//! it leads to is compared with the crate's pieces, and a word whose steps lead elsewhere is shown without any.

mod bpe;
mod budget;
mod lattice;
mod longest_match;
mod tokenization;

pub use bpe::MergeStep;
pub use lattice::LatticePiece;
pub use longest_match::TriedPiece;
pub use tokenization::{Tokenization, TokenizationSteps, TokenizedWord};
