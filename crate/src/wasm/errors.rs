//! Errors as data: the facts of each code, from which a page makes a sentence in the reader's language.

use serde::Serialize;

use crate::error::Error;

/// An error of the core: its code and the facts of the case.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "code", content = "details", rename_all = "snake_case")]
pub enum CoreError {
    InvalidConfig {
        reason: String,
    },
    InvalidWeights {
        reason: String,
    },
    TruncatedWeights {
        place: String,
        #[cfg_attr(test, ts(type = "number | null"))]
        missing: Option<u64>,
    },
    MissingTensor {
        tensor: String,
    },
    ShapeMismatch {
        tensor: String,
        expected: Vec<usize>,
        found: Vec<usize>,
    },
    InvalidTokenizer {
        reason: String,
    },
    EmptyInput {
        input: String,
    },
    InputTooLong {
        input: String,
        tokens: usize,
        max: usize,
    },
    #[serde(rename = "input_too_long")]
    InputTooLarge {
        bytes: usize,
        max_bytes: usize,
    },
    NoMask {
        mask_token: String,
    },
    UnknownTarget {
        target: String,
        pieces: Vec<String>,
    },
    NoChatTemplate,
    ChatTemplate {
        reason: String,
    },
    NoMlmHead,
    NoNspHead,
    WrongArchitecture {
        needed: &'static str,
        found: &'static str,
    },
    Unsupported {
        reason: String,
    },
    InvalidOption {
        option: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        reason: Option<String>,
    },
    OutOfMemory(OutOfMemory),
    Internal {
        reason: String,
    },
}

/// What there was no memory for, as far as it is known.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct OutOfMemory {
    /// For what, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<String>,
    /// How much was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    bytes: Option<u64>,
    /// While a model is loaded: bytes of all its weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    model_bytes: Option<u64>,
    /// While a model is loaded: how they were to be stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "DType"))]
    dtype: Option<&'static str>,
}

impl From<&Error> for CoreError {
    fn from(error: &Error) -> Self {
        let reason = String::clone;
        match error {
            Error::InvalidConfig(why) => Self::InvalidConfig {
                reason: reason(why),
            },
            Error::InvalidWeights(why) => Self::InvalidWeights {
                reason: reason(why),
            },
            Error::TruncatedWeights { place, missing } => Self::TruncatedWeights {
                place: place.clone(),
                missing: *missing,
            },
            Error::MissingTensor(tensor) => Self::MissingTensor {
                tensor: tensor.clone(),
            },
            Error::ShapeMismatch {
                tensor,
                expected,
                found,
            } => Self::ShapeMismatch {
                tensor: tensor.clone(),
                expected: expected.clone(),
                found: found.clone(),
            },
            Error::InvalidTokenizer(why) => Self::InvalidTokenizer {
                reason: reason(why),
            },
            Error::EmptyInput { input } => Self::EmptyInput {
                input: input.clone(),
            },
            Error::InputTooLong { input, tokens, max } => Self::InputTooLong {
                input: input.clone(),
                tokens: *tokens,
                max: *max,
            },
            Error::InputTooLarge { bytes, max } => Self::InputTooLarge {
                bytes: *bytes,
                max_bytes: *max,
            },
            Error::NoMask { mask_token } => Self::NoMask {
                mask_token: mask_token.clone(),
            },
            Error::UnknownTarget { target, pieces } => Self::UnknownTarget {
                target: target.clone(),
                pieces: pieces.clone(),
            },
            Error::NoChatTemplate => Self::NoChatTemplate,
            Error::ChatTemplate(why) => Self::ChatTemplate {
                reason: reason(why),
            },
            Error::NoMlmHead => Self::NoMlmHead,
            Error::NoNspHead => Self::NoNspHead,
            Error::WrongArchitecture { needed, found } => Self::WrongArchitecture { needed, found },
            Error::Unsupported(why) => Self::Unsupported {
                reason: reason(why),
            },
            Error::InvalidOption { option, message } => Self::InvalidOption {
                option: option.clone(),
                reason: Some(message.clone()),
            },
            Error::OutOfMemory { what, bytes, model } => Self::OutOfMemory(OutOfMemory {
                what: Some(what.clone()),
                bytes: Some(*bytes),
                model_bytes: model.map(|(bytes, _)| bytes),
                dtype: model.map(|(_, dtype)| dtype.name()),
            }),
            Error::Internal(why) => Self::Internal {
                reason: reason(why),
            },
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::nn::DType;

    /// One error of each kind.
    pub fn every_error() -> Vec<Error> {
        let text = || String::from("text");
        vec![
            Error::InvalidConfig(text()),
            Error::InvalidWeights(text()),
            Error::TruncatedWeights {
                place: text(),
                missing: Some(7),
            },
            Error::MissingTensor(text()),
            Error::ShapeMismatch {
                tensor: text(),
                expected: vec![2, 3],
                found: vec![3],
            },
            Error::InvalidTokenizer(text()),
            Error::EmptyInput { input: text() },
            Error::InputTooLong {
                input: text(),
                tokens: 9,
                max: 8,
            },
            Error::InputTooLarge { bytes: 9, max: 8 },
            Error::NoMask { mask_token: text() },
            Error::UnknownTarget {
                target: text(),
                pieces: vec![text()],
            },
            Error::NoChatTemplate,
            Error::ChatTemplate(text()),
            Error::NoMlmHead,
            Error::NoNspHead,
            Error::WrongArchitecture {
                needed: "BERT-type",
                found: "gpt2",
            },
            Error::Unsupported(text()),
            Error::InvalidOption {
                option: text(),
                message: text(),
            },
            Error::OutOfMemory {
                what: text(),
                bytes: 1 << 33,
                model: Some((1 << 34, DType::Q4)),
            },
            Error::Internal(text()),
        ]
    }

    #[test]
    fn codes_are_those_of_the_core() {
        for error in every_error() {
            let data = serde_json::to_value(CoreError::from(&error)).unwrap();
            assert_eq!(data["code"], error.code(), "{error:?}");
        }
    }

    #[test]
    fn facts_cross_as_they_are() {
        let details =
            |error: Error| serde_json::to_value(CoreError::from(&error)).unwrap()["details"].take();
        let too_long = Error::InputTooLong {
            input: "prompt".into(),
            tokens: 1030,
            max: 1023,
        };
        let facts = serde_json::json!({"input": "prompt", "tokens": 1030, "max": 1023});
        assert_eq!(details(too_long), facts);
        let memory = Error::out_of_memory("the KV cache", 1 << 33);
        let facts = serde_json::json!({"what": "the KV cache", "bytes": 1u64 << 33});
        assert_eq!(details(memory), facts);
        assert!(details(Error::NoMlmHead).is_null());
    }
}
