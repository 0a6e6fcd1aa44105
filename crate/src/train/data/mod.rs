//! From a text to batches: documents, part of them held back; packed windows; pairs of sentences; masks.

pub mod documents;
pub mod masking;
pub mod pairs;
pub mod windows;
