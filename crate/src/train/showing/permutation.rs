//! XLNet: masked words one after the other, attention, and the order of the batch at hand.

use super::{MaskLogits, Row, Show};
use crate::train::error::Result;
use crate::train::models::bert::Pairs;
use crate::train::models::xlnet::Orders;
use crate::train::models::Texts;
use crate::train::objectives::permutation::{drawn, PermutationLm};
use crate::train::ops;
use crate::train::random::{Dropout, Purpose, Random};
use crate::train::settings::Architecture;

impl Show for PermutationLm {
    /// One after the other in an order that is drawn (Yang et al. 2019, section 2.2): each guess sees all that is not
    /// masked, and the masks before it filled with their likeliest tokens.
    fn mask_logits(&self, text: &Pairs, masks: &[usize], seed: u64) -> Result<Vec<MaskLogits>> {
        let len = text.texts.len;
        let mut input_ids = text.texts.input_ids.clone();
        let mut seen: Vec<bool> = (0..len).map(|at| !masks.contains(&at)).collect();
        let order = Random::new(seed, Purpose::Permutation, 0).permutation(masks.len());
        let mut all = Vec::new();
        for (turn, &number) in order.iter().enumerate() {
            let at = masks[number as usize];
            let orders = Orders {
                texts: Texts {
                    input_ids: input_ids.clone(),
                    len,
                },
                targets: vec![at as u32],
                visible: seen.repeat(len),
            };
            let rows = self.xlnet.targets(&orders, &Dropout::none())?;
            let logits = ops::values(&self.xlnet.lm_loss(&rows)?)?.to_vec();
            input_ids[at] = likeliest(&logits);
            seen[at] = true;
            all.push(MaskLogits { at, turn, logits });
        }
        all.sort_by_key(|guess| guess.at);
        Ok(all)
    }

    fn attentions(&self, text: &Pairs, layer: usize) -> Result<Vec<f32>> {
        self.xlnet.attentions(&text.texts, layer)
    }

    fn row(&self, step: u64, row: usize) -> Row {
        let seed = self.settings.seed;
        let windows = self.training.batch(seed, step, self.settings.batch_size);
        let texts = Texts::of(&windows);
        let len = texts.len;
        let mut random = Random::new(seed, Purpose::Permutation, step);
        let (orders, all) = drawn(texts, &mut random);
        let count = orders.targets.len() / orders.texts.batch();
        Row::Permuted {
            ids: windows[row].to_vec(),
            order: all[row * len..][..len].to_vec(),
            targets: orders.targets[row * count..][..count].to_vec(),
            visible: orders.visible[row * len * len..][..len * len].to_vec(),
        }
    }

    fn architecture(&self) -> Architecture {
        Architecture::Xlnet
    }
}

/// The first of the largest.
fn likeliest(logits: &[f32]) -> u32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logits.iter().position(|&logit| logit == most).unwrap_or(0) as u32
}
