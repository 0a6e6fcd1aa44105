//! Examples as tokens, with what the head is asked about them.

use super::data::{numbered, QuestionExample, TextData, TuneData, WordData};
use super::objective::{Predictions, Row, TuneTarget, WordTarget};
use crate::error::Error;
use crate::tasks::AnswerOptions;
use crate::text::{Encoding, Tokenizer};
use crate::train::error::{Result, TrainError};

/// An example as the model reads it; a long context of a question is several.
pub(super) struct Encoded {
    /// Its place among the examples.
    pub example: usize,
    pub ids: Vec<u32>,
    pub type_ids: Vec<u32>,
    pub target: TuneTarget,
    /// The only token whose hidden state is kept: where no layer above mixes it with others, the one that is asked.
    pub only: Option<u32>,
}

impl Encoded {
    /// Keeps the hidden state of the token alone that is asked for the label of a text.
    pub fn keep_asked(&mut self) {
        if let TuneTarget::Text { at, .. } = &mut self.target {
            self.only = Some(std::mem::take(at));
        }
    }

    /// Hidden states that are kept of it.
    pub fn kept_rows(&self) -> usize {
        self.only.map_or(self.ids.len(), |_| 1)
    }

    /// What the head, and the language model, are asked in it.
    pub fn asked(&self) -> Predictions {
        Predictions {
            task: self.target.predictions(),
            lm: self.kept_rows().saturating_sub(1),
        }
    }

    /// Its part of a batch, with what was kept.
    pub fn row<'a>(&'a self, states: Option<&'a [f32]>) -> Row<'a> {
        let shown = match self.only {
            Some(at) => at as usize..at as usize + 1,
            None => 0..self.ids.len(),
        };
        let ids = &self.ids[shown.clone()];
        (ids, &self.type_ids[shown], states, &self.target)
    }
}

/// What a model reads.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    /// Tokens at once.
    pub most: usize,
    /// Whether the last token is asked for the label, not the first.
    pub last: bool,
    /// The token that fills up shorter texts: the last one is one before those.
    pub pad: Option<u32>,
}

/// All examples, and how many of them were cut.
pub(super) fn encode(
    data: &TuneData,
    tokenizer: &Tokenizer,
    reader: Reader,
) -> Result<(Vec<Encoded>, usize)> {
    match data {
        TuneData::Texts(data) => texts(data, tokenizer, reader),
        TuneData::Words(data) => words(data, tokenizer, reader),
        TuneData::Questions(data) => {
            let mut all = Vec::new();
            for (example, one) in data.examples.iter().enumerate() {
                all.extend(question(example, one, tokenizer, reader)?);
            }
            Ok((all, 0))
        }
    }
}

/// One text, or a pair, cut to what the model reads.
pub(super) fn text(
    tokenizer: &Tokenizer,
    reader: Reader,
    text: &str,
    pair: Option<&str>,
) -> Result<(Encoding, bool)> {
    let mut encoding = tokenizer.encode(text, pair, true)?;
    let cut = cut(&mut encoding, reader.most);
    Ok((encoding, cut))
}

/// Takes tokens out, always of the longer of two texts, as transformers does by `longest_first`.
fn cut(encoding: &mut Encoding, most: usize) -> bool {
    let [mut first, mut second] = [0, 1].map(|sequence| encoding.part(sequence).len());
    let frame = encoding.len() - first - second;
    let room = most.saturating_sub(frame);
    if first + second <= room {
        return false;
    }
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    encoding.keep(1, second);
    encoding.keep(0, first);
    true
}

impl Reader {
    /// The token that is asked for the label.
    pub fn place(self, encoding: &Encoding) -> u32 {
        if !self.last {
            return 0;
        }
        let tokens = &encoding.tokens;
        let last = tokens.iter().rposition(|token| Some(token.id) != self.pad);
        last.unwrap_or(0) as u32
    }
}

