//! What went wrong, said so that a person knows what to do next.

use std::fmt;

/// A failure: what is missing or broken, and the command or step that mends it.
#[derive(Debug)]
pub struct Failure {
    what: String,
    fix: Option<String>,
}

/// The result of every step.
pub type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure without a known remedy.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            fix: None,
        }
    }

    /// Adds what to do about it.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        if let Some(fix) = &self.fix {
            write!(f, "\n  What to do: {fix}")?;
        }
        Ok(())
    }
}

/// Adds what was being done to an I/O error.
pub trait Context<T> {
    /// `doing` completes the sentence "could not ...".
    fn context(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T> Context<T> for std::io::Result<T> {
    fn context(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure::new(format!("Could not {doing}: {error}")))
    }
}

/// A file's text.
pub fn read(file: &std::path::Path) -> Result<String> {
    std::fs::read_to_string(file).context(format!("read {}", file.display()))
}

/// Wrong arguments.
pub fn usage(what: impl Into<String>) -> Failure {
    Failure::new(what).fix("`cargo xtask help` lists the commands")
}

/// Fails where a command without arguments was given some.
pub fn takes_nothing(args: &[String]) -> Result {
    match args.first() {
        Some(odd) => Err(usage(format!("This command takes no `{odd}`"))),
        None => Ok(()),
    }
}
