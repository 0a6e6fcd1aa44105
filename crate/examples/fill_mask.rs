//! Fills the masks of a text with the default BERT.
//!
//! `cargo run --release -p cloze --example fill_mask -- "The box was [MASK]: somebody had eaten all the cake."`

use std::error::Error;
use std::fs;
use std::sync::Arc;

use cloze::models::ModelLoader;
use cloze::tasks::FillMask;
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/bert");
    let mut loader =
        ModelLoader::new(Some(&fs::read(format!("{folder}/config.json"))?), DType::Q8)?;
    loader.push(&fs::read(format!("{folder}/model.gguf"))?)?;
    let bert = loader.finish()?.into_encoder()?;
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(&fs::read(format!("{folder}/tokenizer.json"))?),
        ..Default::default()
    })?;
    let task = FillMask::new(bert, Arc::new(tokenizer))?;
    let text = std::env::args()
        .nth(1)
        .unwrap_or("The box was [MASK]: somebody had eaten all the cake.".into());
    for mask in task.predict(&text, &Default::default())? {
        for candidate in mask.candidates {
            println!("{:5.1} %  {}", 100.0 * candidate.score, candidate.sequence);
        }
        println!();
    }
    Ok(())
}
