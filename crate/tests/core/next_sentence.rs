//! Next sentence and pseudo-perplexity against transformers.

use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;
use super::tasks_bert::{assert_score, bench};

#[wasm_bindgen_test(unsupported = test)]
fn next_sentence_as_transformers_does() {
    let bench = bench();
    let task = bench.next_sentence();
    for case in list(&bench.case.json["next_sentence"]) {
        let result = task
            .compare(text(&case["a"]), text(&case["b"]))
            .expect("a result");
        assert_score("is_next", result.is_next, &case["is_next"]);
        assert_score("not_next", result.not_next, &case["not_next"]);
        assert_eq!(Some(result.tokens as u64), case["tokens"].as_u64());
        assert!((result.is_next + result.not_next - 1.0).abs() < 1e-12);
        assert_eq!(
            result.label(),
            if result.is_next >= 0.5 {
                "isNext"
            } else {
                "notNext"
            }
        );
        assert_eq!(result.score(), result.is_next.max(result.not_next));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn candidates_are_ranked() {
    let bench = bench();
    let task = bench.next_sentence();
    let candidates = [
        "Take an umbrella when you leave.",
        "The quick brown fox jumps over the lazy dog.",
        "paris",
    ];
    let ranked = task
        .rank("It is raining today.", &candidates)
        .expect("a ranking");
    assert!(ranked
        .windows(2)
        .all(|pair| pair[0].result.is_next >= pair[1].result.is_next));
    // In one padded batch as alone.
    for entry in &ranked {
        let alone = task
            .compare("It is raining today.", candidates[entry.index])
            .expect("a result");
        assert_eq!(entry.result.tokens, alone.tokens);
        assert!((entry.result.is_next - alone.is_next).abs() < 1e-6);
    }
    let mut indices: Vec<_> = ranked.iter().map(|entry| entry.index).collect();
    indices.sort_unstable();
    assert_eq!(indices, [0, 1, 2]);
    assert_eq!(
        code(task.rank("It is raining today.", &["fine", " "])),
        "empty_input"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn many_candidates_are_compared_in_batches() {
    let bench = bench();
    let task = bench.next_sentence();
    let candidates: Vec<String> = (0..70).map(|i| "the dog ".repeat(1 + i * 7 % 10)).collect();
    let candidates: Vec<&str> = candidates.iter().map(String::as_str).collect();
    let batches: Vec<_> = task
        .comparisons("london", &candidates)
        .expect("all fit")
        .map(|batch| batch.expect("results"))
        .collect();
    assert!(batches.len() > 2 && batches.iter().all(|batch| (1..=32).contains(&batch.len())));
    let mut seen: Vec<_> = batches.concat().iter().map(|one| one.index).collect();
    seen.sort_unstable();
    assert!(seen.into_iter().eq(0..70));
    assert!(task
        .comparisons("london", &[])
        .expect("nothing")
        .next()
        .is_none());
}

#[wasm_bindgen_test(unsupported = test)]
fn pseudo_perplexity_as_transformers_computes_it() {
    let bench = bench();
    let task = bench.pseudo_perplexity();
    for case in list(&bench.case.json["pseudo_perplexity"]) {
        let mut scoring = task.score(&[text(&case["text"])]).expect("a text");
        assert!(scoring.perplexity(0).is_nan(), "nothing is scored yet");
        let tokens = scoring
            .by_ref()
            .collect::<Result<Vec<_>, _>>()
            .expect("scores")
            .concat();
        assert_eq!(tokens.len(), scoring.tokens());
        assert_eq!(tokens.len(), list(&case["tokens"]).len());
        for (ours, theirs) in tokens.iter().zip(list(&case["tokens"])) {
            assert_eq!(ours.token_str, text(&theirs["token_str"]));
            let spelled = scoring.text(0)[ours.range.clone()].to_lowercase();
            assert_eq!(spelled, ours.token_str.trim_start_matches("##"));
            assert_score(&ours.token_str, ours.judged.log_prob, &theirs["log_prob"]);
        }
        let ratio = scoring.perplexity(0) / case["perplexity"].as_f64().expect("a number");
        assert!((ratio - 1.0).abs() < 1e-5, "{ratio}");
    }
    assert_eq!(code(task.score(&[" "]).map(drop)), "empty_input");
    assert_eq!(
        code(task.score(&[&"the ".repeat(60)]).map(drop)),
        "input_too_long"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_next_sentence_cannot_do_is_said() {
    let bench = bench();
    let task = bench.next_sentence();
    assert_eq!(code(task.compare("", "b")), "empty_input");
    assert_eq!(code(task.compare("a", " \n")), "empty_input");
    let error = task.compare("a", "").expect_err("empty");
    assert!(error.to_string().contains('B'), "says which: {error}");
    assert_eq!(
        code(task.compare(&"the ".repeat(30), &"the ".repeat(30))),
        "input_too_long"
    );
    assert!(task.compare("the", "dog").is_ok(), "and goes on");
}
