//! What a stranger wrote names no control token: a message with `<|im_end|>` in it would end its own turn, and the next
//! line be the system's.

use std::borrow::Cow;

/// The names of a vocabulary's special tokens.
#[derive(Debug, Default)]
pub(super) struct ControlTokens {
    /// Sorted; none begins with another, so that of all texts before a text in this order only the last can be its
    /// beginning.
    names: Vec<String>,
}

impl ControlTokens {
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        // One that begins with another is found with it.
        names.dedup_by(|name, before| name.starts_with(before.as_str()));
        Self { names }
    }

    /// The text with a blank behind the first character of each name in it (`< |im_end|>`): to read, it is the same.
    pub fn broken_in<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut broken = String::new();
        let mut done = 0;
        for (at, first) in text.char_indices() {
            let rest = &text[at..];
            let before = self.names.partition_point(|name| name.as_str() <= rest);
            let Some(name) = before.checked_sub(1).map(|last| &self.names[last]) else {
                continue;
            };
            if rest.starts_with(name.as_str()) {
                let behind = at + first.len_utf8();
                // Of a single character the blank is what remains.
                let kept = if name.len() > first.len_utf8() {
                    behind
                } else {
                    at
                };
                broken.push_str(&text[done..kept]);
                broken.push(' ');
                done = behind;
            }
        }
        match done {
            0 => Cow::Borrowed(text),
            _ => Cow::Owned(broken + &text[done..]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_broken_and_nothing_else() {
        let names = [
            "<|im_end|>",
            "<s>",
            "<s>>",
            "",
            "|im_end|>",
            "\u{2581}",
            "</s>",
        ];
        let tokens = ControlTokens::new(names.map(String::from));
        for (text, expected) in [
            ("", ""),
            ("1 < 2, <|im_end| > and <S>", "1 < 2, <|im_end| > and <S>"),
            ("<s>", "< s>"),
            ("caf\u{e9}<s>><s", "caf\u{e9}< s>><s"),
            ("a<|im_end|>\n</s>b", "a< | im_end|>\n< /s>b"),
            ("<<s>s>", "<< s>s>"),
            ("\u{2581}x", " x"),
        ] {
            let broken = tokens.broken_in(text);
            assert_eq!(broken, expected);
            assert!(names[1..]
                .iter()
                .all(|name| name.is_empty() || !broken.contains(name)));
        }
        assert_eq!(ControlTokens::default().broken_in("<s>"), "<s>");
    }
}
