//! What can go wrong, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// Shorthand for results with [`Failure`].
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why nothing could be measured.
#[derive(Debug)]
pub enum Failure {
    /// The command line is not understood.
    Usage(String),
    /// A file cannot be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    Content {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The data folder has none of the files.
    NoData(PathBuf),
    /// The model refused something.
    Model(cloze::Error),
}

impl Failure {
    /// For `map_err`: names the file.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) => write!(f, "{what}"),
            Self::File { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Content { path, what } => write!(f, "{}: {what}", path.display()),
            Self::NoData(path) => write!(
                f,
                "{}: none of books.txt, facts.txt, speeches.txt, textbooks.txt, stories.txt and tldr.jsonl is here, plain or as .xz.\n  \
                 What to do: give the folder with the held-out text as --data",
                path.display()
            ),
            Self::Model(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<cloze::Error> for Failure {
    fn from(error: cloze::Error) -> Self {
        Self::Model(error)
    }
}
