//! Files of `torch.save` (`pytorch_model.bin`), as PyTorch writes them since 1.6: a zip archive of a
//! pickle and, behind it, one uncompressed file for each storage.
//!
//! The archive is read from the front, as it arrives, by the entries' own headers; the table at its end
//! repeats them. PyTorch's writer leaves the sizes out of these headers, so the pickle says how large the
//! storages are, and what it does not know is looked for by the mark that stands behind each entry.
//! (APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3.7, 4.3.9 and 4.5.3.)

use super::super::sink::TensorSink;
use super::contents::Contents;
use super::pickle::Machine;
use super::storage::Views;
use super::zip::{broken, described, fill, header_size, says, u32_at, Entry, DESCRIPTOR_SIZES};
use crate::error::{Error, Result};

/// How the table at the end begins.
const TABLE: [&[u8]; 2] = [b"PK\x01\x02", b"PK\x05\x06"];
/// The most bytes of an entry whose size is unknown: notes such as `byteorder` have a few.
const MAX_NOTE: usize = 4096;
/// A file of `torch.save` being read.
pub(in crate::weights) struct TorchStream {
    state: State,
    contents: Option<Contents>,
}

enum State {
    /// The bytes so far of an entry's header, or of the table at the end.
    Header(Vec<u8>),
    /// In `data.pkl`.
    Pickle(Entry, Box<Machine>),
    /// In a storage.
    Storage(Entry, Box<Views>),
    /// In an entry that is small or that nobody needs, and its bytes, if they are looked at.
    Note(Entry, Vec<u8>),
    Skip(Entry),
    /// Behind an entry: the bytes so far, and the entry.
    Descriptor(Vec<u8>, Entry),
    /// At the table: all is there.
    End,
}

impl Default for TorchStream {
    fn default() -> Self {
        Self {
            state: State::Header(Vec::new()),
            contents: None,
        }
    }
}

