//! Question answering: which part of a text answers a question (Devlin et al. 2019, section 4.2), as transformers'
//! `QuestionAnsweringPipeline` (4.57) finds and scores it.

use std::collections::hash_map::{Entry, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::input::{require_readable, require_text, Reading, WindowRead};
use crate::error::Result;
use crate::limits::question_answering as limits;
use crate::models::{EncoderInput, Model};
use crate::nn::elementary;
use crate::sampling::not_numbers;
use crate::text::{TokenSpan, Tokenizer, Window};

/// What is asked besides the question.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerOptions {
    /// Answers given, the best ones.
    pub top_k: usize,
    /// Tokens that two windows of a long text have in common; `None`: 128, or half a window where that is less.
    pub doc_stride: Option<usize>,
    /// Tokens of the longest answer.
    pub max_answer_len: usize,
    /// Tokens of the question; those behind are not read.
    pub max_question_len: usize,
    /// Tokens of a window, question included; never more than the model reads.
    pub max_seq_len: usize,
    /// Whether "there is no answer" is one of the answers: an empty one.
    pub handle_impossible_answer: bool,
    /// Whether answers begin and end with whole words.
    pub align_to_words: bool,
}

impl Default for AnswerOptions {
    fn default() -> Self {
        Self {
            top_k: limits::TOP_K.default_count(),
            doc_stride: None,
            max_answer_len: limits::MAX_ANSWER_LEN.default_count(),
            max_question_len: limits::MAX_QUESTION_LEN.default_count(),
            max_seq_len: limits::MAX_SEQ_LEN.default_count(),
            handle_impossible_answer: false,
            align_to_words: true,
        }
    }
}

impl AnswerOptions {
    fn check(&self) -> Result<()> {
        limits::TOP_K.check_count(self.top_k)?;
        limits::MAX_ANSWER_LEN.check_count(self.max_answer_len)?;
        limits::MAX_QUESTION_LEN.check_count(self.max_question_len)?;
        limits::MAX_SEQ_LEN.check_count(self.max_seq_len)
    }
}

/// A part of the text that may be the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// As it stands in the text; empty for "there is no answer".
    pub answer: String,
    /// Probability that it begins where it does times the probability that it ends where it does; of an answer that was
    /// found several times, the sum of them.
    pub score: f64,
    /// UTF-8 bytes of the text.
    pub range: Range<usize>,
}

/// The best answers of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerResult {
    /// Best first.
    pub answers: Vec<Answer>,
    /// Score of "there is no answer": that of the window where it is least.
    pub null_score: f64,
    /// Tokens of question, text and template.
    pub tokens: usize,
    /// Windows in which the text was read.
    pub windows: usize,
}

/// Question answering with one model.
pub struct QuestionAnswering {
    model: Model,
    tokenizer: Arc<Tokenizer>,
}

impl QuestionAnswering {
    /// # Errors
    /// [`crate::Error::NoHead`].
    pub fn new(model: Model, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        model.qa_head()?;
        Ok(Self { model, tokenizer })
    }

    /// Starts to look for answers in `context`, window by window.
    ///
    /// # Errors
    /// [`crate::Error::EmptyInput`]; [`crate::Error::InputTooLong`] if the question leaves no room for the text;
    /// [`crate::Error::InvalidOption`].
    pub fn answering(
        self: &Arc<Self>,
        question: &str,
        context: &str,
        options: AnswerOptions,
    ) -> Result<Answering> {
        options.check()?;
        require_text("question", question)?;
        require_text("context", context)?;
        let mut encoding = self.tokenizer.encode(question, Some(context), true)?;
        encoding.keep(0, options.max_question_len);
        let info = self.model.info();
        require_readable("context", &encoding, usize::MAX, info.vocab_size)?;
        let most = options.max_seq_len.min(info.max_position_embeddings);
        Ok(Answering {
            reading: Reading::new(encoding, 1, most, ("doc_stride", options.doc_stride))?,
            task: self.clone(),
            context: context.into(),
            options,
            found: Vec::new(),
            places: HashMap::new(),
            null_score: f64::INFINITY,
        })
    }

    /// The best answers to `question` in `context`.
    ///
    /// # Errors
    /// As [`QuestionAnswering::answering`].
    pub fn answer(
        self: &Arc<Self>,
        question: &str,
        context: &str,
        options: AnswerOptions,
    ) -> Result<AnswerResult> {
        let mut answering = self.answering(question, context, options)?;
        for window in &mut answering {
            window?;
        }
        Ok(answering.result())
    }

    /// Probabilities that an answer begins and that it ends at each token of a window. Those of the question are left
    /// out; the first token (`[CLS]`) stands for "there is no answer".
    fn probabilities(&self, window: &Window) -> Result<[Vec<f64>; 2]> {
        let encoding = &window.encoding;
        let input = EncoderInput::single(encoding.ids(), encoding.type_ids());
        let logits = self.model.hidden_states(&input)?;
        let logits = self.model.qa_head()?.logits(&logits)?; // [len, 2]
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(not_numbers());
        }
        // transformers leaves every [CLS] in, one in the text as well.
        let first = encoding.tokens[0].id;
        let tokens = encoding.tokens.iter().enumerate();
        let counts: Vec<bool> = tokens
            .map(|(at, token)| window.part.contains(&at) || token.id == first)
            .collect();
        Ok([0, 1].map(|which| {
            let logits = logits.chunks_exact(2).zip(&counts);
            let logits = logits.map(|(pair, &counts)| {
                let logit = f64::from(pair[which]);
                if counts {
                    logit
                } else {
                    f64::NEG_INFINITY
                }
            });
            softmax(logits.collect())
        }))
    }
}

