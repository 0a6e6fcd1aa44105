//! Every task from the command line; `cloze --help` lists them.

use std::process::ExitCode;

fn main() -> ExitCode {
    cloze::cli::main()
}
