//! Summaries: GPT-2 is asked to go on after `TL;DR:` (Radford et al. 2019, section 3.6), a model made for
//! conversations is asked for a summary.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use super::chat::answer;
use super::generate::{GenerationOptions, Generator};
use super::{require_room, require_text};
use crate::error::{Error, Result};
use crate::models::Decoder;
use crate::sampling::SamplingOptions;
use crate::text::{Message, TokenSpan, Tokenizer};

/// Stands where the middle of a document was left out.
const GAP: &str = " ... ";

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
            sentences: 3,
            generation: GenerationOptions {
                max_new_tokens: 100,
                sampling: SamplingOptions {
                    top_k: 2,
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

/// The part of a document that the model does not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which part.
    pub part: Part,
    /// UTF-8 bytes of the document.
    pub range: Range<usize>,
    /// Its tokens.
    pub tokens: usize,
}

/// What the model will read for a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryPlan {
    /// Exactly: the document, as far as it fits and without special tokens, and the cue or the conversation that asks
    /// for a summary.
    pub prompt: String,
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// Tokens of the whole document.
    pub document_tokens: usize,
    /// Tokens of the prompt without the document.
    pub cue_tokens: usize,
    /// The model's positions.
    pub context: usize,
    /// Document tokens that fit beside cue and summary.
    pub budget: usize,
    /// What does not fit.
    pub left_out: Option<LeftOut>,
}

/// What a paper's summary is asked for with: GPT-2 has read it on Reddit.
const CUE: &str = "\nTL;DR:";

/// What stands around the document.
enum Frame<'a> {
    /// The document, then this.
    Cue(&'a str),
    /// A conversation by the model's template, which asks for so many sentences.
    Chat(usize),
}

