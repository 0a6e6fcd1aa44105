//! A run of fine-tuning: steps, evaluation, predictions, checkpoints, and the folder at the end.

use std::cell::RefCell;
use std::sync::Arc;

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::data::{Split, TuneData};
use super::encode::{self, encode, Encoded, Reader};
use super::evaluation::{exact_match, f1, Means, TuneEvaluation, TunedPrediction};
use super::folder;
use super::frozen::{dtype, Frozen, MOST_KEPT};
use super::objective::{tuning_loss, Row, TuneBatch, TuneTarget, TunedModel};
use super::settings::{TuneSettings, TuneTask, CLIP};
use crate::error::{Error, Head};
use crate::models::{Model, ModelLoader};
use crate::sampling::log_softmax;
use crate::tasks::{
    AnswerOptions, AnswerResult, ClassificationResult, Entity, FunctionToApply, QuestionAnswering,
    ScoredLabel, TaggingOptions, TokenClassification,
};
use crate::text::Tokenizer;
use crate::train::checkpoint::{fingerprint, pack, unpack, Unpacked};
use crate::train::error::{Result, TrainError};
use crate::train::files::{weight_files, FileConfig, Files, ModelFiles};
use crate::train::models::heads::STD;
use crate::train::ops;
use crate::train::optimizers::{Optimizer, OptimizerSettings};
use crate::train::parameters::{Named, Parameters};
use crate::train::random::{Purpose, Random};
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
    settings: TuneSettings,
    data: TuneData,
    files: Files,
    /// Of the files and the data.
    fingerprint: u64,
    source: Source,
    frozen: Option<Frozen>,
    examples: Vec<Encoded>,
    /// What the frozen layers made of each of the first examples.
    kept: Vec<Vec<f32>>,
    cut: usize,
    /// Places among the encoded examples.
    split: Split,
    held_examples: usize,
    model: TunedModel,
    optimizer: Optimizer,
    step: u64,
    steps: u64,
    /// The model as inference runs it, after so many steps.
    opened: RefCell<Option<(u64, Model)>>,
}

