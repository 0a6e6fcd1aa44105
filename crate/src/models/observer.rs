//! Looking into a forward pass.

use crate::error::Result;

/// Is shown the hidden states on the way, `[tokens of all texts, hidden_size]`: number 0 is the embedding, number i
/// the output of block i. An error from it ends the pass.
pub type Observer<'a> = dyn FnMut(usize, &[f32]) -> Result<()> + 'a;
