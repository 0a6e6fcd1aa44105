//! One error enum for all: what was wrong, and with which input. No sentence knows of a screen; a page chooses its
//! advice by [`Error::code`] and the fields.

use std::fmt;
use std::sync::Arc;

use crate::dtype::DType;

/// Shorthand for results with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong, by kind. [`Error::code`] gives the stable name that JavaScript
/// callers see; the text of [`fmt::Display`] is meant for people.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// `config.json` (or GGUF metadata) is missing or asks for something impossible.
    InvalidConfig(String),
    /// `config.json` is not JSON, or a field in it is not of its type.
    MalformedConfig(Cause),
    /// The weight file is not what its header says, or no format we know.
    InvalidWeights(String),
    /// The weight file ended early.
    TruncatedWeights {
        /// Where it ended: in the header, or in which tensor.
        place: String,
        /// Bytes that were still to come, where that is known.
        missing: Option<u64>,
    },
    /// The model needs a tensor that the file does not have.
    MissingTensor(String),
    /// A tensor has another shape than the configuration says.
    ShapeMismatch {
        /// Name as the model asks for it.
        tensor: String,
        /// Shape by the configuration.
        expected: Vec<usize>,
        /// Shape in the file.
        found: Vec<usize>,
    },
    /// The tokenizer files are missing, broken or contradict each other.
    InvalidTokenizer(String),
    /// There is no text where the task needs some.
    EmptyInput {
        /// Which input: `text`, `prompt`, `document`, ...
        input: String,
    },
    /// More tokens than the model has positions for.
    InputTooLong {
        /// Which input.
        input: String,
        /// Tokens, special tokens included.
        tokens: usize,
        /// The most that fit.
        max: usize,
    },
    /// A token for which the model has no row: one that was added to the tokenizer and not to the model.
    TokenBeyondModel {
        /// As in the vocabulary.
        token: String,
        /// Index into the vocabulary.
        id: u32,
        /// Rows of the model's embedding.
        rows: usize,
    },
    /// A text so large that cutting it into tokens would take seconds, only to find it too long.
    InputTooLarge {
        /// Its size in UTF-8.
        bytes: usize,
        /// The most that is read.
        max: usize,
    },
    /// A fill-mask text without a mask token.
    NoMask {
        /// How this model writes its mask.
        mask_token: String,
    },
    /// A target that is not one token of the vocabulary.
    UnknownTarget {
        /// The word as given.
        target: String,
        /// How the tokenizer would cut it, empty if it is unknown altogether.
        pieces: Vec<String>,
    },
    /// The model has no chat template, so it was not trained for conversations.
    NoChatTemplate,
    /// The chat template makes no text of a conversation.
    ChatTemplate {
        /// Which part went wrong.
        problem: TemplateProblem,
        /// What went wrong; of a refusal, the template's own words.
        reason: String,
        /// The line of the template, from 1, where one is known.
        line: Option<u32>,
    },
    /// The checkpoint lacks the head that a task needs, or a layer in front of it.
    NoHead {
        /// Which one.
        head: Head,
        /// The heads that it has: `mlm`, `nsp`, ...
        has: Vec<String>,
    },
    /// The task needs another kind of model.
    WrongArchitecture {
        /// What the task needs: `BERT-type` or `GPT-type`.
        needed: &'static str,
        /// What the model is: `bert`, `gpt2`, ...
        found: &'static str,
    },
    /// A model or file of a kind that Cloze does not run.
    Unsupported(String),
    /// What a smaller build of this crate leaves out (the feature `every-tokenizer`), and another one reads.
    BeyondBuild(&'static str),
    /// An option out of its range.
    InvalidOption {
        /// Its name.
        option: String,
        /// What was wrong and what is allowed.
        message: String,
    },
    /// There is not enough memory. What was loaded stays usable.
    OutOfMemory {
        /// For what.
        what: String,
        /// How much was asked for.
        bytes: u64,
        /// While a model is loaded: the bytes that its weights need in all, and the type they were to be kept as.
        model: Option<(u64, DType)>,
    },
    /// A defect of ours.
    Internal(String),
}

/// What a model may have on top of its layers, for one kind of task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Guesses masked words.
    Mlm,
    /// Says whether one text follows another.
    Nsp,
    /// Guesses the next token.
    Lm,
    /// Finds the answer to a question in a text.
    Qa,
    /// Labels whole texts.
    SequenceClassification,
    /// Labels tokens.
    TokenClassification,
}

