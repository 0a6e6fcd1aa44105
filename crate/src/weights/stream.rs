//! Bytes in, tensors out: drives a [`TensorSink`] with a weight file that arrives in pieces.

use super::gguf::Metadata;
use super::header::{Header, Parsed, TensorInfo};
use super::torch::TorchStream;
use super::{gguf, safetensors, torch};
use crate::error::{Error, Result};

/// Receives the tensors of a file in the order of their bytes.
pub trait TensorSink {
    /// The header was read and checked; comes once for each file, before its tensors.
    fn header(&mut self, header: &Header) -> Result<()>;
    /// A tensor begins. Returns whether its data is wanted.
    fn begin(&mut self, info: &TensorInfo) -> Result<bool>;
    /// The next bytes of the tensor, in pieces of any length.
    fn data(&mut self, bytes: &[u8]) -> Result<()>;
    /// The tensor is complete.
    fn end(&mut self) -> Result<()>;
    /// The tensor that has just ended has another name: its bytes are not going to come again.
    fn alias(&mut self, info: &TensorInfo, of: &TensorInfo) -> Result<()>;
}

enum State {
    /// The bytes so far, and how many there must be before parsing is tried again.
    Header {
        bytes: Vec<u8>,
        try_at: usize,
    },
    Data {
        run: Run,
        /// Of a GGUF file, until it is taken.
        metadata: Option<Metadata>,
    },
    Torch(Box<TorchStream>),
    /// An error was returned; the stream takes nothing more.
    Failed,
}

/// Reads safetensors, GGUF and the files of `torch.save`, told apart by their first bytes, without ever
/// holding more than the header (and, of PyTorch's, tensors that overlap).
pub struct WeightStream {
    state: State,
}

impl Default for WeightStream {
    fn default() -> Self {
        Self {
            state: State::Header {
                bytes: Vec::new(),
                try_at: 8,
            },
        }
    }
}

impl WeightStream {
    /// Takes the next bytes of the file, in pieces of any length.
    ///
    /// # Errors
    /// What the format or the sink finds wrong. After an error the stream is spent.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
        let result = match std::mem::replace(&mut self.state, State::Failed) {
            State::Header {
                bytes: mut all,
                try_at,
            } => {
                all.extend_from_slice(bytes);
                Self::header(all, try_at, false, sink)
            }
            State::Data { mut run, metadata } => run
                .push(bytes, sink)
                .map(|()| State::Data { run, metadata }),
            State::Torch(mut torch) => torch.push(bytes, sink).map(|()| State::Torch(torch)),
            State::Failed => Err(Error::InvalidWeights(
                "reading it failed before; start again".into(),
            )),
        };
        self.state = result?;
        Ok(())
    }

    /// The key-value pairs of a GGUF file whose header has arrived, unless they were taken before.
    pub fn take_metadata(&mut self) -> Option<Metadata> {
        match &mut self.state {
            State::Data { metadata, .. } => metadata.take(),
            _ => None,
        }
    }

    /// Says that the file has ended; what is pushed next begins another one.
    ///
    /// # Errors
    /// As [`WeightStream::finish`].
    pub fn end_file(&mut self, sink: &mut dyn TensorSink) -> Result<()> {
        self.finish(sink)?;
        *self = Self::default();
        Ok(())
    }

    /// Whether nothing of a file has come yet.
    pub fn is_empty(&self) -> bool {
        matches!(&self.state, State::Header { bytes, .. } if bytes.is_empty())
    }

    /// Says that the file has ended.
    ///
    /// # Errors
    /// [`Error::TruncatedWeights`] if the header or a tensor is not complete.
    pub fn finish(&mut self, sink: &mut dyn TensorSink) -> Result<()> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Header { bytes, try_at } => match Self::header(bytes, try_at, true, sink)? {
                State::Data { run, .. } => run.finish(sink),
                State::Torch(torch) => torch.finish(),
                _ => Err(Error::TruncatedWeights {
                    place: "its header".into(),
                    missing: None,
                }),
            },
            State::Data { run, .. } => run.finish(sink),
            State::Torch(torch) => torch.finish(),
            State::Failed => Err(Error::InvalidWeights(
                "reading it failed before; start again".into(),
            )),
        }
    }

    fn header(all: Vec<u8>, try_at: usize, last: bool, sink: &mut dyn TensorSink) -> Result<State> {
        if all.len() < try_at && !last {
            return Ok(State::Header { bytes: all, try_at });
        }
        let parsed = match all.first_chunk::<8>() {
            Some(first) if first.starts_with(gguf::MAGIC) => gguf::parse(&all)?,
            Some(first) if first.starts_with(torch::ENTRY) => {
                let mut torch = Box::<TorchStream>::default();
                torch.push(&all, sink)?;
                return Ok(State::Torch(torch));
            }
            Some(first) if first == torch::LEGACY => return Err(torch::legacy()),
            Some(_) => safetensors::parse(&all)?,
            None => Parsed::Incomplete,
        };
        match parsed {
            Parsed::Complete(header) => {
                sink.header(&header)?;
                let start = (header.data_start as usize).min(all.len());
                // Alignment may put the data behind bytes that are not here yet: count them as
                // skipped by beginning before zero.
                let late = header.data_start - start as u64;
                let mut run = Run::new(header.tensors);
                run.delay(late);
                run.push(&all[start..], sink)?;
                Ok(State::Data {
                    run,
                    metadata: header.metadata,
                })
            }
            // Parsing again for every piece would be quadratic; wait for half as much again.
            Parsed::Incomplete => {
                let try_at = all.len() + all.len() / 2 + 8;
                Ok(State::Header { bytes: all, try_at })
            }
        }
    }
}

