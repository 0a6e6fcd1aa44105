//! Parameters from files: one reader for several formats, fed with bytes as they arrive, storing
//! each matrix in its final form at once.

mod collector;
mod crc;
mod gguf;
mod header;
mod pickle;
mod raw_dtype;
mod safetensors;
mod shards;
mod storage;
mod stream;
mod torch;

pub use crate::nn::DType;
pub use collector::{Collector, Form, Placement, Weights};
pub use gguf::{Metadata, Value};
pub use header::{Header, TensorInfo};
pub use raw_dtype::RawDType;
pub use shards::shard_names;
pub use stream::{TensorSink, WeightStream};
