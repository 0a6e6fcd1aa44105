//! A run as bytes, from which it goes on with the same bits: a safetensors file with the weights (`weights/NAME`), what
//! the optimizer remembers (`optimizer/NAME.KIND`), and in its metadata settings, tokenizer, step and text. Random state
//! and position in the data are functions of seed and step.
//!
//! The metadata is one entry: several would stand in another order each time, and equal runs make equal bytes.

use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::{Result, TrainError};
use super::exact_json;
use super::parameters::{safetensors_file, Entry, Named};
use super::settings::Settings;
use super::tokenizer::TrainedTokenizer;

/// Of the format of a run's: another one is refused.
const VERSION: u32 = 1;
/// The entry of the metadata.
const KEY: &str = "cloze_training";
const WEIGHTS: &str = "weights/";
const OPTIMIZER: &str = "optimizer/";

/// What is no tensor.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    settings: Settings,
    /// `tokenizer.json`
    tokenizer: String,
    step: u64,
    text: u64,
}

/// All that a run is.
pub(super) struct Checkpoint {
    pub settings: Settings,
    pub tokenizer: TrainedTokenizer,
    /// Steps done.
    pub step: u64,
    /// Of the text, see [`fingerprint`].
    pub text: u64,
    pub weights: Named,
    pub optimizer: HashMap<String, Vec<f32>>,
}

/// FNV-1a: whether a text is the same one.
pub(super) fn fingerprint(text: impl AsRef<[u8]>) -> u64 {
    let bytes = text.as_ref().iter();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Writes a checkpoint.
pub(super) fn write(
    settings: &Settings,
    tokenizer: &TrainedTokenizer,
    [step, text]: [u64; 2],
    weights: Vec<Entry<'_>>,
    optimizer: Vec<Entry<'_>>,
) -> Result<Vec<u8>> {
    let header = Header {
        version: VERSION,
        settings: settings.clone(),
        tokenizer: String::from_utf8_lossy(&tokenizer.json).into_owned(),
        step,
        text,
    };
    pack(&header, weights, optimizer)
}

/// Writes what is no tensor, weights, and what the optimizer remembers.
pub(super) fn pack(
    header: &impl Serialize,
    weights: Vec<Entry<'_>>,
    optimizer: Vec<Entry<'_>>,
) -> Result<Vec<u8>> {
    let weights = weights.into_iter().map(|entry| entry.behind(WEIGHTS));
    let optimizer = optimizer.into_iter().map(|entry| entry.behind(OPTIMIZER));
    let header = exact_json::to_string(header).map_err(TrainError::internal)?;
    let metadata = HashMap::from([(KEY.to_string(), header)]);
    safetensors_file(weights.chain(optimizer).collect(), metadata)
}

/// What [`pack`] wrote.
pub(super) struct Unpacked<H> {
    pub header: H,
    pub weights: Named,
    pub optimizer: HashMap<String, Vec<f32>>,
}

fn invalid(error: impl std::fmt::Display) -> TrainError {
    TrainError::InvalidCheckpoint(error.to_string())
}

/// Reads what is no tensor of what [`pack`] wrote.
///
/// # Errors
/// [`TrainError::InvalidCheckpoint`].
pub(super) fn header<H: DeserializeOwned>(bytes: &[u8]) -> Result<H> {
    let (_, file) = SafeTensors::read_metadata(bytes).map_err(invalid)?;
    let fields = file.metadata().as_ref();
    let header = fields.and_then(|fields| fields.get(KEY));
    let header = header.ok_or_else(|| invalid("it is no checkpoint of a run"))?;
    exact_json::from_str(header).map_err(invalid)
}

/// Reads what [`pack`] wrote.
///
/// # Errors
/// [`TrainError::InvalidCheckpoint`].
pub(super) fn unpack<H: DeserializeOwned>(bytes: &[u8]) -> Result<Unpacked<H>> {
    let header = header(bytes)?;
    let (mut weights, mut optimizer) = (Named::new(), HashMap::new());
    let tensors = SafeTensors::deserialize(bytes).map_err(invalid)?;
    for (name, view) in tensors.iter() {
        if view.dtype() != Dtype::F32 {
            return Err(invalid(format!("\"{name}\" is no f32")));
        }
        let chunks = view.data().chunks_exact(4);
        let values = chunks
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        if let Some(name) = name.strip_prefix(WEIGHTS) {
            weights.insert(name.into(), (view.shape().to_vec(), values));
        } else if let Some(name) = name.strip_prefix(OPTIMIZER) {
            optimizer.insert(name.into(), values);
        }
    }
    Ok(Unpacked {
        header,
        weights,
        optimizer,
    })
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// [`TrainError::InvalidCheckpoint`].
pub(super) fn read(bytes: &[u8]) -> Result<Checkpoint> {
    let Unpacked {
        header,
        weights,
        optimizer,
    } = unpack::<Header>(bytes)?;
    if header.version != VERSION {
        return Err(invalid(format!("it is of version {}", header.version)));
    }
    Ok(Checkpoint {
        tokenizer: TrainedTokenizer {
            json: header.tokenizer.into_bytes(),
            bert: header.settings.reads_pairs(),
        },
        step: header.step,
        text: header.text,
        settings: header.settings,
        weights,
        optimizer,
    })
}
