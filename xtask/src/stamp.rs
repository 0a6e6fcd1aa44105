//! Stamps: the hash of a step's inputs, kept so that an unchanged step is not done again.

use crate::failure::{Context, Result};
use crate::paths;
use std::fs;
use std::path::Path;

/// Hashes inputs. Not cryptographic: it guards against forgetting, not against malice.
pub struct Hasher {
    hash: u64,
    without: Option<&'static str>,
}

impl Hasher {
    /// An empty hash.
    pub fn new() -> Self {
        Self {
            hash: 0xcbf2_9ce4_8422_2325,
            without: None,
        }
    }

    /// An empty hash that leaves out what has this name inside of folders.
    pub fn without(name: &'static str) -> Self {
        Self {
            without: Some(name),
            ..Self::new()
        }
    }

    /// Adds some bytes and their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        let (words, rest) = bytes.split_at(bytes.len() / 8 * 8);
        for word in words.chunks_exact(8) {
            self.word(u64::from_le_bytes(word.try_into().expect("eight bytes")));
        }
        for &byte in rest {
            self.word(u64::from(byte));
        }
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Adds a file or, file by file in order of name, a folder. What is missing counts as missing.
    pub fn path(&mut self, path: &Path) -> Result {
        if path.is_dir() {
            let mut entries = Vec::new();
            for entry in fs::read_dir(path).context(format!("read {}", path.display()))? {
                entries.push(entry.context(format!("read {}", path.display()))?.path());
            }
            entries.sort();
            for entry in entries {
                let name = entry.file_name().unwrap_or_default().to_string_lossy();
                // Products and installed packages are not inputs.
                if self.without != Some(&*name)
                    && !matches!(
                        &*name,
                        "node_modules" | "dist" | "target" | ".git" | "__pycache__"
                    )
                {
                    self.text(&name);
                    self.path(&entry)?;
                }
            }
        } else if path.is_file() {
            self.bytes(&fs::read(path).context(format!("read {}", path.display()))?);
        } else {
            self.text("missing");
        }
        Ok(())
    }

    /// The hash in hexadecimal.
    pub fn finish(&self) -> String {
        format!("{:016x}", self.hash)
    }

    fn word(&mut self, word: u64) {
        self.hash = (self.hash ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        self.hash ^= self.hash >> 29;
    }
}

/// What was remembered of the step `name`.
pub fn get(name: &str) -> Option<String> {
    fs::read_to_string(file(name)).ok()
}

/// Whether the step `name` was last done with inputs of this hash.
pub fn is_current(name: &str, hash: &str) -> bool {
    get(name).is_some_and(|old| old == hash)
}

/// Remembers that the step `name` was done with inputs of this hash.
pub fn set(name: &str, hash: &str) -> Result {
    let file = file(name);
    let folder = file.parent().expect("a stamp lies in a folder");
    fs::create_dir_all(folder).context(format!("make {}", folder.display()))?;
    fs::write(&file, hash).context(format!("write {}", file.display()))
}

/// Forgets the step `name`.
pub fn clear(name: &str) {
    let _ = fs::remove_file(file(name));
}

fn file(name: &str) -> std::path::PathBuf {
    paths::state().join("stamps").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(parts: &[&str]) -> String {
        let mut hasher = Hasher::new();
        for part in parts {
            hasher.text(part);
        }
        hasher.finish()
    }

    #[test]
    fn the_same_inputs_give_the_same_hash() {
        assert_eq!(hash(&["one", "two"]), hash(&["one", "two"]));
    }

    #[test]
    fn a_moved_border_changes_the_hash() {
        assert_ne!(hash(&["on", "etwo"]), hash(&["one", "two"]));
        assert_ne!(hash(&["one"]), hash(&["one", ""]));
    }

    #[test]
    fn every_byte_counts() {
        let text = "0123456789abcdef!";
        for at in 0..text.len() {
            let mut changed = text.as_bytes().to_vec();
            changed[at] ^= 1;
            let mut hasher = Hasher::new();
            hasher.bytes(&changed);
            assert_ne!(hasher.finish(), hash(&[text]));
        }
    }
}
