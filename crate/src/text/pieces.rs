//! What the tasks have to know of a vocabulary.

#[cfg(feature = "every-tokenizer")]
use tokenizers as tk;
#[cfg(feature = "every-tokenizer")]
use tokenizers::{DecoderWrapper, ModelWrapper};

#[cfg(feature = "every-tokenizer")]
use super::bytes::BLANK;
use super::engine::Engine;

/// How a vocabulary says where words begin and end.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pieces {
    /// Pieces that continue a word begin with this: BERT's `##`.
    Continuing(String),
    /// Bytes as characters, a blank before a word among them: GPT-2 and RoBERTa.
    Bytes,
    /// This stands for a blank before a word: SentencePiece's `▁`, ALBERT and Llama.
    Blank(char),
    /// Pieces that end a word end with this: `</w>` of GPT-1.
    Ending(String),
    /// It does not say.
    Plain,
}

impl Pieces {
    pub fn of(engine: &Engine) -> Self {
        match engine {
            Engine::Bert(bert) => Self::Continuing(bert.model().continuing_subword_prefix.clone()),
            #[cfg(feature = "every-tokenizer")]
            Engine::Other(tokenizer) => Self::of_crate(tokenizer),
        }
    }

    #[cfg(feature = "every-tokenizer")]
    fn of_crate(tokenizer: &tk::Tokenizer) -> Self {
        match (tokenizer.get_decoder(), tokenizer.get_model()) {
            (Some(DecoderWrapper::ByteLevel(_)), _) => Self::Bytes,
            (Some(DecoderWrapper::Metaspace(decoder)), _) => Self::Blank(decoder.get_replacement()),
            (Some(DecoderWrapper::BPE(decoder)), _) if !decoder.suffix.is_empty() => {
                Self::Ending(decoder.suffix.clone())
            }
            (_, ModelWrapper::BPE(model)) if model.byte_fallback => Self::Blank(BLANK),
            (_, ModelWrapper::WordPiece(model)) => {
                Self::Continuing(model.continuing_subword_prefix.clone())
            }
            _ => Self::Plain,
        }
    }
}

/// Ids without a token that are kept at the most.
const MOST_HOLES: usize = 1 << 18;

/// One more than the greatest id, and the ids below that no token has: usually none.
pub(super) fn ids_and_holes(engine: &Engine) -> (u32, Vec<u32>) {
    let tokens = engine.vocab_size() as u32;
    let is_missing = |id: &u32| engine.id_to_token(*id).is_none();
    if !(0..tokens).any(|id| is_missing(&id)) {
        return (tokens, Vec::new());
    }
    let mut taken: Vec<u32> = engine.vocab().into_values().collect();
    taken.sort_unstable();
    let mut holes = Vec::new();
    let mut next = 0u32;
    for id in taken {
        // Ids may lie far apart; no model has that many rows.
        holes.extend((next..id).take(MOST_HOLES - holes.len()));
        next = id.saturating_add(1).max(next);
    }
    (next, holes)
}

/// Whether bytes are made of tokens such as `<0x0A>`.
pub(super) fn falls_back_to_bytes(engine: &Engine) -> bool {
    match engine {
        Engine::Bert(_) => false,
        #[cfg(feature = "every-tokenizer")]
        Engine::Other(tokenizer) => tokenizer.get_decoder().is_some_and(makes_bytes),
    }
}

#[cfg(feature = "every-tokenizer")]
fn makes_bytes(decoder: &DecoderWrapper) -> bool {
    match decoder {
        DecoderWrapper::ByteFallback(_) => true,
        DecoderWrapper::Sequence(parts) => parts.get_decoders().iter().any(makes_bytes),
        _ => false,
    }
}

/// Whether a token is written as SentencePiece writes a byte: `<0x0A>`.
pub(super) fn is_byte(token: &str) -> bool {
    let digits = token
        .strip_prefix("<0x")
        .and_then(|rest| rest.strip_suffix('>'));
    digits.is_some_and(|digits| digits.len() == 2 && u8::from_str_radix(digits, 16).is_ok())
}
