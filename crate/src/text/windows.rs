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
        self.tokens.drain(part.end.min(part.start + most)..part.end);
    }

    /// A text in windows of `room` of its tokens, each in the same template; the last `stride` tokens of one are the first
    /// of the next. As transformers cuts with `return_overflowing_tokens`. A `stride` that would not let them move on
    /// counts as the most that does.
    pub fn windows(&self, sequence: u32, room: usize, stride: usize) -> Vec<Window> {
        let part = self.part(sequence);
        let step = room.saturating_sub(stride).max(1);
        let mut windows = Vec::new();
        let mut start = part.start;
        loop {
            let end = part.end.min(start.saturating_add(room.max(1)));
            let tokens = [
                &self.tokens[..part.start],
                &self.tokens[start..end],
                &self.tokens[part.end..],
            ];
            windows.push(Window {
                encoding: Encoding {
                    tokens: tokens.concat(),
                },
                part: part.start..part.start + (end - start),
                skipped: start - part.start,
            });
            if end == part.end {
                return windows;
            }
            start += step;
        }
    }
}
