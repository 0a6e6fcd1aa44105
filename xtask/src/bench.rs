//! `cargo xtask bench` and `evaluate`: builds, then lets others measure.

use crate::failure::Result;
use crate::{paths, process, setup, site, wasm};
use std::process::Command;

/// For `cargo xtask help`.
pub const HELP: &str = "\
[--quick]    measure speed and memory in Chromium on random weights, as JSON
[--peers [--compat]]  beside transformers.js and wllama, also its build with 32-bit memory (gets
               6 GB of packages, takes an hour)
[--only SYSTEM,...] [--rounds N] [--out FILE]
[--scaling]    by length, candidates, threads and model size instead [--out, --figure FILE]
[--training]   training instead: GPT, BERT and ELMo beside jax-js and nanogpt (400 MB of packages)
               [--quick, --only SYSTEM,..., --models gpt,bert,elmo, --rounds N, --out FILE]
[--visit]      a first visit over 20 Mbit/s instead: until text can be typed, until a mask is filled
               [--quick, --mbit N, --slowdown N, --rounds N, --out FILE]
[--smollm2]    SmolLM2-135M in 4 and 8 bits instead, beside wllama and Flare
               [--quick, --only SYSTEM,..., --rounds N, --out FILE]
[--kernels]    the matrix products alone instead: GMAC/s of each kernel and shape";

/// For `cargo xtask help`.
pub const EVALUATE_HELP: &str = "\
--data DIR   measure the default models' quality on held-out text, as JSON
[--out FILE]   (`evaluate` alone says all its options)";

/// Builds, then lets a script of `tests/bench` measure; it reads the arguments.
pub fn run(args: &[String]) -> Result {
    let (build, test) = setup::for_test()?;
    let mut node = Command::new("node");
    node.current_dir(paths::root())
        .env("CHROME", &test.browser.chrome)
        .envs(process::own_server());
    match args.split_first() {
        Some((first, rest)) if first == "--kernels" => node
            .arg("tests/bench/kernels.mjs")
            .arg(wasm::build_kernels(&build)?)
            .args(rest),
        Some((first, rest)) if first == "--scaling" => {
            site::build(&build)?;
            node.arg("tests/bench/scaling.mjs").args(rest)
        }
        Some((first, rest)) if first == "--training" => {
            site::build(&build)?;
            node.arg("tests/bench/training.mjs").args(rest)
        }
        Some((first, rest)) if first == "--visit" => {
            site::build(&build)?;
            node.arg("tests/bench/visit.mjs").args(rest)
        }
        Some((first, rest)) if first == "--smollm2" => {
            site::build(&build)?;
            setup::smollm2::fetch()?;
            node.arg("tests/bench/smollm2.mjs").args(rest)
        }
        _ => {
            site::build(&build)?;
            node.arg("tests/bench/bench.mjs").args(args)
        }
    };
    process::run_printing(&mut node)
}

/// Runs `tests/evaluate`, natively; it reads the arguments.
pub fn evaluate(args: &[String]) -> Result {
    process::run_printing(
        Command::new("cargo")
            .args([
                "run",
                "--release",
                "--quiet",
                "--package",
                "cloze-evaluate",
                "--",
            ])
            .args(args),
    )
}
