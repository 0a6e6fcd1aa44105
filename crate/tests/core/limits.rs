//! The table of limits against what the tasks refuse: exactly what lies outside of it.

use std::sync::Arc;

use cloze::limits::{
    fill_mask, generation, inspect, masking, question_answering, summary, text_classification,
    token_classification, Limit,
};
use cloze::tasks::{
    AnswerOptions, ClassificationOptions, FillMask, FillMaskOptions, GenerationOptions, Generator,
    Inspect, JointOptions, JointOrder, Masking, MaskingOptions, QuestionAnswering, Summarizer,
    SummaryOptions, TaggingOptions, TextClassification, TokenClassification,
};
use cloze::weights::DType;
use cloze::Error;
use wasm_bindgen_test::wasm_bindgen_test;

use super::generation::{bench, greedy, Bench};
use super::support::*;
use super::tokenization::word_piece;

/// Numbers at, beside and far from both ends.
fn probes(limit: &Limit) -> Vec<f64> {
    let step = if limit.whole { 1.0 } else { 1e-9 };
    let ends = [limit.min, limit.max]
        .into_iter()
        .filter(|end| end.is_finite());
    let beside = ends.flat_map(|end| [end - step, end, end + step]);
    let far = [-1e9, -1.0, 0.0, 1.0, 3.0, 1e9, limit.default];
    let numbers = beside.chain(far);
    if limit.whole {
        // The core counts in `usize`.
        numbers.filter(|&number| number >= 0.0).collect()
    } else {
        let never = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        numbers.chain(never).collect()
    }
}

/// Whether `refused` names the option of `limit` for the numbers outside of it, and for no other.
fn agrees(limit: &Limit, refused: impl Fn(f64) -> Option<Error>) {
    for number in probes(limit) {
        match refused(number) {
            Some(Error::InvalidOption { option, .. }) if option == limit.name => {
                assert!(!limit.allows(number), "{option} of {number} is refused");
            }
            Some(error) => panic!("{} of {number}: {error}", limit.name),
            None => assert!(limit.allows(number), "{} of {number} is taken", limit.name),
        }
    }
}

fn with(name: &str, number: f64) -> GenerationOptions {
    let mut options = greedy(3);
    let count = number as usize;
    match name {
        "max_new_tokens" => options.max_new_tokens = count,
        "max_length" => options.max_length = Some(count),
        "min_new_tokens" => (options.min_new_tokens, options.max_new_tokens) = (count, usize::MAX),
        "min_length" => (options.min_length, options.max_new_tokens) = (count, usize::MAX),
        "temperature" => options.sampling.temperature = number,
        "top_k" => options.sampling.top_k = count,
        "top_p" => options.sampling.top_p = number,
        "min_p" => options.sampling.min_p = number,
        "repetition_penalty" => options.sampling.repetition_penalty = number,
        "no_repeat_ngram_size" => options.sampling.no_repeat_ngram_size = count,
        "num_beams" => options.num_beams = count,
        "length_penalty" => options.length_penalty = number,
        "top_logprobs" => options.top_logprobs = count,
        "prefill_chunk" => options.prefill_chunk = count,
        other => panic!("a test of {other} is missing"),
    }
    options
}

