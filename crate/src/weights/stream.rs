//! Bytes in, tensors out: drives a [`TensorSink`] with a weight file that arrives in pieces.

use super::header::Parsed;
use super::run::Run;
use super::sink::TensorSink;
use super::torch::{LegacyStream, TorchStream};
use super::{foreign, gguf, safetensors, torch};
use crate::error::{Error, Result};
use crate::gguf::Metadata;

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
    Legacy(Box<LegacyStream>),
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
            State::Legacy(mut torch) => torch.push(bytes, sink).map(|()| State::Legacy(torch)),
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

    /// Ends the file; what is pushed next begins another one.
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

    /// Ends the file.
    ///
    /// # Errors
    /// [`Error::TruncatedWeights`] if the header or a tensor is not complete.
    pub fn finish(&mut self, sink: &mut dyn TensorSink) -> Result<()> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Header { bytes, .. } if bytes.is_empty() => Err(Error::TruncatedWeights {
                place: "its first byte: it is empty".into(),
                missing: None,
            }),
            State::Header { bytes, try_at } => match Self::header(bytes, try_at, true, sink)? {
                State::Header { .. } => Err(Error::TruncatedWeights {
                    place: "its header".into(),
                    missing: None,
                }),
                begun => {
                    self.state = begun;
                    self.finish(sink)
                }
            },
            State::Data { run, .. } => run.finish(sink),
            State::Torch(torch) => torch.finish(),
            State::Legacy(torch) => torch.finish(),
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
            Some(_) if safetensors::is_plausible(&all) => safetensors::parse(&all)?,
            Some(first) if LegacyStream::begins(first) => {
                let mut torch = Box::<LegacyStream>::default();
                torch.push(&all, sink)?;
                return Ok(State::Legacy(torch));
            }
            Some(_) if last => return foreign::refuse(&all),
            Some(_) => match foreign::told(&all, true) {
                Some(error) => return Err(error),
                None => Parsed::Incomplete,
            },
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
