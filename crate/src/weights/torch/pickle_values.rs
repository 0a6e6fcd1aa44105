//! What a pickle is made of: bytes, values, and the names that it may refer to.

use super::super::raw_dtype::RawDType;
use super::state_dict::View;
use crate::error::{Error, Result};

/// Bytes of a module's or function's name.
const MAX_LINE: usize = 256;

/// The advice about files that are not read.
pub(super) const CONVERT: &str =
    "Load it with transformers and save it with save_pretrained(), which writes safetensors.";

/// The number with which files from before 1.6 begin, as its digits stand in the pickle.
pub(super) const MAGIC: &[u8] = b"l\xfc\x9cF\xf9 j\xa8P\x19";

/// What may be referred to by name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage(RawDType),
}

impl Global {
    fn named(module: &str, name: &str) -> Option<Self> {
        Some(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2" | "_rebuild_tensor") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Self::RebuildParameter,
            ("torch", name) => Self::Storage(match name.strip_suffix("Storage")? {
                "Float" => RawDType::F32,
                "Half" => RawDType::F16,
                "BFloat16" => RawDType::Bf16,
                "Double" => RawDType::F64,
                "Long" | "ComplexFloat" => RawDType::Other { bits: 64 },
                "Int" => RawDType::Other { bits: 32 },
                "Short" => RawDType::Other { bits: 16 },
                "Char" | "Byte" | "Bool" => RawDType::Other { bits: 8 },
                "ComplexDouble" => RawDType::Other { bits: 128 },
                _ => return None,
            }),
            _ => return None,
        })
    }
}

/// A value on the stack. What is larger is an object of the machine, so that values can be copied, and
/// values in values cost no recursion.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    /// [`MAGIC`]
    Magic,
    /// A number that nobody asks for.
    Float,
    EmptyTuple,
    Global(Global),
    /// A storage: index into [`StateDict::storages`].
    Storage(usize),
    /// A view into one: index into the machine's parts.
    Part(usize),
    /// Index into the objects.
    Object(usize),
}

#[derive(Debug)]
pub(super) enum Object {
    Text(Box<str>),
    Tuple(Box<[Value]>),
    List(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    Tensor(View),
}

/// Values of a storage that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub storage: usize,
    pub first: u64,
    pub len: u64,
}

/// Why an opcode was not done.
pub(super) enum Stop {
    NeedMore,
    Wrong(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Wrong(error)
    }
}

pub(super) fn broken(what: &str) -> Error {
    Error::InvalidWeights(format!("its pickle is broken ({what})"))
}

pub(super) fn as_size(value: Value) -> Option<u64> {
    match value {
        Value::Int(number) => u64::try_from(number).ok(),
        _ => None,
    }
}

/// What a pickle may refer to as `module.name`.
pub(super) fn global(module: &str, name: &str) -> Result<Value> {
    let short = |text: &str| text.chars().take(80).collect::<String>();
    Global::named(module, name)
        .map(Value::Global)
        .ok_or_else(|| {
            Error::Unsupported(format!(
            "its pickle asks for {:?}, which tensors have no need of; nothing was run. {CONVERT}",
            format!("{}.{}", short(module), short(name))
        ))
        })
}

/// The bytes at hand.
pub(super) struct Bytes<'a> {
    pub all: &'a [u8],
    pub at: usize,
}

impl<'a> Bytes<'a> {
    pub fn take(&mut self, count: u64) -> Result<&'a [u8], Stop> {
        // No opcode has more: callers check.
        let bytes = self.all[self.at..].get(..count as usize);
        let bytes = bytes.ok_or(Stop::NeedMore)?;
        self.at += bytes.len();
        Ok(bytes)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        Ok(self.take(N as u64)?.try_into().expect("N bytes"))
    }

    pub fn byte(&mut self) -> Result<u8, Stop> {
        Ok(self.array::<1>()?[0])
    }

    /// Up to a line's end, which is left out.
    pub fn line(&mut self) -> Result<&'a [u8], Stop> {
        let left = &self.all[self.at..];
        match left.iter().position(|&byte| byte == b'\n') {
            Some(end) if end <= MAX_LINE => {
                self.at += end + 1;
                Ok(&left[..end])
            }
            None if left.len() <= MAX_LINE => Err(Stop::NeedMore),
            _ => Err(broken("a name without an end").into()),
        }
    }
}
