//! WordPiece (Schuster & Nakajima 2012; BERT's `tokenization.py`): of what is left of a word, the longest beginning that
//! is in the vocabulary.

use serde::Serialize;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::Model;

use super::budget::Budget;

/// A piece that was looked up in the vocabulary.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TriedPiece {
    /// Within a word, with the prefix of pieces that continue one (`##`).
    pub piece: String,
    /// Whether the vocabulary has it.
    pub found: bool,
}

/// The pieces of `word` and what was tried on the way; `None` if it is more than the budget.
pub(super) fn cut(
    model: &WordPiece,
    word: &str,
    budget: &mut Budget,
) -> Option<(Vec<String>, Vec<TriedPiece>)> {
    let unknown = || vec![model.unk_token.clone()];
    if word.chars().count() > model.max_input_chars_per_word {
        return Some((unknown(), Vec::new()));
    }
    let (mut pieces, mut tried, mut start) = (Vec::new(), Vec::new(), 0);
    while start < word.len() {
        let ends = word[start..].char_indices().rev();
        let ends = ends.map(|(at, character)| start + at + character.len_utf8());
        let mut found = None;
        for end in ends {
            budget.take_piece(end - start)?;
            let prefix = if start > 0 {
                &*model.continuing_subword_prefix
            } else {
                ""
            };
            let piece = format!("{prefix}{}", &word[start..end]);
            let known = model.token_to_id(&piece).is_some();
            tried.push(TriedPiece {
                piece: piece.clone(),
                found: known,
            });
            if known {
                found = Some((piece, end));
                break;
            }
        }
        let Some((piece, end)) = found else {
            // One part without a piece makes all of the word unknown.
            return Some((unknown(), tried));
        };
        pieces.push(piece);
        start = end;
    }
    Some((pieces, tried))
}
