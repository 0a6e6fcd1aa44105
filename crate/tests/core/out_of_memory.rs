//! A text that outgrows the memory: what was written is still there, and the next text can be.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;

use cloze::models::{Decoder, Embedded, GenerationConfig, ModelInfo, Observer, Past};
use cloze::nn::{Embedding, KvCache};
use cloze::tasks::{Generator, Step};
use cloze::Error;
use wasm_bindgen_test::wasm_bindgen_test;

use super::generation::{bench, greedy};
use super::support::*;

/// A model that has memory for so many passes.
struct Short(Arc<dyn Decoder>, AtomicUsize);

impl Decoder for Short {
    fn info(&self) -> ModelInfo {
        self.0.info()
    }

    fn generation(&self) -> &GenerationConfig {
        self.0.generation()
    }

    fn new_cache_of(&self, positions: usize) -> Result<KvCache, Error> {
        self.0.new_cache_of(positions)
    }

    fn run(&self, ids: &[u32], past: Past, observe: &mut dyn Observer) -> Result<Vec<f32>, Error> {
        let left = self
            .1
            .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1));
        match left {
            Ok(_) => self.0.run(ids, past, observe),
            Err(_) => Err(Error::OutOfMemory {
                what: "the keys and values of the context".into(),
                bytes: 1 << 30,
                model: None,
            }),
        }
    }

    fn lm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>, Error> {
        self.0.lm_head(hidden_states)
    }

    fn embed(&self, ids: &[u32]) -> Result<Embedded, Error> {
        self.0.embed(ids)
    }

    fn word_embeddings(&self) -> &Embedding {
        self.0.word_embeddings()
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_was_written_is_still_there() {
    let bench = bench();
    let case = &bench.cases()[0];
    let whole = bench.run(text(&case["prompt"]), greedy(40));
    for num_beams in [1, 3] {
        let short = Arc::new(Short(bench.model.clone(), AtomicUsize::new(8)));
        let mut options = greedy(40);
        options.num_beams = num_beams;
        let tokenizer = bench.tokenizer.clone();
        let generator = Generator::new(short, tokenizer, text(&case["prompt"]), options);
        let mut generator = generator.expect("a generator");
        let error = loop {
            match generator.step() {
                Ok(Step::Done { .. }) => panic!("there was memory"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.code(), "out_of_memory");
        if num_beams == 1 {
            assert_eq!(generator.generated_ids(), &whole.ids[..8]);
            assert!(!generator.text().is_empty() && whole.text.starts_with(generator.text()));
        }
        assert!(
            matches!(generator.step(), Ok(Step::Done { .. })),
            "it has ended"
        );
        assert!(generator.keep_prefix().is_ok());
    }
}

/// The length that is asked for takes no memory.
#[wasm_bindgen_test(unsupported = test)]
fn a_length_beyond_all_memory_is_no_error() {
    let bench = bench();
    let run = bench.run(text(&bench.cases()[0]["prompt"]), greedy(usize::MAX));
    assert!(run.ids.len() < bench.model.info().max_position_embeddings);
}
