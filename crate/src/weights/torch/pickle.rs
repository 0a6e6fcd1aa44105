//! The part of Python's pickle that a PyTorch state dict needs, read without running anything.
//!
//! A pickle is a program for a small stack machine, and Python's lets it call any function there is. This
//! one knows the opcodes with which `torch.save` writes dictionaries of tensors and the handful of names
//! they refer to; at anything else it stops and says at what. (Opcodes: CPython's `pickletools.py`.)

use std::collections::{BTreeMap, HashMap};

use super::super::header::sizes;
use super::pickle_values::{as_size, broken, global, Bytes, Global, Object, Stop, Value, CONVERT};
use super::state_dict::{StateDict, Storage, View};
use crate::error::{Error, Result};

/// Bytes of a pickle. A tensor takes some 150.
const MAX_BYTES: u64 = 8 << 20;
/// Bytes of a text in it.
const MAX_TEXT: u64 = 64 << 10;
/// Bytes of a tensor's name: one that is written once may be meant by every entry, and is compared for each.
const MAX_NAME: usize = 1 << 10;
/// Bytes of a storage's key, which is a number; the same holds for it.
const MAX_KEY: usize = 256;
/// Dimensions of a tensor: each is copied, while the pickle may refer to one list again and again.
const MAX_DIMS: usize = 8;

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
    objects: Vec<Object>,
    storages: Vec<Storage>,
    /// Storages by key.
    by_key: HashMap<String, usize>,
}

