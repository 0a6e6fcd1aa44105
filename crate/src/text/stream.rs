//! The text of tokens that come one by one.

use std::borrow::Cow;
use std::sync::Arc;

use super::tokenizer::Tokenizer;

/// Bytes of a character, and as many tokens, at the most.
const MOST_BYTES: usize = 4;

/// The text that tokens add to those before them: the pieces put together are what decoding all tokens at once adds.
///
/// How a token is written depends on its neighbours: the first of a text loses its blank, `##ing` joins the token before,
/// `</w>` is a blank only if another token follows, and bytes make characters together. So the last token that was given
/// out is decoded again with those behind it.
#[derive(Clone)]
pub struct TextStream {
    tokenizer: Arc<Tokenizer>,
    /// What the next text depends on, and the tokens of which text is held back.
    ids: Vec<u32>,
    /// Bytes of their text that are given out.
    given: usize,
}

impl TextStream {
    /// Behind the tokens `before`.
    pub fn after(tokenizer: Arc<Tokenizer>, before: &[u32]) -> Self {
        let mut stream = Self {
            tokenizer,
            ids: Vec::new(),
            given: 0,
        };
        stream.begin_behind(before);
        stream
    }

    /// Adds a token. Returns the text that no further token changes.
    pub fn push(&mut self, id: u32) -> String {
        let in_row = self.ids.last().is_some_and(|&last| {
            self.tokenizer.joins_bytes(last) && self.tokenizer.joins_bytes(id)
        });
        self.ids.push(id);
        // A row of byte tokens is held back as a whole: decoding it at each of them would take quadratic time.
        if in_row {
            return String::new();
        }
        let text = self.tokenizer.decode(&self.ids).unwrap_or_default();
        let certain = self.certain(&text);
        let piece = text.get(self.given..certain).unwrap_or_default().into();
        if certain == text.len() {
            let ids = std::mem::take(&mut self.ids);
            self.begin_behind(&ids);
        } else {
            self.given = self.given.max(certain);
            self.forget(&text);
        }
        piece
    }

    /// Lets go of tokens whose text is given out, where characters stay incomplete for long.
    fn forget(&mut self, text: &str) {
        /// So many tokens are held at the most, and so many are kept.
        const MOST: usize = 32;
        const KEPT: usize = 8;
        if self.ids.len() <= MOST {
            return;
        }
        let rest = text.len() - self.given;
        // Where a character is cut in two, the text of the last tokens alone is another one.
        for kept in KEPT..KEPT + MOST_BYTES {
            let last = self.ids.len() - kept;
            let end = self.tokenizer.decode(&self.ids[last..]).unwrap_or_default();
            if end.len() >= rest && text.ends_with(&end) {
                self.ids.drain(..last);
                self.given = end.len() - rest;
                return;
            }
        }
    }

    /// What was held back, if no further token comes: incomplete characters are U+FFFD.
    pub fn finish(&mut self) -> String {
        let text = self.tokenizer.decode(&self.ids).unwrap_or_default();
        let rest = text.get(self.given..).unwrap_or_default().into();
        self.given = text.len();
        rest
    }

    /// Bytes of `text`, that of all tokens held, which stay whatever follows.
    fn certain(&self, text: &str) -> usize {
        // One more byte may make a row of byte tokens invalid as a whole.
        let bytes = self.tokenizer.byte_tokens_at_end(&self.ids);
        let before = &self.ids[..self.ids.len() - bytes];
        let text = if bytes == 0 {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(self.tokenizer.decode(before).unwrap_or_default())
        };
        // An incomplete character is at most three bytes; U+FFFD before them stays.
        let mut certain = text.as_ref();
        for _ in 1..MOST_BYTES {
            certain = certain
                .strip_suffix(char::REPLACEMENT_CHARACTER)
                .unwrap_or(certain);
        }
        certain.len()
    }

    /// Keeps of `ids` what the text of the next token depends on.
    fn begin_behind(&mut self, ids: &[u32]) {
        let shown = |id: &u32| self.tokenizer.is_shown(*id);
        let last = ids.iter().rposition(shown).unwrap_or(ids.len());
        let bytes = self.tokenizer.byte_tokens_at_end(ids);
        let mut start = last.min(ids.len() - bytes);
        let mut text = self.tokenizer.decode(&ids[start..]).unwrap_or_default();
        let least = start.saturating_sub(MOST_BYTES);
        while start > least && bytes == 0 && text.ends_with(char::REPLACEMENT_CHARACTER) {
            start -= 1;
            text = self.tokenizer.decode(&ids[start..]).unwrap_or_default();
        }
        self.ids = ids[start..].to_vec();
        self.given = text.len();
    }
}
