//! Cloze: work in progress.
