//! Chromium and its driver, and Firefox, for the tests.

use super::packages;
use crate::failure::{Context, Failure, Result};
use crate::paths::{self, find_on_path};
use crate::process::capture;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A browser and the driver that steers it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Chromium or Chrome.
    pub chrome: PathBuf,
    /// chromedriver of the same version.
    pub driver: PathBuf,
}

/// Finds Chromium and chromedriver, or installs Debian's.
pub fn find() -> Result<Browser> {
    if chrome().is_none() || driver().is_none() {
        // Ubuntu's packages of these names are empty shells for snaps, which cannot be driven here.
        let packages: &[&str] = &["chromium", "chromium-driver"];
        packages::apt_install(packages, "A browser for the tests").map_err(|failure| {
            Failure::new(failure.to_string()).fix(
                "install Chromium (or Chrome) and the chromedriver of the same version; \
                 where they are not on PATH, set CHROME and CHROMEDRIVER to their paths",
            )
        })?;
    }
    let missing = |name: &str| {
        Failure::new(format!("{name} is missing"))
            .fix(packages::apt_command(&["chromium", "chromium-driver"]))
    };
    let browser = Browser {
        chrome: chrome().ok_or_else(|| missing("Chromium"))?,
        driver: driver().ok_or_else(|| missing("chromedriver"))?,
    };
    let versions = (major(&browser.chrome), major(&browser.driver));
    if let (Some(chrome), Some(driver)) = versions {
        if chrome != driver {
            return Err(Failure::new(format!(
                "{} is version {chrome} but {} is for version {driver}",
                browser.chrome.display(),
                browser.driver.display()
            ))
            .fix("install both of one version, or set CHROME and CHROMEDRIVER"));
        }
    }
    Ok(browser)
}

/// Finds Firefox, or installs Debian's; `None`, with a word on why, where there is none. Its tests are skipped then.
pub fn firefox() -> Option<PathBuf> {
    const DEBIANS: &str = "firefox-esr";
    let found = || named("FIREFOX").or_else(|| find_on_path(&[DEBIANS, "firefox"]));
    if found().is_none() {
        // Ubuntu has no package of that name.
        if let Err(failure) = packages::apt_install(&[DEBIANS], "Firefox for the tests") {
            eprintln!("The tests in Firefox are skipped (FIREFOX may name one): {failure}");
        }
    }
    found()
}

impl Browser {
    /// A PATH on which chromedriver finds this browser under a name that it looks for.
    pub fn path(&self) -> Result<std::ffi::OsString> {
        let path = env::var_os("PATH").unwrap_or_default();
        if named("CHROME").is_none() {
            return Ok(path);
        }
        let folder = paths::state().join("browser");
        std::fs::create_dir_all(&folder).context(format!("make {}", folder.display()))?;
        let link = folder.join("chrome");
        let _ = std::fs::remove_file(&link);
        #[cfg(unix)]
        std::os::unix::fs::symlink(&self.chrome, &link)
            .context(format!("link {}", link.display()))?;
        let folders = std::iter::once(folder).chain(env::split_paths(&path));
        env::join_paths(folders).map_err(|error| Failure::new(format!("PATH is odd: {error}")))
    }
}

fn chrome() -> Option<PathBuf> {
    const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    named("CHROME")
        .or_else(|| {
            find_on_path(&[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
                "chrome",
            ])
        })
        .or_else(|| Some(PathBuf::from(MAC)).filter(|file| file.is_file()))
}

fn driver() -> Option<PathBuf> {
    named("CHROMEDRIVER").or_else(|| find_on_path(&["chromedriver"]))
}

/// The file that an environment variable names.
fn named(variable: &str) -> Option<PathBuf> {
    let file = PathBuf::from(env::var_os(variable)?);
    file.is_file().then_some(file)
}

fn major(program: &Path) -> Option<u32> {
    let said = capture(Command::new(program).arg("--version"))?;
    said.split_whitespace()
        .find_map(|word| word.split_once('.')?.0.parse().ok())
}
