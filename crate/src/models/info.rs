//! What there is to tell of a model without running it.

use crate::dtype::DType;
use crate::weights::Weights;

/// Names and sizes, by Hugging Face's names whatever the checkpoint calls them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelInfo {
    /// The architecture as `config.json` names it: `bert`, `gpt2`, ...
    pub model_type: &'static str,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Attention heads per block.
    pub num_attention_heads: usize,
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// The most tokens that it reads at once.
    pub max_position_embeddings: usize,
    /// Number and bytes of its parameters.
    pub size: Size,
    /// How its matrices are stored (those whose rows allow it).
    pub dtype: DType,
}

/// What a model's parameters amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Number of values.
    pub parameters: usize,
    /// Bytes in memory.
    pub bytes: usize,
}

impl From<&Weights> for Size {
    fn from(weights: &Weights) -> Self {
        Self {
            parameters: weights.parameters(),
            bytes: weights.bytes(),
        }
    }
}
