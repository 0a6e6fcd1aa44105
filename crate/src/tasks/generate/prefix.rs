//! What a generation leaves for one that begins alike.

use std::sync::Arc;

use crate::models::Decoder;
use crate::nn::KvCache;

/// The beginning of a text, read: the next turn of a conversation usually has it in common with the turn before.
pub struct KeptPrefix {
    /// The tokens that the cache holds.
    pub(super) ids: Vec<u32>,
    pub(super) cache: KvCache,
    /// Whose keys and values they are.
    pub(super) model: Arc<dyn Decoder>,
}

impl KeptPrefix {
    /// Cuts it down to what it has in common with `ids`, and to `max` tokens.
    pub(super) fn cut_to(&mut self, ids: &[u32], max: usize) {
        let both = self.ids.iter().zip(ids);
        let same = both.take_while(|(ours, theirs)| ours == theirs).count();
        self.cache.truncate(same.min(max));
        self.ids.truncate(self.cache.len());
    }
}
