//! **Cloze**: BERT (masked words, next sentences; fine-tuned, answers, labels of texts and of tokens; vectors), GPT-2
//! (generation, `TL;DR:`) and their kin, with products and formats of [candle](https://docs.rs/candle-core), natively and
//! in the browser as WebAssembly.
//!
//! The way of the data: text → [`text`] (tokens, offsets) → [`models`] (hidden states, logits) → [`tasks`] (what a
//! person asked for) → `wasm`. [`models`] take their parameters from [`weights`] and their arithmetic from [`nn`];
//! [`tasks`] choose tokens by [`sampling`].
//!
//! The modules, each of which imports only those before it: [`dtype`] and [`gguf`] (the ground), [`error`], `memory`
//! and [`limits`], [`text`], [`nn`], [`weights`], [`models`], [`sampling`], [`tasks`], `wasm`. Which of them may import
//! which stands in `xtask/layers.txt`, and `cargo xtask lint` checks it.
//!
//! ```no_run
//! use std::{fs, sync::Arc};
//! use cloze::{models::ModelLoader, tasks::FillMask, text::{Tokenizer, TokenizerFiles}, weights::DType};
//!
//! # fn main() -> Result<(), cloze::Error> {
//! # let read = |name: &str| fs::read(format!("models/bert/{name}")).unwrap();
//! let mut loader = ModelLoader::new(Some(&read("config.json")), DType::Q8)?;
//! loader.push(&read("model.gguf"))?;
//! let bert = loader.finish()?.into_encoder()?;
//! let tokenizer = Arc::new(Tokenizer::from_files(&TokenizerFiles {
//!     tokenizer: Some(&read("tokenizer.json")),
//!     ..Default::default()
//! })?);
//! let fill_mask = FillMask::new(bert, tokenizer)?;
//! for mask in fill_mask.predict("The box was [MASK]: somebody had eaten all the cake.", &Default::default())? {
//!     println!("{}: {:.1} %", mask.candidates[0].token_str, 100.0 * mask.candidates[0].score);
//! }
//! # Ok(())
//! # }
//! ```

pub mod dtype;
pub mod error;
pub mod gguf;
pub mod limits;
mod memory;
pub mod models;
pub mod nn;
pub mod sampling;
pub mod tasks;
pub mod text;
#[cfg(feature = "train")]
pub mod train;
#[cfg(any(target_arch = "wasm32", test))]
pub mod wasm;
pub mod weights;

pub use error::{Error, Result};
