//! Parts of characters in texts for people: bytes by their names, `<0xE6>`, and the characters that they join to.

use std::ops::Range;

use super::bytes::readable_bytes;

/// A byte's name has so many characters.
const NAME: usize = "<0xE6>".len();

/// The byte that is named at the start of a text.
fn named(text: &str) -> Option<u8> {
    let digits = text.strip_prefix("<0x")?.get(..2)?;
    let is_name = text.get(NAME - 1..)?.starts_with('>') && !digits.contains(char::is_lowercase);
    u8::from_str_radix(digits, 16).ok().filter(|_| is_name)
}

/// The rows of named bytes in a text.
fn rows(text: &str) -> Vec<(Range<usize>, Vec<u8>)> {
    let mut rows: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    for (at, _) in text.match_indices("<0x") {
        let Some(byte) = named(&text[at..]) else {
            continue;
        };
        match rows.last_mut().filter(|(range, _)| range.end == at) {
            Some((range, bytes)) => {
                range.end += NAME;
                bytes.push(byte);
            }
            None => rows.push((at..at + NAME, vec![byte])),
        }
    }
    rows
}

/// The text with the characters that its named bytes join to: `京` for `<0xE4><0xBA><0xAC>`.
pub fn join_bytes(text: &str) -> String {
    let mut joined = text.to_string();
    for (range, bytes) in rows(text).into_iter().rev() {
        joined.replace_range(range, &readable_bytes(&bytes));
    }
    joined
}

/// Whether a text ends within a character.
pub fn ends_in_part(text: &str) -> bool {
    rows(text)
        .last()
        .is_some_and(|(range, _)| range.end == text.len())
}

/// A text for people of tokens that come one by one. Where decoding makes U+FFFD of bytes that are no character, they are
/// named.
#[derive(Debug, Default)]
pub struct LegibleText {
    /// Named bytes at the end, of which the text has not come.
    open: String,
}

impl LegibleText {
    /// What a token adds that is written as `token` ([`super::Tokenizer::readable`]) and adds `text` to the decoded text.
    pub fn add(&mut self, token: &str, text: &str) -> String {
        let joined = join_bytes(&format!("{}{token}", self.open));
        let parts: Vec<(bool, String)> = rows(&joined)
            .iter()
            .flat_map(|(range, bytes)| {
                let at_end = range.end == joined.len();
                invalid(bytes).map(move |part| (at_end, readable_bytes(part)))
            })
            .collect();
        let mut left = parts.into_iter();
        let shown = text
            .chars()
            .map(|char| match char {
                // One of the model's own is a token with that character.
                char::REPLACEMENT_CHARACTER if !token.contains(char) => {
                    left.next().map_or(char.to_string(), |(_, part)| part)
                }
                _ => char.to_string(),
            })
            .collect();
        let at_end = left.filter(|(at_end, _)| *at_end);
        self.open = at_end.map(|(_, part)| part).collect();
        shown
    }

    /// What the end of the text adds, which came with no token.
    pub fn finish(&mut self, tail: &str) -> String {
        self.add("", tail)
    }
}

/// The parts of which each becomes one U+FFFD.
fn invalid(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.invalid())
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_join_to_characters() {
        for (text, joined) in [
            ("<0xE4><0xBA><0xAC>", "京"),
            ("北<0xE4><0xBA><0xAC>城<0xE4>", "北京城<0xE4>"),
            ("<0xBA><0xE4><0xBA><0xAC>", "<0xBA>京"),
            ("<0xe4> <0x", "<0xe4> <0x"),
            ("", ""),
        ] {
            assert_eq!(join_bytes(text), joined);
        }
        assert!(ends_in_part("a<0xE4>") && !ends_in_part("<0xE4>a"));
    }

    /// Tokens and their texts as a byte-level tokenizer decodes them; what is shown of each.
    #[test]
    fn no_token_is_shown_as_a_replacement() {
        let cases: [&[(&str, &str, &str)]; 4] = [
            &[("<0xE4><0xBA>", "", ""), ("<0xAC>", "京", "京")],
            &[
                (" 北<0xE4>", " 北", " 北"),
                (" the", "\u{fffd} the", "<0xE4> the"),
            ],
            &[
                ("<0xE4>", "", ""),
                ("<0xE5>", "", ""),
                ("<0xE6>", "", ""),
                ("<0xE7>", "\u{fffd}", "<0xE4>"),
                ("a", "\u{fffd}\u{fffd}\u{fffd}a", "<0xE5><0xE6><0xE7>a"),
            ],
            &[("\u{fffd}", "\u{fffd}", "\u{fffd}")],
        ];
        for case in cases {
            let mut legible = LegibleText::default();
            for (token, text, shown) in case {
                assert_eq!(legible.add(token, text), *shown, "{case:?}");
            }
            assert_eq!(legible.finish(""), "");
        }
        let mut cut = LegibleText::default();
        assert_eq!(cut.add("<0xF0><0x9F>", ""), "");
        assert_eq!(cut.finish("\u{fffd}"), "<0xF0><0x9F>");
    }
}
