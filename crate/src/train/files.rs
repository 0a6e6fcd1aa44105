//! A model's files taken back to what is trained: sizes, tokenizer, and all weights as f32 under the names that
//! [`Parameters::take`](super::parameters::Parameters::take) asks for. Files are safetensors (in parts too), GGUF, whose
//! blocks become numbers again, or PyTorch's; of BERT, GPT-2, or an ELMo that was trained here.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::error::{Result, TrainError};
use super::models::bert::BertConfig;
use super::models::elmo::ElmoConfig;
use super::models::gpt::GptConfig;
use super::parameters::Named;
use crate::error::{Error, Result as CoreResult};
use crate::gguf::Metadata;
use crate::models::{bert, gpt2, Config};
use crate::nn::Activation;
use crate::text::{Tokenizer, TokenizerFiles};
use crate::weights::{
    shard_names, Form, GgufParts, Header, Placement, TensorInfo, TensorSink, WeightStream,
};

/// The contents of a folder's files, by their names.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Sizes of a model that can be trained further.
#[derive(Debug, Clone, PartialEq)]
pub enum FileConfig {
    /// BERT
    Bert(BertConfig),
    /// GPT-2
    Gpt(GptConfig),
    /// ELMo
    Elmo(ElmoConfig),
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

/// The tables of tokens of GPT-2 and BERT.
const TABLES: [&str; 2] = [
    "transformer.wte.weight",
    "bert.embeddings.word_embeddings.weight",
];

/// Weights as f32, with gradients and the optimizer's two moments: 4 · 4 bytes each, and 2 GiB are what wasm has room for.
const MOST_WEIGHTS: usize = (2 << 30) / 16;

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
        let mut sink = Sink {
            json,
            elmo,
            wanted,
            config: None,
            gguf: false,
            parts: GgufParts::default(),
            rows: None,
            named: Named::new(),
            count: 0,
            current: None,
            last: String::new(),
        };
        let mut metadata = None;
        for name in weight_files(files)? {
            let missing = || Error::InvalidWeights(format!("the file \"{name}\" is not there"));
            let bytes = files.get(&name).ok_or_else(missing)?;
            let mut stream = WeightStream::default();
            stream.push(bytes, &mut sink)?;
            metadata = metadata.or(stream.take_metadata());
            stream.end_file(&mut sink)?;
        }
        sink.parts.check_complete()?;
        let mut weights = std::mem::take(&mut sink.named);
        untie(&mut weights)?;
        let config = sink.config()?;
        let (tokenizer, tokenizer_files) = tokenizer(files, metadata.as_ref())?;
        let rows = match &config {
            FileConfig::Bert(config) => config.vocab_size,
            FileConfig::Gpt(config) => config.vocab_size,
            FileConfig::Elmo(config) => config.vocab_size,
        };
        tokenizer.check_rows(rows)?;
        Ok(Self {
            config,
            json: json.map_or(Ok(Value::Null), parsed)?,
            tokenizer: Arc::new(tokenizer),
            tokenizer_files,
            weights,
        })
    }
}

fn parsed<T: serde::de::DeserializeOwned>(json: &[u8]) -> CoreResult<T> {
    serde_json::from_slice(json).map_err(|error| Error::InvalidConfig(error.to_string()))
}

fn model_type(json: &[u8]) -> Option<String> {
    let value: Value = parsed(json).ok()?;
    Some(value.get("model_type")?.as_str()?.to_string())
}

