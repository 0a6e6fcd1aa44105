//! How a run begins: the model's files are read, the examples encoded and split, and what has no room is refused.

use std::cell::RefCell;

use candle_core::{Device, Tensor};

use super::data::{Split, TuneData};
use super::encode::{encode, Encoded};
use super::frozen::{Frozen, MOST_KEPT};
use super::objective::TunedModel;
use super::run::FineTuning;
use super::settings::TuneSettings;
use super::source::{fingerprint_of, learns, open, with_head, Source, OUTPUT};
use crate::train::cost::{Activations, LEARNT, MOST_ACTIVATIONS, REST};
use crate::train::error::{Result, TrainError};
use crate::train::files::{FileConfig, Files, ModelFiles};
use crate::train::optimizers::{Optimizer, OptimizerSettings};
use crate::train::parameters::{Named, Parameters};

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

    pub(super) fn begin(
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
        let activations = activations(&source.config, first, settings.lm_weight, labels);
        let mut run = Self {
            activations,
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
        let width = self.width() as u64;
        let rows: usize = self.examples.iter().map(Encoded::kept_rows).sum();
        let kept = match &self.frozen {
            Some(_) => 4 * rows as u64 * width,
            None => 0,
        };
        if kept > MOST_KEPT {
            return Err(TrainError::TooMuchToKeep {
                bytes: kept,
                most: MOST_KEPT,
            });
        }
        let longest = self.examples.iter().map(Encoded::kept_rows).max();
        let files: usize = self.files.values().map(Vec::len).sum();
        let learnt = LEARNT * self.model.parameters().count() as u64;
        let whole = match &self.frozen {
            Some(_) if self.settings.quantized => REST * self.source.weights as u64,
            Some(_) => 4 * self.source.weights as u64,
            None => 0,
        };
        let fixed = learnt + whole + kept + files as u64;
        self.activations.check(longest.unwrap_or(0), fixed)
    }
}

/// Of the blocks from `first` on, or of all.
fn activations(
    config: &FileConfig,
    first: Option<usize>,
    lm_weight: f32,
    labels: usize,
) -> Activations {
    let (all, width, inner, heads, vocabulary) = match config {
        FileConfig::Bert(c) => (
            c.num_hidden_layers,
            c.hidden_size,
            c.intermediate_size,
            c.num_attention_heads,
            c.vocab_size,
        ),
        FileConfig::Gpt(c) => (
            c.n_layer,
            c.n_embd,
            c.n_inner.unwrap_or(c.n_embd.saturating_mul(4)),
            c.n_head,
            c.vocab_size,
        ),
        FileConfig::Elmo(c) => (
            c.num_hidden_layers,
            c.hidden_size,
            c.hidden_size,
            1,
            c.vocab_size,
        ),
    };
    let language = if lm_weight > 0.0 { vocabulary } else { 0 };
    Activations {
        layers: all.saturating_sub(first.unwrap_or(0)),
        width,
        inner,
        heads,
        logits: labels.max(2).saturating_add(language),
        room: MOST_ACTIVATIONS,
    }
}
