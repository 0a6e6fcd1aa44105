//! What is continued.

use super::stop::{StopRule, StopRules};
use crate::error::{Error, Result};
use crate::models::{GenerationConfig, ModelInfo};
use crate::tasks::input::require_readable;
use crate::text::{Encoding, TokenSpan, Tokenizer};

/// The tokens that are continued, and what ends the text beside the options of a generation.
pub struct Prompt {
    /// What errors call it: `prompt`, `document`.
    pub(super) input: &'static str,
    pub(in crate::tasks) encoding: Encoding,
    pub(super) eos_token_ids: Vec<u32>,
    /// Asked of every text, behind the stop strings of the options.
    pub(super) stops: StopRules,
}

impl Prompt {
    /// A text as a person wrote it, blanks and all, until one of the model's end tokens comes. One without tokens begins
    /// with the model's BOS.
    ///
    /// # Errors
    /// [`Error::EmptyInput`] if there is no BOS; [`Error::InputTooLarge`].
    pub fn text(tokenizer: &Tokenizer, model: &GenerationConfig, text: &str) -> Result<Self> {
        let mut encoding = tokenizer.encode(text, None, true)?;
        if encoding.is_empty() {
            let bos = model.bos_token_id;
            let known = bos.and_then(|id| Some((id, tokenizer.id_to_token(id)?)));
            let (id, token) = known.ok_or_else(|| Error::EmptyInput {
                input: "prompt".into(),
            })?;
            encoding.tokens.push(TokenSpan {
                id,
                token,
                special: true,
                ..Default::default()
            });
        }
        let eos_token_ids = model.eos_token_id.clone();
        Ok(Self::new("prompt", encoding, eos_token_ids))
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
