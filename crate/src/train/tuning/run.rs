//! A run of fine-tuning: steps, checkpoints, and the folder at the end.

use std::cell::RefCell;

use serde::Serialize;

use super::data::{Split, TuneData};
use super::encode::Encoded;
use super::frozen::Frozen;
use super::objective::{part_loss, Predictions, Row, TuneBatch, TunedModel};
use super::settings::{TuneSettings, CLIP};
use super::source::{Source, HEADS};
use crate::models::Model;
use crate::train::cost::Activations;
use crate::train::error::Result;
use crate::train::files::{FileConfig, Files};
use crate::train::optimizers::Optimizer;
use crate::train::random::{Purpose, Random};
use crate::train::step::{At, Descent, StepReport};

/// What a run is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TuneInfo {
    /// `bert` or `gpt2`.
    #[cfg_attr(test, ts(type = "'bert' | 'gpt2'"))]
    pub architecture: &'static str,
    /// Layers of the model.
    pub num_layers: usize,
    /// Weights of the model and the head.
    pub weights: usize,
    /// Those that learn.
    pub trained_weights: usize,
    /// Examples that are learnt from.
    pub examples: usize,
    /// Examples that are held back.
    pub held_out: usize,
    /// Examples that are longer than the model reads at once, of which the end is not read.
    pub cut: usize,
    /// What is told apart; none where answers are found.
    pub labels: Vec<String>,
    /// Steps of the run.
    pub steps: u64,
    /// Steps done.
    pub steps_done: u64,
}

/// How many examples the frozen layers have read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Prepared {
    /// Examples that they have read.
    pub done: usize,
    /// All; 0 where all layers learn.
    pub total: usize,
}

/// A run of fine-tuning. Between two calls it may rest as long as one likes.
pub struct FineTuning {
    pub(super) settings: TuneSettings,
    pub(super) data: TuneData,
    pub(super) files: Files,
    /// Of the files and the data.
    pub(super) fingerprint: u64,
    /// What a text costs.
    pub(super) activations: Activations,
    pub(super) source: Source,
    pub(super) frozen: Option<Frozen>,
    pub(super) examples: Vec<Encoded>,
    /// What the frozen layers made of each of the first examples.
    pub(super) kept: Vec<Vec<f32>>,
    pub(super) cut: usize,
    /// Places among the encoded examples.
    pub(super) split: Split,
    pub(super) held_examples: usize,
    pub(super) model: TunedModel,
    pub(super) optimizer: Optimizer,
    pub(super) step: u64,
    pub(super) steps: u64,
    /// The model as inference runs it, after so many steps.
    pub(super) opened: RefCell<Option<(u64, Model)>>,
}

/// Tokens that the frozen layers read in one call.
const TOKENS: usize = 512;

