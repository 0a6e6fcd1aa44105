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
    /// There is nothing to learn from.
    NoExamples,
    /// A prompt without text.
    EmptyPrompt {
        /// Which example or pair, from 0.
        example: usize,
    },
    /// A response without text.
    EmptyResponse {
        /// Which example or pair, from 0.
        example: usize,
    },
    /// Both responses of a pair are equal, or are so in what is left of them where they were cut.
    SameResponses {
        /// Which pair, from 0.
        example: usize,
    },
    /// No phase was begun that could do a step.
    NoPhase,
    /// Responses are to be judged before there is a reward model.
    NoRewardModel,
    /// None of the texts has the word that is looked for.
    WordNotFound {
        /// The word.
        word: String,
    },
    /// A label that no example has.
    LabelWithoutExamples {
        /// Its name.
        label: String,
    },
    /// Fewer than two labels: there is nothing to tell apart.
    TooFewLabels {
        /// How many there are.
        labels: usize,
    },
    /// An example with a label that is not among the labels.
    UnknownLabel {
        /// As the example has it.
        label: String,
        /// Its place among the examples, from 0.
        example: usize,
    },
    /// An example with an empty text, question, context, answer or word.
    EmptyExample {
        /// Its place among the examples, from 0.
        example: usize,
    },
    /// An example with more words than labels, or fewer.
    WordsAndLabels {
        /// Its place among the examples, from 0.
        example: usize,
        /// Number of its words.
        words: usize,
        /// Number of its labels.
        labels: usize,
    },
    /// An answer that does not stand where the example says.
    AnswerNotInContext {
        /// Its place among the examples, from 0.
        example: usize,
    },
    /// What the frozen layers make of the examples is more than is kept.
    TooMuchToKeep {
        /// Bytes that it takes.
        bytes: u64,
        /// The most that is kept.
        most: u64,
    },
    /// A step does not fit in memory, not even with one text at a time.
    TooMuchMemory {
        /// Bytes that it takes.
        bytes: u64,
        /// The most that there are.
        most: u64,
        /// Tokens of the longest text.
        tokens: usize,
        /// Tokens of the longest text that would fit; 0 where the weights that learn leave no room for any.
        fits: usize,
    },
    /// No example is held back to be evaluated on.
    NothingHeldOut,
    /// The checkpoint is of other examples, or of another model.
    OtherData,
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
            Self::NoExamples => "no_examples",
            Self::EmptyPrompt { .. } => "empty_prompt",
            Self::EmptyResponse { .. } => "empty_response",
            Self::SameResponses { .. } => "same_responses",
            Self::NoPhase => "no_phase",
            Self::NoRewardModel => "no_reward_model",
            Self::WordNotFound { .. } => "word_not_found",
            Self::LabelWithoutExamples { .. } => "label_without_examples",
            Self::TooFewLabels { .. } => "too_few_labels",
            Self::UnknownLabel { .. } => "unknown_label",
            Self::EmptyExample { .. } => "empty_example",
            Self::WordsAndLabels { .. } => "words_and_labels",
            Self::AnswerNotInContext { .. } => "answer_not_in_context",
            Self::TooMuchToKeep { .. } => "too_much_to_keep",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::NothingHeldOut => "nothing_held_out",
            Self::OtherData => "other_data",
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
            Self::NoExamples => write!(f, "There are no examples to learn from."),
            Self::EmptyPrompt { example } => write!(f, "Example {} has no prompt.", example + 1),
            Self::EmptyResponse { example } => {
                write!(f, "Example {} has an empty response.", example + 1)
            }
            Self::SameResponses { example } => write!(
                f,
                "The two responses of pair {} are equal, as far as the model reads them.",
                example + 1
            ),
            Self::NoPhase => write!(f, "No phase was begun: begin one with examples or pairs."),
            Self::NoRewardModel => write!(f, "There is no reward model yet: train one from pairs."),
            Self::WordNotFound { word } => write!(f, "None of the texts has the word \"{word}\"."),
            Self::LabelWithoutExamples { label } => write!(
                f,
                "No example has the label \"{label}\". Add some, or leave the label out."
            ),
            Self::TooFewLabels { labels } => {
                write!(f, "Two labels are needed to tell texts apart; there is {labels}.")
            }
            Self::UnknownLabel { label, example } => write!(
                f,
                "Example {example} has the label \"{label}\", which is not among the labels."
            ),
            Self::EmptyExample { example } => {
                write!(f, "Example {example} has an empty text or word.")
            }
            Self::WordsAndLabels {
                example,
                words,
                labels,
            } => write!(f, "Example {example} has {words} words and {labels} labels."),
            Self::AnswerNotInContext { example } => write!(
                f,
                "The answer of example {example} does not stand in its context where the example says."
            ),
            Self::TooMuchToKeep { bytes, most } => write!(
                f,
                "What the frozen layers make of these examples takes {bytes} bytes, where {most} are kept at most. \
                 Take fewer or shorter examples."
            ),
            Self::TooMuchMemory {
                bytes,
                most,
                tokens,
                fits,
            } => {
                let [bytes, most] = [bytes, most].map(|bytes| bytes >> 20);
                write!(
                    f,
                    "A step on a text of {tokens} tokens takes {bytes} MiB of memory, where there are {most}. "
                )?;
                match fits {
                    0 => write!(f, "Let fewer layers learn, or take a smaller model."),
                    fits => write!(f, "Texts of up to {fits} tokens fit, or let fewer layers learn."),
                }
            }
            Self::NothingHeldOut => write!(
                f,
                "No example is held back to be evaluated on. Choose a larger share, or add examples."
            ),
            Self::OtherData => write!(f, "The checkpoint is of other examples, or of another model."),
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
