//! The crate as it would be published: which files are packed, and that none of them needs one that is not.

use crate::failure::{Failure, Result};
use crate::{paths, process};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// What has to be there.
const NEEDED: [&str; 7] = [
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "examples/fill_mask.rs",
    "src/bin/cloze.rs",
    "tests/pretrained.rs",
];

/// Where files may lie, apart from the crate's own folder.
const FOLDERS: [&str; 3] = ["src", "examples", "tests"];

/// Bytes at most, not compressed.
const MOST: u64 = 2_600_000;

/// Checks the list of files. Returns what to print.
pub fn check() -> Result<Vec<String>> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(paths::root())
        .args([
            "package",
            "--package",
            "cloze",
            "--allow-dirty",
            "--offline",
        ])
        .args(["--no-verify", "--quiet", "--list"]);
    let listed = process::capture_printing(&mut cargo)?;
    let files: BTreeSet<&str> = listed.lines().collect();
    let root = paths::root().join("crate");
    let problems = [
        lacking(&files),
        strangers(&files),
        lost(&files, |file| {
            fs::read_to_string(root.join(file)).unwrap_or_default()
        }),
    ]
    .concat();
    let length = |file: &&str| fs::metadata(root.join(file)).map_or(0, |found| found.len());
    let bytes: u64 = files.iter().map(length).sum();
    if bytes > MOST {
        return Err(Failure::new(format!(
            "The packed crate has {bytes} bytes, above {MOST}."
        )));
    }
    if problems.is_empty() {
        let kilobytes = bytes / 1000;
        return Ok(vec![format!("{} files, {kilobytes} kB", files.len())]);
    }
    Err(Failure::new(problems.join("\n")).fix("`include` in crate/Cargo.toml says what is packed"))
}

fn lacking(files: &BTreeSet<&str>) -> Vec<String> {
    let lacks = NEEDED.iter().filter(|file| !files.contains(**file));
    lacks
        .map(|file| format!("The packed crate lacks {file}."))
        .collect()
}

/// Files that are packed by accident.
fn strangers(files: &BTreeSet<&str>) -> Vec<String> {
    let odd = files.iter().filter(|file| match file.split_once('/') {
        Some((folder, _)) => !FOLDERS.contains(&folder),
        None => false,
    });
    odd.map(|file| format!("The packed crate has {file}."))
        .collect()
}

/// Files that a packed file includes when it is compiled, and that are not packed.
fn lost(files: &BTreeSet<&str>, read: impl Fn(&str) -> String) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.ends_with(".rs")) {
        let text = read(file);
        for mark in ["include_str!(\"", "include_bytes!(\"", "#[path = \""] {
            for rest in text.split(mark).skip(1) {
                let named = rest.split('"').next().unwrap_or_default();
                let path = plain(&Path::new(file).with_file_name(named));
                if !files.contains(&*path) {
                    found.push(format!("{file} needs {path}, which is not packed."));
                }
            }
        }
    }
    found
}

/// A path without `..`, with slashes.
fn plain(path: &Path) -> String {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_included_must_be_packed() {
        let files = BTreeSet::from(["src/a/b.rs", "src/lib.rs", "tests/text.txt"]);
        let text = |file: &str| match file {
            "src/a/b.rs" => {
                r#"include_str!("../../tests/text.txt"); include_str!("../../../models/x.json");"#
            }
            _ => "",
        };
        let found = lost(&files, |file| text(file).into());
        assert_eq!(
            found,
            ["src/a/b.rs needs ../models/x.json, which is not packed."]
        );
    }

    #[test]
    fn what_lacks_and_what_is_odd_is_named() {
        let mut files = BTreeSet::from(NEEDED);
        assert!(lacking(&files).is_empty() && strangers(&files).is_empty());
        files.remove("README.md");
        files.insert("models/bert/model.gguf");
        assert_eq!(lacking(&files), ["The packed crate lacks README.md."]);
        assert_eq!(
            strangers(&files),
            ["The packed crate has models/bert/model.gguf."]
        );
    }
}
