//! Training, beside inference and never inside it (feature `train`): models from new weights, in the page or natively.
//!
//! Forward passes are built on candle's [`Var`](candle_core::Var) and go back by its tape, with operations of our own
//! where plain ones are slow ([`ops`]). A [`Training`] is a text and [`Settings`]: it learns a tokenizer from the text,
//! does one step a call, and every random choice follows from the seed and the number of the step, so that a
//! checkpoint goes on with the same bits. What comes out is a folder with Hugging Face's names, which
//! [`ModelLoader`](crate::models::ModelLoader) and transformers' `from_pretrained` read.
//!
//! Natively, run with `CANDLE_NUM_THREADS=1` in the environment: the products have threads of their own, and those that
//! candle adds up gradients with wait in busy loops (a third of the time on two cores). In wasm candle has none.
//!
//! ```no_run
//! use cloze::train::{Architecture, Settings, Size, Training};
//!
//! # fn main() -> Result<(), cloze::train::TrainError> {
//! # let text = String::new();
//! let mut training = Training::new(Settings::new(Architecture::Gpt, Size::Small), &text)?;
//! while !training.is_over() {
//!     let report = training.step()?;
//!     if report.step % 100 == 0 {
//!         println!("step {}: {:.2}, held out {:.2}", report.step, report.loss, training.evaluate(8)?.loss);
//!     }
//! }
//! for (name, bytes) in training.folder()?.files() {
//!     println!("{name}: {} bytes", bytes.len());
//! }
//! # Ok(())
//! # }
//! ```

pub mod chat;
mod checkpoint;
mod cost;
pub mod data;
mod error;
mod exact_json;
pub mod files;
mod folder;
mod levels;
pub mod models;
pub mod objectives;
pub mod ops;
pub mod optimizers;
pub mod parameters;
pub mod random;
mod schedule;
mod settings;
pub mod showing;
mod shown;
mod step;
pub mod tagger;
mod tokenizer;
mod training;
pub mod tuning;

pub use cost::Cost;
pub use error::{Result, Shown, TrainError};
pub use folder::{Folder, ModelConfig};
pub use levels::Levels;
pub use schedule::Schedule;
pub use settings::{Architecture, BertObjectives, Settings, Size, TokenizerKind};
pub use step::StepReport;
pub use tokenizer::TrainedTokenizer;
pub use training::{Evaluation, Training};
