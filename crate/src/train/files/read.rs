//! The files of a folder.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::sink::{parsed, Sink};
use super::sizes::FileConfig;
use crate::error::{Error, Result as CoreResult};
use crate::gguf::Metadata;
use crate::text::{Tokenizer, TokenizerFiles};
use crate::train::error::Result;
use crate::train::parameters::Named;
use crate::weights::{shard_names, WeightStream};

/// The contents of a folder's files, by their names.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Files that are text, as a checkpoint's JSON has them.
pub(in crate::train) fn to_texts(files: &Files) -> BTreeMap<String, String> {
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    files
        .iter()
        .map(|(name, bytes)| (name.clone(), text(bytes)))
        .collect()
}

/// What [`to_texts`] was given.
pub(in crate::train) fn from_texts(texts: BTreeMap<String, String>) -> Files {
    let files = texts.into_iter();
    files
        .map(|(name, text)| (name, text.into_bytes()))
        .collect()
}

/// A model as its files hold it.
pub struct ModelFiles {
    /// Its sizes. The vocabulary has as many tokens as the table of embeddings has rows.
    pub config: FileConfig,
    /// `config.json`; null for a GGUF file alone.
    pub json: Value,
    /// Its tokenizer.
    pub tokenizer: Arc<Tokenizer>,
    /// The files of the tokenizer, to be put beside new weights.
    pub tokenizer_files: Files,
    /// All weights: `bert.…`, `transformer.…`, and those of the heads that the files have (`cls.…`, `classifier.…`,
    /// `qa_outputs.…`, `score.…`). Matrices lie as in a checkpoint of transformers: a `Conv1D`'s is `[in, out]`.
    pub weights: Named,
}

/// Files that a tokenizer is made of.
const TOKENIZER_FILES: [&str; 8] = [
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
];

impl ModelFiles {
    /// Reads a Hugging Face folder, or a GGUF file with or without `config.json` and `tokenizer.json`.
    ///
    /// # Errors
    /// What inference says of such files too ([`Error::InvalidConfig`], [`Error::InvalidTokenizer`],
    /// [`Error::TruncatedWeights`], …); [`Error::Unsupported`] for models that are run but not trained;
    /// [`Error::OutOfMemory`] for more weights than can be trained in a page.
    pub fn read(files: &Files) -> Result<Self> {
        Self::read_part(files, &|_| true)
    }

    /// The same with those weights alone whose names are `wanted`.
    ///
    /// # Errors
    /// As [`ModelFiles::read`].
    pub fn read_part(files: &Files, wanted: &dyn Fn(&str) -> bool) -> Result<Self> {
        let json = files.get("config.json").map(Vec::as_slice);
        let elmo = json.is_some_and(|json| model_type(json).as_deref() == Some("elmo"));
        let mut sink = Sink::new(json, elmo, wanted);
        let mut metadata = None;
        for name in weight_files(files)? {
            let missing = || Error::InvalidWeights(format!("the file \"{name}\" is not there"));
            let bytes = files.get(&name).ok_or_else(missing)?;
            let mut stream = WeightStream::default();
            stream.push(bytes, &mut sink)?;
            metadata = metadata.or(stream.take_metadata());
            stream.end_file(&mut sink)?;
        }
        let weights = sink.take_weights()?;
        let config = sink.config()?;
        let (tokenizer, tokenizer_files) = tokenizer(files, metadata.as_ref())?;
        tokenizer.check_rows(config.rows())?;
        Ok(Self {
            config,
            json: json.map_or(Ok(Value::Null), parsed)?,
            tokenizer: Arc::new(tokenizer),
            tokenizer_files,
            weights,
        })
    }
}

fn model_type(json: &[u8]) -> Option<String> {
    let value: Value = parsed(json).ok()?;
    Some(value.get("model_type")?.as_str()?.to_string())
}

/// The names of the files that hold weights.
pub(in crate::train) fn weight_files(files: &Files) -> Result<Vec<String>> {
    if let Some(index) = files.get("model.safetensors.index.json") {
        return Ok(shard_names(index)?);
    }
    let named = |begin: &str, end: &str| -> Vec<String> {
        let names = files.keys();
        let names = names.filter(|name| name.starts_with(begin) && name.ends_with(end));
        names.cloned().collect()
    };
    let kinds = [
        ("model.", "safetensors"),
        ("", ".safetensors"),
        ("", ".gguf"),
        ("pytorch_model", ".bin"),
    ];
    let none = || Error::InvalidWeights("there is no file of weights in the folder".into());
    let mut found = kinds.into_iter().map(|(begin, end)| named(begin, end));
    Ok(found.find(|names| !names.is_empty()).ok_or_else(none)?)
}

/// The tokenizer, and its files; a GGUF file's own is written as `tokenizer.json`.
fn tokenizer(files: &Files, metadata: Option<&Metadata>) -> Result<(Tokenizer, Files)> {
    let kept = files.iter();
    let kept = kept.filter(|(name, _)| TOKENIZER_FILES.contains(&name.as_str()));
    let mut kept: Files = kept.map(|(n, b)| (n.clone(), b.clone())).collect();
    let vocabulary = ["tokenizer.json", "vocab.txt", "vocab.json"];
    if let (Some(metadata), false) = (metadata, vocabulary.iter().any(|n| kept.contains_key(*n))) {
        let tokenizer = Tokenizer::from_gguf(metadata)?;
        kept.insert("tokenizer.json".into(), tokenizer.to_json()?);
        return Ok((tokenizer, kept));
    }
    Ok((open_tokenizer(files)?, kept))
}

/// The tokenizer of a folder.
pub(in crate::train) fn open_tokenizer(files: &Files) -> CoreResult<Tokenizer> {
    let get = |name: &str| files.get(name).map(Vec::as_slice);
    Tokenizer::from_files(&TokenizerFiles {
        tokenizer: get("tokenizer.json"),
        vocab_txt: get("vocab.txt"),
        vocab_json: get("vocab.json"),
        merges_txt: get("merges.txt"),
        config: get("config.json"),
        tokenizer_config: get("tokenizer_config.json"),
        special_tokens_map: get("special_tokens_map.json"),
        added_tokens: get("added_tokens.json"),
        chat_template: get("chat_template.jinja"),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::Value;

    /// The tokenizer in a GGUF file is written as a `tokenizer.json` that cuts alike.
    #[test]
    fn a_tokenizer_leaves_a_gguf_file() {
        let strings = |all: &[&str]| {
            let all = all.iter().map(|token| Value::String(token.to_string()));
            Value::Array(all.collect())
        };
        let pairs = [
            ("tokenizer.ggml.model", Value::String("gpt2".into())),
            ("tokenizer.ggml.pre", Value::String("gpt-2".into())),
            ("tokenizer.ggml.tokens", strings(&["a", "b", "ab", "<end>"])),
            ("tokenizer.ggml.merges", strings(&["a b"])),
            (
                "tokenizer.ggml.token_type",
                Value::Array([1, 1, 1, 3].map(Value::Int).to_vec()),
            ),
        ];
        let metadata = Metadata(pairs.map(|(key, value)| (key.into(), value)).into());
        let (first, files) = tokenizer(&Files::new(), Some(&metadata)).expect("a tokenizer");
        let (second, again) = tokenizer(&files, None).expect("its file");
        assert_eq!(files, again);
        let ids = |t: &Tokenizer| t.encode("abba<end>", None, true).expect("tokens").ids();
        assert_eq!(ids(&first), [2, 1, 0, 3]);
        assert_eq!(ids(&second), ids(&first));
    }
}
