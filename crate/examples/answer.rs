//! Answers a question from a text, with a BERT (or DistilBERT, RoBERTa, ALBERT) that was fine-tuned for it.
//!
//! `cargo run --release -p cloze --example answer -- FOLDER "Where is it?" "It is in the box."`

use std::error::Error;

use cloze::tasks::AnswerOptions;
use cloze::weights::DType;
use cloze::Pretrained;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, question, context] = &args[..] else {
        return Err("usage: answer FOLDER QUESTION TEXT. No model for it comes with Cloze: download the files of \
                    huggingface.co/distilbert/distilbert-base-cased-distilled-squad into FOLDER."
            .into());
    };
    let model = Pretrained::from_dir(folder, DType::Q8)?;
    let task = model.question_answering()?;
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