impl Frame<'_> {
    /// The document writes no special tokens.
    fn prompt(&self, tokenizer: &Tokenizer, document: &str) -> Result<String> {
        let sentences = match self {
            Self::Cue(cue) => return Ok(tokenizer.without_control(document).into_owned() + cue),
            Self::Chat(sentences) => *sentences,
        };
        let message = |role: &str, content: &str| Message {
            role: role.into(),
            content: content.into(),
        };
        let question = question(sentences);
        let told = [message("system", &question), message("user", document)];
        // Some templates know no system.
        tokenizer.conversation(&told).or_else(|_| {
            let both = format!("{question}\n\n{document}");
            tokenizer.conversation(&[message("user", &both)])
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

/// TL;DR with one model.
pub struct Summarizer {
    model: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
}

impl Summarizer {
    /// Any decoder will do; GPT-2 has learned what `TL;DR:` asks for.
    pub fn new(model: Arc<dyn Decoder>, tokenizer: Arc<Tokenizer>) -> Self {
        Self { model, tokenizer }
    }

    /// What will be read; only counts tokens.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; [`Error::InvalidOption`] if cue and summary leave no room for a document.
    pub fn plan(&self, document: &str, options: &SummaryOptions) -> Result<SummaryPlan> {
        require_text("document", document)?;
        if options.sentences == 0 {
            return Err(Error::option("sentences", "must be at least 1"));
        }
        let text = document.trim_end();
        let frame = self.frame(options);
        // A template writes the special tokens itself.
        let add_special_tokens = matches!(frame, Frame::Cue(_));
        let tokens = self
            .tokenizer
            .encode(text, None, add_special_tokens)?
            .tokens;
        let cue = frame.prompt(&self.tokenizer, "")?;
        let cue_tokens = self.tokenizer.encode(&cue, None, false)?.len();
        let context = self.model.info().max_position_embeddings;
        let reserved = options.generation.max_new_tokens.saturating_add(cue_tokens);
        let budget = context.saturating_sub(reserved);
        let no_room = || {
            Error::option(
                "max_new_tokens",
                format!(
                    "{} tokens of summary and {cue_tokens} of the cue leave no room for a document in the \
                     model's {context} positions; lower it",
                    options.generation.max_new_tokens
                ),
            )
        };
        if budget == 0 {
            return Err(no_room());
        }
        let mut kept = budget;
        loop {
            let left_out = self.left_out(text, &tokens, kept, options.truncation)?;
            let prompt = match &left_out {
                None => frame.prompt(&self.tokenizer, text)?,
                Some(left_out) => frame.prompt(&self.tokenizer, &shortened(text, left_out))?,
            };
            // At the seams tokens may merge or split, so what counts is the prompt itself.
            let prompt_tokens = self
                .tokenizer
                .encode(&prompt, None, add_special_tokens)?
                .len();
            let over = prompt_tokens.saturating_sub(budget + cue_tokens);
            if over > 0 && kept <= 1 {
                return Err(no_room());
            }
            if over == 0 {
                return Ok(SummaryPlan {
                    prompt,
                    prompt_tokens,
                    document_tokens: tokens.len(),
                    cue_tokens,
                    context,
                    budget,
                    left_out,
                });
            }
            kept = kept.min(tokens.len()).saturating_sub(over).max(1);
        }
    }

    fn frame<'a>(&self, options: &'a SummaryOptions) -> Frame<'a> {
        match (&options.cue, self.tokenizer.chat_template()) {
            (Some(cue), _) => Frame::Cue(cue),
            (None, Ok(_)) => Frame::Chat(options.sentences),
            (None, Err(_)) => Frame::Cue(CUE),
        }
    }

    /// Which part goes if `kept` tokens may stay.
    fn left_out(
        &self,
        text: &str,
        tokens: &[TokenSpan],
        kept: usize,
        part: Part,
    ) -> Result<Option<LeftOut>> {
        let Some(excess) = tokens.len().checked_sub(kept).filter(|&excess| excess > 0) else {
            return Ok(None);
        };
        let (first, excess) = match part {
            Part::Head => (0, excess),
            Part::Tail => (kept, excess),
            Part::Middle => {
                let gap = self
                    .tokenizer
                    .encode(GAP, None, false)?
                    .len()
                    .min(kept.saturating_sub(1));
                ((kept - gap).div_ceil(2), excess + gap)
            }
        };
        let last = first + excess;
        let start = if first == 0 {
            0
        } else {
            tokens[first].range.start
        };
        let end = tokens
            .get(last)
            .map_or(text.len(), |token| token.range.start);
        Ok(Some(LeftOut {
            part,
            range: start..end.max(start),
            tokens: excess,
        }))
    }

    /// Starts a summary. The generator ends after the sentences asked for;
    /// [`first_sentences`] of its text is the summary.
    ///
    /// # Errors
    /// As [`Summarizer::plan`] and [`Generator::new`].
    pub fn summarize(
        &self,
        document: &str,
        options: &SummaryOptions,
    ) -> Result<(SummaryPlan, Generator)> {
        let plan = self.plan(document, options)?;
        require_room(
            "document",
            plan.prompt_tokens + options.generation.max_new_tokens,
            plan.context,
        )?;
        let (model, tokenizer) = (self.model.clone(), self.tokenizer.clone());
        let generation = options.generation.clone();
        let generator = match self.frame(options) {
            Frame::Cue(_) => Generator::new(model, tokenizer, &plan.prompt, generation)?,
            Frame::Chat(..) => answer(model, tokenizer, "document", &plan.prompt, generation)?,
        };
        Ok((plan, generator.ending_after(options.sentences)))
    }
}

/// The document without the part left out.
fn shortened(text: &str, left_out: &LeftOut) -> String {
    let (before, after) = (&text[..left_out.range.start], &text[left_out.range.end..]);
    match left_out.part {
        Part::Head => after.trim_start().to_string(),
        Part::Tail => before.trim_end().to_string(),
        Part::Middle => format!("{}{GAP}{}", before.trim_end(), after.trim_start()),
    }
}

/// Bytes of each sentence (boundaries as in Unicode Standard Annex 29). Where there are no capitals at all, as in
/// what GPT-1 writes, the annex would take every full stop for that of an abbreviation: such a text is cut as
/// if it were in capitals.
fn sentence_lengths(text: &str) -> Vec<usize> {
    let text = match text.contains(char::is_uppercase) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.to_ascii_uppercase()),
    };
    text.split_sentence_bounds().map(str::len).collect()
}

/// Whether a further sentence has begun behind the first `count`.
pub(super) fn has_more_sentences(text: &str, count: usize) -> bool {
    sentence_lengths(text.trim()).len() > count
}

/// The first `count` sentences, without blanks around.
pub fn first_sentences(text: &str, count: usize) -> &str {
    let text = text.trim();
    let length: usize = sentence_lengths(text).iter().take(count).sum();
    text[..length].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_counted_from_the_front() {
        let text = " It rained. Nobody minded! Why would they? The end. ";
        assert_eq!(
            first_sentences(text, 3),
            "It rained. Nobody minded! Why would they?"
        );
        assert_eq!(first_sentences(text, 9), text.trim());
        assert_eq!(first_sentences("", 3), "");
        assert!(has_more_sentences(text, 3));
        assert!(!has_more_sentences("It rained. Nobody minded.", 2));
    }

    #[test]
    fn sentences_without_capitals_end_at_full_stops() {
        let text = " it rained . nobody minded , caf\u{e9} or not . the end .";
        assert_eq!(
            first_sentences(text, 2),
            "it rained . nobody minded , caf\u{e9} or not ."
        );
        assert!(has_more_sentences(text, 2) && !has_more_sentences(text, 3));
        // With a capital anywhere, a small letter behind a full stop goes on with the sentence.
        assert_eq!(
            first_sentences("It rained, approx. two hours. The end.", 1),
            "It rained, approx. two hours."
        );
    }
}
