//! The tagger's steps.

use std::collections::{BTreeMap, HashMap};

use candle_core::Tensor;
use serde::{Deserialize, Serialize};

use super::reading::{joined, Reader, WordLayers};
use crate::error::Error;
use crate::sampling::log_softmax;
use crate::train::checkpoint::{pack, unpack, Unpacked};
use crate::train::error::{Result, TrainError};
use crate::train::files::{check_elmo, open_tokenizer, FileConfig, Files, ModelFiles};
use crate::train::models::elmo::{Elmo, ElmoConfig, ScalarMix};
use crate::train::objectives::{accuracy, Loss};
use crate::train::ops::{self, WeightLayout};
use crate::train::optimizers::{Optimizer, OptimizerSettings};
use crate::train::parameters::{safetensors_file, Init, Named, Parameters, Role};
use crate::train::random::{Purpose, Random};
use crate::train::schedule::Schedule;
use crate::train::step::{descend, At, StepReport};
use crate::train::tuning::{TuneData, TuneEvaluation, TunedPrediction, WordData};

/// Of the format of a checkpoint: another one is refused.
const VERSION: u32 = 1;
/// Before the names of ELMo's own weights in a checkpoint.
const ELMO: &str = "elmo/";

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
    settings: TaggerSettings,
    data: WordData,
    pub(super) reader: Reader,
    /// What ELMo made of each example's words, and their labels.
    examples: Vec<(WordLayers, Vec<u32>)>,
    training: Vec<usize>,
    held_out: Vec<usize>,
    /// s and γ.
    pub(super) mix: ScalarMix,
    /// `classifier.weight` `[labels, 2·hidden_size]`, `classifier.bias` `[labels]`
    classifier: [Tensor; 2],
    parameters: Parameters,
    optimizer: Optimizer,
    step: u64,
}

