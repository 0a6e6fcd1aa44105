//! The text that is given out.

use super::stop::{NewToken, StopRules, StopStrings};
use super::written::FinishReason;
use crate::text::TextStream;

/// Makes text of tokens as they are settled. Characters come out whole, and what may be the beginning of a stop string
/// is held back.
pub(super) struct Transcript {
    stream: TextStream,
    strings: StopStrings,
    /// Rules about the text as it is given out.
    stops: StopRules,
    text: String,
    /// Tokens taken.
    length: usize,
}

impl Transcript {
    /// Ends at stop strings and by `stops`.
    pub fn new(stream: TextStream, strings: StopStrings, stops: StopRules) -> Self {
        Self {
            stream,
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

    /// Takes the next token. Returns the text that can be given out now, and why it is the last, if it is.
    pub fn push(&mut self, id: u32) -> (String, Option<FinishReason>) {
        self.length += 1;
        let text = self.stream.push(id);
        let (text, stopped) = match self.stopped_by_held(&text) {
            Some(last) => (last, true),
            None => self.strings.take(&text),
        };
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

    /// The last text, if what is held back behind `text` for the sake of further tokens completes a stop string: it would
    /// end there if none came. Incomplete characters complete none.
    fn stopped_by_held(&self, text: &str) -> Option<String> {
        let held = self.strings.any().then(|| self.stream.clone().finish())?;
        if held.is_empty() || held.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        let (last, stopped) = self.strings.clone().take(&format!("{text}{held}"));
        stopped.then_some(last)
    }

    /// Gives out what was held back when the text ends for `reason`. Returns it with the reason, which is another if an
    /// incomplete character completes a stop string.
    pub fn finish(&mut self, reason: FinishReason) -> (FinishReason, String) {
        let (text, stopped) = self.strings.take(&self.stream.finish());
        let tail = text + &self.strings.finish();
        self.text.push_str(&tail);
        let reason = if stopped { FinishReason::Stop } else { reason };
        (reason, tail)
    }
}
