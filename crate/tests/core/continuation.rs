//! A generation that is served from elsewhere: by a machine with no caches at all, which knows of each text only what
//! it is told.

use cloze::tasks::{
    Continuation, FinishReason, Forward, GenerationOptions, Generator, Prompt, Step,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::generation::{bench, greedy, Bench};
use super::support::*;

/// Keeps the tokens of each text and reads all of them for each pass.
struct Machine<'a> {
    bench: &'a Bench,
    texts: Vec<Vec<u32>>,
}

impl Machine<'_> {
    fn run(&mut self, forward: &Forward) -> Vec<f32> {
        let parents = forward.parents.iter();
        self.texts = parents.map(|&parent| self.texts[parent].clone()).collect();
        let each = forward.ids.len() / self.texts.len();
        assert!(each == 1 || self.texts.len() == 1, "as Forward promises");
        let mut logits = Vec::new();
        for (text, ids) in self.texts.iter_mut().zip(forward.ids.chunks_exact(each)) {
            text.extend(ids);
            if forward.logits {
                let mut cache = self.bench.model.new_cache().expect("a cache");
                logits.extend(
                    self.bench
                        .model
                        .next_logits(text, &mut cache)
                        .expect("logits"),
                );
            }
        }
        logits
    }
}

const PROMPT: &str = "It is raining today, so";

fn continuation(bench: &Bench, options: &GenerationOptions) -> Continuation {
    let prompt = Prompt::text(&bench.tokenizer, bench.model.generation(), PROMPT);
    let (info, tokenizer) = (bench.model.info(), bench.tokenizer.clone());
    Continuation::new(&info, tokenizer, prompt.expect("tokens"), options).expect("a continuation")
}

/// Tokens, reason and kinds of steps.
fn kind(step: &Step) -> &'static str {
    match step {
        Step::Prefill { .. } => "prefill",
        Step::Search { .. } => "search",
        Step::Token(_) => "token",
        Step::Done { .. } => "done",
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn another_machine_serves_it_as_well() {
    let bench = bench();
    for (num_beams, prefill_chunk, stop) in [(1, 3, ""), (1, 64, "e"), (2, 64, ""), (4, 5, "e")] {
        let options = GenerationOptions {
            num_beams,
            prefill_chunk,
            stop: vec![stop.into()],
            ..greedy(20)
        };
        let mut machine = Machine {
            bench: &bench,
            texts: vec![Vec::new()],
        };
        let mut served = continuation(&bench, &options);
        let (model, tokenizer) = (bench.model.clone(), bench.tokenizer.clone());
        let mut generator = Generator::new(model, tokenizer, PROMPT, options).expect("a generator");
        loop {
            let step = match served.want() {
                Some(forward) => {
                    let logits = machine.run(&forward);
                    served.give(logits)
                }
                None => served.proceed(),
            };
            let (step, expected) = (step.expect("a step"), generator.step().expect("a step"));
            assert_eq!(kind(&step), kind(&expected));
            if let (Step::Token(ours), Step::Token(theirs)) = (&step, &expected) {
                assert_eq!((ours.id, &ours.text), (theirs.id, &theirs.text));
            } else {
                assert_eq!(step, expected);
            }
            if let Step::Done { .. } = step {
                break;
            }
        }
        assert_eq!(served.text(), generator.text());
        assert_eq!(served.generated_ids(), generator.generated_ids());
        assert_eq!(served.want(), None, "it has ended");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_machine_that_has_read_the_beginning_leaves_it_out() {
    let bench = bench();
    let mut whole = continuation(&bench, &greedy(5));
    let prompt = whole.prompt().ids();
    for (skipped, read) in [
        (0, 0),
        (2, 2),
        (prompt.len(), prompt.len() - 1),
        (usize::MAX, prompt.len() - 1),
    ] {
        whole.skip(skipped);
        let forward = whole.want().expect("a pass");
        assert_eq!(forward.ids, &prompt[read..], "{skipped}");
        assert_eq!((forward.parents, forward.logits), (&[0][..], true));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_nobody_asked_for_is_refused() {
    let bench = bench();
    let vocab_size = bench.model.info().vocab_size;
    // Too few logits behind the prompt; logits where a step needs none; a step where logits are needed; no numbers.
    let start = || continuation(&bench, &greedy(5));
    assert_eq!(code(start().give(vec![0.0; vocab_size - 1])), "internal");
    assert_eq!(code(start().give(Vec::new())), "internal");
    assert_eq!(code(start().proceed()), "internal");
    let mut twice = start();
    assert_eq!(
        kind(&twice.give(vec![0.0; vocab_size]).expect("a step")),
        "prefill"
    );
    assert_eq!(code(twice.give(vec![0.0; vocab_size])), "internal");
    let mut damaged = start();
    damaged.give(vec![f32::NAN; vocab_size]).expect("only read");
    assert_eq!(code(damaged.proceed()), "internal");
    // After an error it has ended.
    for mut failed in [twice, damaged] {
        assert_eq!(failed.want(), None);
        let end = failed.proceed().expect("a step");
        let reason = FinishReason::Stop;
        let tail = String::new();
        assert_eq!(end, Step::Done { reason, tail });
    }
}
