//! What a GGUF file says of its model and tokenizer: key-value pairs.

use std::collections::HashMap;

/// A value of the key-value part.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Value {
    Int(i64),
    Float(f64),
    Bool(bool),
    String(String),
    Array(Vec<Value>),
}

/// The key-value part of a GGUF file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata(pub HashMap<String, Value>);

impl Metadata {
    /// A text value.
    pub fn string(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A list of strings.
    pub fn strings(&self, key: &str) -> Option<Vec<String>> {
        let Value::Array(values) = self.0.get(key)? else {
            return None;
        };
        let strings = values.iter().map(|value| match value {
            Value::String(text) => Some(text.clone()),
            _ => None,
        });
        strings.collect()
    }

    /// A whole number that is not negative.
    pub fn u64(&self, key: &str) -> Option<u64> {
        match self.0.get(key)? {
            Value::Int(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The same of a size: `None` also for what no memory holds.
    pub fn usize(&self, key: &str) -> Option<usize> {
        usize::try_from(self.u64(key)?).ok()
    }

    /// A number.
    pub fn f64(&self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Value::Float(number) => Some(*number),
            Value::Int(number) => Some(*number as f64),
            _ => None,
        }
    }
}