/// The model that the run began with.
struct Source {
    config: FileConfig,
    json: serde_json::Value,
    tokenizer: Arc<Tokenizer>,
    tokenizer_files: Files,
    num_layers: usize,
    weights: usize,
    reader: Reader,
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
/// Numbers of a tensor of a batch at most, 1 GiB.
const MOST_NUMBERS: usize = 1 << 28;

impl FineTuning {
    /// Begins with the files of a model, by their names: a Hugging Face folder, or a GGUF file with its `config.json` and
    /// `tokenizer.json`.
    ///
    /// # Errors
    /// What is wrong with settings or examples, each with a code of its own; what inference says of such files;
    /// [`Error::Unsupported`] for an architecture that is not fine-tuned.
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
        let mut run = Self::begin(files, settings, data, Some(weights))?;
        let parameters = run.model.parameters().all();
        run.optimizer
            .restore(parameters, optimizer, header.step)
            .map_err(|name| invalid(format!("\"{name}\" does not fit")))?;
        if header.step > run.steps {
            return Err(invalid(format!("step {} is behind the end", header.step)));
        }
        run.step = header.step;
        Ok(run)
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
        let wte = read.weights.remove(OUTPUT).filter(|_| first.is_some());
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
        self.steps = (batches * self.settings.epochs) as u64;
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
        let rows = self.settings.batch_size.saturating_mul(longest.unwrap_or(0));
        let columns = [
            heads.saturating_mul(longest.unwrap_or(0)),
            inner.max(width),
            if self.settings.lm_weight > 0.0 { vocabulary } else { 1 },
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
    /// [`Error::Internal`].
    pub fn prepare(&mut self) -> Result<Prepared> {
        let Some(frozen) = &self.frozen else {
            return Ok(Prepared { done: 0, total: 0 });
        };
        let (done, total) = (self.kept.len(), self.examples.len());
        let (mut count, mut longest) = (0, 0);
        for one in &self.examples[done..] {
            longest = longest.max(one.ids.len());
            if count > 0 && (count + 1) * longest > TOKENS {
                break;
            }
            count += 1;
        }
        let batch = &self.examples[done..done + count];
        let texts: Vec<_> = batch.iter().map(|one| (&*one.ids, &*one.type_ids)).collect();
        let states = frozen.states(&texts)?;
        let width = frozen.width();
        let kept = batch.iter().zip(states).map(|(one, states)| match one.only {
            Some(at) => states[at as usize * width..][..width].to_vec(),
            None => states,
        });
        let kept: Vec<_> = kept.collect();
        self.kept.extend(kept);
        let done = self.kept.len();
        Ok(Prepared { done, total })
    }

    fn prepare_all(&mut self) -> Result<()> {
        while self.frozen.is_some() && self.kept.len() < self.examples.len() {
            self.prepare()?;
        }
        Ok(())
    }

    fn batch(&self, places: &[usize]) -> Result<TuneBatch> {
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

    fn width(&self) -> usize {
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
        for places in self.split.held_out.chunks(self.settings.batch_size) {
            let batch = self.batch(places)?;
            means.add(tuning_loss(&self.model, &batch, self.settings.lm_weight)?.parts);
            if labels > 0 {
                let logits = self.model.logits(&batch)?;
                self.predict_labels(places, &logits, &mut confusion, &mut predictions)?;
            }
        }
        let parts = means.parts();
        let weight = |name| if name == "lm" { self.settings.lm_weight.into() } else { 1.0 };
        let mut evaluation = TuneEvaluation {
            step: self.step,
            loss: (parts.iter()).map(|part| weight(part.name) * f64::from(part.loss)).sum(),
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

    /// The model as it is now, as inference runs the folder.
    ///
    /// # Errors
    /// [`Error::Internal`].
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
        let read = ModelFiles::read_part(&self.files, &|name| !learnt(name))?;
        let mut weights = folder::body(read.weights, task);
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
    /// [`Error::Internal`].
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
    /// [`Error::Internal`].
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

impl Source {
    fn new(read: ModelFiles, model: &Model) -> Self {
        let info = model.info();
        let last = matches!(read.config, FileConfig::Gpt(_));
        Self {
            reader: Reader {
                most: info.max_position_embeddings,
                last,
                pad: folder::pad_token(&read.json).filter(|_| last),
            },
            num_layers: info.num_hidden_layers,
            weights: info.size.parameters,
            config: read.config,
            json: read.json,
            tokenizer: read.tokenizer,
            tokenizer_files: read.tokenizer_files,
        }
    }
}

/// GPT's table of tokens, which is its output layer as well.
const OUTPUT: &str = "transformer.wte.weight";
/// How the names of the weights begin that fine-tuning adds.
const HEADS: [&str; 3] = ["classifier.", "score.", "qa_outputs."];

/// Whether a weight of the files learns: those of the blocks from `first` on, or all, and the pooler and the last norm.
fn learns(name: &str, first: Option<usize>, task: TuneTask) -> bool {
    let blocks = ["bert.encoder.layer.", "transformer.h."];
    let number = blocks.iter().find_map(|block| {
        let (number, _) = name.strip_prefix(block)?.split_once('.')?;
        number.parse::<usize>().ok()
    });
    if let Some(number) = number {
        return number >= first.unwrap_or(0);
    }
    if name.starts_with("bert.pooler.") {
        return task == TuneTask::TextClassification;
    }
    let below = ["bert.embeddings.", "transformer.w"];
    name.starts_with("transformer.ln_f.")
        || first.is_none() && below.iter().any(|begin| name.starts_with(begin))
}

/// The weights of a new head, drawn from the seed, beside those of the files; a pooler too where the files have none.
fn with_head(
    mut weights: Named,
    config: &FileConfig,
    (task, labels): (TuneTask, usize),
    seed: u64,
) -> Named {
    let (size, bert) = match config {
        FileConfig::Bert(config) => (config.hidden_size, true),
        FileConfig::Gpt(config) => (config.n_embd, false),
        FileConfig::Elmo(config) => (config.hidden_size, false),
    };
    let mut add = |number, name: &str, [outputs, inputs]: [usize; 2], bias: bool| {
        if weights.contains_key(&format!("{name}.weight")) {
            return;
        }
        let mut random = Random::new(seed, Purpose::Weights, number);
        let values = (0..outputs * inputs).map(|_| STD * random.normal());
        let value = (vec![outputs, inputs], values.collect());
        weights.insert(format!("{name}.weight"), value);
        if bias {
            let zeros = (vec![outputs], vec![0.0; outputs]);
            weights.insert(format!("{name}.bias"), zeros);
        }
    };
    match (bert, task) {
        (false, _) => add(0, "score", [labels, size], false),
        (true, TuneTask::TextClassification) => {
            add(0, "classifier", [labels, size], true);
            add(1, "bert.pooler.dense", [size, size], true);
        }
        (true, TuneTask::TokenClassification) => add(0, "classifier", [labels, size], true),
        (true, TuneTask::QuestionAnswering) => add(0, "qa_outputs", [2, size], true),
    }
    weights
}

/// The model as inference runs it.
fn open(files: &Files, quantized: bool) -> Result<Model> {
    let config = files.get("config.json").map(Vec::as_slice);
    let mut loader = ModelLoader::new(config, dtype(quantized))?;
    for name in weight_files(files)? {
        let missing = || Error::InvalidWeights(format!("the file \"{name}\" is not there"));
        loader.push(files.get(&name).ok_or_else(missing)?)?;
        loader.end_file()?;
    }
    Ok(loader.finish()?)
}

/// Of the examples and all files: whether they are the same ones.
fn fingerprint_of(files: &Files, data: &TuneData) -> u64 {
    let data = serde_json::to_vec(data).unwrap_or_default();
    let all = files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    all.chain([&data[..]]).fold(0, |hash, bytes| {
        (hash ^ fingerprint(bytes)).wrapping_mul(0x0100_0000_01b3)
    })
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
