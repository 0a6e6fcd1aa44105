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
    /// `__metadata__`: free text, and second names of tensors.
    Metadata(BTreeMap<String, String>),
}

/// Whether a file may be one: found out from its first bytes, before megabytes of a header are waited for.
pub(super) fn is_plausible(bytes: &[u8]) -> bool {
    let length = bytes
        .first_chunk()
        .map(|length| u64::from_le_bytes(*length));
    length.is_some_and(|length| (2..=MAX_HEADER).contains(&length))
        && bytes.get(8).is_none_or(|&byte| byte == b'{')
}

/// Reads the header from the first bytes of a plausible file.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed> {
    let Some(length) = bytes.first_chunk::<8>() else {
        return Ok(Parsed::Incomplete);
    };
    let length = u64::from_le_bytes(*length);
    let Some(header) = bytes.get(8..8 + length as usize) else {
        return Ok(Parsed::Incomplete);
    };
    let entries: BTreeMap<String, Entry> = serde_json::from_slice(header).map_err(|error| {
        Error::InvalidWeights(format!("its safetensors header cannot be read: {error}"))
    })?;
    let mut tensors = Vec::with_capacity(entries.len());
    let mut names = BTreeMap::new();
    for (name, entry) in entries {
        match entry {
            Entry::Tensor {
                dtype,
                shape,
                data_offsets: [begin, end],
            } => {
                tensors.push(tensor(name, &dtype, shape, begin, end)?);
            }
            Entry::Metadata(pairs) if name == "__metadata__" => names = pairs,
            Entry::Metadata(_) => {
                return Err(Error::InvalidWeights(format!(
                    "its safetensors header says nothing usable of \"{name}\""
                )))
            }
        }
    }
    let mut header = Header::checked(tensors, 8 + length, None)?;
    header.add_names(names);
    Ok(Parsed::Complete(header))
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
