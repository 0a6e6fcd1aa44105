//! What a decoder would write next.

use super::generate::Prompt;
use super::input::{require_lm, require_readable};
use super::judge::{Judge, TokenProbability};
use crate::error::Result;
use crate::limits::fill_mask;
use crate::models::Decoder;
use crate::text::Tokenizer;

/// What a decoder would write next behind `text`, taken as it is: its `top_k` likeliest tokens, best first. A text
/// without tokens begins with the model's BOS.
///
/// # Errors
/// [`crate::Error::NoHead`]; [`crate::Error::InvalidOption`]; [`crate::Error::EmptyInput`] of a text without tokens where there is no BOS;
/// [`crate::Error::InputTooLong`] above the context.
pub fn next_token(
    decoder: &dyn Decoder,
    tokenizer: &Tokenizer,
    text: &str,
    top_k: usize,
) -> Result<Vec<TokenProbability>> {
    fill_mask::TOP_K.check_count(top_k)?;
    let info = decoder.info();
    require_lm(&info)?;
    let encoding = Prompt::text(tokenizer, decoder.generation(), text)?.encoding;
    let max = info.max_position_embeddings;
    require_readable("text", &encoding, max, info.vocab_size)?;
    let mut cache = decoder.new_cache_of(encoding.len())?;
    let logits = decoder.next_logits(&encoding.ids(), &mut cache)?;
    Judge::new(tokenizer, info.vocab_size).top(&logits, top_k)
}
