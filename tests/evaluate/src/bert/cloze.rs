//! Two hundred sentences with a hole that people can fill; written before any model had seen them.

use std::path::Path;

use cloze::models::Encoder;
use cloze::tasks::{FillMask, FillMaskOptions};
use serde_json::{json, Value};

use crate::failure::{Failure, Result};
use crate::model::Loaded;
use crate::report::Report;

const PROBES: &str = include_str!("../../probes/cloze.json");

/// A sentence and the words that are right in its hole.
struct Probe {
    kind: String,
    text: String,
    answers: Vec<String>,
}

fn probes() -> Result<Vec<Probe>> {
    let wrong = |what: String| Failure::Content {
        path: Path::new("tests/evaluate/probes/cloze.json").to_owned(),
        what,
    };
    let kinds: Value = serde_json::from_str(PROBES).map_err(|error| wrong(error.to_string()))?;
    let mut probes = Vec::new();
    for (kind, rows) in kinds.as_object().into_iter().flatten() {
        for (text, answers) in rows.as_object().into_iter().flatten() {
            let answers: Vec<String> = answers
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|answer| answer.as_str().map(str::to_owned))
                .collect();
            if answers.is_empty() || text.matches("[MASK]").count() != 1 {
                return Err(wrong(format!("`{text}` wants one [MASK] and answers")));
            }
            probes.push(Probe {
                kind: kind.clone(),
                text: text.clone(),
                answers,
            });
        }
    }
    Ok(probes)
}

/// `bert.cloze_top5`, `bert.cloze_top1`, each kind's, `bert.cloze_copying` (a word of the sentence
/// is the first candidate and wrong), and the five candidates of every probe.
pub fn measure(bert: &Loaded<dyn Encoder>, report: &mut Report) -> Result<()> {
    eprintln!("BERT: cloze probes");
    let task = FillMask::new(bert.model.clone(), bert.tokenizer.clone())?;
    let probes = probes()?;
    let (mut right, mut shown) = (Vec::new(), Vec::new());
    let mut copies = 0;
    for probe in &probes {
        let masks = task.predict(&probe.text, &FillMaskOptions::default())?;
        let found: Vec<&str> = masks[0]
            .candidates
            .iter()
            .map(|c| c.token_str.as_str())
            .collect();
        let place = found
            .iter()
            .position(|word| probe.answers.iter().any(|answer| answer == word));
        let copied = place != Some(0) && found.first().is_some_and(|word| holds(&probe.text, word));
        copies += usize::from(copied);
        println!(
            "{}{} {:52} {}",
            place.map_or("-".into(), |place| (place + 1).to_string()),
            if copied { "c" } else { " " },
            probe.text,
            found.join(", ")
        );
        shown.push(json!({"text": probe.text, "answers": probe.answers, "top5": found, "place": place.map(|p| p + 1), "copied": copied}));
        right.push((probe.kind.as_str(), place));
    }
    let mut share = |key: String, kind: Option<&str>, places: usize| {
        let of_kind = || {
            right
                .iter()
                .filter(|(k, _)| kind.is_none_or(|kind| kind == *k))
        };
        let n = of_kind().count();
        let hits = of_kind()
            .filter(|(_, place)| place.is_some_and(|place| place < places))
            .count();
        report.share(&key, hits as f64 / n.max(1) as f64, n);
    };
    share("bert.cloze_top5".into(), None, 5);
    share("bert.cloze_top1".into(), None, 1);
    let mut kinds: Vec<&str> = probes.iter().map(|probe| probe.kind.as_str()).collect();
    kinds.dedup();
    for kind in kinds {
        share(format!("bert.cloze_top5.{kind}"), Some(kind), 5);
        share(format!("bert.cloze_top1.{kind}"), Some(kind), 1);
    }
    let copying = copies as f64 / probes.len().max(1) as f64;
    report.share("bert.cloze_copying", copying, probes.len());
    report.put("bert.cloze", json!(shown));
    Ok(())
}

/// Whether a word stands in a sentence, in either case.
fn holds(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|other| other.to_lowercase() == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloze::text::{Tokenizer, TokenizerFiles};

    #[test]
    fn words_are_found_whole_and_in_either_case() {
        assert!(holds("Paris is the capital of [MASK].", "paris"));
        assert!(!holds("Paris is the capital of [MASK].", "par"));
        assert!(!holds("Paris is the capital of [MASK].", "."));
    }

    #[test]
    fn there_are_two_hundred_and_every_answer_is_one_token() {
        let probes = probes().unwrap();
        assert_eq!(probes.len(), 200);
        for kind in [
            "facts",
            "grammar",
            "common_sense",
            "opposites",
            "numbers",
            "animals",
            "tools",
            "phrases",
        ] {
            let of_kind = probes.iter().filter(|probe| probe.kind == kind).count();
            assert!(of_kind >= 15, "{kind}: {of_kind}");
        }
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../models/bert/tokenizer.json"
        );
        let tokenizer = Tokenizer::from_files(&TokenizerFiles {
            tokenizer: Some(&std::fs::read(path).unwrap()),
            ..Default::default()
        })
        .unwrap();
        for answer in probes.iter().flat_map(|probe| &probe.answers) {
            assert!(
                tokenizer.token_to_id(answer).is_some(),
                "{answer} is no single token"
            );
        }
    }
}