impl Machine {
    /// Takes the next bytes. If the pickle ends within them, returns how many of them belong to it, and its contents.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for what no state dict needs, [`Error::InvalidWeights`] for what is broken.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Option<(usize, StateDict)>> {
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
                    Ok(Some(top)) => return Ok(Some((taken + bytes.at - left, self.finish(top)?))),
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
            0x88 | 0x89 => Value::Bool,
            b'K' => Value::Int(bytes.byte()?.into()),
            b'M' => Value::Int(u16::from_le_bytes(bytes.array()?).into()),
            b'J' => Value::Int(i32::from_le_bytes(bytes.array()?).into()),
            // LONG1: a number of the fewest bytes, in two's complement
            0x8a => {
                let count = bytes.byte()?;
                let digits = bytes.take(count.into())?;
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
            b']' => self.object(Object::List),
            // APPEND, APPENDS
            b'a' => {
                self.pop()?;
                return self.list();
            }
            b'e' => {
                self.since_mark()?;
                return self.list();
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

    /// The list on top of the stack, which takes what it is given.
    fn list(&self) -> Result<Option<Value>, Stop> {
        match self.stack.last().and_then(|&top| self.get(top)) {
            Some(Object::List) => Ok(None),
            _ => Err(broken("it adds to what is no list").into()),
        }
    }

    /// The entries of the dictionary on top of the stack.
    fn dict(&mut self) -> Result<&mut Vec<(Value, Value)>> {
        let object = match self.stack.last() {
            Some(&Value::Object(index)) => self.objects.get_mut(index),
            _ => None,
        };
        match object {
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

    fn object(&mut self, object: Object) -> Value {
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

    fn get(&self, value: Value) -> Option<&Object> {
        match value {
            Value::Object(index) => self.objects.get(index),
            _ => None,
        }
    }

    fn as_text(&self, value: Value) -> Option<&str> {
        match self.get(value)? {
            Object::Text(text) => Some(text),
            _ => None,
        }
    }

    fn as_tuple(&self, value: Value) -> Option<&[Value]> {
        match value {
            Value::EmptyTuple => Some(&[]),
            _ => match self.get(value)? {
                Object::Tuple(values) => Some(values),
                _ => None,
            },
        }
    }

    /// Sizes in a tuple.
    fn as_sizes(&self, value: Value) -> Option<Vec<u64>> {
        let values = self
            .as_tuple(value)
            .filter(|values| values.len() <= MAX_DIMS)?;
        values.iter().map(|&value| as_size(value)).collect()
    }

    fn call(&mut self, function: Value, arguments: Value) -> Result<Value> {
        let Value::Global(function) = function else {
            return Err(broken("it calls what is no function"));
        };
        let arguments = self
            .as_tuple(arguments)
            .ok_or_else(|| broken("arguments that are no tuple"))?;
        match (function, arguments) {
            (Global::OrderedDict, []) => Ok(self.object(Object::Dict(Vec::new()))),
            // storage, offset, size, stride, requires_grad, backward_hooks, metadata
            (Global::RebuildTensor, &[Value::Storage(storage), offset, shape, strides, ..]) => {
                let wrong = || broken("a tensor that is none");
                let shape = self.as_sizes(shape).ok_or_else(wrong)?;
                let strides = self.as_sizes(strides).ok_or_else(wrong)?;
                let offset = as_size(offset).ok_or_else(wrong)?;
                let (shape, _) = sizes("of its pickle", &shape)?;
                let view = View {
                    storage,
                    offset,
                    shape,
                    strides,
                };
                view.check(self.storages[storage].len)?;
                Ok(self.object(Object::Tensor(view)))
            }
            // data, requires_grad, backward_hooks
            (Global::RebuildParameter, &[data @ Value::Object(tensor), ..])
                if matches!(self.objects[tensor], Object::Tensor(_)) =>
            {
                Ok(data)
            }
            _ => Err(broken("a call with other arguments than it takes")),
        }
    }

    /// `("storage", type, key, location, number of values)`
    fn storage(&mut self, id: Value) -> Result<Value> {
        let parts = self.as_tuple(id).unwrap_or_default();
        let (kind, dtype, key, len) = match *parts {
            [kind, Value::Global(Global::Storage(dtype)), key, _, len] => {
                (self.as_text(kind), dtype, self.as_text(key), as_size(len))
            }
            _ => return Err(broken("a storage that is none")),
        };
        let (Some("storage"), Some(key), Some(len)) = (kind, key, len) else {
            return Err(broken("a storage that is none"));
        };
        if key.len() > MAX_KEY {
            return Err(broken("a storage with a long name"));
        }
        if dtype.bytes(len).is_none_or(|bytes| bytes > i64::MAX as u64) {
            return Err(broken("a storage larger than any file"));
        }
        if let Some(&index) = self.by_key.get(key) {
            let known = &self.storages[index];
            if (known.dtype, known.len) != (dtype, len) {
                return Err(broken("two storages of one name"));
            }
            return Ok(Value::Storage(index));
        }
        let key = key.to_string();
        self.by_key.insert(key.clone(), self.storages.len());
        self.storages.push(Storage { key, dtype, len });
        Ok(Value::Storage(self.storages.len() - 1))
    }

    /// The tensors of the dictionary that the pickle is, or that it holds as `state_dict`.
    fn finish(&mut self, top: Value) -> Result<StateDict> {
        let entries = |value: Value| match self.get(value) {
            Some(Object::Dict(entries)) => Some(entries.as_slice()),
            _ => None,
        };
        let all = entries(top).ok_or_else(|| {
            Error::InvalidWeights(format!("its pickle is no dictionary of tensors. {CONVERT}"))
        })?;
        let nested = |(key, value): &(Value, Value)| match self.as_text(*key) {
            Some("state_dict") => entries(*value),
            _ => None,
        };
        // As in Python the last of two entries counts. A key that is written once may be meant often, so
        // names are only copied for what remains.
        let mut tensors = BTreeMap::new();
        for (key, value) in all.iter().find_map(nested).unwrap_or(all) {
            if let (Some(name), Some(Object::Tensor(view))) = (self.as_text(*key), self.get(*value))
            {
                if name.len() > MAX_NAME {
                    return Err(broken("a tensor with a name of more than 1 KB"));
                }
                tensors.insert(name, view);
            }
        }
        if tensors.is_empty() {
            return Err(Error::InvalidWeights(
                "its pickle holds no tensors by name. Choose the file with the model's weights."
                    .into(),
            ));
        }
        let tensors = tensors
            .into_iter()
            .map(|(name, view)| (name.to_string(), view.clone()))
            .collect();
        Ok(StateDict {
            tensors,
            storages: std::mem::take(&mut self.storages),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        let mut opcode = vec![b'X'];
        opcode.extend((text.len() as u32).to_le_bytes());
        opcode.extend(text.as_bytes());
        opcode
    }

    /// What says which storage, left on the stack and remembered as 0.
    fn storage_id(key: &str) -> Vec<u8> {
        let kind = b"ctorch\nFloatStorage\n".to_vec();
        [
            b"(".to_vec(),
            text("storage"),
            kind,
            text(key),
            text("cpu"),
            b"K\x05tq\0".to_vec(),
        ]
        .concat()
    }

    fn tensor() -> Vec<u8> {
        let function = b"ctorch._utils\n_rebuild_tensor_v2\n(".to_vec();
        let rest = b"QK\0K\x05\x85K\x01\x85tR".to_vec();
        [function, storage_id("0"), rest].concat()
    }

    #[test]
    fn one_name_for_everything_costs_little() {
        // Minutes, if each were copied or compared with what is long (nothing here fails on time). A million times the same storage, by one long key; a million tensors of one long name.
        let mut storages = [b"(".to_vec(), storage_id(&"k".repeat(MAX_KEY))].concat();
        (0..1_000_000).for_each(|_| storages.extend(b"h\0Q"));
        let mut named = [
            b"}(".to_vec(),
            text(&"n".repeat(MAX_NAME)),
            b"q\x01".to_vec(),
        ]
        .concat();
        named.extend([tensor(), b"q\x02".to_vec()].concat());
        (0..1_000_000).for_each(|_| named.extend(b"h\x01h\x02"));
        named.extend(b"u.");
        assert!(Machine::default().push(&storages).unwrap().is_none());
        let (taken, dict) = Machine::default().push(&named).unwrap().unwrap();
        assert_eq!((taken, dict.tensors.len()), (named.len(), 1));
    }

    #[test]
    fn longer_names_are_refused() {
        let key = [storage_id(&"k".repeat(MAX_KEY + 1)), b"Q".to_vec()].concat();
        assert!(Machine::default().push(&key).is_err());
        let name = text(&"n".repeat(MAX_NAME + 1));
        let named = [b"}(".to_vec(), name, tensor(), b"u.".to_vec()].concat();
        assert!(Machine::default().push(&named).is_err());
    }
}
