//! The losses of the three steps, of sequences of tokens.

use candle_core::Tensor;

use crate::train::error::Result;
use crate::train::models::gpt::{Gpt, GptConfig};
use crate::train::models::Texts;
use crate::train::objectives::{accuracy, Loss};
use crate::train::ops::{self, WeightLayout};
use crate::train::parameters::{Init, Named, Parameters, Role};
use crate::train::random::Dropout;

/// A prompt and a response behind it, as tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    /// Both, with the end of the text.
    pub ids: Vec<u32>,
    /// Tokens of the prompt: at least one.
    pub prompt: usize,
}

/// Some sequences, padded at their ends to one length. Nothing reads the padding: a GPT looks back alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    texts: Texts,
    /// Rows of `[batch·len]` that guess a response's token: those before it.
    at: Vec<u32>,
    /// What comes next there.
    targets: Vec<u32>,
    /// Tokens of each response.
    lengths: Vec<usize>,
    /// The row of the last token of each sequence.
    last: Vec<u32>,
    /// Tokens without padding.
    tokens: usize,
}

impl Responses {
    /// A batch of them.
    pub fn of(sequences: &[&Sequence]) -> Self {
        let len = sequences.iter().map(|s| s.ids.len()).max().unwrap_or(0);
        let mut batch = Self {
            texts: Texts {
                input_ids: Vec::with_capacity(len * sequences.len()),
                len,
            },
            at: Vec::new(),
            targets: Vec::new(),
            lengths: Vec::new(),
            last: Vec::new(),
            tokens: 0,
        };
        for (row, Sequence { ids, prompt }) in sequences.iter().enumerate() {
            let start = row * len;
            let response = *prompt..ids.len();
            batch
                .at
                .extend(response.clone().map(|at| (start + at - 1) as u32));
            batch.targets.extend_from_slice(&ids[response.clone()]);
            batch.lengths.push(response.len());
            batch.last.push((start + ids.len() - 1) as u32);
            batch.tokens += ids.len();
            batch.texts.input_ids.extend_from_slice(ids);
            batch.texts.input_ids.resize(start + len, 0);
        }
        batch
    }
}

/// What may stand in each place of the responses: `[tokens of responses, vocab_size]`.
fn logits(gpt: &Gpt, batch: &Responses) -> Result<Tensor> {
    let hidden = gpt.hidden_states(&batch.texts, &Dropout::none())?; // [batch·len, n_embd]
    gpt.lm_head(&ops::rows(&hidden, batch.at.clone())?)
}

/// Step 1: the mean loss of a token of the responses.
///
/// # Errors
/// [`crate::Error::Internal`] where an id or a position has no row.
pub fn supervised_loss(gpt: &Gpt, batch: &Responses) -> Result<Loss> {
    let logits = logits(gpt, batch)?;
    let right = accuracy(&logits, &batch.targets)?;
    let loss = ops::cross_entropy(&logits, batch.targets.clone())?;
    let count = batch.targets.len();
    Loss::sum(batch.tokens, vec![("lm", loss, count, Some(right))])
}

/// ln π(y|x) of each response, the sum over its tokens: `[batch]`.
///
/// # Errors
/// As [`supervised_loss`].
pub fn log_likelihoods(gpt: &Gpt, batch: &Responses) -> Result<Tensor> {
    let logits = logits(gpt, batch)?;
    let (targets, lengths) = (batch.targets.clone(), batch.lengths.clone());
    Ok(ops::log_likelihoods(&logits, targets, lengths)?)
}

/// By how much each chosen one is ahead of the other: `[2·pairs]`, one behind the other → `[pairs]`.
fn differences(values: &Tensor) -> Result<Tensor> {
    let pairs = values.reshape(((), 2))?;
    let column = |at| pairs.narrow(1, at, 1)?.squeeze(1);
    Ok((column(0)? - column(1)?)?.contiguous()?)
}

/// The loss of choices with these margins. `accuracy` is the share of pairs whose chosen one is ahead.
fn choice(name: &'static str, margins: &Tensor, tokens: usize) -> Result<Loss> {
    let loss = ops::preference(margins)?;
    let values: Vec<f32> = margins.to_vec1()?;
    let count = values.len();
    let ahead = values.iter().filter(|&&margin| margin > 0.0).count();
    let right = ahead as f32 / count as f32;
    let mut loss = Loss::sum(tokens, vec![(name, loss, count, Some(right))])?;
    for part in &mut loss.parts {
        part.margin = Some(values.iter().sum::<f32>() / count as f32);
    }
    Ok(loss)
}

/// A GPT with a scalar head on the last token, `score.weight` `[1, n_embd]`: transformers'
/// `GPT2ForSequenceClassification` with one label. Of the scores only differences to the same prompt mean anything.
pub struct RewardModel {
    gpt: Gpt,
    score: Tensor,
    parameters: Parameters,
}

impl RewardModel {
    /// From a GPT's weights. A head that is not among them is drawn from `seed`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(config: &GptConfig, weights: Named, seed: u64) -> Result<Self> {
        Self::of(config, Parameters::given_or_new(weights, seed))
    }

    /// From all its weights.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn given(config: &GptConfig, weights: Named) -> Result<Self> {
        Self::of(config, Parameters::given(weights))
    }

    fn of(config: &GptConfig, mut parameters: Parameters) -> Result<Self> {
        let gpt = Gpt::new(config, &mut parameters)?;
        // As Stiennon et al. 2020 began: a variance of 1/(width + 1).
        let std = 1.0 / (config.n_embd as f32 + 1.0).sqrt();
        let shape = [1, config.n_embd];
        let score = parameters.take("score.weight", &shape, Init::Normal(std), Role::Table)?;
        Ok(Self {
            gpt,
            score,
            parameters,
        })
    }

    /// Its weights.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// r(x, y) of each response: `[batch]`.
    ///
    /// # Errors
    /// As [`supervised_loss`].
    pub fn scores(&self, batch: &Responses) -> Result<Tensor> {
        let hidden = self.gpt.hidden_states(&batch.texts, &Dropout::none())?;
        let last = ops::rows(&hidden, batch.last.clone())?; // [batch, n_embd]
        let scores = ops::linear(&last, &self.score, None, WeightLayout::OutIn)?;
        Ok(scores.squeeze(1)?)
    }
}

/// Step 2: −ln σ(r(x, y_w) − r(x, y_l)), the mean over the pairs (Ouyang et al. 2022, equation 1). Each chosen response
/// stands before the other one.
///
/// # Errors
/// As [`supervised_loss`].
pub fn reward_loss(model: &RewardModel, batch: &Responses) -> Result<Loss> {
    choice("reward", &differences(&model.scores(batch)?)?, batch.tokens)
}

/// Step 3: −ln σ(β·(ln π(y_w|x)/π_ref(y_w|x) − ln π(y_l|x)/π_ref(y_l|x))), the mean over the pairs (Rafailov et al. 2023,
/// equation 7). `reference` is ln π_ref of each response; pairs stand as in [`reward_loss`].
///
/// # Errors
/// As [`supervised_loss`].
pub fn dpo_loss(gpt: &Gpt, batch: &Responses, reference: &[f32], beta: f64) -> Result<Loss> {
    let policy = log_likelihoods(gpt, batch)?;
    let reference = Tensor::new(reference, policy.device())?;
    let margins = differences(&(policy - reference)?)?.affine(beta, 0.0)?;
    choice("dpo", &margins, batch.tokens)
}
