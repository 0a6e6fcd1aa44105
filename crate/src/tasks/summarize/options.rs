//! How a document is summarised.

use crate::error::{Error, Result};
use crate::limits::summary;
use crate::sampling::SamplingOptions;
use crate::tasks::generate::GenerationOptions;

/// Which part of a too long document is not shown to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The beginning.
    Head,
    /// The middle.
    Middle,
    /// The end.
    Tail,
}

impl Part {
    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Middle => "middle",
            Self::Tail => "tail",
        }
    }

    /// From the name.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn from_name(name: &str) -> Result<Self> {
        [Self::Head, Self::Middle, Self::Tail]
            .into_iter()
            .find(|part| part.name() == name)
            .ok_or_else(|| {
                Error::option(
                    "truncation",
                    format!("\"{name}\" is none of head, middle, tail"),
                )
            })
    }
}

/// How a document is summarised. The defaults are the paper's: top-k 2, 100 tokens, 3 sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryOptions {
    /// What follows the document. `None`: `TL;DR:`, or the question for a summary where the model has a chat template.
    pub cue: Option<String>,
    /// What is left out of a document that is too long.
    pub truncation: Part,
    /// Sentences of the summary, at least 1.
    pub sentences: usize,
    /// How its tokens are generated.
    pub generation: GenerationOptions,
}

impl Default for SummaryOptions {
    fn default() -> Self {
        Self {
            cue: None,
            truncation: Part::Tail,
            sentences: summary::SENTENCES.default_count(),
            generation: GenerationOptions {
                max_new_tokens: summary::MAX_NEW_TOKENS.default_count(),
                sampling: SamplingOptions {
                    top_k: summary::TOP_K.default_count(),
                    ..Default::default()
                },
                ..Default::default()
            },
        }
    }
}

impl SummaryOptions {
    /// The defaults for a model that is asked in a conversation: it keeps closest to the document where the likeliest
    /// token is taken each time.
    pub fn asked() -> Self {
        let mut options = Self::default();
        options.generation.sampling.do_sample = false;
        options
    }
}
