//! The table of who may import whom.

use super::graph::{Graph, Import};
use crate::failure::{Failure, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where the table stands.
pub const TABLE: &str = "xtask/layers.txt";

/// A folder, and which of the things in it may import which others.
struct Section {
    folder: String,
    /// The names of files without ending, or of folders; with the line of the row.
    rows: BTreeMap<String, (BTreeSet<String>, usize)>,
}

/// Sections by folder.
pub struct Table {
    sections: Vec<Section>,
}

impl Table {
    /// The repository's.
    pub fn read(root: &Path) -> Result<Self> {
        Self::parse(&crate::failure::read(&root.join(TABLE))?)
    }

    /// Rows that allow what is there now, in the sections of this table.
    pub fn rows_as_they_are(&self, graph: &Graph) -> String {
        let mut rows: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        let sections = || self.sections.iter().map(|section| &*section.folder);
        for (file, is_test) in &graph.files {
            for folder in sections().filter(|_| !is_test) {
                if let Some(unit) = unit_in(folder, file) {
                    rows.entry((folder, unit)).or_default();
                }
            }
        }
        for import in graph
            .imports
            .iter()
            .filter(|import| !graph.files[&import.from])
        {
            let Some((folder, from, to)) = parted(&import.from, &import.to) else {
                continue;
            };
            if let Some(row) = rows.get_mut(&(folder, from)).filter(|_| from != to) {
                row.insert(to);
            }
        }
        let mut shown = String::new();
        for folder in sections() {
            let shown_folder = if folder.is_empty() { "/" } else { folder };
            shown.push_str(&format!("[{shown_folder}]\n"));
            for ((_, name), allowed) in rows.iter().filter(|((of, _), _)| *of == folder) {
                let allowed: Vec<_> = allowed.iter().copied().collect();
                shown.push_str(&format!("{name}: {}\n", allowed.join(" ")));
            }
        }
        shown
    }

    /// Reads the table: its own head says how it is written.
    pub fn parse(text: &str) -> Result<Self> {
        let mut sections: Vec<Section> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            let wrong = |what: &str| Failure::new(format!("{TABLE}:{}: {what}", at + 1));
            if line.is_empty() {
                continue;
            }
            if let Some(folder) = line.strip_prefix('[') {
                sections.push(Section {
                    folder: folder.trim_end_matches(']').trim_matches('/').to_owned(),
                    rows: BTreeMap::new(),
                });
                continue;
            }
            let (names, allowed) = line
                .split_once(':')
                .ok_or_else(|| wrong("a row is `names: what they may import`"))?;
            let section = sections
                .last_mut()
                .ok_or_else(|| wrong("a row before the first [folder]"))?;
            // `*` is everything in the rows above.
            let above: BTreeSet<String> = section.rows.keys().cloned().collect();
            let mut row: BTreeSet<String> = allowed.split_whitespace().map(str::to_owned).collect();
            if row.remove("*") {
                row.extend(above);
            }
            for name in names.split_whitespace() {
                let row = (row.clone(), at + 1);
                if section.rows.insert(name.to_owned(), row).is_some() {
                    return Err(wrong(&format!("a second row for {name}")));
                }
            }
        }
        Ok(Self { sections })
    }

    /// What to say of each import that the table does not allow, and of rows for what is not there.
    pub fn problems(&self, graph: &Graph) -> Vec<String> {
        let mut problems = Vec::new();
        for import in &graph.imports {
            if graph.files[&import.from] {
                continue;
            }
            if graph.files[&import.to] {
                problems.push(format!(
                    "{}:{}: {} is in {}, which is there for tests only",
                    import.from, import.line, import.what, import.to
                ));
            }
            problems.extend(self.problem(import));
        }
        for section in &self.sections {
            problems.extend(section.stale(graph));
        }
        problems
    }

    fn problem(&self, import: &Import) -> Option<String> {
        let (folder, from, to) = parted(&import.from, &import.to)?;
        let section = self
            .sections
            .iter()
            .find(|section| section.folder == folder)?;
        // A face may hand on, and use, all that lies beside it.
        if from == to || is_face(from) {
            return None;
        }
        let place = format!(
            "{}:{}: {} is in {}",
            import.from, import.line, import.what, import.to
        );
        let Some((allowed, line)) = section.rows.get(from) else {
            return Some(format!(
                "{place}\n  {from} has no row in {TABLE} under [{folder}]"
            ));
        };
        if allowed.contains(to) {
            return None;
        }
        let list: Vec<&str> = allowed.iter().map(String::as_str).collect();
        let list = if list.is_empty() {
            "nothing".to_owned()
        } else {
            list.join(", ")
        };
        Some(format!(
            "{place}\n  {from} may not import {to} ({TABLE}:{line}, [{folder}]); it may import {list}"
        ))
    }
}

impl Section {
    /// Rows and permissions for what is not in the folder.
    fn stale(&self, graph: &Graph) -> Vec<String> {
        let there: BTreeSet<&str> = graph
            .files
            .keys()
            .filter_map(|file| unit_in(&self.folder, file))
            .collect();
        let mut problems = Vec::new();
        for (name, (allowed, line)) in &self.rows {
            let names = std::iter::once(name)
                .chain(allowed.iter().filter(|name| !self.rows.contains_key(*name)));
            for gone in names.filter(|name| !there.contains(name.as_str())) {
                problems.push(format!(
                    "{TABLE}:{line}: there is no {gone} in {}",
                    self.folder
                ));
            }
        }
        problems
    }
}

/// The folder that holds both files, and what each of them is in it.
fn parted<'a>(from: &'a str, to: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
    let same = from
        .bytes()
        .zip(to.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let Some(slash) = from[..same].rfind('/') else {
        return Some(("", unit(from)?, unit(to)?));
    };
    let (from_rest, to_rest) = (&from[slash + 1..], &to[slash + 1..]);
    Some((&from[..slash], unit(from_rest)?, unit(to_rest)?))
}

/// What a file is in a folder, if it is in it.
fn unit_in<'a>(folder: &str, file: &'a str) -> Option<&'a str> {
    if folder.is_empty() {
        return unit(file);
    }
    unit(file.strip_prefix(folder)?.strip_prefix('/')?)
}

/// A folder's name, or a file's without its ending.
fn unit(path: &str) -> Option<&str> {
    let first = path.split('/').next()?;
    if first.len() < path.len() {
        return Some(first);
    }
    first.split('.').next()
}

fn is_face(unit: &str) -> bool {
    matches!(unit, "mod" | "lib" | "main" | "index")
}
