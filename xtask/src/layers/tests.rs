//! Small made trees.

use super::*;
use std::fs;
use std::path::PathBuf;

struct Tree(PathBuf);

impl Tree {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir().join(format!("xtask-layers-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for (file, text) in files {
            let file = root.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(root)
    }

    fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        graph.read_rust(&self.0, "crate/src").unwrap();
        graph.read_scripts(&self.0, "pkg/src").unwrap();
        graph
    }

    fn circles(&self) -> Vec<String> {
        circles::problems(&self.graph())
    }

    fn against(&self, table: &str) -> Vec<String> {
        Table::parse(table).unwrap().problems(&self.graph())
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const CLEAN: &[(&str, &str)] = &[
    ("crate/src/lib.rs", "mod low; mod high; pub use high::Top;"),
    ("crate/src/low.rs", "pub struct Ground;"),
    (
        "crate/src/high/mod.rs",
        "mod a; mod b; pub use a::Top; pub use b::Other;",
    ),
    (
        "crate/src/high/a.rs",
        "use super::Other; use crate::low::Ground; pub struct Top(Other, Ground);",
    ),
    ("crate/src/high/b.rs", "pub struct Other;"),
    (
        "pkg/src/index.ts",
        "export { a } from './high/a.js';\nexport * from './low/b.js';\n",
    ),
    (
        "pkg/src/high/a.ts",
        "import { b } from '../low/b.js';\nexport const a = b;\n",
    ),
    ("pkg/src/low/b.ts", "export const b = 1;\n"),
    (
        "pkg/src/low/b.test.ts",
        "import { a } from '../high/a.js';\n",
    ),
];

const TABLE_OF_CLEAN: &str =
    "[crate/src]\nhigh: low # a comment\nlow:\n[crate/src/high]\na: b\nb:\n[pkg/src]\nhigh: low\nlow:\n";

#[test]
fn a_clean_tree() {
    let tree = Tree::new("clean", CLEAN);
    assert_eq!(tree.circles(), [""; 0]);
    assert_eq!(tree.against(TABLE_OF_CLEAN), [""; 0]);
}

#[test]
fn a_forbidden_arrow_is_told_with_its_place_and_what_is_allowed() {
    let tree = Tree::new("forbidden", CLEAN);
    let table = TABLE_OF_CLEAN.replace("high: low", "high:");
    let found = tree.against(&table);
    assert_eq!(
        found,
        [
            "crate/src/high/a.rs:1: crate::low::Ground is in crate/src/low.rs\n  \
             high may not import low (xtask/layers.txt:2, [crate/src]); it may import nothing",
            "pkg/src/high/a.ts:1: '../low/b.js' is in pkg/src/low/b.ts\n  \
             high may not import low (xtask/layers.txt:8, [pkg/src]); it may import nothing",
        ]
    );
}

#[test]
fn what_has_no_row_and_rows_for_nothing() {
    let tree = Tree::new("rows", CLEAN);
    let found = tree.against("[crate/src]\nlow: gone\n[pkg/src]\nhigh: low\n");
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].ends_with("high has no row in xtask/layers.txt under [crate/src]"));
    assert_eq!(
        found[1],
        "xtask/layers.txt:2: there is no gone in crate/src"
    );
}

#[test]
fn a_circle_through_a_face_with_renames_and_nested_braces() {
    let tree = Tree::new(
        "circle",
        &[
            ("crate/src/lib.rs", "mod m;"),
            (
                "crate/src/m/mod.rs",
                "mod a; mod b; mod c; pub use {a::A, b::{B as Renamed, C}};",
            ),
            (
                "crate/src/m/a.rs",
                "use super::Renamed; pub struct A(Renamed);",
            ),
            (
                "crate/src/m/b.rs",
                "use crate::m::{c::{self, D}}; pub struct B(D); pub struct C;",
            ),
            (
                "crate/src/m/c.rs",
                "pub fn d() -> crate::m::A { todo!() } pub struct D;",
            ),
        ],
    );
    let found = tree.circles();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].lines().collect::<Vec<_>>(),
        [
            "A circle of 3 files:",
            "  crate/src/m/a.rs:1: crate::m::Renamed is in crate/src/m/b.rs",
            "  crate/src/m/b.rs:1: crate::m::c is in crate/src/m/c.rs",
            "  crate/src/m/c.rs:1: crate::m::A is in crate/src/m/a.rs",
        ]
    );
}

