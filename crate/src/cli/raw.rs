//! The text of JSON values, cut and compared as it stands: a number that is read and written again may have lost its last bit.

/// The parts of a value, each as its text.
#[derive(Debug, PartialEq)]
pub enum Parts<'a> {
    /// Names as they stand in the text, quotes included.
    Object(Vec<(&'a str, &'a str)>),
    List(Vec<&'a str>),
    Scalar(&'a str),
}

/// The parts of a value. `text` is JSON.
pub fn parts(text: &str) -> Parts<'_> {
    let text = text.trim();
    match text.as_bytes().first() {
        Some(b'{') => Parts::Object(
            split(&text[1..text.len() - 1], b',')
                .into_iter()
                .filter_map(|field| match split(field, b':')[..] {
                    [name, value] => Some((name, value)),
                    _ => None,
                })
                .collect(),
        ),
        Some(b'[') => Parts::List(split(&text[1..text.len() - 1], b',')),
        _ => Parts::Scalar(text),
    }
}

/// The value of an object's field.
pub fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let Parts::Object(fields) = parts(text) else {
        return None;
    };
    let quoted = format!("\"{name}\"");
    fields
        .into_iter()
        .find(|(there, _)| *there == quoted)
        .map(|(_, value)| value)
}

/// Cuts at the `separator`s that stand in no string and in no inner value.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let (mut found, mut from, mut depth) = (Vec::new(), 0, 0);
    let (mut in_text, mut escaped) = (false, false);
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            byte if byte == separator && depth == 0 => {
                found.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    let last = text[from..].trim();
    if !(found.is_empty() && last.is_empty()) {
        found.push(last);
    }
    found
}

/// The first place where two values differ, and what stands there in each; `None` if they are the same. `place` is the
/// way to them.
pub fn first_difference(place: &str, saved: &str, computed: &str) -> Option<Difference> {
    let differ = || Difference {
        place: place.into(),
        saved: saved.trim().into(),
        computed: computed.trim().into(),
    };
    match (parts(saved), parts(computed)) {
        (Parts::Object(a), Parts::Object(b)) => {
            let names = |fields: &[(&str, &str)]| -> Vec<String> {
                fields.iter().map(|(name, _)| name.to_string()).collect()
            };
            if names(&a) != names(&b) {
                return Some(Difference {
                    place: format!("the fields of {place}"),
                    saved: names(&a).join(", "),
                    computed: names(&b).join(", "),
                });
            }
            a.iter().zip(&b).find_map(|((name, saved), (_, computed))| {
                let place = format!("{place}.{}", name.trim_matches('"'));
                first_difference(&place, saved, computed)
            })
        }
        (Parts::List(a), Parts::List(b)) => {
            let mut items = a.iter().zip(&b).enumerate();
            let inner = items.find_map(|(index, (saved, computed))| {
                first_difference(&format!("{place}[{index}]"), saved, computed)
            });
            let length = || Difference {
                place: format!("the length of {place}"),
                saved: a.len().to_string(),
                computed: b.len().to_string(),
            };
            inner.or_else(|| (a.len() != b.len()).then(length))
        }
        (Parts::Scalar(a), Parts::Scalar(b)) if a == b => None,
        _ => Some(differ()),
    }
}

/// A place where two values differ.
#[derive(Debug, PartialEq)]
pub struct Difference {
    pub place: String,
    pub saved: String,
    pub computed: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_at_their_own_commas() {
        let text = r#" { "a" : [1, {"b": "x,\"]}"}] , "c":{} } "#;
        let fields = vec![("\"a\"", r#"[1, {"b": "x,\"]}"}]"#), ("\"c\"", "{}")];
        assert_eq!(parts(text), Parts::Object(fields));
        assert_eq!(parts("[ ]"), Parts::List(vec![]));
        assert_eq!(field(text, "c"), Some("{}"));
        assert_eq!(field(text, "b"), None);
    }

    #[test]
    fn the_first_difference_is_named_by_its_way() {
        let saved = r#"[{"score": 0.5, "top": [1, 2]}]"#;
        let same = r#"[{"score":0.5,"top":[1,2]}]"#;
        assert_eq!(first_difference("result", saved, same), None);
        let other = r#"[{"score":0.5,"top":[1,2.0000000000000004]}]"#;
        let found = first_difference("result", saved, other).expect("a difference");
        assert_eq!(found.place, "result[0].top[1]");
        assert_eq!(found.computed, "2.0000000000000004");
        let shorter = r#"[{"score":0.5,"top":[1]}]"#;
        let found = first_difference("result", saved, shorter).expect("a difference");
        assert_eq!(found.place, "the length of result[0].top");
        let renamed = r#"[{"scored":0.5,"top":[1,2]}]"#;
        let found = first_difference("result", saved, renamed).expect("a difference");
        assert_eq!(found.place, "the fields of result[0]");
    }
}
