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
use super::parameters::{safetensors_file, Named};
use super::settings::Settings;
use super::tokenizer::TrainedTokenizer;

/// Of the format: another one is refused.
const VERSION: u32 = 1;
/// The entry of the metadata.
const KEY: &str = "cloze_training";
/// Before the names of weights.
pub(super) const WEIGHTS: &str = "weights/";
/// Before the names of what the optimizer remembers.
pub(super) const OPTIMIZER: &str = "optimizer/";

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
pub(super) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A tensor with its name and shape.
pub(super) type Tensor = (String, Vec<usize>, Vec<f32>);

/// Writes what is no tensor as JSON under `key`, and tensors.
pub(super) fn pack<H: Serialize>(key: &str, header: &H, tensors: &[Tensor]) -> Result<Vec<u8>> {
    let header = serde_json::to_string(header).map_err(TrainError::internal)?;
    safetensors_file(tensors, HashMap::from([(key.to_string(), header)]))
}

/// Reads what [`pack`] wrote.
///
/// # Errors
/// [`TrainError::InvalidCheckpoint`].
pub(super) fn unpack<H: DeserializeOwned>(key: &str, bytes: &[u8]) -> Result<(H, Named)> {
    let invalid = |error: &dyn std::fmt::Display| TrainError::InvalidCheckpoint(error.to_string());
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| invalid(&error))?;
    let fields = header.metadata().as_ref();
    let header = fields.and_then(|fields| fields.get(key));
    let header = header.ok_or_else(|| invalid(&"it is no checkpoint of a run"))?;
    let header = serde_json::from_str(header).map_err(|error| invalid(&error))?;
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| invalid(&error))?;
    let mut named = Named::new();
    for (name, view) in tensors.iter() {
        if view.dtype() != Dtype::F32 {
            return Err(invalid(&format!("\"{name}\" is no f32")));
        }
        let chunks = view.data().chunks_exact(4);
        let values = chunks
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        named.insert(name.into(), (view.shape().to_vec(), values));
    }
    Ok((header, named))
}

/// Puts `prefix` before the names of tensors.
pub(super) fn behind(prefix: &str, tensors: Vec<Tensor>) -> impl Iterator<Item = Tensor> + '_ {
    let named = move |(name, shape, values)| (format!("{prefix}{name}"), shape, values);
    tensors.into_iter().map(named)
}

/// The tensors whose names begin with `prefix`, without it.
pub(super) fn under(prefix: &str, named: &mut Named) -> Named {
    let names: Vec<String> = named.keys().cloned().collect();
    let taken = names.iter().filter_map(|name| {
        let rest = name.strip_prefix(prefix)?;
        Some((rest.to_string(), named.remove(name)?))
    });
    taken.collect()
}

/// The tensors of [`Optimizer::state`](super::optimizers::Optimizer::state), for its `restore`.
pub(super) fn moments(named: &mut Named) -> HashMap<String, Vec<f32>> {
    let state = under(OPTIMIZER, named).into_iter();
    state.map(|(name, (_, values))| (name, values)).collect()
}

/// Writes a checkpoint.
pub(super) fn write(
    settings: &Settings,
    tokenizer: &TrainedTokenizer,
    [step, text]: [u64; 2],
    weights: Vec<Tensor>,
    optimizer: Vec<Tensor>,
) -> Result<Vec<u8>> {
    let tensors = behind(WEIGHTS, weights).chain(behind(OPTIMIZER, optimizer));
    let header = Header {
        version: VERSION,
        settings: settings.clone(),
        tokenizer: String::from_utf8_lossy(&tokenizer.json).into_owned(),
        step,
        text,
    };
    pack(KEY, &header, &tensors.collect::<Vec<_>>())
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// [`TrainError::InvalidCheckpoint`].
pub(super) fn read(bytes: &[u8]) -> Result<Checkpoint> {
    let (header, mut named): (Header, Named) = unpack(KEY, bytes)?;
    if header.version != VERSION {
        let message = format!("it is of version {}", header.version);
        return Err(TrainError::InvalidCheckpoint(message));
    }
    Ok(Checkpoint {
        tokenizer: TrainedTokenizer {
            json: header.tokenizer.into_bytes(),
            bert: header.settings.reads_pairs(),
        },
        step: header.step,
        text: header.text,
        settings: header.settings,
        weights: under(WEIGHTS, &mut named),
        optimizer: moments(&mut named),
    })
}
