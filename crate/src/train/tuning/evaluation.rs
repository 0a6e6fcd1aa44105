//! How well a fine-tuned model does on the examples held back.

use std::collections::HashMap;

use serde::Serialize;

use crate::train::objectives::LossPart;

/// What a fine-tuned model makes of the examples held back.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TuneEvaluation {
    /// Steps done before it.
    pub step: u64,
    /// The sum of the parts, the auxiliary one times its weight: nats.
    pub loss: f64,
    /// Each part, over all predictions.
    pub parts: Vec<LossPart>,
    /// Share of the texts or words whose label is right; of questions, as `exact_match`.
    pub accuracy: f64,
    /// Share of the questions whose answer is the right one, articles and marks aside (SQuAD); `null` for labels.
    pub exact_match: Option<f64>,
    /// Mean F1 of the words of the answers (SQuAD); `null` for labels.
    pub f1: Option<f64>,
    /// Counts: a row for each true label, a column for each predicted one. Empty for questions.
    pub confusion: Vec<Vec<usize>>,
    /// Each text, word or question.
    pub predictions: Vec<TunedPrediction>,
}

/// A text, word or question held back.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TunedPrediction {
    /// Its example's place among all examples.
    pub index: usize,
    /// The text (of a pair the first), the word, or the question.
    pub text: String,
    /// What is right.
    pub label: String,
    /// What the model says.
    pub predicted: String,
    /// Its probability.
    pub score: f64,
}

/// Words of an answer as SQuAD compares them: small letters without marks, articles left out.
fn words(answer: &str) -> Vec<String> {
    let lower = answer.to_lowercase();
    let letters = lower.chars().filter(|c| !c.is_ascii_punctuation());
    let plain: String = letters.collect();
    let words = plain.split_whitespace();
    let words = words.filter(|word| !["a", "an", "the"].contains(word));
    words.map(str::to_string).collect()
}

/// Whether an answer is the right one (SQuAD's exact match).
pub fn exact_match(right: &str, answer: &str) -> bool {
    words(right) == words(answer)
}

/// The F1 of the words of an answer (SQuAD).
pub fn f1(right: &str, answer: &str) -> f64 {
    let (right, answer) = (words(right), words(answer));
    if right.is_empty() || answer.is_empty() {
        return f64::from(u8::from(right == answer));
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    right
        .iter()
        .for_each(|word| *counts.entry(word).or_default() += 1);
    let mut common = 0;
    for word in &answer {
        if let Some(count) = counts.get_mut(word.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    2.0 * f64::from(common) / (right.len() + answer.len()) as f64
}
