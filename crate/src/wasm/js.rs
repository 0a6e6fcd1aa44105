//! JavaScript's values: plain objects in both directions, and errors.

use js_sys::Reflect;
use serde::de::DeserializeOwned;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::errors::CoreError;
use super::memory;
use crate::error::{Error, Result};

/// A Rust value as plain JavaScript objects, arrays and numbers; `None` as `null`.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|failed| thrown(Error::Internal(failed.to_string())))
}

/// As [`to_js`]; `None` as `undefined`.
pub(super) fn optional_to_js(value: &Option<impl Serialize>) -> Result<JsValue, JsValue> {
    match value {
        Some(value) => to_js(value),
        None => Ok(JsValue::UNDEFINED),
    }
}

/// Options from a plain object; `undefined` and `null` mean the defaults.
pub(super) fn from_js<T: DeserializeOwned + Default>(value: JsValue) -> Result<T> {
    if value.is_undefined() || value.is_null() {
        return Ok(T::default());
    }
    serde_wasm_bindgen::from_value(value)
        .map_err(|failed| Error::option("options", failed.to_string()))
}

/// An `Error` object with `code` and, where there are facts, `details`, as [`CoreError`] describes them.
pub(super) fn thrown(error: Error) -> JsValue {
    if matches!(error, Error::OutOfMemory { .. }) {
        memory::dealt_with();
    }
    let object = js_sys::Error::new(&error.to_string());
    // Neither copying the facts nor setting a property of a fresh object can fail.
    if let Ok(facts) = to_js(&CoreError::from(&error)) {
        for name in ["code", "details"].map(JsValue::from) {
            if let Ok(value) = Reflect::get(&facts, &name) {
                if !value.is_undefined() {
                    let _ = Reflect::set(&object, &name, &value);
                }
            }
        }
    }
    object.into()
}
