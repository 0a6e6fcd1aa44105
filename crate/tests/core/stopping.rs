//! Where texts end, against plain searches that read every text from its beginning and look at all of it each time.

use std::sync::Arc;

use cloze::models::Decoder;
use cloze::sampling::{log_softmax, Sampler};
use cloze::tasks::{FinishReason, GenerationOptions, Generator, NewToken, Prompt, Step, StopRule};
use cloze::text::{first_sentences, SentenceCounter, Tokenizer};
use wasm_bindgen_test::wasm_bindgen_test;

use super::generation::{bench, greedy, openai_gpt_bench, Bench};

/// Every seventh character as a full stop, so that a random model writes sentences; others as blanks and brackets.
fn punctuated(text: &str) -> String {
    let map = |c: char| match u32::from(c) % 7 {
        0 => '.',
        1 => ' ',
        2 => '(',
        _ => c,
    };
    text.chars().map(map).collect()
}

/// Ends a text when more sentences than this have begun.
#[derive(Clone)]
struct Sentences(usize, SentenceCounter);

impl StopRule for Sentences {
    fn push(&mut self, token: &NewToken) -> Option<FinishReason> {
        self.1.push(&punctuated(token.text));
        (self.1.count() > self.0).then_some(FinishReason::Sentences)
    }

    fn boxed(&self) -> Box<dyn StopRule> {
        Box::new(self.clone())
    }
}

/// What a text is continued by, and where it has to end.
struct Case<'a> {
    model: &'a Arc<dyn Decoder>,
    tokenizer: &'a Arc<Tokenizer>,
    prompt: Vec<u32>,
    options: GenerationOptions,
    /// The most sentences.
    sentences: Option<usize>,
}

/// Tokens and why there are no more.
type Text = (Vec<u32>, FinishReason);

impl Case<'_> {
    fn generator(&self, prompt: &str) -> Generator {
        let model = self.model.generation();
        let mut prompt = Prompt::text(self.tokenizer, model, prompt).expect("tokens");
        if let Some(most) = self.sentences {
            prompt = prompt.ending_by(Sentences(most, SentenceCounter::default()));
        }
        let (model, tokenizer) = (self.model.clone(), self.tokenizer.clone());
        Generator::from_prompt(model, tokenizer, prompt, self.options.clone()).expect("a generator")
    }

    /// Prompt and text.
    fn whole(&self, written: &[u32]) -> Vec<u32> {
        [&self.prompt, written].concat()
    }

    /// The text of the tokens, as decoding all of them adds it; an incomplete character is U+FFFD.
    fn text(&self, written: &[u32]) -> String {
        let decoded = |ids: &[u32]| self.tokenizer.decode(ids).expect("a text");
        decoded(&self.whole(written))[decoded(&self.prompt).len()..].to_string()
    }

    /// The strings that end a text.
    fn stops(&self) -> impl Iterator<Item = &str> {
        let stops = self.options.stop.iter().map(String::as_str);
        stops.filter(|stop| !stop.is_empty())
    }

    /// The whole characters of a text that goes on.
    fn characters(&self, written: &[u32]) -> String {
        let text = self.text(written);
        text.trim_end_matches('\u{fffd}').to_string()
    }

    /// The text without an end that a stop string may begin with.
    fn given<'t>(&self, text: &'t str) -> &'t str {
        let begins = |end: &str| {
            self.stops()
                .any(|stop| stop != end && stop.starts_with(end))
        };
        let mut ends = text.char_indices().map(|(at, _)| at);
        let held = ends.find(|&at| begins(&text[at..]));
        &text[..held.unwrap_or(text.len())]
    }

    /// Why a text ends with its last token. Stop strings are looked for in `text`, sentences counted in `given`.
    fn end(&self, written: &[u32], text: &str, given: &str) -> Option<FinishReason> {
        let (options, given) = (&self.options, punctuated(given));
        let more = |most| first_sentences(&given, most).len() < given.trim().len();
        let positions = self.model.info().max_position_embeddings + 1 - self.prompt.len();
        if self.stops().any(|stop| text.contains(stop)) {
            Some(FinishReason::Stop)
        } else if self.sentences.is_some_and(more) {
            Some(FinishReason::Sentences)
        } else if written.len() >= options.max_new_tokens {
            Some(FinishReason::Length)
        } else {
            (written.len() >= positions).then_some(FinishReason::Context)
        }
    }

    /// The logits behind a text, read with an empty cache.
    fn logits(&self, written: &[u32]) -> Vec<f32> {
        let ids = self.whole(written);
        let mut cache = self.model.new_cache_of(ids.len()).expect("a cache");
        self.model.next_logits(&ids, &mut cache).expect("logits")
    }

    /// The most probable token each time.
    fn greedy(&self) -> Text {
        let mut sampler = Sampler::new(self.options.sampling.clone()).expect("good options");
        let mut written = Vec::new();
        loop {
            let id = sampler.sample(&self.logits(&written), &self.whole(&written));
            let id = id.expect("a token");
            if self.model.eos_token_ids().contains(&id) {
                return (written, FinishReason::Eos);
            }
            written.push(id);
            let text = self.characters(&written);
            if let Some(reason) = self.end(&written, &text, self.given(&text)) {
                return (written, reason);
            }
        }
    }

    /// The most probable text, by the rules of transformers' `early_stopping=False`.
    fn beams(&self) -> Text {
        let GenerationOptions {
            num_beams,
            length_penalty,
            ..
        } = self.options;
        let eos = self.model.eos_token_ids();
        let count = num_beams * (1 + eos.len().max(1));
        let mut running = vec![(Vec::new(), 0.0)];
        let mut ended: Vec<(Text, f64)> = Vec::new();
        loop {
            let mut candidates: Vec<(Vec<u32>, f64)> = Vec::new();
            for (written, score) in &running {
                for (id, logprob) in (0..).zip(log_softmax(&self.logits(written))) {
                    candidates.push(([&written[..], &[id]].concat(), score + logprob));
                }
            }
            candidates.sort_by(|a, b| b.1.total_cmp(&a.1));
            candidates.truncate(count);
            let length = candidates[0].0.len();
            let final_score = |score: f64| score / (length as f64).powf(length_penalty);
            running.clear();
            for (place, (mut written, score)) in candidates.into_iter().enumerate() {
                let text = self.text(&written);
                let mut end = self.end(&written, &text, &text);
                if eos.contains(&written[length - 1]) {
                    written.pop();
                    end = Some(FinishReason::Eos);
                }
                match end {
                    Some(reason) if place < num_beams => {
                        ended.push(((written, reason), final_score(score)));
                    }
                    Some(_) => {}
                    None => running.push((written, score)),
                }
            }
            running.truncate(num_beams);
            ended.sort_by(|a, b| b.1.total_cmp(&a.1));
            ended.truncate(num_beams);
            let hope = running.first().map(|(_, score)| final_score(*score));
            let is_full = ended.len() == num_beams;
            if hope.is_none_or(|hope| is_full && hope <= ended[num_beams - 1].1) {
                return ended.swap_remove(0).0;
            }
        }
    }
}

