//! What a Rust file imports, declares and re-exports, read from its tokens.

use super::tokens::{tokens, without_tests, Token};
use std::collections::BTreeSet;

/// A path that names something of the crate.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// From the crate's root, `crate` itself left out; the last is `*` for everything.
    pub path: Vec<String>,
    /// Under which name it is known here.
    pub name: String,
    /// Where it stands.
    pub line: usize,
    /// Whether it is only handed on: a `pub use` of a name that the file does not use itself.
    pub handed_on: bool,
}

/// A file as the check sees it.
#[derive(Debug, Default)]
pub struct Source {
    /// All that it names of its crate.
    pub imports: Vec<Import>,
    /// What it hands on: the same as some of the imports, whether it uses them itself or not.
    pub re_exports: Vec<Import>,
    /// Names of items that it defines.
    pub defines: BTreeSet<String>,
    /// Names of modules in files of their own that are compiled for tests only.
    pub test_modules: BTreeSet<String>,
}

/// Words after which an item's name stands.
const ITEMS: [&str; 10] = [
    "fn",
    "struct",
    "enum",
    "trait",
    "const",
    "static",
    "type",
    "union",
    "mod",
    "macro_rules",
];

/// Reads a file. `module` is its path in the crate, `children` are the modules below it that have files.
pub fn read(text: &str, module: &[String], children: &BTreeSet<String>) -> Source {
    let mut source = Source::default();
    let tokens = without_tests(tokens(text), &mut source.test_modules);
    let mut reader = Reader {
        tokens: &tokens,
        module: module.to_vec(),
        children,
        source,
    };
    reader.read();
    reader.mark_used();
    reader.source
}

