//! Continues a text with the default GPT, token by token.
//!
//! `cargo run --release -p cloze --example generate -- "Once upon a time"`

use std::error::Error;
use std::fs;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use cloze::models::ModelLoader;
use cloze::tasks::{GenerationOptions, Generator};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/gpt");
    let mut loader =
        ModelLoader::new(Some(&fs::read(format!("{folder}/config.json"))?), DType::Q8)?;
    loader.push(&fs::read(format!("{folder}/model.gguf"))?)?;
    let gpt2 = loader.finish()?.into_decoder()?;
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(&fs::read(format!("{folder}/tokenizer.json"))?),
        ..Default::default()
    })?;
    let prompt = std::env::args().nth(1).unwrap_or("Once upon a time".into());
    let start = Instant::now();
    let mut generator = Generator::new(
        gpt2,
        Arc::new(tokenizer),
        &prompt,
        GenerationOptions::default(),
    )?;
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
