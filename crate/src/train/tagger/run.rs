//! The tagger's steps.

use candle_core::Tensor;
use serde::{Deserialize, Serialize};

use super::reading::{joined, Reader, WordLayers, MOST_TOKENS};
use crate::error::Error;
use crate::sampling::log_softmax;
use crate::train::error::{Result, TrainError};
use crate::train::files::{FileConfig, Files, ModelFiles};
use crate::train::models::elmo::{Elmo, ScalarMix};
use crate::train::objectives::{accuracy, Loss, Means};
use crate::train::ops::{self, WeightLayout};
use crate::train::optimizers::{Optimizer, OptimizerSettings};
use crate::train::parameters::{Init, Parameters, Role};
use crate::train::random::{Purpose, Random};
use crate::train::schedule::Schedule;
use crate::train::step::{descend, At, StepReport};
use crate::train::tuning::{TuneData, TuneEvaluation, TunedPrediction, WordData};

/// What the layers of all words take at most. A batch may have all examples.
const MOST_KEPT: u64 = 128 << 20;
/// Examples held back that are evaluated on at once.
const EVALUATED: usize = 32;

/// Settings of a tagger.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct TaggerSettings {
    /// How often each example is read.
    pub epochs: usize,
    /// Examples of a step.
    pub batch_size: usize,
    /// The highest learning rate. It rises in the first tenth of the steps and falls in their second half.
    pub learning_rate: f64,
    /// What every random choice follows from.
    pub seed: u64,
    /// Share of the examples that is held back, to be evaluated on.
    pub held_out_share: f64,
}

impl Default for TaggerSettings {
    fn default() -> Self {
        Self {
            epochs: 30,
            batch_size: 8,
            learning_rate: 1e-2,
            seed: 1,
            held_out_share: 0.2,
        }
    }
}

impl TaggerSettings {
    /// # Errors
    /// [`TrainError::InvalidSetting`] for the first one that is out of its range.
    pub fn check(&self) -> Result<()> {
        let ranges = [
            ("epochs", self.epochs as f64, 1.0, 1e4),
            ("batch_size", self.batch_size as f64, 1.0, 1024.0),
            ("learning_rate", self.learning_rate, 1e-9, 1.0),
            ("held_out_share", self.held_out_share, 0.0, 0.9),
        ];
        for (name, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                let message = format!("{value} is not between {least} and {most}");
                return Err(TrainError::setting(name, message));
            }
        }
        Ok(())
    }
}

/// What a tagger is about, and how far.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TaggerInfo {
    /// ELMo's weights, which do not learn.
    pub weights: usize,
    /// Numbers that learn: s, γ, and the linear layer.
    pub trained_weights: usize,
    /// Examples that are learnt from.
    pub examples: usize,
    /// Examples held back.
    pub held_out: usize,
    /// Examples of which words at the end are left out, as they are too long.
    pub cut: usize,
    /// The labels.
    pub labels: Vec<String>,
    /// Steps of all epochs.
    pub steps: u64,
    /// Steps done.
    pub steps_done: u64,
    /// As it was begun.
    pub settings: TaggerSettings,
}

/// A tagger on ELMo's layers.
pub struct ElmoTagger {
    pub(super) settings: TaggerSettings,
    pub(super) data: WordData,
    pub(super) reader: Reader,
    /// What ELMo made of each example's words, and their labels.
    examples: Vec<(WordLayers, Vec<u32>)>,
    training: Vec<usize>,
    held_out: Vec<usize>,
    /// s and γ.
    pub(super) mix: ScalarMix,
    /// `classifier.weight` `[labels, 2·hidden_size]`, `classifier.bias` `[labels]`
    classifier: [Tensor; 2],
    pub(super) parameters: Parameters,
    pub(super) optimizer: Optimizer,
    pub(super) step: u64,
}