fn texts(data: &TextData, tokenizer: &Tokenizer, reader: Reader) -> Result<(Vec<Encoded>, usize)> {
    let (numbers, mut all, mut cuts) = (numbered(&data.labels)?, Vec::new(), 0);
    for (example, one) in data.examples.iter().enumerate() {
        let (encoding, cut) = text(tokenizer, reader, &one.text, one.pair.as_deref())?;
        cuts += usize::from(cut);
        if encoding.is_empty() {
            return Err(TrainError::EmptyExample { example });
        }
        let target = TuneTarget::Text {
            at: reader.place(&encoding),
            label: numbers[one.label.as_str()],
        };
        all.push(Encoded {
            example,
            ids: encoding.ids(),
            type_ids: encoding.type_ids(),
            target,
            only: None,
        });
    }
    Ok((all, cuts))
}

/// A word's first piece has its label; the other pieces are not asked (Devlin et al. 2019, section 5.3).
fn words(data: &WordData, tokenizer: &Tokenizer, reader: Reader) -> Result<(Vec<Encoded>, usize)> {
    let (numbers, mut all, mut cuts) = (numbered(&data.labels)?, Vec::new(), 0);
    for (example, one) in data.examples.iter().enumerate() {
        let (encoding, cut) = text(tokenizer, reader, &one.words.join(" "), None)?;
        cuts += usize::from(cut);
        let mut ends = Vec::new();
        for word in &one.words {
            ends.push(ends.last().map_or(0, |end| end + 1) + word.len());
        }
        let (mut targets, mut next) = (Vec::new(), 0);
        for (at, token) in encoding.tokens.iter().enumerate() {
            if token.special || token.range.is_empty() {
                continue;
            }
            let word = ends.partition_point(|&end| end <= token.range.start);
            if word < next || word >= one.words.len() {
                continue;
            }
            next = word + 1;
            targets.push(WordTarget {
                at: at as u32,
                label: numbers[one.labels[word].as_str()],
                word,
            });
        }
        if targets.is_empty() {
            return Err(TrainError::EmptyExample { example });
        }
        all.push(Encoded {
            example,
            ids: encoding.ids(),
            type_ids: encoding.type_ids(),
            target: TuneTarget::Words(targets),
            only: None,
        });
    }
    Ok((all, cuts))
}

/// The windows of a context. One without the whole answer points at `[CLS]`, as in the paper's own code.
fn question(
    example: usize,
    one: &QuestionExample,
    tokenizer: &Tokenizer,
    reader: Reader,
) -> Result<Vec<Encoded>> {
    let options = AnswerOptions::default();
    let mut encoding = tokenizer.encode(&one.question, Some(&one.context), true)?;
    encoding.keep(0, options.max_question_len);
    let part = encoding.part(1);
    let answer = one.answer_start..one.answer_start + one.answer_text.len();
    let tokens = &encoding.tokens[part.clone()];
    let first = tokens.iter().position(|t| t.range.end > answer.start);
    let last = tokens.iter().rposition(|t| t.range.start < answer.end);
    let (Some(first), Some(last)) = (first, last) else {
        return Err(TrainError::AnswerNotInContext { example });
    };
    if first > last {
        return Err(TrainError::AnswerNotInContext { example });
    }
    let most = options.max_seq_len.min(reader.most);
    let frame = encoding.len() - part.len();
    if frame >= most {
        return Err(Error::InputTooLong {
            input: "question".into(),
            tokens: frame + 1,
            max: most,
        }
        .into());
    }
    let room = most - frame;
    let stride = match STRIDE.min(most / 2) {
        stride if stride < room => stride,
        _ => room / 2,
    };
    let windows = encoding.windows(1, room, stride);
    let window = |index| {
        let window = windows.get(index);
        let at = |token: usize| (window.part.start + token - window.skipped) as u32;
        let inside = window.skipped <= first && last < window.skipped + window.part.len();
        let span = if inside {
            [at(first), at(last)]
        } else {
            [0; 2]
        };
        Encoded {
            example,
            ids: window.encoding.ids(),
            type_ids: window.encoding.type_ids(),
            target: TuneTarget::Span(span),
            only: None,
        }
    };
    Ok((0..windows.len()).map(window).collect())
}

/// Tokens that two windows have in common, as the task of inference has it.
const STRIDE: usize = 128;
