//! The trait of models that write from left to right, whatever their architecture.

use super::embedded::Embedded;
use super::generation_config::GenerationConfig;
use super::heads::SequenceHead;
use super::info::ModelInfo;
use super::observer::{Observer, Unobserved};
use crate::error::{Error, Result};
use crate::nn::{Embedding, KvCache};

/// The texts behind which tokens are read, by their caches.
pub enum Past<'a> {
    /// One text: the tokens follow one another.
    OfAll(&'a mut KvCache),
    /// As many texts as tokens: each gets one token.
    OfEach(&'a mut [KvCache]),
}

impl Past<'_> {
    /// The position of each of the tokens `input_ids`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], or [`Error::InputTooLong`] beyond a context of `max` positions.
    pub fn positions(&self, input_ids: &[u32], max: usize) -> Result<Vec<usize>> {
        let positions: Vec<usize> = match self {
            Self::OfAll(cache) => (cache.len()..cache.len() + input_ids.len()).collect(),
            Self::OfEach(caches) => caches.iter().map(KvCache::len).collect(),
        };
        within(positions, max)
    }

    /// Calls `each` with each text's part of `rows` and with its cache; returns the results one behind the other.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn for_each_text(
        &mut self,
        rows: &[f32],
        mut each: impl FnMut(&[f32], &mut KvCache) -> Result<Vec<f32>>,
    ) -> Result<Vec<f32>> {
        match self {
            Self::OfAll(cache) => each(rows, cache),
            Self::OfEach(caches) => {
                let size = rows.len() / caches.len();
                let mut out = Vec::new();
                for (row, cache) in rows.chunks_exact(size).zip(caches.iter_mut()) {
                    out.extend(each(row, cache)?);
                }
                Ok(out)
            }
        }
    }

    /// Counts the `n` tokens as read, once every layer has written.
    pub fn advance(&mut self, n: usize) {
        match self {
            Self::OfAll(cache) => cache.advance(n),
            Self::OfEach(caches) => caches.iter_mut().for_each(|cache| cache.advance(1)),
        }
    }
}

/// The positions of the tokens `input_ids` behind nothing.
///
/// # Errors
/// As [`Past::positions`].
pub(super) fn first_positions(input_ids: &[u32], max: usize) -> Result<Vec<usize>> {
    within((0..input_ids.len()).collect(), max)
}

/// `positions`, if there are some and all are below `max`.
fn within(positions: Vec<usize>, max: usize) -> Result<Vec<usize>> {
    let input = || "token list".into();
    match positions.iter().max() {
        None => Err(Error::EmptyInput { input: input() }),
        Some(&last) if last >= max => Err(Error::InputTooLong {
            input: input(),
            tokens: last + 1,
            max,
        }),
        Some(_) => Ok(positions),
    }
}

/// A decoder with its language-model head. An architecture implements the methods that have no body here; the others
/// follow from them.
pub trait Decoder: Send + Sync {
    /// Its names, sizes and capabilities; `max_position_embeddings` is its context.
    fn info(&self) -> ModelInfo;

    /// How it writes, as its files say.
    fn generation(&self) -> &GenerationConfig;

    /// An empty cache for up to so many positions, at most the whole context. It grows as they come.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    fn new_cache_of(&self, positions: usize) -> Result<KvCache>;

    /// Reads `input_ids` behind what `past` holds, and adds them to it. Returns the hidden states that
    /// [`Decoder::lm_head`] reads, `[input_ids.len(), hidden_size]`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::InputTooLong`] when the context overflows, or [`Error::OutOfMemory`] for a longer
    /// cache. What `past` held is still there.
    fn run(&self, input_ids: &[u32], past: Past, observe: &mut dyn Observer) -> Result<Vec<f32>>;

    /// Logits for hidden states from [`Decoder::run`]: `[n, hidden_size]` → `[n, vocab_size]`.
    ///
    /// # Errors
    /// [`Error::NoHead`] for a checkpoint that only classifies.
    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>>;

    /// What the first block reads of tokens behind nothing, and its parts.
    ///
    /// # Errors
    /// As [`Decoder::run`].
    fn embed(&self, input_ids: &[u32]) -> Result<Embedded>;

    /// The table of word embeddings.
    fn word_embeddings(&self) -> &Embedding;

    /// The norm between the last block and [`Decoder::lm_head`], where there is one: `[n, hidden_size]` → the same.
    fn final_norm(&self, hidden_states: &[f32]) -> Vec<f32> {
        hidden_states.to_vec()
    }

    /// The classifier of whole texts, if its checkpoint has one.
    fn sequence_head(&self) -> Option<&SequenceHead> {
        None
    }

    /// The tokens that end a text.
    fn eos_token_ids(&self) -> &[u32] {
        &self.generation().eos_token_id
    }

    /// An empty cache for up to the whole context.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    fn new_cache(&self) -> Result<KvCache> {
        self.new_cache_of(self.info().max_position_embeddings)
    }

    /// As [`Decoder::run`] behind one text, unobserved.
    ///
    /// # Errors
    /// As [`Decoder::run`].
    fn hidden_states(&self, input_ids: &[u32], past: &mut KvCache) -> Result<Vec<f32>> {
        self.run(input_ids, Past::OfAll(past), &mut Unobserved)
    }

    /// Reads `input_ids` into `past` and computes nothing more.
    ///
    /// # Errors
    /// As [`Decoder::run`].
    fn read(&self, input_ids: &[u32], past: &mut KvCache) -> Result<()> {
        self.hidden_states(input_ids, past).map(drop)
    }

    /// Logits of the token after the last one, `[vocab_size]`; the others are not computed.
    ///
    /// # Errors
    /// As [`Decoder::run`].
    fn next_logits(&self, input_ids: &[u32], past: &mut KvCache) -> Result<Vec<f32>> {
        let xs = self.hidden_states(input_ids, past)?;
        self.lm_head(&xs[xs.len() - xs.len() / input_ids.len()..])
    }

    /// One token behind each of as many texts, all in one pass over the weights: logits of what comes next,
    /// `[n, vocab_size]` row by row.
    ///
    /// # Errors
    /// As [`Decoder::run`]; [`Error::Internal`] unless there are as many tokens as texts.
    fn next_logits_each(&self, input_ids: &[u32], pasts: &mut [KvCache]) -> Result<Vec<f32>> {
        if input_ids.len() != pasts.len() {
            return Err(Error::Internal(format!(
                "{} tokens for {} texts",
                input_ids.len(),
                pasts.len()
            )));
        }
        let xs = self.run(input_ids, Past::OfEach(pasts), &mut Unobserved)?;
        self.lm_head(&xs)
    }
}
