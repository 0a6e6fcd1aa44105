//! What is learnt from: prompts with responses, and how both become tokens.
//!
//! Prompt and response are joined as `Question: PROMPT\nAnswer: RESPONSE<|endoftext|>`, blanks around either left out.
//! Each side is cut into tokens for itself, so that the response's tokens are the same in training and in samples.

use serde::{Deserialize, Serialize};

use super::losses::Sequence;
use crate::text::Tokenizer;
use crate::train::error::{Result, TrainError};

/// Makes conversations of the same form, as a folder's `chat_template.jinja`; `end` ends each answer. `None` for an end
/// that cannot be written between quotes.
pub(super) fn chat_template(end: &str) -> Option<String> {
    let template = "\
{%- for message in messages -%}
{%- if message['role'] == 'assistant' -%}
{{ ' ' + message['content'] | trim + 'END' }}
{%- elif message['role'] == 'user' -%}
{{ 'Question: ' + message['content'] | trim + '\\nAnswer:' }}
{%- endif -%}
{%- endfor -%}
";
    (!end.contains(['\'', '\\'])).then(|| template.replace("END", end))
}

/// A response that somebody wrote to a prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatExample"))]
pub struct Example {
    /// What is asked.
    pub prompt: String,
    /// What is answered.
    pub response: String,
}

/// A choice between two responses to a prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatPair"))]
pub struct Pair {
    /// What is asked.
    pub prompt: String,
    /// The better response.
    pub chosen: String,
    /// The other one.
    pub rejected: String,
}

/// What a phase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatPhase"))]
pub enum PhaseKind {
    /// Responses that people wrote.
    Supervised,
    /// A reward model from choices.
    Reward,
    /// The choices themselves, by DPO.
    Preference,
}

/// What a phase learns from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatData {
    /// Of the supervised phase.
    Examples(Vec<Example>),
    /// Of the two others.
    Pairs(Vec<Pair>),
}

/// The tokens of what is learnt from.
pub(super) struct Tokens {
    /// One a response; of a pair the chosen one's, then the other's.
    pub sequences: Vec<Sequence>,
    /// Responses to one prompt: 1 or 2.
    pub each: usize,
    /// Examples or pairs of which something was cut.
    pub cut: usize,
}

/// How prompts and responses become tokens.
pub(super) struct Joining<'a> {
    pub tokenizer: &'a Tokenizer,
    pub eos: u32,
    /// Tokens of prompt and response together at most.
    pub max_length: usize,
}

impl Joining<'_> {
    /// The tokens of a prompt, up to where the response begins.
    pub fn prompt(&self, prompt: &str) -> Result<Vec<u32>> {
        let text = format!("Question: {}\nAnswer:", prompt.trim());
        let mut ids = self.tokenizer.encode(&text, None, false)?.ids();
        // A vocabulary may know none of these letters; the first token of a response is guessed from something.
        if ids.is_empty() {
            ids.push(self.eos);
        }
        Ok(ids)
    }

    fn response(&self, response: &str) -> Result<Vec<u32>> {
        let text = format!(" {}", response.trim());
        let mut ids = self.tokenizer.encode(&text, None, false)?.ids();
        ids.push(self.eos);
        Ok(ids)
    }

    /// The responses to one prompt, each behind it. What is too long is cut, responses at their end (which the end of the
    /// text then goes with) and the prompt, alike before all of them, at its beginning. Responses keep at least half of
    /// the room. Returns whether anything was cut.
    fn join(&self, prompt: &str, responses: &[&str]) -> Result<(Vec<Sequence>, bool)> {
        let prompt = self.prompt(prompt)?;
        let room = self.max_length - prompt.len().min(self.max_length / 2);
        let responses = responses.iter().map(|text| self.response(text));
        let mut responses = responses.collect::<Result<Vec<_>>>()?;
        let longest = responses.iter().map(Vec::len).max().unwrap_or_default();
        responses.iter_mut().for_each(|ids| ids.truncate(room));
        let left = self.max_length - longest.min(room);
        let start = prompt.len().saturating_sub(left);
        let sequence = |response: Vec<u32>| Sequence {
            prompt: prompt.len() - start,
            ids: [&prompt[start..], &response].concat(),
        };
        let sequences = responses.into_iter().map(sequence).collect();
        Ok((sequences, start > 0 || longest > room))
    }

    /// A prompt with one response to it, which may be empty.
    pub fn one(&self, prompt: &str, response: &str) -> Result<Sequence> {
        let (mut sequences, _) = self.join(prompt, &[response])?;
        let none = || TrainError::internal("no sequence of a response");
        sequences.pop().ok_or_else(none)
    }

    /// All of them.
    ///
    /// # Errors
    /// [`TrainError::NoExamples`], [`TrainError::EmptyPrompt`], [`TrainError::EmptyResponse`];
    /// [`TrainError::SameResponses`] where two are equal, or are so in what is left of them.
    pub fn tokens(&self, data: &ChatData) -> Result<Tokens> {
        let rows: Vec<(&str, Vec<&str>)> = match data {
            ChatData::Examples(all) => all
                .iter()
                .map(|e| (&*e.prompt, vec![&*e.response]))
                .collect(),
            ChatData::Pairs(all) => all
                .iter()
                .map(|p| (&*p.prompt, vec![&*p.chosen, &*p.rejected]))
                .collect(),
        };
        let Some((_, responses)) = rows.first() else {
            return Err(TrainError::NoExamples);
        };
        let mut tokens = Tokens {
            each: responses.len(),
            sequences: Vec::new(),
            cut: 0,
        };
        for (example, (prompt, responses)) in rows.into_iter().enumerate() {
            check(example, prompt, &responses)?;
            let (sequences, cut) = self.join(prompt, &responses)?;
            if let [chosen, rejected] = sequences.as_slice() {
                if chosen.ids == rejected.ids {
                    return Err(TrainError::SameResponses { example });
                }
            }
            tokens.cut += usize::from(cut);
            tokens.sequences.extend(sequences);
        }
        Ok(tokens)
    }
}

pub(super) fn check(example: usize, prompt: &str, responses: &[&str]) -> Result<()> {
    if prompt.trim().is_empty() {
        return Err(TrainError::EmptyPrompt { example });
    }
    if responses.iter().any(|text| text.trim().is_empty()) {
        return Err(TrainError::EmptyResponse { example });
    }
    Ok(())
}
