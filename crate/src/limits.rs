//! The limits of every numeric option in one table. The core refuses what lies outside of it, and TypeScript is
//! generated from it (`pkg/src/border/core.ts`), so that a page refuses the same.

use crate::error::{Error, Result};

/// JavaScript's numbers tell whole numbers apart up to here, 2^53 - 1.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Which values a numeric option may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// The option as callers name it.
    pub name: &'static str,
    /// The least value.
    pub min: f64,
    /// The greatest value. Infinite where there is no upper end; infinity itself is never a value.
    pub max: f64,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
    /// The value of an option that was not given.
    pub default: f64,
    /// A sentence that an error adds to the range; may be empty.
    pub hint: &'static str,
}

impl Limit {
    /// A number from `min` to `max`.
    const fn number(name: &'static str, min: f64, max: f64, default: f64) -> Self {
        Self {
            name,
            min,
            max,
            whole: false,
            default,
            hint: "",
        }
    }

    /// A whole number, at least `min`.
    const fn count(name: &'static str, min: u32, default: u32) -> Self {
        Self {
            whole: true,
            ..Self::number(name, min as f64, f64::INFINITY, default as f64)
        }
    }

    /// The same with this greatest value.
    pub const fn at_most(self, max: f64) -> Self {
        Self { max, ..self }
    }

    const fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    const fn with_default(self, default: u32) -> Self {
        Self {
            default: default as f64,
            ..self
        }
    }

    /// The default of an option that counts.
    pub const fn default_count(&self) -> usize {
        self.default as usize
    }

    /// Whether `value` lies within the limits.
    pub fn allows(&self, value: f64) -> bool {
        let within = self.min <= value && value <= self.max;
        within && value.is_finite() && (!self.whole || value.fract() == 0.0)
    }

    /// Refuses what lies outside of the limits.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] with the option's name and range.
    pub fn check(&self, value: f64) -> Result<()> {
        if self.allows(value) {
            Ok(())
        } else {
            Err(Error::option(self.name, self.message()))
        }
    }

    /// [`Limit::check`] of an option that counts.
    ///
    /// # Errors
    /// As [`Limit::check`].
    pub fn check_count(&self, value: usize) -> Result<()> {
        self.check(value as f64)
    }

    /// What the option must be, as a sentence without its subject.
    fn message(&self) -> String {
        let kind = if self.whole {
            "a whole number"
        } else {
            "a number"
        };
        let range = if self.max.is_finite() {
            format!("from {} to {}", self.min, self.max)
        } else {
            format!("of at least {}", self.min)
        };
        let hint = if self.hint.is_empty() {
            String::new()
        } else {
            format!(". {}", self.hint)
        };
        format!("must be {kind} {range}{hint}")
    }
}

/// Limits of text generation.
pub mod generation {
    use super::{Limit, MAX_SAFE_INTEGER};

    /// Tokens written.
    pub const MAX_NEW_TOKENS: Limit = Limit::count("max_new_tokens", 1, 128);
    /// Tokens of prompt and text together.
    pub const MAX_LENGTH: Limit = Limit::count("max_length", 1, 128);
    /// Tokens written before the text may end by itself.
    pub const MIN_NEW_TOKENS: Limit = Limit::count("min_new_tokens", 0, 0);
    /// Tokens of prompt and text together before it may.
    pub const MIN_LENGTH: Limit = Limit::count("min_length", 0, 0);
    /// Divisor of the logits; 0 only where nothing is drawn.
    pub const TEMPERATURE: Limit = Limit::number("temperature", 0.0, f64::INFINITY, 1.0);
    /// Most probable tokens that stay; 0 keeps all.
    pub const TOP_K: Limit = Limit::count("top_k", 0, 50);
    /// Probability that the tokens that stay reach together; of 0, the best one stays.
    pub const TOP_P: Limit = Limit::number("top_p", 0.0, 1.0, 1.0);
    /// Least probability of a token that stays, as a share of the best one's.
    pub const MIN_P: Limit = Limit::number("min_p", 0.0, 1.0, 0.0);
    /// Penalty of tokens already in the text.
    pub const REPETITION_PENALTY: Limit =
        Limit::number("repetition_penalty", 0.01, 100.0, 1.0).hint("1 changes nothing.");
    /// Length of the n-grams that come once only; 0 allows all.
    pub const NO_REPEAT_NGRAM_SIZE: Limit = Limit::count("no_repeat_ngram_size", 0, 0);
    /// Texts followed at once. Each has a KV cache of its own.
    pub const NUM_BEAMS: Limit = Limit::count("num_beams", 1, 1).at_most(64.0);
    /// Exponent of a text's length in a beam search.
    pub const LENGTH_PENALTY: Limit = Limit::number("length_penalty", -100.0, 100.0, 1.0);
    /// Seed of the random numbers. The upper end is JavaScript's: Rust callers may pass any `u64`.
    pub const SEED: Limit = Limit::count("seed", 0, 0).at_most(MAX_SAFE_INTEGER);
    /// Alternatives reported with each token.
    pub const TOP_LOGPROBS: Limit = Limit::count("top_logprobs", 0, 5);
    /// Prompt tokens read in one step.
    pub const PREFILL_CHUNK: Limit = Limit::count("prefill_chunk", 1, 64);

    /// All of them.
    pub const ALL: &[Limit] = &[
        MAX_NEW_TOKENS,
        MAX_LENGTH,
        MIN_NEW_TOKENS,
        MIN_LENGTH,
        TEMPERATURE,
        TOP_K,
        TOP_P,
        MIN_P,
        REPETITION_PENALTY,
        NO_REPEAT_NGRAM_SIZE,
        NUM_BEAMS,
        LENGTH_PENALTY,
        SEED,
        TOP_LOGPROBS,
        PREFILL_CHUNK,
    ];
}

