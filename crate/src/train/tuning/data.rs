//! Examples, and what is wrong with them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::settings::TuneTask;
use crate::train::error::{Result, TrainError};
use crate::train::random::{Purpose, Random};

/// A text, or two, with its label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct TextExample {
    /// The text, or the first of the pair.
    pub text: String,
    /// The second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<String>,
    /// One of the labels.
    pub label: String,
}

/// Texts with their labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LabelledTexts"))]
pub struct TextData {
    /// What is told apart, in the order of the model's `id2label`.
    pub labels: Vec<String>,
    /// The texts.
    pub examples: Vec<TextExample>,
}

/// The words of a text, each with its label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WordExample {
    /// The words, without the blanks between them.
    pub words: Vec<String>,
    /// As many labels.
    pub labels: Vec<String>,
}

/// Texts whose words have labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LabelledWords"))]
pub struct WordData {
    /// What is told apart, in the order of the model's `id2label`.
    pub labels: Vec<String>,
    /// The texts.
    pub examples: Vec<WordExample>,
}

/// A question with the text that answers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuestionExample {
    /// The question.
    pub question: String,
    /// The text.
    pub context: String,
    /// Where the answer begins in it: UTF-8 bytes here, UTF-16 units in JavaScript.
    pub answer_start: usize,
    /// The answer, as it stands there.
    pub answer_text: String,
}

/// Questions with their answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Questions"))]
pub struct QuestionData {
    /// The questions.
    pub examples: Vec<QuestionExample>,
}

/// The examples of a task.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub enum TuneData {
    /// Of [`TuneTask::TextClassification`].
    Texts(TextData),
    /// Of [`TuneTask::TokenClassification`].
    Words(WordData),
    /// Of [`TuneTask::QuestionAnswering`].
    Questions(QuestionData),
}

/// Which examples are learnt from and which are held back.
pub(in crate::train) struct Split {
    pub training: Vec<usize>,
    pub held_out: Vec<usize>,
}

impl TuneData {
    /// What it is the data of.
    pub fn task(&self) -> TuneTask {
        match self {
            Self::Texts(_) => TuneTask::TextClassification,
            Self::Words(_) => TuneTask::TokenClassification,
            Self::Questions(_) => TuneTask::QuestionAnswering,
        }
    }

    /// Number of examples.
    pub fn len(&self) -> usize {
        match self {
            Self::Texts(data) => data.examples.len(),
            Self::Words(data) => data.examples.len(),
            Self::Questions(data) => data.examples.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The labels; none of questions.
    pub fn labels(&self) -> &[String] {
        match self {
            Self::Texts(data) => &data.labels,
            Self::Words(data) => &data.labels,
            Self::Questions(_) => &[],
        }
    }

    /// # Errors
    /// What is wrong with it.
    pub(in crate::train) fn check(&self) -> Result<()> {
        if self.is_empty() {
            return Err(TrainError::NoExamples);
        }
        match self {
            Self::Texts(data) => data.check(),
            Self::Words(data) => data.check(),
            Self::Questions(data) => data.check(),
        }
    }

    /// The same share of each label is held back, drawn from `seed`; of a label with one example, nothing. Examples
    /// without one label of their own are drawn from all.
    pub(in crate::train) fn split(&self, share: f64, seed: u64) -> Split {
        let mut groups: Vec<Vec<usize>> = match self {
            Self::Texts(data) => {
                let of = |label: &String| {
                    let all = data.examples.iter().enumerate();
                    let own = all.filter(|(_, example)| example.label == *label);
                    own.map(|(at, _)| at).collect()
                };
                data.labels.iter().map(of).collect()
            }
            _ => vec![(0..self.len()).collect()],
        };
        let mut split = Split {
            training: Vec::new(),
            held_out: Vec::new(),
        };
        for (number, group) in groups.iter_mut().enumerate() {
            let mut random = Random::new(seed, Purpose::HeldOut, number as u64);
            let order = random.permutation(group.len());
            let least = usize::from(share > 0.0);
            let held = (share * group.len() as f64).round() as usize;
            let held = held.max(least).min(group.len().saturating_sub(1));
            let drawn = order.iter().map(|&at| group[at as usize]);
            split.held_out.extend(drawn.clone().take(held));
            split.training.extend(drawn.skip(held));
        }
        split.training.sort_unstable();
        split.held_out.sort_unstable();
        split
    }
}

/// The number of each label.
///
/// # Errors
/// [`TrainError::TooFewLabels`]; [`TrainError::InvalidSetting`] for an empty one, or one that comes twice.
pub(super) fn numbered(labels: &[String]) -> Result<HashMap<&str, u32>> {
    if labels.len() < 2 {
        let labels = labels.len();
        return Err(TrainError::TooFewLabels { labels });
    }
    let mut numbers = HashMap::new();
    for (number, label) in labels.iter().enumerate() {
        if label.trim().is_empty() {
            return Err(TrainError::setting("labels", "one of them is empty"));
        }
        if numbers.insert(label.as_str(), number as u32).is_some() {
            let message = format!("\"{label}\" is there twice");
            return Err(TrainError::setting("labels", message));
        }
    }
    Ok(numbers)
}

/// Refuses labels that are unknown, and ones that nothing has.
fn check_labels<'a>(labels: &[String], of: impl Iterator<Item = (usize, &'a str)>) -> Result<()> {
    let numbers = numbered(labels)?;
    let mut counts = vec![0usize; labels.len()];
    for (example, label) in of {
        let unknown = || TrainError::UnknownLabel {
            label: label.into(),
            example,
        };
        counts[*numbers.get(label).ok_or_else(unknown)? as usize] += 1;
    }
    match counts.iter().position(|&count| count == 0) {
        Some(none) => Err(TrainError::LabelWithoutExamples {
            label: labels[none].clone(),
        }),
        None => Ok(()),
    }
}

fn require<'a>(example: usize, texts: impl IntoIterator<Item = &'a String>) -> Result<()> {
    let mut texts = texts.into_iter();
    if texts.any(|text| text.trim().is_empty()) {
        return Err(TrainError::EmptyExample { example });
    }
    Ok(())
}

impl TextData {
    fn check(&self) -> Result<()> {
        for (at, example) in self.examples.iter().enumerate() {
            require(at, [&example.text].into_iter().chain(&example.pair))?;
        }
        let all = self.examples.iter().enumerate();
        check_labels(&self.labels, all.map(|(at, one)| (at, one.label.as_str())))
    }
}

impl WordData {
    fn check(&self) -> Result<()> {
        for (example, WordExample { words, labels }) in self.examples.iter().enumerate() {
            if words.is_empty() {
                return Err(TrainError::EmptyExample { example });
            }
            require(example, words)?;
            if words.len() != labels.len() {
                return Err(TrainError::WordsAndLabels {
                    example,
                    words: words.len(),
                    labels: labels.len(),
                });
            }
        }
        let all = self.examples.iter().enumerate();
        let each = all.flat_map(|(at, one)| one.labels.iter().map(move |l| (at, l.as_str())));
        check_labels(&self.labels, each)
    }
}

impl QuestionData {
    fn check(&self) -> Result<()> {
        for (example, one) in self.examples.iter().enumerate() {
            require(example, [&one.question, &one.context, &one.answer_text])?;
            let from = one.context.get(one.answer_start..);
            if !from.is_some_and(|rest| rest.starts_with(&one.answer_text)) {
                return Err(TrainError::AnswerNotInContext { example });
            }
        }
        Ok(())
    }
}
