//! A model's folder in Hugging Face's layout, and which of its files are needed.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::PretrainedError;
use crate::text::TokenizerFiles;
use crate::weights::shard_names;

const CONFIG: &str = "config.json";
const SAFETENSORS: &str = "model.safetensors";
const SAFETENSORS_INDEX: &str = "model.safetensors.index.json";
const GGUF: &str = "model.gguf";
const PYTORCH: &str = "pytorch_model.bin";
const PYTORCH_INDEX: &str = "pytorch_model.bin.index.json";

/// What a folder needs one of to be a model.
const WEIGHTS: &[&str] = &[
    SAFETENSORS,
    "model.safetensors.index.json and the files it names",
    "a .gguf file",
    PYTORCH,
];
const TOKENIZERS: &[&str] = &["tokenizer.json", "vocab.txt", "vocab.json and merges.txt"];

/// Endings of weights for other programs.
const FOREIGN: [&str; 6] = [".h5", ".msgpack", ".onnx", ".tflite", ".ckpt", ".ot"];

/// The small files of a folder. A GGUF file may have all of it inside.
#[derive(Default)]
pub struct SmallFiles {
    pub config: Option<Vec<u8>>,
    pub generation_config: Option<Vec<u8>>,
    tokenizer: Option<Vec<u8>>,
    vocab_txt: Option<Vec<u8>>,
    vocab_json: Option<Vec<u8>>,
    merges_txt: Option<Vec<u8>>,
    tokenizer_config: Option<Vec<u8>>,
    special_tokens_map: Option<Vec<u8>>,
    added_tokens: Option<Vec<u8>>,
    chat_template: Option<Vec<u8>>,
    tool_use_template: Option<Vec<u8>>,
}

impl SmallFiles {
    /// Those of a tokenizer; `None` without a vocabulary.
    pub fn tokenizer(&self) -> Option<TokenizerFiles<'_>> {
        let pairs = self.vocab_json.is_some() && self.merges_txt.is_some();
        if self.tokenizer.is_none() && self.vocab_txt.is_none() && !pairs {
            return None;
        }
        Some(TokenizerFiles {
            tokenizer: self.tokenizer.as_deref(),
            vocab_txt: self.vocab_txt.as_deref(),
            vocab_json: self.vocab_json.as_deref(),
            merges_txt: self.merges_txt.as_deref(),
            config: self.config.as_deref(),
            tokenizer_config: self.tokenizer_config.as_deref(),
            special_tokens_map: self.special_tokens_map.as_deref(),
            added_tokens: self.added_tokens.as_deref(),
            chat_template: self.chat_template.as_deref(),
            tool_use_template: self.tool_use_template.as_deref(),
        })
    }
}

/// A folder, and what is in it.
pub struct Folder {
    path: PathBuf,
    /// In alphabetical order.
    names: Vec<String>,
}

impl Folder {
    pub fn open(path: &Path) -> Result<Self, PretrainedError> {
        let unreadable = |error| PretrainedError::unreadable(path, error);
        let mut names = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(Self {
            path: path.into(),
            names,
        })
    }

