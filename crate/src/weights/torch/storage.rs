//! The values of one PyTorch storage as they arrive, handed on as the tensors that are views of it.

use super::super::header::TensorInfo;
use super::super::raw_dtype::RawDType;
use super::super::run::Run;
use super::super::sink::TensorSink;
use super::state_dict::View;
use crate::error::Result;
use crate::memory::reserve;

/// Bytes that are handed on at once.
const PIECE: usize = 64 << 10;

/// The tensors of a storage.
pub(super) enum Views {
    /// Each has its bytes for itself, or with others that are the same tensor: they stream.
    Streamed(Run),
    /// They overlap, or are transposed: the storage is buffered until it is complete.
    Buffered {
        tensors: Vec<(TensorInfo, View)>,
        bytes: Vec<u8>,
        /// Bytes there will be.
        size: usize,
    },
}

impl Views {
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
        if overlap || !tensors.iter().all(|(_, view)| view.is_contiguous()) {
            return Self::Buffered {
                tensors,
                bytes: Vec::new(),
                size: usize::try_from(size).unwrap_or(usize::MAX),
            };
        }
        let infos = tensors.into_iter().map(|(info, _)| info);
        Self::Streamed(Run::new(infos.collect()))
    }

    /// Takes the next bytes of the storage.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
        match self {
            Self::Streamed(run) => run.push(bytes, sink),
            Self::Buffered {
                bytes: buffer,
                size,
                ..
            } => {
                let what = || "tensors that share their values".to_string();
                reserve(buffer, bytes.len(), *size, what)?;
                buffer.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// The storage is complete.
    pub fn finish(self, sink: &mut dyn TensorSink) -> Result<()> {
        match self {
            Self::Streamed(run) => run.finish(sink),
            Self::Buffered { tensors, bytes, .. } => {
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

    /// What an error calls the place that has been reached.
    pub fn place(&self) -> String {
        let name = match self {
            Self::Streamed(run) => run.current().map(|info| &info.name),
            Self::Buffered { tensors, .. } => tensors.first().map(|(info, _)| &info.name),
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
