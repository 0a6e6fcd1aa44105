//! Jinja as chat templates use it, with Python's values: what `transformers` renders them with is jinja2 in a sandbox,
//! with `trim_blocks`, `lstrip_blocks`, loop controls and the tag `generation`. A template is a program from a stranger:
//! [`meter`] bounds its steps, its depth and the bytes that it makes.
//!
//! Left out: other templates (`include`, `import`, `extends`), escaping for HTML by itself, and the filters `filesizeformat`,
//! `random`, `urlize`, `wordwrap` and `xmlattr`.

mod arguments;
mod attributes;
mod evaluate;
mod expressions;
mod fault;
mod filters;
mod format;
mod items;
mod json;
mod lexer;
mod meter;
mod methods;
mod names;
mod operators;
mod parser;
mod python;
mod render;
mod strftime;
mod syntax;
mod tests;
mod text_filters;
mod value;

use chrono::NaiveDateTime;

pub use fault::{Fault, FaultKind};

use super::json::Json;

/// A template that was read.
pub(super) struct Template(syntax::Body);

impl Template {
    /// Reads a template.
    pub fn parse(source: &str) -> Result<Self, Fault> {
        parser::parse(source).map(Self)
    }

    /// Its text for `variables`, at the local time `now`.
    pub fn render(&self, variables: &[(&str, Json)], now: &NaiveDateTime) -> Result<String, Fault> {
        render::render(&self.0, variables, now)
    }
}
