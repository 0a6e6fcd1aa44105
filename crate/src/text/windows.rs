//! Texts that are longer than a model reads at once, in windows that overlap.

use std::ops::Range;

use super::tokenizer::{Encoding, TokenSpan};

/// A part of a text as the model reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The template, the text before in a pair, and the part. Offsets are those of the whole text.
    pub encoding: Encoding,
    /// Where the part's tokens are in it.
    pub part: Range<usize>,
    /// How many of the text's tokens stand before the part.
    pub skipped: usize,
}

impl Encoding {
    /// Where the tokens of a text are: of the first one (0) or of the second of a pair (1).
    pub fn part(&self, sequence: u32) -> Range<usize> {
        let is_part = |token: &TokenSpan| token.sequence == Some(sequence);
        let start = self.tokens.iter().position(is_part);
        let last = self.tokens.iter().rposition(is_part);
        start.map_or(0, |start| start)..last.map_or(0, |last| last + 1)
    }

    /// At most `most` tokens of a text: those behind are taken out.
    pub fn keep(&mut self, sequence: u32, most: usize) {
        let part = self.part(sequence);
        self.tokens
            .drain(part.end.min(part.start.saturating_add(most))..part.end);
    }

    /// A text in windows of `room` of its tokens, each in the same template; the last `stride` tokens of one are the first
    /// of the next. As transformers cuts with `return_overflowing_tokens`. A `stride` that would not let them move on
    /// counts as the most that does.
    pub fn windows(self, sequence: u32, room: usize, stride: usize) -> Windows {
        let part = self.part(sequence);
        let step = room.saturating_sub(stride).max(1);
        let rest = part.len().saturating_sub(room);
        Windows {
            len: 1 + rest.div_ceil(step),
            encoding: self,
            room,
            step,
            part,
        }
    }
}

/// A text in windows, each of which is made when it is asked for.
pub struct Windows {
    encoding: Encoding,
    part: Range<usize>,
    room: usize,
    step: usize,
    len: usize,
}

impl Windows {
    /// How many there are, at least one.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Tokens of the template and of the whole text.
    pub fn tokens(&self) -> usize {
        self.encoding.len()
    }

    /// The window `index`; behind the last one, one without tokens of the text.
    pub fn get(&self, index: usize) -> Window {
        let (tokens, part) = (&self.encoding.tokens, &self.part);
        let start = part
            .end
            .min(part.start.saturating_add(index.saturating_mul(self.step)));
        let end = part.end.min(start.saturating_add(self.room));
        let parts = [
            &tokens[..part.start],
            &tokens[start..end],
            &tokens[part.end..],
        ];
        Window {
            encoding: Encoding {
                tokens: parts.concat(),
            },
            part: part.start..part.start + (end - start),
            skipped: start - part.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_numbers_are_no_overflow() {
        let token = |sequence| TokenSpan {
            sequence,
            ..Default::default()
        };
        let mut encoding = Encoding {
            tokens: [None, Some(0), Some(0), None].map(token).to_vec(),
        };
        encoding.keep(0, usize::MAX);
        assert_eq!(encoding.len(), 4);
        let windows = encoding.windows(0, 1, 0);
        assert_eq!(windows.get(usize::MAX).part, 1..1);
        let windows = windows.encoding.windows(0, usize::MAX, usize::MAX);
        assert_eq!((windows.len(), windows.get(0).part), (1, 1..3));
    }
}