/// The names of the files that hold weights.
pub(super) fn weight_files(files: &Files) -> Result<Vec<String>> {
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
pub(super) fn open_tokenizer(files: &Files) -> CoreResult<Tokenizer> {
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

/// The tensors of all files, as f32.
struct Sink<'a> {
    json: Option<&'a [u8]>,
    elmo: bool,
    wanted: &'a dyn Fn(&str) -> bool,
    config: Option<Config>,
    gguf: bool,
    parts: GgufParts,
    /// Of the table of tokens.
    rows: Option<usize>,
    named: Named,
    /// Values that are wanted.
    count: usize,
    current: Option<Current>,
    last: String,
}

/// The tensor that is arriving.
struct Current {
    name: String,
    /// Whether it lies `[out, in]` in the file and `[in, out]` in a checkpoint.
    transpose: bool,
    info: TensorInfo,
    bytes: Vec<u8>,
}

impl Sink<'_> {
    /// What a tensor of the file is called, and whether it has to be transposed; `None` if it is no weight.
    fn place(&self, name: &str) -> Option<(String, bool)> {
        let Some(config) = &self.config else {
            return Some((name.into(), false));
        };
        let place = |placement| match placement {
            Placement::Keep { name, form } => Some((name, form)),
            Placement::Skip => None,
        };
        let (name, transpose) = if self.gguf {
            let (name, _) = place(config.place_gguf(name))?;
            let (_, form) = place(config.place_safetensors(&name))?;
            (name, form == Form::Transposed)
        } else {
            (place(config.place_safetensors(name))?.0, false)
        };
        let (prefix, heads): (_, &[&str]) = match config.architecture().model_type {
            "bert" => ("bert.", &["cls.", "classifier.", "qa_outputs."]),
            _ => ("transformer.", &["lm_head.", "score."]),
        };
        if heads.iter().any(|head| name.starts_with(head)) {
            return Some((name, transpose));
        }
        Some((format!("{prefix}{name}"), transpose))
    }

    /// The same, if it is wanted.
    fn wanted_place(&self, name: &str) -> Option<(String, bool)> {
        self.place(name).filter(|(name, _)| (self.wanted)(name))
    }

    /// The sizes, once all headers were there.
    fn config(&self) -> Result<FileConfig> {
        let Some(config) = &self.config else {
            let json = self.json.unwrap_or_default();
            let config: ElmoConfig = parsed(json)?;
            check_elmo(&config)?;
            return Ok(FileConfig::Elmo(config));
        };
        if let Some(config) = config.checkpoint_of::<gpt2::Gpt2Config>() {
            return Ok(FileConfig::Gpt(GptConfig {
                vocab_size: self.rows.unwrap_or(config.vocab_size),
                ..gpt_config(config)?
            }));
        }
        if let Some(config) = config.checkpoint_of::<bert::BertConfig>() {
            return Ok(FileConfig::Bert(BertConfig {
                vocab_size: self.rows.unwrap_or(config.vocab_size),
                ..bert_config(config)?
            }));
        }
        Err(unsupported(config.architecture().model_type))
    }
}

fn unsupported(what: &str) -> TrainError {
    Error::Unsupported(format!("training of {what}; BERT and GPT-2 are trained")).into()
}

fn gpt_config(config: &gpt2::Gpt2Config) -> Result<GptConfig> {
    if config.activation_function != Activation::GeluNew {
        return Err(unsupported("a GPT-2 with another function than gelu_new"));
    }
    if !config.scale_attn_weights || config.scale_attn_by_inverse_layer_idx {
        return Err(unsupported("a GPT-2 with scores scaled in another way"));
    }
    Ok(GptConfig {
        vocab_size: config.vocab_size,
        n_positions: config.n_positions,
        n_embd: config.n_embd,
        n_layer: config.n_layer,
        n_head: config.n_head,
        n_inner: config.n_inner,
        layer_norm_epsilon: config.layer_norm_epsilon,
    })
}

fn bert_config(config: &bert::BertConfig) -> Result<BertConfig> {
    if config.hidden_act != Activation::Gelu {
        return Err(unsupported("a BERT with another function than gelu"));
    }
    if config.type_vocab_size != 2 {
        return Err(unsupported("a BERT with another number of segments than 2"));
    }
    Ok(BertConfig {
        vocab_size: config.vocab_size,
        hidden_size: config.hidden_size,
        num_hidden_layers: config.num_hidden_layers,
        num_attention_heads: config.num_attention_heads,
        intermediate_size: config.intermediate_size,
        max_position_embeddings: config.max_position_embeddings,
        layer_norm_eps: config.layer_norm_eps,
    })
}

