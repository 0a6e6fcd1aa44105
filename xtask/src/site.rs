//! The npm package and the site, from the wasm on.

use crate::failure::{Context, Failure, Result};
use crate::paths;
use crate::process::run;
use crate::setup::{self, node, BuildTools};
use crate::stamp::{self, Hasher};
use crate::wasm::{self, Build};
use std::fs;
use std::path::{Path, PathBuf};

/// Builds everything that is not up to date: wasm, package, site.
pub fn build(tools: &BuildTools) -> Result {
    build_for(tools, &wasm::all().collect::<Vec<_>>())
}

/// The folder of a site: the one that was named, or this repository's, made up to date.
pub fn folder(named: Option<PathBuf>, smollm2: bool) -> Result<PathBuf> {
    if let Some(folder) = named {
        return Ok(folder);
    }
    build(&setup::for_site(smollm2)?)?;
    Ok(paths::web_dist())
}

/// As [`build`], but of the wasm builds only these are of the newest code; the others are there.
pub fn build_for(tools: &BuildTools, builds: &[Build]) -> Result {
    let wanted = |build: &Build| !build.is_there() || builds.contains(build);
    let builds: Vec<Build> = wasm::all().filter(wanted).collect();
    wasm::build_these(tools, &builds)?;
    let made = paths::pkg_dist();
    let made = [made.join("index.js"), made.join("elements.js")];
    step("pkg", &package_inputs()?, &made, || {
        eprintln!("Compiling the TypeScript package");
        run(node::npm().args(["run", "--silent", "build", "--workspace", "pkg"]))
    })?;
    let made = paths::web_dist();
    let made = ["index.html", "sw.js", "docs/index.html"].map(|name| made.join(name));
    let smollm2 = tools.smollm2.as_deref();
    step("web", &site_inputs(smollm2)?, &made, || {
        eprintln!("Building the site");
        let mut npm = node::npm();
        npm.args(["run", "--silent", "build", "--workspace", "web"]);
        // It writes into `models.json` what lies beside the site.
        npm.env_remove(SMOLLM2);
        if let Some(file) = smollm2 {
            npm.env(SMOLLM2, file);
        }
        run(&mut npm)
    })?;
    put_beside(smollm2)
}

/// Tells the build of the site where SmolLM2's weights are (web/build/models.ts).
const SMOLLM2: &str = "CLOZE_SMOLLM2";

/// Puts SmolLM2's weights beside the site, whose build empties the folder. A link takes no room.
fn put_beside(file: Option<&Path>) -> Result {
    let (Some(file), folder) = (file, paths::web_dist().join("smollm2")) else {
        return Ok(());
    };
    let Some(name) = file.file_name() else {
        return Ok(());
    };
    let there = folder.join(name);
    let size = |file: &Path| fs::metadata(file).map(|m| m.len()).ok();
    if size(&there) == size(file) {
        return Ok(());
    }
    fs::create_dir_all(&folder).context(format!("make {}", folder.display()))?;
    fs::hard_link(file, &there)
        .or_else(|_| fs::copy(file, &there).map(|_| ()))
        .context(format!("copy {}", file.display()))
}

/// What of the sources the documentation shows, besides what the site is made of.
pub const SHOWN: [&str; 4] = [
    "docs",
    "training/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
];

/// [`inputs`], what the documentation shows, and whether the larger model lies beside the site.
fn site_inputs(smollm2: Option<&Path>) -> Result<String> {
    let mut all = Hasher::new();
    all.text(&inputs()?);
    for shown in SHOWN {
        all.path(&paths::root().join(shown))?;
    }
    all.text(&smollm2.map_or(String::new(), |file| file.display().to_string()));
    Ok(all.finish())
}

fn package_inputs() -> Result<String> {
    let root = paths::root();
    let mut inputs = Hasher::new();
    // The package names the hashes of the default models.
    for input in ["pkg", "package-lock.json", "models"] {
        inputs.path(&root.join(input))?;
    }
    for build in wasm::all().filter(|build| build.declared().is_some()) {
        inputs.path(&build.out().join("cloze.d.ts"))?;
    }
    Ok(inputs.finish())
}

/// What the site is made of, as it lies there now.
pub fn inputs() -> Result<String> {
    let root = paths::root();
    let mut inputs = Hasher::new();
    inputs.text(&package_inputs()?);
    for input in ["web", "package-lock.json", "models"] {
        inputs.path(&root.join(input))?;
    }
    for build in wasm::all() {
        inputs.path(&build.out())?;
    }
    Ok(inputs.finish())
}

/// Does `work` unless it was done for these inputs and what it made is still there.
fn step(
    name: &str,
    inputs: &str,
    made: &[std::path::PathBuf],
    work: impl FnOnce() -> Result,
) -> Result {
    if stamp::is_current(name, inputs) && made.iter().all(|file| file.is_file()) {
        return Ok(());
    }
    stamp::clear(name);
    work()?;
    if let Some(lost) = made.iter().find(|file| !file.is_file()) {
        return Err(Failure::new(format!(
            "The build ended well but made no {}",
            lost.display()
        )));
    }
    stamp::set(name, inputs)
}
