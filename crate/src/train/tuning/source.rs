//! The model that a run begins with, and which of its weights learn.

use std::sync::Arc;

use super::data::TuneData;
use super::encode::Reader;
use super::folder;
use super::frozen::dtype;
use super::settings::TuneTask;
use crate::error::Error;
use crate::models::{Model, ModelLoader};
use crate::text::Tokenizer;
use crate::train::checkpoint::fingerprint;
use crate::train::error::Result;
use crate::train::files::{weight_files, FileConfig, Files, ModelFiles};
use crate::train::models::heads::STD;
use crate::train::parameters::Named;
use crate::train::random::{Purpose, Random};

/// The model that the run began with.
pub(super) struct Source {
    pub config: FileConfig,
    pub json: serde_json::Value,
    pub tokenizer: Arc<Tokenizer>,
    pub tokenizer_files: Files,
    pub num_layers: usize,
    pub weights: usize,
    pub reader: Reader,
}

impl Source {
    pub fn new(read: ModelFiles, model: &Model) -> Self {
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
pub(super) const OUTPUT: &str = "transformer.wte.weight";
/// How the names of the weights begin that fine-tuning adds.
pub(super) const HEADS: [&str; 3] = ["classifier.", "score.", "qa_outputs."];

/// Whether a weight of the files learns: those of the blocks from `first` on, or all, and the pooler and the last norm.
pub(super) fn learns(name: &str, first: Option<usize>, task: TuneTask) -> bool {
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
pub(super) fn with_head(
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
pub(super) fn open(files: &Files, quantized: bool) -> Result<Model> {
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
pub(super) fn fingerprint_of(files: &Files, data: &TuneData) -> u64 {
    let data = serde_json::to_vec(data).unwrap_or_default();
    let all = files
        .iter()
        .flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    all.chain([&data[..]]).fold(0, |hash, bytes| {
        (hash ^ fingerprint(bytes)).wrapping_mul(0x0100_0000_01b3)
    })
}
