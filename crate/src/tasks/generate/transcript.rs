//! The text that is given out.

use super::stop::{NewToken, StopRules, StopStrings};
use super::written::FinishReason;
use crate::text::Utf8Stream;

/// Makes text of tokens as they are settled. Characters come out whole, and what may be the beginning of a stop string
/// is held back.
pub(super) struct Transcript {
    characters: Utf8Stream,
    strings: StopStrings,
    /// Rules about the text as it is given out.
    stops: StopRules,
    text: String,
    /// Tokens taken.
    length: usize,
}

impl Transcript {
    /// Ends at stop strings and by `stops`.
    pub fn new(strings: StopStrings, stops: StopRules) -> Self {
        Self {
            characters: Utf8Stream::default(),
            strings,
            stops,
            text: String::new(),
            length: 0,
        }
    }

    /// All that was given out.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes the next token and the bytes that it adds. Returns the text that can be given out now, and why it is the
    /// last, if it is.
    pub fn push(&mut self, id: u32, bytes: &[u8]) -> (String, Option<FinishReason>) {
        self.length += 1;
        let characters = self.characters.push(bytes);
        let (text, stopped) = self.strings.take(&characters);
        self.text.push_str(&text);
        let reason = if stopped {
            Some(FinishReason::Stop)
        } else {
            self.stops.push(&NewToken {
                id,
                text: &text,
                length: self.length,
            })
        };
        (text, reason)
    }

    /// Gives out what was held back when the text ends for `reason`. Returns it with the reason, which is another if an
    /// incomplete character completes a stop string.
    pub fn finish(&mut self, reason: FinishReason) -> (FinishReason, String) {
        let (text, stopped) = self.strings.take(&self.characters.finish());
        let tail = text + &self.strings.finish();
        self.text.push_str(&tail);
        let reason = if stopped { FinishReason::Stop } else { reason };
        (reason, tail)
    }
}
