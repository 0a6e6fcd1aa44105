//! Why a command ends without a result.

use std::fmt;

use crate::error::Error;
use crate::pretrained::PretrainedError;

/// Why a command ends without a result.
#[derive(Debug)]
pub enum Failure {
    /// Something in the command, or in a file that it names, cannot be used.
    Use(String),
    /// The model cannot be opened.
    Model(PretrainedError),
    /// The core refuses.
    Core(Error),
}

/// What a command gives.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A wrong value of an option.
    pub fn option(name: &str, reason: impl fmt::Display) -> Self {
        Self::Use(format!("--{name}: {reason}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PretrainedError> for Failure {
    fn from(error: PretrainedError) -> Self {
        Self::Model(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Use(message) => message.fmt(f),
            Self::Model(error) => error.fmt(f),
            Self::Core(error) => error.fmt(f),
        }
    }
}
