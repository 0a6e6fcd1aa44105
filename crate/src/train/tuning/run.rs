//! A run of fine-tuning: steps, checkpoints, and the folder at the end.

use std::cell::RefCell;

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::data::{Split, TuneData};
use super::encode::{encode, Encoded};
use super::folder;
use super::frozen::{dtype, Frozen, MOST_KEPT};
use super::objective::{tuning_loss, Row, TuneBatch, TunedModel};
use super::settings::{TuneSettings, TuneTask, CLIP};
use super::source::{fingerprint_of, learns, open, with_head, Source, HEADS, OUTPUT};
use crate::models::{Model, ModelLoader};
use crate::train::checkpoint::{header, pack, unpack, Unpacked};
use crate::train::error::{Result, TrainError};
use crate::train::files::{FileConfig, Files, ModelFiles};
use crate::train::optimizers::{Optimizer, OptimizerSettings};
use crate::train::parameters::{Named, Parameters};
use crate::train::random::{Purpose, Random};
use crate::train::settings::{MOST_NUMBERS, MOST_STEPS};
use crate::train::step::{descend, At, StepReport};

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

/// What of a checkpoint is no tensor.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    fine_tuning: TuneSettings,
    step: u64,
    fingerprint: u64,
}

/// Of the format: another one is refused.
const VERSION: u32 = 1;
/// Tokens that the frozen layers read in one call.
const TOKENS: usize = 512;

impl FineTuning {
    /// Begins with the files of a model, by their names: a Hugging Face folder, or a GGUF file with its `config.json` and
    /// `tokenizer.json`.
    ///
    /// # Errors
    /// What is wrong with settings or examples, each with a code of its own; what inference says of such files;
    /// [`crate::Error::Unsupported`] for an architecture that is not fine-tuned.
    pub fn new(files: Files, settings: TuneSettings, data: TuneData) -> Result<Self> {
        Self::begin(files, settings, data, None)
    }

    /// Goes on from the bytes of [`FineTuning::checkpoint`], with the files and the examples of that run, as if there had
    /// been no break.
    ///
    /// # Errors
    /// [`TrainError::InvalidCheckpoint`], [`TrainError::OtherData`].
    pub fn resume(checkpoint: &[u8], files: Files, data: TuneData) -> Result<Self> {
        let Unpacked {
            header,
            weights,
            optimizer,
        } = unpack::<Header>(checkpoint)?;
        let invalid = |message: String| TrainError::InvalidCheckpoint(message);
        if header.version != VERSION {
            return Err(invalid(format!("it is of version {}", header.version)));
        }
        if header.fingerprint != fingerprint_of(&files, &data) {
            return Err(TrainError::OtherData);
        }
        let settings = header.fine_tuning;
        settings
            .check()
            .map_err(|error| invalid(error.to_string()))?;
        let mut run = Self::begin(files, settings, data, Some(weights))
            .map_err(|error| invalid(error.to_string()))?;
        let parameters = run.model.parameters().all();
        run.optimizer
            .restore(parameters, optimizer, header.step)
            .map_err(|name| invalid(format!("\"{name}\" does not fit")))?;
        if header.step > MOST_STEPS {
            return Err(invalid(format!(
                "step {} is beyond the last one",
                header.step
            )));
        }
        run.step = header.step;
        Ok(run)
    }

    /// What the run of a checkpoint learns.
    ///
    /// # Errors
    /// [`TrainError::InvalidCheckpoint`].
    pub fn task_of(checkpoint: &[u8]) -> Result<TuneTask> {
        Ok(header::<Header>(checkpoint)?.fine_tuning.task)
    }

