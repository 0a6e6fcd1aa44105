//! Errors as data: the facts of each code, from which a page makes a sentence in the reader's language.

use crate::error::{Error, Head};

/// A fact of an error. JavaScript is not told of absent ones.
#[derive(Debug, PartialEq)]
pub enum Fact<'a> {
    Text(&'a str),
    Number(f64),
    Texts(&'a [String]),
    Numbers(&'a [usize]),
    Absent,
}

/// Declares an enum of errors from its variants, whose fields are the facts. A derive of `serde` would do the same with
/// more code in wasm.
macro_rules! errors {
    ($(#[$about:meta])* $errors:ident: $($(#[$of_variant:meta])* $variant:ident $({ $($(#[$of_field:meta])* $field:ident: $type:ty,)* })?)*) => {
        $(#[$about])*
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[cfg_attr(test, ts(tag = "code", content = "details", rename_all = "snake_case"))]
        pub enum $errors<'a> {
            $($(#[$of_variant])* $variant $({ $($(#[$of_field])* $field: $type,)* })?,)*
        }

        impl $errors<'_> {
            /// The facts by name.
            pub fn facts(&self) -> Vec<(&'static str, $crate::border::errors::Fact<'_>)> {
                #[allow(unused_imports)]
                use $crate::border::errors::Known;
                match self {
                    $(Self::$variant $({ $($field,)* })? => {
                        vec![$($((stringify!($field), $field.fact()),)*)?]
                    })*
                }
            }
        }
    };
}

errors! {
    /// An error of the core: its code and the facts of the case.
    CoreError:
    InvalidConfig { reason: &'a str, }
    InvalidWeights { reason: &'a str, }
    TruncatedWeights {
        place: &'a str,
        #[cfg_attr(test, ts(optional))]
        missing: Option<u64>,
    }
    MissingTensor { tensor: &'a str, }
    ShapeMismatch { tensor: &'a str, expected: &'a [usize], found: &'a [usize], }
    InvalidTokenizer { reason: &'a str, }
    EmptyInput { input: &'a str, }
    InputTooLong { input: &'a str, tokens: usize, max: usize, }
    #[cfg_attr(test, ts(rename = "input_too_long"))]
    InputTooLarge { bytes: usize, max_bytes: usize, }
    TokenBeyondModel { token: &'a str, id: usize, rows: usize, }
    NoMask { mask_token: &'a str, }
    UnknownTarget { target: &'a str, pieces: &'a [String], }
    NoChatTemplate
    ChatTemplate {
        #[cfg_attr(test, ts(type = "'unreadable' | 'refused' | 'unfitting' | 'endless'"))]
        problem: &'a str,
        reason: &'a str,
        #[cfg_attr(test, ts(optional))]
        line: Option<u64>,
    }
    NoMlmHead { has: &'a [String], }
    NoNspHead { has: &'a [String], }
    NoLmHead { has: &'a [String], }
    NoQaHead { has: &'a [String], }
    NoClassificationHead { has: &'a [String], }
    NoTaggingHead { has: &'a [String], }
    WrongArchitecture { needed: &'a str, found: &'a str, }
    Unsupported { reason: &'a str, }
    BeyondBuild { what: &'a str, }
    InvalidOption {
        option: &'a str,
        #[cfg_attr(test, ts(optional))]
        reason: Option<&'a str>,
    }
    // The package has errors of this code that know less.
    OutOfMemory {
        #[cfg_attr(test, ts(optional))]
        what: Option<&'a str>,
        #[cfg_attr(test, ts(optional))]
        bytes: Option<u64>,
        #[cfg_attr(test, ts(optional))]
        model_bytes: Option<u64>,
        #[cfg_attr(test, ts(optional, type = "DType"))]
        dtype: Option<&'a str>,
    }
    Internal { reason: &'a str, }
}

impl<'a> From<&'a Error> for CoreError<'a> {
    fn from(error: &'a Error) -> Self {
        match error {
            Error::InvalidConfig(reason) => Self::InvalidConfig { reason },
            Error::MalformedConfig(cause) => Self::InvalidConfig {
                reason: cause.message(),
            },
            Error::InvalidWeights(reason) => Self::InvalidWeights { reason },
            Error::TruncatedWeights { place, missing } => Self::TruncatedWeights {
                place,
                missing: *missing,
            },
            Error::MissingTensor(tensor) => Self::MissingTensor { tensor },
            Error::ShapeMismatch {
                tensor,
                expected,
                found,
            } => Self::ShapeMismatch {
                tensor,
                expected,
                found,
            },
            Error::InvalidTokenizer(reason) => Self::InvalidTokenizer { reason },
            Error::EmptyInput { input } => Self::EmptyInput { input },
            Error::InputTooLong { input, tokens, max } => Self::InputTooLong {
                input,
                tokens: *tokens,
                max: *max,
            },
            Error::InputTooLarge { bytes, max } => Self::InputTooLarge {
                bytes: *bytes,
                max_bytes: *max,
            },
            Error::TokenBeyondModel { token, id, rows } => Self::TokenBeyondModel {
                token,
                id: *id as usize,
                rows: *rows,
            },
            Error::NoMask { mask_token } => Self::NoMask { mask_token },
            Error::UnknownTarget { target, pieces } => Self::UnknownTarget { target, pieces },
            Error::NoChatTemplate => Self::NoChatTemplate,
            Error::ChatTemplate {
                problem,
                reason,
                line,
            } => Self::ChatTemplate {
                problem: problem.name(),
                reason,
                line: line.map(u64::from),
            },
            Error::NoHead { head, has } => match head {
                Head::Mlm => Self::NoMlmHead { has },
                Head::Nsp => Self::NoNspHead { has },
                Head::Lm => Self::NoLmHead { has },
                Head::Qa => Self::NoQaHead { has },
                Head::SequenceClassification => Self::NoClassificationHead { has },
                Head::TokenClassification => Self::NoTaggingHead { has },
            },
            Error::WrongArchitecture { needed, found } => Self::WrongArchitecture { needed, found },
            Error::Unsupported(reason) => Self::Unsupported { reason },
            Error::BeyondBuild(what) => Self::BeyondBuild { what },
            Error::InvalidOption { option, message } => Self::InvalidOption {
                option,
                reason: Some(message),
            },
            Error::OutOfMemory { what, bytes, model } => Self::OutOfMemory {
                what: Some(what),
                bytes: Some(*bytes),
                model_bytes: model.map(|(bytes, _)| bytes),
                dtype: model.map(|(_, dtype)| dtype.name()),
            },
            Error::Internal(reason) => Self::Internal { reason },
        }
    }
}

/// A field of an error.
pub(crate) trait Known {
    fn fact(&self) -> Fact<'_>;
}

impl Known for &str {
    fn fact(&self) -> Fact<'_> {
        Fact::Text(self)
    }
}

impl Known for usize {
    fn fact(&self) -> Fact<'_> {
        Fact::Number(*self as f64)
    }
}

impl Known for u64 {
    fn fact(&self) -> Fact<'_> {
        Fact::Number(*self as f64)
    }
}

impl Known for &[String] {
    fn fact(&self) -> Fact<'_> {
        Fact::Texts(self)
    }
}

impl Known for &[usize] {
    fn fact(&self) -> Fact<'_> {
        Fact::Numbers(self)
    }
}

impl<T: Known> Known for Option<T> {
    fn fact(&self) -> Fact<'_> {
        self.as_ref().map_or(Fact::Absent, Known::fact)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::error::TemplateProblem;
    use crate::nn::DType;

    /// One error of each kind.
    pub fn every_error() -> Vec<Error> {
        let text = || String::from("text");
        let no_head = |head| Error::NoHead {
            head,
            has: vec![text()],
        };
        let mut errors = vec![
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
            Error::TokenBeyondModel {
                token: text(),
                id: 9,
                rows: 8,
            },
            Error::NoMask { mask_token: text() },
            Error::UnknownTarget {
                target: text(),
                pieces: vec![text()],
            },
            Error::NoChatTemplate,
            Error::ChatTemplate {
                problem: TemplateProblem::Refused,
                reason: text(),
                line: Some(3),
            },
        ];
        errors.extend(Head::ALL.map(no_head));
        errors.extend([
            Error::WrongArchitecture {
                needed: "BERT-type",
                found: "gpt2",
            },
            Error::Unsupported(text()),
            Error::BeyondBuild("chat templates"),
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
        ]);
        errors
    }

    #[test]
    fn facts_are_those_of_the_error() {
        let too_long = Error::InputTooLong {
            input: "prompt".into(),
            tokens: 1030,
            max: 1023,
        };
        let facts = [
            ("input", Fact::Text("prompt")),
            ("tokens", Fact::Number(1030.0)),
            ("max", Fact::Number(1023.0)),
        ];
        assert_eq!(CoreError::from(&too_long).facts(), facts);
        let memory = Error::out_of_memory("the KV cache", 1 << 33);
        let facts = [
            ("what", Fact::Text("the KV cache")),
            ("bytes", Fact::Number(8_589_934_592.0)),
            ("model_bytes", Fact::Absent),
            ("dtype", Fact::Absent),
        ];
        assert_eq!(CoreError::from(&memory).facts(), facts);
        assert_eq!(CoreError::from(&Error::NoChatTemplate).facts(), []);
    }
}
