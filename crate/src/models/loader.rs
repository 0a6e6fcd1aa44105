//! A model from its config and the bytes of its weight file, in any pieces.

use super::generation_config::GenerationConfig;
use super::model::Model;
use super::registry::Config;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::gguf::Metadata;
use crate::weights::{
    Collector, GgufParts, Header, Placement, TensorInfo, TensorSink, WeightStream, Weights,
};

/// Takes weight files (safetensors, GGUF, or PyTorch's `.bin`) as they arrive; each matrix is quantised row by row, so
/// no file is ever held whole.
///
/// A model may lie in several files ([`crate::weights::shard_names`] reads which):
///
/// ```no_run
/// use std::fs;
/// use cloze::{models::ModelLoader, weights::{shard_names, DType}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut loader = ModelLoader::new(Some(&fs::read("config.json")?), DType::Q8)?;
/// for name in shard_names(&fs::read("model.safetensors.index.json")?)? {
///     loader.push(&fs::read(name)?)?;
///     loader.end_file()?;
/// }
/// let model = loader.finish()?;
/// # Ok(())
/// # }
/// ```
pub struct ModelLoader {
    stream: WeightStream,
    sink: Sink,
}

/// Where the tensor of a name belongs.
type Place = Box<dyn FnMut(&str) -> Placement + Send>;

/// Finds out the configuration from the first header, then collects the tensors.
struct Sink {
    /// The contents of `config.json`, until the first header has come. An error in it does not matter beside a GGUF
    /// file.
    json: Option<Result<Config>>,
    /// The contents of `generation_config.json`, until then.
    generation: Option<GenerationConfig>,
    /// Once the first header has come.
    config: Option<Config>,
    dtype: DType,
    collector: Option<Collector<Place>>,
    /// Whether the last header was a GGUF file's, and of which part of a model.
    gguf: bool,
    parts: GgufParts,
}

impl Sink {
    /// Adds to an error for want of memory what the whole model would take.
    fn explained(&self, mut error: Error) -> Error {
        if let (Error::OutOfMemory { model, .. }, Some(collector)) = (&mut error, &self.collector) {
            *model = Some((collector.needed(), self.dtype));
        }
        error
    }

    /// The configuration for the file with this header, the model's first one or a further one.
    fn config_for(&mut self, header: &Header) -> Result<Config> {
        match (&self.config, &header.metadata) {
            (Some(config), None) => Ok(config.clone()),
            (Some(config), Some(_)) => config.clone().for_gguf(),
            (None, Some(metadata)) => {
                let alone = header.tensors.is_empty() && !self.parts.are_several();
                if alone && metadata.0.contains_key("tokenizer.ggml.tokens") {
                    return Err(Error::Unsupported(
                        "GGUF files of a vocabulary alone, without weights. Choose the model's own file.".into(),
                    ));
                }
                Config::from_gguf_beside(metadata, self.json.take())
            }
            (None, None) => self.json.take().unwrap_or_else(|| {
                Err(Error::InvalidConfig(
                    "there is no config.json, and only GGUF files hold a configuration themselves. Put config.json \
                     beside the weights."
                        .into(),
                ))
            }),
        }
    }
}

impl TensorSink for Sink {
    fn header(&mut self, header: &Header) -> Result<()> {
        self.gguf = header.metadata.is_some();
        if let Some(metadata) = &header.metadata {
            if self.parts.are_several() || metadata.0.contains_key("split.count") {
                self.parts.add(metadata, header.tensors.len())?;
            }
        }
        let mut config = self.config_for(header)?;
        if let Some(mut file) = self.generation.take() {
            if let Some(metadata) = &header.metadata {
                file = file.beside_gguf(metadata);
            }
            config = config.with_generation(file);
        }
        if header.metadata.is_some() {
            config = config.with_rows_of(header);
        }
        self.config = Some(config.clone());
        let place: Place = if header.metadata.is_some() {
            config.check_gguf(header)?;
            Box::new(move |name| config.place_gguf(name))
        } else {
            Box::new(move |name| config.place_safetensors(name))
        };
        let collector = match self.collector.take() {
            Some(mut collector) => {
                collector.set_placement(place);
                collector
            }
            None => Collector::new(self.dtype, place),
        };
        self.collector.insert(collector).header(header)
    }