    fn begin(
        files: Files,
        settings: TuneSettings,
        data: TuneData,
        weights: Option<Named>,
    ) -> Result<Self> {
        settings.check()?;
        if data.task() != settings.task {
            return Err(TrainError::setting("task", "the examples are of another"));
        }
        data.check()?;
        let whole = open(&files, settings.quantized)?;
        let num_layers = whole.info().num_hidden_layers;
        let first = num_layers.checked_sub(settings.trained_layers);
        let first = first.filter(|&first| first > 0);
        let lm = settings.lm_weight > 0.0;
        let mut read = ModelFiles::read_part(&files, &|name| {
            weights.is_none() && learns(name, first, settings.task)
                || lm && first.is_some() && name == OUTPUT
        })?;
        let labels = data.labels().len();
        let wte = first.and_then(|_| read.weights.remove(OUTPUT));
        let wte = wte.map(|(shape, values)| Tensor::from_vec(values, shape, &Device::Cpu));
        let given = match weights {
            Some(weights) => weights,
            None => with_head(
                std::mem::take(&mut read.weights),
                &read.config,
                (settings.task, labels),
                settings.seed,
            ),
        };
        let model = TunedModel::new(
            &read.config,
            first,
            (settings.task, labels),
            Parameters::given(given),
            wte.transpose()?,
        )?;
        let source = Source::new(read, &whole);
        if lm && !source.reader.last {
            return Err(TrainError::setting("lm_weight", "BERT has no such loss"));
        }
        if lm && source.json["tie_word_embeddings"] == false {
            let message = "the output layer is not the token embedding";
            return Err(TrainError::setting("lm_weight", message));
        }
        let (mut examples, cut) = encode(&data, &source.tokenizer, source.reader)?;
        if let (Some(first), false) = (first, lm) {
            // The head reads one vector of each text, and no layer above mixes it with others.
            if first == num_layers {
                examples.iter_mut().for_each(Encoded::keep_asked);
            }
        }
        let frozen = first.map(|first| Frozen::new(whole, first));
        let mut run = Self {
            fingerprint: fingerprint_of(&files, &data),
            split: Split {
                training: Vec::new(),
                held_out: Vec::new(),
            },
            held_examples: 0,
            optimizer: Optimizer::new(OptimizerSettings::default(), model.parameters().all()),
            settings,
            data,
            files,
            source,
            frozen,
            examples,
            kept: Vec::new(),
            cut,
            model,
            step: 0,
            steps: 0,
            opened: RefCell::default(),
        };
        run.check_sizes()?;
        run.split_examples();
        Ok(run)
    }

    /// All windows of a question are on one side.
    fn split_examples(&mut self) {
        let split = (self.data).split(self.settings.held_out_share, self.settings.seed);
        self.held_examples = split.held_out.len();
        let of = |held: bool| {
            let all = self.examples.iter().enumerate();
            let own = all.filter(|(_, one)| split.held_out.contains(&one.example) == held);
            own.map(|(at, _)| at).collect::<Vec<_>>()
        };
        self.split = Split {
            training: of(false),
            held_out: of(true),
        };
        let batches = self.split.training.len().div_ceil(self.settings.batch_size);
        self.steps = batches as u64 * self.settings.epochs as u64;
    }

    /// Refuses what has no room in memory, before it is computed.
    fn check_sizes(&self) -> Result<()> {
        let info = |config: &FileConfig| match config {
            FileConfig::Bert(c) => (c.num_attention_heads, c.hidden_size, c.intermediate_size, 1),
            FileConfig::Gpt(c) => (c.n_head, c.n_embd, 4 * c.n_embd, c.vocab_size),
            FileConfig::Elmo(c) => (1, c.hidden_size, c.hidden_size, c.vocab_size),
        };
        let (heads, width, inner, vocabulary) = info(&self.source.config);
        let longest = self.examples.iter().map(|one| one.ids.len()).max();
        let rows = self
            .settings
            .batch_size
            .saturating_mul(longest.unwrap_or(0));
        let columns = [
            heads.saturating_mul(longest.unwrap_or(0)),
            inner.max(width),
            if self.settings.lm_weight > 0.0 {
                vocabulary
            } else {
                1
            },
        ];
        let most = columns.into_iter().max().unwrap_or(1);
        if rows.saturating_mul(most) > MOST_NUMBERS {
            let message = format!(
                "with texts of {} tokens a tensor has more than {MOST_NUMBERS} numbers, which is the most",
                longest.unwrap_or(0)
            );
            return Err(TrainError::setting("batch_size", message));
        }
        let tokens: usize = self.examples.iter().map(|one| one.kept_rows()).sum();
        let bytes = 4 * tokens as u64 * width as u64;
        if self.frozen.is_some() && bytes > MOST_KEPT {
            return Err(TrainError::TooMuchToKeep {
                bytes,
                most: MOST_KEPT,
            });
        }
        Ok(())
    }

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

