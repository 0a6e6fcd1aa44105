//! Every reader of files against broken ones: valid small files are spoiled at random (see `mutate`) and
//! read in random pieces. Whatever comes, a reader must answer with a result or a typed error: no panic, no
//! endless work, and no more memory than a stated multiple of what it was given (see `Target`).
//!
//! `cargo test` runs a fixed number of cases with a fixed seed, and all files in `fuzz/found`, which once
//! did harm. `cargo xtask fuzz` runs for as long as it is told to and keeps what it finds in `target/fuzz`;
//! such a file goes to `fuzz/found` once it is mended.
#![cfg(not(target_arch = "wasm32"))]

#[path = "core/support.rs"]
#[allow(dead_code, unused_imports, unused_macros)]
mod support;

mod fuzz {
    pub mod corpus;
    pub mod counting;
    pub mod mutate;
    pub mod run;
    pub mod targets;
}

use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use fuzz::run::{self, Outcome};
use fuzz::targets::{Target, TARGETS};

/// Memory is counted for the whole process, so tests wait for each other.
fn alone() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Cases of each reader in `cargo test`: some seconds in all.
const CASES: u64 = 1500;

fn spoiled(name: &str) {
    let _alone = alone();
    let target = Target::named(name).expect("a target of this name");
    let corpus = target.corpus();
    for case in 0..CASES {
        let input = run::case(target, &corpus, 1, case);
        if let Outcome::Harm(what) = run::run(target, &input) {
            let file = run::save(target, &input);
            panic!(
                "{name}, case {case}: {what}. The input is in {}",
                file.display()
            );
        }
    }
}

macro_rules! tests {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            spoiled(stringify!($name));
        }
    )*};
}
tests!(
    safetensors,
    gguf,
    torch,
    torch_legacy,
    pickle,
    shards,
    config,
    tokenizer,
    vocab_txt,
    vocab_json,
    tokenizer_config,
    gguf_tokenizer,
    chat_template
);

#[test]
fn every_target_has_its_test_and_reads_its_corpus() {
    let _alone = alone();
    let tests = [
        "safetensors",
        "gguf",
        "torch",
        "torch_legacy",
        "pickle",
        "shards",
        "config",
        "tokenizer",
        "vocab_txt",
        "vocab_json",
        "tokenizer_config",
        "gguf_tokenizer",
        "chat_template",
    ];
    assert!(TARGETS.iter().map(|target| target.name).eq(tests));
    for target in &TARGETS {
        for (index, input) in target.corpus().iter().enumerate() {
            match run::run(target, input) {
                Outcome::Read => {}
                // Most pickles want other storages than those that are put behind them; a tokenizer's
                // configuration is also read as a list of tokens, and the other way round.
                Outcome::Refused(_) if ["pickle", "tokenizer_config"].contains(&target.name) => {}
                Outcome::Refused(error) => panic!("{}, file {index}: {error}", target.name),
                Outcome::Harm(what) => panic!("{}, file {index}: {what}", target.name),
            }
        }
    }
}

#[test]
fn what_was_found_does_no_harm_any_more() {
    let _alone = alone();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "bin"))
        .collect();
    files.sort();
    for file in files {
        if let Outcome::Harm(what) = run::replay(&file) {
            panic!("{}: {what}", file.display());
        }
    }
}

/// The environment says how: `CLOZE_FUZZ_SECONDS`, `CLOZE_FUZZ_SEED`, `CLOZE_FUZZ_ONLY` (a target), or
/// `CLOZE_FUZZ_REPLAY` (a file).
#[test]
#[ignore = "runs as long as it is told to: `cargo xtask fuzz`"]
fn for_as_long_as_asked() {
    let _alone = alone();
    let var = |name: &str| std::env::var(name).ok();
    let number = |name, otherwise| {
        var(name).map_or(otherwise, |value| value.parse().expect("a whole number"))
    };
    if let Some(file) = var("CLOZE_FUZZ_REPLAY") {
        match run::replay(Path::new(&file)) {
            Outcome::Read => println!("{file} is read"),
            Outcome::Refused(error) => println!("{file} is refused: {error}"),
            Outcome::Harm(what) => panic!("{file}: {what}"),
        }
        return;
    }
    let seconds = Duration::from_secs(number("CLOZE_FUZZ_SECONDS", 60));
    let seed = number("CLOZE_FUZZ_SEED", 1);
    let only = var("CLOZE_FUZZ_ONLY");
    let failures = run::for_long(seconds, seed, only.as_deref());
    assert_eq!(failures, 0, "inputs that did harm are in target/fuzz");
}
