//! Offsets in UTF-16 units, in which JavaScript counts, for byte offsets into UTF-8. Only `wasm` needs them; they stand
//! here because they know text alone and can be tested natively.

use std::ops::Range;

/// Translates byte offsets of one text into UTF-16 offsets, in constant time each.
pub struct Utf16Index {
    /// UTF-16 units before each byte, one entry more than bytes; `None` for ASCII, where both agree.
    units: Option<Vec<u32>>,
    len: usize,
}

impl Utf16Index {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        let units = (!text.is_ascii()).then(|| {
            let mut units = Vec::with_capacity(text.len() + 1);
            let mut before = 0;
            for character in text.chars() {
                // Offsets inside a character round down to its start.
                units.extend(std::iter::repeat_n(before, character.len_utf8()));
                before += character.len_utf16() as u32;
            }
            units.push(before);
            units
        });
        Self {
            units,
            len: text.len(),
        }
    }

    /// UTF-16 units before the byte `offset`; offsets past the end count as the end.
    pub fn utf16(&self, offset: usize) -> usize {
        let offset = offset.min(self.len);
        match &self.units {
            Some(units) => units[offset] as usize,
            None => offset,
        }
    }

    /// Both ends of a byte range.
    pub fn range(&self, range: &Range<usize>) -> Range<usize> {
        self.utf16(range.start)..self.utf16(range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_javascript_does() {
        // "aé€😀z".length in JavaScript is 6; the emoji is a surrogate pair.
        let index = Utf16Index::new("aé€😀z");
        let byte_starts = [0, 1, 3, 6, 10, 11];
        assert_eq!(byte_starts.map(|b| index.utf16(b)), [0, 1, 2, 3, 5, 6]);
        assert_eq!(index.utf16(7), 3, "inside the emoji counts as its start");
        assert_eq!(Utf16Index::new("abc").range(&(1..99)), 1..3);
    }
}
