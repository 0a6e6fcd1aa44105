//! What `lens` hands out, as results of the border: offsets in UTF-16 units.

use super::bulk::{Floats, Ids};
use super::convert::tokens;
use super::results::{ChosenToken, MaskingGame, Surprisal, Tokenization, TokenizedWord};
use crate::tasks::{self, MaskedText, PretrainingLosses};
use crate::text::{self, Tokenizer, Utf16Index};

/// The tokens of `text` with their bits.
pub fn surprisal(text: &str, surprisal: tasks::Surprisal) -> Surprisal {
    Surprisal {
        tokens: tokens(&surprisal.tokens, text, None),
        bits: Floats(surprisal.bits),
        ranks: Ids(surprisal.ranks),
        top: surprisal.top,
        total_bits: surprisal.total_bits,
        perplexity: surprisal.perplexity,
        bits_per_byte: surprisal.bits_per_byte,
    }
}

/// A text or pair as it was masked, and the losses.
pub fn masking_game(
    text: &str,
    pair: Option<&str>,
    tokenizer: &Tokenizer,
    masked: MaskedText,
    losses: PretrainingLosses,
) -> MaskingGame {
    let named = |id: &u32| tokenizer.id_to_token(*id).unwrap_or_default();
    let chosen = masked.chosen.iter().zip(losses.judged);
    let chosen = chosen.map(|(&(index, disguise), judged)| ChosenToken {
        index,
        kind: disguise.name(),
        token: masked.tokens[index].token.clone(),
        loss: -judged.log_prob,
        probability: judged.log_prob.exp(),
        rank: judged.rank,
        top: judged.top,
    });
    MaskingGame {
        tokens: tokens(&masked.tokens, text, pair),
        input_tokens: masked.input_ids.iter().map(named).collect(),
        chosen: chosen.collect(),
        input_ids: masked.input_ids,
        mlm_loss: losses.mlm,
        nsp: losses.nsp,
    }
}

/// The steps of `text`.
pub fn tokenization(text: &str, steps: text::Tokenization) -> Tokenization {
    let index = Utf16Index::new(text);
    let word = |mut word: text::TokenizedWord| {
        let range = index.range(&word.range);
        let within = Utf16Index::new(&word.text);
        for piece in &mut word.lattice {
            piece.start = within.utf16(piece.start);
            piece.end = within.utf16(piece.end);
        }
        TokenizedWord {
            start: range.start,
            end: range.end,
            text: word.text,
            added: word.added,
            pieces: word.pieces,
            ids: word.ids,
            bytes: word.bytes,
            shown: word.shown,
            tried: word.tried,
            symbols: word.symbols,
            merges: word.merges,
            lattice: word.lattice,
        }
    };
    Tokenization {
        kind: steps.kind,
        byte_level: steps.byte_level,
        normalized: steps.normalized,
        words: steps.words.into_iter().map(word).collect(),
    }
}
