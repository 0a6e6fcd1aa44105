//! JavaScript's values of training.

use js_sys::Object;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::errors::TrainingError;
use crate::border::errors::Fact;
use crate::error::Error;
use crate::train::{Result, TrainError};
use crate::wasm::js;

/// An `Error` object with `code` and, where there are facts, `details`.
pub(super) fn thrown(error: impl Into<TrainError>) -> JsValue {
    let error = match error.into() {
        TrainError::Core(error) => return js::thrown(error),
        error => error,
    };
    let known = TrainingError::from(&error);
    let facts = known.facts();
    let object = js_sys::Error::new(&error.to_string());
    js::set(&object, "code", &error.code().into());
    if !facts.is_empty() {
        let details = Object::new();
        for (name, fact) in facts {
            match fact {
                Fact::Text(text) => js::set(&details, name, &text.into()),
                Fact::Number(number) => js::set(&details, name, &number.into()),
                // Training has none of them.
                Fact::Texts(_) | Fact::Numbers(_) | Fact::Absent => {}
            }
        }
        js::set(&object, "details", &details);
    }
    object.into()
}

/// A value that has to be there, from a plain object.
pub(super) fn needed<T: DeserializeOwned>(value: JsValue, name: &str) -> Result<T> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|failed| Error::option(name, failed.to_string()).into())
}
