//! What a model that reads in both directions can be asked, whatever its architecture.

use candle_core::{Device, Tensor};

use super::{ModelInfo, Observer};
use crate::error::{Error, Result};

/// Tokens of one or several texts, padded to one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EncoderInput {
    /// `[batch · len]`, row by row.
    pub input_ids: Vec<u32>,
    /// `[batch · len]`: 0 for the first text of a pair, 1 for the second. Models without segments do not
    /// look at it.
    pub token_type_ids: Vec<u32>,
    /// `[batch · len]`: 1 for tokens, 0 for padding. Empty if nothing is padded.
    pub attention_mask: Vec<u32>,
    /// Number of texts.
    pub batch: usize,
}

impl EncoderInput {
    /// One text without padding.
    pub fn single(input_ids: Vec<u32>, token_type_ids: Vec<u32>) -> Self {
        Self {
            input_ids,
            token_type_ids,
            attention_mask: Vec::new(),
            batch: 1,
        }
    }

    /// Texts of any lengths, each its `input_ids` and `token_type_ids`, padded to that of the longest.
    pub fn padded<'a>(texts: impl IntoIterator<Item = (&'a [u32], &'a [u32])>) -> Self {
        let texts: Vec<_> = texts.into_iter().collect();
        let len = texts.iter().map(|(ids, _)| ids.len()).max().unwrap_or(0);
        let mut padded = Self {
            batch: texts.len(),
            ..Self::default()
        };
        for (ids, type_ids) in texts {
            let padding = || std::iter::repeat_n(0, len - ids.len());
            padded
                .input_ids
                .extend(ids.iter().copied().chain(padding()));
            let type_ids = type_ids.iter().copied();
            padded.token_type_ids.extend(type_ids.chain(padding()));
            let ones = std::iter::repeat_n(1, ids.len());
            padded.attention_mask.extend(ones.chain(padding()));
        }
        padded
    }

    /// Tokens of each text.
    pub fn len(&self) -> usize {
        self.input_ids.len().checked_div(self.batch).unwrap_or(0)
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.input_ids.is_empty()
    }

    /// The place of each token in its text, from 0.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        let len = self.len();
        (0..self.input_ids.len()).map(move |at| at % len)
    }

    /// Refuses what no encoder can read.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; [`Error::InputTooLong`] above `max` tokens; [`Error::Internal`] if the lists
    /// differ in length.
    pub(super) fn check(&self, max: usize) -> Result<()> {
        let (input, len) = (|| "token list".into(), self.len());
        if len == 0 {
            return Err(Error::EmptyInput { input: input() });
        }
        if len > max {
            return Err(Error::InputTooLong {
                input: input(),
                tokens: len,
                max,
            });
        }
        let total = self.batch * len;
        let mask = self.attention_mask.len();
        if self.input_ids.len() != total
            || self.token_type_ids.len() != total
            || (mask != 0 && mask != total)
        {
            return Err(Error::Internal(
                "input_ids, token_type_ids and attention_mask differ in length".into(),
            ));
        }
        Ok(())
    }

    /// `[batch · len]`, added to scores: 0 for tokens, the lowest float for padding (not −∞: a row of padding
    /// alone must not become NaN). `None` where nothing is padded.
    pub(super) fn mask(&self) -> Option<Vec<f32>> {
        let bias = |token: &u32| if *token == 0 { f32::MIN } else { 0.0 };
        let mask = &self.attention_mask;
        mask.contains(&0).then(|| mask.iter().map(bias).collect())
    }
}

/// An encoder with those heads that its checkpoint has.
pub trait Encoder: Send + Sync {
    /// What there is to tell of it.
    fn info(&self) -> ModelInfo;

    /// Hidden states of the last layer, `[batch · len, hidden_size]`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`], [`Error::InputTooLong`].
    fn run(&self, input: &EncoderInput, observe: &mut Observer) -> Result<Vec<f32>>;

    /// Whether [`Encoder::mlm_head`] can be asked.
    fn has_mlm_head(&self) -> bool;

    /// Masked-word logits, `[n, hidden_size]` → `[n, vocab_size]`.
    ///
    /// # Errors
    /// [`Error::NoMlmHead`].
    fn mlm_head(&self, hidden_states: &[f32]) -> Result<Vec<f32>>;

    /// Whether [`Encoder::nsp_logits`] can be asked.
    fn has_nsp_head(&self) -> bool {
        false
    }

    /// What the pooler makes of the first token: tanh of a linear layer, `[batch, hidden_size]`.
    ///
    /// # Errors
    /// [`Error::NoNspHead`].
    fn pooler_output(&self, _hidden_states: &Tensor) -> Result<Tensor> {
        Err(Error::NoNspHead)
    }

    /// Next-sentence logits, `[batch, 2]`: column 0 "B follows A", column 1 "B is a random sentence".
    ///
    /// # Errors
    /// [`Error::NoNspHead`].
    fn nsp_logits(&self, _hidden_states: &Tensor) -> Result<Tensor> {
        Err(Error::NoNspHead)
    }

    /// Hidden states of the last layer, `[batch, len, hidden_size]`.
    ///
    /// # Errors
    /// As [`Encoder::run`].
    fn forward(&self, input: &EncoderInput) -> Result<Tensor> {
        let xs = self.run(input, &mut |_, _| Ok(()))?;
        let shape = (input.batch, input.len(), self.info().hidden_size);
        Ok(Tensor::from_vec(xs, shape, &Device::Cpu)?)
    }

    /// As [`Encoder::forward`]; `observe` sees the hidden states on the way, see [`Observer`], each
    /// `[batch, len, hidden_size]`.
    ///
    /// # Errors
    /// As [`Encoder::run`].
    fn forward_observed(
        &self,
        input: &EncoderInput,
        observe: &mut dyn FnMut(usize, &Tensor),
    ) -> Result<Tensor> {
        let shape = (input.batch, input.len(), self.info().hidden_size);
        let xs = self.run(input, &mut |number, xs| {
            observe(number, &Tensor::from_slice(xs, shape, &Device::Cpu)?);
            Ok(())
        })?;
        Ok(Tensor::from_vec(xs, shape, &Device::Cpu)?)
    }

    /// Masked-word logits of chosen rows: `hidden_states` `[batch, len, hidden_size]`, `positions` as
    /// (text, token) → `[positions.len(), vocab_size]`. Other rows do not pass through the head.
    ///
    /// # Errors
    /// [`Error::NoMlmHead`].
    fn mlm_logits(&self, hidden_states: &Tensor, positions: &[(usize, usize)]) -> Result<Tensor> {
        let (batch, len, size) = hidden_states.dims3()?;
        if let Some(position) = positions
            .iter()
            .find(|&&(text, token)| text >= batch || token >= len)
        {
            return Err(Error::Internal(format!(
                "position {position:?} of {batch} texts of {len} tokens"
            )));
        }
        let states: Vec<f32> = hidden_states.flatten_all()?.to_vec1()?;
        let rows = positions.iter().flat_map(|&(text, token)| {
            let row = text * len + token;
            &states[row * size..(row + 1) * size]
        });
        let logits = self.mlm_head(&rows.copied().collect::<Vec<f32>>())?;
        let shape = (positions.len(), self.info().vocab_size);
        Ok(Tensor::from_vec(logits, shape, &Device::Cpu)?)
    }
}
