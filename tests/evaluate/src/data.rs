//! The held-out folder, and training text for the baselines.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::text::{self, Document, Pair};

/// What there is of the folder.
pub struct Data {
    texts: Vec<(&'static str, Vec<Document>)>,
    /// Of `tldr.jsonl`; empty without it.
    pub pairs: Vec<Pair>,
    /// A `books.txt` to train the n-gram baselines on.
    pub training_books: Option<PathBuf>,
}

impl Data {
    /// Reads what is there and says what is not.
    ///
    /// # Errors
    /// [`Failure::NoData`] if there is nothing, [`Failure::File`], [`Failure::Content`].
    pub fn read(folder: &Path, train: Option<&Path>) -> Result<Self> {
        let mut texts = Vec::new();
        for name in ["books", "facts", "speeches", "textbooks", "stories"] {
            match text::find(folder, &format!("{name}.txt")) {
                Some(path) => texts.push((name, text::documents(&path)?)),
                None => eprintln!(
                    "{}: no {name}.txt, what needs it is left out",
                    folder.display()
                ),
            }
        }
        let pairs = match text::find(folder, "tldr.jsonl") {
            Some(path) => text::pairs(&path)?,
            None => {
                eprintln!(
                    "{}: no tldr.jsonl, summaries are left out",
                    folder.display()
                );
                Vec::new()
            }
        };
        if texts.is_empty() && pairs.is_empty() {
            return Err(Failure::NoData(folder.to_owned()));
        }
        let training_books = match train {
            Some(train) => {
                Some(
                    text::find(train, "books.txt").ok_or_else(|| Failure::Content {
                        path: train.to_owned(),
                        what: "no books.txt or books.txt.xz to train the baselines on".into(),
                    })?,
                )
            }
            None => text::find(&folder.join(".."), "books.txt"),
        };
        if training_books.is_none() {
            eprintln!("no training text (--train), the 5-gram baselines are left out");
        }
        Ok(Self {
            texts,
            pairs,
            training_books,
        })
    }

    /// The documents of one file: `books`, `facts`, `speeches`, `textbooks` or `stories`.
    pub fn text(&self, name: &str) -> Option<&[Document]> {
        self.texts()
            .find(|(other, _)| *other == name)
            .map(|(_, documents)| documents)
    }

    /// All files with their documents.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &[Document])> {
        self.texts
            .iter()
            .map(|(name, documents)| (*name, documents.as_slice()))
    }
}
