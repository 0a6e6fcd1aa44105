//! Labels of a text or of a pair, and of its tokens, with a model that was fine-tuned for either.
//!
//! `cargo run --release -p cloze --example classify -- FOLDER "What a nice day." ["A second text."]`

use std::error::Error;
use std::fs;
use std::sync::Arc;

use cloze::models::ModelLoader;
use cloze::tasks::{
    AggregationStrategy, ClassificationOptions, TaggingOptions, TextClassification,
    TokenClassification,
};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, text, pair @ ..] = &args[..] else {
        return Err("usage: classify FOLDER TEXT [SECOND TEXT]".into());
    };
    let read = |name: &str| fs::read(format!("{folder}/{name}"));
    let mut loader = ModelLoader::new(Some(&read("config.json")?), DType::Q8)?;
    loader.push(&read("model.safetensors")?)?;
    let model = loader.finish()?;
    let tokenizer = Arc::new(Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(&read("tokenizer.json")?),
        ..Default::default()
    })?);
    if model.info().heads.token_classification {
        let task = Arc::new(TokenClassification::new(model, tokenizer)?);
        let options = TaggingOptions {
            aggregation_strategy: AggregationStrategy::Simple,
            ..Default::default()
        };
        for entity in task.tag(text, options)? {
            println!(
                "{:5.1} %  {}  {}",
                100.0 * entity.score,
                entity.label,
                entity.word
            );
        }
        return Ok(());
    }
    let task = TextClassification::new(model, tokenizer)?;
    let options = ClassificationOptions {
        top_k: 5,
        ..Default::default()
    };
    let pair = pair.first().map(String::as_str);
    for label in task.classify(text, pair, &options)?.labels {
        println!("{:8.4}  {}", label.score, label.label);
    }
    Ok(())
}
