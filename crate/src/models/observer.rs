//! Looking into a forward pass.

use crate::error::Result;

/// Is shown what a forward pass computes on the way. An error from it ends the pass.
///
/// A method without a body of its own asks for nothing, and what is not asked for is not computed.
pub trait Observer {
    /// Hidden states, `[tokens of all texts, hidden_size]`: number 0 is the embedding, number i the output of block i.
    ///
    /// # Errors
    /// As it likes.
    fn hidden_states(&mut self, number: usize, hidden_states: &[f32]) -> Result<()> {
        let _ = (number, hidden_states);
        Ok(())
    }

    /// Whether it wants to see the attention weights of block `layer`, from 0.
    fn wants_attentions(&self, layer: usize) -> bool {
        let _ = layer;
        false
    }

    /// Attention weights of block `layer`, for each text in turn: `[heads, queries, keys]`, of which each row adds up
    /// to 1. Keys that a query does not see have 0.
    ///
    /// # Errors
    /// As it likes.
    fn attentions(&mut self, layer: usize, weights: Vec<f32>) -> Result<()> {
        let _ = (layer, weights);
        Ok(())
    }
}

/// Wants to see nothing.
pub struct Unobserved;

impl Observer for Unobserved {}

/// A function that is shown the hidden states, as [`Observer::hidden_states`] is.
impl<F: FnMut(usize, &[f32]) -> Result<()>> Observer for F {
    fn hidden_states(&mut self, number: usize, hidden_states: &[f32]) -> Result<()> {
        self(number, hidden_states)
    }
}
