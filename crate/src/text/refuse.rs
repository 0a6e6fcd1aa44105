//! What the `tokenizers` crate answers with a panic, which in wasm would be the end of the instance: found
//! before it is asked. (All of it was found by `tests/fuzz.rs`, or by reading.)

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::Deserialize;
use serde_json::Value;
use tokenizers::tokenizer::pattern::Pattern;
use tokenizers::utils::SysRegex;

use super::charsmap;
use super::template::fits_together;

const NOT_MERGED: &str = "two pieces are merged to a token that the vocabulary does not have";

/// Refuses a `tokenizer.json` with parts that would panic. None has a use in the tokenizers of the models
/// that are run. Returns the kind of model that it names.
pub(super) fn fatal_parts(bytes: &[u8]) -> Result<Option<String>, String> {
    #[derive(Deserialize)]
    struct Parts {
        normalizer: Option<Value>,
        pre_tokenizer: Option<Value>,
        post_processor: Option<Value>,
        decoder: Option<Value>,
        model: Option<Model>,
    }
    let parts: Parts = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let mut kind = None;
    if let Some(model) = parts.model {
        model.check()?;
        kind = model.kind;
    }
    let parts = [
        parts.normalizer,
        parts.pre_tokenizer,
        parts.post_processor,
        parts.decoder,
    ];
    let reason = parts.iter().flatten().find_map(fatal);
    reason.map_or(Ok(kind), |reason| Err(reason.to_string()))
}

/// Refuses merges whose result is longer than any token: it would not fit where it is put together.
/// (Shorter ones are looked up, and refused by the crate itself.)
pub(super) fn check_merges<'a>(
    tokens: impl Iterator<Item = &'a str>,
    mut merges: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), &'static str> {
    let longest = tokens.map(str::len).max().unwrap_or(0);
    if merges.all(|(left, right)| left.len() + right.len() <= longest) {
        return Ok(());
    }
    Err(NOT_MERGED)
}

/// The same of a `tokenizer.json`, whose vocabulary and merges are measured and not kept.
#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    continuing_subword_prefix: Option<String>,
    vocab: Option<LongestToken>,
    merges: Option<LongestMerge>,
}

impl Model {
    fn check(&self) -> Result<(), &'static str> {
        let Some(LongestMerge(merge)) = self.merges else {
            return Ok(());
        };
        // It is cut off pieces that need not begin with it.
        let prefix = self.continuing_subword_prefix.as_deref();
        if prefix.is_some_and(|prefix| !prefix.is_empty()) {
            return Err("merges with a \"continuing_subword_prefix\" are not read");
        }
        let token = self.vocab.as_ref().map_or(0, |vocab| vocab.0);
        if merge <= token {
            return Ok(());
        }
        Err(NOT_MERGED)
    }
}

/// Bytes of a text, which is not kept.
struct Bytes(usize);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<Bytes, E> {
                Ok(Bytes(text.len()))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// Bytes of the longest token: the keys of a map (in a list, as Unigram has it, nothing is merged).
struct LongestToken(usize);

impl<'de> Deserialize<'de> for LongestToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tokens;
        impl<'de> Visitor<'de> for Tokens {
            type Value = LongestToken;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a vocabulary")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LongestToken, A::Error> {
                let mut longest = 0;
                while let Some((Bytes(token), IgnoredAny)) = map.next_entry()? {
                    longest = longest.max(token);
                }
                Ok(LongestToken(longest))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<LongestToken, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(LongestToken(0))
            }
        }
        deserializer.deserialize_any(Tokens)
    }
}

/// Bytes of the longest result of a merge.
#[derive(Deserialize)]
#[serde(from = "Vec<Merge>")]
struct LongestMerge(usize);

impl From<Vec<Merge>> for LongestMerge {
    fn from(merges: Vec<Merge>) -> Self {
        Self(merges.iter().map(|merge| merge.0).max().unwrap_or(0))
    }
}

/// Bytes of the result of a merge: of two pieces, or of both in one text with a space between them.
struct Merge(usize);