    fn begin(&mut self, info: &TensorInfo) -> Result<bool> {
        self.collector
            .as_mut()
            .map_or(Ok(false), |collector| collector.begin(info))
    }

    fn data(&mut self, bytes: &[u8]) -> Result<()> {
        self.collector
            .as_mut()
            .map_or(Ok(()), |collector| collector.data(bytes))
    }

    fn end(&mut self) -> Result<()> {
        self.collector
            .as_mut()
            .map_or(Ok(()), |collector| collector.end())
    }

    fn alias(&mut self, info: &TensorInfo, of: &TensorInfo) -> Result<()> {
        self.collector
            .as_mut()
            .map_or(Ok(()), |collector| collector.alias(info, of))
    }
}

impl ModelLoader {
    /// `config_json` may be left out for GGUF, which holds its own. Matrices are kept as `dtype`; what a GGUF file has in 4 bits
    /// stays in 4 bits when 8 are asked for.
    ///
    /// # Errors
    /// None today: what is wrong is said when the first header has come.
    pub fn new(config_json: Option<&[u8]>, dtype: DType) -> Result<Self> {
        let sink = Sink {
            json: config_json.map(Config::from_json),
            generation: None,
            config: None,
            dtype,
            collector: None,
            gguf: false,
            parts: GgufParts::default(),
        };
        Ok(Self {
            stream: WeightStream::default(),
            sink,
        })
    }

    /// Takes the `generation_config.json` beside the weights, before they come.
    pub fn with_generation_config(mut self, json: Option<&[u8]>) -> Self {
        self.sink.generation = json.map(GenerationConfig::from_json);
        self
    }

    /// The next bytes of the weight file.
    ///
    /// # Errors
    /// What is wrong with the file or its config, see [`Config::from_json`]; after an error, start with a new loader. A tensor that an earlier
    /// file had already is an error too.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let result = self.stream.push(bytes, &mut self.sink);
        result.map_err(|error| self.sink.explained(error))
    }

    /// Ends the file; what is pushed next begins another file of the same model.
    ///
    /// # Errors
    /// [`Error::TruncatedWeights`].
    pub fn end_file(&mut self) -> Result<()> {
        let result = self.stream.end_file(&mut self.sink);
        result.map_err(|error| self.sink.explained(error))
    }

    /// Ends the last file, if [`ModelLoader::end_file`] did not, and puts the model together.
    ///
    /// # Errors
    /// [`Error::TruncatedWeights`], [`Error::MissingTensor`], [`Error::ShapeMismatch`].
    pub fn finish(mut self) -> Result<Model> {
        let (config, weights) = self.collect()?;
        let gguf = self.sink.gguf;
        let named = |name: String| match config.gguf_name(&name) {
            Some(theirs) if gguf => theirs,
            _ => name,
        };
        config.load(weights).map_err(|error| match error {
            Error::MissingTensor(name) => Error::MissingTensor(named(name)),
            Error::ShapeMismatch {
                tensor,
                expected,
                found,
            } => Error::ShapeMismatch {
                tensor: named(tensor),
                expected,
                found,
            },
            error => error,
        })
    }

    /// The key-value pairs of a GGUF file: once its header has arrived, until they are taken. `None` for other formats.
    /// The vocabulary in them is large, so they are handed over and not kept.
    pub fn take_metadata(&mut self) -> Option<Metadata> {
        self.stream.take_metadata()
    }

    /// Rows of the token embedding, once the first header has arrived.
    pub fn vocab_size(&self) -> Option<usize> {
        self.sink.config.as_ref().map(Config::vocab_size)
    }

    fn collect(&mut self) -> Result<(Config, Weights)> {
        // After `end_file` nothing more needs to come.
        if self.sink.collector.is_none() || !self.stream.is_empty() {
            let result = self.stream.finish(&mut self.sink);
            result.map_err(|error| self.sink.explained(error))?;
        }
        self.sink.parts.check_complete()?;
        match (self.sink.config.take(), self.sink.collector.take()) {
            (Some(config), Some(collector)) => Ok((config, collector.into_weights())),
            _ => Err(Error::Internal("a finished stream without a header".into())),
        }
    }
}
