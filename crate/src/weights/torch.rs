//! Files of `torch.save` (`pytorch_model.bin`), as PyTorch writes them since 1.6: a zip archive of a
//! pickle and, behind it, one uncompressed file for each storage.
//!
//! The archive is read from the front, as it arrives, by the entries' own headers; the table at its end
//! repeats them. PyTorch's writer leaves the sizes out of these headers, so the pickle says how large the
//! storages are, and what it does not know is looked for by the mark that stands behind each entry.
//! (APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3.7, 4.3.9 and 4.5.3.)

use std::collections::HashMap;

use super::crc::crc32;
use super::header::Header;
use super::pickle::{Machine, StateDict, Storage, View};
use super::sink::TensorSink;
use super::torch_storage::{check_overlap, Windows};
use crate::error::{Error, Result};

/// How every entry begins.
pub(super) const ENTRY: &[u8] = b"PK\x03\x04";
/// What stands behind an entry whose header has no sizes.
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// Bytes of a descriptor with sizes of 4 and of 8 bytes.
const DESCRIPTOR_SIZES: [usize; 2] = [16, 24];
/// How the table at the end begins.
const TABLE: [&[u8]; 2] = [b"PK\x01\x02", b"PK\x05\x06"];
/// Bytes of an entry whose size nobody says: notes such as `byteorder`, of a few bytes.
const MAX_NOTE: usize = 4096;
/// Bytes with which files from before 1.6 begin: a pickle of a magic number.
pub(super) const LEGACY: &[u8] = b"\x80\x02\x8a\x0al\xfc\x9cF";

/// What is said of files from before 1.6.
pub(super) fn legacy() -> Error {
    Error::Unsupported(
        "weights saved by PyTorch before 1.6. Save them again with a newer one: \
         torch.save(torch.load(\"old.bin\", weights_only=True), \"pytorch_model.bin\")."
            .into(),
    )
}

fn broken(what: impl Into<String>) -> Error {
    Error::InvalidWeights(format!("its zip archive is broken: {}", what.into()))
}

/// A file of `torch.save` being read.
pub(super) struct TorchStream {
    state: State,
    contents: Option<Contents>,
}

enum State {
    /// The bytes so far of an entry's header, or of the table at the end.
    Header(Vec<u8>),
    /// In `data.pkl`.
    Pickle(Entry, Box<Machine>),
    /// In a storage.
    Storage(Entry, Box<Windows>),
    /// In an entry that is small or that nobody needs, and its bytes, if they are looked at.
    Note(Entry, Vec<u8>),
    Skip(Entry),
    /// Behind an entry: the bytes so far, and the entry.
    Descriptor(Vec<u8>, Entry),
    /// At the table: all is there.
    End,
}

struct Entry {
    name: String,
    /// Bytes so far.
    at: u64,
    /// Bytes in all, where that is known.
    size: Option<u64>,
    /// Whether a descriptor follows.
    described: bool,
    /// The checksum that the header says.
    crc: u32,
    /// That of the bytes so far, if they are used.
    sum: Option<u32>,
}

/// What the pickle said.
struct Contents {
    storages: Vec<Storage>,
    /// Storages that have not come yet, by key.
    waiting: HashMap<String, usize>,
    /// The tensors of each storage.
    tensors: Vec<Vec<(String, View)>>,
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

    /// Says that the file has ended.
    pub fn finish(self) -> Result<()> {
        let (place, missing) = match self.state {
            State::End => return Ok(()),
            State::Storage(entry, windows) => {
                (windows.place(), entry.size.map(|size| size - entry.at))
            }
            State::Pickle(..) => ("its list of tensors".into(), None),
            _ => ("its zip archive".into(), None),
        };
        Err(Error::TruncatedWeights { place, missing })
    }

