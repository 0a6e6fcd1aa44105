//! Parameters from files: one reader for several formats, fed with bytes as they arrive, storing
//! each matrix in its final form at once.

mod collector;
mod crc;
mod gguf;
mod header;
mod raw_dtype;
mod run;
mod safetensors;
mod shards;
mod sink;
mod stream;
mod torch;

pub use crate::dtype::DType;
pub use crate::gguf::{Metadata, Value};
pub use collector::{Collector, Form, Placement, Weights};
pub use header::{Header, TensorInfo};
pub use raw_dtype::RawDType;
pub use shards::shard_names;
pub use sink::TensorSink;
pub use stream::WeightStream;