    /// The folder's own path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|one| one == name)
    }

    fn missing(&self, any_of: &'static [&'static str]) -> PretrainedError {
        PretrainedError::MissingFiles {
            folder: self.path.clone(),
            any_of,
            found: self.names.clone(),
        }
    }

    /// Reads a file of the folder; `None` where there is none of that name.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, PretrainedError> {
        let path = self.path.join(name);
        if !path.is_file() {
            return Ok(None);
        }
        let bytes = fs::read(&path);
        bytes
            .map(Some)
            .map_err(|error| PretrainedError::unreadable(&path, error))
    }

    /// The small files. With GGUF weights, `config.json` and the tokenizer may be missing.
    pub fn small_files(&self, weights: &[PathBuf]) -> Result<SmallFiles, PretrainedError> {
        let files = SmallFiles {
            config: self.read(CONFIG)?,
            generation_config: self.read("generation_config.json")?,
            tokenizer: self.read("tokenizer.json")?,
            vocab_txt: self.read("vocab.txt")?,
            vocab_json: self.read("vocab.json")?,
            merges_txt: self.read("merges.txt")?,
            tokenizer_config: self.read("tokenizer_config.json")?,
            special_tokens_map: self.read("special_tokens_map.json")?,
            added_tokens: self.read("added_tokens.json")?,
            chat_template: self.read("chat_template.jinja")?,
            tool_use_template: self.read("additional_chat_templates/tool_use.jinja")?,
        };
        if weights.iter().all(|file| is_gguf(file)) {
            return Ok(files);
        }
        if files.config.is_none() {
            return Err(self.missing(&[CONFIG]));
        }
        if files.tokenizer().is_none() {
            return Err(self.missing(TOKENIZERS));
        }
        Ok(files)
    }

    /// The files of weights, in order: those that the page takes as well (`pkg/src/files/sources/folder.ts`). PyTorch's
    /// come last.
    pub fn weights(&self) -> Result<Vec<PathBuf>, PretrainedError> {
        if self.has(SAFETENSORS) {
            return Ok(vec![self.path.join(SAFETENSORS)]);
        }
        if self.has(SAFETENSORS_INDEX) {
            return self.shards(SAFETENSORS_INDEX);
        }
        let gguf = self.names.iter().find(|name| is_gguf(Path::new(name)));
        if let Some(name) = self.names.iter().find(|name| *name == GGUF).or(gguf) {
            return Ok(self.parts(name));
        }
        if self.has(PYTORCH) {
            return Ok(vec![self.path.join(PYTORCH)]);
        }
        if self.has(PYTORCH_INDEX) {
            return self.shards(PYTORCH_INDEX);
        }
        let any = |name: &&String| name.ends_with(".safetensors");
        if let Some(name) = self.names.iter().find(any) {
            return Ok(self.parts(name));
        }
        let foreign = |name: &&String| FOREIGN.iter().any(|ending| name.ends_with(ending));
        match self.names.iter().find(foreign) {
            Some(file) => Err(PretrainedError::ForeignWeights {
                folder: self.path.clone(),
                file: file.clone(),
            }),
            None => Err(self.missing(WEIGHTS)),
        }
    }

    /// The files that an index names.
    fn shards(&self, index: &str) -> Result<Vec<PathBuf>, PretrainedError> {
        let path = self.path.join(index);
        let bytes = fs::read(&path).map_err(|error| PretrainedError::unreadable(&path, error))?;
        let names = shard_names(&bytes).map_err(PretrainedError::of(&path))?;
        Ok(names.iter().map(|name| self.path.join(name)).collect())
    }

    /// All parts of the model that a file is a part of.
    fn parts(&self, name: &str) -> Vec<PathBuf> {
        part_names(name)
            .iter()
            .map(|name| self.path.join(name))
            .collect()
    }
}

/// Whether a file is called as GGUF files are.
pub fn is_gguf(file: &Path) -> bool {
    file.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("gguf"))
}

/// The names of all parts of the model that a file is a part of (`name-00001-of-00003.gguf`), in order; its own if it is
/// no part.
pub fn part_names(name: &str) -> Vec<String> {
    let alone = || vec![name.to_string()];
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return alone();
    };
    let Some((begins, count)) = stem.rsplit_once("-of-") else {
        return alone();
    };
    let Some((begins, part)) = begins.rsplit_once('-') else {
        return alone();
    };
    let five = |digits: &str| digits.len() == 5 && digits.bytes().all(|b| b.is_ascii_digit());
    match count.parse::<usize>() {
        Ok(parts @ 2..=1000) if five(part) && five(count) => (1..=parts)
            .map(|part| format!("{begins}-{part:05}-of-{count}.{ending}"))
            .collect(),
        _ => alone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_that_the_name_counts() {
        let parts = part_names("a-b-00002-of-00003.gguf");
        let named = ["1", "2", "3"].map(|part| format!("a-b-0000{part}-of-00003.gguf"));
        assert_eq!(parts, named);
        for name in [
            "model.gguf",
            "x-1-of-2.gguf",
            "x-00001-of-00001.gguf",
            "none",
        ] {
            assert_eq!(part_names(name), [name]);
        }
    }
}
