//! JavaScript's values: plain objects in both directions, and errors.

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use super::memory;
use crate::border::errors::{CoreError, Fact};
use crate::error::{Error, Result};

/// The contents of one of several files, if it was given.
pub(super) fn file(files: &JsValue, name: &str) -> Option<Vec<u8>> {
    let value = Reflect::get(files, &name.into()).ok()?;
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

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
    set(&object, "code", &error.code().into());
    let facts = CoreError::from(&error);
    let facts = facts.facts();
    if !facts.is_empty() {
        let details = Object::new();
        for (name, fact) in facts {
            match fact {
                Fact::Text(text) => set(&details, name, &text.into()),
                Fact::Number(number) => set(&details, name, &number.into()),
                Fact::Texts(texts) => set(&details, name, &array(texts)),
                Fact::Numbers(numbers) => set(&details, name, &array(numbers)),
                Fact::Absent => {}
            }
        }
        set(&object, "details", &details);
    }
    object.into()
}

/// Setting a property of a fresh plain object cannot fail.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

fn array<T: Clone + Into<JsValue>>(items: &[T]) -> JsValue {
    items
        .iter()
        .cloned()
        .map(Into::into)
        .collect::<Array>()
        .into()
}
