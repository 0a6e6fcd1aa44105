//! The layers that learn, and their loss.

use candle_core::{Device, Tensor};

use crate::train::error::{Result, TrainError};
use crate::train::files::FileConfig;
use crate::train::models::bert::{Bert, BertBlocks, BertHeads, Pairs};
use crate::train::models::gpt::{Gpt, GptBlocks};
use crate::train::models::heads::TaskHead;
use crate::train::objectives::{accuracy, share, Loss, LossPart};
use crate::train::ops::{self, WeightLayout};
use crate::train::parameters::Parameters;
use crate::train::random::Dropout;

use super::settings::TuneTask;

/// What the head is asked about a text.
#[derive(Debug, Clone, PartialEq)]
pub enum TuneTarget {
    /// The label of the whole text, of the vector at position `at`.
    Text {
        /// `[CLS]`, or the last token.
        at: u32,
        /// The right label.
        label: u32,
    },
    /// The label of each word.
    Words(Vec<WordTarget>),
    /// Positions of the first and of the last token of the answer.
    Span([u32; 2]),
}

/// What the head is asked about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordTarget {
    /// The position of its first piece.
    pub at: u32,
    /// The right label.
    pub label: u32,
    /// Which word of the text it is.
    pub word: usize,
}

/// Some examples, padded to one length.
pub struct TuneBatch {
    /// What the model reads, with the length of each text.
    pairs: Pairs,
    /// What the frozen layers made of it, `[batch·len, hidden_size]`; `None` where all layers learn.
    states: Option<Tensor>,
    /// Of each text.
    targets: Vec<TuneTarget>,
}

/// An example of a batch: ids, segments, what the frozen layers made of them, and the target.
pub(super) type Row<'a> = (&'a [u32], &'a [u32], Option<&'a [f32]>, &'a TuneTarget);

/// How much a batch is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Predictions {
    /// Labels, or ends of spans.
    pub task: usize,
    /// Next tokens.
    pub lm: usize,
}

impl Predictions {
    /// Those of both.
    pub fn with(self, other: Self) -> Self {
        Self {
            task: self.task + other.task,
            lm: self.lm + other.lm,
        }
    }
}

impl TuneTarget {
    /// Labels, or ends of spans.
    pub(super) fn predictions(&self) -> usize {
        match self {
            Self::Text { .. } => 1,
            Self::Words(words) => words.len(),
            Self::Span(_) => 2,
        }
    }
}

impl TuneBatch {
    fn predictions(&self) -> Predictions {
        let targets = self.targets.iter().map(TuneTarget::predictions);
        let next = self
            .pairs
            .lengths
            .iter()
            .map(|length| length.saturating_sub(1));
        Predictions {
            task: targets.sum(),
            lm: next.sum(),
        }
    }

    /// Pads with the token 0; `width` is that of the hidden states.
    pub(super) fn of(rows: &[Row], width: usize) -> Result<Self> {
        let len = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
        let (mut pairs, mut states) = (Pairs::default(), Vec::new());
        pairs.texts.len = len;
        for (ids, types, kept, _) in rows {
            let padding = len - ids.len();
            let zeros = || std::iter::repeat_n(0, padding);
            let input_ids = &mut pairs.texts.input_ids;
            input_ids.extend(ids.iter().copied().chain(zeros()));
            let type_ids = types.iter().copied().chain(zeros());
            pairs.token_type_ids.extend(type_ids);
            pairs.lengths.push(ids.len());
            if let Some(kept) = kept {
                states.extend_from_slice(kept);
                states.resize(states.len() + padding * width, 0.0);
            }
        }
        let frozen = rows.iter().any(|row| row.2.is_some());
        let targets = rows.iter().map(|row| row.3.clone()).collect();
        Self::new(pairs, frozen.then_some((states, width)), targets)
    }

    /// What frozen layers made of `pairs` comes as `[batch·len, hidden_size]`, padding included, with the `hidden_size`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for states of another size.
    pub fn new(
        pairs: Pairs,
        states: Option<(Vec<f32>, usize)>,
        targets: Vec<TuneTarget>,
    ) -> Result<Self> {
        let rows = pairs.texts.input_ids.len();
        let states =
            states.map(|(states, width)| Tensor::from_vec(states, (rows, width), &Device::Cpu));
        Ok(Self {
            pairs,
            states: states.transpose()?,
            targets,
        })
    }

