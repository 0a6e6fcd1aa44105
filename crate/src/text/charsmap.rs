//! SentencePiece's `precompiled_charsmap`, checked before the `tokenizers` crate trusts it.
//!
//! Its form: the bytes of a double-array trie (u32, little endian), the trie's units (u32 each), and the
//! replacements, each ended by a zero byte. The crate reserves what the first number says, follows the trie's
//! offsets and cuts the replacements where its leaves say, all without looking; in wasm a panic would be the end
//! of the instance.

/// Units of a trie come in blocks of this many: from a node, each byte leads to another unit of one block.
const BLOCK: usize = 256;

/// Why a charsmap, in base64, cannot be used.
pub(super) fn defect(charsmap: &str) -> Option<&'static str> {
    let Ok(bytes) = base64::decode(charsmap) else {
        return Some("its charsmap is no base64");
    };
    let Some((size, rest)) = bytes.split_first_chunk() else {
        return Some("its charsmap ends early");
    };
    let size = u32::from_le_bytes(*size) as usize / 4 * 4;
    let Some((trie, replacements)) = rest.split_at_checked(size) else {
        return Some("its charsmap ends early");
    };
    let Ok(replacements) = std::str::from_utf8(replacements) else {
        return Some("its charsmap's replacements are no UTF-8");
    };
    let units: Vec<usize> = trie
        .chunks_exact(4)
        .map(|unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]]) as usize)
        .collect();
    let whole = !units.is_empty() && units.len() % BLOCK == 0;
    let sound = whole && (0..units.len()).all(|at| leads_somewhere(&units, at, replacements));
    (!sound).then_some("its charsmap leads nowhere")
}

/// Whether what a unit points to is there (darts-clone: bit 31 marks a value, bit 8 says that one belongs to
/// the node, bit 9 scales the offset by 256).
fn leads_somewhere(units: &[usize], at: usize, replacements: &str) -> bool {
    let unit = units[at];
    // No byte leads to a value; where the search begins, nobody asks.
    if unit >> 31 & 1 == 1 && at != 0 {
        return true;
    }
    let next = at ^ ((unit >> 10) << ((unit & 1 << 9) >> 6));
    let has_value = unit >> 8 & 1 == 1;
    match units.get(next) {
        None => false,
        Some(value) => !has_value || replacements.is_char_boundary(value & ((1 << 31) - 1)),
    }
}