/// Tensors that follow each other in a file, being read.
pub(super) struct Run {
    /// In the order of their bytes. Neighbours may be the same tensor, else none overlap.
    tensors: Vec<TensorInfo>,
    /// Position in the file's data.
    at: u64,
    /// Index of the tensor that is being read or comes next.
    current: usize,
    /// How many names the current tensor has and which of them the sink wanted, once asked.
    wanted: Option<(usize, Option<usize>)>,
}

impl Run {
    pub fn new(tensors: Vec<TensorInfo>) -> Self {
        Self {
            tensors,
            at: 0,
            current: 0,
            wanted: None,
        }
    }

    /// Shifts the data by bytes that stand before it and have not arrived.
    fn delay(&mut self, bytes: u64) {
        for tensor in &mut self.tensors {
            tensor.begin += bytes;
            tensor.end += bytes;
        }
    }

    /// The tensor that is being read or comes next.
    pub fn current(&self) -> Option<&TensorInfo> {
        self.tensors.get(self.current)
    }

    /// Takes the next bytes.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
        // The loop also runs with no bytes left, so that empty tensors begin and end.
        while let Some(info) = self.tensors.get(self.current) {
            if self.at < info.begin {
                let gap = (info.begin - self.at).min(bytes.len() as u64);
                bytes = &bytes[gap as usize..];
                self.at += gap;
                if self.at < info.begin {
                    return Ok(());
                }
            }
            let (count, wanted) = match self.wanted {
                Some(known) => known,
                None => {
                    let names = self.tensors[self.current..].iter();
                    let names = names.take_while(|other| other.is_same(info)).count().max(1);
                    let mut wanted = None;
                    for (index, name) in self.tensors[self.current..][..names].iter().enumerate() {
                        if sink.begin(name)? {
                            wanted = Some(index);
                            break;
                        }
                    }
                    *self.wanted.insert((names, wanted))
                }
            };
            let names = &self.tensors[self.current..][..count];
            let here = (info.end - self.at).min(bytes.len() as u64);
            if wanted.is_some() && here > 0 {
                sink.data(&bytes[..here as usize])?;
            }
            bytes = &bytes[here as usize..];
            self.at += here;
            if self.at < info.end {
                return Ok(());
            }
            if let Some(index) = wanted {
                sink.end()?;
                for other in &names[index + 1..] {
                    sink.alias(other, &names[index])?;
                }
            }
            self.wanted = None;
            self.current += count;
        }
        Ok(())
    }

    /// Says that the file has ended.
    pub fn finish(mut self, sink: &mut dyn TensorSink) -> Result<()> {
        self.push(&[], sink)?;
        match self.current() {
            None => Ok(()),
            Some(info) => Err(Error::TruncatedWeights {
                place: format!("tensor \"{}\"", info.name),
                missing: self.tensors.last().map(|last| last.end - self.at),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw_dtype::RawDType;
    use super::*;

    /// Wants the second name of each tensor.
    #[derive(Default)]
    struct Counting {
        asked: usize,
        bytes: usize,
        aliases: usize,
    }

    impl TensorSink for Counting {
        fn header(&mut self, _: &Header) -> Result<()> {
            Ok(())
        }
        fn begin(&mut self, _: &TensorInfo) -> Result<bool> {
            self.asked += 1;
            Ok(self.asked == 2)
        }
        fn data(&mut self, bytes: &[u8]) -> Result<()> {
            self.bytes += bytes.len();
            Ok(())
        }
        fn end(&mut self) -> Result<()> {
            Ok(())
        }
        fn alias(&mut self, _: &TensorInfo, _: &TensorInfo) -> Result<()> {
            self.aliases += 1;
            Ok(())
        }
    }

    #[test]
    fn many_names_in_many_pieces() {
        const NAMES: usize = 50_000;
        let info = |name: usize| TensorInfo {
            name: name.to_string(),
            dtype: RawDType::F32,
            shape: vec![NAMES],
            begin: 0,
            end: 4 * NAMES as u64,
        };
        let mut run = Run::new((0..NAMES).map(info).collect());
        let mut sink = Counting::default();
        for _ in 1..4 * NAMES {
            run.push(&[0], &mut sink).unwrap();
            assert_eq!(run.wanted, Some((NAMES, Some(1))), "not counted again");
        }
        run.push(&[0], &mut sink).unwrap();
        run.finish(&mut sink).unwrap();
        assert_eq!((sink.asked, sink.bytes), (2, 4 * NAMES));
        assert_eq!(sink.aliases, NAMES - 2);
    }
}
