//! What is known of a model without running it.

use crate::dtype::DType;
use crate::error::{Error, Head};
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
    /// Finds the answer to a question in a text.
    pub qa: bool,
    /// Labels whole texts.
    pub sequence_classification: bool,
    /// Labels tokens.
    pub token_classification: bool,
}

impl HeadNames {
    const NONE: Self = Self {
        mlm: false,
        nsp: false,
        lm: false,
        qa: false,
        sequence_classification: false,
        token_classification: false,
    };

    /// A language-model head alone.
    pub const LM: Self = Self {
        lm: true,
        ..Self::NONE
    };

    /// What the checkpoints of an encoder may have: all but a language-model head and a next-sentence head.
    pub(super) const ENCODER: Self = Self {
        mlm: true,
        qa: true,
        sequence_classification: true,
        token_classification: true,
        ..Self::NONE
    };

    /// Names of those that there are: `mlm`, `nsp`, ...
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let there = [
            (self.mlm, Head::Mlm),
            (self.nsp, Head::Nsp),
            (self.lm, Head::Lm),
            (self.qa, Head::Qa),
            (self.sequence_classification, Head::SequenceClassification),
            (self.token_classification, Head::TokenClassification),
        ];
        let there = there.into_iter().filter(|(there, _)| *there);
        there.map(|(_, head)| head.name())
    }

    /// The error of a task that needs `head`, which is not there.
    pub fn lacks(self, head: Head) -> Error {
        Error::NoHead {
            head,
            has: self.names().map(str::to_owned).collect(),
        }
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
