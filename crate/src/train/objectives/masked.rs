//! Masked words and next sentences (Devlin et al. 2019, section 3.1): the sum of the two mean losses, either of which can
//! be left out.

use candle_core::Tensor;

use super::{accuracy, micro_batches, Loss, Losses, Mean, Objective};
use crate::train::data::masking::Masking;
use crate::train::data::pairs::{Example, Sentences};
use crate::train::error::Result;
use crate::train::folder::ModelConfig;
use crate::train::models::bert::{Bert, BertConfig, BertHeads, Pairs};
use crate::train::models::Texts;
use crate::train::ops;
use crate::train::parameters::Parameters;
use crate::train::random::{Dropout, Purpose, Random};
use crate::train::settings::Settings;

/// The special tokens of BERT's examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialIds {
    /// `[PAD]`
    pub pad: u32,
    /// `[CLS]`
    pub cls: u32,
    /// `[SEP]`
    pub sep: u32,
}

/// A BERT that learns to guess masked words and next sentences.
pub struct MaskedLm {
    pub(in crate::train) config: BertConfig,
    pub(in crate::train) heads: BertHeads,
    pub(in crate::train) bert: Bert,
    pub(in crate::train) parameters: Parameters,
    pub(in crate::train) settings: Settings,
    pub(in crate::train) special: SpecialIds,
    pub(in crate::train) masking: Masking,
    pub(in crate::train) training: Sentences,
    pub(in crate::train) held_out: Sentences,
}

/// Some pairs with their answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MaskedBatch {
    /// What the model reads.
    pub pairs: Pairs,
    /// Rows `text·len + position` of the chosen tokens.
    pub chosen: Vec<u32>,
    /// What stood there.
    pub labels: Vec<u32>,
    /// Of each pair 0 where B follows A, 1 where it does not; empty where next sentences are not learnt.
    pub not_next: Vec<u32>,
}

impl MaskedBatch {
    /// `[CLS] A [SEP] B [SEP]` of each example, padded to the longest; masked where the heads ask for it.
    pub fn of(
        examples: &[Example],
        heads: BertHeads,
        special: SpecialIds,
        masking: &Masking,
        random: &mut Random,
    ) -> Self {
        let with_b = |e: &Example| if e.b.is_empty() { 0 } else { e.b.len() + 1 };
        let lengths: Vec<usize> = examples.iter().map(|e| e.a.len() + 2 + with_b(e)).collect();
        let len = lengths.iter().copied().max().unwrap_or(0);
        let mut batch = Self::default();
        for (text, example) in examples.iter().enumerate() {
            let mut ids = vec![special.cls];
            ids.extend(&example.a);
            ids.push(special.sep);
            let first = ids.len();
            if !example.b.is_empty() {
                ids.extend(&example.b);
                ids.push(special.sep);
            }
            let types = &mut batch.pairs.token_type_ids;
            types.extend((0..len).map(|at| u32::from(first <= at && at < ids.len())));
            if heads.mlm {
                for chosen in masking.apply(&mut ids, random) {
                    batch.chosen.push((text * len + chosen.at) as u32);
                    batch.labels.push(chosen.label);
                }
            }
            if heads.nsp {
                batch.not_next.push(u32::from(!example.is_next));
            }
            ids.resize(len, special.pad);
            batch.pairs.texts.input_ids.extend(ids);
        }
        // Unknown words alone, none of which is chosen otherwise: the first is guessed, so that there is a loss.
        let first = examples.first().and_then(|example| example.a.first());
        if let (true, false, true, Some(&label)) =
            (heads.mlm, heads.nsp, batch.labels.is_empty(), first)
        {
            batch.pairs.texts.input_ids[1] = masking.mask;
            batch.chosen.push(1);
            batch.labels.push(label);
        }
        batch.pairs.texts.len = len;
        batch.pairs.lengths = lengths;
        batch
    }

    /// Tokens that the model reads, padding left out.
    fn tokens(&self) -> usize {
        match self.pairs.lengths.as_slice() {
            [] => self.pairs.texts.input_ids.len(),
            lengths => lengths.iter().sum(),
        }
    }
}

/// The sum of the mean losses of the chosen tokens and of the pairs.
///
/// # Errors
/// [`crate::Error::Internal`] where an id or a position has no row; of heads that are missing.
pub fn masked_loss(bert: &Bert, batch: &MaskedBatch, dropout: &Dropout) -> Result<Loss> {
    Loss::sum(batch.tokens(), means(bert, batch, dropout)?)
}

