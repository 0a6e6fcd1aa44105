//! A generation without its model: it asks for logits and is given them.

use std::sync::Arc;

use super::beam::{BeamOptions, BeamSearch};
use super::forward::Forward;
use super::options::GenerationOptions;
use super::prompt::Prompt;
use super::sample::Sampling;
use super::search::{Alternatives, Chosen, Search};
use super::stop::{EosTokens, MaxTokens, StopRules, StopStrings};
use super::transcript::Transcript;
use super::written::{FinishReason, GeneratedToken, Step};
use crate::error::{Error, Result};
use crate::models::ModelInfo;
use crate::sampling::Sampler;
use crate::text::{Encoding, TextStream, Tokenizer};

/// The continuation of a prompt, for whatever computes the logits: a processor at once, or a GPU some time later.
/// [`Continuation::want`] says which forward pass comes next, [`Continuation::give`] takes its logits and goes on by a
/// step. [`super::Generator`] serves one with a [`crate::models::Decoder`]; this is how another machine would:
///
/// ```no_run
/// use cloze::tasks::{Continuation, Forward, Step};
///
/// # struct Gpu;
/// # impl Gpu { async fn run(&mut self, _: Forward<'_>) -> cloze::Result<Vec<f32>> { Ok(Vec::new()) } }
/// async fn write(mut continuation: Continuation, gpu: &mut Gpu) -> cloze::Result<String> {
///     loop {
///         let step = match continuation.want() {
///             Some(forward) => {
///                 let logits = gpu.run(forward).await?;
///                 continuation.give(logits)?
///             }
///             None => continuation.proceed()?,
///         };
///         if let Step::Done { .. } = step {
///             return Ok(continuation.text().to_string());
///         }
///     }
/// }
/// ```
pub struct Continuation {
    tokenizer: Arc<Tokenizer>,
    prompt: Encoding,
    /// Tokens of the prompt and those given out.
    ids: Vec<u32>,
    /// Prompt tokens that have been read.
    read: usize,
    prefill_chunk: usize,
    vocab_size: usize,
    /// Those behind the prompt, until the search takes them: `[vocab_size]`.
    first_logits: Option<Vec<f32>>,
    search: Box<dyn Search>,
    transcript: Transcript,
    done: Option<(FinishReason, String)>,
}

impl Continuation {
    /// Prepares to continue `prompt` with a model of which `info` tells.
    ///
    /// # Errors
    /// [`Error::InvalidOption`]; [`Error::InvalidTokenizer`] for a prompt without tokens; [`Error::InputTooLong`] if it
    /// leaves no position for a token.
    pub fn new(
        info: &ModelInfo,
        tokenizer: Arc<Tokenizer>,
        prompt: Prompt,
        options: &GenerationOptions,
    ) -> Result<Self> {
        options.check()?;
        prompt.check(info)?;
        let ids = prompt.encoding.ids();
        let transcript = Transcript::new(
            TextStream::after(tokenizer.clone(), &ids),
            StopStrings::new(&options.stop),
            prompt.stops.clone(),
        );
        Ok(Self {
            search: search(info, &tokenizer, &prompt, options)?,
            tokenizer,
            prompt: prompt.encoding,
            ids,
            read: 0,
            prefill_chunk: options.prefill_chunk,
            vocab_size: info.vocab_size,
            first_logits: None,
            transcript,
            done: None,
        })
    }

    /// The prompt's tokens, with offsets into it.
    pub fn prompt(&self) -> &Encoding {
        &self.prompt
    }

    /// The tokens given out so far, the ending token not counted.
    pub fn generated_ids(&self) -> &[u32] {
        &self.ids[self.prompt.len()..]
    }

    /// The text so far, held-back parts not included until the end.
    pub fn text(&self) -> &str {
        self.transcript.text()
    }

    /// Tokens that all texts begin with. The cache of any text holds them, as far as it has been read.
    pub fn common_ids(&self) -> &[u32] {
        &self.ids[..self.prompt.len() + self.search.common()]
    }

    /// Leaves out the first `tokens` of the prompt, which the machine has read before; the last is read in any case,
    /// because the logits behind it are wanted. Only before the first step.
    pub fn skip(&mut self, tokens: usize) {
        self.read = tokens.min(self.prompt.len() - 1);
    }

