//! Sentences, with the boundaries of Unicode Standard Annex 29.
//!
//! The annex takes a full stop before a small letter for that of an abbreviation. A text without any capital, such as
//! GPT-1 writes, would be one sentence to it: such a text is cut as if its ASCII letters were capitals.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

/// The first `count` sentences of `text`, without blanks around.
pub fn first_sentences(text: &str, count: usize) -> &str {
    let text = text.trim();
    let length: usize = sentence_lengths(text).iter().take(count).sum();
    text[..length].trim_end()
}

/// Bytes of each sentence of a text without blanks around.
fn sentence_lengths(text: &str) -> Vec<usize> {
    let text = if text.contains(char::is_uppercase) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_ascii_uppercase())
    };
    text.split_sentence_bounds().map(str::len).collect()
}

/// Counts the sentences of a text that grows. The sentence that has only begun counts, and the number may go down: in
/// `It cost approx. (five` the bracket ends a sentence until the small letter comes.
///
/// ```
/// use cloze::text::SentenceCounter;
///
/// let mut counter = SentenceCounter::default();
/// counter.push("It rained. No");
/// assert_eq!(counter.count(), 2);
/// counter.push("body minded.");
/// assert_eq!(counter.count(), 2);
/// ```
#[derive(Debug, Clone, Default)]
pub struct SentenceCounter {
    /// Of the text as it is.
    as_written: Boundaries,
    /// Of the text in capitals; asked as long as it has none.
    in_capitals: Boundaries,
    has_capital: bool,
}

impl SentenceCounter {
    /// Adds `text` behind what came before.
    pub fn push(&mut self, text: &str) {
        self.as_written.push(text);
        self.has_capital |= text.contains(char::is_uppercase);
        if !self.has_capital {
            self.in_capitals.push(&text.to_ascii_uppercase());
        }
    }

    /// The sentences of the text so far, blanks around it left out.
    pub fn count(&self) -> usize {
        if self.has_capital {
            self.as_written.sentences()
        } else {
            self.in_capitals.sentences()
        }
    }
}

/// The boundaries in a growing text. Only what stands behind its last letter is looked at again: a letter decides
/// whether a sentence ended before it, and no rule of the annex looks further back than to a letter.
#[derive(Debug, Clone, Default)]
struct Boundaries {
    /// How many stand before `open`.
    decided: usize,
    /// The text from its last letter on; all of it, without blanks at its beginning, where there is no letter yet.
    open: String,
}

impl Boundaries {
    fn push(&mut self, text: &str) {
        if self.open.is_empty() {
            self.open.push_str(text.trim_start());
        } else {
            self.open.push_str(text);
        }
        let last = self.open.char_indices().rfind(|&(_, c)| is_letter(c));
        if let Some((at, letter)) = last {
            let decided = &self.open[..at + letter.len_utf8()];
            self.decided += decided.split_sentence_bounds().count() - 1;
            self.open.drain(..at);
        }
    }

    fn sentences(&self) -> usize {
        let open = self.open.trim_end().split_sentence_bounds();
        self.decided + open.count()
    }
}

/// Whether a character is a letter to the annex: `Lower`, `Upper` or `OLetter`. Marks that are written on letters are
/// alphabetic to Unicode, but none.
fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    // A small letter behind the bracket would join it to the sentence before, unless `c` has decided already.
    let mut text = String::from("1. (");
    text.push(c);
    let decided = text.split_sentence_bounds().count();
    text.push('a');
    c.is_alphabetic() && text.split_sentence_bounds().count() == decided
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_counted_from_the_front() {
        let text = " It rained. Nobody minded! Why would they? The end. ";
        assert_eq!(
            first_sentences(text, 3),
            "It rained. Nobody minded! Why would they?"
        );
        assert_eq!(first_sentences(text, 9), text.trim());
        assert_eq!(first_sentences("", 3), "");
    }

    #[test]
    fn sentences_without_capitals_end_at_full_stops() {
        let text = " it rained . nobody minded , caf\u{e9} or not . the end .";
        assert_eq!(
            first_sentences(text, 2),
            "it rained . nobody minded , caf\u{e9} or not ."
        );
        assert_eq!(sentence_lengths(text.trim()).len(), 3);
        // With a capital anywhere, a small letter behind a full stop goes on with the sentence.
        assert_eq!(
            first_sentences("It rained, approx. two hours. The end.", 1),
            "It rained, approx. two hours."
        );
    }

    /// Whole numbers below `n`, the same in every run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, n: usize) -> usize {
            self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (self.0 >> 33) as usize % n
        }
    }

    /// Pushes the pieces one after the other; after each, the count must be that of the whole text.
    fn assert_counts(pieces: &[&str]) {
        let (mut counter, mut text) = (SentenceCounter::default(), String::new());
        for piece in pieces {
            counter.push(piece);
            text.push_str(piece);
            let whole = sentence_lengths(text.trim()).len();
            assert_eq!(counter.count(), whole, "{text:?} in pieces {pieces:?}");
        }
    }

    #[test]
    fn a_growing_text_is_counted_as_the_whole_one() {
        // Every class of the annex, twice where the classes' borders are unclear: marks that are alphabetic,
        // letters without case, digits, blanks that are none to `trim`.
        let alphabet = [
            "a",
            "b ",
            "Z",
            "\u{e9}",
            "\u{c9}",
            "\u{6771}",
            "\u{5d0}",
            "\u{1c5}",
            "7",
            ".",
            ".",
            "\u{2024}",
            "!",
            "?",
            "\u{3002}",
            " ",
            " ",
            "\u{3000}",
            "\u{a0}",
            "\n",
            "\r",
            "\r\n",
            "\u{85}",
            "\u{2029}",
            ",",
            ":",
            "\u{2014}",
            "(",
            ")",
            "\"",
            "\u{201d}",
            "\u{300}",
            "\u{345}",
            "\u{903}",
            "\u{ad}",
            "\u{200d}",
            "$",
            "\u{fffd}",
            "\u{1f600}",
            "\u{b}",
            "\u{e34}",
            "\u{aa}",
            "\u{2160}",
        ];
        let mut random = Random(1);
        for round in 0..20_000 {
            // Half of the texts have no capital.
            let small = round % 2 == 0;
            let pieces: Vec<&str> = (0..1 + random.below(14))
                .map(|_| alphabet[random.below(alphabet.len())])
                .filter(|piece| !(small && piece.contains(char::is_uppercase)))
                .collect();
            assert_counts(&pieces);
        }
    }

    #[test]
    fn words_are_counted_as_the_whole_text() {
        let words = [
            "It ",
            "rained",
            ". ",
            "approx",
            ".",
            " (",
            "the",
            ") ",
            "\u{201c}Why",
            "?\u{201d}",
            " 3.5 ",
            "U.S.A. ",
            "\n\n",
            "nobody",
            " e.g. ",
            "...",
            "\u{6771}\u{4eac}\u{3002}",
            "Dr. ",
            "No",
            "!",
        ];
        let mut random = Random(2);
        for _ in 0..5_000 {
            let pieces: Vec<&str> = (0..1 + random.below(25))
                .map(|_| words[random.below(words.len())])
                .collect();
            assert_counts(&pieces);
        }
    }

    #[test]
    fn only_what_is_behind_the_last_letter_stays() {
        let mut counter = SentenceCounter::default();
        for _ in 0..1000 {
            counter.push("it rained, approx. two hours; ");
            assert!(counter.as_written.open.len() < 8 && counter.in_capitals.open.len() < 8);
        }
        assert_eq!(counter.count(), 1001);
    }
}
