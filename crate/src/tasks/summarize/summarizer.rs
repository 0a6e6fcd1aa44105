//! The task, and the rule by which a summary ends.

use std::sync::Arc;

use super::frame::Frame;
use super::options::SummaryOptions;
use super::plan::{Planner, SummaryPlan};
use crate::error::Result;
use crate::limits::summary;
use crate::models::Decoder;
use crate::tasks::generate::{FinishReason, Generator, NewToken, Prompt, StopRule};
use crate::tasks::input::{require_positions, require_text};
use crate::text::{SentenceCounter, Tokenizer};

/// Summaries by one model.
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
    /// [`crate::Error::EmptyInput`]; [`crate::Error::InvalidOption`] if cue and summary leave no position for a
    /// document.
    pub fn plan(&self, document: &str, options: &SummaryOptions) -> Result<SummaryPlan> {
        require_text("document", document)?;
        summary::SENTENCES.check_count(options.sentences)?;
        let context = self.model.info().max_position_embeddings;
        Planner::new(&self.tokenizer, document, options, context)?.plan()
    }

    /// Starts a summary. The generator ends after the sentences asked for;
    /// [`crate::text::first_sentences`] of its text is the summary.
    ///
    /// # Errors
    /// As [`Summarizer::plan`] and [`Generator::new`].
    pub fn summarize(
        &self,
        document: &str,
        options: &SummaryOptions,
    ) -> Result<(SummaryPlan, Generator)> {
        let plan = self.plan(document, options)?;
        let tokens = plan.prompt_tokens + options.generation.max_new_tokens;
        require_positions("document", tokens, plan.context)?;
        let (tokenizer, model) = (&self.tokenizer, self.model.generation());
        let prompt = match Frame::new(tokenizer, options) {
            Frame::Cue(_) => Prompt::text(tokenizer, model, &plan.prompt)?,
            Frame::Chat(_) => {
                Prompt::template(tokenizer, &model.eos_token_id, "document", &plan.prompt)?
            }
        };
        let generator = Generator::from_prompt(
            self.model.clone(),
            tokenizer.clone(),
            prompt.ending_by(Sentences::new(options.sentences)),
            options.generation.clone(),
        )?;
        Ok((plan, generator))
    }
}

/// Ends a text once more than so many sentences have begun.
#[derive(Debug, Clone)]
struct Sentences {
    most: usize,
    counter: SentenceCounter,
}

impl Sentences {
    fn new(most: usize) -> Self {
        Self {
            most,
            counter: SentenceCounter::default(),
        }
    }
}

impl StopRule for Sentences {
    fn push(&mut self, token: &NewToken) -> Option<FinishReason> {
        self.counter.push(token.text);
        (self.counter.count() > self.most).then_some(FinishReason::Sentences)
    }

    fn boxed(&self) -> Box<dyn StopRule> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_when_a_further_sentence_begins() {
        let tokens = ["It", " rained", ".", " ", "Nobody", " minded.", "\n", "Why"];
        for (most, end) in [(1, Some(4)), (2, Some(7)), (3, None)] {
            let mut rule = Sentences::new(most);
            let ended = tokens.iter().position(|text| {
                let token = NewToken {
                    id: 0,
                    text,
                    length: 1,
                };
                rule.push(&token) == Some(FinishReason::Sentences)
            });
            assert_eq!(ended, end, "{most} sentences");
        }
    }
}