fn softmax(mut values: Vec<f64>) -> Vec<f64> {
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    values
        .iter_mut()
        .for_each(|value| *value = elementary::exp(*value - max));
    let total: f64 = values.iter().sum();
    values.iter_mut().for_each(|value| *value /= total);
    values
}

/// A text in which answers are being looked for; an iterator over its windows.
pub struct Answering {
    task: Arc<QuestionAnswering>,
    context: String,
    options: AnswerOptions,
    reading: Reading,
    /// Answers so far, in the order found.
    found: Vec<Answer>,
    /// Where the answer of each text is among them; capitals are as good as small letters.
    places: HashMap<String, usize>,
    null_score: f64,
}

impl Answering {
    /// The text as it was given.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The best answers of the windows read so far.
    pub fn result(&self) -> AnswerResult {
        let mut answers = self.found.clone();
        if self.options.handle_impossible_answer && self.reading.done > 0 {
            answers.push(Answer {
                answer: String::new(),
                score: self.null_score,
                range: 0..0,
            });
        }
        answers.sort_by(|a, b| b.score.total_cmp(&a.score));
        answers.truncate(self.options.top_k);
        AnswerResult {
            answers,
            null_score: self.null_score,
            tokens: self.reading.windows.tokens(),
            windows: self.reading.windows.len(),
        }
    }

    fn read(&mut self, index: usize) -> Result<()> {
        let window = self.reading.windows.get(index);
        let [start, end] = self.task.probabilities(&window)?;
        self.null_score = self.null_score.min(start[0] * end[0]);
        let options = &self.options;
        // Some of them become one answer when they are widened to words.
        let count = if options.align_to_words {
            options.top_k.saturating_mul(2).saturating_add(10)
        } else {
            options.top_k
        };
        for (span, score) in best_spans(&window.part, [&start, &end], count, options.max_answer_len)
        {
            let tokens = &window.encoding.tokens;
            let range = if options.align_to_words {
                words(
                    &tokens[window.part.clone()],
                    &tokens[span.start],
                    &tokens[span.end - 1],
                )
            } else {
                tokens[span.start].range.start..tokens[span.end - 1].range.end
            };
            // An empty one where the tokens stand in another order than the text.
            let answer = self.context.get(range.clone()).unwrap_or_default();
            match self.places.entry(answer.to_lowercase()) {
                Entry::Occupied(place) => self.found[*place.get()].score += score,
                Entry::Vacant(place) => {
                    place.insert(self.found.len());
                    self.found.push(Answer {
                        answer: answer.into(),
                        score,
                        range,
                    });
                }
            }
        }
        Ok(())
    }
}

/// The `count` best spans of at most `longest` tokens with their scores: none ends before it begins, none has tokens
/// outside of `part`. Best first, of equals the first. Few more than are asked for are kept at any time: all spans of a
/// long window are millions.
fn best_spans(
    part: &Range<usize>,
    [start, end]: [&[f64]; 2],
    count: usize,
    longest: usize,
) -> Vec<(Range<usize>, f64)> {
    let mut best: Vec<(Range<usize>, f64)> = Vec::new();
    let mut least = f64::NEG_INFINITY;
    // Stable, so that of equals the first stay.
    let keep = |best: &mut Vec<(_, f64)>| {
        best.sort_by(|a, b| b.1.total_cmp(&a.1));
        best.truncate(count);
    };
    for first in part.clone() {
        let lasts = first..part.end.min(first.saturating_add(longest));
        for (last, end) in lasts.clone().zip(&end[lasts]) {
            let score = start[first] * end;
            if score > least {
                best.push((first..last + 1, score));
            }
        }
        if best.len() > count.saturating_mul(2) {
            keep(&mut best);
            least = best.last().map_or(least, |(_, score)| *score);
        }
    }
    keep(&mut best);
    best
}

/// From the beginning of the word of `first` to the end of the word of `last`, as far as the words are in `part`.
fn words(part: &[TokenSpan], first: &TokenSpan, last: &TokenSpan) -> Range<usize> {
    let of_word = |word: &TokenSpan| {
        let word = word.word;
        move |token: &&TokenSpan| token.word == word && word.is_some()
    };
    let start = part.iter().find(of_word(first)).unwrap_or(first);
    let end = part.iter().rfind(of_word(last)).unwrap_or(last);
    start.range.start..end.range.end
}

impl Iterator for Answering {
    type Item = Result<WindowRead>;

    /// The next window; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        let index = self.reading.next()?;
        let read = self.read(index);
        Some(self.reading.count(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_spans_are_those_of_a_sorted_list_of_all() {
        // Few values, so that many spans are equals.
        let of = |seed: usize| (0..40).map(move |at| ((at * seed) % 7) as f64 / 7.0);
        let [start, end]: [Vec<f64>; 2] = [of(3), of(5)].map(|values| values.collect());
        for (count, longest) in [(1, 1), (3, 40), (12, usize::MAX), (usize::MAX, 9)] {
            let spans = (2..38).flat_map(|first| (first..38).map(move |last| first..last + 1));
            let spans = spans.filter(|span| span.len() <= longest);
            let mut all: Vec<_> = spans
                .map(|span| (span.clone(), start[span.start] * end[span.end - 1]))
                .collect();
            all.sort_by(|a, b| b.1.total_cmp(&a.1));
            all.truncate(count);
            assert_eq!(best_spans(&(2..38), [&start, &end], count, longest), all);
        }
    }
}
