//! Byte pairs (Sennrich et al. 2016): of all neighbours that the vocabulary merges, those with the lowest rank become one
//! piece, until none are left.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tokenizers::models::bpe::BPE;
use tokenizers::Model;

use super::budget::Budget;
use crate::error::{Error, Result};

/// Two neighbours become one piece.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MergeStep {
    /// The left one.
    pub left: String,
    /// The right one.
    pub right: String,
    /// Both.
    pub result: String,
    /// The merge's place in the tokenizer's list, from 0: lower ones were commoner in what it was trained on.
    pub rank: u32,
    /// The place of the left one among the pieces before.
    pub at: usize,
    /// All pieces of the word after it.
    pub pieces_after: Vec<String>,
}

/// The ranks of a tokenizer's merges, by the ids of both pieces.
pub(super) struct Ranks(HashMap<(u32, u32), u32>);

impl Ranks {
    /// The crate keeps its merges to itself, but writes them down: in the order of their ranks.
    ///
    /// # Errors
    /// [`Error::Internal`] if it writes anything else.
    pub fn of(model: &BPE) -> Result<Self> {
        #[derive(Deserialize)]
        struct Written {
            merges: Vec<(String, String)>,
        }
        let failed = |error: serde_json::Error| Error::Internal(format!("merges: {error}"));
        let written = serde_json::to_vec(model).map_err(failed)?;
        let Written { merges } = serde_json::from_slice(&written).map_err(failed)?;
        let id = |piece: &str| model.token_to_id(piece);
        let ranks = (0..).zip(&merges).filter_map(|(rank, (left, right))| {
            let pair = (id(left)?, id(right)?);
            Some((pair, rank))
        });
        Ok(Self(ranks.collect()))
    }
}

/// A word before its first merge, its pieces after the last one, and the merges between.
pub(super) struct Merged {
    pub symbols: Vec<String>,
    pub pieces: Vec<String>,
    pub merges: Vec<MergeStep>,
}

/// Merges `word`; `None` if it is more than the budget.
pub(super) fn merge(model: &BPE, ranks: &Ranks, word: &str, budget: &mut Budget) -> Option<Merged> {
    if model.ignore_merges && model.token_to_id(word).is_some() {
        return Some(Merged {
            symbols: vec![word.into()],
            pieces: vec![word.into()],
            merges: Vec::new(),
        });
    }
    budget.take(word.len())?;
    let symbols = symbols(model, word);
    let mut pieces = symbols.clone();
    let mut ids: Vec<_> = symbols
        .iter()
        .map(|symbol| model.token_to_id(symbol))
        .collect();
    let mut merges = Vec::new();
    loop {
        budget.take(pieces.len())?;
        let pairs = ids.windows(2).enumerate();
        let ranked = pairs.filter_map(|(at, pair)| {
            let rank = ranks.0.get(&(pair[0]?, pair[1]?))?;
            Some((*rank, at))
        });
        // Of equals the first.
        let Some((rank, at)) = ranked.min() else {
            break;
        };
        let right = pieces.remove(at + 1);
        let result = format!("{}{right}", pieces[at]);
        ids.remove(at + 1);
        ids[at] = model.token_to_id(&result);
        let left = std::mem::replace(&mut pieces[at], result.clone());
        merges.push(MergeStep {
            left,
            right,
            result,
            rank,
            at,
            pieces_after: pieces.clone(),
        });
    }
    Some(Merged {
        symbols,
        pieces,
        merges,
    })
}

/// The pieces that merging begins with: characters, which stand for bytes in byte-level vocabularies. SentencePiece's
/// write an unknown one as the bytes of its UTF-8 (`<0xF0>`); else it is the token for the unknown, several in a row one
/// such token if the model says so, and nothing where it has none.
fn symbols(model: &BPE, word: &str) -> Vec<String> {
    let mut symbols: Vec<String> = Vec::new();
    let mut after_unknown = false;
    let last = word.char_indices().next_back().map(|(at, _)| at);
    for (at, character) in word.char_indices() {
        let mut symbol = String::from(character);
        if let Some(prefix) = model.continuing_subword_prefix.as_ref().filter(|_| at > 0) {
            symbol.insert_str(0, prefix);
        }
        if let Some(suffix) = model
            .end_of_word_suffix
            .as_ref()
            .filter(|_| Some(at) == last)
        {
            symbol += suffix;
        }
        if model.token_to_id(&symbol).is_some() {
            symbols.push(symbol);
            after_unknown = false;
            continue;
        }
        if model.byte_fallback {
            let bytes: Vec<_> = symbol
                .bytes()
                .map(|byte| format!("<{byte:#04X}>"))
                .collect();
            if bytes.iter().all(|byte| model.token_to_id(byte).is_some()) {
                symbols.extend(bytes);
                continue;
            }
        }
        if let Some(unknown) = &model.unk_token {
            if !(after_unknown && model.fuse_unk) {
                symbols.push(unknown.clone());
            }
            after_unknown = true;
        }
    }
    symbols
}
