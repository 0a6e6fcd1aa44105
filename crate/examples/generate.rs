//! Continues a text with the default GPT, token by token.
//!
//! `cargo run --release -p cloze --example generate -- "Once upon a time"`

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use cloze::pretrained::default_model;
use cloze::weights::DType;
use cloze::Pretrained;

fn main() -> Result<(), Box<dyn Error>> {
    let prompt = std::env::args().nth(1).unwrap_or("Once upon a time".into());
    let gpt = Pretrained::from_dir(
        default_model("gpt").map_err(|error| error.to_string())?,
        DType::Q8,
    )?;
    let start = Instant::now();
    let mut generator = gpt.generate(&prompt, gpt.generation_options()?)?;
    print!("{prompt}");
    for token in generator.by_ref() {
        print!("{}", token?.text);
        std::io::stdout().flush()?;
    }
    let count = generator.generated_ids().len();
    println!(
        "\n\n{count} tokens, {:.1} tokens/s",
        count as f64 / start.elapsed().as_secs_f64()
    );
    Ok(())
}
