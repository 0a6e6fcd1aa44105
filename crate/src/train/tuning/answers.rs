//! What a fine-tuned model says: of the examples held back, and of new texts, as the tasks of inference give it.

use std::sync::Arc;

use candle_core::Tensor;

use super::data::TuneData;
use super::encode::Encoded;
use super::evaluation::{exact_match, f1, TuneEvaluation, TunedPrediction};
use super::objective::{part_loss, TuneBatch, TuneTarget};
use super::run::FineTuning;
use super::settings::TuneTask;
use crate::error::{Error, Head};
use crate::sampling::log_softmax;
use crate::tasks::{
    AnswerOptions, AnswerResult, ClassificationResult, Entity, FunctionToApply, QuestionAnswering,
    ScoredLabel, TaggingOptions, TokenClassification,
};
use crate::train::error::{Result, TrainError};
use crate::train::objectives::Means;
use crate::train::ops;

impl FineTuning {
    /// How the model does on the examples held back.
    ///
    /// # Errors
    /// [`TrainError::NothingHeldOut`].
    pub fn evaluate(&mut self) -> Result<TuneEvaluation> {
        if self.split.held_out.is_empty() {
            return Err(TrainError::NothingHeldOut);
        }
        self.prepare_all()?;
        let labels = self.data.labels().len();
        let mut means = Means::default();
        let mut confusion = vec![vec![0; labels]; labels];
        let mut predictions = Vec::new();
        let chunks = self.split.held_out.chunks(self.settings.batch_size);
        for places in chunks.flat_map(|chunk| self.parts(chunk)) {
            let (batch, whole) = (self.batch(&places)?, self.predictions(&places));
            let (loss, logits) = part_loss(&self.model, &batch, self.settings.lm_weight, whole)?;
            means.add(loss.parts);
            if labels > 0 {
                self.predict_labels(&places, &logits, &mut confusion, &mut predictions)?;
            }
        }
        // Micro-batches come by length.
        predictions.sort_by_key(|one| one.index);
        let parts = means.parts();
        let weight = |name| {
            if name == "lm" {
                self.settings.lm_weight.into()
            } else {
                1.0
            }
        };
        let mut evaluation = TuneEvaluation {
            step: self.step,
            loss: (parts.iter())
                .map(|part| weight(part.name) * f64::from(part.loss))
                .sum(),
            accuracy: parts[0].accuracy.unwrap_or(0.0).into(),
            parts,
            exact_match: None,
            f1: None,
            confusion,
            predictions,
        };
        if labels == 0 {
            self.judge_answers(&mut evaluation)?;
        }
        Ok(evaluation)
    }

    /// The label of each text or word that is asked about.
    fn predict_labels(
        &self,
        places: &[usize],
        logits: &Tensor,
        confusion: &mut [Vec<usize>],
        predictions: &mut Vec<TunedPrediction>,
    ) -> Result<()> {
        let labels = self.data.labels();
        let logits = ops::values(logits)?;
        let mut rows = logits.chunks_exact(labels.len());
        for &place in places {
            let one = &self.examples[place];
            let asked: Vec<(usize, u32)> = match &one.target {
                TuneTarget::Text { label, .. } => vec![(0, *label)],
                TuneTarget::Words(words) => words.iter().map(|w| (w.word, w.label)).collect(),
                TuneTarget::Span(_) => Vec::new(),
            };
            for (word, right) in asked {
                let scores = log_softmax(rows.next().unwrap_or_default());
                let best = best(&scores);
                confusion[right as usize][best] += 1;
                predictions.push(TunedPrediction {
                    index: one.example,
                    text: match &self.data {
                        TuneData::Texts(data) => data.examples[one.example].text.clone(),
                        TuneData::Words(data) => data.examples[one.example].words[word].clone(),
                        TuneData::Questions(_) => String::new(),
                    },
                    label: labels[right as usize].clone(),
                    predicted: labels[best].clone(),
                    score: scores[best].exp(),
                });
            }
        }
        Ok(())
    }