impl ElmoTagger {
    /// Lets the ELMo of a folder that was trained here read the examples, once.
    ///
    /// # Errors
    /// As [`ModelFiles::read`]; [`Error::Unsupported`] for other models than ELMo; what is wrong with the examples.
    pub fn new(files: &Files, data: WordData, settings: TaggerSettings) -> Result<Self> {
        settings.check()?;
        let found = ModelFiles::read(files)?;
        let FileConfig::Elmo(config) = found.config else {
            let message = "the layers of another model than an ELMo";
            return Err(Error::Unsupported(message.into()).into());
        };
        let mut parameters = Parameters::given(found.weights);
        let reader = Reader {
            elmo: Elmo::new(&config, &mut parameters)?,
            config,
            parameters,
            tokenizer: found.tokenizer,
            tokenizer_files: found.tokenizer_files,
        };
        Self::begin(reader, data, settings, Parameters::new(settings.seed))
    }

    pub(super) fn begin(
        reader: Reader,
        data: WordData,
        settings: TaggerSettings,
        mut parameters: Parameters,
    ) -> Result<Self> {
        let all = TuneData::Words(data.clone());
        all.check()?;
        check_sizes(&reader, &data)?;
        let split = all.split(settings.held_out_share, settings.seed);
        let place = |label: &String| data.labels.iter().position(|l| l == label);
        let mut examples = Vec::new();
        for (number, example) in data.examples.iter().enumerate() {
            let (text, places) = joined(&example.words);
            let layers = reader.read(&text, &places)?;
            let numbers = example.labels.iter().filter_map(place);
            let labels: Vec<u32> = numbers.map(|n| n as u32).take(layers[0].dim(0)?).collect();
            // Its first word alone may be longer than what is read.
            if labels.is_empty() {
                return Err(TrainError::EmptyExample { example: number });
            }
            examples.push((layers, labels));
        }
        let mix = ScalarMix::new(reader.layers(), &mut parameters)?;
        let shape = [data.labels.len(), reader.width()];
        let init = Init::Zeros;
        let weight = parameters.take("classifier.weight", &shape, init, Role::Table)?;
        let bias = parameters.take("classifier.bias", &shape[..1], Init::Zeros, Role::Plain)?;
        Ok(Self {
            optimizer: Optimizer::new(OptimizerSettings::default(), parameters.all()),
            settings,
            data,
            reader,
            examples,
            training: split.training,
            held_out: split.held_out,
            mix,
            classifier: [weight, bias],
            parameters,
            step: 0,
        })
    }

    fn steps_per_epoch(&self) -> u64 {
        self.training.len().div_ceil(self.settings.batch_size) as u64
    }

    fn steps(&self) -> u64 {
        self.steps_per_epoch() * self.settings.epochs as u64
    }

    /// The examples of the step at hand, whose order is drawn anew each epoch.
    fn batch(&self) -> Vec<usize> {
        let per_epoch = self.steps_per_epoch();
        let (epoch, step) = (self.step / per_epoch, (self.step % per_epoch) as usize);
        let mut random = Random::new(self.settings.seed, Purpose::Order, epoch);
        let order = random.permutation(self.training.len());
        let size = self.settings.batch_size;
        let own = order.iter().skip(step * size).take(size);
        own.map(|&at| self.training[at as usize]).collect()
    }

    /// Scores of the labels of some examples' words `[words, labels]`, and the right ones.
    fn logits(&self, which: &[usize]) -> Result<(Tensor, Vec<u32>)> {
        let examples = || which.iter().map(|&at| &self.examples[at]);
        let layer = |number: usize| -> Result<Tensor> {
            let parts: Vec<&Tensor> = examples().map(|(layers, _)| &layers[number]).collect();
            Ok(Tensor::cat(&parts, 0)?)
        };
        let layers = (0..self.reader.layers()).map(layer);
        let mixed = self.mix.forward(&layers.collect::<Result<Vec<_>>>()?)?;
        let [weight, bias] = &self.classifier;
        let logits = ops::linear(&mixed, weight, Some(bias), WeightLayout::OutIn)?;
        let targets = examples().flat_map(|(_, labels)| labels);
        Ok((logits, targets.copied().collect()))
    }

    fn loss(logits: &Tensor, targets: Vec<u32>) -> Result<Loss> {
        let right = accuracy(logits, &targets)?;
        let count = targets.len();
        let loss = ops::cross_entropy(logits, targets)?;
        Loss::sum(count, vec![("tags", loss, count, Some(right))])
    }

