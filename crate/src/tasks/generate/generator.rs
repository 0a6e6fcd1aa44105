//! Text generation on a decoder: one token after the other, each with what the model thought of it.

use std::sync::Arc;

use super::continuation::Continuation;
use super::options::GenerationOptions;
use super::prefix::KeptPrefix;
use super::prompt::Prompt;
use super::texts::Texts;
use super::written::{GeneratedToken, Step};
use crate::error::{Error, Head, Result};
use crate::models::Decoder;
use crate::text::{Encoding, Tokenizer};

/// A text being generated. [`Generator::step`] does the smallest piece of work; as an iterator it gives tokens.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use cloze::{models::Decoder, tasks::{GenerationOptions, Generator}, text::Tokenizer};
/// # fn write(model: Arc<dyn Decoder>, tokenizer: Arc<Tokenizer>) -> cloze::Result<()> {
/// for token in Generator::new(model, tokenizer, "Once upon a time", GenerationOptions::default())? {
///     print!("{}", token?.text);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Generator {
    continuation: Continuation,
    texts: Texts,
}

impl Generator {
    /// Prepares to continue `prompt`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`] if the prompt has no tokens, and the model no BOS to begin with;
    /// [`Error::InputTooLong`] if it leaves no position for a token;
    /// [`Error::NoHead`] for a model that only classifies; [`Error::InvalidOption`]; [`Error::OutOfMemory`].
    pub fn new(
        model: Arc<dyn Decoder>,
        tokenizer: Arc<Tokenizer>,
        prompt: &str,
        options: GenerationOptions,
    ) -> Result<Self> {
        let prompt = Prompt::text(&tokenizer, model.generation(), prompt)?;
        Self::from_prompt(model, tokenizer, prompt, options)
    }

    /// As [`Generator::new`], from tokens.
    ///
    /// # Errors
    /// As [`Generator::new`].
    pub fn from_prompt(
        model: Arc<dyn Decoder>,
        tokenizer: Arc<Tokenizer>,
        prompt: Prompt,
        options: GenerationOptions,
    ) -> Result<Self> {
        let info = model.info();
        if !info.heads.lm {
            return Err(info.heads.lacks(Head::Lm));
        }
        let continuation = Continuation::new(&info, tokenizer, prompt, &options)?;
        let prompt = continuation.prompt().len();
        Ok(Self {
            continuation,
            texts: Texts::new(model, prompt, options.most_new_tokens(prompt))?,
        })
    }

    /// Takes over what `prefix`, of the same model, has in common with the prompt, so that it is not read again. Only
    /// before the first step.
    ///
    /// # Errors
    /// [`Error::Internal`] if the model is another.
    pub fn resume(&mut self, prefix: &mut KeptPrefix) -> Result<()> {
        if !self.texts.are_read_by(&prefix.model) {
            return Err(Error::Internal("what another model has read".into()));
        }
        // The last token of the prompt is read in any case: its logits are wanted.
        prefix.cut_to(self.continuation.common_ids(), self.prompt_len() - 1);
        self.texts.begin_with(&prefix.cache)?;
        self.continuation.skip(prefix.ids.len());
        Ok(())
    }

    /// Gives away what was read and written; the generation ends with it.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], if an error before has left nothing to give away.
    pub fn keep_prefix(&mut self) -> Result<KeptPrefix> {
        self.continuation.stop();
        let (mut cache, model) = self.texts.take_first()?;
        let mut ids = self.continuation.common_ids().to_vec();
        cache.truncate(ids.len());
        ids.truncate(cache.len());
        Ok(KeptPrefix { ids, cache, model })
    }

    /// The prompt's tokens, with offsets into it.
    pub fn prompt(&self) -> &Encoding {
        self.continuation.prompt()
    }

    /// Tokens of the prompt.
    pub fn prompt_len(&self) -> usize {
        self.prompt().len()
    }

    /// The tokens written so far, the ending token not counted.
    pub fn generated_ids(&self) -> &[u32] {
        self.continuation.generated_ids()
    }

    /// The text so far, held-back parts not included until the end.
    pub fn text(&self) -> &str {
        self.continuation.text()
    }

    /// The next piece of work: a part of the prompt, one token, or one step of a search. After an error the generation
    /// has ended.
    ///
    /// # Errors
    /// [`Error::Internal`] if the model's numbers are damaged; [`Error::OutOfMemory`] where the text outgrows the memory.
    /// What was written is still there.
    pub fn step(&mut self) -> Result<Step> {
        let Some(forward) = self.continuation.want() else {
            return self.continuation.proceed();
        };
        match self.texts.run(&forward) {
            Ok(logits) => self.continuation.give(logits),
            Err(error) => {
                self.continuation.stop();
                Err(error)
            }
        }
    }
}

impl Iterator for Generator {
    type Item = Result<GeneratedToken>;

    /// The next token; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.step() {
                Ok(Step::Prefill { .. } | Step::Search { .. }) => {}
                Ok(Step::Token(token)) => return Some(Ok(token)),
                Ok(Step::Done { .. }) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
