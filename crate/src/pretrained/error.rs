//! What can go wrong with a folder.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Why a model could not be opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum PretrainedError {
    /// There is nothing at this path.
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// A default model is not there: none comes with the crate.
    NoDefaultModel {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The folder lacks files without which there is no model.
    MissingFiles {
        /// The folder.
        folder: PathBuf,
        /// Names of files of which one is needed (each entry one of them, or several that go together).
        any_of: &'static [&'static str],
        /// The names that are there.
        found: Vec<String>,
    },
    /// The folder has weights, but of a kind that is not read.
    ForeignWeights {
        /// The folder.
        folder: PathBuf,
        /// The file of weights for another program.
        file: String,
    },
    /// A file is there and cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The files are there, and the model cannot be made of them.
    Core {
        /// The folder or the file.
        path: PathBuf,
        /// What the core says.
        source: Error,
    },
}

impl PretrainedError {
    /// A short name of the case, the core's own where it refused.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } | Self::MissingFiles { .. } => "not_found",
            Self::NoDefaultModel { .. } => "no_default_models",
            Self::ForeignWeights { .. } => "unsupported",
            Self::Unreadable { .. } => "unreadable",
            Self::Core { source, .. } => source.code(),
        }
    }

    pub(super) fn unreadable(path: &Path, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::NotFound {
            return Self::NotFound { path: path.into() };
        }
        Self::Unreadable {
            path: path.into(),
            source,
        }
    }

    /// Says of which model the core speaks.
    pub(super) fn of(path: &Path) -> impl Fn(Error) -> Self + '_ {
        |source| Self::Core {
            path: path.into(),
            source,
        }
    }
}

impl fmt::Display for PretrainedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => write!(
                f,
                "{} does not exist. A model is a folder in Hugging Face's layout, or a file ending in .gguf.",
                path.display()
            ),
            Self::NoDefaultModel { folder } => write!(
                f,
                "There is no {}. The default models are in the npm package cloze-models: set CLOZE_MODELS to its folder, \
                 or name another model.",
                folder.display()
            ),
            Self::MissingFiles {
                folder,
                any_of,
                found,
            } => {
                write!(
                    f,
                    "{} lacks {}",
                    folder.display(),
                    any_of.join(", or ")
                )?;
                match &found[..] {
                    [] => write!(f, "; the folder is empty"),
                    found => write!(f, "; it has {}", found.join(", ")),
                }
            }
            Self::ForeignWeights { folder, file } => write!(
                f,
                "{} has weights for another program ({file}). Cloze reads model.safetensors, a .gguf file, or \
                 pytorch_model.bin.",
                folder.display()
            ),
            Self::Unreadable { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Core { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl StdError for PretrainedError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::Core { source, .. } => Some(source),
            _ => None,
        }
    }
}