    /// The rows that a head of texts or words is asked about, and the right labels.
    pub(super) fn asked(&self) -> (Vec<u32>, Vec<u32>) {
        let (mut rows, mut labels) = (Vec::new(), Vec::new());
        for (text, target) in self.targets.iter().enumerate() {
            let mut add = |at: u32, label| {
                rows.push((text * self.pairs.texts.len) as u32 + at);
                labels.push(label);
            };
            match target {
                TuneTarget::Text { at, label } => add(*at, *label),
                TuneTarget::Words(words) => words.iter().for_each(|w| add(w.at, w.label)),
                TuneTarget::Span(_) => {}
            }
        }
        (rows, labels)
    }

    /// The rows behind which a token stands, and that token.
    fn followed(&self) -> (Vec<u32>, Vec<u32>) {
        let texts = &self.pairs.texts;
        let (mut rows, mut next) = (Vec::new(), Vec::new());
        for (text, &length) in self.pairs.lengths.iter().enumerate() {
            for row in text * texts.len..(text * texts.len + length).saturating_sub(1) {
                rows.push(row as u32);
                next.push(texts.input_ids[row + 1]);
            }
        }
        (rows, next)
    }

    /// Where an answer begins in each text, then where it ends.
    fn spans(&self) -> Vec<u32> {
        let of = |which: usize| {
            let targets = self.targets.iter();
            targets.filter_map(move |target| match target {
                TuneTarget::Span(span) => Some(span[which]),
                _ => None,
            })
        };
        of(0).chain(of(1)).collect()
    }
}

enum Body {
    Bert(Bert),
    BertBlocks(BertBlocks),
    Gpt(Gpt),
    GptBlocks(GptBlocks),
}

/// The layers that learn, and the head.
pub struct TunedModel {
    body: Body,
    head: TaskHead,
    /// `transformer.wte.weight`, which does not learn: GPT's output layer, where its auxiliary loss is asked for.
    wte: Option<Tensor>,
    parameters: Parameters,
}

impl TunedModel {
    /// The blocks from number `first` on, or the whole model with `None`; weights are taken from `parameters`.
    ///
    /// # Errors
    /// As [`Parameters::take`]; [`TrainError::InvalidSetting`] for a task that the architecture is not fine-tuned for.
    pub fn new(
        config: &FileConfig,
        first: Option<usize>,
        (task, labels): (TuneTask, usize),
        mut parameters: Parameters,
        wte: Option<Tensor>,
    ) -> Result<Self> {
        let p = &mut parameters;
        let no_heads = BertHeads {
            mlm: false,
            nsp: false,
        };
        let (body, head) = match (config, task) {
            (FileConfig::Bert(config), task) => {
                let body = match first {
                    Some(first) => Body::BertBlocks(BertBlocks::new(config, first, p)?),
                    None => Body::Bert(Bert::new(config, no_heads, p)?),
                };
                let size = config.hidden_size;
                let head = match task {
                    TuneTask::TextClassification => TaskHead::sequence(p, size, labels)?,
                    TuneTask::TokenClassification => {
                        TaskHead::tokens(p, "classifier", size, labels)?
                    }
                    TuneTask::QuestionAnswering => TaskHead::tokens(p, "qa_outputs", size, 2)?,
                };
                (body, head)
            }
            (FileConfig::Gpt(config), TuneTask::TextClassification) => {
                let body = match first {
                    Some(first) => Body::GptBlocks(GptBlocks::new(config, first, p)?),
                    None => Body::Gpt(Gpt::new(config, p)?),
                };
                (body, TaskHead::score(p, config.n_embd, labels)?)
            }
            _ => {
                let message = "BERT learns all of them, GPT-2 text-classification";
                return Err(TrainError::setting("task", message));
            }
        };
        Ok(Self {
            body,
            head,
            wte,
            parameters,
        })
    }

    /// What learns.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The hidden states of the last layer: `[batch·len, hidden_size]`.
    fn hidden_states(&self, batch: &TuneBatch) -> Result<Tensor> {
        let (pairs, none) = (&batch.pairs, Dropout::none());
        let kept = || {
            let missing = || TrainError::internal("a batch without hidden states");
            batch.states.clone().ok_or_else(missing)
        };
        match &self.body {
            Body::Bert(bert) => bert.hidden_states(pairs, &none),
            Body::BertBlocks(blocks) => blocks.forward(kept()?, pairs, &none),
            Body::Gpt(gpt) => gpt.hidden_states(&pairs.texts, &none),
            Body::GptBlocks(blocks) => blocks.forward(kept()?, &pairs.texts, &none),
        }
    }