impl Head {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Mlm,
        Self::Nsp,
        Self::Lm,
        Self::Qa,
        Self::SequenceClassification,
        Self::TokenClassification,
    ];

    /// Its name in [`crate::models::ModelInfo`]; the code of the error where it is missing; what it is for; and the
    /// classes of transformers that have it.
    const fn facts(self) -> [&'static str; 4] {
        match self {
            Self::Mlm => ["mlm", "no_mlm_head", "masked words", "...ForMaskedLM"],
            Self::Nsp => ["nsp", "no_nsp_head", "next sentences", "BertForPreTraining"],
            Self::Lm => ["lm", "no_lm_head", "the next token", "...LMHeadModel"],
            Self::Qa => [
                "qa",
                "no_qa_head",
                "answers to questions",
                "...ForQuestionAnswering",
            ],
            Self::SequenceClassification => [
                "sequence-classification",
                "no_classification_head",
                "labels of texts",
                "...ForSequenceClassification",
            ],
            Self::TokenClassification => [
                "token-classification",
                "no_tagging_head",
                "labels of tokens",
                "...ForTokenClassification",
            ],
        }
    }

    /// `mlm`, `nsp`, `lm`, `qa`, `sequence-classification` or `token-classification`.
    pub const fn name(self) -> &'static str {
        self.facts()[0]
    }

    fn purpose(name: &str) -> &str {
        let mut heads = Self::ALL.into_iter();
        let head = heads.find(|head| head.name() == name);
        head.map_or(name, |head| head.facts()[2])
    }
}

/// Why a chat template makes no text of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateProblem {
    /// It is no template that can be read: other messages would not help.
    Unreadable,
    /// It says itself what it does not take.
    Refused,
    /// It needs something that the messages do not have.
    Unfitting,
    /// It takes too many steps, or writes too much.
    Endless,
}

impl TemplateProblem {
    /// The name that JavaScript sees.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
            Self::Unfitting => "unfitting",
            Self::Endless => "endless",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Unreadable => "The model's chat template cannot be read",
            Self::Refused => "The model's chat template refuses this conversation",
            Self::Unfitting => "The model's chat template does not fit this conversation",
            Self::Endless => "The model's chat template does not come to an end",
        }
    }
}

/// The error of another crate that one of ours follows from; equal to another if it says the same.
#[derive(Debug, Clone)]
pub struct Cause {
    error: Arc<dyn std::error::Error + Send + Sync>,
    message: String,
}

impl Cause {
    /// `message` says what `error` is about, and what it says.
    pub(crate) fn new(
        message: String,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            error: Arc::new(error),
            message,
        }
    }

    /// What went wrong, in words.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.message == other.message
    }
}

