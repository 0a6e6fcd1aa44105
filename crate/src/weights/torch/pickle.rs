//! The part of Python's pickle that a PyTorch state dict needs, read without running anything.
//!
//! A pickle is a program for a small stack machine, and Python's lets it call any function there is. This
//! one knows the opcodes with which `torch.save` writes dictionaries of tensors and the handful of names
//! they refer to; at anything else it stops and says at what. (Opcodes: CPython's `pickletools.py`.)

use std::collections::HashMap;

use super::pickle_values::{broken, global, Bytes, Object, Part, Stop, Value, CONVERT, MAGIC};
use super::state_dict::Storage;
use crate::error::{Error, Result};

/// Bytes of a pickle. A tensor takes some 150.
const MAX_BYTES: u64 = 8 << 20;
/// Bytes of a text in it.
const MAX_TEXT: u64 = 64 << 10;

/// The machine, fed with bytes as they come.
#[derive(Default)]
pub(super) struct Machine {
    /// Bytes of an opcode that is not complete.
    rest: Vec<u8>,
    /// Bytes done.
    done: u64,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: HashMap<u32, Value>,
    pub objects: Vec<Object>,
    pub storages: Vec<Storage>,
    /// Storages by key.
    pub by_key: HashMap<String, usize>,
    /// Views into storages.
    pub parts: Vec<Part>,
    /// Entries that dictionaries took over from lists.
    pub copied: usize,
}