/// Limits of masked-word prediction.
pub mod fill_mask {
    use super::Limit;

    /// Candidates for each mask.
    pub const TOP_K: Limit = Limit::count("top_k", 1, 5);

    /// All of them.
    pub const ALL: &[Limit] = &[TOP_K];
}

/// Limits of summaries. Those of [`generation`] hold as well; only where a default differs does a row stand here again.
pub mod summary {
    use super::{generation, Limit};

    /// Sentences of the summary.
    pub const SENTENCES: Limit = Limit::count("sentences", 1, 3);
    /// Tokens kept free for the summary.
    pub const MAX_NEW_TOKENS: Limit = generation::MAX_NEW_TOKENS.with_default(100);
    /// Most probable tokens that stay; 2 in GPT-2's paper.
    pub const TOP_K: Limit = generation::TOP_K.with_default(2);

    /// All of them.
    pub const ALL: &[Limit] = &[SENTENCES, MAX_NEW_TOKENS, TOP_K];
}

/// Limits of what is looked at inside a model.
pub mod inspect {
    use super::Limit;

    /// The layer whose attention is looked at, from 0; a model's last one is the greatest.
    pub const LAYER: Limit = Limit::count("layer", 0, 0);
    /// Rows and columns of a head's attention made small.
    pub const SIZE: Limit = Limit::count("size", 1, 24).at_most(128.0);
    /// Candidates of each place and layer in the logit lens.
    pub const TOP_K: Limit = Limit::count("top_k", 1, 3).at_most(100.0);
    /// Neighbours of each token.
    pub const COUNT: Limit = Limit::count("count", 1, 8).at_most(100.0);

    /// All of them.
    pub const ALL: &[Limit] = &[LAYER, SIZE, TOP_K, COUNT];
}

/// Limits of the choice of tokens in BERT's pretraining.
pub mod masking {
    use super::{generation, Limit};

    /// The share of the text's tokens that is chosen; one at the least.
    pub const MLM_PROBABILITY: Limit = Limit::number("mlm_probability", 0.0, 1.0, 0.15);
    /// Seed of the choice.
    pub const SEED: Limit = generation::SEED;

    /// All of them.
    pub const ALL: &[Limit] = &[MLM_PROBABILITY, SEED];
}

/// Limits of question answering.
pub mod question_answering {
    use super::Limit;

    /// Answers given.
    pub const TOP_K: Limit = Limit::count("top_k", 1, 1);
    /// Tokens that two windows of a long text have in common.
    pub const DOC_STRIDE: Limit = Limit::count("doc_stride", 0, 128);
    /// Tokens of the longest answer.
    pub const MAX_ANSWER_LEN: Limit = Limit::count("max_answer_len", 1, 15);
    /// Tokens of the question that are read.
    pub const MAX_QUESTION_LEN: Limit = Limit::count("max_question_len", 1, 64);
    /// Tokens of a window, question included.
    pub const MAX_SEQ_LEN: Limit = Limit::count("max_seq_len", 1, 384);

    /// All of them.
    pub const ALL: &[Limit] = &[
        TOP_K,
        DOC_STRIDE,
        MAX_ANSWER_LEN,
        MAX_QUESTION_LEN,
        MAX_SEQ_LEN,
    ];
}

/// Limits of text classification.
pub mod text_classification {
    use super::Limit;

    /// Labels given.
    pub const TOP_K: Limit = Limit::count("top_k", 1, 1);

    /// All of them.
    pub const ALL: &[Limit] = &[TOP_K];
}

/// Limits of token classification.
pub mod token_classification {
    use super::Limit;

    /// Tokens that two windows of a long text have in common.
    pub const STRIDE: Limit = Limit::count("stride", 0, 128);

    /// All of them.
    pub const ALL: &[Limit] = &[STRIDE];
}

/// The limits of each task. Next-sentence prediction, pseudo-perplexity and feature extraction have no numeric options.
pub const TABLE: [(&str, &[Limit]); 8] = [
    ("fill-mask", fill_mask::ALL),
    ("text-generation", generation::ALL),
    ("summarization", summary::ALL),
    ("question-answering", question_answering::ALL),
    ("text-classification", text_classification::ALL),
    ("token-classification", token_classification::ALL),
    ("inspect", inspect::ALL),
    ("mask-for-training", masking::ALL),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_fractions() {
        let limit = generation::TOP_P;
        assert!(limit.allows(0.0) && limit.allows(1.0));
        assert!(!limit.allows(-f64::MIN_POSITIVE) && !limit.allows(1.01));
        for limit in TABLE.iter().flat_map(|(_, limits)| *limits) {
            assert!(limit.allows(limit.default), "{}", limit.name);
            for never in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(!limit.allows(never), "{}: {never}", limit.name);
            }
            assert_eq!(
                limit.allows(limit.min + 0.5),
                !limit.whole,
                "{}",
                limit.name
            );
        }
    }

    #[test]
    fn messages_say_the_range() {
        let message = |limit: Limit| limit.check(f64::NAN).unwrap_err().to_string();
        assert_eq!(
            message(generation::NUM_BEAMS),
            "Option \"num_beams\": must be a whole number from 1 to 64"
        );
        assert_eq!(
            message(fill_mask::TOP_K),
            "Option \"top_k\": must be a whole number of at least 1"
        );
        assert_eq!(
            message(generation::REPETITION_PENALTY),
            "Option \"repetition_penalty\": must be a number from 0.01 to 100. 1 changes nothing."
        );
    }
}
