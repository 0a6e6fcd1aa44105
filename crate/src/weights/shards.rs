//! Models whose weights lie in several files: the index that names them (`model.safetensors.index.json`, or
//! `pytorch_model.bin.index.json`), and what the parts of a GGUF file say of each other.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::gguf::Metadata;

/// Bytes of an index: that of a model with 100 000 tensors has about 10 MB.
const MAX_INDEX: usize = 32 << 20;
/// Files of one model. Hubs cut them at a few GB each.
const MAX_SHARDS: usize = 1000;
/// Bytes of a file's name, as file systems have it.
const MAX_NAME: usize = 255;

/// The names of a model's weight files, sorted, each once. They come from a stranger and are going to be
/// put behind an address or a folder, so only plain names are let through.
///
/// # Errors
/// [`Error::InvalidWeights`] where the index is no JSON of its kind, names no file, more than 1000, or
/// one that is no plain name of a weight file.
pub fn shard_names(index: &[u8]) -> Result<Vec<String>> {
    let invalid = |what: String| Error::InvalidWeights(format!("its index of files {what}"));
    if index.len() > MAX_INDEX {
        return Err(invalid(format!(
            "is {} MB long; at most {} MB are read",
            index.len() >> 20,
            MAX_INDEX >> 20
        )));
    }
    let Index {
        weight_map: Files(names),
    } = serde_json::from_slice(index)
        .map_err(|error| invalid(format!("cannot be read: {error}")))?;
    if names.is_empty() {
        return Err(invalid("names no file".into()));
    }
    Ok(names.into_iter().collect())
}

#[derive(Deserialize)]
struct Index {
    weight_map: Files,
}

/// The files of the map from tensors to files. Which tensor lies where is not kept: the files say it
/// themselves.
struct Files(BTreeSet<String>);

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Files;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a map from tensors to files")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Files, A::Error> {
                let mut names = BTreeSet::new();
                while let Some((IgnoredAny, name)) = map.next_entry::<IgnoredAny, String>()? {
                    if !is_plain(&name) {
                        return Err(de::Error::custom(format_args!(
                            "{:?} is no plain name of a .safetensors or .bin file",
                            name.chars().take(80).collect::<String>()
                        )));
                    }
                    names.insert(name);
                    if names.len() > MAX_SHARDS {
                        return Err(de::Error::custom(format_args!(
                            "it names more than {MAX_SHARDS} files"
                        )));
                    }
                }
                Ok(Files(names))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// Letters, digits and `-_.+` only: no way out of the folder, nothing that means something in an address.
fn is_plain(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
    name.len() <= MAX_NAME
        && !name.starts_with('.')
        && name.chars().all(letters)
        && [".safetensors", ".bin"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// The parts of a GGUF file as llama.cpp's `gguf-split` cuts it: each says which one it is of how many
/// (`split.no`, `split.count`) and how many tensors there are in all; only the first says what the model is.
#[derive(Debug, Default)]
pub struct GgufParts {
    /// What the first one said: parts, and tensors in all.
    whole: Option<(u64, Option<u64>)>,
    /// Those that came, from 0.
    seen: BTreeSet<u64>,
    /// Tensors in them.
    tensors: u64,
}

impl GgufParts {
    /// Takes the header of the next file, with so many tensors.
    ///
    /// # Errors
    /// [`Error::InvalidWeights`] unless it is a further part of the same model, or the first.
    pub fn add(&mut self, metadata: &Metadata, tensors: usize) -> Result<()> {
        let count = metadata.u64("split.count").unwrap_or(0).max(1);
        let part = metadata.u64("split.no").unwrap_or(0);
        let invalid = |what: String| Err(Error::InvalidWeights(what));
        let (number, whole) = (
            part.saturating_add(1),
            (count, metadata.u64("split.tensors.count")),
        );
        if part >= count {
            return invalid(format!(
                "it is part {number} of {count} parts, which cannot be"
            ));
        }
        match self.whole {
            None if part > 0 => {
                return invalid(format!(
                    "it is part {number} of {count} of a model. Begin with the first, which says what the model is."
                ))
            }
            None => self.whole = Some(whole),
            Some(first) if first != whole || part == 0 => {
                return invalid(format!(
                    "it is part {number} of {count}, and not of the same model as what came before. Give the parts of \
                     one model, each once."
                ))
            }
            Some(_) => {}
        }
        if !self.seen.insert(part) {
            return invalid(format!("part {number} of {count} comes twice"));
        }
        self.tensors = self.tensors.saturating_add(tensors as u64);
        Ok(())
    }

    /// Whether there is more than one part.
    pub fn are_several(&self) -> bool {
        self.whole.is_some_and(|(count, _)| count > 1)
    }

    /// Refuses a model of which parts are missing.
    ///
    /// # Errors
    /// [`Error::InvalidWeights`], which names them.
    pub fn check_complete(&self) -> Result<()> {
        let Some((count, tensors)) = self.whole else {
            return Ok(());
        };
        if (self.seen.len() as u64) < count {
            let missing = (0..count).filter(|part| !self.seen.contains(part));
            let missing: Vec<_> = missing
                .take(20)
                .map(|part| (part + 1).to_string())
                .collect();
            return Err(Error::InvalidWeights(format!(
                "of its {count} parts these are missing: {}",
                missing.join(", ")
            )));
        }
        match tensors.filter(|&tensors| count > 1 && tensors != self.tensors) {
            None => Ok(()),
            Some(tensors) => Err(Error::InvalidWeights(format!(
                "its {count} parts have {} tensors together, and should have {tensors}: they are not of one model",
                self.tensors
            ))),
        }
    }
}
