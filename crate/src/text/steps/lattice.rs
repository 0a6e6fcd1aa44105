//! Unigram (Kudo 2018): of all ways to cut a word into pieces, the one whose pieces' probabilities have the greatest
//! product, found by Viterbi's algorithm.

use serde::Serialize;
use tokenizers::models::unigram::Unigram;
use tokenizers::Model;

use super::budget::Budget;

/// What the logarithm of a character's probability is below that of the rarest piece, where the vocabulary has none for
/// it (SentencePiece's `kUnkPenalty`).
const UNKNOWN_PENALTY: f64 = 10.0;

/// A piece that the vocabulary has for a part of a word.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LatticePiece {
    /// Where it begins in the word: UTF-8 bytes; in JavaScript, UTF-16 units.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The part itself.
    pub piece: String,
    /// Whether the vocabulary has it; a character that it lacks is a piece of its own.
    pub known: bool,
    /// Natural logarithm of its probability.
    pub score: f64,
    /// The score of the best way to cut the word up to here that ends with this piece.
    pub total: f64,
    /// Whether no other way to cut the word up to here is better.
    pub best: bool,
    /// Whether it is part of the best way to cut all of the word.
    pub chosen: bool,
}

/// The probabilities of a tokenizer's pieces.
pub(super) struct Scores {
    /// Natural logarithms, by id.
    scores: Vec<f64>,
    /// Bytes of the longest piece.
    longest: usize,
}

impl Scores {
    pub fn of(model: &Unigram) -> Self {
        Self {
            scores: model.iter().map(|(_, score)| *score).collect(),
            longest: model
                .iter()
                .map(|(piece, _)| piece.len())
                .max()
                .unwrap_or(0),
        }
    }

    fn of_piece(&self, model: &Unigram, piece: &str) -> Option<f64> {
        let id = model.token_to_id(piece)?;
        self.scores.get(id as usize).copied()
    }
}

/// The best pieces of `word`, and all that could have been; `None` if it is more than the budget.
pub(super) fn search(
    model: &Unigram,
    scores: &Scores,
    word: &str,
    budget: &mut Budget,
) -> Option<(Vec<String>, Vec<LatticePiece>)> {
    let candidates = candidates(model, scores, word, budget)?;
    let mut lattice: Vec<LatticePiece> = Vec::with_capacity(candidates.len());
    // The place in `lattice` of the piece that ends the best way up to each byte, and its score.
    let mut best: Vec<Option<(usize, f64)>> = vec![None; word.len() + 1];
    for candidate in candidates {
        let before = match candidate.start {
            0 => 0.0,
            start => best[start]?.1,
        };
        let total = before + candidate.score;
        let place = &mut best[candidate.end];
        // Of equals the first: it begins further left.
        if place.is_none_or(|(_, other)| total > other) {
            *place = Some((lattice.len(), total));
        }
        lattice.push(LatticePiece { total, ..candidate });
    }
    for &(at, _) in best.iter().flatten() {
        lattice[at].best = true;
    }
    let (mut end, mut chosen) = (word.len(), Vec::new());
    while end > 0 {
        let (at, _) = best[end]?;
        lattice[at].chosen = true;
        end = lattice[at].start;
        chosen.push(at);
    }
    chosen.reverse();
    Some((pieces(model, &lattice, &chosen), lattice))
}

/// All pieces of the vocabulary that `word` has in it, in the order of the text.
fn candidates(
    model: &Unigram,
    scores: &Scores,
    word: &str,
    budget: &mut Budget,
) -> Option<Vec<LatticePiece>> {
    let mut candidates = Vec::new();
    for (start, first) in word.char_indices() {
        let single = start + first.len_utf8();
        let ends = word[start..].char_indices();
        let ends = ends.map(|(at, character)| start + at + character.len_utf8());
        for end in ends.take_while(|end| *end == single || end - start <= scores.longest) {
            budget.take_piece(end - start)?;
            let piece = &word[start..end];
            let known = scores.of_piece(model, piece);
            if known.is_none() && end > single {
                continue;
            }
            candidates.push(LatticePiece {
                start,
                end,
                piece: piece.into(),
                known: known.is_some(),
                score: known.unwrap_or(model.min_score - UNKNOWN_PENALTY),
                total: 0.0,
                best: false,
                chosen: false,
            });
        }
    }
    Some(candidates)
}

/// The tokens of the chosen pieces. Unknown characters in a row are one; where the vocabulary has the bytes of its UTF-8,
/// it becomes these.
fn pieces(model: &Unigram, lattice: &[LatticePiece], chosen: &[usize]) -> Vec<String> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    for candidate in chosen.iter().map(|&at| &lattice[at]) {
        match pieces.last_mut() {
            Some((unknown, false)) if !candidate.known => *unknown += &candidate.piece,
            _ => pieces.push((candidate.piece.clone(), candidate.known)),
        }
    }
    let tokens = pieces.into_iter().flat_map(|(piece, known)| {
        let bytes = piece.bytes().map(|byte| format!("<0x{byte:02X}>"));
        let bytes: Vec<_> = bytes.collect();
        let falls_back = !known && model.byte_fallback();
        if falls_back && bytes.iter().all(|byte| model.token_to_id(byte).is_some()) {
            bytes
        } else {
            vec![piece]
        }
    });
    tokens.collect()
}
