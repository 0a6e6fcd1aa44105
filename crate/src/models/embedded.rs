//! What a text is to a model before its first block.

/// The embeddings of tokens, and the parts that they are the sum of. Each is `[tokens, size]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// Width of a row: that of the hidden states, only in ALBERT a smaller one.
    pub size: usize,
    /// Rows of the word embeddings.
    pub token: Vec<f32>,
    /// Rows of the segment embeddings; `None` in models without segments.
    pub segment: Option<Vec<f32>>,
    /// Rows of the position embeddings; `None` where positions are rotations (Llama).
    pub position: Option<Vec<f32>>,
    /// The sum of those above.
    pub sum: Vec<f32>,
    /// The sum after a LayerNorm, where the model has one there.
    pub normalized: Option<Vec<f32>>,
}
