//! The trait of what takes the tensors of a weight file.

use super::header::{Header, TensorInfo};
use crate::error::Result;

/// Receives the tensors of a file in the order of their bytes.
pub trait TensorSink {
    /// The header was read and checked; comes once for each file, before its tensors.
    fn header(&mut self, header: &Header) -> Result<()>;
    /// A tensor begins. Returns whether its data is wanted.
    fn begin(&mut self, info: &TensorInfo) -> Result<bool>;
    /// The next bytes of the tensor, in pieces of any length.
    fn data(&mut self, bytes: &[u8]) -> Result<()>;
    /// The tensor is complete.
    fn end(&mut self) -> Result<()>;
    /// The tensor that has just ended has another name: its bytes are not going to come again.
    fn alias(&mut self, info: &TensorInfo, of: &TensorInfo) -> Result<()>;
}
