//! How vocabularies write blanks and bytes.

use std::collections::HashMap;
use std::sync::OnceLock;

/// SentencePiece's sign for a blank.
pub(super) const BLANK: char = '\u{2581}';

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

/// Bytes as a text for people: characters, and each byte of a part of one as `<0xE6>`.
pub(super) fn readable_bytes(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str("<0x");
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
            text.push('>');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_level_pieces() {
        assert_eq!(token_bytes("Ġthe"), b" the");
        assert_eq!(token_bytes("Ċ"), b"\n");
        assert_eq!(token_bytes("Ã©"), "é".as_bytes());
        assert_eq!(token_bytes("日"), "日".as_bytes());
    }

    #[test]
    fn bytes_of_a_part_of_a_character_are_named() {
        assert_eq!(readable_bytes("é 東".as_bytes()), "é 東");
        assert_eq!(readable_bytes(&"東".as_bytes()[..2]), "<0xE6><0x9D>");
        assert_eq!(readable_bytes(&" 東京".as_bytes()[..5]), " 東<0xE4>");
        assert_eq!(readable_bytes(&[0xb1, b'a', 0xff]), "<0xB1>a<0xFF>");
        assert_eq!(readable_bytes(&[]), "");
    }
}
