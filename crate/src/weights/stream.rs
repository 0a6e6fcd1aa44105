//! Bytes in, tensors out: drives a [`TensorSink`] with a weight file that arrives in pieces.

use super::header::{Header, Parsed, TensorInfo};
use super::{gguf, safetensors};
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
}

enum State {
    /// The bytes so far, and how many there must be before parsing is tried again.
    Header {
        bytes: Vec<u8>,
        try_at: usize,
    },
    Data(DataState),
    /// An error was returned; the stream takes nothing more.
    Failed,
}

struct DataState {
    header: Header,
    /// Position in the file's data.
    at: u64,
    /// Index of the tensor that is being read or comes next.
    current: usize,
    /// What the sink said to `begin` of the current tensor, once asked.
    wanted: Option<bool>,
}

/// Reads safetensors or GGUF, told apart by their first bytes, without ever holding more than the
/// header.
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
            State::Data(mut data) => data.push(bytes, sink).map(|()| State::Data(data)),
            State::Failed => Err(Error::InvalidWeights(
                "reading it failed before; start again".into(),
            )),
        };
        self.state = result?;
        Ok(())
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
                State::Data(data) => data.finish(sink),
                _ => Err(Error::TruncatedWeights {
                    place: "its header".into(),
                    missing: None,
                }),
            },
            State::Data(data) => data.finish(sink),
            State::Failed => Err(Error::InvalidWeights(
                "reading it failed before; start again".into(),
            )),
        }
    }

    fn header(all: Vec<u8>, try_at: usize, last: bool, sink: &mut dyn TensorSink) -> Result<State> {
        if all.len() < try_at && !last {
            return Ok(State::Header { bytes: all, try_at });
        }
        let parsed = match gguf::recognised(&all) {
            Some(true) => gguf::parse(&all)?,
            Some(false) => safetensors::parse(&all)?,
            None => Parsed::Incomplete,
        };
        match parsed {
            Parsed::Complete(header) => {
                sink.header(&header)?;
                let start = (header.data_start as usize).min(all.len());
                // Alignment may put the data behind bytes that are not here yet: count them as
                // skipped by beginning before zero.
                let mut data = DataState {
                    header,
                    at: 0,
                    current: 0,
                    wanted: None,
                };
                let late = data.header.data_start - start as u64;
                data.delay(late);
                data.push(&all[start..], sink)?;
                Ok(State::Data(data))
            }
            // Parsing again for every piece would be quadratic; wait for half as much again.
            Parsed::Incomplete => {
                let try_at = all.len() + all.len() / 2 + 8;
                Ok(State::Header { bytes: all, try_at })
            }
        }
    }
}

impl DataState {
    /// Shifts the data by bytes that stand before it and have not arrived.
    fn delay(&mut self, bytes: u64) {
        for tensor in &mut self.header.tensors {
            tensor.begin += bytes;
            tensor.end += bytes;
        }
    }

    fn push(&mut self, mut bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
        // The loop also runs with no bytes left, so that empty tensors begin and end.
        while let Some(info) = self.header.tensors.get(self.current) {
            if self.at < info.begin {
                let gap = (info.begin - self.at).min(bytes.len() as u64);
                bytes = &bytes[gap as usize..];
                self.at += gap;
                if self.at < info.begin {
                    return Ok(());
                }
            }
            let wanted = match self.wanted {
                Some(wanted) => wanted,
                None => *self.wanted.insert(sink.begin(info)?),
            };
            let here = (info.end - self.at).min(bytes.len() as u64);
            if wanted && here > 0 {
                sink.data(&bytes[..here as usize])?;
            }
            bytes = &bytes[here as usize..];
            self.at += here;
            if self.at < info.end {
                return Ok(());
            }
            if wanted {
                sink.end()?;
            }
            self.wanted = None;
            self.current += 1;
        }
        Ok(())
    }

    fn finish(mut self, sink: &mut dyn TensorSink) -> Result<()> {
        self.push(&[], sink)?;
        match self.header.tensors.get(self.current) {
            None => Ok(()),
            Some(info) => Err(Error::TruncatedWeights {
                place: format!("tensor \"{}\"", info.name),
                missing: self.header.tensors.last().map(|last| last.end - self.at),
            }),
        }
    }
}
