//! The three wasm builds of the core, each whole, lean (for BERT's usual tokenizer alone) and with training.

use crate::declarations;
use crate::failure::{Context, Failure, Result};
use crate::glue;
use crate::process::{capture_printing, run, run_quietly};
use crate::setup::rust::{WasmRust, TARGET};
use crate::setup::{node, BuildTools};
use crate::stamp::{self, Hasher};
use crate::{paths, versions};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

/// One way to compile the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Build {
    /// Its folder below `pkg/dist/wasm` or `pkg/dist/wasm-train`.
    pub name: &'static str,
    target_features: &'static str,
    /// Whether several threads share its memory.
    pub threads: bool,
    /// What is in it.
    pub kind: Kind,
}

/// What a build has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All that runs models.
    Whole,
    /// What runs models with BERT's usual tokenizer: half the size, fetched for them instead of the whole.
    Lean,
    /// Training as well: only the screen that trains fetches it.
    Train,
}

/// From the most widely supported to the fastest.
pub const BUILDS: [Build; 3] = [
    Build {
        name: "simd128",
        target_features: "+simd128",
        threads: false,
        kind: Kind::Whole,
    },
    Build {
        name: "relaxed-simd",
        target_features: "+simd128,+relaxed-simd",
        threads: false,
        kind: Kind::Whole,
    },
    Build {
        name: "relaxed-simd-threads",
        target_features: "+simd128,+relaxed-simd,+atomics,+bulk-memory",
        threads: true,
        kind: Kind::Whole,
    },
];

/// [`BUILDS`], each of every kind: these share compiled dependencies.
pub fn all() -> impl Iterator<Item = Build> {
    BUILDS
        .into_iter()
        .flat_map(|build| [Kind::Whole, Kind::Lean, Kind::Train].map(|kind| build.of(kind)))
}

/// Memory that threads share is made by JavaScript and handed to each of them; the last three let
/// wasm-bindgen give each thread its own stack and thread-local variables.
const THREADS_LINK_ARGS: [&str; 8] = [
    "--shared-memory",
    "--import-memory",
    "--max-memory=4294967296",
    "--export=__heap_base",
    "--export=__wasm_init_tls",
    "--export=__tls_size",
    "--export=__tls_align",
    "--export=__tls_base",
];

/// What wasm-opt may use. Named one by one: a build must not gain instructions that its browsers lack.
const WASM_OPT_FEATURES: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What wasm-opt does. -O3 makes decoding in 4 bits slower by a quarter (docs/performance.md). Large functions stay apart
/// though they have one caller: V8 takes 170 MiB to compile a function of 400 kB, into which candle's operations on all
/// types of numbers would grow.
const WASM_OPT: [&str; 4] = [
    "-O2",
    "--one-caller-inline-max-function-size=500",
    "--strip-debug",
    "--strip-producers",
];

impl Build {
    /// The same build of another kind.
    pub const fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Whether the core's own tests run on it. Not on `relaxed-simd`: it has the products of the build with threads and the
    /// seams of the one without, and end-to-end tests compare what all builds answer. Nor on the lean ones, which run the
    /// same code and less of it.
    pub fn is_tested(self) -> bool {
        self.name != "relaxed-simd" && self.kind != Kind::Lean
    }

    fn rustflags(self) -> Vec<String> {
        let mut flags = vec![
            // Without it getrandom refuses to compile for the browser.
            "--cfg".to_owned(),
            "getrandom_backend=\"wasm_js\"".to_owned(),
            "-C".to_owned(),
            format!("target-feature={}", self.target_features),
        ];
        if self.threads {
            for arg in THREADS_LINK_ARGS {
                flags.extend(["-C".to_owned(), format!("link-arg={arg}")]);
            }
        }
        flags
    }

