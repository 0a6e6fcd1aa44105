//! Sampling against transformers' logits processors.

use cloze::sampling::{log_softmax, top, Sampler, SamplingOptions};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

fn options(settings: &Value) -> SamplingOptions {
    let number = |key: &str| settings[key].as_f64().expect("a number");
    SamplingOptions {
        do_sample: true,
        temperature: number("temperature"),
        top_k: number("top_k") as usize,
        top_p: number("top_p"),
        min_p: number("min_p"),
        repetition_penalty: number("repetition_penalty"),
        no_repeat_ngram_size: number("no_repeat_ngram_size") as usize,
        seed: 1,
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn distributions_are_those_of_transformers() {
    let json: Value = serde_json::from_str(fixture!("sampling.json")).expect("JSON");
    let previous = ids(&json["previous"]);
    for case in list(&json["cases"]) {
        let what = format!("{}, {}", case["logits"], case["settings"]);
        let logits = floats(&json["logits"][text(&case["logits"])]);
        let sampler = Sampler::new(options(&case["settings"])).expect("good options");
        let kept = sampler
            .distribution(&logits, &previous)
            .expect("a distribution");
        // Tokens of a probability that f32 rounds to nothing are not in the fixture.
        let kept: Vec<_> = kept
            .into_iter()
            .filter(|token| token.probability > 1e-37)
            .collect();
        assert_eq!(Some(kept.len() as u64), case["kept"].as_u64(), "{what}");
        let total: f64 = kept.iter().map(|token| token.probability).sum();
        assert!((total - 1.0).abs() < 1e-9, "{what}: adds up to {total}");
        assert!(
            kept.windows(2)
                .all(|pair| pair[0].probability >= pair[1].probability),
            "{what}: sorted"
        );
        for entry in list(&case["entries"]) {
            let (id, expected) = (
                entry[0].as_u64().expect("an id") as u32,
                entry[1].as_f64().expect("a number"),
            );
            let ours = kept
                .iter()
                .find(|token| token.id == id)
                .unwrap_or_else(|| panic!("{what}: {id} is missing"));
            assert!(
                (ours.probability - expected).abs() < 2e-6,
                "{what}, {id}: {} for {expected}",
                ours.probability
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn draws_follow_the_distribution() {
    let logits = [2.0, 1.0, 0.0, -1.0, f32::NEG_INFINITY];
    let mut sampler = Sampler::new(SamplingOptions {
        top_k: 0,
        seed: 7,
        ..Default::default()
    })
    .expect("good options");
    let expected = sampler.distribution(&logits, &[]).expect("a distribution");
    let draws = 20_000;
    let mut counts = [0u32; 5];
    for _ in 0..draws {
        counts[sampler.sample(&logits, &[]).expect("a token") as usize] += 1;
    }
    assert_eq!(counts[4], 0);
    for token in expected {
        let (share, p) = (
            counts[token.id as usize] as f64 / draws as f64,
            token.probability,
        );
        // Five standard deviations of a binomial.
        assert!(
            (share - p).abs() < 5.0 * (p * (1.0 - p) / draws as f64).sqrt(),
            "{share} for {p}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_seed_is_a_sequence() {
    let logits: Vec<f32> = (0..50).map(|i| (i as f32 * 0.7).sin() * 3.0).collect();
    let draw = |seed: u64| -> Vec<u32> {
        let mut sampler = Sampler::new(SamplingOptions {
            seed,
            ..Default::default()
        })
        .expect("good options");
        (0..20)
            .map(|_| sampler.sample(&logits, &[]).expect("a token"))
            .collect()
    };
    assert_eq!(draw(3), draw(3));
    assert_ne!(draw(3), draw(4));
    // The largest number JavaScript counts exactly.
    assert_eq!(draw((1 << 53) - 1).len(), 20);
}

#[wasm_bindgen_test(unsupported = test)]
fn greedy_takes_the_first_of_equals() {
    let mut sampler = Sampler::new(SamplingOptions {
        do_sample: false,
        ..Default::default()
    })
    .expect("good options");
    assert_eq!(
        sampler.sample(&[0.0, 3.0, 1.0, 3.0], &[]).expect("a token"),
        1
    );
    assert_eq!(
        sampler
            .sample(&[f32::NAN, 1.0, f32::NAN, 2.0], &[])
            .expect("a token"),
        3
    );
    assert_eq!(
        sampler
            .sample(&[f32::NEG_INFINITY, -1e30], &[])
            .expect("a token"),
        1
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn penalty_counts_a_token_once() {
    let mut options = SamplingOptions {
        do_sample: false,
        repetition_penalty: 1.5,
        ..Default::default()
    };
    let mut sampler = Sampler::new(options.clone()).expect("good options");
    // 3 / 1.5 = 2 stays above 1.9; divided twice it would not.
    assert_eq!(sampler.sample(&[3.0, 1.9], &[0, 0, 0]).expect("a token"), 0);
    assert_eq!(sampler.sample(&[3.0, 2.1], &[0, 0, 0]).expect("a token"), 1);
    assert_eq!(
        sampler.sample(&[-1.0, -1.4], &[0]).expect("a token"),
        1,
        "negative logits are multiplied"
    );
    assert_eq!(
        sampler.sample(&[1.0, 0.5], &[99]).expect("a token"),
        0,
        "ids beyond the vocabulary do no harm"
    );
    options.repetition_penalty = 0.5;
    assert_eq!(
        Sampler::new(options)
            .expect("good options")
            .sample(&[1.0, 1.5], &[0])
            .expect("a token"),
        0
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn options_out_of_range_are_named() {
    let bad = |change: fn(&mut SamplingOptions, f64), values: &[f64], name: &str| {
        for &value in values {
            let mut options = SamplingOptions::default();
            change(&mut options, value);
            let error = Sampler::new(options)
                .err()
                .unwrap_or_else(|| panic!("{name} = {value} was taken"));
            assert!(
                error.code() == "invalid_option" && error.to_string().contains(name),
                "{name} = {value}: {error}"
            );
        }
    };
    let (nan, infinity) = (f64::NAN, f64::INFINITY);
    bad(
        |o, v| o.temperature = v,
        &[0.0, -1.0, nan, infinity],
        "temperature",
    );
    bad(|o, v| o.top_p = v, &[-0.1, 1.1, nan, infinity], "top_p");
    bad(|o, v| o.min_p = v, &[-0.1, 1.1, nan, infinity], "min_p");
    bad(
        |o, v| o.repetition_penalty = v,
        &[0.0, -1.0, nan, infinity],
        "repetition_penalty",
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn logits_that_are_no_numbers() {
    let mut sampler = Sampler::new(SamplingOptions::default()).expect("good options");
    for logits in [
        vec![],
        vec![f32::NAN; 5],
        vec![f32::NEG_INFINITY; 5],
        vec![f32::INFINITY, 1.0],
        vec![f32::NAN, 1.0],
    ] {
        // An error or a token of the vocabulary; never a panic.
        match sampler.sample(&logits, &[0]) {
            Ok(token) => assert!((token as usize) < logits.len(), "{logits:?}"),
            Err(error) => assert_eq!(error.code(), "internal", "{logits:?}"),
        }
    }
    for options in [
        SamplingOptions {
            temperature: 1e-300,
            ..Default::default()
        },
        SamplingOptions {
            temperature: 1e300,
            ..Default::default()
        },
        SamplingOptions {
            top_k: usize::MAX,
            ..Default::default()
        },
        SamplingOptions {
            top_p: f64::MIN_POSITIVE,
            ..Default::default()
        },
        SamplingOptions {
            repetition_penalty: 100.0,
            ..Default::default()
        },
    ] {
        // Extremes are refused, or they choose a token all the same.
        let sampler = Sampler::new(options.clone());
        match sampler.and_then(|mut sampler| sampler.sample(&[1.0, 2.0, -3.0], &[0, 2])) {
            Ok(token) => assert!(token < 3, "{options:?}"),
            Err(error) => assert_eq!(error.code(), "invalid_option", "{options:?}"),
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn log_probabilities_and_the_best_of_them() {
    let scores = log_softmax(&[1000.0, 1001.0, 999.0]);
    let total: f64 = scores.iter().map(|score| score.exp()).sum();
    assert!((total - 1.0).abs() < 1e-12);
    let ids = |count| {
        top(&scores, count)
            .iter()
            .map(|(id, _)| *id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (ids(0), ids(2), ids(99)),
        (vec![], vec![1, 0], vec![1, 0, 2])
    );
    assert_eq!(
        top(&[0.5, 0.5, 0.5], 2)
            .iter()
            .map(|(id, _)| *id)
            .collect::<Vec<_>>(),
        [0, 1]
    );
    assert!(top::<f64>(&[], 3).is_empty());
}
