//! What is known of a model without running it.

use crate::dtype::DType;
use crate::weights::Weights;

/// Names, sizes and capabilities, by Hugging Face's names whatever the checkpoint calls them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelInfo {
    /// The architecture as `config.json` names it: `bert`, `gpt2`, ...
    pub model_type: &'static str,
    /// The direction in which it reads.
    pub reads: Reads,
    /// The heads that its checkpoint has.
    pub heads: HeadNames,
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

/// The direction in which a model reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Each token sees all others: BERT and its kin.
    Both,
    /// Each token sees those before it: GPT and its kin.
    LeftToRight,
}

impl Reads {
    /// `both` or `left-to-right`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::LeftToRight => "left-to-right",
        }
    }
}

/// Which heads a model has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeadNames {
    /// Guesses masked words.
    pub mlm: bool,
    /// Says whether one text follows another.
    pub nsp: bool,
    /// Guesses the next token.
    pub lm: bool,
}

impl HeadNames {
    /// A language-model head alone.
    pub const LM: Self = Self {
        mlm: false,
        nsp: false,
        lm: true,
    };

    /// A masked-word head alone.
    pub const MLM: Self = Self {
        mlm: true,
        nsp: false,
        lm: false,
    };

    /// `mlm`, `nsp`, `lm`, as far as there are such.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [(self.mlm, "mlm"), (self.nsp, "nsp"), (self.lm, "lm")]
            .into_iter()
            .filter_map(|(there, name)| there.then_some(name))
    }
}

/// Number and bytes of a model's parameters.
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
