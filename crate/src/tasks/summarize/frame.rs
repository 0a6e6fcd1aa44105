//! What stands around the document, so that the model goes on with a summary.

use super::options::SummaryOptions;
use crate::error::Result;
use crate::text::{Conversation, Message, Tokenizer};

/// What a paper's summary is asked for with: GPT-2 has read it on Reddit.
const CUE: &str = "\nTL;DR:";

/// What stands around the document.
pub(super) enum Frame<'a> {
    /// The document, then this.
    Cue(&'a str),
    /// A conversation by the model's template, which asks for so many sentences.
    Chat(usize),
}

impl<'a> Frame<'a> {
    /// The cue of the options, else the question where a model can be asked.
    pub fn new(tokenizer: &Tokenizer, options: &'a SummaryOptions) -> Self {
        match (&options.cue, tokenizer.chat_template()) {
            (Some(cue), _) => Frame::Cue(cue),
            (None, Ok(_)) => Frame::Chat(options.sentences),
            (None, Err(_)) => Frame::Cue(CUE),
        }
    }

    /// Whether the tokenizer adds special tokens to the prompt. A template has written them itself.
    pub fn adds_special_tokens(&self) -> bool {
        matches!(self, Frame::Cue(_))
    }

    /// The document in its frame. It cannot write special tokens.
    ///
    /// # Errors
    /// [`crate::Error::ChatTemplate`].
    pub fn prompt(&self, tokenizer: &Tokenizer, document: &str) -> Result<String> {
        let sentences = match self {
            Self::Cue(cue) => return Ok(tokenizer.without_control(document).into_owned() + cue),
            Self::Chat(sentences) => *sentences,
        };
        let question = question(sentences);
        let told = [
            Message::new("system", &question),
            Message::new("user", document),
        ];
        // Some templates know no system.
        tokenizer
            .conversation(&Conversation::of(&told))
            .or_else(|_| {
                let both = Message::new("user", &format!("{question}\n\n{document}"));
                tokenizer.conversation(&Conversation::of(&[both]))
            })
    }
}

/// In the words of SmolLM2's training (the part "smol-summarize" of its data set SmolTalk), which others understand
/// as well.
fn question(sentences: usize) -> String {
    const WORDS: [&str; 5] = [
        "one sentence",
        "two sentences",
        "three sentences",
        "four sentences",
        "five sentences",
    ];
    let count = match WORDS.get(sentences - 1) {
        Some(words) => words.to_string(),
        None => format!("{sentences} sentences"),
    };
    format!(
        "Provide a concise, objective summary of the input text in up to {count}, focusing on key actions and \
         intentions without using second or third person pronouns."
    )
}
