//! Says which of several sentences follows the first one best, with the default BERT.
//!
//! `cargo run --release -p cloze --example next_sentence -- "It is raining." "Take an umbrella." "Cats have whiskers."`

use std::error::Error;

use cloze::pretrained::default_model;
use cloze::weights::DType;
use cloze::Pretrained;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = args.iter().map(String::as_str).collect();
    let (a, candidates) = match &given[..] {
        [a, candidates @ ..] if !candidates.is_empty() => (*a, candidates),
        _ => (
            "It is raining.",
            &["Take an umbrella.", "Cats have whiskers."][..],
        ),
    };
    let bert = Pretrained::from_dir(
        default_model("bert").map_err(|error| error.to_string())?,
        DType::Q8,
    )?;
    println!("{a}");
    for one in bert.next_sentence()?.rank(a, candidates)? {
        println!(
            "{:5.1} %  {}",
            100.0 * one.result.is_next,
            candidates[one.index]
        );
    }
    Ok(())
}