/// Within the sizes that a run can have made.
pub(super) fn check_elmo(config: &ElmoConfig) -> CoreResult<()> {
    let sizes = [
        ("vocab_size", config.vocab_size, 65_536),
        ("hidden_size", config.hidden_size, 2048),
        ("num_hidden_layers", config.num_hidden_layers, 48),
    ];
    for (name, size, most) in sizes {
        if !(1..=most).contains(&size) {
            return Err(Error::InvalidConfig(format!("\"{name}\" is {size}")));
        }
    }
    Ok(())
}

/// Output layers that are the token embedding have one name here, and the head's bias that of older checkpoints.
fn untie(weights: &mut Named) -> Result<()> {
    let pairs = [
        (TABLES[0], "lm_head.weight"),
        (TABLES[1], "cls.predictions.decoder.weight"),
        ("cls.predictions.bias", "cls.predictions.decoder.bias"),
    ];
    for (name, second) in pairs {
        let Some(other) = weights.remove(second) else {
            continue;
        };
        match weights.get(name) {
            None => drop(weights.insert(name.into(), other)),
            Some(first) if *first == other => {}
            Some(_) => {
                return Err(unsupported(
                    "a model whose output layer is not its token embedding",
                ))
            }
        }
    }
    Ok(())
}

impl TensorSink for Sink<'_> {
    fn header(&mut self, header: &Header) -> CoreResult<()> {
        self.gguf = header.metadata.is_some();
        if let Some(metadata) = &header.metadata {
            if self.parts.are_several() || metadata.0.contains_key("split.count") {
                self.parts.add(metadata, header.tensors.len())?;
            }
        }
        if self.config.is_none() && !self.elmo {
            let json = self.json.map(Config::from_json);
            let missing = || Error::InvalidConfig("there is no config.json".into());
            self.config = Some(match &header.metadata {
                Some(metadata) => Config::from_gguf_beside(metadata, json)?,
                None => json.ok_or_else(missing)??,
            });
        }
        for info in &header.tensors {
            let Some((name, _)) = self.place(&info.name) else {
                continue;
            };
            if TABLES.contains(&name.as_str()) {
                self.rows = info.shape.first().copied();
            }
            if (self.wanted)(&name) {
                let count: usize = info.shape.iter().product();
                self.count = self.count.saturating_add(count);
            }
        }
        if self.count > MOST_WEIGHTS {
            let what = "the weights in f32, their gradients and the optimizer's moments";
            return Err(Error::out_of_memory(what, 16 * self.count as u64));
        }
        Ok(())
    }

    fn begin(&mut self, info: &TensorInfo) -> CoreResult<bool> {
        let Some((name, transpose)) = self.wanted_place(&info.name) else {
            return Ok(false);
        };
        if !info.dtype.readable() || info.shape.contains(&0) {
            let name = &info.name;
            return Err(Error::Unsupported(format!(
                "tensor \"{name}\" holds no floating-point numbers that we read"
            )));
        }
        if self.named.contains_key(&name) {
            let message = format!("two tensors are both \"{name}\" to the model");
            return Err(Error::InvalidWeights(message));
        }
        self.current = Some(Current {
            name,
            transpose,
            info: info.clone(),
            bytes: Vec::new(),
        });
        Ok(true)
    }

    fn data(&mut self, bytes: &[u8]) -> CoreResult<()> {
        if let Some(current) = &mut self.current {
            current.bytes.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn end(&mut self) -> CoreResult<()> {
        let Some(current) = self.current.take() else {
            return Ok(());
        };
        let mut shape = current.info.shape;
        let mut values = vec![0.0; shape.iter().product()];
        current.info.dtype.decode(&current.bytes, &mut values);
        if let (true, &[rows, cols]) = (current.transpose, shape.as_slice()) {
            let value = |at: usize| values[at % rows * cols + at / rows];
            values = (0..rows * cols).map(value).collect();
            shape = vec![cols, rows];
        }
        self.last.clone_from(&current.name);
        self.named.insert(current.name, (shape, values));
        Ok(())
    }

    fn alias(&mut self, info: &TensorInfo, _: &TensorInfo) -> CoreResult<()> {
        let place = self.wanted_place(&info.name);
        if let (Some((name, _)), Some(value)) = (place, self.named.get(&self.last)) {
            let value = value.clone();
            self.named.insert(name, value);
        }
        Ok(())
    }
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