    /// The environment in which cargo makes this build.
    pub fn environment(self, rust: &WasmRust, command: &mut Command) {
        command
            .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags().join("\x1f"))
            .env("CARGO_TARGET_DIR", self.target_dir())
            // On wasm a panic aborts in any case. Cargo compiles tests as if it unwound; saying the
            // same here lets tests and build share every compiled dependency.
            .env("CARGO_PROFILE_RELEASE_PANIC", "unwind");
        if self.threads || !rust.has_target {
            // The compiled library is not made for shared memory (or not there at all): compile it
            // too. `test` is among it for the same sharing. The option is unstable, hence the second.
            command
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort,test")
                .env("RUSTC_BOOTSTRAP", "1");
        }
    }

    /// Arguments for cargo.
    pub fn cargo_args(self) -> Vec<&'static str> {
        let mut args = vec!["--features", "cloze/wasm"];
        if self.threads {
            args.extend(["--features", "cloze/threads"]);
        }
        match self.kind {
            Kind::Whole => {}
            Kind::Lean => args.push("--no-default-features"),
            Kind::Train => args.extend(["--features", "cloze/train"]),
        }
        args
    }

    /// The folder of the finished files below `pkg/dist`.
    pub fn set(self) -> &'static str {
        match self.kind {
            Kind::Whole => "wasm",
            Kind::Lean => "wasm-lean",
            Kind::Train => "wasm-train",
        }
    }

    /// The folder of what is declared of it below `pkg/src`. A lean build has the JavaScript of the whole one.
    pub fn declared(self) -> Option<&'static str> {
        (self.kind != Kind::Lean).then(|| self.set())
    }

    /// A target folder for each set of flags: cargo gives every `cloze.wasm` the same name, whatever its flags,
    /// and would take one build's for another's.
    fn target_dir(self) -> PathBuf {
        paths::target().join(format!("wasm-{}", self.name))
    }

    /// Where the browser's files go.
    pub fn out(self) -> PathBuf {
        paths::pkg_dist().join(self.set()).join(self.name)
    }

    /// Whether there is one, of this code or an older one.
    pub fn is_there(self) -> bool {
        self.out().join("cloze_bg.wasm").is_file()
    }

    /// Compiles the core's tests, or those of training, with every dependency as the build has it; returns the wasm file.
    pub fn compile_tests(self, tools: &BuildTools) -> Result<PathBuf> {
        let mut cargo = tools.rust.cargo();
        cargo
            .current_dir(paths::root())
            .args(["rustc", "--release", "--package", "cloze", "--test"])
            .arg(if self.kind == Kind::Train {
                "train"
            } else {
                "core"
            })
            .args(["--target", TARGET])
            .args(["--message-format", "json-render-diagnostics"])
            .args(self.cargo_args())
            // The tests are the same in the profile of the build, whose last step takes much longer.
            .args(["--", "-C", "lto=thin"]);
        self.environment(&tools.rust, &mut cargo);
        let said = capture_printing(&mut cargo)?;
        let file = said.lines().rev().find_map(|line| {
            let (_, rest) = line.split_once("\"executable\":\"")?;
            Some(PathBuf::from(rest.split_once('"')?.0))
        });
        file.ok_or_else(|| Failure::new("cargo compiled the core's tests but named no file"))
    }

    fn stamp(self) -> String {
        format!("{}-{}", self.set(), self.name)
    }

    fn inputs(self, tools: &BuildTools) -> Result<String> {
        let root = paths::root();
        // Code of training is in the builds that train alone.
        let mut hasher = if self.kind == Kind::Train {
            Hasher::new()
        } else {
            Hasher::without("train")
        };
        for input in ["Cargo.toml", "Cargo.lock", "crate/Cargo.toml", "crate/src"] {
            hasher.path(&root.join(input))?;
        }
        hasher.text(&tools.rust.version);
        hasher.text(&versions::locked("wasm-bindgen")?);
        hasher.path(&root.join("node_modules/binaryen/package.json"))?;
        for text in self.rustflags().iter().map(String::as_str) {
            hasher.text(text);
        }
        for text in self.cargo_args() {
            hasher.text(text);
        }
        for text in WASM_OPT.iter().chain(&WASM_OPT_FEATURES) {
            hasher.text(text);
        }
        Ok(hasher.finish())
    }
}

/// Makes the builds that are not up to date.
pub fn build(tools: &BuildTools) -> Result {
    build_these(tools, &all().collect::<Vec<_>>())
}

/// Makes those of the builds that are not up to date.
pub fn build_these(tools: &BuildTools, builds: &[Build]) -> Result {
    make(tools, builds)?;
    builds.iter().try_for_each(|build| match build.declared() {
        Some(set) => declarations::check(&build.out(), set),
        None => Ok(()),
    })
}

