//! Words whose probability is asked for, as ids.

use crate::error::{Error, Result};
use crate::text::{TokenSpan, Tokenizer};

/// The id of `word` in the first `vocab_size` entries. `after_blank` says whether a blank before the mask belongs to
/// the word: "Paris" means " Paris" there, the piece that begins a word.
///
/// # Errors
/// [`Error::UnknownTarget`] unless it is one token.
pub(super) fn target_id(
    tokenizer: &Tokenizer,
    vocab_size: usize,
    word: &str,
    after_blank: bool,
) -> Result<u32> {
    let is_in_model = |id: u32| (id as usize) < vocab_size;
    let only_id = |pieces: &[TokenSpan]| match pieces {
        [piece] if is_in_model(piece.id) && !tokenizer.is_unknown(piece.id) => Some(piece.id),
        _ => None,
    };
    if after_blank && tokenizer.blanks_in_pieces() {
        let pieces = tokenizer.encode(&format!(" {word}"), None, false)?;
        if let Some(id) = only_id(&pieces.tokens) {
            return Ok(id);
        }
    }
    // The entry itself before what the text is cut into, so that "##ing" can be asked for.
    if let Some(id) = tokenizer.token_to_id(word).filter(|&id| is_in_model(id)) {
        return Ok(id);
    }
    let pieces = tokenizer.encode(word, None, false)?.tokens;
    only_id(&pieces).ok_or_else(|| Error::UnknownTarget {
        target: word.to_string(),
        pieces: match &pieces[..] {
            [piece] if tokenizer.is_unknown(piece.id) => Vec::new(),
            pieces => pieces.iter().map(|piece| piece.token.clone()).collect(),
        },
    })
}
