//! Beam search against transformers, and stop strings in both searches.

use cloze::tasks::{FinishReason, GenerationOptions};
use cloze::weights::DType;
use cloze::Error;
use wasm_bindgen_test::wasm_bindgen_test;

use super::generation::{bench, greedy, openai_gpt_bench, Bench};
use super::support::*;

#[wasm_bindgen_test(unsupported = test)]
fn beams_find_the_text_of_transformers() {
    assert_beams(bench);
    assert_beams(openai_gpt_bench);
}

fn assert_beams(bench: fn() -> Bench) {
    let json = bench().case.json;
    let length = json["beam_tokens"].as_u64().expect("a number") as usize;
    for case in list(&json["beams"]) {
        let mut bench = bench();
        bench.case.json["config"]["eos_token_id"] = case["eos_token_id"].clone();
        bench.model = bench
            .case
            .model(DType::F32)
            .into_decoder()
            .expect("a GPT-2");
        let settings = &case["settings"];
        let or = |key: &str, default: f64| settings[key].as_f64().unwrap_or(default);
        let mut options = greedy(length);
        options.num_beams = or("num_beams", 1.0) as usize;
        options.length_penalty = or("length_penalty", 1.0);
        options.sampling.repetition_penalty = or("repetition_penalty", 1.0);
        options.sampling.no_repeat_ngram_size = or("no_repeat_ngram_size", 0.0) as usize;
        options.top_logprobs = 3;
        let run = bench.run(text(&case["prompt"]), options);
        assert_eq!(run.ids, ids(&case["tokens"]), "{case}");
        let ended = match case["eos"].as_bool() {
            Some(true) => FinishReason::Eos,
            _ => FinishReason::Length,
        };
        assert_eq!(run.reason, ended, "{case}");
        assert!(run.tokens.iter().all(|token| token.top.len() == 3));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn beams_end_at_stop_strings_and_at_the_end_of_the_context() {
    let bench = bench();
    let positions = bench.model.info().max_position_embeddings;
    let mut options = greedy(usize::MAX);
    options.num_beams = 3;
    let run = bench.run(text(&bench.cases()[0]["prompt"]), options.clone());
    let prompt = bench.start(text(&bench.cases()[0]["prompt"]), greedy(1));
    let prompt = prompt.expect("a generator").prompt().len();
    assert_eq!(run.reason, FinishReason::Context);
    assert_eq!(run.ids.len(), positions + 1 - prompt);

    // A piece of the most probable text: texts that come to it end there.
    options.stop = vec![run.tokens[4].token.trim().to_owned()];
    options.max_new_tokens = 20;
    let stopped = bench.run(text(&bench.cases()[0]["prompt"]), options);
    assert!(!stopped.text.contains(run.tokens[4].token.trim()));
}

#[wasm_bindgen_test(unsupported = test)]
fn words_of_gpt_1_are_cut_where_a_text_stops() {
    // The blank before a word belongs to the word: a stop string of it is found, and one that is only half of
    // what a beam writes is not.
    let bench = openai_gpt_bench();
    let case = &bench.cases()[2];
    let (prompt, whole) = (text(&case["prompt"]), text(&case["text"]));
    let stop = whole.split(' ').nth(2).expect("words");
    for num_beams in [1, 3] {
        let mut options = greedy(20);
        options.num_beams = num_beams;
        let free = bench.run(prompt, options.clone()).text;
        options.stop = vec![format!(" {stop}")];
        let stopped = bench.run(prompt, options).text;
        assert!(!stopped.contains(&format!(" {stop}")), "{stopped:?}");
        if num_beams == 1 {
            assert_eq!(stopped, free.split(&format!(" {stop}")).next().unwrap());
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn beams_do_not_draw() {
    let bench = bench();
    for (num_beams, do_sample) in [(0, false), (65, false), (2, true)] {
        let mut options = greedy(4);
        (options.num_beams, options.sampling.do_sample) = (num_beams, do_sample);
        let refused = bench.start("A", options).err().expect("an error");
        assert!(
            matches!(&refused, Error::InvalidOption { option, .. } if option == "num_beams"),
            "{refused}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn stop_strings_split_over_tokens() {
    let bench = bench();
    let mut crossing = 0;
    for case in bench.cases() {
        let prompt = text(&case["prompt"]);
        let free = bench.run(prompt, greedy(40));
        let characters: Vec<usize> = free.text.char_indices().map(|(at, _)| at).collect();
        for (start, length) in [(1, 2), (4, 3), (6, 5), (10, 4), (15, 8), (20, 1)] {
            let end = characters
                .get(start + length)
                .copied()
                .unwrap_or(free.text.len());
            let stop = &free.text[characters[start]..end];
            let options = GenerationOptions {
                stop: vec!["never".into(), stop.into()],
                ..greedy(40)
            };
            let run = bench.run(prompt, options);
            let at = free.text.find(stop).expect("it is there");
            assert_eq!(run.text, free.text[..at], "{prompt:?} until {stop:?}");
            assert_eq!(
                (run.reason, run.tail.as_str()),
                (FinishReason::Stop, ""),
                "{prompt:?} until {stop:?}"
            );
            assert_eq!(
                run.ids[..],
                free.ids[..run.ids.len()],
                "the stop changes no token"
            );
            // No longer than needed: without its last token the stop string is not complete.
            let (last, shorter) = run.ids.split_last().expect("a token");
            let decoded = |ids: &[u32]| bench.tokenizer.decode(ids).expect("a text");
            assert!(
                !decoded(shorter)
                    .trim_end_matches('\u{fffd}')
                    .contains(stop.trim_end_matches('\u{fffd}'))
                    || stop.contains('\u{fffd}')
            );
            let last = bench.tokenizer.readable(*last).len();
            crossing += usize::from(last < stop.len());
        }
    }
    assert!(
        crossing > 5,
        "some stop strings lay over several tokens: {crossing}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn stop_strings_that_do_not_come() {
    let bench = bench();
    for case in bench.cases() {
        // Ends as many stop strings begin: what was held back is given out at the end.
        let whole = text(&case["text"]);
        let last: String = whole.chars().last().into_iter().collect();
        let options = GenerationOptions {
            stop: vec![format!("{last}never"), String::new()],
            ..greedy(40)
        };
        let run = bench.run(text(&case["prompt"]), options);
        assert_eq!(
            (run.text.as_str(), run.reason),
            (whole, FinishReason::Length)
        );
        assert!(
            run.tail.starts_with(&last) || run.tail.ends_with(&last),
            "{:?} was held back",
            run.tail
        );
    }
}
