//! The tasks, and the options of each: the names are those of the JavaScript API.

use crate::limits::{
    fill_mask, generation, question_answering, summary, text_classification, token_classification,
    Limit,
};
use crate::text::Json;

/// What can be asked of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    FillMask,
    NextSentence,
    Generate,
    Chat,
    Summarize,
    Answer,
    Classify,
    Tag,
    Embed,
}

/// What an option's value is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Number,
    /// A number, or `all`.
    NumberOrAll,
    Flag,
    Text,
    /// Several texts, in a list with commas or one by one.
    Words,
    /// Several texts, one by one: they may have commas.
    Texts,
    OneOf(&'static [&'static str]),
    Json,
}

/// An option of a task.
#[derive(Debug, Clone)]
pub struct TaskOption {
    /// As in the API.
    pub name: &'static str,
    pub kind: Kind,
    pub help: String,
}

fn row(name: &'static str, kind: Kind, help: &str) -> TaskOption {
    TaskOption {
        name,
        kind,
        help: help.into(),
    }
}

const SEVERAL: &str = "num_return_sequences";
/// The option that a seed is given with.
pub const SEED: &str = "seed";

impl Task {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::FillMask,
        Self::NextSentence,
        Self::Generate,
        Self::Chat,
        Self::Summarize,
        Self::Answer,
        Self::Classify,
        Self::Tag,
        Self::Embed,
    ];

    /// The name of its subcommand.
    pub fn command(self) -> &'static str {
        match self {
            Self::FillMask => "fill-mask",
            Self::NextSentence => "next-sentence",
            Self::Generate => "generate",
            Self::Chat => "chat",
            Self::Summarize => "summarize",
            Self::Answer => "answer",
            Self::Classify => "classify",
            Self::Tag => "tag",
            Self::Embed => "embed",
        }
    }

    /// The name that `pipeline` of the API takes.
    pub fn api_name(self) -> &'static str {
        match self {
            Self::FillMask => "fill-mask",
            Self::NextSentence => "next-sentence-prediction",
            Self::Generate | Self::Chat => "text-generation",
            Self::Summarize => "summarization",
            Self::Answer => "question-answering",
            Self::Classify => "text-classification",
            Self::Tag => "token-classification",
            Self::Embed => "feature-extraction",
        }
    }

    /// The task of a saved run: messages make a conversation of a generation.
    pub fn of_run(api_name: &str, input: &Json) -> Option<Self> {
        let conversation = matches!(input, Json::List(_));
        let found = Self::ALL.iter().copied();
        found
            .filter(|task| (*task == Self::Chat) == (conversation && api_name == "text-generation"))
            .find(|task| task.api_name() == api_name)
    }

    /// What it does, for `--help`.
    pub fn about(self) -> &'static str {
        match self {
            Self::FillMask => "Guess masked words: \"The box was [MASK].\"",
            Self::NextSentence => "Say whether a sentence follows another; of several, rank them",
            Self::Generate => "Continue a text",
            Self::Chat => "Write the next turn of a conversation",
            Self::Summarize => "Sum a text up",
            Self::Answer => "Answer a question from a text",
            Self::Classify => "Label a text, or a pair of texts",
            Self::Tag => "Label the tokens of a text: names, parts of speech",
            Self::Embed => "Make vectors of texts",
        }
    }

    /// The folder of the default model that serves it.
    pub fn default_model(self) -> Option<&'static str> {
        match self {
            Self::FillMask | Self::NextSentence | Self::Embed => Some("bert"),
            Self::Generate | Self::Summarize => Some("gpt"),
            Self::Chat | Self::Answer | Self::Classify | Self::Tag => None,
        }
    }

    /// A model that suits it, where none comes with Cloze.
    pub fn suitable_model(self) -> &'static str {
        match self {
            Self::FillMask | Self::NextSentence => "google-bert/bert-base-uncased",
            Self::Generate | Self::Summarize => "openai-community/gpt2",
            Self::Chat => "HuggingFaceTB/SmolLM2-135M-Instruct",
            Self::Answer => "distilbert/distilbert-base-cased-distilled-squad",
            Self::Classify => "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
            Self::Tag => "dslim/bert-base-NER",
            Self::Embed => "sentence-transformers/all-MiniLM-L6-v2",
        }
    }

    /// Its options.
    pub fn options(self) -> Vec<TaskOption> {
        use Kind::{Flag, Json, NumberOrAll, OneOf, Text, Words};
        let writing = |more: Vec<TaskOption>| [writing_options(), more].concat();
        match self {
            Self::FillMask => vec![
                number(&fill_mask::TOP_K, "Candidates per mask"),
                row("targets", Words, "Score exactly these words: he,she"),
                row(
                    "context",
                    OneOf(&["both", "left", "right"]),
                    "The side of each mask that is read",
                ),
                row(
                    "joint",
                    OneOf(&["left-to-right", "best-first"]),
                    "Fill the masks one after the other",
                ),
            ],
            Self::NextSentence => Vec::new(),
            Self::Generate => writing(vec![full_text()]),
            Self::Chat => writing(vec![
                full_text(),
                row(
                    "tools",
                    Json,
                    "Functions that the model may call, as a list of JSON schemas",
                ),
                row(
                    "documents",
                    Json,
                    "Texts to answer from, as a list of objects",
                ),
                row(
                    "continue_final_message",
                    Flag,
                    "Continue the last message instead of answering it",
                ),
                row(
                    "chat_template",
                    Text,
                    "Another template, or the name of one of the model's",
                ),
                row(
                    "tokenizer_encode_kwargs",
                    Json,
                    "Further variables of the template, as an object",
                ),
            ]),
            Self::Summarize => writing(vec![
                row("cue", Text, "What follows the document (\"\\nTL;DR:\")"),
                row(
                    "truncation",
                    OneOf(&["head", "middle", "tail"]),
                    "What is left out of a too long document",
                ),
                number(&summary::SENTENCES, "Sentences of the summary"),
            ]),
            Self::Answer => [
                question_answering::ALL
                    .iter()
                    .map(|limit| number(limit, ""))
                    .collect(),
                vec![
                    row(
                        "handle_impossible_answer",
                        Flag,
                        "Whether \"there is no answer\" is one of the answers",
                    ),
                    row(
                        "align_to_words",
                        Flag,
                        "Whether answers begin and end with whole words",
                    ),
                ],
            ]
            .concat(),
            Self::Classify => vec![
                TaskOption {
                    kind: NumberOrAll,
                    ..number(&text_classification::TOP_K, "Labels, or \"all\"")
                },
                row(
                    "function_to_apply",
                    OneOf(&["softmax", "sigmoid", "none"]),
                    "What makes scores of logits",
                ),
            ],
            Self::Tag => vec![
                row(
                    "aggregation_strategy",
                    OneOf(&["none", "simple", "first", "average", "max"]),
                    "How tokens become entities",
                ),
                row("ignore_labels", Words, "Labels that are not reported (O)"),
                number(
                    &token_classification::STRIDE,
                    "Tokens that two windows have in common",
                ),
            ],
            Self::Embed => vec![
                row(
                    "pooling",
                    OneOf(&[
                        "none",
                        "mean",
                        "cls",
                        "max",
                        "first_token",
                        "last_token",
                        "eos",
                    ]),
                    "How the vectors of tokens become one",
                ),
                row("normalize", Flag, "Whether vectors have the length 1"),
                row(
                    "quantize",
                    Flag,
                    "Keep the sign of each number alone, eight to a byte",
                ),
                row(
                    "precision",
                    OneOf(&["binary", "ubinary"]),
                    "What such bytes are: int8 or uint8",
                ),
            ],
        }
    }
}

fn number(limit: &Limit, about: &str) -> TaskOption {
    let range = if limit.max.is_finite() {
        format!("{} to {}", limit.min, limit.max)
    } else {
        format!("from {}", limit.min)
    };
    let about = if about.is_empty() {
        range
    } else {
        format!("{about}, {range}")
    };
    row(
        limit.name,
        Kind::Number,
        &format!("{about} ({})", limit.default),
    )
}

fn full_text() -> TaskOption {
    row(
        "return_full_text",
        Kind::Flag,
        "Whether the result begins with the prompt (true)",
    )
}

/// The options of everything that writes. What is left out is as the model's files say.
fn writing_options() -> Vec<TaskOption> {
    let mut options: Vec<_> = generation::ALL
        .iter()
        .map(|limit| number(limit, ""))
        .collect();
    options.extend([
        row(
            "do_sample",
            Kind::Flag,
            "Draw at random, or take the likeliest token each time (true)",
        ),
        row("stop", Kind::Texts, "The text ends before any of these"),
        row(SEVERAL, Kind::Number, "Texts, each with the next seed (1)"),
    ]);
    options
}
