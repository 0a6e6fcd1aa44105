//! The GGUF format of ggml and llama.cpp, versions 2 and 3: key-value pairs, tensor list, data.

use super::header::{sizes, Header, Parsed, TensorInfo};
use super::raw_dtype::RawDType;
use crate::error::{Error, Result};
use crate::gguf::{Metadata, Value};

/// How every file begins.
pub(super) const MAGIC: &[u8] = b"GGUF";
/// Bytes of a header that we are ready to hold: large vocabularies take a few MB.
const MAX_HEADER: usize = 128 << 20;
/// ggml tensors have at most this many dimensions.
const MAX_DIMS: u32 = 4;
/// Array elements in all: a value takes more memory than its bytes in the file, and the largest
/// vocabularies have a quarter of a million tokens with a few arrays each.
const MAX_ELEMENTS: u64 = 4 << 20;
/// Arrays in arrays are legal, but nobody nests them.
const MAX_DEPTH: usize = 3;

/// Reading stopped: either more bytes are needed, or they are wrong.
enum Stop {
    NeedMore,
    Wrong(Error),
}

fn wrong(message: impl Into<String>) -> Stop {
    Stop::Wrong(Error::InvalidWeights(message.into()))
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Array elements that may still come.
    elements: u64,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], Stop> {
        if count > MAX_HEADER as u64 {
            return Err(wrong(format!(
                "its GGUF header holds an entry of {count} bytes"
            )));
        }
        let end = self.at + count as usize;
        let bytes = self.bytes.get(self.at..end).ok_or(Stop::NeedMore)?;
        self.at = end;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        Ok(self.take(N as u64)?.try_into().expect("N bytes"))
    }

    fn u32(&mut self) -> Result<u32, Stop> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, Stop> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn string(&mut self) -> Result<String, Stop> {
        let length = self.u64()?;
        // Vocabularies hold tokens that are not UTF-8; refusing them would refuse the model.
        Ok(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    fn value(&mut self, kind: u32, depth: usize) -> Result<Value, Stop> {
        Ok(match kind {
            0 => Value::Int(self.array::<1>()?[0] as i64),
            1 => Value::Int(i8::from_le_bytes(self.array()?) as i64),
            2 => Value::Int(u16::from_le_bytes(self.array()?) as i64),
            3 => Value::Int(i16::from_le_bytes(self.array()?) as i64),
            4 => Value::Int(self.u32()? as i64),
            5 => Value::Int(i32::from_le_bytes(self.array()?) as i64),
            6 => Value::Float(f32::from_le_bytes(self.array()?) as f64),
            7 => Value::Bool(self.array::<1>()?[0] != 0),
            8 => Value::String(self.string()?),
            9 if depth < MAX_DEPTH => {
                let kind = self.u32()?;
                let count = self.u64()?;
                self.elements = self
                    .elements
                    .checked_sub(count)
                    .ok_or_else(|| wrong(format!("its GGUF metadata has an array of {count}")))?;
                (0..count)
                    .map(|_| self.value(kind, depth + 1))
                    .collect::<Result<Vec<_>, _>>()
                    .map(Value::Array)?
            }
            9 => return Err(wrong("its GGUF metadata is nested too deeply")),
            10 => Value::Int(self.u64()? as i64),
            11 => Value::Int(self.u64()? as i64),
            12 => Value::Float(f64::from_le_bytes(self.array()?)),
            other => {
                return Err(wrong(format!(
                    "its GGUF metadata has a value of unknown kind {other}"
                )))
            }
        })
    }

    fn tensor(&mut self) -> Result<TensorInfo, Stop> {
        let name = self.string()?;
        let dims = self.u32()?;
        if dims > MAX_DIMS {
            return Err(wrong(format!("tensor \"{name}\" has {dims} dimensions")));
        }
        let mut shape = (0..dims)
            .map(|_| self.u64())
            .collect::<Result<Vec<_>, _>>()?;
        // ggml counts the innermost dimension first.
        shape.reverse();
        let number = self.u32()?;
        let begin = self.u64()?;
        let dtype = RawDType::from_ggml(number).ok_or_else(|| {
            let readable: Vec<_> = RawDType::readable_ggml().collect();
            Stop::Wrong(Error::Unsupported(format!(
                "tensor \"{name}\" is stored as {} (ggml type {number}). Use a file with {}.",
                RawDType::ggml_name(number).unwrap_or("something unknown"),
                readable.join(", ")
            )))
        })?;
        let (shape, count) = sizes(&name, &shape).map_err(Stop::Wrong)?;
        let row = shape.last().copied().unwrap_or(1) as u64;
        let end = dtype
            .bytes(row)
            .and_then(|_| dtype.bytes(count))
            .and_then(|bytes| begin.checked_add(bytes))
            .ok_or_else(|| {
                wrong(format!(
                    "tensor \"{name}\" of shape {shape:?} does not fill its blocks"
                ))
            })?;
        Ok(TensorInfo {
            name,
            dtype,
            shape,
            begin,
            end,
        })
    }
}

/// Reads the header from the first bytes of a file.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed> {
    match read(bytes) {
        Ok(header) => Ok(Parsed::Complete(header?)),
        Err(Stop::NeedMore) if bytes.len() > MAX_HEADER => Err(Error::InvalidWeights(
            "its GGUF header does not end within 128 MB".into(),
        )),
        Err(Stop::NeedMore) => Ok(Parsed::Incomplete),
        Err(Stop::Wrong(error)) => Err(error),
    }
}

fn read(bytes: &[u8]) -> Result<Result<Header>, Stop> {
    let mut cursor = Cursor {
        bytes,
        at: 4,
        elements: MAX_ELEMENTS,
    };
    let version = cursor.u32()?;
    if (1..=3).contains(&version.swap_bytes()) {
        return Err(Stop::Wrong(Error::Unsupported(
            "GGUF files in the other order of bytes (big-endian). Use a little-endian one, or convert this one with \
             gguf-py's gguf_convert_endian.py."
                .into(),
        )));
    }
    if !(2..=3).contains(&version) {
        return Err(Stop::Wrong(Error::Unsupported(format!(
            "GGUF version {version}; versions 2 and 3 are read. Convert the file again with a current llama.cpp."
        ))));
    }
    let tensor_count = cursor.u64()?;
    let pair_count = cursor.u64()?;
    let mut metadata = Metadata::default();
    for _ in 0..pair_count {
        let key = cursor.string()?;
        let kind = cursor.u32()?;
        let value = cursor.value(kind, 0)?;
        metadata.0.insert(key, value);
    }
    let mut tensors = Vec::new();
    for _ in 0..tensor_count {
        tensors.push(cursor.tensor()?);
    }
    let alignment = metadata.usize("general.alignment").unwrap_or(32) as u64;
    if alignment == 0 || alignment > 1 << 20 {
        return Err(wrong(format!(
            "it asks for an alignment of {alignment} bytes"
        )));
    }
    let data_start = (cursor.at as u64).next_multiple_of(alignment);
    Ok(Header::checked(tensors, data_start, Some(metadata)))
}