    /// Logits of the labels of each text or word that is asked about, `[n, labels]`; of spans `[batch·len, 2]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for a batch of another model.
    pub fn logits(&self, batch: &TuneBatch) -> Result<Tensor> {
        self.head_logits(&self.hidden_states(batch)?, batch)
    }

    fn head_logits(&self, hidden: &Tensor, batch: &TuneBatch) -> Result<Tensor> {
        match batch.asked().0 {
            rows if rows.is_empty() => self.head.forward(hidden),
            rows => self.head.forward(&ops::rows(hidden, rows)?),
        }
    }

    fn lm_logits(&self, rows: &Tensor) -> Result<Tensor> {
        match (&self.body, &self.wte) {
            (Body::Gpt(gpt), _) => gpt.lm_head(rows),
            (_, Some(wte)) => Ok(ops::linear(rows, wte, None, WeightLayout::OutIn)?),
            _ => Err(TrainError::internal("a model without an output layer")),
        }
    }
}

/// The loss of the task, and λ = `lm_weight` times that of the next token of each text: L₂ + λ·L₁, both as means
/// (Radford et al. 2018, equation 5). The parts are reported before they are weighted.
///
/// # Errors
/// [`crate::Error::Internal`] for a batch of another model.
pub fn tuning_loss(model: &TunedModel, batch: &TuneBatch, lm_weight: f32) -> Result<Loss> {
    Ok(part_loss(model, batch, lm_weight, batch.predictions())?.0)
}

/// What a micro-batch adds to that loss of a batch with `whole` predictions, and the logits of its labels. The parts are
/// reported as its own means.
///
/// # Errors
/// As [`tuning_loss`].
pub(super) fn part_loss(
    model: &TunedModel,
    batch: &TuneBatch,
    lm_weight: f32,
    whole: Predictions,
) -> Result<(Loss, Tensor)> {
    let hidden = model.hidden_states(batch)?;
    let labels = model.head_logits(&hidden, batch)?;
    let own = batch.predictions();
    let (name, logits, targets) = match batch.spans() {
        spans if spans.is_empty() => ("classification", labels.clone(), batch.asked().1),
        spans => ("span", span_logits(&labels, batch)?, spans),
    };
    let (mean, part) = mean_loss(name, &logits, targets)?;
    let mut total = share(mean, own.task, whole.task)?;
    let mut parts = vec![part];
    if lm_weight > 0.0 {
        let (rows, next) = batch.followed();
        if !rows.is_empty() {
            let logits = model.lm_logits(&ops::rows(&hidden, rows)?)?;
            let (lm, part) = mean_loss("lm", &logits, next)?;
            let lm = share(lm, own.lm, whole.lm)?;
            total = (total + (lm * f64::from(lm_weight))?)?;
            parts.push(part);
        }
    }
    let loss = Loss {
        total,
        parts,
        tokens: batch.pairs.lengths.iter().sum(),
    };
    Ok((loss, labels))
}

fn mean_loss(name: &'static str, logits: &Tensor, targets: Vec<u32>) -> Result<(Tensor, LossPart)> {
    let right = accuracy(logits, &targets)?;
    let predictions = targets.len();
    let loss = ops::cross_entropy(logits, targets)?;
    let part = LossPart {
        name,
        loss: loss.to_scalar()?,
        predictions,
        accuracy: Some(right),
        margin: None,
    };
    Ok((loss, part))
}

/// `[batch·len, 2]` → `[2·batch, len]`: each text's logits that the answer begins at each token, then that it ends
/// there. An answer is not in the padding.
fn span_logits(logits: &Tensor, batch: &TuneBatch) -> Result<Tensor> {
    let (texts, len) = (batch.targets.len(), batch.pairs.texts.len);
    let mut padding = Vec::new();
    for &length in &batch.pairs.lengths {
        let outside = |at| if at < length { 0.0 } else { OUTSIDE };
        padding.extend((0..len).map(outside));
    }
    let padding = Tensor::from_vec(padding, (1, texts, len), &Device::Cpu)?;
    let logits = logits.reshape((texts, len, 2))?.permute((2, 0, 1))?;
    let logits = logits.contiguous()?.broadcast_add(&padding)?;
    Ok(logits.reshape((2 * texts, len))?)
}

/// What is added to logits of padding: their probability is 0, and nothing overflows.
const OUTSIDE: f32 = -1e30;
