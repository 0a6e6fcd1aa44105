//! The program `cloze` (feature `cli`): every task from the command line, with the options of the JavaScript API. `--json`
//! prints what the API returns; `cloze replay` runs again what the playground saved.
//!
//! `task` (the table of tasks and options) → `options`, `input`, `args` (what is asked for) → `results`, `run` with `vectors` and
//! `writing` (what comes of it) → `json`, `show` (printed) and `record` (saved, and run again).

mod args;
mod failure;
mod input;
mod json;
mod options;
mod raw;
mod record;
mod results;
mod run;
mod show;
mod task;
mod vectors;
mod writing;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;

use crate::pretrained::{default_model, Pretrained};
use failure::{Failure, Result};
use record::{Record, Run};
use task::Task;

/// A replayed run that is not the same.
const DIFFERENT: u8 = 1;
/// Wrong use, and whatever else goes wrong.
const TROUBLE: u8 = 2;

/// Does what the command line says; errors go to standard error.
pub fn main() -> ExitCode {
    // Of clap's own: help and versions end with 0, wrong use with 2.
    let matches = args::command().get_matches();
    let done = match matches.subcommand() {
        Some(("replay", matches)) => replay(matches),
        Some((name, matches)) => match Task::ALL.into_iter().find(|task| task.command() == name) {
            Some(task) => perform(task, matches).map(|()| ExitCode::SUCCESS),
            None => Err(Failure::Use(format!("\"{name}\" is no task"))),
        },
        None => Err(Failure::Use("there is no task".into())),
    };
    done.unwrap_or_else(|failure| {
        eprintln!("cloze: {failure}");
        ExitCode::from(TROUBLE)
    })
}

/// Runs a task, prints its result, and saves the run if that is asked for.
fn perform(task: Task, matches: &ArgMatches) -> Result<()> {
    let mut options = args::options(task, matches)?;
    let input = args::input(task, matches)?;
    let dtype = args::dtype(matches);
    let path = model_path(task, matches.get_one("model"))?;
    let model = Pretrained::from_dir(&path, dtype)?;
    let (as_json, save) = (matches.get_flag("json"), matches.get_one::<PathBuf>("save"));
    if matches!(task, Task::Generate | Task::Chat | Task::Summarize) {
        options.set(task::SEED, options::number(options.seed()));
    }
    // One text is shown while it is written.
    let one = options.number("num_return_sequences").unwrap_or(1.0) == 1.0;
    let streams = !as_json && one && matches!(task, Task::Generate | Task::Chat);
    let mut begun = false;
    let mut hear = |text: &str| {
        if streams && !begun {
            begun = true;
            print(show::prompt(&input));
        }
        if streams {
            print(text);
        }
    };
    let output = run::run(task, &model, &input, &options, &mut hear)?;
    if as_json {
        println!("{}", json::stringify(&output).map_err(unwritable)?);
    } else {
        println!("{}", show::show(task, &input, &output));
    }
    let Some(file) = save else {
        return Ok(());
    };
    let run = Run {
        task,
        model_name: &path.to_string_lossy(),
        weights: model.weight_files(),
        dtype,
        input: &input,
        options: &options,
    };
    let text = record::record(&run, &output)?;
    fs::write(file, text).map_err(|error| Failure::Use(format!("{}: {error}", file.display())))
}

/// Prints at once. A reader who has left ends nothing.
fn print(text: &str) {
    let mut out = io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn unwritable(error: serde_json::Error) -> Failure {
    Failure::Use(format!("the result cannot be written as JSON: {error}"))
}

/// Runs a saved run again.
fn replay(matches: &ArgMatches) -> Result<ExitCode> {
    let file = matches.get_one::<PathBuf>("run");
    let file = file.ok_or_else(|| Failure::Use("there is no run".into()))?;
    let saved = Record::read(file)?;
    let path = model_path(saved.task, matches.get_one("model"))?;
    let model = Pretrained::from_dir(&path, saved.dtype)?;
    if let Some(other) = saved.other_weights(model.weight_files())? {
        let name = &saved.model_name;
        println!("not the same model: the run was made with \"{name}\"\n{other}");
        return Ok(ExitCode::from(DIFFERENT));
    }
    let (input, options) = (&saved.input, &saved.options);
    let output = run::run(saved.task, &model, input, options, &mut |_| ())?;
    if let Some(difference) = saved.difference(&output)? {
        println!("not the same\n{difference}");
        return Ok(ExitCode::from(DIFFERENT));
    }
    println!("same");
    if !saved.names_weights() {
        println!("(the run does not name the model's weights, so they were not compared)");
    }
    Ok(ExitCode::SUCCESS)
}

/// The model that is named, or the default one.
fn model_path(task: Task, named: Option<&PathBuf>) -> Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.clone());
    }
    let example = task.suitable_model();
    let Some(name) = task.default_model() else {
        return Err(Failure::Use(format!(
            "no model for {} comes with Cloze. Pass --model with a folder in Hugging Face's layout (or a .gguf file) whose \
             model was made for it, such as {example}.",
            task.command()
        )));
    };
    Ok(default_model(name)?)
}
