//! Options as the command line and saved runs give them: a list of names and values, as the API's options object.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use serde::de::DeserializeOwned;

use super::failure::{Failure, Result};
use super::task::{Kind, Task, SEED};
use crate::limits::MAX_SAFE_INTEGER;
use crate::text::Json;

/// Options that were given; those that are null are as good as absent, but for `top_k` of a classification.
#[derive(Debug, Clone, Default)]
pub struct Options(Vec<(String, Json)>);

impl Options {
    /// Those of a saved run.
    pub fn from_json(task: Task, json: &Json) -> Result<Self> {
        let fields = match json {
            Json::Object(fields) => fields.clone(),
            Json::Null => Vec::new(),
            _ => return Err(Failure::Use("\"options\" is no object".into())),
        };
        let known = task.options();
        let of = |name: &str| known.iter().find(|option| option.name == name);
        for (name, value) in &fields {
            let Some(option) = of(name) else {
                let names: Vec<_> = known.iter().map(|option| option.name).collect();
                return Err(Failure::Use(format!(
                    "\"{name}\" is no option of {}; there are: {}",
                    task.api_name(),
                    names.join(", ")
                )));
            };
            check(name, value, option.kind)?;
        }
        let all = |(name, value): &(String, Json)| {
            *value != Json::Null || of(name).is_some_and(|one| one.kind == Kind::NumberOrAll)
        };
        Ok(Self(fields.into_iter().filter(all).collect()))
    }

    /// Sets one.
    pub fn set(&mut self, name: &str, value: Json) {
        self.0.retain(|(there, _)| there != name);
        self.0.push((name.into(), value));
    }

    /// The same without some.
    pub fn without(&self, names: &[&str]) -> Self {
        let others = self
            .0
            .iter()
            .filter(|(name, _)| !names.contains(&name.as_str()));
        Self(others.cloned().collect())
    }

    /// The value of one.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let mut fields = self.0.iter();
        fields
            .find(|(there, _)| there == name)
            .map(|(_, value)| value)
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_text)
    }

    /// Yes, no, or nothing.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Some(Json::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Some(Json::Int(value)) => Some(*value as f64),
            Some(Json::Float(value)) => Some(*value),
            _ => None,
        }
    }

    /// The seed; one is drawn where none was given, below 2^32 as in the browser.
    pub fn seed(&self) -> f64 {
        let drawn = || RandomState::new().build_hasher().finish() as u32;
        self.number(SEED).unwrap_or_else(|| drawn().into())
    }

    /// All of them as the border reads them. What the query does not know is left out.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        let unusable = |error: serde_json::Error| Failure::Use(format!("the options: {error}"));
        let given = |(_, value): &&(String, Json)| *value != Json::Null;
        let fields = Json::Object(self.0.iter().filter(given).cloned().collect());
        let text = serde_json::to_string(&fields).map_err(unusable)?;
        serde_json::from_str(&text).map_err(unusable)
    }

    /// As JSON.
    pub fn to_json(&self) -> Json {
        Json::Object(self.0.clone())
    }
}

/// Whether a value is of its option's kind. The border checks ranges.
fn check(name: &str, value: &Json, kind: Kind) -> Result<()> {
    let texts = |value: &Json| matches!(value, Json::List(items) if items.iter().all(|one| one.as_text().is_some()));
    let (fits, wanted) = match (kind, value) {
        (_, Json::Null) => (true, ""),
        (Kind::Number | Kind::NumberOrAll, value) => (
            matches!(value, Json::Int(_) | Json::Float(_)),
            "it is no number",
        ),
        (Kind::Flag, value) => (
            matches!(value, Json::Bool(_)),
            "it is neither true nor false",
        ),
        (Kind::Text, value) => (value.as_text().is_some(), "it is no text"),
        (Kind::Words | Kind::Texts, value) => (texts(value), "it is no list of texts"),
        (Kind::OneOf(names), value) => (
            value.as_text().is_some_and(|name| names.contains(&name)),
            "there is no such choice",
        ),
        (Kind::Json, value) => (
            matches!(value, Json::List(_) | Json::Object(_)),
            "it is neither a list nor an object",
        ),
    };
    if fits {
        return Ok(());
    }
    Err(Failure::option(name, wanted))
}

/// A number, whole where it can be.
pub fn number(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER {
        Json::Int(value as i128)
    } else {
        Json::Float(value)
    }
}
