//! What ends the rendering of a template.

/// Shorthand for results with [`Fault`].
pub(super) type Result<T, E = Fault> = std::result::Result<T, E>;

/// Which part went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The template is no Jinja, or names a filter or test that does not exist.
    Syntax,
    /// The template refused: `raise_exception`.
    Refused,
    /// An operation of the template does not fit what it was given.
    Failed,
    /// The template took too many steps, or made too much text.
    Endless,
}

/// Why a template was not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which part went wrong.
    pub kind: FaultKind,
    /// What went wrong; of a refusal, the template's own words.
    pub message: String,
    /// The line of the template, from 1; 0 until it is known.
    pub line: u32,
}

impl Fault {
    pub(super) fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            line: 0,
        }
    }

    pub(super) fn syntax(message: impl Into<String>, line: u32) -> Self {
        Self {
            line,
            ..Self::new(FaultKind::Syntax, message)
        }
    }

    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Failed, message)
    }

    pub(super) fn endless(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Endless, message)
    }

    /// The same at `line`, where none is known yet.
    pub(super) fn at(mut self, line: u32) -> Self {
        if self.line == 0 {
            self.line = line;
        }
        self
    }
}
