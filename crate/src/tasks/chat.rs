//! Conversations: the model's own template makes a prompt of what was said, and the model writes the next turn.

use std::sync::Arc;

use super::generate::{GenerationOptions, Generator, KeptPrefix, Prompt};
use crate::error::{Error, Result};
use crate::models::Decoder;
use crate::text::{Conversation, Tokenizer};

/// What errors call the prompt of a conversation.
const INPUT: &str = "conversation";

/// The prompt for the next turn, as the model reads it. Messages cannot write special tokens, see
/// [`Tokenizer::without_control`].
///
/// # Errors
/// [`Error::NoChatTemplate`]; [`Error::EmptyInput`] without a message; as [`ChatTemplate::apply`].
///
/// [`ChatTemplate::apply`]: crate::text::ChatTemplate::apply
pub fn chat_prompt(tokenizer: &Tokenizer, conversation: &Conversation) -> Result<String> {
    tokenizer.chat_template()?;
    if conversation.messages.is_empty() {
        return Err(Error::EmptyInput {
            input: INPUT.into(),
        });
    }
    tokenizer.conversation(conversation)
}

/// Prepares to write the next turn of a conversation, or the rest of its last one ([`Conversation::continues`]). It ends
/// where the model ends a text or a turn. `prefix` is what [`Generator::keep_prefix`] gave after the turn before: what both
/// conversations begin with is not read again.
///
/// # Errors
/// As [`chat_prompt`] and [`Generator::new`].
pub fn chat(
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    conversation: &Conversation,
    options: GenerationOptions,
    prefix: Option<&mut KeptPrefix>,
) -> Result<Generator> {
    let prompt = chat_prompt(&tokenizer, conversation)?;
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
