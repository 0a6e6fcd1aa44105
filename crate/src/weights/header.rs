//! The header of a weight file of any format: which tensors there are, of what shape, and where.

use std::collections::{BTreeMap, BTreeSet};

use super::raw_dtype::RawDType;
use crate::error::{Error, Result};
use crate::gguf::Metadata;

/// Dimensions of a tensor with second names.
const MOST_DIMS: usize = 8;

/// One stored tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorInfo {
    /// As in the file.
    pub name: String,
    /// Number format.
    pub dtype: RawDType,
    /// Outermost dimension first, as PyTorch prints it.
    pub shape: Vec<usize>,
    /// First byte, counted from the start of the data.
    pub begin: u64,
    /// One past the last byte.
    pub end: u64,
}

impl TensorInfo {
    /// Whether it is the same values in the same form as another, under another name.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let place = |info: &Self| (info.begin, info.end, info.dtype);
        self.begin < self.end && place(self) == place(other) && self.shape == other.shape
    }
}

/// The checked header of a weight file.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// In the order of their bytes, none overlapping. (Of `torch.save`: by name; places are within storages,
    /// and may be the same.)
    pub tensors: Vec<TensorInfo>,
    /// Where the data begins, in bytes from the start of the file.
    pub data_start: u64,
    /// Key-value pairs of GGUF; `None` for other formats.
    pub metadata: Option<Metadata>,
}

/// The result of parsing the bytes so far.
pub(super) enum Parsed {
    /// The header is not complete yet.
    Incomplete,
    /// It is.
    Complete(Header),
}

/// A shape as this machine counts, and the number of values in it.
///
/// # Errors
/// [`Error::InvalidWeights`] where no file could hold it, [`Error::OutOfMemory`] where no memory here could.
pub(super) fn sizes(name: &str, shape: &[u64]) -> Result<(Vec<usize>, u64)> {
    let count = shape
        .iter()
        .try_fold(1u64, |count, &dim| count.checked_mul(dim))
        .ok_or_else(|| {
            Error::InvalidWeights(format!(
                "tensor \"{name}\" has the impossible shape {shape:?}"
            ))
        })?;
    let sizes = shape.iter().map(|&dim| usize::try_from(dim));
    match sizes.collect() {
        Ok(sizes) if count <= isize::MAX as u64 => Ok((sizes, count)),
        _ => Err(Error::out_of_memory(
            format!("tensor \"{name}\""),
            count.saturating_mul(size_of::<f32>() as u64),
        )),
    }
}

impl Header {
    /// Sorts the tensors by place and refuses ones that overlap or occur twice.
    pub(super) fn checked(
        mut tensors: Vec<TensorInfo>,
        data_start: u64,
        metadata: Option<Metadata>,
    ) -> Result<Self> {
        tensors.sort_by_key(|tensor| (tensor.begin, tensor.end));
        // Offsets are added to the data's place later on.
        if let Some(last) = tensors
            .iter()
            .find(|tensor| tensor.end.checked_add(data_start).is_none())
        {
            return Err(Error::InvalidWeights(format!(
                "tensor \"{}\" lies beyond any file",
                last.name
            )));
        }
        for pair in tensors.windows(2) {
            if pair[1].begin < pair[0].end {
                return Err(Error::InvalidWeights(format!(
                    "tensors \"{}\" and \"{}\" overlap in the file",
                    pair[0].name, pair[1].name
                )));
            }
        }
        Ok(Self {
            tensors,
            data_start,
            metadata,
        })
    }

    /// Adds tensors that are others under a second name: `safetensors.torch.save_model` keeps one name of those that
    /// share memory, and notes the rest in the metadata, `{left out: kept}`. Other notes name no tensors.
    pub(super) fn add_names(&mut self, names: BTreeMap<String, String>) {
        let mut second: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, of) in names {
            second.entry(of).or_default().push(name);
        }
        let known: BTreeSet<&str> = self.tensors.iter().map(|info| &*info.name).collect();
        for names in second.values_mut() {
            names.retain(|name| !known.contains(&**name));
        }
        // Behind the tensor itself, as its bytes come once.
        let tensors = std::mem::take(&mut self.tensors);
        for info in tensors {
            let names = second.remove(&info.name).unwrap_or_default();
            let (shape, at) = (info.shape.clone(), self.tensors.len());
            self.tensors.push(info);
            // No model's tensor has more dimensions: many names of a long shape would be memory for nothing.
            if shape.len() > MOST_DIMS {
                continue;
            }
            for name in names {
                let TensorInfo {
                    dtype, begin, end, ..
                } = self.tensors[at];
                let shape = shape.clone();
                self.tensors.push(TensorInfo {
                    name,
                    dtype,
                    shape,
                    begin,
                    end,
                });
            }
        }
    }
}
