//! A model from its config and the bytes of its weight file, in any pieces.

use std::sync::Arc;

use super::albert::Albert;
use super::bert::Bert;
use super::config::Config;
use super::distilbert::DistilBert;
use super::gpt2::Gpt2;
use super::llama::Llama;
use super::openai_gpt::OpenAiGpt;
use super::roberta::Roberta;
use super::{Decoder, Encoder, ModelInfo};
use crate::error::{Error, Result};
use crate::weights::{
    Collector, DType, Header, Metadata, Placement, TensorInfo, TensorSink, WeightStream, Weights,
};

/// A loaded model, by the direction it reads in; a clone is the same model.
#[derive(Clone)]
pub enum Model {
    /// BERT and its kin: reads in both directions.
    Encoder(Arc<dyn Encoder>),
    /// GPT-2 and its kin: writes from left to right.
    Decoder(Arc<dyn Decoder>),
}

impl Model {
    /// What there is to tell of it.
    pub fn info(&self) -> ModelInfo {
        match self {
            Model::Encoder(model) => model.info(),
            Model::Decoder(model) => model.info(),
        }
    }

    /// The encoder in it.
    ///
    /// # Errors
    /// [`Error::WrongArchitecture`] for a decoder.
    pub fn into_encoder(self) -> Result<Arc<dyn Encoder>> {
        match self {
            Model::Encoder(model) => Ok(model),
            Model::Decoder(model) => Err(Error::WrongArchitecture {
                needed: "BERT-type",
                found: model.info().model_type,
            }),
        }
    }

    /// The decoder in it.
    ///
    /// # Errors
    /// [`Error::WrongArchitecture`] for an encoder.
    pub fn into_decoder(self) -> Result<Arc<dyn Decoder>> {
        match self {
            Model::Decoder(model) => Ok(model),
            Model::Encoder(model) => Err(Error::WrongArchitecture {
                needed: "GPT-type",
                found: model.info().model_type,
            }),
        }
    }
}

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

/// Learns the configuration from the first header, then collects.
struct Sink {
    /// What `config.json` says. It may be wrong: beside a GGUF file it need not say anything.
    json: Option<Result<Config>>,
    /// Once the first header has come.
    config: Option<Config>,
    dtype: DType,
    collector: Option<Collector<Place>>,
}

impl Sink {
    /// To one who has no memory it says what the whole would take.
    fn explained(&self, mut error: Error) -> Error {
        if let (Error::OutOfMemory { model, .. }, Some(collector)) = (&mut error, &self.collector) {
            *model = Some((collector.needed(), self.dtype));
        }
        error
    }
}

