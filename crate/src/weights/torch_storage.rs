//! The values of one PyTorch storage as they arrive, and the tensors that show parts of it.

use std::collections::BTreeSet;

use super::header::TensorInfo;
use super::pickle::{Storage, View};
use super::raw_dtype::RawDType;
use super::run::Run;
use super::sink::TensorSink;
use crate::error::{Error, Result};
use crate::memory::room;

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
    match shown > storage.len.saturating_mul(MOST_SHOWN) {
        false => Ok(()),
        true => Err(Error::InvalidWeights(format!(
            "its tensors show {shown} of the {} values of a storage",
            storage.len
        ))),
    }
}

/// Bytes that are handed on at once.
const PIECE: usize = 64 << 10;

impl View {
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
    fn is_contiguous(&self) -> bool {
        let mut step = 1;
        let dims = self.shape.iter().zip(&self.strides).rev();
        for (&dim, &stride) in dims.filter(|(&dim, _)| dim != 1) {
            if stride != step {
                return false;
            }
            step = step.saturating_mul(dim as u64);
        }
        true
    }
}

/// The tensors of a storage.
pub(super) enum Windows {
    /// Each has its bytes for itself, or with others that are the same tensor: they stream.
    Apart(Run),
    /// They overlap, or are turned over: the storage is held until it is complete.
    Held {
        tensors: Vec<(TensorInfo, View)>,
        bytes: Vec<u8>,
        /// Bytes there will be.
        size: usize,
    },
}

impl Windows {
    /// `size`: bytes of the storage.
    pub fn new(dtype: RawDType, size: u64, tensors: Vec<(String, View)>) -> Self {
        let mut tensors: Vec<_> = tensors
            .into_iter()
            .map(|(name, view)| (view.info(&name, dtype), view))
            .collect();
        // Those that are the same beside each other.
        tensors.sort_by(|(a, x), (b, y)| {
            let order = |info: &TensorInfo| (info.begin, info.end);
            (order(a), x, &a.name).cmp(&(order(b), y, &b.name))
        });
        let overlap = tensors.windows(2).any(|pair| {
            let [(a, _), (b, _)] = pair else { return false };
            b.begin < a.end && !b.is_same(a)
        });
        match overlap || !tensors.iter().all(|(_, view)| view.is_contiguous()) {
            false => Self::Apart(Run::new(
                tensors.into_iter().map(|(info, _)| info).collect(),
            )),
            true => Self::Held {
                tensors,
                bytes: Vec::new(),
                size: usize::try_from(size).unwrap_or(usize::MAX),
            },
        }
    }

    /// Takes the next bytes of the storage.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
        match self {
            Self::Apart(run) => run.push(bytes, sink),
            Self::Held {
                bytes: held, size, ..
            } => {
                let what = || "tensors that share their values".to_string();
                room(held, bytes.len(), *size, what)?;
                held.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// The storage is complete.
    pub fn finish(self, sink: &mut dyn TensorSink) -> Result<()> {
        match self {
            Self::Apart(run) => run.finish(sink),
            Self::Held { tensors, bytes, .. } => {
                let mut same = tensors.chunk_by(|(_, a), (_, b)| a == b);
                same.try_for_each(|names| {
                    let mut names = names.iter();
                    while let Some((info, view)) = names.next() {
                        if sink.begin(info)? {
                            gather(info, view, &bytes, sink)?;
                            sink.end()?;
                            return names.try_for_each(|(other, _)| sink.alias(other, info));
                        }
                    }
                    Ok(())
                })
            }
        }
    }

    /// Where a file that ends here ends.
    pub fn place(&self) -> String {
        let name = match self {
            Self::Apart(run) => run.current().map(|info| &info.name),
            Self::Held { tensors, .. } => tensors.first().map(|(info, _)| &info.name),
        };
        name.map_or("values that no tensor has".into(), |name| {
            format!("tensor \"{name}\"")
        })
    }
}

/// Hands on a tensor's values in their order.
fn gather(info: &TensorInfo, view: &View, bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
    let (_, width) = info.dtype.block();
    let count: usize = info.shape.iter().product();
    let mut index = vec![0; view.shape.len()];
    let mut at = view.offset as usize;
    let mut piece = Vec::with_capacity(PIECE);
    for _ in 0..count {
        piece.extend_from_slice(&bytes[at * width..][..width]);
        if piece.len() >= PIECE {
            sink.data(&piece)?;
            piece.clear();
        }
        // The next index, innermost first, and its place.
        for (dim, index) in index.iter_mut().enumerate().rev() {
            let stride = view.strides[dim] as usize;
            *index += 1;
            if *index < view.shape[dim] {
                at += stride;
                break;
            }
            at -= (*index - 1) * stride;
            *index = 0;
        }
    }
    sink.data(&piece)
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
