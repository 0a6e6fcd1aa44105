//! `cargo xtask evaluate`: the quality of the models that the playground starts with, on held-out
//! text, through the native core and on the weights as shipped.

mod args;
mod bert;
mod data;
mod failure;
mod gpt;
mod model;
mod random;
mod report;
mod rouge;
mod text;

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use args::Args;
use data::Data;
use failure::{Failure, Result};
use report::Report;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match evaluate(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nevaluate: {failure}");
            if let Failure::Usage(_) = failure {
                eprintln!("\n{}", args::USAGE);
            }
            ExitCode::FAILURE
        }
    }
}

fn evaluate(args: &[String]) -> Result<()> {
    let args = Args::parse(args)?;
    let started = Instant::now();
    let data = Data::read(&args.data, args.train.as_deref())?;
    let mut report = Report::default();
    if let Some(folder) = &args.bert {
        bert::evaluate(folder, args.dtype, &data, &mut report)?;
    }
    if let Some(folder) = &args.gpt {
        gpt::evaluate(
            folder,
            args.dtype,
            args.judge.as_deref(),
            &data,
            &mut report,
        )?;
    }
    println!("\n{}", report.table());
    eprintln!("{} s", started.elapsed().as_secs());
    if let Some(path) = &args.out {
        fs::write(path, report.json()).map_err(Failure::file(path))?;
    }
    Ok(())
}