impl FineTuning {
    /// Lets the frozen layers read some more examples, about as much work as a step.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn prepare(&mut self) -> Result<Prepared> {
        let Some(frozen) = &self.frozen else {
            return Ok(Prepared { done: 0, total: 0 });
        };
        let (done, total) = (self.kept.len(), self.examples.len());
        if done == total {
            return Ok(Prepared { done, total });
        }
        let (mut count, mut longest) = (0, 0);
        for one in &self.examples[done..] {
            longest = longest.max(one.ids.len());
            if count > 0 && (count + 1) * longest > TOKENS {
                break;
            }
            count += 1;
        }
        let batch = &self.examples[done..done + count];
        let texts: Vec<_> = batch
            .iter()
            .map(|one| (&*one.ids, &*one.type_ids))
            .collect();
        let states = frozen.states(&texts)?;
        let width = frozen.width();
        let kept = batch
            .iter()
            .zip(states)
            .map(|(one, states)| match one.only {
                Some(at) => states[at as usize * width..][..width].to_vec(),
                None => states,
            });
        let kept: Vec<_> = kept.collect();
        self.kept.extend(kept);
        let done = self.kept.len();
        Ok(Prepared { done, total })
    }

    pub(super) fn prepare_all(&mut self) -> Result<()> {
        while self.frozen.is_some() && self.kept.len() < self.examples.len() {
            self.prepare()?;
        }
        Ok(())
    }

    pub(super) fn batch(&self, places: &[usize]) -> Result<TuneBatch> {
        let rows: Vec<Row> = places
            .iter()
            .map(|&place| {
                let one = &self.examples[place];
                let kept = self.kept.get(place).map(Vec::as_slice);
                one.row(kept.filter(|_| self.frozen.is_some()))
            })
            .collect();
        TuneBatch::of(&rows, self.width())
    }

    pub(super) fn width(&self) -> usize {
        match &self.source.config {
            FileConfig::Bert(config) => config.hidden_size,
            FileConfig::Gpt(config) => config.n_embd,
            FileConfig::Elmo(config) => config.hidden_size,
        }
    }

    /// Some examples in parts that have room: micro-batches.
    pub(super) fn parts(&self, places: &[usize]) -> Vec<Vec<usize>> {
        let lengths = places.iter().map(|&place| self.examples[place].kept_rows());
        let parts = (self.activations).micro_batches(&lengths.collect::<Vec<_>>());
        let of = |part: Vec<usize>| part.into_iter().map(|at| places[at]).collect();
        parts.into_iter().map(of).collect()
    }

    /// What the head, and the language model, are asked in some examples.
    pub(super) fn predictions(&self, places: &[usize]) -> Predictions {
        let all = places.iter().map(|&place| self.examples[place].asked());
        all.fold(Predictions::default(), Predictions::with)
    }

    /// The examples of a step: each epoch has its order, drawn from the seed.
    fn training_places(&self, step: u64) -> Vec<usize> {
        let (training, size) = (&self.split.training, self.settings.batch_size);
        let batches = training.len().div_ceil(size) as u64;
        let mut random = Random::new(self.settings.seed, Purpose::Order, step / batches);
        let order = random.permutation(training.len());
        let from = (step % batches) as usize * size;
        let chosen = &order[from..training.len().min(from + size)];
        chosen.iter().map(|&at| training[at as usize]).collect()
    }

    /// Does a step; the frozen layers read first what they have not read.
    ///
    /// # Errors
    /// [`Diverged`](crate::train::TrainError::Diverged), where nothing has changed.
    pub fn step(&mut self) -> Result<StepReport> {
        self.prepare_all()?;
        let places = self.training_places(self.step);
        let whole = self.predictions(&places);
        let losses = self.parts(&places).into_iter().map(|part| {
            let batch = self.batch(&part)?;
            Ok(part_loss(&self.model, &batch, self.settings.lm_weight, whole)?.0)
        });
        let descent = Descent::of(losses, self.model.parameters().all())?;
        let at = At {
            step: self.step,
            clip: CLIP,
            learning_rate: (self.settings.schedule(self.steps)).rate(self.step, self.steps),
        };
        let report = descent.go(self.model.parameters().all(), &mut self.optimizer, at)?;
        self.step += 1;
        Ok(report)
    }

    /// Whether all steps are done. Further ones can be.
    pub fn is_over(&self) -> bool {
        self.step >= self.steps
    }

    /// The settings.
    pub fn settings(&self) -> &TuneSettings {
        &self.settings
    }

    /// The examples.
    pub fn data(&self) -> &TuneData {
        &self.data
    }

    /// What the run is about.
    pub fn info(&self) -> TuneInfo {
        let bert = matches!(self.source.config, FileConfig::Bert(_));
        let parameters = self.model.parameters();
        let head = parameters.all().iter();
        let head = head.filter(|p| HEADS.iter().any(|name| p.name.starts_with(name)));
        let head: usize = head.map(|p| p.tensor().elem_count()).sum();
        TuneInfo {
            architecture: if bert { "bert" } else { "gpt2" },
            num_layers: self.source.num_layers,
            weights: self.source.weights + head,
            trained_weights: parameters.count(),
            examples: self.data.len() - self.held_examples,
            held_out: self.held_examples,
            cut: self.cut,
            labels: self.data.labels().to_vec(),
            steps: self.steps,
            steps_done: self.step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tuning::{TextData, TextExample, TuneTask, WordData, WordExample};
    use crate::train::{Architecture, Settings, Size, Training};

    const TEXT: &str = include_str!("../../../tests/train/eighty-days.txt");

    fn files(architecture: Architecture) -> Files {
        let mut settings = Settings::new(architecture, Size::Small);
        (settings.vocab_size, settings.context) = (300, 48);
        (settings.hidden_size, settings.num_layers) = (32, 2);
        let run = Training::new(settings, &TEXT[..12_000]).expect("a run");
        let folder = run.folder().expect("a folder");
        let files = folder.files().into_iter();
        files.map(|(name, b)| (name.into(), b.to_vec())).collect()
    }

    /// Of unequal length, so that none has the share that its number would give it.
    fn data(words: bool) -> TuneData {
        let labels = vec!["even".to_string(), "odd".to_string()];
        let label = |at: usize| labels[at % 2].clone();
        let text = |at: usize| "fogg went ".repeat(1 + at * 3 % 5) + "home";
        if words {
            let examples = (0..9).map(|at| {
                let words: Vec<_> = text(at).split(' ').map(String::from).collect();
                let labels = (0..words.len()).map(|word| label(at + word)).collect();
                WordExample { words, labels }
            });
            let examples = examples.collect();
            return TuneData::Words(WordData { labels, examples });
        }
        let examples = (0..9).map(|at| TextExample {
            text: text(at),
            pair: None,
            label: label(at),
        });
        let examples = examples.collect();
        TuneData::Texts(TextData { labels, examples })
    }

    /// One text after the other is the same step as all at once, to the rounding of sums.
    #[test]
    fn micro_batches_add_up_to_the_batch() {
        let text = TuneTask::TextClassification;
        for (architecture, task, lm_weight) in [
            (Architecture::Bert, text, 0.0),
            (Architecture::Bert, TuneTask::TokenClassification, 0.0),
            (Architecture::Gpt, text, 0.5),
        ] {
            let settings = TuneSettings {
                task,
                lm_weight,
                trained_layers: 1,
                quantized: false,
                ..TuneSettings::default()
            };
            let data = data(task == TuneTask::TokenClassification);
            let begin = || FineTuning::new(files(architecture), settings.clone(), data.clone());
            let [mut whole, mut cut] = [0; 2].map(|_| begin().expect("a run"));
            cut.activations.room = 1;
            assert_eq!(cut.parts(&[0, 1, 2]).len(), 3);
            for _ in 0..3 {
                let (a, b) = (whole.step().expect("a step"), cut.step().expect("a step"));
                let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-4 * a.abs(), "{a}, {b}");
                near(a.loss.into(), b.loss.into());
                near(a.gradient_norm, b.gradient_norm);
                assert_eq!(a.tokens, b.tokens);
                for (a, b) in a.parts.iter().zip(&b.parts) {
                    assert_eq!((a.name, a.predictions), (b.name, b.predictions));
                    near(a.loss.into(), b.loss.into());
                    assert_eq!(a.accuracy, b.accuracy);
                }
            }
            let (a, b) = (whole.evaluate(), cut.evaluate());
            let (a, b) = (a.expect("an evaluation"), b.expect("an evaluation"));
            assert_eq!(a.confusion, b.confusion);
            let order = |one: &crate::train::tuning::TuneEvaluation| {
                let all = one.predictions.iter();
                all.map(|p| (p.index, p.text.clone())).collect::<Vec<_>>()
            };
            assert_eq!(order(&a), order(&b));
        }
    }
}
