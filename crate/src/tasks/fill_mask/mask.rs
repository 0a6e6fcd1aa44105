//! A mask in a text, and the text with a word in its place.

use std::ops::Range;

use crate::text::Tokenizer;

/// A mask: its place among the tokens and in the text.
pub(super) struct Mask {
    /// Index of its token.
    pub token: usize,
    /// UTF-8 bytes of the text.
    pub range: Range<usize>,
    /// What it stands for: `range`, and in RoBERTa and ALBERT the blanks before it.
    taken: Range<usize>,
}

impl Mask {
    /// Of the token `token`, which covers the bytes `range` of `text`.
    pub fn new(text: &str, token: usize, range: &Range<usize>, takes_blanks: bool) -> Self {
        let range = trimmed(text, range);
        let start = if takes_blanks {
            text[..range.start].trim_end().len()
        } else {
            range.start
        };
        Self {
            token,
            taken: start..range.end,
            range,
        }
    }

    /// Whether blanks before it belong to its word.
    pub fn takes_blanks(&self) -> bool {
        self.taken.start < self.range.start
    }

    /// `text` with `word` in place of the mask. A piece that continues a word (`##ing`) joins what stands
    /// before it; a word that brings its own blank puts it where there is none.
    pub fn fill(&self, tokenizer: &Tokenizer, text: &str, word: &str) -> String {
        let after = &text[self.range.end..];
        if let Some(rest) = continuing(tokenizer, word) {
            return format!("{}{rest}{after}", text[..self.range.start].trim_end());
        }
        let before = &text[..self.taken.start];
        let word = without_second_blank(tokenizer, before, word);
        format!("{before}{word}{after}")
    }

    /// How `word` stands in the mask's place if the text around stays as it is; and whether it continues the word
    /// before, so that blanks between the two must go.
    pub fn in_place(&self, tokenizer: &Tokenizer, text: &str, word: &str) -> (String, bool) {
        if let Some(rest) = continuing(tokenizer, word) {
            return (rest.to_string(), true);
        }
        let before = &text[..self.range.start];
        let joins =
            tokenizer.blanks_in_pieces() && tokenizer.mask_takes_blanks() && !word.starts_with(' ');
        (
            without_second_blank(tokenizer, before, word).to_string(),
            joins,
        )
    }
}

/// The rest of a piece that continues a word: `ing` of `##ing`.
fn continuing<'a>(tokenizer: &Tokenizer, word: &'a str) -> Option<&'a str> {
    let rest = word.strip_prefix(tokenizer.continuation_prefix()?)?;
    (!rest.is_empty()).then_some(rest)
}

/// `word`, without a blank of its own where nothing or a blank stands before it.
fn without_second_blank<'a>(tokenizer: &Tokenizer, before: &str, word: &'a str) -> &'a str {
    let has_blank = before.is_empty() || before.ends_with(char::is_whitespace);
    if has_blank && tokenizer.blanks_in_pieces() {
        word.strip_prefix(' ').unwrap_or(word)
    } else {
        word
    }
}

/// The range without blanks at its ends, which some tokenizers count to the mask.
fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}
