//! BERT: masked words, next sentences, attention.

use super::{softmax, MaskLogits, Row, Show};
use crate::train::error::{Result, Shown};
use crate::train::models::bert::Pairs;
use crate::train::objectives::masked::MaskedLm;
use crate::train::ops;
use crate::train::random::{Dropout, Purpose, Random};
use crate::train::settings::Architecture;

impl Show for MaskedLm {
    /// All at once: none knows of another.
    fn mask_logits(&self, text: &Pairs, masks: &[usize], _seed: u64) -> Result<Vec<MaskLogits>> {
        if !self.heads.mlm {
            return Err(self.has_no(Shown::Probes));
        }
        let hidden = self.bert.hidden_states(text, &Dropout::none())?;
        let rows = ops::rows(&hidden, masks.iter().map(|&at| at as u32).collect())?;
        let logits = self.bert.mlm_logits(&rows)?; // [masks, vocab_size]
        let values = ops::values(&logits)?;
        let rows = values.chunks_exact(self.config.vocab_size);
        let guess = |(&at, logits): (&usize, &[f32])| MaskLogits {
            at,
            turn: 0,
            logits: logits.to_vec(),
        };
        Ok(masks.iter().zip(rows).map(guess).collect())
    }

    fn is_next(&self, pair: &Pairs) -> Result<f32> {
        if !self.heads.nsp {
            return Err(self.has_no(Shown::NextSentences));
        }
        let none = Dropout::none();
        let hidden = self.bert.hidden_states(pair, &none)?;
        let logits = self.bert.nsp_logits(&ops::rows(&hidden, vec![0])?, &none)?;
        let values = ops::values(&logits)?;
        Ok(softmax(&values)[0])
    }

    fn attentions(&self, text: &Pairs, layer: usize) -> Result<Vec<f32>> {
        self.bert.attentions(text, layer)
    }

    fn row(&self, step: u64, row: usize) -> Row {
        let seed = self.settings.seed;
        let examples = self.training.batch(seed, step, self.settings.batch_size);
        let batch = self.batch(&examples, &mut Random::new(seed, Purpose::Mask, step));
        let len = batch.pairs.texts.len;
        let mut labels = vec![None; batch.pairs.lengths[row]];
        for (&chosen, &label) in batch.chosen.iter().zip(&batch.labels) {
            if chosen as usize / len == row {
                labels[chosen as usize % len] = Some(label);
            }
        }
        Row::Masked {
            ids: batch.pairs.texts.input_ids[row * len..][..labels.len()].to_vec(),
            labels,
            is_next: batch.not_next.get(row).map(|&not_next| not_next == 0),
            mask: self.masking.mask,
        }
    }

    fn architecture(&self) -> Architecture {
        Architecture::Bert
    }
}
