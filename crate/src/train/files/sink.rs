//! The tensors of weight files, as f32 under a checkpoint's names.

use super::sizes::{check_elmo, unsupported, FileConfig};
use crate::error::{Error, Result as CoreResult};
use crate::models::Config;
use crate::train::error::Result;
use crate::train::models::elmo::ElmoConfig;
use crate::train::parameters::Named;
use crate::weights::{Form, GgufParts, Header, Placement, TensorInfo, TensorSink};

/// The tables of tokens of GPT-2 and BERT.
const TABLES: [&str; 2] = [
    "transformer.wte.weight",
    "bert.embeddings.word_embeddings.weight",
];

/// Weights as f32, with gradients and the optimizer's two moments: 4 · 4 bytes each, and 2 GiB are what wasm has room for.
const MOST_WEIGHTS: usize = (2 << 30) / 16;

pub(super) fn parsed<T: serde::de::DeserializeOwned>(json: &[u8]) -> CoreResult<T> {
    serde_json::from_slice(json).map_err(|error| Error::InvalidConfig(error.to_string()))
}

/// The tensors of all files, as f32.
pub(super) struct Sink<'a> {
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

impl<'a> Sink<'a> {
    /// One that takes the tensors that are `wanted`.
    pub fn new(json: Option<&'a [u8]>, elmo: bool, wanted: &'a dyn Fn(&str) -> bool) -> Self {
        Self {
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
        }
    }

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
    pub fn config(&self) -> Result<FileConfig> {
        let Some(config) = &self.config else {
            let config: ElmoConfig = parsed(self.json.unwrap_or_default())?;
            check_elmo(&config)?;
            return Ok(FileConfig::Elmo(config));
        };
        FileConfig::of(config, self.rows)
    }

    /// All of them, once all files were read.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for an output layer of its own.
    pub fn take_weights(&mut self) -> Result<Named> {
        self.parts.check_complete()?;
        let mut weights = std::mem::take(&mut self.named);
        untie(&mut weights)?;
        Ok(weights)
    }
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