/// [`build_these`], whatever `pkg/src/wasm/cloze.d.ts` says.
pub fn make(tools: &BuildTools, builds: &[Build]) -> Result {
    let wasm_opt = node::wasm_opt()?;
    let mut finishing = Vec::new();
    let mut lean = Vec::new();
    for (at, &build) in builds.iter().enumerate() {
        let inputs = build.inputs(tools)?;
        if build.is_there() && stamp::is_current(&build.stamp(), &inputs) {
            continue;
        }
        stamp::clear(&build.stamp());
        eprintln!(
            "Compiling the core for {}{} ({} of {}): about 3 minutes the first time, then half a minute",
            build.name,
            match build.kind {
                Kind::Whole => "",
                Kind::Lean => ", lean",
                Kind::Train => ", with training",
            },
            at + 1,
            builds.len()
        );
        let started = Instant::now();
        let bound = compile(build, tools)?;
        eprintln!("  compiled in {} s", started.elapsed().as_secs());
        if build.kind == Kind::Lean {
            lean.push((build, bound.clone()));
        }
        // wasm-opt uses one core: it works beside the next compilation.
        let wasm_opt = wasm_opt.clone();
        finishing.push(thread::spawn(move || {
            optimise(build, &wasm_opt, &bound)?;
            stamp::set(&build.stamp(), &inputs)
        }));
    }
    if !finishing.is_empty() {
        eprintln!("Making the wasm smaller with wasm-opt: about half a minute for each build");
    }
    for thread in finishing {
        thread
            .join()
            .map_err(|_| Failure::new("wasm-opt's thread stopped"))??;
    }
    lean.into_iter().try_for_each(|(build, bound)| {
        glue::check(&bound, &build.of(Kind::Whole).out())
            .inspect_err(|_| stamp::clear(&build.stamp()))
    })
}

/// Compiles one build and writes its JavaScript; returns the folder that holds both.
fn compile(build: Build, tools: &BuildTools) -> Result<PathBuf> {
    let bound = paths::state().join("bound").join(build.stamp());
    compile_package(build, tools, "cloze", "cloze", &bound)?;
    Ok(bound)
}

/// The benchmark of the matrix products (`tests/bench/kernels`), for each build of one thread: a folder for
/// each in the folder that is returned.
pub fn build_kernels(tools: &BuildTools) -> Result<PathBuf> {
    let bound = paths::state().join("kernels");
    for build in BUILDS.into_iter().filter(|build| !build.threads) {
        let out = bound.join(build.name);
        compile_package(build, tools, "cloze-bench-kernels", "kernels", &out)?;
    }
    Ok(bound)
}

/// Compiles a package of the workspace, and writes its wasm and JavaScript as `out/NAME…`.
fn compile_package(
    build: Build,
    tools: &BuildTools,
    package: &str,
    name: &str,
    out: &Path,
) -> Result {
    let wasm = format!("{}.wasm", package.replace('-', "_"));
    let release = build.target_dir().join(TARGET).join("release");
    // Builds with and without training write the same file, which cargo takes for up to date whichever was last.
    let _ = fs::remove_file(release.join("deps").join(&wasm));
    let mut cargo = tools.rust.cargo();
    cargo
        .current_dir(paths::root())
        .args(["build", "--release", "--package", package, "--lib"])
        .args(["--target", TARGET])
        .args(build.cargo_args());
    build.environment(&tools.rust, &mut cargo);
    run(&mut cargo)?;
    // The page says where the wasm lies; an address in the JavaScript would have bundlers copy it once more.
    run(Command::new(&tools.wasm_bindgen.bindgen)
        .args(["--target", "web", "--omit-default-module-path"])
        .args(["--out-name", name, "--out-dir"])
        .arg(out)
        .arg(release.join(wasm)))
}

/// Writes the finished files to their folder in `pkg/dist`.
fn optimise(build: Build, wasm_opt: &Path, bound: &Path) -> Result {
    let out = build.out();
    fs::create_dir_all(&out).context(format!("make {}", out.display()))?;
    let mut command = Command::new("node");
    command.arg(wasm_opt).args(WASM_OPT).args(WASM_OPT_FEATURES);
    if build.target_features.contains("+relaxed-simd") {
        command.arg("--enable-relaxed-simd");
    }
    if build.threads {
        command.arg("--enable-threads");
    }
    command
        .arg(bound.join("cloze_bg.wasm"))
        .arg("-o")
        .arg(out.join("cloze_bg.wasm"));
    run_quietly(&mut command)?;
    if build.kind == Kind::Lean {
        return Ok(());
    }
    for name in ["cloze.js", "cloze.d.ts", "cloze_bg.wasm.d.ts"] {
        fs::copy(bound.join(name), out.join(name)).context(format!("copy {name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_differ_in_features_and_folders() {
        for build in BUILDS {
            let [lean, train] = [Kind::Lean, Kind::Train].map(|kind| build.of(kind));
            assert!(!build.cargo_args().concat().contains("train"));
            assert!(train.cargo_args().concat().contains("train"));
            assert!(lean.cargo_args().contains(&"--no-default-features"));
            for other in [lean, train] {
                assert_ne!(build.out(), other.out());
                assert_ne!(build.stamp(), other.stamp());
            }
        }
    }

    #[test]
    fn only_the_build_with_threads_shares_memory() {
        for build in BUILDS {
            let flags = build.rustflags().join(" ");
            assert_eq!(flags.contains("--shared-memory"), build.threads);
            assert_eq!(flags.contains("+atomics"), build.threads);
            assert!(flags.contains("+simd128"));
        }
    }
}