    /// The forward pass that the next step needs. `None`: it needs none, see [`Continuation::proceed`].
    pub fn want(&self) -> Option<Forward<'_>> {
        if self.done.is_some() || self.first_logits.is_some() {
            return None;
        }
        let total = self.prompt.len();
        if self.read < total {
            let end = total.min(self.read.saturating_add(self.prefill_chunk));
            return Some(Forward {
                parents: &[0],
                ids: &self.ids[self.read..end],
                logits: end == total,
            });
        }
        let needs_none = self.settled().is_some() || self.search.ended().is_some();
        (!needs_none).then(|| self.search.want())
    }

    /// The step that follows from what [`Continuation::want`] asked for: its logits, or nothing where it wanted none.
    ///
    /// # Errors
    /// [`Error::Internal`] if the logits are not numbers, or not as many as were asked for. The generation has ended
    /// then.
    pub fn give(&mut self, logits: Vec<f32>) -> Result<Step> {
        let step = self.take(logits);
        self.ended_by_error(step)
    }

    /// The step that needs no forward pass: a token that is certain already, or the end.
    ///
    /// # Errors
    /// As [`Continuation::give`]; [`Error::Internal`] if a pass is wanted.
    pub fn proceed(&mut self) -> Result<Step> {
        let step = self.step_without_logits();
        self.ended_by_error(step)
    }

    /// Ends the generation here, unless it has ended.
    pub fn stop(&mut self) {
        self.done.get_or_insert((FinishReason::Stop, String::new()));
    }

    fn ended_by_error(&mut self, step: Result<Step>) -> Result<Step> {
        if step.is_err() {
            self.stop();
        }
        step
    }

    fn take(&mut self, logits: Vec<f32>) -> Result<Step> {
        let Some(forward) = self.want() else {
            return Err(Error::Internal("logits that nobody asked for".into()));
        };
        let (read, wanted) = (forward.ids.len(), forward.logits);
        if wanted && logits.len() != forward.parents.len() * self.vocab_size {
            return Err(Error::Internal(format!(
                "{} logits for {} texts",
                logits.len(),
                forward.parents.len()
            )));
        }
        if self.read == self.prompt.len() {
            return self.choose(&logits);
        }
        self.read += read;
        self.first_logits = wanted.then_some(logits);
        Ok(Step::Prefill {
            done: self.read,
            total: self.prompt.len(),
        })
    }

    fn step_without_logits(&mut self) -> Result<Step> {
        if let Some((reason, tail)) = self.done.clone() {
            return Ok(Step::Done { reason, tail });
        }
        if let Some(logits) = self.first_logits.take() {
            return self.choose(&logits);
        }
        self.settled_step()
    }

    /// Lets the search go on by a token.
    fn choose(&mut self, logits: &[f32]) -> Result<Step> {
        self.search.give(logits)?;
        match self.search.progress() {
            Some(tokens) => Ok(Step::Search { tokens }),
            None => self.settled_step(),
        }
    }

    /// The next token that is certain.
    fn settled(&self) -> Option<&Chosen> {
        self.search.settled(self.generated_ids().len())
    }

    /// Gives it out; behind the last one, the end.
    fn settled_step(&mut self) -> Result<Step> {
        if let Some(chosen) = self.search.take_settled(self.generated_ids().len()) {
            return Ok(self.write(chosen));
        }
        match self.search.ended() {
            Some(reason) => {
                let (reason, tail) = self.transcript.finish(reason);
                self.done = Some((reason, tail.clone()));
                Ok(Step::Done { reason, tail })
            }
            None => Err(Error::Internal("a step without its logits".into())),
        }
    }

    /// Adds a token to the text.
    fn write(&mut self, Chosen { id, logprob, top }: Chosen) -> Step {
        self.ids.push(id);
        let (text, reason) = self.transcript.push(id);
        self.done = reason.map(|reason| (reason, String::new()));
        Step::Token(GeneratedToken {
            id,
            token: self.tokenizer.readable(id),
            text,
            logprob,
            top: Arc::unwrap_or_clone(top),
        })
    }
}

/// The search that the options ask for.
fn search(
    info: &ModelInfo,
    tokenizer: &Arc<Tokenizer>,
    prompt: &Prompt,
    options: &GenerationOptions,
) -> Result<Box<dyn Search>> {
    let mut never = tokenizer.ids_without_token(info.vocab_size);
    // What ends the text needs no name.
    never.retain(|id| !prompt.eos_token_ids.contains(id));
    let alternatives = Alternatives {
        tokenizer: tokenizer.clone(),
        count: options.top_logprobs,
        never: never.clone(),
    };
    let ids = prompt.encoding.ids();
    let earliest = ids.len() + options.least_new_tokens(ids.len())?;
    let sampler = Sampler::new(options.sampling.clone())?
        .never(never)
        .not_before(earliest, prompt.eos_token_ids.clone());
    let eos = StopRules::default().and(EosTokens(prompt.eos_token_ids.clone()));
    let limits = StopRules::default()
        .and(MaxTokens {
            tokens: options.most_new_tokens(ids.len()),
            reason: FinishReason::Length,
        })
        .and(MaxTokens {
            // The token behind the last position is known without being read.
            tokens: info.max_position_embeddings + 1 - ids.len(),
            reason: FinishReason::Context,
        });
    if options.num_beams == 1 {
        let stops = eos.and_all(&limits);
        return Ok(Box::new(Sampling::new(sampler, alternatives, stops, ids)));
    }
    let beams = BeamOptions {
        num_beams: options.num_beams,
        length_penalty: options.length_penalty,
        early_stopping: options.early_stopping,
        num_eos_tokens: prompt.eos_token_ids.len(),
    };
    let stops = eos
        .and(StopStrings::new(&options.stop))
        .and_all(&prompt.stops)
        .and_all(&limits);
    let search = BeamSearch::new(beams, sampler, alternatives, stops, ids);
    Ok(Box::new(search))
}