#[test]
fn a_face_that_uses_what_it_hands_on_is_part_of_a_circle() {
    let files = |face: &'static str| {
        vec![
            ("crate/src/lib.rs", "mod m;"),
            ("crate/src/m/mod.rs", face),
            (
                "crate/src/m/a.rs",
                "use super::Shared; pub struct A(Shared);",
            ),
        ]
    };
    let used = Tree::new(
        "used",
        &files("mod a; pub use a::A; pub struct Shared; fn f(a: A) {}"),
    );
    assert_eq!(used.circles().len(), 1);
    let mere = Tree::new("mere", &files("mod a; pub use a::A; pub struct Shared;"));
    assert_eq!(mere.circles(), [""; 0]);
    // `pub use a::*` is looked through as well.
    let all = Tree::new(
        "all",
        &[
            ("crate/src/lib.rs", "mod m;"),
            ("crate/src/m/mod.rs", "mod a; mod b; pub use a::*;"),
            ("crate/src/m/a.rs", "pub struct A; fn f() { super::b::g() }"),
            ("crate/src/m/b.rs", "use super::A; pub fn g() {}"),
        ],
    );
    assert_eq!(all.circles().len(), 1);
}

#[test]
fn tests_may_import_anything_and_nothing_else_imports_them() {
    let tree = Tree::new(
        "tests",
        &[
            (
                "crate/src/lib.rs",
                "mod a; mod b; #[cfg(test)] mod support;",
            ),
            (
                "crate/src/a.rs",
                "use crate::b::B; #[cfg(test)] mod tests { use crate::c; }",
            ),
            (
                "crate/src/b.rs",
                "pub struct B; #[cfg(test)] mod tests { use crate::a; }",
            ),
            ("crate/src/support.rs", "use crate::a::A;"),
            ("pkg/src/a.ts", "import { b } from './test-support/b.js';\n"),
            (
                "pkg/src/test-support/b.ts",
                "import { a } from '../a.js';\n",
            ),
        ],
    );
    assert_eq!(tree.circles(), [""; 0]);
    let found = tree.against("[crate/src]\na: b\n");
    assert_eq!(
        found,
        ["pkg/src/a.ts:1: './test-support/b.js' is in pkg/src/test-support/b.ts, which is there for tests only"]
    );
}

#[test]
fn circles_of_scripts_and_faces_of_scripts() {
    let tree = Tree::new(
        "scripts",
        &[
            (
                "pkg/src/a.ts",
                "import type {\n  B,\n} from './index.js';\nexport type A = B;\n",
            ),
            ("pkg/src/b.ts", "export type B = import('./a.js').A;\n"),
            ("pkg/src/index.ts", "export type { B } from './b.js';\n"),
        ],
    );
    assert_eq!(
        tree.circles(),
        [
            "A circle of 2 files:\n  pkg/src/a.ts:1: './index.js' is in pkg/src/b.ts\n  \
          pkg/src/b.ts:1: './a.js' is in pkg/src/a.ts"
        ]
    );
}

#[test]
fn a_star_is_everything_above() {
    let tree = Tree::new("star", CLEAN);
    let table =
        "[crate/src]\nlow:\nhigh: *\n[pkg/src]\nlow:\nhigh: *\n[crate/src/high]\na: *\nb:\n";
    let found = tree.against(table);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("a may not import b"), "{found:#?}");
}

#[test]
fn the_table_is_read_strictly() {
    for wrong in ["a: b", "[x]\na", "[x]\na:\na: b"] {
        assert!(Table::parse(wrong).is_err(), "{wrong}");
    }
}
