//! What can go wrong in training. The codes are its own, so that builds without training do not have them.

use std::fmt;

use crate::error::Error;

/// Shorthand for results with [`TrainError`].
pub type Result<T, E = TrainError> = std::result::Result<T, E>;

/// Everything that can go wrong in training, by kind; [`TrainError::code`] is its stable name.
#[derive(Debug, Clone, PartialEq)]
pub enum TrainError {
    /// What the rest of the core says.
    Core(Error),
    /// A setting out of its range, or one that does not go with the others.
    InvalidSetting {
        /// Its name.
        setting: &'static str,
        /// What is allowed.
        message: String,
    },
    /// The text is too short for these settings.
    TextTooShort {
        /// Tokens that it has for training, or to be held back.
        tokens: usize,
        /// The least that is needed.
        needed: usize,
    },
    /// The text has too few sentences to make pairs of them.
    TooFewSentences {
        /// Sentences that it has for training, or to be held back.
        sentences: usize,
        /// The least that is needed.
        needed: usize,
    },
    /// The loss is no number any more. The weights are as before the step.
    Diverged {
        /// The step, from 0.
        step: u64,
    },
    /// Bytes that are no checkpoint, or one of another version.
    InvalidCheckpoint(String),
    /// The checkpoint is of a run on another text.
    OtherText,
    /// This model does not show such a thing.
    NotShown {
        /// What was asked for.
        what: Shown,
        /// The run's model.
        architecture: &'static str,
    },
}

/// What only some models have to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Text that it writes: GPT, ELMo.
    Samples,
    /// Guesses of masked words: BERT with its words masked, XLNet.
    Probes,
    /// Whether a text follows another: BERT that learns next sentences.
    NextSentences,
    /// Attention: all but ELMo.
    Attention,
    /// Vectors of words by layer and direction: ELMo.
    WordVectors,
}

impl TrainError {
    /// Stable name of the kind, `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Core(error) => error.code(),
            Self::InvalidSetting { .. } => "invalid_setting",
            Self::TextTooShort { .. } | Self::TooFewSentences { .. } => "text_too_short",
            Self::Diverged { .. } => "diverged",
            Self::InvalidCheckpoint(_) => "invalid_checkpoint",
            Self::OtherText => "other_text",
            Self::NotShown { what, .. } => match what {
                Shown::Samples => "no_samples",
                Shown::Probes => "no_probes",
                Shown::NextSentences => "no_next_sentence",
                Shown::Attention => "no_attention",
                Shown::WordVectors => "no_word_vectors",
            },
        }
    }

    pub(super) fn setting(setting: &'static str, message: impl Into<String>) -> Self {
        Self::InvalidSetting {
            setting,
            message: message.into(),
        }
    }

    /// A defect of ours.
    pub(super) fn internal(message: impl fmt::Display) -> Self {
        Self::Core(Error::Internal(message.to_string()))
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::InvalidSetting { setting, message } => {
                write!(f, "Setting \"{setting}\": {message}")
            }
            Self::TextTooShort { tokens, needed } => write!(
                f,
                "The text is too short: {tokens} tokens where these settings need {needed}. Add text, or choose a \
                 smaller context."
            ),
            Self::TooFewSentences { sentences, needed } => write!(
                f,
                "The text has too few sentences: {sentences} in the part for training or in the part held back, where \
                 {needed} are needed in each. Add text, or end its sentences with full stops."
            ),
            Self::Diverged { step } => write!(
                f,
                "The loss of step {step} is no number any more. Choose a lower learning rate and start again from \
                 the last checkpoint."
            ),
            Self::InvalidCheckpoint(message) => {
                write!(f, "The checkpoint is not usable: {message}")
            }
            Self::OtherText => write!(f, "The checkpoint is of a run on another text."),
            Self::NotShown { what, architecture } => {
                let has = match what {
                    Shown::Samples => "no text to show: GPT and ELMo write",
                    Shown::Probes => "no masked words to guess: BERT (with masked words on) and XLNet do",
                    Shown::NextSentences => "no next sentences: BERT has, where they are learnt",
                    Shown::Attention => "no attention: BERT, GPT and XLNet have",
                    Shown::WordVectors => "no vectors of both directions: ELMo has",
                };
                write!(f, "This run's model ({architecture}) has {has}.")
            }
        }
    }
}

impl std::error::Error for TrainError {}

impl From<Error> for TrainError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

/// Candle refuses shapes that do not fit, which are a defect of ours.
impl From<candle_core::Error> for TrainError {
    fn from(error: candle_core::Error) -> Self {
        Self::internal(error)
    }
}