    /// The batch of a step: each epoch has its order, drawn from the seed.
    fn training_batch(&self, step: u64) -> Result<TuneBatch> {
        let (training, size) = (&self.split.training, self.settings.batch_size);
        let batches = training.len().div_ceil(size) as u64;
        let mut random = Random::new(self.settings.seed, Purpose::Order, step / batches);
        let order = random.permutation(training.len());
        let from = (step % batches) as usize * size;
        let chosen = &order[from..training.len().min(from + size)];
        let places: Vec<usize> = chosen.iter().map(|&at| training[at as usize]).collect();
        self.batch(&places)
    }

    /// Does a step; the frozen layers read first what they have not read.
    ///
    /// # Errors
    /// [`TrainError::Diverged`], where nothing has changed.
    pub fn step(&mut self) -> Result<StepReport> {
        self.prepare_all()?;
        let batch = self.training_batch(self.step)?;
        let loss = tuning_loss(&self.model, &batch, self.settings.lm_weight)?;
        let at = At {
            step: self.step,
            clip: CLIP,
            learning_rate: (self.settings.schedule(self.steps)).rate(self.step, self.steps),
        };
        let report = descend(loss, self.model.parameters().all(), &mut self.optimizer, at)?;
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

    /// The model as it is now, as inference runs the folder.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn open(&self) -> Result<Model> {
        let mut opened = self.opened.borrow_mut();
        if let Some((step, model)) = &*opened {
            if *step == self.step {
                return Ok(model.clone());
            }
        }
        // The old one makes room first.
        *opened = None;
        let (config, weights) = self.saved()?;
        let mut loader = ModelLoader::new(Some(&config), dtype(self.settings.quantized))?;
        loader.push(&weights)?;
        let model = loader.finish()?;
        *opened = Some((self.step, model.clone()));
        Ok(model)
    }

    /// `config.json` and `model.safetensors`.
    fn saved(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        let task = self.settings.task;
        let parameters = self.model.parameters().all();
        let learnt = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
        let wanted = |name: &str| folder::is_body(name, task) && !learnt(name);
        let mut weights = ModelFiles::read_part(&self.files, &wanted)?.weights;
        for parameter in parameters {
            let value = (parameter.shape().to_vec(), parameter.values()?);
            weights.insert(parameter.name.clone(), value);
        }
        let half = folder::in_16_bits(&weights);
        let Source { config, json, .. } = &self.source;
        let config = folder::config(config, json, &self.data, half);
        let weights = folder::safetensors(weights, half)?;
        Ok((folder::pretty(&config)?, weights))
    }

    /// The files of the model as it is now: `pipeline(task, folder)` opens them, and transformers' `from_pretrained`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn folder(&self) -> Result<Files> {
        let source = &self.source;
        let mut files = folder::tokenizer(
            &source.config,
            &source.json,
            &source.tokenizer_files,
            &source.tokenizer,
        )?;
        let (config, weights) = self.saved()?;
        files.insert("config.json".into(), config);
        files.insert("model.safetensors".into(), weights);
        Ok(files)
    }

    /// The run as bytes, for [`FineTuning::resume`]: settings, what learns, and what the optimizer remembers.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let parameters = self.model.parameters().all();
        let weights = parameters
            .iter()
            .map(|p| Ok((p.name.clone(), p.shape().to_vec(), p.values()?)))
            .collect::<Result<_>>()?;
        let header = Header {
            version: VERSION,
            fine_tuning: self.settings.clone(),
            step: self.step,
            fingerprint: self.fingerprint,
        };
        pack(&header, weights, self.optimizer.state(parameters))
    }
}
