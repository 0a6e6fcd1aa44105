//! Conversations: the model's own template makes a prompt of what was said, and the model writes the next turn.

use std::sync::Arc;

use super::generate::{GenerationOptions, Generator, Reading};
use super::require_text;
use crate::error::{Error, Result};
use crate::models::Decoder;
use crate::text::{Message, Tokenizer};

/// The prompt for the next turn, as the model reads it. Messages cannot write special tokens, see
/// [`Tokenizer::without_control`].
///
/// # Errors
/// [`Error::NoChatTemplate`]; [`Error::EmptyInput`] without a message, or if the last one is blank;
/// [`Error::ChatTemplate`] if the template refuses the messages.
pub fn chat_prompt(tokenizer: &Tokenizer, messages: &[Message]) -> Result<String> {
    tokenizer.chat_template()?;
    let Some(last) = messages.last() else {
        return Err(Error::EmptyInput {
            input: "conversation".into(),
        });
    };
    require_text("last message", &last.content)?;
    tokenizer.conversation(messages)
}

/// Prepares to write the next turn of a conversation. It ends where the model ends a text or a turn. `reading` is what
/// [`Generator::leave`] gave after the turn before: what both conversations begin with is not read again.
///
/// # Errors
/// As [`chat_prompt`] and [`Generator::new`].
pub fn chat(
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    messages: &[Message],
    options: GenerationOptions,
    reading: Option<&mut Reading>,
) -> Result<Generator> {
    let prompt = chat_prompt(&tokenizer, messages)?;
    chat_on(model, tokenizer, &prompt, options, reading)
}

/// The same from the prompt that [`chat_prompt`] wrote.
pub(crate) fn chat_on(
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    prompt: &str,
    options: GenerationOptions,
    reading: Option<&mut Reading>,
) -> Result<Generator> {
    let mut generator = answer(model, tokenizer, "conversation", prompt, options)?;
    if let Some(reading) = reading {
        generator.resume(reading)?;
    }
    Ok(generator)
}

/// Continues a prompt that a template has written, special tokens and all.
pub(super) fn answer(
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    input: &str,
    prompt: &str,
    options: GenerationOptions,
) -> Result<Generator> {
    let prompt = tokenizer.encode(prompt, None, false)?;
    let mut ends = model.eos_token_ids().to_vec();
    ends.extend(tokenizer.turn_ends());
    ends.sort_unstable();
    ends.dedup();
    Generator::of(model, tokenizer, input, prompt, ends, options)
}
