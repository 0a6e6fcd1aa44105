//! The tensors that a file of `torch.save` tells of, and the storages that they wait for.

use std::collections::HashMap;

use super::super::header::Header;
use super::super::sink::TensorSink;
use super::state_dict::{check_overlap, StateDict, Storage, View};
use super::storage::Views;
use crate::error::{Error, Result};

/// What the pickle said.
pub(super) struct Contents {
    storages: Vec<Storage>,
    /// Storages that have not come yet, by key.
    pub waiting: HashMap<String, usize>,
    /// The tensors of each storage.
    tensors: Vec<Vec<(String, View)>>,
}

impl Contents {
    /// Sorts tensors by storage, and tells the sink of them.
    pub fn new(dict: StateDict, sink: &mut dyn TensorSink) -> Result<Self> {
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

    /// The number of a storage's values.
    pub fn len(&self, index: usize) -> u64 {
        self.storages[index].len
    }

    /// The tensors of a storage, and its bytes.
    pub fn views(&mut self, index: usize) -> (Views, u64) {
        let Storage { dtype, len, .. } = self.storages[index];
        let size = dtype.bytes(len).unwrap_or(u64::MAX);
        let tensors = std::mem::take(&mut self.tensors[index]);
        (Views::new(dtype, size, tensors), size)
    }

    /// At the end: whether every tensor was there.
    pub fn check_complete(&self) -> Result<()> {
        let missing = self.waiting.values();
        let missing = missing.filter_map(|&index| self.tensors[index].first());
        match missing.map(|(name, _)| name).min() {
            None => Ok(()),
            Some(name) => Err(Error::InvalidWeights(format!(
                "the values of tensor {name:?} are missing"
            ))),
        }
    }
}
