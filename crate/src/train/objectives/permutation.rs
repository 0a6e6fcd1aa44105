//! XLNet's loss (Yang et al. 2019, sections 2.2 and 2.3): the tokens of a text are put into a random order, and the last
//! of it are guessed one after the other, each from the context and from the guessed ones before it.

use super::{accuracy, losses_of_windows, Loss, Losses, Objective};
use crate::train::data::windows::Windows;
use crate::train::error::Result;
use crate::train::folder::ModelConfig;
use crate::train::models::xlnet::{Orders, Xlnet, XlnetConfig};
use crate::train::models::Texts;
use crate::train::ops;
use crate::train::parameters::Parameters;
use crate::train::random::{Dropout, Purpose, Random};
use crate::train::settings::Settings;

/// One token in so many is guessed: K of section 2.3.
const PARTIAL: usize = 6;

/// An XLNet that learns to guess tokens in any order.
pub struct PermutationLm {
    pub(in crate::train) config: XlnetConfig,
    pub(in crate::train) xlnet: Xlnet,
    pub(in crate::train) parameters: Parameters,
    pub(in crate::train) settings: Settings,
    pub(in crate::train) training: Windows,
    pub(in crate::train) held_out: Windows,
}

/// Draws an order for each text, as [`drawn`].
pub fn draw(texts: Texts, random: &mut Random) -> Orders {
    drawn(texts, random).0
}

/// Draws an order for each text, `[batch, len]`: all that is not guessed is context, which all see and which sees none
/// of the guessed tokens; the guessed ones are the last.
pub fn drawn(texts: Texts, random: &mut Random) -> (Orders, Vec<u32>) {
    let (batch, len) = (texts.batch(), texts.len);
    let count = (len / PARTIAL).max(1);
    let (mut targets, mut visible, mut orders) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..batch {
        let order = random.permutation(len);
        let guessed = &order[len - count..];
        // When each is guessed; 0 for the context.
        let mut turn = vec![0; len];
        for (number, &at) in guessed.iter().enumerate() {
            turn[at as usize] = number + 1;
        }
        for own in 0..len {
            visible.extend((0..len).map(|key| turn[key] == 0 || turn[key] < turn[own]));
        }
        targets.extend_from_slice(guessed);
        orders.extend(order);
    }
    let drawn = Orders {
        texts,
        targets,
        visible,
    };
    (drawn, orders)
}

/// The mean loss of the guessed tokens.
///
/// # Errors
/// [`crate::Error::Internal`] where an id has no row or sizes do not fit.
pub fn permutation_loss(xlnet: &Xlnet, orders: &Orders, dropout: &Dropout) -> Result<Loss> {
    let logits = xlnet.lm_loss(&xlnet.targets(orders, dropout)?)?; // [batch·targets, vocab_size]
    let (len, batch) = (orders.texts.len, orders.texts.batch());
    let count = orders.targets.len() / batch.max(1);
    let token =
        |(number, &at): (usize, &u32)| orders.texts.input_ids[number / count * len + at as usize];
    let labels: Vec<u32> = orders.targets.iter().enumerate().map(token).collect();
    let right = accuracy(&logits, &labels)?;
    let predictions = labels.len();
    let loss = ops::cross_entropy(&logits, labels)?;
    Loss::sum(
        orders.texts.input_ids.len(),
        vec![("plm", loss, predictions, Some(right))],
    )
}

impl PermutationLm {
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(
        settings: &Settings,
        [training, held_out]: [Windows; 2],
        vocab_size: usize,
        mut parameters: Parameters,
    ) -> Result<Self> {
        let config = XlnetConfig {
            vocab_size,
            d_model: settings.hidden_size,
            n_layer: settings.num_layers,
            n_head: settings.num_heads,
            d_inner: 4 * settings.hidden_size,
            layer_norm_eps: 1e-12,
        };
        Ok(Self {
            xlnet: Xlnet::new(&config, &mut parameters)?,
            config,
            parameters,
            settings: settings.clone(),
            training,
            held_out,
        })
    }

    /// One text after the other takes its order from `random`, in however many parts.
    fn losses<'a>(
        &'a self,
        windows: Vec<&'a [u32]>,
        parts: usize,
        mut random: Random,
        dropout: Dropout,
    ) -> Losses<'a> {
        losses_of_windows(windows, parts, move |part| {
            let orders = draw(Texts::of(part), &mut random);
            permutation_loss(&self.xlnet, &orders, &dropout)
        })
    }
}

impl Objective for PermutationLm {
    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn training_losses(&self, step: u64, parts: usize) -> Losses<'_> {
        let Settings {
            seed, batch_size, ..
        } = self.settings;
        let windows = self.training.batch(seed, step, batch_size);
        let random = Random::new(seed, Purpose::Permutation, step);
        let dropout = Dropout::new(self.settings.dropout, seed, step);
        self.losses(windows, parts, random, dropout)
    }

    fn held_out_losses(&self, index: usize, parts: usize) -> Losses<'_> {
        let Settings {
            seed, batch_size, ..
        } = self.settings;
        let windows = self.held_out.in_order(index, batch_size);
        let random = Random::new(seed, Purpose::HeldOut, index as u64);
        self.losses(windows, parts, random, Dropout::none())
    }

    fn config(&self) -> ModelConfig {
        ModelConfig {
            config: self.config.to_json(),
            context: self.settings.context,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_hides_what_comes_later() {
        let texts = Texts {
            input_ids: (0..48).collect(),
            len: 24,
        };
        let orders = draw(texts, &mut Random::new(1, Purpose::Permutation, 0));
        assert_eq!(orders.targets.len(), 8);
        for (text, guessed) in orders.targets.chunks(4).enumerate() {
            let seen =
                |own: u32, key: u32| orders.visible[(text * 24 + own as usize) * 24 + key as usize];
            for own in 0..24 {
                let turn = |at| guessed.iter().position(|&g| g == at);
                for key in 0..24 {
                    let expected = match (turn(own), turn(key)) {
                        (_, None) => true,
                        (None, Some(_)) => false,
                        (Some(own), Some(key)) => key < own,
                    };
                    assert_eq!(seen(own, key), expected);
                }
            }
        }
    }
}
