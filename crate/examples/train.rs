//! Trains a small GPT (or BERT, ELMo, XLNet) on a text file, says how the loss falls and what it writes, and saves the folder:
//!
//! ```sh
//! cargo run --release -p cloze --features train --example train -- book.txt gpt OUT [STEPS]
//! ```
//!
//! The folder opens with `ModelLoader`, in the playground ("Models"), and with transformers' `from_pretrained`. A run
//! that was stopped goes on from `OUT/checkpoint`.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use cloze::sampling::SamplingOptions;
use cloze::tasks::{FillMask, GenerationOptions, Generator};
use cloze::train::{Architecture, Folder, Settings, Size, Training};

fn main() -> Result<(), Box<dyn Error>> {
    // Candle's own threads wait in busy loops, which take the processor from those that multiply.
    if env::var_os("CANDLE_NUM_THREADS").is_none() {
        env::set_var("CANDLE_NUM_THREADS", "1");
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [text, model, out, rest @ ..] = arguments.as_slice() else {
        return Err("usage: train TEXT gpt|bert|elmo|xlnet OUT [STEPS]".into());
    };
    let architecture: Architecture = serde_json::from_value(model.as_str().into())?;
    let (text, out) = (fs::read_to_string(text)?, Path::new(out));
    fs::create_dir_all(out)?;
    let mut settings = Settings::new(architecture, Size::Medium);
    if let Some(steps) = rest.first() {
        settings.steps = steps.parse()?;
    }
    let kept = out.join("checkpoint");
    let mut training = match fs::read(&kept) {
        Ok(bytes) => Training::resume(&bytes, &text)?,
        Err(_) => Training::new(settings, &text)?,
    };
    let levels = training.levels();
    println!(
        "{} weights, {} tokens in the vocabulary; uniform {:.2}, unigram {:.2}, bigram {:.2} nats",
        training.weights(),
        training.tokenizer().vocab_size(),
        levels.uniform,
        levels.unigram,
        levels.bigram,
    );
    let (mut tokens, mut time) = (0, Duration::ZERO);
    while !training.is_over() {
        let started = Instant::now();
        let report = training.step()?;
        time += started.elapsed();
        tokens += report.tokens;
        if report.step % 100 == 99 || training.is_over() {
            let held_out = training.evaluate(8)?;
            let speed = tokens as f64 / time.as_secs_f64();
            let parts = held_out
                .parts
                .iter()
                .map(|part| format!("{} {:.3}", part.name, part.loss));
            let parts = parts.collect::<Vec<_>>().join(", ");
            println!(
                "step {}: {:.3}; held out {parts}; {speed:.0} tokens/s",
                report.step, report.loss
            );
            println!("  {}", sample(&training.folder()?, architecture)?);
            fs::write(&kept, training.checkpoint()?)?;
        }
    }
    for (name, bytes) in training.folder()?.files() {
        fs::write(out.join(name), bytes)?;
    }
    Ok(())
}

/// What the model writes, or guesses, as it is now.
fn sample(folder: &Folder, architecture: Architecture) -> Result<String, Box<dyn Error>> {
    if !matches!(architecture, Architecture::Gpt | Architecture::Bert) {
        return Ok("(this model is only trained here)".into());
    }
    let (model, tokenizer) = folder.open()?;
    let tokenizer = Arc::new(tokenizer);
    if architecture == Architecture::Bert {
        let text = "He was at the [MASK].";
        let masks =
            FillMask::new(model.into_encoder()?, tokenizer)?.predict(text, &Default::default())?;
        let words = masks[0]
            .candidates
            .iter()
            .take(5)
            .map(|c| c.token_str.clone());
        return Ok(format!("{text} {}", words.collect::<Vec<_>>().join(", ")));
    }
    let prompt = "The";
    let options = GenerationOptions {
        max_new_tokens: 40,
        sampling: SamplingOptions {
            do_sample: true,
            seed: 1,
            ..Default::default()
        },
        ..Default::default()
    };
    let generator = Generator::new(model.into_decoder()?, tokenizer, prompt, options)?;
    let mut text = String::from(prompt);
    for piece in generator {
        text.push_str(&piece?.text);
    }
    Ok(text.replace('\n', " "))
}