    /// Asks each question held back, as the task of inference does.
    fn judge_answers(&self, evaluation: &mut TuneEvaluation) -> Result<()> {
        let TuneData::Questions(data) = &self.data else {
            return Ok(());
        };
        let (mut exact, mut score, mut last) = (0.0, 0.0, None);
        for &place in &self.split.held_out {
            let index = self.examples[place].example;
            if last.replace(index) == Some(index) {
                continue;
            }
            let one = &data.examples[index];
            let found = self.answer(&one.question, &one.context, AnswerOptions::default())?;
            let (predicted, probability) = match found.answers.first() {
                Some(answer) => (answer.answer.clone(), answer.score),
                None => (String::new(), 0.0),
            };
            exact += f64::from(u8::from(exact_match(&one.answer_text, &predicted)));
            score += f1(&one.answer_text, &predicted);
            evaluation.predictions.push(TunedPrediction {
                index,
                text: one.question.clone(),
                label: one.answer_text.clone(),
                predicted,
                score: probability,
            });
        }
        let count = evaluation.predictions.len() as f64;
        evaluation.exact_match = Some(exact / count);
        evaluation.f1 = Some(score / count);
        evaluation.accuracy = exact / count;
        Ok(())
    }

    fn lacks(&self, head: Head) -> TrainError {
        let has = match self.settings.task {
            TuneTask::TextClassification => Head::SequenceClassification,
            TuneTask::TokenClassification => Head::TokenClassification,
            TuneTask::QuestionAnswering => Head::Qa,
        };
        let has = vec![has.name().into()];
        Error::NoHead { head, has }.into()
    }

    /// All labels of a text, or of a pair of texts, best first.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::InputTooLong`]; [`Error::NoHead`] of a run with another task.
    pub fn classify(&self, text: &str, pair: Option<&str>) -> Result<ClassificationResult> {
        if self.settings.task != TuneTask::TextClassification {
            return Err(self.lacks(Head::SequenceClassification));
        }
        for (input, text) in [("text", Some(text)), ("second text", pair)] {
            if text.is_some_and(|text| text.trim().is_empty()) {
                let input = input.into();
                return Err(Error::EmptyInput { input }.into());
            }
        }
        let encoding = self.source.tokenizer.encode(text, pair, true)?;
        let most = self.source.reader.most;
        if encoding.len() > most || encoding.is_empty() {
            return Err(Error::InputTooLong {
                input: "text".into(),
                tokens: encoding.len(),
                max: most,
            }
            .into());
        }
        let mut one = Encoded {
            example: 0,
            ids: encoding.ids(),
            type_ids: encoding.type_ids(),
            target: TuneTarget::Text {
                at: self.source.reader.place(&encoding),
                label: 0,
            },
            only: None,
        };
        let states = match &self.frozen {
            Some(frozen) => frozen.states(&[(&one.ids, &one.type_ids)])?.pop(),
            None => None,
        };
        let width = self.width();
        let states = states.map(|states| match self.examples[0].only {
            Some(_) => {
                one.keep_asked();
                let at = one.only.unwrap_or(0) as usize;
                states[at * width..][..width].to_vec()
            }
            None => states,
        });
        let batch = TuneBatch::of(&[one.row(states.as_deref())], width)?;
        let logits = self.model.logits(&batch)?;
        let scores = log_softmax(&ops::values(&logits)?);
        let label = |(label, score): (&String, f64)| ScoredLabel {
            label: label.clone(),
            score: score.exp(),
        };
        let mut labels: Vec<ScoredLabel> =
            self.data.labels().iter().zip(scores).map(label).collect();
        labels.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(ClassificationResult {
            labels,
            function_to_apply: FunctionToApply::Softmax,
            tokens: encoding.len(),
        })
    }

    /// The labels of the tokens of a text.
    ///
    /// # Errors
    /// As [`TokenClassification::tag`]; [`Error::NoHead`] of a run with another task.
    pub fn tag(&self, text: &str, options: TaggingOptions) -> Result<Vec<Entity>> {
        if self.settings.task != TuneTask::TokenClassification {
            return Err(self.lacks(Head::TokenClassification));
        }
        let task = TokenClassification::new(self.open()?, self.source.tokenizer.clone())?;
        Ok(Arc::new(task).tag(text, options)?)
    }

    /// The answers to a question in a text.
    ///
    /// # Errors
    /// As [`QuestionAnswering::answer`]; [`Error::NoHead`] of a run with another task.
    pub fn answer(
        &self,
        question: &str,
        context: &str,
        options: AnswerOptions,
    ) -> Result<AnswerResult> {
        if self.settings.task != TuneTask::QuestionAnswering {
            return Err(self.lacks(Head::Qa));
        }
        let task = QuestionAnswering::new(self.open()?, self.source.tokenizer.clone())?;
        Ok(Arc::new(task).answer(question, context, options)?)
    }
}

/// The place of the greatest; of equal ones the first.
fn best(scores: &[f64]) -> usize {
    let mut best = 0;
    for (at, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = at;
        }
    }
    best
}
