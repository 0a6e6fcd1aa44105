//! Files of `torch.save`: a pickle and the storages that it names, in a zip archive or, before PyTorch 1.6, one behind the
//! other.

mod contents;
mod legacy;
mod pickle;
mod pickle_calls;
mod pickle_values;
mod state_dict;
mod storage;
mod stream;
mod zip;

pub(super) use legacy::LegacyStream;
pub(super) use stream::TorchStream;
pub(super) use zip::ENTRY;
