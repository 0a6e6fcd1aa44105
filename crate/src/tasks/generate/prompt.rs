//! What is continued.

use super::stop::{StopRule, StopRules};
use crate::error::{Error, Result};
use crate::models::ModelInfo;
use crate::tasks::input::{require_readable, require_text};
use crate::text::{Encoding, Tokenizer};

/// The tokens that are continued, and what ends the text beside the options of a generation.
pub struct Prompt {
    /// What errors call it: `prompt`, `document`.
    pub(super) input: &'static str,
    pub(super) encoding: Encoding,
    pub(super) eos_token_ids: Vec<u32>,
    /// Asked of every text, behind the stop strings of the options.
    pub(super) stops: StopRules,
}

impl Prompt {
    /// A text as a person wrote it, until one of the model's `eos_token_ids` comes.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; [`Error::InputTooLarge`].
    pub fn text(tokenizer: &Tokenizer, eos_token_ids: &[u32], text: &str) -> Result<Self> {
        require_text("prompt", text)?;
        let encoding = tokenizer.encode(text, None, true)?;
        Ok(Self::new("prompt", encoding, eos_token_ids.to_vec()))
    }

    /// What a chat template has written, special tokens and all. It ends where the model ends a text or a turn. Errors
    /// call it `input`.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`].
    pub fn template(
        tokenizer: &Tokenizer,
        eos_token_ids: &[u32],
        input: &'static str,
        text: &str,
    ) -> Result<Self> {
        let encoding = tokenizer.encode(text, None, false)?;
        let mut eos_token_ids = [eos_token_ids, tokenizer.turn_ends()].concat();
        eos_token_ids.sort_unstable();
        eos_token_ids.dedup();
        Ok(Self::new(input, encoding, eos_token_ids))
    }

    fn new(input: &'static str, encoding: Encoding, eos_token_ids: Vec<u32>) -> Self {
        Self {
            input,
            encoding,
            eos_token_ids,
            stops: StopRules::default(),
        }
    }

    /// Ends the text by this rule as well.
    pub fn ending_by(mut self, rule: impl StopRule + 'static) -> Self {
        self.stops = self.stops.and(rule);
        self
    }

    /// Refuses a prompt without tokens, one that leaves no position to write to, and one that the model cannot read.
    pub(super) fn check(&self, info: &ModelInfo) -> Result<()> {
        if self.encoding.is_empty() {
            return Err(Error::InvalidTokenizer(format!(
                "it knows no token for anything in the {}",
                self.input
            )));
        }
        let max = info.max_position_embeddings - 1;
        require_readable(self.input, &self.encoding, max, info.vocab_size)
    }
}
