//! Text generation: one token after the other, each with what the model thought of it.

use std::sync::Arc;

use super::stop::StopBuffer;
use super::{require_room, require_text};
use crate::error::{Error, Result};
use crate::models::gpt2::Gpt2;
use crate::nn::KvCache;
use crate::sampling::{log_sum_exp, not_numbers, top, Sampler, SamplingOptions};
use crate::text::{Encoding, Tokenizer, Utf8Stream};

/// How a text is continued.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationOptions {
    /// At most this many tokens, at least 1.
    pub max_new_tokens: usize,
    /// How each token is chosen.
    pub sampling: SamplingOptions,
    /// Generation ends before any of these strings.
    pub stop: Vec<String>,
    /// How many alternatives are reported with each token.
    pub top_logprobs: usize,
    /// Prompt tokens read per step, so that a caller can do other things between steps.
    pub prefill_chunk: usize,
}

impl Default for GenerationOptions {
    fn default() -> Self {
        Self {
            max_new_tokens: 128,
            sampling: SamplingOptions::default(),
            stop: Vec::new(),
            top_logprobs: 5,
            prefill_chunk: 64,
        }
    }
}

/// A token the model might have written.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Index into the vocabulary.
    pub id: u32,
    /// The token for people: `" the"`.
    pub token: String,
    /// Natural logarithm of its probability.
    pub logprob: f64,
}

/// One generated token.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedToken {
    /// Index into the vocabulary.
    pub id: u32,
    /// The token for people: `" the"`; U+FFFD where it holds part of a character.
    pub token: String,
    /// The text that this step completes. Empty while a character is incomplete or a stop string may
    /// be under way; the texts of all steps and the tail put together are the generated text.
    pub text: String,
    /// Natural logarithm of its probability by the model itself (temperature 1, no filters).
    pub logprob: f64,
    /// The most probable tokens at this place, best first.
    pub top: Vec<Alternative>,
}

/// Why generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// The model ended its text.
    Eos,
    /// A stop string came.
    Stop,
    /// `max_new_tokens` were written.
    Length,
    /// The model's context is full.
    Context,
    /// The sentences asked for are complete (summaries).
    Sentences,
}

impl FinishReason {
    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eos => "eos",
            Self::Stop => "stop",
            Self::Length => "length",
            Self::Context => "context",
            Self::Sentences => "sentences",
        }
    }
}

/// What one step did.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Read a part of the prompt.
    Prefill {
        /// Prompt tokens read so far.
        done: usize,
        /// Prompt tokens in all.
        total: usize,
    },
    /// Wrote a token.
    Token(GeneratedToken),
    /// Ended; further steps say the same.
    Done {
        /// Why.
        reason: FinishReason,
        /// Text that had been held back and belongs to no token's `text`.
        tail: String,
    },
}

/// A text being generated. [`Generator::step`] does the smallest piece of work; as an iterator it
/// gives tokens.
pub struct Generator {
    model: Arc<Gpt2>,
    tokenizer: Arc<Tokenizer>,
    options: GenerationOptions,
    sampler: Sampler,
    cache: KvCache,
    prompt: Encoding,
    /// Prompt and generated tokens.
    ids: Vec<u32>,
    /// For the token after all of `ids`, if already known.
    logits: Option<Vec<f32>>,
    characters: Utf8Stream,
    stop: StopBuffer,
    text: String,
    done: Option<(FinishReason, String)>,
    /// Ends after this many sentences.
    sentences: Option<usize>,
}

impl Generator {
    /// Prepares to continue `prompt`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; [`Error::InputTooLong`] if the prompt leaves no room for a token;
    /// [`Error::InvalidOption`].
    pub fn new(
        model: Arc<Gpt2>,
        tokenizer: Arc<Tokenizer>,
        prompt: &str,
        options: GenerationOptions,
    ) -> Result<Self> {
        require_text("prompt", prompt)?;
        if options.max_new_tokens == 0 {
            return Err(Error::option("max_new_tokens", "must be at least 1"));
        }
        if options.prefill_chunk == 0 {
            return Err(Error::option("prefill_chunk", "must be at least 1"));
        }
        let sampler = Sampler::new(options.sampling.clone())?;
        let prompt = tokenizer.encode(prompt, None, true)?;
        if prompt.is_empty() {
            return Err(Error::InvalidTokenizer(
                "it knows no token for anything in the prompt".into(),
            ));
        }
        require_room("prompt", prompt.len(), model.config().n_positions - 1)?;
        let cache = model.new_cache()?;
        Ok(Self {
            ids: prompt.ids(),
            prompt,
            sampler,
            stop: StopBuffer::new(&options.stop),
            cache,
            model,
            tokenizer,
            options,
            logits: None,
            characters: Utf8Stream::default(),
            text: String::new(),
            done: None,
            sentences: None,
        })
    }

