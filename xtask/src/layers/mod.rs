//! Who may import whom: `xtask/layers.txt` holds the table, and nowhere do files import each other in a circle.
//!
//! A name that a face (`mod.rs`, `index.ts`) only hands on is looked up in the file that defines it, so that a
//! circle through a face is found, and handing on is none. Tests may import anything; nothing else may import them.

mod circles;
mod graph;
mod rust;
mod table;
mod tokens;
mod typescript;

use crate::failure::{usage, Failure, Result};
use crate::paths;
use graph::Graph;
use std::path::{Path, PathBuf};
use table::{Table, TABLE};

/// Folders of Rust and of TypeScript or JavaScript that are read.
const RUST: &[&str] = &[
    "crate/src",
    "xtask/src",
    "tests/evaluate/src",
    "tests/bench/kernels/src",
];
const SCRIPTS: &[&str] = &[
    "pkg/src",
    "pkg/scripts",
    "web/src",
    "web/build",
    "web/service-worker",
    "tests",
];

/// `cargo xtask layers`: the check alone, or the rows that would allow what is there.
pub fn run(args: &[String]) -> Result {
    let (root, args) = match args {
        [option, folder, rest @ ..] if option == "--in" => (PathBuf::from(folder), rest),
        _ => (paths::root(), args),
    };
    match args {
        [] => {
            println!("{}", check(&root)?);
            Ok(())
        }
        [show] if show == "--show" => {
            let (table, graph) = (Table::read(&root)?, read(&root)?);
            print!("{}", table.rows_as_they_are(&graph));
            Ok(())
        }
        _ => Err(usage(
            "`layers` takes only `--in` with a folder, and `--show`",
        )),
    }
}

fn read(root: &Path) -> Result<Graph> {
    let mut graph = Graph::default();
    for folder in RUST {
        graph.read_rust(root, folder)?;
    }
    for folder in SCRIPTS {
        graph.read_scripts(root, folder)?;
    }
    Ok(graph)
}

/// Checks the repository in `root`; says in one line what was looked at.
pub fn check(root: &Path) -> Result<String> {
    let (table, graph) = (Table::read(root)?, read(root)?);
    let mut problems = table.problems(&graph);
    problems.extend(circles::problems(&graph));
    if problems.is_empty() {
        return Ok(format!(
            "{} files with {} imports of each other, no circle",
            graph.files.len(),
            graph.imports.len()
        ));
    }
    for problem in &problems {
        eprintln!("{problem}\n");
    }
    Err(Failure::new(format!(
        "{} imports against the order of the house",
        problems.len()
    ))
    .fix(format!(
        "import from below only, or move what both need into a file below both; the table is {TABLE}"
    )))
}

#[cfg(test)]
mod tests;
