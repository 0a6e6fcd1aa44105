//! Labels of a text or of a pair, and of its tokens, with a model that was fine-tuned for either.
//!
//! `cargo run --release -p cloze --example classify -- FOLDER "What a nice day." ["A second text."]`

use std::error::Error;

use cloze::tasks::{AggregationStrategy, ClassificationOptions, TaggingOptions};
use cloze::weights::DType;
use cloze::Pretrained;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, text, pair @ ..] = &args[..] else {
        return Err("usage: classify FOLDER TEXT [SECOND TEXT]. No model for it comes with Cloze: download the files of \
                    huggingface.co/distilbert/distilbert-base-uncased-finetuned-sst-2-english (or, for names, of \
                    dslim/bert-base-NER) into FOLDER."
            .into());
    };
    let opened = Pretrained::from_dir(folder, DType::Q8)?;
    if opened.model.info().heads.token_classification {
        let task = opened.token_classification()?;
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
    let task = opened.text_classification()?;
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
