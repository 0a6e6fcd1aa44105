//! What a pickle's calls make: dictionaries, tensors, storages.

use std::collections::BTreeMap;

use super::super::header::sizes;
use super::pickle::Machine;
use super::pickle_values::{as_size, broken, Global, Object, Part, Value, CONVERT};
use super::state_dict::{StateDict, Storage, View};
use crate::error::{Error, Result};

/// Bytes of a tensor's name: one that is written once may be meant by every entry, and is compared for each.
const MAX_NAME: usize = 1 << 10;
/// Bytes of a storage's key, which is a number; the same holds for it.
const MAX_KEY: usize = 256;
/// Dimensions of a tensor: each is copied, while the pickle may refer to one list again and again.
const MAX_DIMS: usize = 8;
/// Entries that dictionaries take over from lists.
const MAX_COPIED: usize = 1 << 20;

impl Machine {
    /// Sizes in a tuple.
    fn as_sizes(&self, value: Value) -> Option<Vec<u64>> {
        let values = self
            .as_tuple(value)
            .filter(|values| values.len() <= MAX_DIMS)?;
        values.iter().map(|&value| as_size(value)).collect()
    }

    fn as_list(&self, value: Value) -> Option<&[Value]> {
        match self.get(value)? {
            Object::List(values) => Some(values),
            _ => None,
        }
    }

    pub fn call(&mut self, function: Value, arguments: Value) -> Result<Value> {
        let Value::Global(function) = function else {
            return Err(broken("it calls what is no function"));
        };
        let arguments = self
            .as_tuple(arguments)
            .ok_or_else(|| broken("arguments that are no tuple"))?;
        match (function, arguments) {
            (Global::OrderedDict, []) => Ok(self.object(Object::Dict(Vec::new()))),
            // As Python 2 wrote it: with its entries, each a list or tuple of two.
            (Global::OrderedDict, &[items]) => {
                let pairs = self.as_list(items).map(|pairs| {
                    let pair = |&pair| match self.as_list(pair).or(self.as_tuple(pair)) {
                        Some(&[key, value]) => Some((key, value)),
                        _ => None,
                    };
                    pairs.iter().map(pair).collect::<Option<Vec<_>>>()
                });
                let pairs = pairs
                    .flatten()
                    .ok_or_else(|| broken("entries that are no pairs"))?;
                // One list may be meant again and again.
                self.copied = self.copied.saturating_add(pairs.len());
                if self.copied > MAX_COPIED {
                    return Err(broken("far more entries than a model has"));
                }
                Ok(self.object(Object::Dict(pairs)))
            }
            // storage, offset, size, stride, requires_grad, backward_hooks, metadata
            (Global::RebuildTensor, &[part, offset, shape, strides, ..]) => {
                let wrong = || broken("a tensor that is none");
                let Part {
                    storage,
                    first,
                    len,
                } = self.part(part).ok_or_else(wrong)?;
                let shape = self.as_sizes(shape).ok_or_else(wrong)?;
                let strides = self.as_sizes(strides).ok_or_else(wrong)?;
                let offset = as_size(offset).ok_or_else(wrong)?;
                let (shape, _) = sizes("of its pickle", &shape)?;
                let mut view = View {
                    storage,
                    offset,
                    shape,
                    strides,
                };
                view.check(len)?;
                view.offset += first;
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

    /// `("storage", type, key, location, number of values)`; files from before 1.6 have a sixth, `None` or what a view
    /// into the storage is: `(key, first value, number of values)`.
    pub fn storage(&mut self, id: Value) -> Result<Value> {
        let none = || broken("a storage that is none");
        let parts = self.as_tuple(id).unwrap_or_default();
        let (kind, dtype, key, len, view) = match *parts {
            [kind, Value::Global(Global::Storage(dtype)), key, _, len, ref view @ ..] => {
                let view = view.first().copied().unwrap_or(Value::None);
                (
                    self.as_text(kind),
                    dtype,
                    self.as_text(key),
                    as_size(len),
                    view,
                )
            }
            _ => return Err(none()),
        };
        let (Some("storage"), Some(key), Some(len)) = (kind, key, len) else {
            return Err(none());
        };
        let view = match (view, self.as_tuple(view)) {
            (Value::None, _) => None,
            (_, Some(&[_, first, count])) => {
                let (first, count) = (as_size(first), as_size(count));
                let view = first.zip(count).ok_or_else(none)?;
                let end = view.0.checked_add(view.1);
                Some(view)
                    .filter(|_| end.is_some_and(|end| end <= len))
                    .ok_or_else(none)
                    .map(Some)?
            }
            _ => return Err(none()),
        };
        if key.len() > MAX_KEY {
            return Err(broken("a storage with a long name"));
        }
        if dtype.bytes(len).is_none_or(|bytes| bytes > i64::MAX as u64) {
            return Err(broken("a storage larger than any file"));
        }
        let storage = match self.by_key.get(key) {
            Some(&index) => {
                let known = &self.storages[index];
                if (known.dtype, known.len) != (dtype, len) {
                    return Err(broken("two storages of one name"));
                }
                index
            }
            None => {
                let key = key.to_string();
                self.by_key.insert(key.clone(), self.storages.len());
                self.storages.push(Storage { key, dtype, len });
                self.storages.len() - 1
            }
        };
        let Some((first, len)) = view else {
            return Ok(Value::Storage(storage));
        };
        self.parts.push(Part {
            storage,
            first,
            len,
        });
        Ok(Value::Part(self.parts.len() - 1))
    }

    /// What of a storage a value means.
    fn part(&self, value: Value) -> Option<Part> {
        match value {
            Value::Storage(storage) => Some(Part {
                storage,
                first: 0,
                len: self.storages[storage].len,
            }),
            Value::Part(index) => self.parts.get(index).copied(),
            _ => None,
        }
    }

    /// The tensors of the dictionary that the pickle is, or that it holds as `state_dict`.
    pub fn state_dict(&mut self, top: Value) -> Result<StateDict> {
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

    /// The texts in a list: the keys of storages, in the order in which they follow.
    pub fn texts(&self, top: Value) -> Option<Vec<&str>> {
        let values = self.as_list(top)?.iter();
        values.map(|&value| self.as_text(value)).collect()
    }

    /// The value of a dictionary's entry.
    pub fn entry(&self, top: Value, name: &str) -> Option<Value> {
        let Object::Dict(entries) = self.get(top)? else {
            return None;
        };
        let mut entries = entries.iter().rev();
        Some(entries.find(|(key, _)| self.as_text(*key) == Some(name))?.1)
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
        let mut machine = Machine::default();
        let (taken, top) = machine.push(&named).unwrap().unwrap();
        let dict = machine.state_dict(top).unwrap();
        assert_eq!((taken, dict.tensors.len()), (named.len(), 1));
    }

    #[test]
    fn longer_names_are_refused() {
        let key = [storage_id(&"k".repeat(MAX_KEY + 1)), b"Q".to_vec()].concat();
        assert!(Machine::default().push(&key).is_err());
        let name = text(&"n".repeat(MAX_NAME + 1));
        let named = [b"}(".to_vec(), name, tensor(), b"u.".to_vec()].concat();
        let mut machine = Machine::default();
        let (_, top) = machine.push(&named).unwrap().unwrap();
        assert!(machine.state_dict(top).is_err());
    }
}