impl TorchStream {
    /// Takes the next bytes of the file.
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
            State::Storage(entry, views) => (views.place(), entry.size.map(|size| size - entry.at)),
            State::Pickle(..) => ("its list of tensors".into(), None),
            _ => ("its zip archive".into(), None),
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
        Ok(match state {
            State::Header(mut head) => {
                // Each part says how large the next one is.
                let mut taken = 0;
                loop {
                    if TABLE.contains(&head.as_slice()) {
                        self.check_complete()?;
                        return Ok((State::End, taken));
                    }
                    let size = header_size(&head)?;
                    if head.len() == size {
                        return Ok((self.enter(Entry::new(&head)?, sink)?, taken));
                    }
                    match fill(&mut head, size, &bytes[taken..]) {
                        0 => return Ok((State::Header(head), taken)),
                        more => taken += more,
                    }
                }
            }
            State::Pickle(mut entry, mut machine) => {
                let here = entry.left(bytes);
                match machine.push(&bytes[..here])? {
                    Some((taken, dict)) => {
                        entry.passed(&bytes[..taken]);
                        if *entry.size.get_or_insert(entry.at) != entry.at {
                            return Err(broken("bytes behind the end of its pickle"));
                        }
                        self.contents = Some(Contents::new(machine.state_dict(dict)?, sink)?);
                        (behind(entry)?, taken)
                    }
                    None => {
                        entry.passed(&bytes[..here]);
                        if entry.size == Some(entry.at) {
                            return Err(broken("its pickle has no end"));
                        }
                        (State::Pickle(entry, machine), here)
                    }
                }
            }
            State::Storage(mut entry, mut views) => {
                let here = entry.left(bytes);
                views.push(&bytes[..here], sink)?;
                entry.passed(&bytes[..here]);
                if !entry.is_complete() {
                    return Ok((State::Storage(entry, views), here));
                }
                views.finish(sink)?;
                (behind(entry)?, here)
            }
            State::Note(mut entry, mut note) => {
                let before = note.len();
                let here = entry.left(bytes).min(MAX_NOTE);
                note.extend_from_slice(&bytes[..here]);
                entry.at = note.len() as u64;
                if entry.is_complete() {
                    check_note(&entry, &note)?;
                    return Ok((behind(entry)?, here));
                }
                match entry
                    .size
                    .is_none()
                    .then(|| described(&note, before))
                    .flatten()
                {
                    Some((size, end)) => {
                        check_note(&entry, &note[..size])?;
                        (State::Header(Vec::new()), end - before)
                    }
                    None if note.len() > MAX_NOTE => {
                        return Err(broken(format!(
                            "its entry {:?} does not end",
                            entry.short_name()
                        )))
                    }
                    None => (State::Note(entry, note), here),
                }
            }
            State::Skip(mut entry) => {
                let here = entry.left(bytes);
                entry.at += here as u64;
                if entry.is_complete() {
                    (behind(entry)?, here)
                } else {
                    (State::Skip(entry), here)
                }
            }
            State::Descriptor(mut descriptor, entry) => {
                let mut taken = 0;
                for length in DESCRIPTOR_SIZES {
                    taken += fill(&mut descriptor, length, &bytes[taken..]);
                    if descriptor.len() < length {
                        return Ok((State::Descriptor(descriptor, entry), taken));
                    }
                    if says(&descriptor, entry.at) {
                        entry.check_sum(u32_at(&descriptor, 4))?;
                        return Ok((State::Header(Vec::new()), taken));
                    }
                }
                return Err(broken("an entry is not as long as the pickle says"));
            }
            // The table repeats what the entries' headers said.
            State::End => (State::End, bytes.len()),
        })
    }

    /// What to do with an entry.
    fn enter(&mut self, mut entry: Entry, sink: &mut dyn TensorSink) -> Result<State> {
        // All names are in one folder, which is named after the file.
        let name = entry.name.split_once('/').map_or("", |(_, name)| name);
        let Some(contents) = &mut self.contents else {
            return match name {
                "data.pkl" if entry.size != Some(0) => {
                    entry.sum = Some(0);
                    Ok(State::Pickle(entry, Box::default()))
                }
                _ => Err(Error::InvalidWeights(format!(
                    "it is a zip archive, but not of torch.save: its first file is {:?}. If it is a \
                     packed model folder, unpack it.",
                    entry.short_name()
                ))),
            };
        };
        let storage = name
            .strip_prefix("data/")
            .and_then(|key| contents.waiting.remove(key));
        if let Some(index) = storage {
            let (views, size) = contents.views(index);
            if *entry.size.get_or_insert(size) != size {
                return Err(broken(format!(
                    "its entry {:?} has not the {size} bytes that the pickle says",
                    entry.short_name()
                )));
            }
            if entry.is_complete() {
                views.finish(sink)?;
                return behind(entry);
            }
            entry.sum = Some(0);
            return Ok(State::Storage(entry, Box::new(views)));
        }
        let looked_at = name == "byteorder" || entry.size.is_none();
        Ok(match entry.size {
            Some(0) => behind(entry)?,
            _ if looked_at => State::Note(entry, Vec::new()),
            _ => State::Skip(entry),
        })
    }

    /// At the end: whether every tensor was there.
    fn check_complete(&self) -> Result<()> {
        let Some(contents) = &self.contents else {
            return Err(Error::InvalidWeights("it is an empty zip archive.".into()));
        };
        contents.check_complete()
    }
}

/// What comes behind an entry's last byte.
fn behind(entry: Entry) -> Result<State> {
    if entry.described {
        return Ok(State::Descriptor(Vec::new(), entry));
    }
    entry.check_sum(entry.crc)?;
    Ok(State::Header(Vec::new()))
}

/// Refuses a `byteorder` that is not little-endian. Other notes do not matter.
fn check_note(entry: &Entry, note: &[u8]) -> Result<()> {
    if entry.name.ends_with("/byteorder") && note != b"little" {
        return Err(Error::Unsupported(
            "weights saved on a machine with the other order of bytes (big-endian)".into(),
        ));
    }
    Ok(())
}
