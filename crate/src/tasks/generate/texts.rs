//! The texts of a generation on a decoder: the caches that its forward passes read and write.

use std::sync::Arc;

use super::forward::Forward;
use crate::error::Result;
use crate::models::Decoder;
use crate::nn::KvCache;

/// Tokens of an answer for which there is room at once; what is longer makes the cache grow.
const LIKELY: usize = 128;

/// Serves forward passes.
pub(super) struct Texts {
    model: Arc<dyn Decoder>,
    /// One for each text. None after an error.
    caches: Vec<KvCache>,
    /// Tokens of the prompt: positions up to here are the same in all caches.
    prompt: usize,
}

impl Texts {
    /// One empty text, which will hold a prompt of `prompt` tokens and up to `max_new_tokens` more.
    ///
    /// # Errors
    /// [`crate::Error::OutOfMemory`].
    pub fn new(model: Arc<dyn Decoder>, prompt: usize, max_new_tokens: usize) -> Result<Self> {
        let mut cache = model.new_cache_of(prompt.saturating_add(max_new_tokens))?;
        // The prompt and the first answers cost no growing.
        let likely = prompt.saturating_add(max_new_tokens.min(LIKELY));
        cache.reserve(likely.min(cache.max_positions()))?;
        Ok(Self {
            model,
            caches: vec![cache],
            prompt,
        })
    }

    /// Whether they are read by `model`.
    pub fn are_read_by(&self, model: &Arc<dyn Decoder>) -> bool {
        Arc::ptr_eq(&self.model, model)
    }

    /// Copies what `cache`, of the same model, holds into the only text.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] if it does not fit.
    pub fn begin_with(&mut self, cache: &KvCache) -> Result<()> {
        self.caches[0].copy_from(cache, 0)
    }

    /// Gives the cache of the first text away, and the model whose it is.
    ///
    /// # Errors
    /// As [`Texts::new`]: after an error an empty cache stands in for it.
    pub fn take_first(&mut self) -> Result<(KvCache, Arc<dyn Decoder>)> {
        let first = std::mem::take(&mut self.caches).into_iter().next();
        let cache = match first {
            Some(cache) => cache,
            None => self.model.new_cache_of(0)?,
        };
        Ok((cache, self.model.clone()))
    }

    /// Logits of the pass, `[texts, vocab_size]`; empty where none are wanted.
    ///
    /// # Errors
    /// Those of the model; [`crate::Error::OutOfMemory`] for further caches.
    pub fn run(&mut self, forward: &Forward) -> Result<Vec<f32>> {
        let Forward {
            parents,
            ids,
            logits,
        } = *forward;
        if !parents.iter().copied().eq(0..self.caches.len()) {
            self.reorder(parents)?;
        }
        match &mut self.caches[..] {
            [cache] if logits => self.model.next_logits(ids, cache),
            [cache] => self.model.read(ids, cache).map(|()| Vec::new()),
            caches => self.model.next_logits_each(ids, caches),
        }
    }

    /// Puts the caches in the order of the new texts. The first child of a text takes its cache; the others copy what
    /// was read behind the prompt.
    fn reorder(&mut self, parents: &[usize]) -> Result<()> {
        let caches = std::mem::take(&mut self.caches).into_iter();
        let mut slots: Vec<Option<KvCache>> = caches.map(Some).collect();
        let mut spare: Vec<KvCache> = (0..slots.len())
            .filter(|slot| !parents.contains(slot))
            .filter_map(|slot| slots[slot].take())
            .collect();
        let mut caches: Vec<KvCache> = Vec::with_capacity(parents.len());
        for (place, &parent) in parents.iter().enumerate() {
            let cache = match slots[parent].take() {
                Some(cache) => cache,
                None => {
                    // Its first child, which stands before it, holds the same.
                    let elder = parents[..place].iter().position(|&other| other == parent);
                    self.copy(&caches[elder.unwrap_or(0)], spare.pop())?
                }
            };
            caches.push(cache);
        }
        self.caches = caches;
        Ok(())
    }

    /// A copy of `cache`, in a `spare` one of the same prompt if there is one.
    fn copy(&self, cache: &KvCache, spare: Option<KvCache>) -> Result<KvCache> {
        let (mut copy, same) = match spare {
            Some(spare) => (spare, self.prompt),
            None => (self.model.new_cache_of(cache.max_positions())?, 0),
        };
        copy.copy_from(cache, same)?;
        Ok(copy)
    }
}
