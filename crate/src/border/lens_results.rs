//! What a model thinks of each token of a text, and how the text is cut, as results of the border. Offsets are UTF-16
//! units here.

use serde::Serialize;

use super::bulk::{Floats, Ids};
use super::convert::tokens;
use super::results::TokenInfo;
use crate::nn::elementary;
use crate::tasks::{self, MaskedText, NspLosses, PretrainingLosses, TokenProbability};
use crate::text::{self, LatticePiece, MergeStep, Tokenizer, TriedPiece, Utf16Index};

/// How surprised a model that writes from left to right is by each token of a text.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Surprisal {
    /// In the order of the text, those of the model's template included.
    pub tokens: Vec<TokenInfo>,
    /// −log2 of the probability of each. NaN where nothing stands before it, and for what the template adds.
    pub bits: Floats,
    /// The place of each among all tokens that could have come, 1 for the likeliest; 0 where `bits` is NaN.
    pub ranks: Ids,
    /// The three likeliest tokens in each place, best first; none where `bits` is NaN.
    pub top: Vec<Vec<TokenProbability>>,
    /// Sum of all bits.
    pub total_bits: f64,
    /// 2^(mean bits a token); `null` if no token has bits.
    pub perplexity: Option<f64>,
    /// Bits by UTF-8 bytes of the tokens that have bits, so that models with other vocabularies compare.
    pub bits_per_byte: Option<f64>,
}

/// How far a text is read.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReadingStep {
    /// Tokens that are scored.
    pub done: usize,
    /// Tokens of the text.
    pub total: usize,
}

/// A text as BERT is trained on it, with the model's losses in nats.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MaskingGame {
    /// The tokens as they were.
    pub tokens: Vec<TokenInfo>,
    /// What the model reads.
    pub input_ids: Vec<u32>,
    /// The same as in the vocabulary.
    pub input_tokens: Vec<String>,
    /// The tokens that it is asked for, in order.
    pub chosen: Vec<ChosenToken>,
    /// Mean loss of these; `null` if there are none, because all tokens are special or unknown.
    pub mlm_loss: Option<f64>,
    /// For a pair, if the model has the next-sentence head.
    pub nsp: Option<NspLosses>,
}

/// A token that is hidden from the model, or may be.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChosenToken {
    /// Its place among the tokens.
    pub index: usize,
    /// What stands there now: the mask, any token of the vocabulary, or the token itself.
    #[cfg_attr(test, ts(type = "'mask' | 'random' | 'keep'"))]
    pub kind: &'static str,
    /// The token that was there, as in the vocabulary.
    pub token: String,
    /// Cross-entropy: −ln of its probability.
    pub loss: f64,
    /// Between 0 and 1.
    pub probability: f64,
    /// 1 if the model's first guess is right.
    pub rank: u32,
    /// The model's five likeliest tokens, best first.
    pub top: Vec<TokenProbability>,
}

/// How a text becomes tokens.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tokenization {
    /// How words become pieces.
    #[cfg_attr(test, ts(type = "'wordpiece' | 'bpe' | 'unigram' | 'wordlevel'"))]
    pub kind: &'static str,
    /// Whether the characters of words and pieces stand for bytes (GPT-2's `Ġ` is a blank).
    pub byte_level: bool,
    /// The text after normalisation.
    pub normalized: String,
    /// In order, without what the model's template adds.
    pub words: Vec<TokenizedWord>,
}

/// A word and the steps by which it becomes pieces.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TokenizedWord {
    /// As the model of the tokenizer gets it.
    pub text: String,
    /// Where it begins in the text that was given (UTF-16 units).
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Whether it is an added token (`[SEP]`), found before anything is cut.
    pub added: bool,
    /// Its tokens.
    pub pieces: Vec<String>,
    /// Their ids.
    pub ids: Vec<u32>,
    /// Its UTF-8; of byte-level tokenizers, the bytes that its characters stand for.
    pub bytes: Vec<u8>,
    /// Whether the steps are here. They are not where they are too many, or lead to other pieces than the tokenizer's.
    pub shown: bool,
    /// WordPiece: what was looked up in the vocabulary, in order.
    pub tried: Vec<TriedPiece>,
    /// Byte pairs: the pieces before the first merge.
    pub symbols: Vec<String>,
    /// Byte pairs: in order.
    pub merges: Vec<MergeStep>,
    /// Unigram: all pieces that the word could have been cut into.
    pub lattice: Vec<LatticePiece>,
}

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
        token: (masked.tokens.get(index)).map_or_else(String::new, |token| token.token.clone()),
        loss: -judged.log_prob,
        probability: elementary::exp(judged.log_prob),
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
