//! Errors as JavaScript sees them.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use super::memory;
use crate::error::Error;

/// An `Error` object with `code` and, where there is more to know, `details`.
pub(super) fn to_js(error: Error) -> JsValue {
    if matches!(error, Error::OutOfMemory { .. }) {
        memory::dealt_with();
    }
    let object = js_sys::Error::new(&error.to_string());
    set(&object, "code", &error.code().into());
    if let Some(details) = details(&error) {
        set(&object, "details", &details.into());
    }
    object.into()
}

/// Setting a property of a fresh plain object cannot fail.
fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

fn details(error: &Error) -> Option<Object> {
    let fields: Vec<(&str, JsValue)> = match error {
        Error::InputTooLong { input, tokens, max } => vec![
            ("input", input.into()),
            ("tokens", (*tokens as f64).into()),
            ("max", (*max as f64).into()),
        ],
        Error::InputTooLarge { bytes, max } => vec![
            ("bytes", (*bytes as f64).into()),
            ("max_bytes", (*max as f64).into()),
        ],
        Error::EmptyInput { input } => vec![("input", input.into())],
        Error::UnknownTarget { target, pieces } => {
            let pieces: js_sys::Array = pieces.iter().map(JsValue::from).collect();
            vec![("target", target.into()), ("pieces", pieces.into())]
        }
        Error::OutOfMemory { bytes, model, .. } => {
            let mut fields = vec![("bytes", (*bytes as f64).into())];
            fields.extend(model.map(|(bytes, _)| ("model_bytes", (bytes as f64).into())));
            fields
        }
        Error::InvalidOption { option, .. } => vec![("option", option.into())],
        Error::MissingTensor(tensor) | Error::ShapeMismatch { tensor, .. } => {
            vec![("tensor", tensor.into())]
        }
        _ => return None,
    };
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, &value);
    }
    Some(object)
}
