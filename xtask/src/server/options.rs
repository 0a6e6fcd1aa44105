//! What is served and how.

use std::path::{Path, PathBuf};

/// A folder that is served, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder whose files are served.
    pub folder: PathBuf,
    /// The path under which it stands; begins and ends with a slash.
    pub prefix: String,
    /// Whether COOP and COEP are sent, which shared memory and so threads need.
    pub isolated: bool,
    /// Whether what is not there is answered with the page, as hosts of single-page sites do.
    pub fallback: bool,
    /// Whether symbolic links may lead out of the folder.
    pub links: bool,
    /// Whether what packs well is sent packed, as hosts do.
    pub packs: bool,
    /// Whether a query may ask for faults (`?cut=1000`).
    pub faults: bool,
}

impl Options {
    /// A folder at the root, as a strict host serves it.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            prefix: "/".into(),
            isolated: true,
            fallback: false,
            links: false,
            packs: true,
            faults: false,
        }
    }

    /// Whether the folder's owner meant this file, which a link may name, to be served.
    pub fn may_serve(&self, file: &Path) -> bool {
        self.links || file.starts_with(&self.folder)
    }
}
