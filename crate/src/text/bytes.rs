//! Byte-level BPE pieces as bytes, and bytes as text that never splits a character.

use std::collections::HashMap;
use std::sync::OnceLock;

/// GPT-2 writes each byte as a printable character (`bytes_to_unicode` of its encoder.py): printable
/// Latin-1 stands for itself, the other 68 bytes follow from U+0100 on.
fn byte_of_char() -> &'static HashMap<char, u8> {
    static TABLE: OnceLock<HashMap<char, u8>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut shifted = 0x100;
        (0..=255u8)
            .map(|byte| {
                let itself = matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
                let character = if itself {
                    byte as char
                } else {
                    shifted += 1;
                    char::from_u32(shifted - 1).expect("a code point below U+0144")
                };
                (character, byte)
            })
            .collect()
    })
}

/// The bytes a byte-level token stands for; a token with other characters (an added one, such as
/// `<|endoftext|>` in some vocabularies) stands for its own UTF-8.
pub(super) fn token_bytes(token: &str) -> Vec<u8> {
    let table = byte_of_char();
    let bytes: Option<Vec<u8>> = token.chars().map(|c| table.get(&c).copied()).collect();
    bytes.unwrap_or_else(|| token.as_bytes().to_vec())
}

/// Collects bytes and gives out text up to the last complete character.
#[derive(Debug, Default, Clone)]
pub struct Utf8Stream {
    pending: Vec<u8>,
}

impl Utf8Stream {
    /// Adds bytes; returns the text that is complete now. Bytes that can never become UTF-8 turn
    /// into U+FFFD, as in `String::from_utf8_lossy`.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut done = 0;
        for chunk in self.pending.utf8_chunks() {
            text.push_str(chunk.valid());
            done += chunk.valid().len();
            let invalid = chunk.invalid();
            let at_end = done + invalid.len() == self.pending.len();
            if invalid.is_empty() || (at_end && may_continue(invalid)) {
                break;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            done += invalid.len();
        }
        self.pending.drain(..done);
        text
    }

    /// What is left at the end: nothing, or U+FFFD for a character that was never completed.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.pending)).into_owned()
    }
}

/// Whether the bytes are the beginning of a character (as opposed to no character at all).
fn may_continue(bytes: &[u8]) -> bool {
    // An incomplete but so far right sequence is the one error without a length.
    matches!(std::str::from_utf8(bytes), Err(error) if error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_comes_out_whole() {
        let mut stream = Utf8Stream::default();
        let smile = "😀".as_bytes();
        assert_eq!(stream.push(&smile[..1]), "");
        assert_eq!(stream.push(&smile[1..3]), "");
        assert_eq!(stream.push(&[smile[3], b'!']), "😀!");
        assert_eq!(stream.push(&[b'a', 0xff, b'b', 0xe2, 0x82]), "a\u{fffd}b");
        assert_eq!(stream.finish(), "\u{fffd}");
        assert_eq!(stream.finish(), "");
    }

    #[test]
    fn byte_level_pieces() {
        assert_eq!(token_bytes("Ġthe"), b" the");
        assert_eq!(token_bytes("Ċ"), b"\n");
        assert_eq!(token_bytes("Ã©"), "é".as_bytes());
        assert_eq!(token_bytes("日"), "日".as_bytes());
    }
}
