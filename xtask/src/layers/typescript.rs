//! What a TypeScript or JavaScript file imports and re-exports.
//!
//! Statements are read from lines that begin with `import` or `export`, as prettier writes them, and calls of
//! `import('…')` from any line that is no comment.

/// Something taken from another file of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// As it is written: `./a.js`.
    pub from: String,
    /// Names as they are called there, and here; none for all of it.
    pub names: Vec<(String, String)>,
    /// Where it stands.
    pub line: usize,
    /// `export … from`.
    pub handed_on: bool,
}

/// All relative imports of a file.
pub fn read(text: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let statement = ["import ", "import{", "export "]
            .iter()
            .any(|word| line.starts_with(word));
        if statement {
            let text = statement_at(&lines[at..]);
            imports.extend(parse(&text, at + 1));
        }
        let start = line.trim_start();
        if !start.starts_with("//") && !start.starts_with('*') && !start.starts_with("/*") {
            imports.extend(calls(line, at + 1));
        }
    }
    imports.retain(|import| import.from.starts_with('.'));
    imports
}

/// The statement that begins on the first line: up to its `;`, or what a declaration's first line says.
fn statement_at(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        text.push(' ');
        // A declaration: `export function f() {`, `export const x = …`.
        let names = text.split_once('{').map(|(before, _)| before);
        let before = names.unwrap_or(&text).trim();
        let list = matches!(before, "import" | "import type" | "export" | "export type")
            || before.ends_with(',');
        if line.contains(';') || !list {
            break;
        }
    }
    text
}

fn parse(statement: &str, line: usize) -> Option<Import> {
    let handed_on = statement.starts_with("export");
    let (clause, rest) = match statement.split_once(" from ") {
        Some((clause, rest)) => (clause, rest),
        // `import './styles.js';`
        None if !handed_on => ("", statement.strip_prefix("import ")?),
        None => return None,
    };
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let from = rest[1..].split(quote).next()?.to_owned();
    let mut names = Vec::new();
    if let Some((_, list)) = clause.split_once('{') {
        for name in list.split('}').next()?.split(',') {
            let name = name.trim().trim_start_matches("type ");
            let (there, here) = name.split_once(" as ").unwrap_or((name, name));
            if !there.is_empty() {
                names.push((there.trim().to_owned(), here.trim().to_owned()));
            }
        }
    }
    Some(Import {
        from,
        names,
        line,
        handed_on,
    })
}

/// `import('./a.js')`, also as a type.
fn calls(line: &str, number: usize) -> Vec<Import> {
    let mut imports = Vec::new();
    for (at, _) in line.match_indices("import(") {
        let rest = &line[at + "import(".len()..];
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
            continue;
        };
        if let Some((from, _)) = rest[1..].split_once(quote) {
            imports.push(Import {
                from: from.to_owned(),
                names: Vec::new(),
                line: number,
                handed_on: false,
            });
        }
    }
    imports
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_of_statements() {
        let text = "\
import { a, type B as C } from './x.js';
import type { D } from '../y.js';
import E, { f } from './z.js';
import * as g from './w.js';
import './side.js';
import { h } from 'elsewhere';
import {
  i,
  j,
} from './long.js';
export { k } from './k.js';
export * from './all.js';
export type { L } from './l.js';
export const m = { from: 'here' };
export function n() {
export { o };
const p = await import('./lazy.js');
 * await import('./comment.js')
  // import('./comment.js')
";
        let found: Vec<_> = read(text)
            .into_iter()
            .map(|import| (import.from, import.line, import.handed_on))
            .collect();
        let found: Vec<_> = found.iter().map(|(a, b, c)| (&**a, *b, *c)).collect();
        assert_eq!(
            found,
            [
                ("./x.js", 1, false),
                ("../y.js", 2, false),
                ("./z.js", 3, false),
                ("./w.js", 4, false),
                ("./side.js", 5, false),
                ("./long.js", 7, false),
                ("./k.js", 11, true),
                ("./all.js", 12, true),
                ("./l.js", 13, true),
                ("./lazy.js", 17, false),
            ]
        );
    }

    #[test]
    fn names_there_and_here() {
        let import = &read("import { a, type B as C } from './x.js';")[0];
        let names = [("a", "a"), ("B", "C")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(import.names, names);
    }
}
