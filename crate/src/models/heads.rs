//! The heads: what turns hidden states into answers.

use super::fine_tuning::FineTuning;
use super::info::HeadNames;
use super::parameters::{layer_norm, linear, linear_without_bias};
use crate::error::{Error, Head, Result};
use crate::nn::{elementary, Activation, LayerNorm, Linear};
use crate::weights::Weights;

/// Those heads that a checkpoint has.
#[derive(Default)]
pub struct Heads {
    /// Guesses masked words.
    pub mlm: Option<MlmHead>,
    /// Says whether one text follows another.
    pub nsp: Option<NspHead>,
    /// Finds the answer to a question in a text.
    pub qa: Option<QaHead>,
    /// Labels whole texts.
    pub sequence: Option<SequenceHead>,
    /// Labels tokens.
    pub token: Option<TokenHead>,
}

impl Heads {
    /// Those that fine-tuning adds, as far as the checkpoint has them.
    pub(super) fn of_fine_tuning(
        weights: &Weights,
        hidden: usize,
        tuning: &FineTuning,
        names: &ClassifierNames,
    ) -> Result<Self> {
        Ok(Self {
            mlm: None,
            nsp: None,
            qa: QaHead::load(weights, hidden)?,
            sequence: SequenceHead::load(weights, hidden, tuning, names)?,
            token: TokenHead::load(weights, hidden, tuning, names.dense)?,
        })
    }

    /// The masked-word head.
    ///
    /// # Errors
    /// [`Error::NoHead`].
    pub fn mlm(&self) -> Result<&MlmHead> {
        self.mlm.as_ref().ok_or_else(|| self.lacks(Head::Mlm))
    }

    /// The next-sentence head.
    ///
    /// # Errors
    /// [`Error::NoHead`].
    pub fn nsp(&self) -> Result<&NspHead> {
        self.nsp.as_ref().ok_or_else(|| self.lacks(Head::Nsp))
    }

    fn lacks(&self, head: Head) -> Error {
        self.names().lacks(head)
    }

    /// Which ones there are.
    pub fn names(&self) -> HeadNames {
        HeadNames {
            mlm: self.mlm.is_some(),
            nsp: self.nsp.is_some(),
            qa: self.qa.is_some(),
            sequence_classification: self.sequence.is_some(),
            token_classification: self.token.is_some(),
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
        pooled
            .iter_mut()
            .for_each(|value| *value = elementary::tanh(*value));
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

/// Where the classifier of whole texts is in a checkpoint.
pub(super) struct ClassifierNames {
    /// The layer in front of it.
    pub dense: &'static str,
    /// What follows that layer.
    pub act: fn(f32) -> f32,
    /// The classifier itself.
    pub classifier: &'static str,
}

/// The layer in front of a classifier, and what follows it.
type Pooler = (Linear, fn(f32) -> f32);

/// Labels of whole texts: logits = classifier(act(dense(h))), where h is the first token's vector; GPT-2 has no `dense`,
/// and h is the last token's (Radford et al. 2018, section 3.2; Devlin et al. 2019, section 4.1).
pub struct SequenceHead {
    /// `[hidden, hidden]`
    pooler: Option<Pooler>,
    /// `[labels, hidden]`
    classifier: Linear,
    /// The names of its rows.
    pub tuning: FineTuning,
}

impl SequenceHead {
    /// `None` if the checkpoint has no such head. A `classifier` may as well be one of tokens or of choices; where the
    /// config does not say, it is one of texts if the layer in front of it is there.
    pub(super) fn load(
        weights: &Weights,
        hidden: usize,
        tuning: &FineTuning,
        names: &ClassifierNames,
    ) -> Result<Option<Self>> {
        let has = |name: &str| weights.contains(&format!("{name}.weight"));
        let others = ["TokenClassification", "MultipleChoice"];
        if !has(names.classifier)
            || others.iter().any(|task| tuning.is_for(task))
            || !(has(names.dense) || tuning.is_for("SequenceClassification"))
        {
            return Ok(None);
        }
        let labels = tuning.labels.len();
        Ok(Some(Self {
            pooler: Some((linear(weights, names.dense, hidden, hidden)?, names.act)),
            classifier: linear(weights, names.classifier, hidden, labels)?,
            tuning: tuning.clone(),
        }))
    }

    /// GPT-2's: a linear layer without a bias. `None` if the checkpoint has no layer of this name.
    pub(super) fn load_score(
        weights: &Weights,
        hidden: usize,
        tuning: &FineTuning,
        name: &str,
    ) -> Result<Option<Self>> {
        if !weights.contains(&format!("{name}.weight")) {
            return Ok(None);
        }
        Ok(Some(Self {
            pooler: None,
            classifier: linear_without_bias(weights, name, hidden, tuning.labels.len())?,
            tuning: tuning.clone(),
        }))
    }

    /// Logits of the labels, from a vector of each text: `[batch, hidden]` → `[batch, labels]`.
    ///
    /// # Errors
    /// [`Error::Internal`] if the rows are of another width.
    pub fn logits(&self, rows: &[f32]) -> Result<Vec<f32>> {
        let Some((dense, act)) = &self.pooler else {
            return self.classifier.forward(rows);
        };
        let mut pooled = dense.forward(rows)?;
        pooled.iter_mut().for_each(|value| *value = act(*value));
        self.classifier.forward(&pooled)
    }
}

/// Labels of tokens: logits = classifier(h) for each token (Devlin et al. 2019, section 5.3).
pub struct TokenHead {
    /// `classifier`, `[labels, hidden]`
    classifier: Linear,
    /// The names of its rows.
    pub tuning: FineTuning,
}

impl TokenHead {
    /// `None` if the checkpoint has no such head. `dense` is in front of a classifier of texts.
    pub(super) fn load(
        weights: &Weights,
        hidden: usize,
        tuning: &FineTuning,
        dense: &str,
    ) -> Result<Option<Self>> {
        let others = ["SequenceClassification", "MultipleChoice"];
        if !weights.contains("classifier.weight")
            || others.iter().any(|task| tuning.is_for(task))
            || (weights.contains(&format!("{dense}.weight"))
                && !tuning.is_for("TokenClassification"))
        {
            return Ok(None);
        }
        Ok(Some(Self {
            classifier: linear(weights, "classifier", hidden, tuning.labels.len())?,
            tuning: tuning.clone(),
        }))
    }

    /// `[n, hidden]` → `[n, labels]`
    ///
    /// # Errors
    /// [`Error::Internal`] if the rows are of another width.
    pub fn logits(&self, rows: &[f32]) -> Result<Vec<f32>> {
        self.classifier.forward(rows)
    }
}

/// Where an answer begins and ends: (start, end) = qa_outputs(h) for each token (Devlin et al. 2019, section 4.2).
pub struct QaHead {
    /// `[2, hidden]`
    qa_outputs: Linear,
}

impl QaHead {
    /// `None` if the checkpoint has no such head.
    pub(super) fn load(weights: &Weights, hidden: usize) -> Result<Option<Self>> {
        let name = "qa_outputs";
        if !weights.contains(&format!("{name}.weight")) {
            return Ok(None);
        }
        Ok(Some(Self {
            qa_outputs: linear(weights, name, hidden, 2)?,
        }))
    }

    /// `[n, hidden]` → `[n, 2]`: how well an answer begins at each token, and how well it ends there.
    ///
    /// # Errors
    /// [`Error::Internal`] if the rows are of another width.
    pub fn logits(&self, rows: &[f32]) -> Result<Vec<f32>> {
        self.qa_outputs.forward(rows)
    }
}