/// Generates, and checks the text against its tokens. Returns tokens and reason.
fn generated(case: &Case, prompt: &str) -> Text {
    let mut generator = case.generator(prompt);
    let reason = loop {
        if let Step::Done { reason, .. } = generator.step().expect("a step") {
            break reason;
        }
    };
    let written = generator.generated_ids().to_vec();
    let whole = case.text(&written);
    let expected = match reason {
        FinishReason::Stop => {
            let stops = case.stops();
            let found = stops.filter_map(|stop| whole.find(stop)).min();
            &whole[..found.expect("a stop string")]
        }
        // What was held back behind the sentences is not given out.
        FinishReason::Sentences => {
            assert!(whole.starts_with(generator.text()));
            generator.text()
        }
        _ => &whole,
    };
    assert_eq!(generator.text(), expected);
    (written, reason)
}

/// Compares each way of stopping with the plain search; counts how often texts ended for each of `reasons`.
fn assert_ends(bench: &Bench, num_beams: usize, prompts: &[&str], reasons: &[FinishReason]) {
    let free = generated(&case(bench, num_beams, prompts[0], &[], None), prompts[0]).0;
    let written = case(bench, num_beams, prompts[0], &[], None).text(&free);
    let letters: Vec<String> = written.chars().map(String::from).collect();
    // Pieces of what is written without them, over tokens and characters; and some that come now and then.
    let pieces = [letters[2..4].concat(), letters[5..9].concat()];
    let stops: [&[&str]; 5] = [
        &[],
        &[&pieces[0], "never"],
        &["", &pieces[1]],
        &["(", "a", "e "],
        &["\u{fffd}"],
    ];
    let mut ended = Vec::new();
    for prompt in prompts {
        for stop in stops {
            for sentences in [None, Some(1), Some(3)] {
                let case = case(bench, num_beams, prompt, stop, sentences);
                let expected = if num_beams == 1 {
                    case.greedy()
                } else {
                    case.beams()
                };
                let ours = generated(&case, prompt);
                ended.push(ours.1);
                let what = format!("{num_beams} beams behind {prompt:?}, {stop:?}, {sentences:?}");
                assert_eq!(ours, expected, "{what}");
            }
        }
    }
    for reason in reasons {
        assert!(
            ended.contains(reason),
            "none ended by {reason:?}: {ended:?}"
        );
    }
}

fn case<'a>(
    bench: &'a Bench,
    num_beams: usize,
    prompt: &str,
    stop: &[&str],
    sentences: Option<usize>,
) -> Case<'a> {
    let prompt = bench.tokenizer.encode(prompt, None, true).expect("tokens");
    Case {
        model: &bench.model,
        tokenizer: &bench.tokenizer,
        prompt: prompt.ids(),
        options: GenerationOptions {
            num_beams,
            stop: stop.iter().map(|stop| stop.to_string()).collect(),
            ..greedy(16)
        },
        sentences,
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_text_ends_where_a_plain_search_ends_it() {
    use FinishReason::{Length, Sentences, Stop};
    let prompts = [
        "It is raining today.",
        "the dog! No",
        "\u{1f600} caf\u{e9} (",
    ];
    assert_ends(&bench(), 1, &prompts, &[Length, Stop]);
    assert_ends(&openai_gpt_bench(), 1, &prompts[..2], &[Length, Stop]);
    let _ = Sentences;
}

#[wasm_bindgen_test(unsupported = test)]
fn beams_end_where_a_plain_search_ends_them() {
    use FinishReason::{Length, Sentences, Stop};
    let prompts = ["It is raining today.", "\u{1f600} caf\u{e9} ("];
    for num_beams in [2, 3] {
        assert_ends(&bench(), num_beams, &prompts, &[Length, Stop, Sentences]);
    }
    let prompts = &prompts[..1];
    assert_ends(&openai_gpt_bench(), 3, prompts, &[Length, Stop, Sentences]);
}