#[wasm_bindgen_test(unsupported = test)]
fn generation_refuses_what_the_table_does() {
    let Bench {
        model, tokenizer, ..
    } = bench();
    for limit in generation::ALL {
        // A `u64` here: its end is that of JavaScript's numbers.
        if *limit == generation::SEED {
            continue;
        }
        agrees(limit, |number| {
            let options = with(limit.name, number);
            Generator::new(model.clone(), tokenizer.clone(), "the", options).err()
        });
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn fill_mask_refuses_what_the_table_does() {
    let case = Case::new(fixture!("tasks/bert.json"));
    let model = case.model(DType::F32).into_encoder().expect("a BERT");
    let task = Arc::new(FillMask::new(model, Arc::new(word_piece(false))).expect("a task"));
    let [limit] = fill_mask::ALL else {
        panic!("a test of a new option is missing");
    };
    agrees(limit, |number| {
        let options = FillMaskOptions {
            top_k: number as usize,
            ..Default::default()
        };
        task.predict("the [MASK]", &options).err()
    });
    agrees(limit, |number| {
        task.joint(
            "the [MASK]",
            JointOptions::new(JointOrder::LeftToRight, number as usize),
        )
        .err()
    });
}

/// A task of a head, on the fixture that has it.
macro_rules! task_of {
    ($task:ident, $fixture:literal) => {{
        let model = Case::new(fixture!($fixture)).model(DType::F32);
        $task::new(model, Arc::new(word_piece(false))).expect("a task")
    }};
}

/// What was refused because of an option.
fn of_option<T>(result: Result<T, Error>) -> Option<Error> {
    let error = result.err();
    error.filter(|error| matches!(error, Error::InvalidOption { .. }))
}

#[wasm_bindgen_test(unsupported = test)]
fn questions_refuse_what_the_table_does() {
    let task = Arc::new(task_of!(QuestionAnswering, "heads/bert-qa.json"));
    for limit in question_answering::ALL {
        agrees(limit, |number| {
            let (count, mut options) = (number as usize, AnswerOptions::default());
            match limit.name {
                "top_k" => options.top_k = count,
                "doc_stride" => options.doc_stride = Some(count),
                "max_answer_len" => options.max_answer_len = count,
                "max_question_len" => options.max_question_len = count,
                "max_seq_len" => options.max_seq_len = count,
                other => panic!("a test of {other} is missing"),
            }
            of_option(task.answer("where?", "in paris", options))
        });
    }
    let given = AnswerOptions::default();
    for (given, limit) in [
        (given.top_k, question_answering::TOP_K),
        (given.max_answer_len, question_answering::MAX_ANSWER_LEN),
        (given.max_question_len, question_answering::MAX_QUESTION_LEN),
        (given.max_seq_len, question_answering::MAX_SEQ_LEN),
    ] {
        assert_eq!(given, limit.default_count(), "{}", limit.name);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn classifiers_refuse_what_the_table_does() {
    let task = task_of!(TextClassification, "heads/bert-sequence.json");
    let given = ClassificationOptions::default();
    assert_eq!(given.top_k, text_classification::TOP_K.default_count());
    agrees(&text_classification::TOP_K, |number| {
        let options = ClassificationOptions {
            top_k: number as usize,
            ..given.clone()
        };
        of_option(task.classify("in paris", None, &options))
    });
    let task = Arc::new(task_of!(TokenClassification, "heads/bert-token.json"));
    agrees(&token_classification::STRIDE, |number| {
        let options = TaggingOptions {
            stride: Some(number as usize),
            ..Default::default()
        };
        of_option(task.tag("in paris", options))
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn looking_inside_refuses_what_the_table_does() {
    let case = Case::new(fixture!("tasks/bert.json"));
    let inspect = Inspect::new(case.model(DType::F32), Arc::new(word_piece(false)));
    let inspect = Arc::new(inspect);
    let text = inspect.encode("the rain", None).expect("a text");
    for limit in inspect::ALL {
        // The last layer is the model's.
        let limit = match limit.name {
            "layer" => limit.at_most((case.size("num_hidden_layers") - 1) as f64),
            _ => *limit,
        };
        agrees(&limit, |number| {
            let number = number as usize;
            match limit.name {
                "layer" => inspect.attentions(&text, number).err(),
                "size" => inspect.attention_heads(&text, number).err(),
                "top_k" => inspect.logit_lens(&text, number).err(),
                "count" => inspect.nearest_tokens(&[5], number).err(),
                other => panic!("a test of {other} is missing"),
            }
        });
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn masking_refuses_what_the_table_does() {
    let case = Case::new(fixture!("tasks/bert.json"));
    let model = case.model(DType::F32).into_encoder().expect("a BERT");
    let task = Masking::new(model, Arc::new(word_piece(false))).expect("a task");
    let [share, seed] = masking::ALL else {
        panic!("a test of a new option is missing");
    };
    // A `u64` here: its end is that of JavaScript's numbers.
    assert_eq!(*seed, masking::SEED);
    agrees(share, |mlm_probability| {
        let options = MaskingOptions {
            mlm_probability,
            ..Default::default()
        };
        task.mask("the rain", None, &options).err()
    });
    let defaults = MaskingOptions::default();
    assert_eq!(defaults.mlm_probability, share.default);
    assert_eq!(defaults.seed as f64, seed.default);
}

#[wasm_bindgen_test(unsupported = test)]
fn summaries_refuse_what_the_table_does() {
    let Bench {
        model, tokenizer, ..
    } = bench();
    let task = Summarizer::new(model, tokenizer);
    agrees(&summary::SENTENCES, |number| {
        let options = SummaryOptions {
            sentences: number as usize,
            generation: greedy(3),
            ..Default::default()
        };
        task.plan("the rain", &options).err()
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn defaults_are_those_of_the_table() {
    let (given, short) = (GenerationOptions::default(), SummaryOptions::default());
    let sampling = &given.sampling;
    let of_generation = |name: &str| match name {
        "max_new_tokens" => given.max_new_tokens as f64,
        // Without it `max_new_tokens` holds.
        "max_length" => given.max_length.unwrap_or(given.max_new_tokens) as f64,
        "min_new_tokens" => given.min_new_tokens as f64,
        "min_length" => given.min_length as f64,
        "temperature" => sampling.temperature,
        "top_k" => sampling.top_k as f64,
        "top_p" => sampling.top_p,
        "min_p" => sampling.min_p,
        "repetition_penalty" => sampling.repetition_penalty,
        "no_repeat_ngram_size" => sampling.no_repeat_ngram_size as f64,
        "num_beams" => given.num_beams as f64,
        "length_penalty" => given.length_penalty,
        "seed" => sampling.seed as f64,
        "top_logprobs" => given.top_logprobs as f64,
        "prefill_chunk" => given.prefill_chunk as f64,
        other => panic!("a test of {other} is missing"),
    };
    for limit in generation::ALL {
        assert_eq!(of_generation(limit.name), limit.default, "{}", limit.name);
    }
    for limit in summary::ALL {
        let default = match limit.name {
            "sentences" => short.sentences,
            "max_new_tokens" => short.generation.max_new_tokens,
            "top_k" => short.generation.sampling.top_k,
            other => panic!("a test of {other} is missing"),
        };
        assert_eq!(default, limit.default_count(), "{}", limit.name);
    }
    let top_k = FillMaskOptions::default().top_k;
    assert_eq!(top_k, fill_mask::TOP_K.default_count());
    assert_eq!(top_k, JointOptions::default().top_k);
}