    /// As [`Generator::new`], but ends after so many sentences and gives no more text than them.
    pub(super) fn ending_after(mut self, sentences: usize) -> Self {
        self.sentences = Some(sentences);
        self
    }

    /// The prompt's tokens, with offsets into it.
    pub fn prompt(&self) -> &Encoding {
        &self.prompt
    }

    /// The tokens written so far, the ending token not counted.
    pub fn generated_ids(&self) -> &[u32] {
        &self.ids[self.prompt.len()..]
    }

    /// The text so far, held-back parts not included until the end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The next piece of work: a part of the prompt, or one token.
    ///
    /// # Errors
    /// [`Error::Internal`] if the model's numbers are damaged.
    pub fn step(&mut self) -> Result<Step> {
        if let Some((reason, tail)) = &self.done {
            return Ok(Step::Done {
                reason: *reason,
                tail: tail.clone(),
            });
        }
        let total = self.prompt.len();
        if self.cache.len() < total {
            return self.prefill(total);
        }
        if self.ids.len() - total >= self.options.max_new_tokens {
            return Ok(self.finish(FinishReason::Length));
        }
        let logits = match self.logits.take() {
            Some(logits) => logits,
            None if self.cache.len() == self.cache.max_positions() => {
                return Ok(self.finish(FinishReason::Context));
            }
            None => {
                let last = self.ids[self.ids.len() - 1];
                self.model.next_logits(&[last], &mut self.cache)?
            }
        };
        let id = self.sampler.sample(&logits, &self.ids)?;
        if self.model.config().eos_token_id.contains(&id) {
            return Ok(self.finish(FinishReason::Eos));
        }
        let log_total = log_sum_exp(&logits);
        let logprob = f64::from(logits[id as usize]) - log_total;
        // One NaN among the logits spoils the sum; greedy choice alone would not notice.
        if !logprob.is_finite() {
            return Err(not_numbers());
        }
        self.ids.push(id);
        let characters = self.characters.push(&self.tokenizer.piece_bytes(id));
        let (text, stopped) = self.stop.push(&characters);
        self.text.push_str(&text);
        if stopped {
            self.done = Some((FinishReason::Stop, String::new()));
        } else if self
            .sentences
            .is_some_and(|count| super::summarize::has_more_sentences(&self.text, count))
        {
            self.done = Some((FinishReason::Sentences, String::new()));
        }
        let top = top(&logits, self.options.top_logprobs)
            .into_iter()
            .map(|(id, logit)| Alternative {
                id,
                token: self.tokenizer.readable(id),
                logprob: logit - log_total,
            })
            .collect();
        Ok(Step::Token(GeneratedToken {
            id,
            token: self.tokenizer.readable(id),
            text,
            logprob,
            top,
        }))
    }

    fn prefill(&mut self, total: usize) -> Result<Step> {
        let start = self.cache.len();
        let end = total.min(start + self.options.prefill_chunk);
        let chunk = &self.ids[start..end];
        if end == total {
            self.logits = Some(self.model.next_logits(chunk, &mut self.cache)?);
        } else {
            self.model.read(chunk, &mut self.cache)?;
        }
        Ok(Step::Prefill { done: end, total })
    }

    fn finish(&mut self, reason: FinishReason) -> Step {
        let last = self.characters.finish();
        let (text, stopped) = self.stop.push(&last);
        let reason = if stopped { FinishReason::Stop } else { reason };
        let tail = text + &self.stop.finish();
        self.text.push_str(&tail);
        self.done = Some((reason, tail.clone()));
        Step::Done { reason, tail }
    }
}

impl Iterator for Generator {
    type Item = Result<GeneratedToken>;

    /// The next token; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.step() {
                Ok(Step::Prefill { .. }) => {}
                Ok(Step::Token(token)) => return Some(Ok(token)),
                Ok(Step::Done { .. }) => return None,
                Err(error) => {
                    self.done.get_or_insert((FinishReason::Stop, String::new()));
                    return Some(Err(error));
                }
            }
        }
    }
}