/// What is no tensor in a checkpoint.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    tagger: TaggerSettings,
    data: WordData,
    config: ElmoConfig,
    tokenizer_files: BTreeMap<String, String>,
    step: u64,
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

    fn begin(
        reader: Reader,
        data: WordData,
        settings: TaggerSettings,
        mut parameters: Parameters,
    ) -> Result<Self> {
        let all = TuneData::Words(data.clone());
        all.check()?;
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

    fn loss(&self, which: &[usize]) -> Result<Loss> {
        let (logits, targets) = self.logits(which)?;
        let right = accuracy(&logits, &targets)?;
        let count = targets.len();
        let loss = ops::cross_entropy(&logits, targets)?;
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
        let loss = self.loss(&self.batch())?;
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

    /// How it does on the examples held back.
    ///
    /// # Errors
    /// [`TrainError::NothingHeldOut`].
    pub fn evaluate(&self) -> Result<TuneEvaluation> {
        if self.held_out.is_empty() {
            return Err(TrainError::NothingHeldOut);
        }
        let parts = self.loss(&self.held_out)?.parts;
        let (logits, targets) = self.logits(&self.held_out)?;
        let (logits, labels) = (ops::values(&logits)?, &self.data.labels);
        let mut confusion = vec![vec![0; labels.len()]; labels.len()];
        let words = self.held_out.iter().flat_map(|&index| {
            let read = self.examples[index].1.len();
            let words = self.data.examples[index].words.iter().take(read);
            words.map(move |word| (index, word))
        });
        let mut predictions = Vec::new();
        let rows = logits.chunks_exact(labels.len()).zip(&targets);
        for ((index, word), (row, &right)) in words.zip(rows) {
            let scores = log_softmax(row);
            let better = |a: &usize, b: &usize| scores[*a].total_cmp(&scores[*b]);
            let best = (0..labels.len()).rev().max_by(better).unwrap_or_default();
            confusion[right as usize][best] += 1;
            predictions.push(TunedPrediction {
                index,
                text: word.clone(),
                label: labels[right as usize].clone(),
                predicted: labels[best].clone(),
                score: scores[best].exp(),
            });
        }
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

    /// The ELMo with s, γ and the linear layer beside its weights.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn folder(&self) -> Result<Files> {
        let mut files = self.reader.tokenizer_files.clone();
        let mut config = self.reader.config.to_json();
        config["id2label"] =
            serde_json::to_value(&self.data.labels).map_err(TrainError::internal)?;
        let config = serde_json::to_vec_pretty(&config).map_err(TrainError::internal)?;
        files.insert("config.json".into(), config);
        let mut tensors = self.reader.parameters.tensors()?;
        tensors.extend(self.parameters.tensors()?);
        let metadata = HashMap::from([("format".to_string(), "pt".to_string())]);
        let weights = safetensors_file(&tensors, metadata)?;
        files.insert("model.safetensors".into(), weights);
        Ok(files)
    }

    /// The tagger as bytes, for [`ElmoTagger::resume`].
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let text = |(name, bytes): (&String, &Vec<u8>)| {
            (name.clone(), String::from_utf8_lossy(bytes).into_owned())
        };
        let header = Header {
            version: VERSION,
            tagger: self.settings,
            data: self.data.clone(),
            config: self.reader.config.clone(),
            tokenizer_files: self.reader.tokenizer_files.iter().map(text).collect(),
            step: self.step,
        };
        let elmo = self.reader.parameters.tensors()?.into_iter();
        let elmo = elmo.map(|(name, shape, values)| (format!("{ELMO}{name}"), shape, values));
        let weights = elmo.chain(self.parameters.tensors()?).collect();
        pack(
            &header,
            weights,
            self.optimizer.state(self.parameters.all()),
        )
    }

    /// Goes on from the bytes of [`ElmoTagger::checkpoint`], as if there had been no break.
    ///
    /// # Errors
    /// [`TrainError::InvalidCheckpoint`].
    pub fn resume(checkpoint: &[u8]) -> Result<Self> {
        let Unpacked {
            header,
            weights,
            optimizer,
        } = unpack::<Header>(checkpoint)?;
        let invalid = |error: TrainError| TrainError::InvalidCheckpoint(error.to_string());
        Self::restored(header, weights, optimizer).map_err(invalid)
    }

    fn restored(header: Header, weights: Named, state: HashMap<String, Vec<f32>>) -> Result<Self> {
        if header.version != VERSION || header.step > crate::train::settings::MOST_STEPS {
            return Err(TrainError::internal(
                "another version, or a step beyond the last",
            ));
        }
        header.tagger.check()?;
        check_elmo(&header.config)?;
        let files = header.tokenizer_files.into_iter();
        let tokenizer_files: Files = files.map(|(n, text)| (n, text.into_bytes())).collect();
        // It may tell which class the tokenizer is of.
        let mut all = tokenizer_files.clone();
        let config = header.config.to_json().to_string().into_bytes();
        all.insert("config.json".into(), config);
        let tokenizer = open_tokenizer(&all)?;
        tokenizer.check_rows(header.config.vocab_size)?;
        let (mut elmo, mut own) = (Named::new(), Named::new());
        for (name, tensor) in weights {
            match name.strip_prefix(ELMO) {
                Some(name) => elmo.insert(name.into(), tensor),
                None => own.insert(name, tensor),
            };
        }
        let mut parameters = Parameters::given(elmo);
        let reader = Reader {
            elmo: Elmo::new(&header.config, &mut parameters)?,
            config: header.config,
            parameters,
            tokenizer: tokenizer.into(),
            tokenizer_files,
        };
        let given = Parameters::given(own);
        let mut tagger = Self::begin(reader, header.data, header.tagger, given)?;
        let parameters = tagger.parameters.all();
        (tagger.optimizer.restore(parameters, state, header.step))
            .map_err(|name| TrainError::internal(format!("\"{name}\" does not fit")))?;
        tagger.step = header.step;
        Ok(tagger)
    }
}
