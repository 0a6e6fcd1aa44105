//! Text generation: one token after the other, each with what the model thought of it.

use std::sync::Arc;

use super::beam::{BeamSearch, Rules, Written};
use super::stop::StopBuffer;
use super::{require_room, require_text};
use crate::error::{Error, Result};
use crate::models::Decoder;
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
    /// How many texts are followed at once in search of the most probable one; 1 decides token by token.
    /// More than 1 goes with `do_sample: false`.
    pub num_beams: usize,
    /// With beams, a text's log-probability is divided by its length to this power: above 0 favours longer
    /// texts, below 0 shorter ones.
    pub length_penalty: f64,
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
            num_beams: 1,
            length_penalty: 1.0,
            stop: Vec::new(),
            top_logprobs: 5,
            prefill_chunk: 64,
        }
    }
}

/// A token the model might have written.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Alternative {
    /// Index into the vocabulary.
    pub id: u32,
    /// The token for people: `" the"`.
    pub token: String,
    /// Natural logarithm of its probability.
    pub logprob: f64,
}

/// One generated token.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
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
    /// Followed several texts one token further (`num_beams`), and what they have in common was given out.
    Search {
        /// How many tokens the longest of them has.
        tokens: usize,
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
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    /// The model's positions.
    context: usize,
    options: GenerationOptions,
    sampler: Sampler,
    /// The search takes it over.
    cache: KvCache,
    search: Option<BeamSearch>,
    prompt: Encoding,
    /// Tokens that end the text.
    ends: Vec<u32>,
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

/// What a model has read, for a text that begins alike: the next turn of a conversation.
pub struct Reading {
    /// The tokens that the cache holds.
    ids: Vec<u32>,
    cache: KvCache,
    /// Whose keys and values they are.
    model: Arc<dyn Decoder>,
}

impl Generator {
    /// Prepares to continue `prompt`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; [`Error::InputTooLong`] if the prompt leaves no room for a token;
    /// [`Error::InvalidOption`].
    pub fn new(
        model: Arc<dyn Decoder>,
        tokenizer: Arc<Tokenizer>,
        prompt: &str,
        options: GenerationOptions,
    ) -> Result<Self> {
        require_text("prompt", prompt)?;
        let prompt = tokenizer.encode(prompt, None, true)?;
        let ends = model.eos_token_ids().to_vec();
        Self::of(model, tokenizer, "prompt", prompt, ends, options)
    }

    /// Prepares to continue the tokens `prompt` until one of `ends` comes. `input` is what an error calls the prompt.
    pub(super) fn of(
        model: Arc<dyn Decoder>,
        tokenizer: Arc<Tokenizer>,
        input: &str,
        prompt: Encoding,
        ends: Vec<u32>,
        options: GenerationOptions,
    ) -> Result<Self> {
        if options.max_new_tokens == 0 {
            return Err(Error::option("max_new_tokens", "must be at least 1"));
        }
        if options.prefill_chunk == 0 {
            return Err(Error::option("prefill_chunk", "must be at least 1"));
        }
        check_beams(&options)?;
        let sampler = Sampler::new(options.sampling.clone())?;
        if prompt.is_empty() {
            return Err(Error::InvalidTokenizer(format!(
                "it knows no token for anything in the {input}"
            )));
        }
        let context = model.info().max_position_embeddings;
        require_room(input, prompt.len(), context - 1)?;
        let ids = prompt.ids();
        let cache = model.new_cache_of(ids.len().saturating_add(options.max_new_tokens))?;
        Ok(Self {
            sampler,
            ids,
            prompt,
            ends,
            search: None,
            stop: StopBuffer::new(&options.stop),
            cache,
            model,
            context,
            tokenizer,
            options,
            logits: None,
            characters: Utf8Stream::default(),
            text: String::new(),
            done: None,
            sentences: None,
        })
    }

    /// Takes over what `reading`, of the same model, has in common with the prompt, so that it is not read again.
    ///
    /// # Errors
    /// [`Error::Internal`] if the model is another.
    pub(super) fn resume(&mut self, reading: &mut Reading) -> Result<()> {
        if !Arc::ptr_eq(&reading.model, &self.model) {
            return Err(Error::Internal("what another model has read".into()));
        }
        let both = reading.ids.iter().zip(&self.ids);
        let same = both.take_while(|(ours, theirs)| ours == theirs).count();
        // The last token of the prompt is read in any case: its logits are wanted.
        reading.cache.truncate(same.min(self.prompt.len() - 1));
        self.cache.copy_from(&reading.cache, 0)
    }

    /// Gives away what was read and written; the generator has ended.
    ///
    /// # Errors
    /// None that comes up: an empty cache is asked for.
    pub fn leave(&mut self) -> Result<Reading> {
        let mut cache = std::mem::replace(&mut self.cache, self.model.new_cache_of(0)?);
        if let Some(searched) = self.search.take().and_then(BeamSearch::into_cache) {
            cache = searched;
            // Behind the prompt each text has tokens of its own.
            cache.truncate(self.prompt.len());
        }
        let mut ids = self.ids.clone();
        ids.truncate(cache.len());
        self.done.get_or_insert((FinishReason::Stop, String::new()));
        let model = self.model.clone();
        Ok(Reading { ids, cache, model })
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

    /// The next piece of work: a part of the prompt, one token, or one step of a search.
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
        if self.search.is_some() {
            return self.search_step();
        }
        if self.cache.len() < total {
            return self.prefill(total);
        }
        if self.ids.len() - total >= self.options.max_new_tokens {
            return Ok(self.finish(FinishReason::Length));
        }
        if self.options.num_beams > 1 {
            let Some(logits) = self.logits.take() else {
                return Err(Error::Internal("the prompt was not read".into()));
            };
            let cache = std::mem::replace(&mut self.cache, self.model.new_cache_of(0)?);
            self.search = Some(BeamSearch::new(cache, logits));
            return self.search_step();
        }
        let logits = match self.logits.take() {
            Some(logits) => logits,
            None if self.ids.len() > self.context => {
                return Ok(self.finish(FinishReason::Context));
            }
            None => {
                let last = self.ids[self.ids.len() - 1];
                self.model.next_logits(&[last], &mut self.cache)?
            }
        };
        let id = self.sampler.sample(&logits, &self.ids)?;
        if self.ends.contains(&id) {
            return Ok(self.finish(FinishReason::Eos));
        }
        let log_total = log_sum_exp(&logits);
        let logprob = f64::from(logits[id as usize]) - log_total;
        // One NaN among the logits spoils the sum; greedy choice alone would not notice.
        if !logprob.is_finite() {
            return Err(not_numbers());
        }
        let top = alternatives(
            &self.tokenizer,
            self.options.top_logprobs,
            &logits,
            log_total,
        );
        Ok(self.write(id, logprob, top))
    }

    /// Gives out the next token of a beam search, or searches on.
    fn search_step(&mut self) -> Result<Step> {
        let total = self.prompt.len();
        let Some(search) = &mut self.search else {
            return Err(Error::Internal("no search".into()));
        };
        if let Some(Written { id, logprob, top }) = search.settled() {
            return Ok(self.write(id, logprob, top.to_vec()));
        }
        if search.is_over() {
            let reason = search.reason();
            return Ok(self.finish(reason));
        }
        let room = self.context + 1 - total;
        let limit = match self.options.max_new_tokens <= room {
            true => (self.options.max_new_tokens, FinishReason::Length),
            false => (room, FinishReason::Context),
        };
        let (tokenizer, sentences) = (&*self.tokenizer, self.sentences);
        let prompt = &self.ids[..total];
        let (stops, top) = (&self.options.stop, self.options.top_logprobs);
        let advanced = search.advance(&Rules {
            model: &*self.model,
            sampler: &self.sampler,
            prompt,
            ends: &self.ends,
            num_beams: self.options.num_beams,
            length_penalty: self.options.length_penalty,
            limit,
            ended: &|ids| {
                let before = |at: usize| if at == 0 { prompt } else { &ids[..at] };
                let bytes: Vec<u8> = (0..ids.len())
                    .flat_map(|at| tokenizer.continuation_bytes(before(at), ids[at]))
                    .collect();
                let text = String::from_utf8_lossy(&bytes);
                if StopBuffer::new(stops).push(&text).1 {
                    return Some(FinishReason::Stop);
                }
                let enough = |count| super::summarize::has_more_sentences(&text, count);
                sentences
                    .is_some_and(enough)
                    .then_some(FinishReason::Sentences)
            },
            alternatives: &|logits, total| alternatives(tokenizer, top, logits, total),
        });
        let tokens = search.len();
        match advanced {
            Ok(()) => Ok(Step::Search { tokens }),
            Err(error) => {
                // It stopped in the middle of a token and cannot go on.
                self.done = Some((FinishReason::Stop, String::new()));
                Err(error)
            }
        }
    }

    /// Adds a token to the text.
    fn write(&mut self, id: u32, logprob: f64, top: Vec<Alternative>) -> Step {
        let bytes = self.tokenizer.continuation_bytes(&self.ids, id);
        self.ids.push(id);
        let characters = self.characters.push(&bytes);
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
        Step::Token(GeneratedToken {
            id,
            token: self.tokenizer.readable(id),
            text,
            logprob,
            top,
        })
    }

    fn prefill(&mut self, total: usize) -> Result<Step> {
        let start = self.cache.len();
        let end = total.min(start.saturating_add(self.options.prefill_chunk));
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

fn check_beams(options: &GenerationOptions) -> Result<()> {
    /// Each beam has a cache of its own.
    const MOST_BEAMS: usize = 64;
    if !(1..=MOST_BEAMS).contains(&options.num_beams) {
        return Err(Error::option(
            "num_beams",
            format!("must be between 1 and {MOST_BEAMS}"),
        ));
    }
    if options.num_beams > 1 && options.sampling.do_sample {
        return Err(Error::option(
            "num_beams",
            "above 1 searches for the most probable text and draws nothing: set do_sample to false",
        ));
    }
    if !(-100.0..=100.0).contains(&options.length_penalty) {
        return Err(Error::option(
            "length_penalty",
            "must be between -100 and 100",
        ));
    }
    Ok(())
}

/// The `count` likeliest tokens of a place.
fn alternatives(
    tokenizer: &Tokenizer,
    count: usize,
    logits: &[f32],
    log_total: f64,
) -> Vec<Alternative> {
    top(logits, count)
        .into_iter()
        .map(|(id, logit)| Alternative {
            id,
            token: tokenizer.readable(id),
            logprob: logit - log_total,
        })
        .collect()
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
                Err(error) => {
                    self.done.get_or_insert((FinishReason::Stop, String::new()));
                    return Some(Err(error));
                }
            }
        }
    }
}