impl TensorSink for Sink {
    fn header(&mut self, header: &Header) -> Result<()> {
        let config = match (&self.config, &header.metadata) {
            // Of a further file.
            (Some(config), None) => config.clone(),
            (Some(config), Some(_)) => config.clone().for_gguf()?,
            (None, Some(metadata)) => Config::from_gguf_beside(metadata, self.json.take())?,
            (None, None) => self.json.take().unwrap_or_else(|| {
                Err(Error::InvalidConfig(
                    "there is no config.json, and only GGUF files hold a configuration themselves. Put config.json \
                     beside the weights."
                        .into(),
                ))
            })?,
        };
        if let (Config::Llama(config), Some(_)) = (&config, &header.metadata) {
            config.check_gguf(header.tensors.iter().map(|tensor| tensor.name.as_str()))?;
        }
        self.config = Some(config.clone());
        let gguf = header.metadata.is_some();
        let place: Place = match gguf {
            true => Box::new(move |name| config.place_gguf(name)),
            false => Box::new(move |name| config.place_safetensors(name)),
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
    /// `config_json` may be left out for GGUF, which holds its own; what is wrong with it is said when the header of
    /// other weights has come ([`ModelLoader::push`]). Matrices are kept as `dtype`; what a GGUF file has in 4 bits
    /// stays in 4 bits when 8 are asked for.
    ///
    /// # Errors
    /// None now.
    pub fn new(config_json: Option<&[u8]>, dtype: DType) -> Result<Self> {
        let sink = Sink {
            json: config_json.map(Config::from_json),
            config: None,
            dtype,
            collector: None,
        };
        Ok(Self {
            stream: WeightStream::default(),
            sink,
        })
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

    /// Says that the file has ended; what is pushed next begins another file of the same model.
    ///
    /// # Errors
    /// [`Error::TruncatedWeights`].
    pub fn end_file(&mut self) -> Result<()> {
        let result = self.stream.end_file(&mut self.sink);
        result.map_err(|error| self.sink.explained(error))
    }

    /// Says that the last file has ended, if [`ModelLoader::end_file`] did not, and puts the model together.
    ///
    /// # Errors
    /// [`Error::TruncatedWeights`], [`Error::MissingTensor`], [`Error::ShapeMismatch`].
    pub fn finish(mut self) -> Result<Model> {
        let (config, weights) = self.collect()?;
        Ok(match config {
            Config::Bert(config) => Model::Encoder(Arc::new(Bert::load(config, &weights)?)),
            Config::DistilBert(config) => {
                Model::Encoder(Arc::new(DistilBert::load(config, &weights)?))
            }
            Config::Roberta(config) => Model::Encoder(Arc::new(Roberta::load(config, &weights)?)),
            Config::Albert(config) => Model::Encoder(Arc::new(Albert::load(config, &weights)?)),
            Config::Gpt2(config) => Model::Decoder(Arc::new(Gpt2::load(config, &weights)?)),
            Config::Llama(config) => Model::Decoder(Arc::new(Llama::load(config, &weights)?)),
            Config::OpenAiGpt(config) => {
                Model::Decoder(Arc::new(OpenAiGpt::load(config, &weights)?))
            }
        })
    }

    /// What a GGUF file's header says, once it has arrived and until it was taken; `None` for safetensors. Its
    /// vocabulary is large, so whoever reads the tokenizer from it takes it away.
    pub fn take_metadata(&mut self) -> Option<Metadata> {
        self.stream.take_metadata()
    }

    fn collect(&mut self) -> Result<(Config, Weights)> {
        // After `end_file` nothing more needs to come.
        if self.sink.collector.is_none() || !self.stream.is_empty() {
            let result = self.stream.finish(&mut self.sink);
            result.map_err(|error| self.sink.explained(error))?;
        }
        match (self.sink.config.take(), self.sink.collector.take()) {
            (Some(config), Some(collector)) => Ok((config, collector.into_weights())),
            _ => Err(Error::Internal("a finished stream without a header".into())),
        }
    }
}

/// A linear layer `name.weight`, `name.bias`.
pub(super) fn linear(
    weights: &Weights,
    name: &str,
    inputs: usize,
    outputs: usize,
) -> Result<crate::nn::Linear> {
    let weight = weights.matrix(&format!("{name}.weight"), outputs, inputs)?;
    let bias = weights.tensor(&format!("{name}.bias"), &[outputs])?;
    crate::nn::Linear::new(weight, Some(bias))
}

/// A layer norm `name.weight`, `name.bias`.
pub(super) fn layer_norm(
    weights: &Weights,
    name: &str,
    size: usize,
    eps: f64,
) -> Result<crate::nn::LayerNorm> {
    let part = |part: &str| weights.tensor(&format!("{name}.{part}"), &[size]);
    crate::nn::LayerNorm::new(&part("weight")?, &part("bias")?, eps)
}

/// An embedding `name.weight` and its table, which an output layer may share.
pub(super) fn embedding(
    weights: &Weights,
    name: &str,
    entries: usize,
    size: usize,
) -> Result<(crate::nn::Embedding, Arc<crate::nn::Matrix>)> {
    let table = weights.matrix(&format!("{name}.weight"), entries, size)?;
    Ok((crate::nn::Embedding::new(table.clone()), table))
}
