//! Files of `torch.save`: a zip archive of a pickle and the storages that it names.

mod pickle;
mod pickle_values;
mod state_dict;
mod storage;
mod stream;
mod zip;

pub(super) use stream::{legacy, TorchStream, LEGACY};
pub(super) use zip::ENTRY;
