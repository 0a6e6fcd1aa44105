//! The files and their imports of each other.

use super::{rust, typescript};
use crate::failure::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// One file imports another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Which imports.
    pub from: String,
    /// Which is imported: the file that defines the name.
    pub to: String,
    /// Where in `from`.
    pub line: usize,
    /// As a person would look for it.
    pub what: String,
    /// Whether the name is only handed on.
    pub handed_on: bool,
}

/// Paths are from the repository's root, with `/`.
#[derive(Debug, Default)]
pub struct Graph {
    /// All files, and whether each is a test's.
    pub files: BTreeMap<String, bool>,
    /// Those between different files; of several names on a line, one.
    pub imports: Vec<Import>,
}

impl Graph {
    /// Reads a crate's `src`.
    pub fn read_rust(&mut self, root: &Path, folder: &str) -> Result {
        let files = sources(root, folder, &["rs"])?;
        let names: BTreeMap<Vec<String>, String> = files
            .keys()
            .map(|file| (module_of(&file[folder.len() + 1..]), file.clone()))
            .collect();
        let mut sources: BTreeMap<Vec<String>, rust::Source> = BTreeMap::new();
        for (module, file) in &names {
            let children = names
                .keys()
                .filter(|other| other.len() == module.len() + 1 && other.starts_with(module))
                .filter_map(|other| other.last().cloned())
                .collect();
            sources.insert(module.clone(), rust::read(&files[file], module, &children));
        }
        let is_test = |module: &[String]| {
            (1..=module.len()).any(|end| {
                let parent = sources.get(&module[..end - 1]);
                parent.is_some_and(|parent| parent.test_modules.contains(&module[end - 1]))
            })
        };
        for (module, file) in &names {
            self.files.insert(file.clone(), is_test(module));
            for import in &sources[module].imports {
                let Some(target) = resolve(&import.path, &sources, 0) else {
                    continue;
                };
                self.add(Import {
                    from: file.clone(),
                    to: names[&target].clone(),
                    line: import.line,
                    what: format!("crate::{}", import.path.join("::")),
                    handed_on: import.handed_on,
                });
            }
        }
        Ok(())
    }

    /// Reads a folder of TypeScript or JavaScript.
    pub fn read_scripts(&mut self, root: &Path, folder: &str) -> Result {
        let texts = sources(root, folder, &["ts", "mts", "mjs", "js"])?;
        let imports: BTreeMap<&String, Vec<typescript::Import>> = texts
            .iter()
            .map(|(file, text)| (file, typescript::read(text)))
            .collect();
        for file in texts.keys() {
            let is_test = file.contains(".test.") || file.contains("/test-support/");
            self.files.insert(file.clone(), is_test);
        }
        for (file, found) in &imports {
            for import in found {
                let Some(direct) = script_at(file, &import.from, &texts) else {
                    continue;
                };
                let mut targets = BTreeSet::new();
                for (name, _) in &import.names {
                    targets.insert(defining(&direct, name, &imports, &texts, 0));
                }
                if targets.is_empty() {
                    targets.insert(direct);
                }
                for to in targets {
                    self.add(Import {
                        from: (*file).clone(),
                        to,
                        line: import.line,
                        what: format!("'{}'", import.from),
                        handed_on: import.handed_on,
                    });
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, import: Import) {
        let again = self.imports.last().is_some_and(|last| {
            (&last.from, &last.to, last.line, last.handed_on)
                == (&import.from, &import.to, import.line, import.handed_on)
        });
        if import.from != import.to && !again {
            self.imports.push(import);
        }
    }
}

/// `a/b.rs` and `a/b/mod.rs` are `a::b`.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if matches!(module.last().map(|s| &**s), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

/// The module whose file defines what a path names; nothing for what is in none.
fn resolve(
    path: &[String],
    sources: &BTreeMap<Vec<String>, rust::Source>,
    depth: usize,
) -> Option<Vec<String>> {
    let known = (0..=path.len())
        .rev()
        .find(|&end| sources.contains_key(&path[..end]))?;
    let (module, rest) = path.split_at(known);
    let source = &sources[module];
    let Some(name) = rest.first().filter(|name| *name != "*") else {
        return Some(module.to_vec());
    };
    // A face that hands a name on to itself would go round for ever.
    if source.defines.contains(name) || depth > 8 {
        return Some(module.to_vec());
    }
    let mut handed_on = source.re_exports.iter();
    if let Some(import) = handed_on.find(|import| import.name == *name) {
        let mut onward = import.path.clone();
        onward.extend_from_slice(&rest[1..]);
        return resolve(&onward, sources, depth + 1);
    }
    for import in &source.re_exports {
        let Some(("*", origin)) = import.path.split_last().map(|(last, rest)| (&**last, rest))
        else {
            continue;
        };
        let mut onward = origin.to_vec();
        onward.extend_from_slice(rest);
        let found = resolve(&onward, sources, depth + 1);
        if let Some(found) = found.filter(|found| sources[found].defines.contains(name)) {
            return Some(found);
        }
    }
    Some(module.to_vec())
}

/// The file that a relative import names.
fn script_at(file: &str, from: &str, texts: &BTreeMap<String, String>) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    // `./a.js` is compiled from `a.ts`.
    let stem = path.trim_end_matches(".js").trim_end_matches(".mjs");
    [
        path.clone(),
        format!("{stem}.ts"),
        format!("{stem}.mts"),
        format!("{path}/index.ts"),
    ]
    .into_iter()
    .find(|path| texts.contains_key(path))
}

/// Where a name that `file` exports comes from.
fn defining(
    file: &str,
    name: &str,
    imports: &BTreeMap<&String, Vec<typescript::Import>>,
    texts: &BTreeMap<String, String>,
    depth: usize,
) -> String {
    let found = imports.get(&file.to_owned()).filter(|_| depth < 8);
    for import in found
        .into_iter()
        .flatten()
        .filter(|import| import.handed_on)
    {
        let original = import.names.iter().find(|(_, here)| here == name);
        if let (Some((there, _)), Some(next)) = (original, script_at(file, &import.from, texts)) {
            return defining(&next, there, imports, texts, depth + 1);
        }
    }
    file.to_owned()
}

/// The files below a folder with one of these endings, with their texts.
fn sources(root: &Path, folder: &str, endings: &[&str]) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        // Not every tree has all of them.
        let Ok(entries) = fs::read_dir(&path) else {
            continue;
        };
        for entry in entries {
            let entry = entry.context(format!("read {}", path.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let file = format!("{folder}/{name}");
            if entry.path().is_dir() {
                if !matches!(&*name, "node_modules" | "dist" | "target") {
                    folders.push(file);
                }
            } else if endings.iter().any(|end| name.ends_with(&format!(".{end}"))) {
                let text = crate::failure::read(&entry.path())?;
                found.insert(file, text);
            }
        }
    }
    Ok(found)
}
