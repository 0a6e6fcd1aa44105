//! Files of `torch.save` as PyTorch wrote them before 1.6, and still does where it is told to
//! (`_use_new_zipfile_serialization=False`): pickles of a magic number, a version, the sizes of the machine's types and the
//! state dict, one of the storages' keys, and the storages themselves in that order, each behind its number of values
//! (`torch.serialization._legacy_save`).

use std::collections::{HashSet, VecDeque};

use super::super::sink::TensorSink;
use super::contents::Contents;
use super::pickle::Machine;
use super::pickle_values::{Value, CONVERT};
use super::storage::Views;
use super::zip::fill;
use crate::error::{Error, Result};

/// The version that all such files have.
const VERSION: i64 = 1001;

/// The pickles, in their order.
#[derive(Clone, Copy)]
enum Part {
    Magic,
    Version,
    Sizes,
    StateDict,
    Keys,
}

enum State {
    Pickle(Part, Box<Machine>),
    /// The bytes so far of a storage's number of values.
    Count(Vec<u8>),
    /// In a storage, and its bytes to come.
    Storage(Box<Views>, u64),
    /// All is there.
    End,
}

/// Such a file being read.
pub(in crate::weights) struct LegacyStream {
    state: State,
    contents: Option<Contents>,
    /// The storages to come.
    keys: VecDeque<String>,
}

impl Default for LegacyStream {
    fn default() -> Self {
        Self {
            state: State::Pickle(Part::Magic, Box::default()),
            contents: None,
            keys: VecDeque::new(),
        }
    }
}

fn broken(what: &str) -> Error {
    Error::InvalidWeights(format!(
        "its list of tensors and its storages do not fit: {what}"
    ))
}

fn unknown_storage() -> Error {
    broken("a storage that no tensor knows")
}

impl LegacyStream {
    /// Whether a file begins as such a one: with a pickle, of protocol 2 or later.
    pub fn begins(bytes: &[u8]) -> bool {
        matches!(bytes, [0x80, 2..=5, ..])
    }

    /// Takes the next bytes.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
        while !bytes.is_empty() {
            let state = std::mem::replace(&mut self.state, State::End);
            let (state, taken) = self.step(state, bytes, sink)?;
            self.state = state;
            bytes = &bytes[taken..];
        }
        Ok(())
    }

    /// Ends the file.
    pub fn finish(self) -> Result<()> {
        let (place, missing) = match self.state {
            State::End => return Ok(()),
            State::Pickle(..) => ("its list of tensors".into(), None),
            State::Count(_) => ("the number of a storage's values".into(), None),
            State::Storage(views, left) => (views.place(), Some(left)),
        };
        Err(Error::TruncatedWeights { place, missing })
    }

    /// Takes some of `bytes`, which are not empty; returns the state behind them and how many were taken.
    fn step(
        &mut self,
        state: State,
        bytes: &[u8],
        sink: &mut dyn TensorSink,
    ) -> Result<(State, usize)> {
        match state {
            State::Pickle(part, mut machine) => match machine.push(bytes)? {
                None => Ok((State::Pickle(part, machine), bytes.len())),
                Some((taken, top)) => Ok((self.pickled(part, *machine, top, sink)?, taken)),
            },
            State::Count(mut count) => {
                let taken = fill(&mut count, 8, bytes);
                match count.first_chunk() {
                    None => Ok((State::Count(count), taken)),
                    Some(count) => Ok((self.enter(u64::from_le_bytes(*count), sink)?, taken)),
                }
            }
            State::Storage(mut views, left) => {
                let here = left.min(bytes.len() as u64);
                views.push(&bytes[..here as usize], sink)?;
                if here < left {
                    return Ok((State::Storage(views, left - here), here as usize));
                }
                views.finish(sink)?;
                Ok((self.next()?, here as usize))
            }
            // What follows belongs to nothing, as to PyTorch.
            State::End => Ok((State::End, bytes.len())),
        }
    }

    /// What follows a pickle.
    fn pickled(
        &mut self,
        part: Part,
        mut machine: Machine,
        top: Value,
        sink: &mut dyn TensorSink,
    ) -> Result<State> {
        let next = match (part, top) {
            (Part::Magic, Value::Magic) => Part::Version,
            (Part::Magic, _) => {
                return Err(Error::InvalidWeights(format!(
                    "it is a Python pickle, but not of torch.save. Nothing in it was run. {CONVERT}"
                )))
            }
            (Part::Version, Value::Int(VERSION)) => Part::Sizes,
            (Part::Version, _) => {
                return Err(Error::Unsupported(format!(
                    "weights of an unknown version of torch.save. {CONVERT}"
                )))
            }
            (Part::Sizes, sizes) => {
                if let Some(Value::Bool(false)) = machine.entry(sizes, "little_endian") {
                    return Err(Error::Unsupported(
                        "weights saved on a machine with the other order of bytes (big-endian)"
                            .into(),
                    ));
                }
                Part::StateDict
            }
            (Part::StateDict, dict) => {
                self.contents = Some(Contents::new(machine.state_dict(dict)?, sink)?);
                Part::Keys
            }
            (Part::Keys, keys) => {
                let keys = machine
                    .texts(keys)
                    .ok_or_else(|| broken("no list of storages"))?;
                // Before they are copied: a text may stand in the list a million times.
                let waiting = self.contents.as_ref().map(|contents| &contents.waiting);
                let waiting =
                    waiting.ok_or_else(|| Error::Internal("keys before the state dict".into()))?;
                let mut seen = HashSet::new();
                let mut known = keys
                    .iter()
                    .map(|&key| waiting.contains_key(key) && seen.insert(key));
                if keys.len() > waiting.len() || !known.all(|known| known) {
                    return Err(unknown_storage());
                }
                self.keys = keys.into_iter().map(str::to_string).collect();
                return self.next();
            }
        };
        Ok(State::Pickle(next, Box::default()))
    }

    /// What follows a storage, or the list of them.
    fn next(&self) -> Result<State> {
        if !self.keys.is_empty() {
            return Ok(State::Count(Vec::new()));
        }
        if let Some(contents) = &self.contents {
            contents.check_complete()?;
        }
        Ok(State::End)
    }

    /// Begins the next storage, which has `count` values by what stands before it.
    fn enter(&mut self, count: u64, sink: &mut dyn TensorSink) -> Result<State> {
        let key = self.keys.pop_front();
        let (Some(contents), Some(key)) = (&mut self.contents, key) else {
            return Err(Error::Internal("a storage before the list of them".into()));
        };
        let index = contents.waiting.remove(&key);
        let index = index.ok_or_else(unknown_storage)?;
        if contents.len(index) != count {
            return Err(broken(
                "a storage has not the values that its tensors ask for",
            ));
        }
        let (views, size) = contents.views(index);
        if size == 0 {
            views.finish(sink)?;
            return self.next();
        }
        Ok(State::Storage(Box::new(views), size))
    }
}
