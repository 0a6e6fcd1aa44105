//! Sums a text up with the default GPT, after `TL;DR:`.
//!
//! `cargo run --release -p cloze --example summarize -- "$(cat article.txt)"`

use std::error::Error;

use cloze::pretrained::default_model;
use cloze::tasks::SummaryOptions;
use cloze::text::first_sentences;
use cloze::weights::DType;
use cloze::Pretrained;

const DOCUMENT: &str = "\
    The lighthouse on the northern cape was built in 1871. For a hundred years a keeper lived there with his family and \
    lit the lamp every evening. In 1972 the lamp was made electric, and the last keeper left. Today the house is a small \
    museum, to which visitors come by boat in summer.";

fn main() -> Result<(), Box<dyn Error>> {
    let document = std::env::args().nth(1).unwrap_or(DOCUMENT.into());
    let gpt = Pretrained::from_dir(
        default_model("gpt").map_err(|error| error.to_string())?,
        DType::Q8,
    )?;
    let options = SummaryOptions::default();
    let (plan, mut generator) = gpt.summarizer()?.summarize(&document, &options)?;
    generator.by_ref().try_for_each(|token| token.map(drop))?;
    println!(
        "{}",
        first_sentences(generator.text(), options.sentences).trim()
    );
    println!("\n{} of {} tokens read", plan.prompt_tokens, plan.context);
    Ok(())
}
