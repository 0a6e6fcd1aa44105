//! The text of tokens that come one by one.

use std::borrow::Cow;
use std::sync::Arc;

use super::tokenizer::Tokenizer;

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
        self.ids.push(id);
        let text = self.tokenizer.decode(&self.ids).unwrap_or_default();
        let certain = self.certain(&text);
        let piece = text.get(self.given..certain).unwrap_or_default().into();
        if certain == text.len() {
            let ids = std::mem::take(&mut self.ids);
            self.begin_behind(&ids);
        } else {
            self.given = self.given.max(certain);
        }
        piece
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
        text.trim_end_matches(char::REPLACEMENT_CHARACTER).len()
    }

    /// Keeps of `ids` what the text of the next token depends on.
    fn begin_behind(&mut self, ids: &[u32]) {
        /// Tokens of a character that is incomplete: one for each byte.
        const MOST: usize = 4;
        let shown = |id: &u32| self.tokenizer.is_shown(*id);
        let last = ids.iter().rposition(shown).unwrap_or(ids.len());
        let bytes = self.tokenizer.byte_tokens_at_end(ids);
        let mut start = last.min(ids.len() - bytes);
        let mut text = self.tokenizer.decode(&ids[start..]).unwrap_or_default();
        let least = start.saturating_sub(MOST);
        while start > least && bytes == 0 && text.ends_with(char::REPLACEMENT_CHARACTER) {
            start -= 1;
            text = self.tokenizer.decode(&ids[start..]).unwrap_or_default();
        }
        self.ids = ids[start..].to_vec();
        self.given = text.len();
    }
}