/// The mean losses of the chosen tokens and of the pairs, where there are any.
fn means(bert: &Bert, batch: &MaskedBatch, dropout: &Dropout) -> Result<Vec<Mean>> {
    let hidden = bert.hidden_states(&batch.pairs, dropout)?; // [batch·len, hidden_size]
    let mut parts = Vec::new();
    let mut add = |name, logits: Tensor, targets: &[u32]| -> Result<()> {
        let right = accuracy(&logits, targets)?;
        let loss = ops::cross_entropy(&logits, targets.to_vec())?;
        parts.push((name, loss, targets.len(), Some(right)));
        Ok(())
    };
    if !batch.labels.is_empty() {
        let rows = ops::rows(&hidden, batch.chosen.clone())?; // [chosen, hidden_size]
        add("mlm", bert.mlm_logits(&rows)?, &batch.labels)?;
    }
    if !batch.not_next.is_empty() {
        let Texts { len, .. } = batch.pairs.texts;
        let first = (0..batch.not_next.len()).map(|text| (text * len) as u32);
        let rows = ops::rows(&hidden, first.collect())?; // [batch, hidden_size]
        add("nsp", bert.nsp_logits(&rows, dropout)?, &batch.not_next)?;
    }
    Ok(parts)
}

impl MaskedLm {
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(
        settings: &Settings,
        special: SpecialIds,
        masking: Masking,
        [training, held_out]: [Sentences; 2],
        mut parameters: Parameters,
    ) -> Result<Self> {
        let config = BertConfig {
            vocab_size: masking.vocab_size as usize,
            hidden_size: settings.hidden_size,
            num_hidden_layers: settings.num_layers,
            num_attention_heads: settings.num_heads,
            intermediate_size: 4 * settings.hidden_size,
            max_position_embeddings: settings.context,
            layer_norm_eps: 1e-12,
        };
        let heads = BertHeads {
            mlm: settings.bert.mlm,
            nsp: settings.bert.nsp,
        };
        Ok(Self {
            bert: Bert::new(&config, heads, &mut parameters)?,
            config,
            heads,
            parameters,
            settings: settings.clone(),
            special,
            masking,
            training,
            held_out,
        })
    }

    pub(in crate::train) fn batch(&self, examples: &[Example], random: &mut Random) -> MaskedBatch {
        MaskedBatch::of(examples, self.heads, self.special, &self.masking, random)
    }

    /// One text after the other takes its masks from `random`, in however many parts.
    fn losses(
        &self,
        examples: &[Example],
        parts: usize,
        mut random: Random,
        dropout: Dropout,
    ) -> Losses<'_> {
        let batches = micro_batches(examples.len(), parts);
        let batches: Vec<_> = batches
            .map(|part| self.batch(&examples[part], &mut random))
            .collect();
        let predictions = |batch: &MaskedBatch| [batch.labels.len(), batch.not_next.len()];
        let counts: Vec<_> = batches.iter().map(predictions).collect();
        let whole = [0, 1].map(|part| counts.iter().map(|count| count[part]).sum::<usize>());
        Box::new(batches.into_iter().zip(counts).map(move |(batch, own)| {
            let means = means(&self.bert, &batch, &dropout)?;
            let there = own.into_iter().zip(whole).filter(|&(own, _)| own > 0);
            let whole: Vec<usize> = there.map(|(_, whole)| whole).collect();
            Loss::sum_of(batch.tokens(), means, &whole)
        }))
    }
}

impl Objective for MaskedLm {
    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn training_losses(&self, step: u64, parts: usize) -> Losses<'_> {
        let Settings {
            seed, batch_size, ..
        } = self.settings;
        let examples = self.training.batch(seed, step, batch_size);
        let random = Random::new(seed, Purpose::Mask, step);
        let dropout = Dropout::new(self.settings.dropout, seed, step);
        self.losses(&examples, parts, random, dropout)
    }

    fn held_out_losses(&self, index: usize, parts: usize) -> Losses<'_> {
        let Settings {
            seed, batch_size, ..
        } = self.settings;
        let examples = self.held_out.in_order(seed, index, batch_size);
        let random = Random::new(seed, Purpose::HeldOut, index as u64);
        self.losses(&examples, parts, random, Dropout::none())
    }

    fn config(&self) -> ModelConfig {
        ModelConfig {
            config: self.config.to_json(self.heads, self.special.pad),
            context: self.config.max_position_embeddings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_of_unknown_words_has_one_to_guess() {
        let example = Example {
            a: vec![1, 1],
            b: Vec::new(),
            is_next: true,
        };
        let special = SpecialIds {
            pad: 0,
            cls: 2,
            sep: 3,
        };
        let masking = Masking {
            probability: 0.15,
            always_mask: false,
            mask: 4,
            first_word: 5,
            vocab_size: 9,
        };
        let heads = BertHeads {
            mlm: true,
            nsp: false,
        };
        let mut random = Random::new(1, Purpose::Mask, 0);
        let batch = MaskedBatch::of(&[example], heads, special, &masking, &mut random);
        assert_eq!(batch.pairs.texts.input_ids, [2, 4, 1, 3]);
        assert_eq!((batch.chosen, batch.labels), (vec![1], vec![1]));
    }
}
