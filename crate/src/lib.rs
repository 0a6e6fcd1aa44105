//! **Cloze**: BERT (masked words, next sentences; fine-tuned, answers, labels of texts and of tokens; vectors), GPT-2
//! (generation, `TL;DR:`) and their kin, with products and formats of [candle](https://docs.rs/candle-core), natively and
//! in the browser as WebAssembly.
//!
//! # A model in three lines
//!
//! [`Pretrained::from_dir`] opens a folder in Hugging Face's layout, or a `.gguf` file that has all of it inside; a method
//! for each task says at once whether the model can do it.
//!
//! ```no_run
//! use cloze::{weights::DType, Pretrained};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bert = Pretrained::from_dir("models/bert", DType::Q8)?;
//! for mask in bert.fill_mask()?.predict("The box was [MASK]: somebody had eaten all the cake.", &Default::default())? {
//!     println!("{}: {:.1} %", mask.candidates[0].token_str, 100.0 * mask.candidates[0].score);
//! }
//!
//! let gpt = Pretrained::from_dir("models/gpt", DType::Q8)?;
//! for token in gpt.generate("Once upon a time", gpt.generation_options()?)? {
//!     print!("{}", token?.text);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The folder `examples` has one program for each task. The default models come with the
//! repository and the npm package `cloze-models`, not with this crate.
//!
//! # The way of the data
//!
//! text → [`text`] (tokens, offsets) → [`models`] (hidden states, logits) → [`tasks`] (what a person asked for) → `wasm`.
//! [`models`] take their parameters from [`weights`] and their arithmetic from [`nn`]; [`tasks`] choose tokens by
//! [`sampling`]. Each arrow points one way: a task never reads a file, a model never knows a tokenizer or a file format, and
//! [`nn`] never knows a model. [`Pretrained`] alone reads files.
//!
//! The first arrow can be tried without any model:
//!
//! ```
//! use cloze::text::{Tokenizer, TokenizerFiles};
//!
//! # fn main() -> Result<(), cloze::Error> {
//! let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nbox\nwas\nempt\n##y\n.";
//! let tokenizer = Tokenizer::from_files(&TokenizerFiles {
//!     vocab_txt: Some(vocabulary.as_bytes()),
//!     ..Default::default()
//! })?;
//! let encoding = tokenizer.encode("The box was empty.", None, true)?;
//! let tokens: Vec<&str> = encoding.tokens.iter().map(|one| one.token.as_str()).collect();
//! assert_eq!(tokens, ["[CLS]", "the", "box", "was", "empt", "##y", ".", "[SEP]"]);
//! // Offsets are UTF-8 bytes of the text.
//! assert_eq!(encoding.tokens[4].range, 12..16);
//! # Ok(())
//! # }
//! ```
//!
//! The last one can be tried without any model, too: [`sampling`] draws from logits.
//!
//! ```
//! use cloze::sampling::log_softmax;
//!
//! let log_probabilities = log_softmax(&[0.0, 3f32.ln()]);
//! assert!((log_probabilities[1].exp() - 0.75).abs() < 1e-6);
//! ```
//!
//! The modules, each of which imports only those before it: [`dtype`] and [`gguf`] (the ground), [`error`], `memory`
//! and [`limits`], [`text`], [`nn`], [`weights`], [`models`], [`sampling`], [`tasks`], [`pretrained`], `border`, `wasm`,
//! `cli`. Which of them may import which stands in `xtask/layers.txt`, and `cargo xtask lint` checks it.
//!
//! # Features
//!
//! One is on by default. Without it remains what reads models and runs them, with BERT's usual tokenizer.
//!
//! | Feature | What it adds |
//! |---|---|
//! | `every-tokenizer` (default) | tokenizers of every kind, in GGUF files too, and chat templates: half the size in wasm |
//! | `wasm` | the surface for JavaScript, in builds for `wasm32-unknown-unknown` |
//! | `threads` | helpers on web workers, in such builds with `+atomics` and shared memory |
//! | `train` | training: GPT, BERT, ELMo, XLNet from a text, fine-tuning from examples |
//! | `cli` | the program `cloze`: every task from the command line, and `cloze replay` |
//!
//! # The same bits
//!
//! With quantised weights, a result is the same bits natively and in every browser: whole numbers are added up block by
//! block, floats are never fused, and elementary functions are those of one library ([`nn::elementary`]). So a run that the
//! playground saved replays to the same bytes. Dense f32 matrices are multiplied by `gemm`, whose sums depend on the
//! processor in the last digits.

#[cfg(any(feature = "wasm", feature = "cli", test))]
#[macro_use]
mod border;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
pub mod dtype;
pub mod error;
pub mod gguf;
pub mod limits;
mod memory;
pub mod models;
pub mod nn;
#[cfg(not(target_arch = "wasm32"))]
pub mod pretrained;
pub mod sampling;
pub mod tasks;
pub mod text;
#[cfg(feature = "train")]
pub mod train;
#[cfg(any(all(target_arch = "wasm32", feature = "wasm"), test))]
pub mod wasm;
pub mod weights;

pub use error::{Error, Result};
#[cfg(not(target_arch = "wasm32"))]
pub use pretrained::{Pretrained, PretrainedError};