struct Reader<'a> {
    tokens: &'a [Token],
    module: Vec<String>,
    children: &'a BTreeSet<String>,
    source: Source,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    fn read(&mut self) {
        let mut at = 0;
        // Modules written into this file: `super` in them is this file.
        let (mut depth, mut inner) = (0, Vec::new());
        while at < self.tokens.len() {
            match self.text(at) {
                "{" => {
                    depth += 1;
                    at += 1;
                }
                "}" => {
                    if inner.last() == Some(&depth) {
                        inner.pop();
                    }
                    depth -= 1;
                    at += 1;
                }
                "mod" if self.text(at + 2) == "{" => {
                    inner.push(depth + 1);
                    self.source.defines.insert(self.text(at + 1).to_owned());
                    at += 2;
                }
                "use" => at = self.use_statement(at, inner.len()),
                word if ITEMS.contains(&word) => {
                    // `macro_rules! name`; a module with a file is no item.
                    let name = at + 1 + usize::from(self.text(at + 1) == "!");
                    if word != "mod" {
                        self.source.defines.insert(self.text(name).to_owned());
                    }
                    at = name;
                }
                "crate" | "super" | "self" if self.text(at + 1) == "::" => {
                    at = self.inline_path(at, inner.len());
                }
                word if self.text(at + 1) == "::"
                    && (at == 0 || self.text(at - 1) != "::")
                    && inner.is_empty()
                    && self.children.contains(word) =>
                {
                    at = self.inline_path(at, 0);
                }
                _ => at += 1,
            }
        }
    }

    /// `use a::{b, c as d};`, with what stands before it: is it handed on?
    fn use_statement(&mut self, at: usize, inside: usize) -> usize {
        let public = at > 0 && (self.text(at - 1) == "pub" || self.text(at - 1) == ")");
        let mut found = Vec::new();
        let end = self.tree(at + 1, Vec::new(), &mut found);
        for (segments, name, line) in found {
            let Some(path) = self.absolute(&segments, inside) else {
                continue;
            };
            let import = Import {
                path,
                name,
                line,
                handed_on: public,
            };
            if public {
                self.source.re_exports.push(import.clone());
            }
            self.source.imports.push(import);
        }
        end
    }

    /// Reads a branch of a use tree; returns where it ends.
    fn tree(
        &self,
        mut at: usize,
        mut path: Vec<String>,
        found: &mut Vec<(Vec<String>, String, usize)>,
    ) -> usize {
        loop {
            let line = self.tokens.get(at).map_or(0, |token| token.line);
            match self.text(at) {
                "{" => {
                    at += 1;
                    while !matches!(self.text(at), "}" | "") {
                        at = self.tree(at, path.clone(), found);
                        if self.text(at) == "," {
                            at += 1;
                        }
                    }
                    return at + 1;
                }
                "::" => at += 1,
                "," | "}" | ";" | "" => return at,
                word => {
                    let word = word.to_owned();
                    at += 1;
                    // `a::{self}` is `a`.
                    if word != "self" || path.is_empty() {
                        path.push(word.clone());
                    }
                    if self.text(at) == "::" {
                        continue;
                    }
                    let mut name = path.last().cloned().unwrap_or_default();
                    if self.text(at) == "as" {
                        name = self.text(at + 1).to_owned();
                        at += 2;
                    }
                    found.push((path, name, line));
                    return at;
                }
            }
        }
    }

    /// `crate::a::b` in the middle of code.
    fn inline_path(&mut self, at: usize, inside: usize) -> usize {
        let mut segments = vec![self.text(at).to_owned()];
        let mut end = at + 1;
        while self.text(end) == "::" && self.is_word(end + 1) {
            segments.push(self.text(end + 1).to_owned());
            end += 2;
        }
        // `pub(in crate::a)` imports nothing.
        let visibility = at > 0 && self.text(at - 1) == "in";
        if let Some(path) = self.absolute(&segments, inside).filter(|_| !visibility) {
            self.source.imports.push(Import {
                name: path.last().cloned().unwrap_or_default(),
                path,
                line: self.tokens[at].line,
                handed_on: false,
            });
        }
        end
    }

    fn is_word(&self, at: usize) -> bool {
        self.text(at)
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
    }

    /// The path from the crate's root; nothing where it leads into another crate. `inside`: in how many modules
    /// of the file it stands.
    fn absolute(&self, segments: &[String], mut inside: usize) -> Option<Vec<String>> {
        let mut module = self.module.clone();
        let mut rest = segments;
        match &*segments[0] {
            "crate" => {
                module.clear();
                rest = &segments[1..];
            }
            "self" => {
                rest = &segments[1..];
                if inside > 0 {
                    return None;
                }
            }
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    rest = &rest[1..];
                    if inside > 0 {
                        inside -= 1;
                    } else {
                        module.pop();
                    }
                }
                // Still inside this file.
                if inside > 0 {
                    return None;
                }
            }
            child if inside == 0 && self.children.contains(child) => {}
            _ => return None,
        }
        module.extend(rest.iter().cloned());
        Some(module)
    }

    /// A name that the file uses itself is not merely handed on.
    fn mark_used(&mut self) {
        let mut used = BTreeSet::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if self.text(at) == "use" {
                while !matches!(self.text(at), ";" | "") {
                    at += 1;
                }
            } else if self.text(at) == "mod" {
                at += 1;
            } else {
                used.insert(&*self.tokens[at].text);
            }
            at += 1;
        }
        for import in &mut self.source.imports {
            import.handed_on &= import.name == "*" || !used.contains(&*import.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let children = BTreeSet::from(["child".to_owned()]);
        let source = read(text, &["a".into(), "b".into()], &children);
        let imports = source.imports.iter();
        imports.map(|import| import.path.join("::")).collect()
    }

    #[test]
    fn use_trees_are_taken_apart() {
        assert_eq!(
            paths("use crate::x::{self, y::{Z, w as v}, *};\nuse std::fmt;"),
            ["x", "x::y::Z", "x::y::w", "x::*"]
        );
        assert_eq!(
            paths("use super::c::D; use super::super::e; use self::child::F; use child::G;"),
            ["a::c::D", "e", "a::b::child::F", "a::b::child::G"]
        );
    }

    #[test]
    fn renamed_imports_keep_their_path() {
        let source = read("use crate::x::A as B;", &[], &BTreeSet::new());
        assert_eq!(source.imports[0].name, "B");
        assert_eq!(source.imports[0].path, ["x", "A"]);
    }

    #[test]
    fn paths_in_code_are_imports_too() {
        assert_eq!(
            paths("fn f() -> crate::x::Y { child::g::<u8>(); super::h(); other::i() }"),
            ["x::Y", "a::b::child::g", "a::h"]
        );
        assert_eq!(paths("pub(in crate::x) fn f() {}"), [""; 0]);
    }

    #[test]
    fn comments_strings_and_tests_are_left_out() {
        let text = r##"
            // use crate::a;
            /* use crate::b; /* use crate::c; */ */
            const T: &str = "use crate::d; \" use crate::e;";
            const R: &str = r#"use crate::f; " "#;
            fn f<'a>(c: &'a str) -> char { '"' }
            const C: char = '\'';
            #[cfg(test)]
            mod tests { use crate::g; fn h() { if true { crate::i::j() } } }
            #[cfg(all(test, unix))]
            use crate::k;
            use crate::l;
        "##;
        assert_eq!(paths(text), ["l"]);
    }

    #[test]
    fn modules_within_the_file_are_the_file() {
        assert_eq!(
            paths(
                "mod m { use super::T; use super::super::c; fn f() { super::g() } } use super::d;"
            ),
            ["a::b::T", "a::c", "a::b::g", "a::d"]
        );
    }

    #[test]
    fn what_is_handed_on_and_what_is_used() {
        let text = "mod A; pub use child::{A, B}; pub(crate) use super::c::D; fn f(b: B) {}";
        let source = read(
            text,
            &["a".into(), "b".into()],
            &BTreeSet::from(["child".into()]),
        );
        let handed: Vec<_> = source.imports.iter().map(|i| i.handed_on).collect();
        assert_eq!(handed, [true, false, true]);
        assert_eq!(source.re_exports.len(), 3);
        assert!(source.defines.contains("f"));
    }
}