    /// Takes some of `bytes`, of which there are any: what comes next, and how many were taken.
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
                        self.contents = Some(Contents::new(dict, sink)?);
                        (entry.next()?, taken)
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
            State::Storage(mut entry, mut windows) => {
                let here = entry.left(bytes);
                windows.push(&bytes[..here], sink)?;
                entry.passed(&bytes[..here]);
                if !entry.is_complete() {
                    return Ok((State::Storage(entry, windows), here));
                }
                windows.finish(sink)?;
                (entry.next()?, here)
            }
            State::Note(mut entry, mut note) => {
                let before = note.len();
                let here = entry.left(bytes).min(MAX_NOTE);
                note.extend_from_slice(&bytes[..here]);
                entry.at = note.len() as u64;
                if entry.is_complete() {
                    entry.check(&note)?;
                    return Ok((entry.next()?, here));
                }
                match entry
                    .size
                    .is_none()
                    .then(|| described(&note, before))
                    .flatten()
                {
                    Some((size, end)) => {
                        entry.check(&note[..size])?;
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
                match entry.is_complete() {
                    true => (entry.next()?, here),
                    false => (State::Skip(entry), here),
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
            // The table says again what is known.
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
            let Storage { dtype, len, .. } = contents.storages[index];
            let size = dtype.bytes(len).unwrap_or(u64::MAX);
            if *entry.size.get_or_insert(size) != size {
                return Err(broken(format!(
                    "its entry {:?} has not the {size} bytes that the pickle says",
                    entry.short_name()
                )));
            }
            let tensors = std::mem::take(&mut contents.tensors[index]);
            let windows = Windows::new(dtype, size, tensors);
            if entry.is_complete() {
                windows.finish(sink)?;
                return entry.next();
            }
            entry.sum = Some(0);
            return Ok(State::Storage(entry, Box::new(windows)));
        }
        let looked_at = name == "byteorder" || entry.size.is_none();
        Ok(match entry.size {
            Some(0) => entry.next()?,
            _ if looked_at => State::Note(entry, Vec::new()),
            _ => State::Skip(entry),
        })
    }

    /// At the end: whether every tensor was there.
    fn check_complete(&self) -> Result<()> {
        let Some(contents) = &self.contents else {
            return Err(Error::InvalidWeights("it is an empty zip archive.".into()));
        };
        let missing = contents.waiting.values();
        let missing = missing.filter_map(|&index| contents.tensors[index].first());
        match missing.map(|(name, _)| name).min() {
            None => Ok(()),
            Some(name) => Err(broken(format!("the values of tensor {name:?} are missing"))),
        }
    }
}

impl Contents {
    /// Sorts tensors by storage, and tells the sink of them.
    fn new(dict: StateDict, sink: &mut dyn TensorSink) -> Result<Self> {
        let StateDict { storages, tensors } = dict;
        let infos = tensors.iter().map(|(name, view)| {
            let dtype = storages[view.storage].dtype;
            view.info(name, dtype)
        });
        let header = Header {
            tensors: infos.collect(),
            data_start: 0,
            metadata: None,
        };
        let mut of_storage = vec![Vec::new(); storages.len()];
        for (name, view) in tensors {
            of_storage[view.storage].push((name, view));
        }
        for (storage, tensors) in storages.iter().zip(&of_storage) {
            check_overlap(storage, tensors)?;
        }
        sink.header(&header)?;
        let keys = storages.iter().map(|storage| storage.key.clone());
        Ok(Self {
            waiting: keys.zip(0..).collect(),
            tensors: of_storage,
            storages,
        })
    }
}

/// Bytes of an entry's header: 4 tell it from the table, 30 say how long name and extra field are.
fn header_size(head: &[u8]) -> Result<usize> {
    let Some(fixed) = head.first_chunk::<30>() else {
        return match head.get(..4) {
            None => Ok(4),
            Some(ENTRY) => Ok(30),
            Some(_) => Err(broken("an entry does not begin where it should")),
        };
    };
    Ok(30 + u16_at(fixed, 26) as usize + u16_at(fixed, 28) as usize)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"))
}

/// Fills `buffer` up to `length` from `bytes`; how many it took.
fn fill(buffer: &mut Vec<u8>, length: usize, bytes: &[u8]) -> usize {
    let taken = length.saturating_sub(buffer.len()).min(bytes.len());
    buffer.extend_from_slice(&bytes[..taken]);
    taken
}

/// Whether a descriptor is of an entry of this size.
fn says(descriptor: &[u8], size: u64) -> bool {
    let sizes = match descriptor.len() {
        16 => [u32_at(descriptor, 8).into(), u32_at(descriptor, 12).into()],
        24 => [u64_at(descriptor, 8), u64_at(descriptor, 16)],
        _ => return false,
    };
    descriptor.starts_with(DESCRIPTOR) && sizes == [size; 2]
}

/// The size of a note, and the end of the descriptor behind it, once that is there. It was not in the first
/// `known` bytes.
fn described(note: &[u8], known: usize) -> Option<(usize, usize)> {
    let [_, longest] = DESCRIPTOR_SIZES;
    let starts = known.saturating_sub(longest)..note.len();
    let found = |size: usize| {
        DESCRIPTOR_SIZES.into_iter().find_map(|length| {
            let descriptor = note.get(size..size + length)?;
            says(descriptor, size as u64).then_some((size, size + length))
        })
    };
    starts.into_iter().find_map(found)
}

impl Entry {
    /// From a complete header.
    fn new(head: &[u8]) -> Result<Self> {
        /// Flags: encrypted, sizes follow in a descriptor.
        const ENCRYPTED: u16 = 1;
        const DESCRIBED: u16 = 1 << 3;
        let (flags, method) = (u16_at(head, 6), u16_at(head, 8));
        let (packed, size) = (u32_at(head, 18), u32_at(head, 22));
        let name = &head[30..30 + u16_at(head, 26) as usize];
        let extra = &head[30 + name.len()..];
        let described = flags & DESCRIBED != 0;
        let mut entry = Self {
            name: String::from_utf8_lossy(name).into_owned(),
            at: 0,
            size: Some(size.into()),
            described,
            crc: u32_at(head, 14),
            sum: None,
        };
        if flags & ENCRYPTED != 0 || method != 0 {
            return Err(Error::Unsupported(format!(
                "its zip archive is compressed or encrypted (entry {:?}). If it is a packed model folder, \
                 unpack it. torch.save leaves the bytes as they are: save it again.",
                entry.short_name()
            )));
        }
        match (packed, size) {
            (0, 0) if described => entry.size = None,
            (u32::MAX, u32::MAX) => {
                let sizes =
                    zip64_sizes(extra).ok_or_else(|| broken("an entry without its size"))?;
                // Where a descriptor follows, both may be left out here too.
                entry.size = (sizes != 0 || !described).then_some(sizes);
            }
            (packed, size) if packed == size => {}
            _ => return Err(broken("an entry of two sizes")),
        }
        Ok(entry)
    }

    /// How many of `bytes` belong to it.
    fn left(&self, bytes: &[u8]) -> usize {
        match self.size {
            Some(size) => (size - self.at).min(bytes.len() as u64) as usize,
            None => bytes.len(),
        }
    }

    fn is_complete(&self) -> bool {
        self.size == Some(self.at)
    }

    /// Counts bytes of it.
    fn passed(&mut self, bytes: &[u8]) {
        self.at += bytes.len() as u64;
        self.sum = self.sum.map(|sum| crc32(sum, bytes));
    }

    /// What comes after its last byte.
    fn next(self) -> Result<State> {
        match self.described {
            true => Ok(State::Descriptor(Vec::new(), self)),
            false => {
                self.check_sum(self.crc)?;
                Ok(State::Header(Vec::new()))
            }
        }
    }

    /// Whether its bytes are those that were written. PyTorch leaves 0 where it was told to make no checksums
    /// (`set_crc32_options`).
    fn check_sum(&self, crc: u32) -> Result<()> {
        match self.sum {
            Some(sum) if crc != 0 && sum != crc => Err(broken(format!(
                "the bytes of its entry {:?} are not those that were written (CRC-32)",
                self.short_name()
            ))),
            _ => Ok(()),
        }
    }

    /// For messages: names come from a stranger.
    fn short_name(&self) -> String {
        self.name.chars().take(80).collect()
    }

    /// Whether a note says something that matters.
    fn check(&self, note: &[u8]) -> Result<()> {
        match self.name.ends_with("/byteorder") && note != b"little" {
            true => Err(Error::Unsupported(
                "weights saved on a machine with the other order of bytes (big-endian)".into(),
            )),
            false => Ok(()),
        }
    }
}

/// The size in a zip64 extra field (number 1), where packed and unpacked agree.
fn zip64_sizes(mut extra: &[u8]) -> Option<u64> {
    while extra.len() >= 4 {
        let (kind, length) = (u16_at(extra, 0), u16_at(extra, 2) as usize);
        let field = extra.get(4..4 + length)?;
        if kind == 1 && length >= 16 {
            let [size, packed] = [u64_at(field, 0), u64_at(field, 8)];
            return (size == packed).then_some(size);
        }
        extra = &extra[4 + length..];
    }
    None
}