impl<'de> Deserialize<'de> for Merge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pieces;
        impl<'de> Visitor<'de> for Pieces {
            type Value = Merge;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("two pieces")
            }

            fn visit_str<E>(self, both: &str) -> Result<Merge, E> {
                Ok(Merge(both.len().saturating_sub(1)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Merge, A::Error> {
                let mut bytes = 0;
                while let Some(Bytes(piece)) = pair.next_element()? {
                    bytes += piece;
                }
                Ok(Merge(bytes))
            }
        }
        deserializer.deserialize_any(Pieces)
    }
}

/// Why a part of `tokenizer.json`, or a part of that, would panic.
fn fatal(part: &Value) -> Option<&'static str> {
    match part {
        Value::Object(fields) => {
            // Where the type is not what it should be, the crate goes by the fields.
            let is = |kind: &str, field: &str| {
                fields.get("type").is_some_and(|named| named == kind) || fields.contains_key(field)
            };
            if is("Precompiled", "precompiled_charsmap") {
                charsmap::defect(part["precompiled_charsmap"].as_str().unwrap_or_default())
            } else if is("Replace", "content") && finds_nothing(&part["pattern"]) {
                Some("\"Replace\" has nothing to look for")
            } else if is("FixedLength", "length") && part["length"] == 0 {
                Some("\"FixedLength\" has no length")
            } else if is("Prepend", "prepend") && part["prepend"] == "" {
                Some("\"Prepend\" has nothing to put in front")
            } else if is("Strip", "stop") && fields.get("stop").is_some_and(|stop| *stop != 0) {
                Some("a \"Strip\" at the end of tokens is not read")
            } else if is("TemplateProcessing", "special_tokens") {
                (!fits_together(part)).then_some(
                    "\"TemplateProcessing\" names texts or special tokens that it does not have",
                )
            } else {
                fields.values().find_map(fatal)
            }
        }
        Value::Array(parts) => parts.iter().find_map(fatal),
        _ => None,
    }
}

/// Whether a pattern is found between characters, with nothing in it.
fn finds_nothing(pattern: &Value) -> bool {
    match (pattern["String"].as_str(), pattern["Regex"].as_str()) {
        (Some(text), _) => text.is_empty(),
        // What is wrong with the expression itself is said when the tokenizer is built.
        (_, Some(regex)) => SysRegex::new(regex)
            .ok()
            .and_then(|regex| (&regex).find_matches("a b").ok())
            .is_some_and(|found| found.iter().any(|&((start, end), is)| is && start == end)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parts_that_would_panic_are_refused() {
        let token = |ids: &[u32]| json!({"[X]": {"id": "[X]", "ids": ids, "tokens": ["[X]"]}});
        let template = |single: &str, special: Value| {
            json!({"type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "[X]", "type_id": 0}}, {"Sequence": {"id": single, "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": special})
        };
        let replace = |kind: &str, pattern: &str| json!({"type": "Replace", "pattern": {kind: pattern}, "content": "x"});
        let without_type = |mut part: Value| {
            part.as_object_mut().expect("an object").remove("type");
            part
        };
        for part in [
            json!({"type": "Precompiled", "precompiled_charsmap": "AAAA"}),
            json!({"type": "Sequence", "pretokenizers": [{"type": "FixedLength", "length": 0}]}),
            replace("String", ""),
            replace("Regex", ""),
            replace("Regex", "x*"),
            json!({"type": "Prepend", "prepend": ""}),
            json!({"type": "Sequence", "decoders": [{"type": "Strip", "content": " ", "start": 0, "stop": 1}]}),
            template("A", json!({})),
            template("A", token(&[1, 2])),
            template("B", token(&[1])),
            without_type(template("A", json!({}))),
            without_type(json!({"type": "Precompiled", "precompiled_charsmap": "AAAA"})),
            without_type(replace("String", "")),
        ] {
            assert!(fatal(&part).is_some(), "{part}");
        }
        for part in [
            Value::Null,
            replace("Regex", " {2,}"),
            json!({"type": "Prepend", "prepend": "\u{2581}"}),
            json!({"type": "Strip", "content": " ", "start": 1, "stop": 0}),
            json!({"type": "Strip", "strip_left": true, "strip_right": true}),
            replace("Regex", "("),
            json!({"type": "FixedLength", "length": 5}),
            template("A", token(&[1])),
        ] {
            assert_eq!(fatal(&part), None, "{part}");
        }
    }
}
