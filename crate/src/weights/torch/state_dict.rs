//! What a file of `torch.save` holds: storages, and the tensors that are views of them.

use std::collections::BTreeSet;

use super::super::header::TensorInfo;
use super::super::raw_dtype::RawDType;
use crate::error::{Error, Result};

/// Values in a file, of which tensors are views.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Storage {
    /// Name of the file in the archive, behind `data/`.
    pub key: String,
    pub dtype: RawDType,
    /// Number of values.
    pub len: u64,
}

/// A tensor: a view of a storage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct View {
    /// Index into [`StateDict::storages`].
    pub storage: usize,
    /// Values before the first.
    pub offset: u64,
    pub shape: Vec<usize>,
    /// Values from one index of a dimension to the next.
    pub strides: Vec<u64>,
}

/// The contents of a pickle.
#[derive(Debug, Default)]
pub(super) struct StateDict {
    pub storages: Vec<Storage>,
    /// Tensors by name, sorted.
    pub tensors: Vec<(String, View)>,
}

impl View {
    /// Refuses a tensor that lies outside its storage of `len` values.
    pub(super) fn check(&self, len: u64) -> Result<()> {
        let wrong = || {
            Error::InvalidWeights(format!(
                "its pickle has a tensor of shape {:?} and strides {:?} at {} in a storage of {len} values",
                self.shape, self.strides, self.offset
            ))
        };
        if self.shape.len() != self.strides.len() {
            return Err(wrong());
        }
        if self.shape.contains(&0) {
            return Ok(());
        }
        let mut last = self.offset;
        let mut count = 1u64;
        for (&dim, &stride) in self.shape.iter().zip(&self.strides) {
            let dim = dim as u64;
            count = count.checked_mul(dim).ok_or_else(wrong)?;
            last = (dim - 1)
                .checked_mul(stride)
                .and_then(|steps| last.checked_add(steps))
                .ok_or_else(wrong)?;
        }
        // A tensor of more values than its storage has (of `expand`) would be memory for nothing.
        if last < len && count <= len {
            return Ok(());
        }
        Err(wrong())
    }

    /// The tensor, placed within its storage. Where values lie apart, `end` is only a size away from
    /// `begin`.
    pub(super) fn info(&self, name: &str, dtype: RawDType) -> TensorInfo {
        let bytes = |values: u64| dtype.bytes(values).unwrap_or(0);
        let count = self.shape.iter().map(|&dim| dim as u64).product();
        let begin = bytes(self.offset);
        TensorInfo {
            name: name.to_string(),
            dtype,
            shape: self.shape.clone(),
            begin,
            end: begin + bytes(count),
        }
    }

    /// Whether its values follow each other.
    pub(super) fn is_contiguous(&self) -> bool {
        let mut contiguous = 1;
        let dims = self.shape.iter().zip(&self.strides).rev();
        for (&dim, &stride) in dims.filter(|(&dim, _)| dim != 1) {
            if stride != contiguous {
                return false;
            }
            contiguous = contiguous.saturating_mul(dim as u64);
        }
        true
    }
}

/// How often the values of a storage may be shown by tensors that overlap: each becomes memory of its own, and a few
/// bytes of pickle make one.
const MOST_SHOWN: u64 = 2;

/// Refuses tensors that together show far more values than their storage has; the same one under several names counts
/// once.
pub(super) fn check_overlap(storage: &Storage, tensors: &[(String, View)]) -> Result<()> {
    let mut views = BTreeSet::new();
    let count = |view: &View| view.shape.iter().map(|&dim| dim as u64).product::<u64>();
    let shown = tensors
        .iter()
        .filter(|(_, view)| views.insert(view))
        .fold(0u64, |sum, (_, view)| sum.saturating_add(count(view)));
    if shown > storage.len.saturating_mul(MOST_SHOWN) {
        return Err(Error::InvalidWeights(format!(
            "its tensors show {shown} of the {} values of a storage",
            storage.len
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_is_bounded() {
        let storage = Storage {
            key: "0".into(),
            dtype: RawDType::F32,
            len: 100,
        };
        let view = |offset: u64| View {
            storage: 0,
            offset,
            shape: vec![100 - offset as usize],
            strides: vec![1],
        };
        let check = |offsets: &[u64]| {
            let named = |&offset: &u64| (format!("at {offset}"), view(offset));
            check_overlap(&storage, &offsets.iter().map(named).collect::<Vec<_>>())
        };
        assert!(check(&[0, 1]).is_ok(), "199 of 100");
        assert!(check(&[0, 0, 0, 0]).is_ok(), "one of several names");
        assert_eq!(check(&[0, 1, 2]).unwrap_err().code(), "invalid_weights");
    }
}