impl Machine {
    /// Takes the next bytes. If the pickle ends within them, returns how many of them belong to it, and what it is.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for what no state dict needs, [`Error::InvalidWeights`] for what is broken.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Option<(usize, Value)>> {
        // An opcode is done when all of it is there, so what comes is copied behind what was left: not
        // more than a little at once.
        let mut taken = 0;
        for piece in bytes.chunks(4096) {
            let left = self.rest.len();
            let mut all = std::mem::take(&mut self.rest);
            all.extend_from_slice(piece);
            let mut bytes = Bytes { all: &all, at: 0 };
            loop {
                let start = bytes.at;
                match self.step(&mut bytes) {
                    Ok(None) => {}
                    Ok(Some(top)) => return Ok(Some((taken + bytes.at - left, top))),
                    Err(Stop::Wrong(error)) => return Err(error),
                    Err(Stop::NeedMore) => {
                        self.done += start as u64;
                        self.rest = all[start..].to_vec();
                        break;
                    }
                }
            }
            if self.done > MAX_BYTES {
                return Err(Error::InvalidWeights(format!(
                    "its pickle does not end within {} MB",
                    MAX_BYTES >> 20
                )));
            }
            taken += piece.len();
        }
        Ok(None)
    }

    /// Does one opcode. Returns what the last one leaves on the stack.
    fn step(&mut self, bytes: &mut Bytes) -> Result<Option<Value>, Stop> {
        // Nothing may change before the whole opcode is there: it is tried again.
        let value = match bytes.byte()? {
            // PROTO, FRAME
            0x80 => {
                bytes.byte()?;
                return Ok(None);
            }
            0x95 => {
                bytes.array::<8>()?;
                return Ok(None);
            }
            b'.' => return Ok(Some(self.pop()?)),
            b'(' => {
                self.marks.push(self.stack.len());
                return Ok(None);
            }
            b'N' => Value::None,
            0x88 | 0x89 => Value::Bool(bytes.all[bytes.at - 1] == 0x88),
            b'K' => Value::Int(bytes.byte()?.into()),
            b'M' => Value::Int(u16::from_le_bytes(bytes.array()?).into()),
            b'J' => Value::Int(i32::from_le_bytes(bytes.array()?).into()),
            // LONG1: a number of the fewest bytes, in two's complement
            0x8a => {
                let count = bytes.byte()?;
                let digits = bytes.take(count.into())?;
                if digits == MAGIC {
                    self.stack.push(Value::Magic);
                    return Ok(None);
                }
                if digits.len() > 8 {
                    return Err(broken("a number of more than 64 bits").into());
                }
                let negative = digits.last().is_some_and(|&last| last >= 0x80);
                let mut all = [if negative { 0xff } else { 0 }; 8];
                all[..digits.len()].copy_from_slice(digits);
                Value::Int(i64::from_le_bytes(all))
            }
            b'G' => {
                bytes.array::<8>()?;
                Value::Float
            }
            // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8; Python 2's BINSTRING and SHORT_BINSTRING
            b'X' | b'T' => {
                let length = u32::from_le_bytes(bytes.array()?);
                self.text(bytes, length.into())?
            }
            0x8c | b'U' => {
                let length = bytes.byte()?;
                self.text(bytes, length.into())?
            }
            0x8d => {
                let length = u64::from_le_bytes(bytes.array()?);
                self.text(bytes, length)?
            }
            b')' => Value::EmptyTuple,
            0x85 => self.tuple(1)?,
            0x86 => self.tuple(2)?,
            0x87 => self.tuple(3)?,
            b't' => {
                let values = self.since_mark()?;
                if values.is_empty() {
                    Value::EmptyTuple
                } else {
                    self.object(Object::Tuple(values.into()))
                }
            }
            b']' => self.object(Object::List(Vec::new())),
            // APPEND, APPENDS
            b'a' => {
                let value = self.pop()?;
                self.list()?.push(value);
                return Ok(None);
            }
            b'e' => {
                let values = self.since_mark()?;
                self.list()?.extend(values);
                return Ok(None);
            }
            b'}' => self.object(Object::Dict(Vec::new())),
            // SETITEM, SETITEMS
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.set(&[key, value])?;
                return Ok(None);
            }
            b'u' => {
                let values = self.since_mark()?;
                self.set(&values)?;
                return Ok(None);
            }
            // BUILD: attributes of an OrderedDict (`_metadata`), not needed
            b'b' => {
                self.pop()?;
                self.dict()?;
                return Ok(None);
            }
            // BINPUT, LONG_BINPUT, MEMOIZE
            b'q' => return self.remember(bytes.byte()?.into()),
            b'r' => return self.remember(u32::from_le_bytes(bytes.array()?)),
            0x94 => return self.remember(self.memo.len() as u32),
            // BINGET, LONG_BINGET
            b'h' => self.recall(bytes.byte()?.into())?,
            b'j' => self.recall(u32::from_le_bytes(bytes.array()?))?,
            // GLOBAL, STACK_GLOBAL
            b'c' => {
                let (module, name) = (bytes.line()?, bytes.line()?);
                global(
                    &String::from_utf8_lossy(module),
                    &String::from_utf8_lossy(name),
                )?
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (self.as_text(module), self.as_text(name)) {
                    (Some(module), Some(name)) => global(module, name)?,
                    _ => return Err(broken("a name that is no text").into()),
                }
            }
            b'R' => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                self.call(function, arguments)?
            }
            b'Q' => {
                let id = self.pop()?;
                self.storage(id)?
            }
            other => {
                return Err(Stop::Wrong(Error::Unsupported(format!(
                    "its pickle uses opcode {:?} (0x{other:02x}), which tensors have no need of. \
                     {CONVERT}",
                    char::from(other)
                ))))
            }
        };
        self.stack.push(value);
        Ok(None)
    }

    /// Where the values of the innermost mark begin.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self) -> Result<Value> {
        if self.stack.len() <= self.floor() {
            return Err(broken("it takes what is not there"));
        }
        Ok(self.stack.pop().expect("it is not empty"))
    }

    fn since_mark(&mut self) -> Result<Vec<Value>> {
        let mark = self.marks.pop().ok_or_else(|| broken("it has no mark"))?;
        Ok(self.stack.split_off(mark))
    }

    fn tuple(&mut self, count: usize) -> Result<Value> {
        let start = self.stack.len().checked_sub(count);
        let start = start.filter(|&start| start >= self.floor());
        let start = start.ok_or_else(|| broken("it takes what is not there"))?;
        let values = self.stack.split_off(start);
        Ok(self.object(Object::Tuple(values.into())))
    }

    /// The object on top of the stack.
    fn top(&mut self) -> Option<&mut Object> {
        match self.stack.last() {
            Some(&Value::Object(index)) => self.objects.get_mut(index),
            _ => None,
        }
    }

    /// The list on top of the stack.
    fn list(&mut self) -> Result<&mut Vec<Value>> {
        match self.top() {
            Some(Object::List(values)) => Ok(values),
            _ => Err(broken("it adds to what is no list")),
        }
    }

    /// The entries of the dictionary on top of the stack.
    fn dict(&mut self) -> Result<&mut Vec<(Value, Value)>> {
        match self.top() {
            Some(Object::Dict(entries)) => Ok(entries),
            _ => Err(broken("it adds to what is no dictionary")),
        }
    }

    fn set(&mut self, values: &[Value]) -> Result<()> {
        if values.len() % 2 != 0 {
            return Err(broken("a key without a value"));
        }
        let entries = values.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        self.dict()?.extend(entries);
        Ok(())
    }

    pub fn object(&mut self, object: Object) -> Value {
        self.objects.push(object);
        Value::Object(self.objects.len() - 1)
    }

    fn text(&mut self, bytes: &mut Bytes, length: u64) -> Result<Value, Stop> {
        if length > MAX_TEXT {
            return Err(broken("a text of more than 64 KB").into());
        }
        let text = String::from_utf8_lossy(bytes.take(length)?);
        Ok(self.object(Object::Text(text.into())))
    }

    fn remember(&mut self, index: u32) -> Result<Option<Value>, Stop> {
        let top = *self
            .stack
            .last()
            .ok_or_else(|| broken("it remembers nothing"))?;
        self.memo.insert(index, top);
        Ok(None)
    }

    fn recall(&self, index: u32) -> Result<Value> {
        let value = self.memo.get(&index);
        value
            .copied()
            .ok_or_else(|| broken("it recalls what it did not remember"))
    }

    pub fn get(&self, value: Value) -> Option<&Object> {
        match value {
            Value::Object(index) => self.objects.get(index),
            _ => None,
        }
    }

    pub fn as_text(&self, value: Value) -> Option<&str> {
        match self.get(value)? {
            Object::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_tuple(&self, value: Value) -> Option<&[Value]> {
        match value {
            Value::EmptyTuple => Some(&[]),
            _ => match self.get(value)? {
                Object::Tuple(values) => Some(values),
                _ => None,
            },
        }
    }
}
