//! How a text is continued.

use crate::error::{Error, Result};
use crate::limits::generation;
use crate::sampling::SamplingOptions;

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
            max_new_tokens: generation::MAX_NEW_TOKENS.default_count(),
            sampling: SamplingOptions::default(),
            num_beams: generation::NUM_BEAMS.default_count(),
            length_penalty: generation::LENGTH_PENALTY.default,
            stop: Vec::new(),
            top_logprobs: generation::TOP_LOGPROBS.default_count(),
            prefill_chunk: generation::PREFILL_CHUNK.default_count(),
        }
    }
}

impl GenerationOptions {
    /// # Errors
    /// [`Error::InvalidOption`] naming the first option out of its range, or that goes with no other.
    pub fn check(&self) -> Result<()> {
        generation::MAX_NEW_TOKENS.check_count(self.max_new_tokens)?;
        generation::PREFILL_CHUNK.check_count(self.prefill_chunk)?;
        generation::NUM_BEAMS.check_count(self.num_beams)?;
        if self.num_beams > 1 && self.sampling.do_sample {
            return Err(Error::option(
                "num_beams",
                "above 1 searches for the most probable text and draws nothing: set do_sample to false",
            ));
        }
        generation::LENGTH_PENALTY.check(self.length_penalty)?;
        self.sampling.check()
    }
}
