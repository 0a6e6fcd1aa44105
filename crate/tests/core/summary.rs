//! TL;DR: what is read, what is left out, and that it is said.

use cloze::tasks::{Generator, Part, Step, Summarizer, SummaryOptions, SummaryPlan};
use cloze::text::first_sentences;
use wasm_bindgen_test::wasm_bindgen_test;

use super::generation::{bench, greedy, Bench};
use super::support::*;

fn options(max_new_tokens: usize, truncation: Part) -> SummaryOptions {
    SummaryOptions {
        truncation,
        generation: greedy(max_new_tokens),
        ..Default::default()
    }
}

fn summarizer(bench: &Bench) -> Summarizer {
    Summarizer::new(bench.model.clone(), bench.tokenizer.clone())
}

const DOCUMENT: &str = "It is raining today. \u{1f600} The caf\u{e9} near the river is closed, and she said that he \
    would go to the city with his mother. \u{6771}\u{4eac}! Will the sun shine again tomorrow? Nobody knows.";

#[wasm_bindgen_test(unsupported = test)]
fn defaults_are_the_papers() {
    let options = SummaryOptions::default();
    assert_eq!((options.cue, options.sentences), (None, 3));
    assert_eq!(
        (
            options.generation.max_new_tokens,
            options.generation.sampling.top_k
        ),
        (100, 2)
    );
    assert!(options.generation.sampling.do_sample);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_short_document_is_read_whole() {
    let bench = bench();
    let plan = summarizer(&bench)
        .plan("It is raining today.\n", &options(20, Part::Tail))
        .expect("a plan");
    assert_eq!(plan.prompt, "It is raining today.\nTL;DR:");
    assert_eq!(plan.left_out, None);
    assert_eq!(plan.context, bench.case.size("n_positions"));
    let count = |text: &str| {
        bench
            .tokenizer
            .encode(text, None, false)
            .expect("tokens")
            .len()
    };
    assert_eq!(
        (plan.prompt_tokens, plan.cue_tokens),
        (count(&plan.prompt), count("\nTL;DR:"))
    );
    assert_eq!(
        (plan.document_tokens, plan.budget),
        (
            count("It is raining today."),
            plan.context - 20 - plan.cue_tokens
        )
    );
}

fn assert_left_out(
    bench: &Bench,
    document: &str,
    max_new_tokens: usize,
    part: Part,
) -> SummaryPlan {
    let what = format!("{} bytes, {max_new_tokens}, {part:?}", document.len());
    let plan = summarizer(bench)
        .plan(document, &options(max_new_tokens, part))
        .expect("a plan");
    let tokens = bench
        .tokenizer
        .encode(&plan.prompt, None, true)
        .expect("tokens")
        .len();
    assert_eq!(
        plan.prompt_tokens, tokens,
        "{what}: counted on the prompt itself"
    );
    assert!(
        tokens + max_new_tokens <= plan.context,
        "{what}: {tokens} tokens"
    );
    let left_out = plan
        .left_out
        .clone()
        .unwrap_or_else(|| panic!("{what}: said that nothing is left out"));
    assert_eq!(left_out.part, part, "{what}");
    assert!(
        left_out.tokens > 0 && left_out.tokens <= plan.document_tokens,
        "{what}"
    );
    // What is kept stands in the prompt as it stood in the document.
    let (before, after) = (
        &document[..left_out.range.start],
        &document[left_out.range.end..],
    );
    assert!(plan.prompt.starts_with(before.trim_end()), "{what}");
    let kept = plan
        .prompt
        .strip_suffix("\nTL;DR:")
        .unwrap_or_else(|| panic!("{what}: the cue is there"));
    assert!(kept.ends_with(after.trim()), "{what}");
    match part {
        Part::Head => assert!(
            before.is_empty() && kept == after.trim(),
            "{what}: {kept:?}"
        ),
        Part::Tail => assert!(
            after.trim().is_empty() && kept == before.trim_end(),
            "{what}: {kept:?}"
        ),
        Part::Middle => assert!(
            kept.len() >= before.trim_end().len() + after.trim().len(),
            "{what}: {kept:?}"
        ),
    }
    // As much is kept as fits, but for what tokens merge at the seams.
    let unused = plan.context - max_new_tokens - tokens;
    assert!(unused <= 12, "{what}: {unused} positions unused");
    plan
}

#[wasm_bindgen_test(unsupported = test)]
fn a_long_document_says_what_is_left_out() {
    let bench = bench();
    for part in [Part::Head, Part::Middle, Part::Tail] {
        for document in [
            DOCUMENT.to_string(),
            DOCUMENT.repeat(40),
            "\u{1f468}\u{200d}\u{1f469}".repeat(60),
            "x".repeat(5000),
        ] {
            for max_new_tokens in [10, 60] {
                let plan = assert_left_out(&bench, &document, max_new_tokens, part);
                assert!(document.is_char_boundary(plan.left_out.expect("checked").range.start));
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn hardly_any_room() {
    let bench = bench();
    let cue = bench
        .tokenizer
        .encode("\nTL;DR:", None, false)
        .expect("tokens")
        .len();
    let context = bench.case.size("n_positions");
    for part in [Part::Head, Part::Middle, Part::Tail] {
        for room in 1..8 {
            let options = options(context - cue - room, part);
            match summarizer(&bench).plan(DOCUMENT, &options) {
                Ok(plan) => assert!(
                    plan.prompt_tokens <= cue + room,
                    "{part:?}, {room}: {}",
                    plan.prompt_tokens
                ),
                Err(error) => assert_eq!(error.code(), "invalid_option", "{part:?}, {room}"),
            }
            // Whatever the plan, a summary starts or says why not.
            if let Err(error) = summarizer(&bench).summarize(DOCUMENT, &options) {
                assert!(
                    ["invalid_option", "input_too_long"].contains(&error.code()),
                    "{error}"
                );
            }
        }
        assert_eq!(
            code(summarizer(&bench).plan(DOCUMENT, &options(context - cue, part))),
            "invalid_option"
        );
        assert_eq!(
            code(summarizer(&bench).plan(DOCUMENT, &options(usize::MAX, part))),
            "invalid_option"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_summary_is_a_generation_from_the_plans_prompt() {
    let bench = bench();
    let options = SummaryOptions {
        sentences: 1000,
        ..options(30, Part::Middle)
    };
    let (plan, mut summary) = summarizer(&bench)
        .summarize(DOCUMENT, &options)
        .expect("a summary");
    let plain = Generator::new(
        bench.model.clone(),
        bench.tokenizer.clone(),
        &plan.prompt,
        greedy(30),
    )
    .expect("a generator");
    let plain: Vec<_> = plain.map(|token| token.expect("a token").id).collect();
    let ours: Vec<_> = summary
        .by_ref()
        .map(|token| token.expect("a token").id)
        .collect();
    assert_eq!(ours, plain);
}

#[wasm_bindgen_test(unsupported = test)]
fn sentences_end_a_summary() {
    // A random model writes few full stops: ask for one sentence and compare with the free text.
    let bench = bench();
    for sentences in 1..4 {
        let options = SummaryOptions {
            sentences,
            ..options(40, Part::Tail)
        };
        let (_, mut summary) = summarizer(&bench)
            .summarize("It is raining today.", &options)
            .expect("a summary");
        let reason = loop {
            if let Step::Done { reason, .. } = summary.step().expect("a step") {
                break reason;
            }
        };
        assert!(
            ["sentences", "length"].contains(&reason.name()),
            "{reason:?}"
        );
        let text = first_sentences(summary.text(), sentences).to_string();
        assert!(summary.text().trim().starts_with(&text));
    }
    assert_eq!(first_sentences("One. Two! Three? Four.", 2), "One. Two!");
    assert_eq!(
        first_sentences("One. Two! Three? Four.", 3),
        "One. Two! Three?"
    );
    assert_eq!(first_sentences("no end", 3), "no end");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_a_summary_cannot_do_is_said() {
    let bench = bench();
    let task = summarizer(&bench);
    for empty in ["", "  \n"] {
        assert_eq!(
            code(task.plan(empty, &options(20, Part::Tail))),
            "empty_input"
        );
        assert_eq!(
            code(task.summarize(empty, &options(20, Part::Tail)).map(drop)),
            "empty_input"
        );
    }
    let none = SummaryOptions {
        sentences: 0,
        ..options(20, Part::Tail)
    };
    assert_eq!(code(task.plan("text", &none)), "invalid_option");
    assert_eq!(code(Part::from_name("nose")), "invalid_option");
    assert!(
        task.plan("text", &options(20, Part::Tail)).is_ok(),
        "and goes on"
    );
}
