//! The heads of encoders: what turns hidden states into answers.

use super::info::HeadNames;
use super::parameters::{layer_norm, linear};
use crate::error::{Error, Result};
use crate::nn::{Activation, LayerNorm, Linear};
use crate::weights::Weights;

/// Those heads that a checkpoint has.
#[derive(Default)]
pub struct Heads {
    /// Guesses masked words.
    pub mlm: Option<MlmHead>,
    /// Says whether one text follows another.
    pub nsp: Option<NspHead>,
}

impl Heads {
    /// The masked-word head.
    ///
    /// # Errors
    /// [`Error::NoMlmHead`].
    pub fn mlm(&self) -> Result<&MlmHead> {
        self.mlm.as_ref().ok_or(Error::NoMlmHead)
    }

    /// The next-sentence head.
    ///
    /// # Errors
    /// [`Error::NoNspHead`].
    pub fn nsp(&self) -> Result<&NspHead> {
        self.nsp.as_ref().ok_or(Error::NoNspHead)
    }

    /// Which ones there are.
    pub fn names(&self) -> HeadNames {
        HeadNames {
            mlm: self.mlm.is_some(),
            nsp: self.nsp.is_some(),
            lm: false,
        }
    }
}

/// Names of the masked-word head's layers in a checkpoint.
pub(super) struct MlmNames {
    pub transform: &'static str,
    pub layer_norm: &'static str,
    /// Its weight is the token embedding where they are tied.
    pub decoder: &'static str,
    /// The other name of the decoder's bias.
    pub bias: &'static str,
}

/// Sizes of a masked-word head.
pub(super) struct MlmSizes {
    pub hidden: usize,
    pub vocab: usize,
    /// Width of the token embeddings, which only ALBERT has narrower than the hidden states.
    pub embedding: usize,
    pub eps: f64,
    pub act: Activation,
}

/// Masked words (Devlin et al. 2019): logits = decoder(LayerNorm(act(transform(h)))).
pub struct MlmHead {
    /// `[embedding, hidden]`
    transform: Linear,
    act: Activation,
    layer_norm: LayerNorm,
    /// `[vocab, embedding]`: usually the token embedding's table, with a bias of its own.
    decoder: Linear,
}

impl MlmHead {
    /// `None` if the checkpoint has no such head.
    pub(super) fn load(
        weights: &Weights,
        sizes: MlmSizes,
        names: &MlmNames,
    ) -> Result<Option<Self>> {
        if !weights.contains(&format!("{}.weight", names.transform)) {
            return Ok(None);
        }
        if !weights.contains(&format!("{}.bias", names.decoder)) {
            return Err(Error::MissingTensor(names.bias.into()));
        }
        let embedding = sizes.embedding;
        Ok(Some(Self {
            transform: linear(weights, names.transform, sizes.hidden, embedding)?,
            act: sizes.act,
            layer_norm: layer_norm(weights, names.layer_norm, embedding, sizes.eps)?,
            decoder: linear(weights, names.decoder, embedding, sizes.vocab)?,
        }))
    }

    /// Logits of the words that may stand where `rows` are from: `[n, hidden]` → `[n, vocab]`.
    ///
    /// # Errors
    /// [`Error::Internal`] if the rows are of another width.
    pub fn logits(&self, rows: &[f32]) -> Result<Vec<f32>> {
        let mut xs = self.transform.forward(rows)?; // [n, embedding]
        self.act.apply(&mut xs);
        self.decoder.forward(&self.layer_norm.forward(&xs))
    }
}

/// Next sentence (Devlin et al. 2019): logits = seq_relationship(tanh(pooler(h of `[CLS]`))).
pub struct NspHead {
    /// `pooler.dense`, `[hidden, hidden]`
    pooler: Linear,
    /// `cls.seq_relationship`, `[2, hidden]`: row 0 "is the next sentence", row 1 "is not".
    seq_relationship: Linear,
}

impl NspHead {
    /// `None` if the checkpoint lacks the head or the pooler in front of it.
    pub(super) fn load(weights: &Weights, hidden: usize) -> Result<Option<Self>> {
        let (pooler, head) = ("pooler.dense", "cls.seq_relationship");
        let has = |name: &str| weights.contains(&format!("{name}.weight"));
        if !has(pooler) || !has(head) {
            return Ok(None);
        }
        Ok(Some(Self {
            pooler: linear(weights, pooler, hidden, hidden)?,
            seq_relationship: linear(weights, head, hidden, 2)?,
        }))
    }

    /// What the pooler makes of the first token of each text: `[batch, hidden]` → `[batch, hidden]`.
    ///
    /// # Errors
    /// [`Error::Internal`] if the rows are of another width.
    pub fn pooler_output(&self, first_tokens: &[f32]) -> Result<Vec<f32>> {
        let mut pooled = self.pooler.forward(first_tokens)?;
        pooled.iter_mut().for_each(|value| *value = value.tanh());
        Ok(pooled)
    }

    /// `[batch, hidden]` → `[batch, 2]`: column 0 "B follows A", column 1 "B is a random sentence".
    ///
    /// # Errors
    /// [`Error::Internal`] if the rows are of another width.
    pub fn logits(&self, first_tokens: &[f32]) -> Result<Vec<f32>> {
        self.seq_relationship
            .forward(&self.pooler_output(first_tokens)?)
    }
}
