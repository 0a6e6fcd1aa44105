//! The page's own models learn who wrote a sentence from 40 examples (`pkg/texts/tables/authors.json`, public domain), and
//! do it right on the 200 held back. Natively, where files can be read.

use std::path::Path;
use std::time::Instant;

use cloze::train::files::Files;
use cloze::train::tuning::{FineTuning, TextData, TuneData, TuneSettings};
use serde_json::Value;

use crate::support::*;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn page_model(name: &str) -> Files {
    let names = ["config.json", "tokenizer.json", "model.gguf"];
    let read = |file: &str| std::fs::read(root().join("models").join(name).join(file));
    let files = names.map(|file| (file.into(), read(file).expect("a file of the page")));
    files.into_iter().collect()
}

/// The table, and the share of it that is held back.
fn table(name: &str) -> (TextData, f64) {
    let path = root().join("pkg/texts/tables").join(format!("{name}.json"));
    let json: Value = serde_json::from_slice(&std::fs::read(path).expect("a table")).expect("JSON");
    let share = json["held_out_share"].as_f64().expect("a share");
    (serde_json::from_value(json).expect("examples"), share)
}

fn learnt(model: &str, settings: TuneSettings) -> f64 {
    let (data, held_out_share) = table("authors");
    let begun = Instant::now();
    let settings = TuneSettings {
        held_out_share,
        ..settings
    };
    let run = FineTuning::new(page_model(model), settings, TuneData::Texts(data));
    let mut run = run.expect("a run");
    let opened = begun.elapsed();
    loop {
        let prepared = run.prepare().expect("it reads");
        if prepared.done == prepared.total {
            break;
        }
    }
    let prepared = begun.elapsed();
    while !run.is_over() {
        run.step().expect("a step");
    }
    let over = begun.elapsed();
    let evaluation = run.evaluate().expect("an evaluation");
    let info = run.info();
    measured!(
        "{model}: {} examples, {} held out: {:.1} % right; opened {opened:.1?}, prepared {prepared:.1?}, learnt {over:.1?}",
        info.examples,
        info.held_out,
        100.0 * evaluation.accuracy
    );
    assert_eq!((info.examples, info.held_out), (40, 200));
    evaluation.accuracy
}

#[test]
fn two_authors() {
    for seed in seeds() {
        let settings = TuneSettings {
            seed,
            ..TuneSettings::default()
        };
        let accuracy = learnt("bert", settings);
        assert!(accuracy >= 0.85, "seed {seed}: {accuracy}");
    }
}

#[test]
fn two_authors_by_gpt() {
    let settings = TuneSettings {
        lm_weight: 0.5,
        ..TuneSettings::default()
    };
    let accuracy = learnt("gpt", settings);
    assert!(accuracy >= 0.7, "{accuracy}");
}

/// One; more by `CLOZE_SEEDS=5`.
fn seeds() -> impl Iterator<Item = u64> {
    let count = std::env::var("CLOZE_SEEDS").ok();
    1..=count.and_then(|count| count.parse().ok()).unwrap_or(1)
}