    /// Does a step.
    ///
    /// # Errors
    /// [`TrainError::Diverged`], where nothing has changed.
    pub fn step(&mut self) -> Result<StepReport> {
        let schedule = Schedule {
            peak: self.settings.learning_rate,
            warmup: self.steps().div_ceil(10),
            decay_share: 0.5,
        };
        let (logits, targets) = self.logits(&self.batch())?;
        let loss = Self::loss(&logits, targets)?;
        let at = At {
            step: self.step,
            clip: 1.0,
            learning_rate: schedule.rate(self.step, self.steps()),
        };
        let report = descend(loss, self.parameters.all(), &mut self.optimizer, at)?;
        self.step += 1;
        Ok(report)
    }

    /// Whether all steps are done. Further ones can be.
    pub fn is_over(&self) -> bool {
        self.step >= self.steps()
    }

    /// The shares softmax(s) of the layers, the embeddings first, and γ.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn mix(&self) -> Result<(Vec<f32>, f32)> {
        self.mix.weights()
    }

    /// What it is about, and how far.
    pub fn info(&self) -> TaggerInfo {
        let pairs = self.examples.iter().zip(&self.data.examples);
        TaggerInfo {
            weights: self.reader.parameters.count(),
            trained_weights: self.parameters.count(),
            examples: self.training.len(),
            held_out: self.held_out.len(),
            cut: pairs
                .filter(|((_, labels), whole)| labels.len() < whole.words.len())
                .count(),
            labels: self.data.labels.clone(),
            steps: self.steps(),
            steps_done: self.step,
            settings: self.settings,
        }
    }

    /// The words of some examples that were read.
    fn words<'a>(&'a self, which: &'a [usize]) -> impl Iterator<Item = (usize, &'a String)> {
        which.iter().flat_map(|&index| {
            let read = self.examples[index].1.len();
            let words = self.data.examples[index].words.iter().take(read);
            words.map(move |word| (index, word))
        })
    }

    /// How it does on the examples held back.
    ///
    /// # Errors
    /// [`TrainError::NothingHeldOut`].
    pub fn evaluate(&self) -> Result<TuneEvaluation> {
        if self.held_out.is_empty() {
            return Err(TrainError::NothingHeldOut);
        }
        let labels = self.data.labels.len();
        let (mut means, mut predictions) = (Means::default(), Vec::new());
        let mut confusion = vec![vec![0; labels]; labels];
        for which in self.held_out.chunks(EVALUATED) {
            let (logits, targets) = self.logits(which)?;
            means.add(Self::loss(&logits, targets.clone())?.parts);
            let logits = ops::values(&logits)?;
            let rows = logits.chunks_exact(labels).zip(targets);
            for ((index, word), (row, right)) in self.words(which).zip(rows) {
                let scores = log_softmax(row);
                let better = |a: &usize, b: &usize| scores[*a].total_cmp(&scores[*b]);
                let best = (0..labels).rev().max_by(better).unwrap_or_default();
                confusion[right as usize][best] += 1;
                predictions.push(TunedPrediction {
                    index,
                    text: word.clone(),
                    label: self.data.labels[right as usize].clone(),
                    predicted: self.data.labels[best].clone(),
                    score: scores[best].exp(),
                });
            }
        }
        let parts = means.parts();
        Ok(TuneEvaluation {
            step: self.step,
            loss: parts[0].loss.into(),
            accuracy: parts[0].accuracy.unwrap_or_default().into(),
            parts,
            exact_match: None,
            f1: None,
            confusion,
            predictions,
        })
    }
}

/// Refuses examples whose layers have no room, before they are read.
fn check_sizes(reader: &Reader, data: &WordData) -> Result<()> {
    let words = data
        .examples
        .iter()
        .map(|one| one.words.len().min(MOST_TOKENS));
    let numbers = words.sum::<usize>() as u64 * (reader.layers() * reader.width()) as u64;
    let bytes = numbers.saturating_mul(4);
    if bytes > MOST_KEPT {
        return Err(TrainError::TooMuchToKeep {
            bytes,
            most: MOST_KEPT,
        });
    }
    Ok(())
}
