//! Parameters from files: one reader for several formats, fed with bytes as they arrive, storing
//! each matrix in its final form at once.

mod collector;
mod crc;
mod foreign;
mod gguf;
mod header;
mod raw_dtype;
mod run;
mod safetensors;
mod shards;
mod sink;
mod stream;
mod tensors;
mod torch;

pub use crate::dtype::DType;
pub use crate::gguf::{Metadata, Value};
pub use collector::{Collector, Form, Placement};
pub use header::{Header, TensorInfo};
pub use raw_dtype::RawDType;
pub use shards::{shard_names, GgufParts};
pub use sink::TensorSink;
pub use stream::WeightStream;
pub use tensors::Weights;
