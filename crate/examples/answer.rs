//! Answers a question from a text, with a BERT (or DistilBERT, RoBERTa, ALBERT) that was fine-tuned for it.
//!
//! `cargo run --release -p cloze --example answer -- FOLDER "Where is it?" "It is in the box."`

use std::error::Error;
use std::fs;
use std::sync::Arc;

use cloze::models::ModelLoader;
use cloze::tasks::{AnswerOptions, QuestionAnswering};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, question, context] = &args[..] else {
        return Err("usage: answer FOLDER QUESTION TEXT".into());
    };
    let read = |name: &str| fs::read(format!("{folder}/{name}"));
    let mut loader = ModelLoader::new(Some(&read("config.json")?), DType::Q8)?;
    loader.push(&read("model.safetensors")?)?;
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(&read("tokenizer.json")?),
        ..Default::default()
    })?;
    let task = Arc::new(QuestionAnswering::new(
        loader.finish()?,
        Arc::new(tokenizer),
    )?);
    let options = AnswerOptions {
        top_k: 3,
        ..Default::default()
    };
    let found = task.answer(question, context, options)?;
    for answer in found.answers {
        println!(
            "{:5.1} %  {}  {:?}",
            100.0 * answer.score,
            answer.answer,
            answer.range
        );
    }
    println!("{:5.1} %  (no answer)", 100.0 * found.null_score);
    Ok(())
}
