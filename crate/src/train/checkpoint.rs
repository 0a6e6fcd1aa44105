//! A run as bytes, from which it goes on with the same bits: a safetensors file with the weights (`weights/NAME`), what
//! the optimizer remembers (`optimizer/NAME.KIND`), and in its metadata settings, tokenizer, step and text. Random state
//! and position in the data are functions of seed and step.

use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors};

use super::error::{Result, TrainError};
use super::parameters::{safetensors_file, Named};
use super::settings::Settings;
use super::tokenizer::TrainedTokenizer;

/// Of the format: another one is refused.
const VERSION: &str = "cloze-training-1";
const WEIGHTS: &str = "weights/";
const OPTIMIZER: &str = "optimizer/";

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

/// Writes a checkpoint.
pub(super) fn write(
    settings: &Settings,
    tokenizer: &TrainedTokenizer,
    [step, text]: [u64; 2],
    weights: Vec<Tensor>,
    optimizer: Vec<Tensor>,
) -> Result<Vec<u8>> {
    let behind = |prefix: &'static str| {
        move |(name, shape, values): Tensor| (format!("{prefix}{name}"), shape, values)
    };
    let tensors: Vec<Tensor> = weights
        .into_iter()
        .map(behind(WEIGHTS))
        .chain(optimizer.into_iter().map(behind(OPTIMIZER)))
        .collect();
    let tokenizer_json = String::from_utf8_lossy(&tokenizer.json).into_owned();
    let metadata = [
        ("format", VERSION.to_string()),
        (
            "settings",
            serde_json::to_string(settings).map_err(TrainError::internal)?,
        ),
        ("tokenizer", tokenizer_json),
        ("step", step.to_string()),
        ("text", text.to_string()),
    ];
    let metadata = metadata.map(|(key, value)| (key.to_string(), value));
    safetensors_file(&tensors, metadata.into())
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// [`TrainError::InvalidCheckpoint`].
pub(super) fn read(bytes: &[u8]) -> Result<Checkpoint> {
    let invalid = |error: &dyn std::fmt::Display| TrainError::InvalidCheckpoint(error.to_string());
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| invalid(&error))?;
    let fields = header.metadata().as_ref();
    let field = |key: &str| {
        let value = fields.and_then(|fields| fields.get(key));
        value.ok_or_else(|| invalid(&format!("there is no \"{key}\"")))
    };
    if field("format")? != VERSION {
        return Err(invalid(&"it is of another version"));
    }
    let number = |key| -> Result<u64> { field(key)?.parse().map_err(|error| invalid(&error)) };
    let settings: Settings =
        serde_json::from_str(field("settings")?).map_err(|error| invalid(&error))?;
    let (mut weights, mut optimizer) = (Named::new(), HashMap::new());
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| invalid(&error))?;
    for (name, view) in tensors.iter() {
        if view.dtype() != Dtype::F32 {
            return Err(invalid(&format!("\"{name}\" is no f32")));
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
    Ok(Checkpoint {
        tokenizer: TrainedTokenizer {
            json: field("tokenizer")?.clone().into_bytes(),
            bert: settings.reads_pairs(),
        },
        step: number("step")?,
        text: number("text")?,
        settings,
        weights,
        optimizer,
    })
}
