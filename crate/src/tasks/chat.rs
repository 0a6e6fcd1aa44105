//! Conversations: the model's own template makes a prompt of what was said, and the model writes the next turn.

use std::sync::Arc;

use super::generate::{GenerationOptions, Generator, KeptPrefix, Prompt};
use super::input::require_text;
use crate::error::{Error, Result};
use crate::models::Decoder;
use crate::text::{Message, Tokenizer};

/// What errors call the prompt of a conversation.
const INPUT: &str = "conversation";

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
            input: INPUT.into(),
        });
    };
    require_text("last message", &last.content)?;
    tokenizer.conversation(messages)
}

/// Prepares to write the next turn of a conversation. It ends where the model ends a text or a turn. `prefix` is what
/// [`Generator::keep_prefix`] gave after the turn before: what both conversations begin with is not read again.
///
/// # Errors
/// As [`chat_prompt`] and [`Generator::new`].
pub fn chat(
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    messages: &[Message],
    options: GenerationOptions,
    prefix: Option<&mut KeptPrefix>,
) -> Result<Generator> {
    let prompt = chat_prompt(&tokenizer, messages)?;
    chat_from(model, tokenizer, &prompt, options, prefix)
}

/// The same from the prompt that [`chat_prompt`] wrote.
///
/// # Errors
/// As [`Generator::new`].
pub fn chat_from(
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    prompt: &str,
    options: GenerationOptions,
    prefix: Option<&mut KeptPrefix>,
) -> Result<Generator> {
    let prompt = Prompt::template(&tokenizer, model.eos_token_ids(), INPUT, prompt)?;
    let mut generator = Generator::from_prompt(model, tokenizer, prompt, options)?;
    if let Some(prefix) = prefix {
        generator.resume(prefix)?;
    }
    Ok(generator)
}
