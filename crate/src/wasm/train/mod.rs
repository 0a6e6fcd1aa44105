//! Training as JavaScript sees it: classes and functions that only the builds with training have.
//!
//! `results` and `errors` describe once what crosses; `types` writes their TypeScript (`pkg/src/border/training.ts`).

mod elmo_results;
mod errors;
mod results;
mod tuning_results;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod types;

#[cfg(target_arch = "wasm32")]
mod chat;
#[cfg(target_arch = "wasm32")]
mod elmo;
#[cfg(target_arch = "wasm32")]
mod js;
#[cfg(target_arch = "wasm32")]
mod run;
#[cfg(target_arch = "wasm32")]
mod tuning;
