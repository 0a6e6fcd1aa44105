//! The template that a `tokenizer.json` puts around texts.

use serde_json::Value;

/// Whether a template's pieces are texts that there are, and special tokens with as many ids as names.
pub(super) fn fits_together(template: &Value) -> bool {
    let known = |piece: &Value, texts: &[&str]| match (&piece["Sequence"], &piece["SpecialToken"]) {
        (Value::Object(text), _) => text
            .get("id")
            .and_then(Value::as_str)
            .is_some_and(|id| texts.contains(&id)),
        (_, Value::Object(token)) => {
            let id = token.get("id").and_then(Value::as_str).unwrap_or_default();
            let token = &template["special_tokens"][id];
            let count = |field: &str| token[field].as_array().map(Vec::len);
            count("ids").is_some() && count("ids") == count("tokens")
        }
        _ => false,
    };
    let all_known = |field: &str, texts: &[&str]| {
        template[field]
            .as_array()
            .is_some_and(|pieces| pieces.iter().all(|piece| known(piece, texts)))
    };
    all_known("single", &["A"]) && all_known("pair", &["A", "B"])
}
