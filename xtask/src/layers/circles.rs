//! Files that import each other in a circle.

use super::graph::{Graph, Import};
use std::collections::{BTreeMap, BTreeSet};

/// What to say of each group of files of which every one leads to every other.
pub fn problems(graph: &Graph) -> Vec<String> {
    let mut onward: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let counted = |import: &&Import| !import.handed_on && !graph.files[&import.from];
    for import in graph.imports.iter().filter(counted) {
        onward.entry(&import.from).or_default().insert(&import.to);
    }
    groups(&onward)
        .into_iter()
        .map(|group| {
            let mut said = format!("A circle of {} files:", group.len());
            let mut told = BTreeSet::new();
            for import in graph.imports.iter().filter(counted) {
                let pair = (&*import.from, &*import.to);
                if group.contains(pair.0) && group.contains(pair.1) && told.insert(pair) {
                    said.push_str(&format!(
                        "\n  {}:{}: {} is in {}",
                        import.from, import.line, import.what, import.to
                    ));
                }
            }
            said
        })
        .collect()
}

/// The strongly connected components of more than one file: for each file, what can be reached from it and reaches it.
fn groups<'a>(onward: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<BTreeSet<&'a str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = onward
        .keys()
        .map(|&file| (file, reachable(file, onward)))
        .collect();
    let mut groups: Vec<BTreeSet<&str>> = Vec::new();
    for (file, far) in &reached {
        if !far.contains(file) || groups.iter().any(|group| group.contains(file)) {
            continue;
        }
        let back = |other: &&&str| reached.get(**other).is_some_and(|far| far.contains(file));
        groups.push(far.iter().filter(back).copied().collect());
    }
    groups
}

fn reachable<'a>(
    file: &'a str,
    onward: &BTreeMap<&'a str, BTreeSet<&'a str>>,
) -> BTreeSet<&'a str> {
    let mut far = BTreeSet::new();
    let mut next = vec![file];
    while let Some(file) = next.pop() {
        for &to in onward.get(file).into_iter().flatten() {
            if far.insert(to) {
                next.push(to);
            }
        }
    }
    far
}