impl Error {
    /// Stable name of the kind, `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::InvalidConfig(_) | Error::MalformedConfig(_) => "invalid_config",
            Error::InvalidWeights(_) => "invalid_weights",
            Error::TruncatedWeights { .. } => "truncated_weights",
            Error::MissingTensor(_) => "missing_tensor",
            Error::ShapeMismatch { .. } => "shape_mismatch",
            Error::InvalidTokenizer(_) => "invalid_tokenizer",
            Error::EmptyInput { .. } => "empty_input",
            Error::InputTooLong { .. } | Error::InputTooLarge { .. } => "input_too_long",
            Error::TokenBeyondModel { .. } => "token_beyond_model",
            Error::NoMask { .. } => "no_mask",
            Error::UnknownTarget { .. } => "unknown_target",
            Error::NoChatTemplate => "no_chat_template",
            Error::ChatTemplate { .. } => "chat_template",
            Error::NoHead { head, .. } => head.facts()[1],
            Error::WrongArchitecture { .. } => "wrong_architecture",
            Error::Unsupported(_) => "unsupported",
            Error::BeyondBuild(_) => "beyond_build",
            Error::InvalidOption { .. } => "invalid_option",
            Error::OutOfMemory { .. } => "out_of_memory",
            Error::Internal(_) => "internal",
        }
    }

    /// Short form for an [`Error::OutOfMemory`] of no model in particular.
    pub(crate) fn out_of_memory(what: impl Into<String>, bytes: u64) -> Self {
        Error::OutOfMemory {
            what: what.into(),
            bytes,
            model: None,
        }
    }

    /// Short form for an [`Error::InvalidOption`].
    pub(crate) fn option(option: &str, message: impl Into<String>) -> Self {
        Error::InvalidOption {
            option: option.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidConfig(message) => unusable_config(f, message),
            Error::MalformedConfig(cause) => unusable_config(f, cause.message()),
            Error::InvalidWeights(message) => write!(f, "The weight file is not usable: {message}"),
            Error::TruncatedWeights { place, missing } => {
                write!(f, "The weight file ends early, in {place}")?;
                if let Some(missing) = missing {
                    write!(f, " ({missing} bytes are missing)")?;
                }
                write!(f, ".")
            }
            Error::MissingTensor(name) => write!(
                f,
                "The weights have no tensor \"{name}\", which this model needs. Check that its files are whole and \
                 belong together."
            ),
            Error::ShapeMismatch { tensor, expected, found } => write!(
                f,
                "Tensor \"{tensor}\" has shape {found:?}; by what the model's files say of its sizes it should have \
                 {expected:?}. Check that they belong together."
            ),
            Error::InvalidTokenizer(message) => {
                write!(f, "The tokenizer is not usable: {message}")
            }
            Error::EmptyInput { input } => write!(f, "The {input} is empty."),
            Error::InputTooLong { input, tokens, max } => write!(
                f,
                "The {input} is {tokens} tokens long; this model reads at most {max}. Shorten it by \
                 about {} tokens.",
                tokens.saturating_sub(*max)
            ),
            Error::InputTooLarge { bytes, max } => write!(
                f,
                "The text is {:.1} MB long; at most {} MB are read at once. Shorten it.",
                *bytes as f64 / 1e6,
                *max as f64 / 1e6
            ),
            Error::TokenBeyondModel { token, id, rows } => write!(
                f,
                "The text has the token \"{token}\", number {id} of its vocabulary, but the model knows only {rows}: the \
                 token was added to the tokenizer and not to the model. Leave it out."
            ),
            Error::NoMask { mask_token } => write!(
                f,
                "There is no {mask_token} in the text. Write {mask_token} where a word is to be \
                 guessed."
            ),
            Error::UnknownTarget { target, pieces } => unknown_target(f, target, pieces),
            Error::NoChatTemplate => write!(
                f,
                "This model has no chat template: it continues texts, and was not trained for conversations. Give it \
                 a text, or load a model made for chat, such as SmolLM2-135M-Instruct."
            ),
            Error::ChatTemplate { problem, reason, line } => {
                write!(f, "{}: {reason}", problem.sentence())?;
                match line {
                    Some(line) => write!(f, " (line {line} of the template)."),
                    None => write!(f, "."),
                }
            }
            Error::NoHead { head, has } => no_head(f, *head, has),
            Error::WrongArchitecture { needed, found } => write!(
                f,
                "This task needs a {needed} model, but a {found} model was loaded. Choose another model."
            ),
            Error::Unsupported(message) => write!(f, "Not supported: {message}"),
            Error::BeyondBuild(what) => write!(
                f,
                "This build reads BERT's usual tokenizer alone, and the model has {what}. Take the whole build: the feature \
                 \"every-tokenizer\"."
            ),
            Error::InvalidOption { option, message } => write!(f, "Option \"{option}\": {message}"),
            Error::OutOfMemory { what, bytes, model } => out_of_memory(f, what, *bytes, *model),
            Error::Internal(message) => {
                write!(f, "Something went wrong inside the model core: {message}. Please report it.")
            }
        }
    }
}

fn unusable_config(f: &mut fmt::Formatter, message: &str) -> fmt::Result {
    write!(f, "The model's config is not usable: {message}")
}

fn no_head(f: &mut fmt::Formatter, head: Head, has: &[String]) -> fmt::Result {
    let [_, _, purpose, classes] = head.facts();
    write!(f, "This checkpoint has no head for {purpose}; ")?;
    if has.is_empty() {
        write!(f, "it has none at all, and gives vectors of texts. ")?;
    } else {
        let has: Vec<_> = has.iter().map(|name| Head::purpose(name)).collect();
        write!(f, "it is good for {}. ", has.join(", "))?;
    }
    write!(f, "Load a model with {classes} weights.")
}

fn unknown_target(f: &mut fmt::Formatter, target: &str, pieces: &[String]) -> fmt::Result {
    if pieces.is_empty() {
        return write!(
            f,
            "The model does not know \"{target}\". Choose another word."
        );
    }
    write!(
        f,
        "\"{target}\" is not one token of this model's vocabulary (it is cut into {}), so one mask cannot stand for \
         it. Choose a commoner word.",
        pieces.join(" + ")
    )
}

fn out_of_memory(
    f: &mut fmt::Formatter,
    what: &str,
    bytes: u64,
    model: Option<(u64, DType)>,
) -> fmt::Result {
    let mb = |bytes: u64| (bytes as f64 / 1e6).ceil();
    write!(f, "There is no memory for {what} ({} MB).", mb(bytes))?;
    if let Some((all, dtype)) = model {
        let name = dtype.name();
        write!(f, " The model's weights need {} MB as {name}.", mb(all))?;
    }
    Ok(())
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::MalformedConfig(cause) => Some(&*cause.error),
            _ => None,
        }
    }
}
