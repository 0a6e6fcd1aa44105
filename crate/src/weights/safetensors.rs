//! The safetensors format: 8 bytes with the header's length, a JSON header, the data.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::header::{sizes, Header, Parsed, TensorInfo};
use super::raw_dtype::RawDType;
use crate::error::{Error, Result};

/// The format's own limit on its header.
const MAX_HEADER: u64 = 100_000_000;

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Tensor {
        dtype: String,
        shape: Vec<u64>,
        data_offsets: [u64; 2],
    },
    /// `__metadata__`: free text, not needed.
    Metadata(#[allow(dead_code)] BTreeMap<String, String>),
}

/// Reads the header from the first bytes of a file.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed> {
    let Some(length) = bytes.first_chunk::<8>() else {
        return Ok(Parsed::Incomplete);
    };
    let length = u64::from_le_bytes(*length);
    if !(2..=MAX_HEADER).contains(&length) {
        return Err(Error::InvalidWeights(
            "it is neither safetensors, GGUF nor PyTorch (its first bytes are no plausible header). Check that \
             the address leads to the file itself and not to a web page or a Git LFS pointer."
                .into(),
        ));
    }
    // A file that is no safetensors is found out here, before megabytes are waited for.
    if bytes.get(8).is_some_and(|&byte| byte != b'{') {
        return Err(Error::InvalidWeights(
            "its safetensors header is not JSON. Check that the address leads to the weight file itself.".into(),
        ));
    }
    let Some(header) = bytes.get(8..8 + length as usize) else {
        return Ok(Parsed::Incomplete);
    };
    let entries: BTreeMap<String, Entry> = serde_json::from_slice(header).map_err(|error| {
        Error::InvalidWeights(format!("its safetensors header cannot be read: {error}"))
    })?;
    let mut tensors = Vec::with_capacity(entries.len());
    for (name, entry) in entries {
        match entry {
            Entry::Tensor {
                dtype,
                shape,
                data_offsets: [begin, end],
            } => {
                tensors.push(tensor(name, &dtype, shape, begin, end)?);
            }
            Entry::Metadata(_) if name == "__metadata__" => {}
            Entry::Metadata(_) => {
                return Err(Error::InvalidWeights(format!(
                    "its safetensors header says nothing usable of \"{name}\""
                )))
            }
        }
    }
    Ok(Parsed::Complete(Header::checked(
        tensors,
        8 + length,
        None,
    )?))
}

fn tensor(name: String, dtype: &str, shape: Vec<u64>, begin: u64, end: u64) -> Result<TensorInfo> {
    let dtype = RawDType::from_safetensors(dtype);
    let (shape, count) = sizes(&name, &shape)?;
    let fits = begin <= end && (!dtype.readable() || dtype.bytes(count) == Some(end - begin));
    if !fits {
        return Err(Error::InvalidWeights(format!(
            "tensor \"{name}\" of shape {shape:?} cannot lie in bytes {begin} to {end}"
        )));
    }
    Ok(TensorInfo {
        name,
        dtype,
        shape,
        begin,
        end,
    })
}
