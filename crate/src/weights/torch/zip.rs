//! Entries of a zip archive, read from the front by their own headers. (APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3.7,
//! 4.3.9 and 4.5.3.)

use super::super::crc::crc32;
use crate::error::{Error, Result};

/// How every entry begins.
pub(in crate::weights) const ENTRY: &[u8] = b"PK\x03\x04";
/// What stands behind an entry whose header has no sizes.
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// Bytes of a descriptor with sizes of 4 and of 8 bytes.
pub(super) const DESCRIPTOR_SIZES: [usize; 2] = [16, 24];

pub(super) fn broken(what: impl Into<String>) -> Error {
    Error::InvalidWeights(format!("its zip archive is broken: {}", what.into()))
}

/// An entry of the archive being read.
pub(super) struct Entry {
    pub name: String,
    /// Bytes so far.
    pub at: u64,
    /// Bytes in all, where that is known.
    pub size: Option<u64>,
    /// Whether a descriptor follows.
    pub described: bool,
    /// The checksum in the header.
    pub crc: u32,
    /// The checksum of the bytes so far, if they are used.
    pub sum: Option<u32>,
}

/// Bytes of an entry's header: 4 tell it from the table, 30 say how long name and extra field are.
pub(super) fn header_size(head: &[u8]) -> Result<usize> {
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

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"))
}

/// Fills `buffer` up to `length` from `bytes`; how many it took.
pub(super) fn fill(buffer: &mut Vec<u8>, length: usize, bytes: &[u8]) -> usize {
    let taken = length.saturating_sub(buffer.len()).min(bytes.len());
    buffer.extend_from_slice(&bytes[..taken]);
    taken
}

/// Whether a descriptor is of an entry of this size.
pub(super) fn says(descriptor: &[u8], size: u64) -> bool {
    let sizes = match descriptor.len() {
        16 => [u32_at(descriptor, 8).into(), u32_at(descriptor, 12).into()],
        24 => [u64_at(descriptor, 8), u64_at(descriptor, 16)],
        _ => return false,
    };
    descriptor.starts_with(DESCRIPTOR) && sizes == [size; 2]
}

/// The size of a note, and the end of the descriptor behind it, once that is there. It was not in the first
/// `known` bytes.
pub(super) fn described(note: &[u8], known: usize) -> Option<(usize, usize)> {
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
    pub fn new(head: &[u8]) -> Result<Self> {
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
    pub fn left(&self, bytes: &[u8]) -> usize {
        match self.size {
            Some(size) => (size - self.at).min(bytes.len() as u64) as usize,
            None => bytes.len(),
        }
    }

    pub fn is_complete(&self) -> bool {
        self.size == Some(self.at)
    }

    /// Counts bytes of it.
    pub fn passed(&mut self, bytes: &[u8]) {
        self.at += bytes.len() as u64;
        self.sum = self.sum.map(|sum| crc32(sum, bytes));
    }

    /// Whether its bytes are those that were written. PyTorch leaves 0 where it was told to make no checksums
    /// (`set_crc32_options`).
    pub fn check_sum(&self, crc: u32) -> Result<()> {
        match self.sum {
            Some(sum) if crc != 0 && sum != crc => Err(broken(format!(
                "the bytes of its entry {:?} are not those that were written (CRC-32)",
                self.short_name()
            ))),
            _ => Ok(()),
        }
    }

    /// For messages: names come from a stranger.
    pub fn short_name(&self) -> String {
        self.name.chars().take(80).collect()
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
