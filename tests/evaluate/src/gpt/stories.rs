//! Twenty openings continued as the playground does it: do the texts repeat themselves?

use std::collections::HashSet;
use std::path::Path;

use cloze::models::Decoder;
use cloze::sampling::SamplingOptions;
use cloze::tasks::{GenerationOptions, Generator};
use serde_json::json;

use crate::failure::{Failure, Result};
use crate::model::Loaded;
use crate::report::Report;
use crate::rouge::words;

const OPENINGS: &str = include_str!("../../probes/openings.json");
/// Tokens of each text.
const TOKENS: usize = 120;
/// Words of the longest passage whose repetition counts as a loop.
const LONGEST_LOOP: usize = 20;

/// `gpt.stories.distinct2`, `.repetition`, `.loops`, and the texts, written at the defaults of the
/// playground (`<cloze-generate>`): temperature 0.8, `top_k` 40, `top_p` 0.95, `repetition_penalty`
/// 1.2, `no_repeat_ngram_size` 5; the seed is the opening's number. Returns the whole texts.
pub fn measure(gpt: &Loaded<dyn Decoder>, report: &mut Report) -> Result<Vec<String>> {
    eprintln!("GPT-2: stories");
    let openings: Vec<String> =
        serde_json::from_str(OPENINGS).map_err(|error| Failure::Content {
            path: Path::new("tests/evaluate/probes/openings.json").to_owned(),
            what: error.to_string(),
        })?;
    let mut whole = Vec::new();
    let (mut distinct, mut repeated, mut loops, mut texts) =
        (Vec::new(), Vec::new(), 0, Vec::new());
    for (seed, opening) in (0u64..).zip(&openings) {
        let options = GenerationOptions {
            max_new_tokens: TOKENS,
            sampling: SamplingOptions {
                temperature: 0.8,
                top_k: 40,
                top_p: 0.95,
                repetition_penalty: 1.2,
                no_repeat_ngram_size: 5,
                seed,
                ..Default::default()
            },
            ..Default::default()
        };
        let mut generator =
            Generator::new(gpt.model.clone(), gpt.tokenizer.clone(), opening, options)?;
        for token in generator.by_ref() {
            token?;
        }
        let text = generator.text().to_owned();
        let words = words(&text);
        distinct.push(different(&words, 2));
        repeated.push(1.0 - different(&words, 4));
        let looping = has_loop(&words);
        loops += usize::from(looping);
        println!("{}{opening}{text}\n", if looping { "LOOP " } else { "" });
        whole.push(format!("{opening}{text}"));
        texts.push(json!({"opening": opening, "seed": seed, "text": text, "loop": looping}));
    }
    report.mean("gpt.stories.distinct2", &distinct);
    report.mean("gpt.stories.repetition", &repeated);
    report.number("gpt.stories.loops", loops as f64);
    report.put("gpt.stories", json!(texts));
    Ok(whole)
}

/// Share of different ones among the n-grams (Li et al. 2016, distinct-n).
fn different(words: &[String], n: usize) -> f64 {
    let grams = words.windows(n);
    let count = grams.len().max(1) as f64;
    grams
        .collect::<HashSet<_>>()
        .len()
        .max(usize::from(words.len() < n)) as f64
        / count
}

/// Whether a passage is said three times in a row, or a few words more than eight words long.
fn has_loop(words: &[String]) -> bool {
    (1..=LONGEST_LOOP).any(|period| {
        let mut run = 0;
        (period..words.len()).any(|at| {
            run = if words[at] == words[at - period] {
                run + 1
            } else {
                0
            };
            run >= (2 * period).max(8)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_found_and_refrains_are_not() {
        let has = |text: &str| has_loop(&words(text));
        assert!(has(&"and then he went ".repeat(3)));
        assert!(has(&"no ".repeat(9)));
        assert!(!has("no, no, no, he said, no"));
        assert!(!has(
            "Row, row, row your boat, gently down the stream; row, row, row your boat"
        ));
        assert!(!has(&"and then he went on ".repeat(2)));
    }

    #[test]
    fn different_is_one_without_repetition() {
        assert_eq!(different(&words("a b c d"), 2), 1.0);
        assert_eq!(different(&words("a b a b a"), 2), 0.5);
        assert_eq!(different(&words("a"), 2), 1.0);
    }
}
