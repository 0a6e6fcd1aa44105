//! A conversation as the text that a model was trained on, by the Jinja template that comes with the model.
//!
//! Templates come from anywhere: work and output are bounded, and filters whose result may be of any size are left
//! out. What a template builds up in its variables is bounded by memory alone.

use std::io;

use minijinja::value::{Kwargs, Value};
use minijinja::{context, Environment, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Bytes of a template that are read: the longest published ones have some 20,000.
const MAX_TEMPLATE: usize = 200_000;
/// Steps that a template may take. A message takes some 30.
const FUEL: u64 = 500_000;
/// Bytes that a template may write, beside those of the messages.
const MAX_ADDED: usize = 1_000_000;

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatMessage"))]
pub struct Message {
    /// Who speaks: `system`, `user` or `assistant` with most models.
    pub role: String,
    /// What is said.
    pub content: String,
}

/// The template of a model, as its files have it; what is wrong with it is said when it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatTemplate {
    source: String,
    bos_token: String,
    eos_token: String,
}

impl ChatTemplate {
    /// `bos_token` and `eos_token` as the template writes them; empty if the model has none.
    pub fn new(source: &str, bos_token: &str, eos_token: &str) -> Self {
        Self {
            source: source.to_string(),
            bos_token: bos_token.to_string(),
            eos_token: eos_token.to_string(),
        }
    }

    /// The text up to the place where the model is to answer.
    ///
    /// # Errors
    /// [`Error::ChatTemplate`] if the template cannot be read, refuses the messages, or goes on without end.
    pub fn apply(&self, messages: &[Message]) -> Result<String> {
        if self.source.len() > MAX_TEMPLATE {
            let length = self.source.len();
            return Err(Error::ChatTemplate(format!("it is {length} bytes long")));
        }
        let mut environment = environment();
        environment
            .add_template(NAME, &self.source)
            .map_err(failed)?;
        let template = environment.get_template(NAME).map_err(failed)?;
        let said: usize = messages.iter().map(|message| message.content.len()).sum();
        let mut text = Bounded {
            bytes: Vec::new(),
            left: said.saturating_mul(2).saturating_add(MAX_ADDED),
        };
        let context = context! {
            messages,
            add_generation_prompt => true,
            bos_token => self.bos_token,
            eos_token => self.eos_token,
            // Templates ask for these by name; there are none.
            tools => Value::from(()),
            documents => Value::from(()),
        };
        template
            .render_captured_to(context, &mut text)
            .map_err(failed)?;
        String::from_utf8(text.bytes).map_err(|error| Error::ChatTemplate(error.to_string()))
    }
}

const NAME: &str = "chat_template";

/// Jinja as `transformers` sets it up for chat templates.
fn environment<'a>() -> Environment<'a> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_fuel(Some(FUEL));
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    for of_any_size in ["batch", "slice", "indent", "format"] {
        environment.remove_filter(of_any_size);
    }
    // Not as minijinja's own, which writes for HTML.
    environment.add_filter("tojson", |value: Value, _: Kwargs| {
        serde_json::to_string(&value)
            .map_err(|error| minijinja::Error::new(ErrorKind::InvalidOperation, error.to_string()))
    });
    environment.add_function(
        "raise_exception",
        |message: String| -> Result<Value, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
        },
    );
    environment
}

fn failed(error: minijinja::Error) -> Error {
    let message = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "it does not come to an end".to_string(),
        (ErrorKind::WriteFailure, _) => "it writes without end".to_string(),
        (_, Some(detail)) => detail.to_string(),
        (kind, None) => kind.to_string(),
    };
    match error.line() {
        Some(line) => Error::ChatTemplate(format!("{message} (line {line})")),
        None => Error::ChatTemplate(message),
    }
}

/// A text of a bounded length.
struct Bounded {
    bytes: Vec<u8>,
    /// Bytes that may still come.
    left: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self
            .left
            .checked_sub(bytes.len())
            .ok_or_else(|| io::Error::other("too much"))?;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
