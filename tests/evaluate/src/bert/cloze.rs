//! Sixty sentences with a hole that people can fill; written before any model had seen them.

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

/// `bert.cloze_top5`, `bert.cloze_top1`, each kind's, and the five candidates of every probe.
pub fn measure(bert: &Loaded<dyn Encoder>, report: &mut Report) -> Result<()> {
    eprintln!("BERT: cloze probes");
    let task = FillMask::new(bert.model.clone(), bert.tokenizer.clone())?;
    let probes = probes()?;
    let (mut right, mut shown) = (Vec::new(), Vec::new());
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
        println!(
            "{}  {:52} {}",
            place.map_or("-".into(), |place| (place + 1).to_string()),
            probe.text,
            found.join(", ")
        );
        shown.push(json!({"text": probe.text, "answers": probe.answers, "top5": found, "place": place.map(|p| p + 1)}));
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
    for kind in ["facts", "grammar", "common_sense"] {
        share(format!("bert.cloze_top5.{kind}"), Some(kind), 5);
    }
    report.put("bert.cloze", json!(shown));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloze::text::{Tokenizer, TokenizerFiles};

    #[test]
    fn there_are_twenty_of_each_kind_and_every_answer_is_one_token() {
        let probes = probes().unwrap();
        for kind in ["facts", "grammar", "common_sense"] {
            assert_eq!(
                probes.iter().filter(|probe| probe.kind == kind).count(),
                20,
                "{kind}"
            );
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
