//! Fine-tuning: a model that has read much learns a task from some examples.
//!
//! BERT's four formats (Devlin et al. 2019, figure 4): a sentence, a pair, each word of a sentence, a span of a text.
//! GPT's classifier on the last token, with the language model as auxiliary loss (Radford et al. 2018, equation 5). The
//! upper layers and the head learn, in f32; the layers below run as inference runs them, once for each example, and what
//! they make of it is kept. What comes out is a folder that the tasks of inference open, and transformers.
//!
//! The files, each knowing only those before it: `settings`, `frozen` (the layers below), `evaluation` → `data` →
//! `objective` (the layers above, and the loss) → `encode` (examples as tokens), `folder` → `source` (the model's files) →
//! `run` (steps) → `begin`, `saved` (checkpoint and folder), `answers` (what it says of texts).

mod answers;
mod begin;
mod data;
mod encode;
mod evaluation;
mod folder;
mod frozen;
mod objective;
mod run;
mod saved;
mod settings;
mod source;

pub use data::{
    QuestionData, QuestionExample, TextData, TextExample, TuneData, WordData, WordExample,
};
pub use evaluation::{exact_match, f1, TuneEvaluation, TunedPrediction};
pub use objective::{tuning_loss, TuneBatch, TuneTarget, TunedModel, WordTarget};
pub use run::{FineTuning, Prepared, TuneInfo};
pub use settings::{TuneSettings, TuneTask};
