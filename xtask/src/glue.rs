//! The JavaScript of a whole build, which its lean build is run by, too: one worker has it, whichever wasm it fetches.

use crate::failure::{read, Failure, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// What stands before the imports, at the end of what is exported.
const IMPORTS: &str = "function __wbg_get_imports(";
/// What begins an import.
const IMPORT: &str = "\n        __wb";

/// Fails where the JavaScript that wasm-bindgen wrote for a lean build into `lean` says more than that in `whole`, or other things.
pub fn check(lean: &Path, whole: &Path) -> Result {
    let [lean, whole] = [lean, whole].map(|folder| read(&folder.join("cloze.js")));
    match difference(&lean?, &whole?) {
        None => Ok(()),
        Some(what) => Err(Failure::new(format!(
            "The lean build cannot be run by the JavaScript of the whole one: {what}"
        ))),
    }
}

fn difference(lean: &str, whole: &str) -> Option<String> {
    let (Some((exports, lean)), Some((whole_exports, whole))) =
        (lean.split_once(IMPORTS), whole.split_once(IMPORTS))
    else {
        return Some("it has no imports".to_owned());
    };
    if exports != whole_exports {
        return Some("its exports are others".to_owned());
    }
    let there = imports(whole);
    imports(lean)
        .into_iter()
        .find(|(name, body)| there.get(name) != Some(body))
        .map(|(name, _)| format!("its import __wb{name} is another"))
}

/// What the wasm is given, by name.
fn imports(glue: &str) -> BTreeMap<&str, &str> {
    let functions = glue.split(IMPORT).skip(1);
    functions
        .filter_map(|function| function.split("\n        }").next()?.split_once(": "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORTS: &str = "export class A {}\n";
    const ONE: &str = "\n        __wbg_one: function() {\n            return 1;\n        },";
    const TWO: &str = "\n        __wbg_two: function() {\n            return 2;\n        },";

    #[test]
    fn less_is_run_by_the_whole_and_nothing_else() {
        let glue = |exports: &str, imports: &[&str]| {
            format!("{exports}{IMPORTS}) {{{}\n}}", imports.concat())
        };
        let whole = glue(EXPORTS, &[ONE, TWO]);
        assert_eq!(difference(&glue(EXPORTS, &[TWO]), &whole), None);
        let other = TWO.replace("return 2", "return 3");
        for lean in [
            glue("export class B {}\n", &[TWO]),
            glue(EXPORTS, &[&other]),
            glue(EXPORTS, &[&TWO.replace("two", "three")]),
        ] {
            assert!(difference(&lean, &whole).is_some());
        }
    }
}
