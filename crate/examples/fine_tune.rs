//! Fine-tunes a model on a table of examples, says how it does on those held back, and saves the folder:
//!
//! ```sh
//! cargo run --release -p cloze --features train --example fine_tune -- models/bert pkg/texts/tables/authors.json OUT [SETTINGS.json]
//! ```
//!
//! Tables are those of the playground: `labels` and `examples` of texts or of words, or `examples` of questions, with the
//! `held_out_share`. The folder opens with `ModelLoader`, in the playground ("Models"), and with transformers'
//! `from_pretrained` (tests/parity/tuned.py).

use std::error::Error;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use cloze::train::files::Files;
use cloze::train::tuning::{FineTuning, TuneData, TuneSettings, TuneTask};
use serde_json::{json, Value};

fn main() -> Result<(), Box<dyn Error>> {
    // Candle's own threads wait in busy loops, which take the processor from those that multiply.
    if env::var_os("CANDLE_NUM_THREADS").is_none() {
        env::set_var("CANDLE_NUM_THREADS", "1");
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [model, table, out, rest @ ..] = arguments.as_slice() else {
        return Err("usage: fine_tune MODEL TABLE.json OUT [SETTINGS.json]".into());
    };
    let table: Value = serde_json::from_slice(&fs::read(table)?)?;
    let mut settings: Value = match rest.first() {
        Some(file) => serde_json::from_slice(&fs::read(file)?)?,
        None => json!({}),
    };
    let example = &table["examples"][0];
    let task = if example["question"].is_string() {
        TuneTask::QuestionAnswering
    } else if example["words"].is_array() {
        TuneTask::TokenClassification
    } else {
        TuneTask::TextClassification
    };
    settings["task"] = serde_json::to_value(task)?;
    if table["held_out_share"].is_number() && settings["held_out_share"].is_null() {
        settings["held_out_share"] = table["held_out_share"].clone();
    }
    let settings: TuneSettings = serde_json::from_value(settings)?;
    let begun = Instant::now();
    let mut run = FineTuning::new(files(Path::new(model))?, settings, data(table, task)?)?;
    println!("{:?}", run.info());
    while !run.is_over() {
        let report = run.step()?;
        if report.step % 10 == 9 || run.is_over() {
            let parts: Vec<_> = (report.parts.iter())
                .map(|part| format!("{} {:.3}", part.name, part.loss))
                .collect();
            println!("step {}: {}", report.step, parts.join(", "));
        }
    }
    println!("learnt in {:.1?}", begun.elapsed());
    let evaluation = run.evaluate()?;
    println!(
        "held out: loss {:.3}, {:.1} % right, exact {:?}, F1 {:?}\n{:?}",
        evaluation.loss,
        100.0 * evaluation.accuracy,
        evaluation.exact_match,
        evaluation.f1,
        evaluation.confusion
    );
    let out = Path::new(out);
    fs::create_dir_all(out)?;
    for (name, bytes) in run.folder()? {
        fs::write(out.join(name), bytes)?;
    }
    // For tests/parity/tuned.py: what transformers is to say as well.
    fs::write(
        out.join("evaluation.json"),
        serde_json::to_vec(&evaluation)?,
    )?;
    Ok(())
}

/// All files of a folder that a model may need.
fn files(folder: &Path) -> Result<Files, Box<dyn Error>> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kinds = [".json", ".gguf", ".safetensors", ".txt", ".bin", ".jinja"];
        if kinds.iter().any(|kind| name.ends_with(kind)) {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(files)
}

/// The examples; tables have the places of answers in UTF-16 units, and each is found again by its text.
fn data(table: Value, task: TuneTask) -> Result<TuneData, Box<dyn Error>> {
    Ok(match task {
        TuneTask::TextClassification => TuneData::Texts(serde_json::from_value(table)?),
        TuneTask::TokenClassification => TuneData::Words(serde_json::from_value(table)?),
        TuneTask::QuestionAnswering => {
            let mut data: cloze::train::tuning::QuestionData = serde_json::from_value(table)?;
            for one in &mut data.examples {
                one.answer_start = one.context.find(&one.answer_text).unwrap_or(usize::MAX);
            }
            TuneData::Questions(data)
        }
    })
}
