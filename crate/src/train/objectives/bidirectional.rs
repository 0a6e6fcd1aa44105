//! ELMo's loss (Peters et al. 2018, section 3.1): −Σ log p(token | those before) − Σ log p(token | those behind), each
//! the mean over its predictions.

use super::{accuracy, losses_of_windows, Loss, Losses, Objective};
use crate::train::data::windows::Windows;
use crate::train::error::Result;
use crate::train::folder::ModelConfig;
use crate::train::models::elmo::{Elmo, ElmoConfig};
use crate::train::models::Texts;
use crate::train::ops;
use crate::train::parameters::Parameters;
use crate::train::random::Dropout;
use crate::train::settings::Settings;

/// An ELMo that learns to continue texts at both ends.
pub struct BidirectionalLm {
    pub(in crate::train) config: ElmoConfig,
    pub(in crate::train) elmo: Elmo,
    pub(in crate::train) parameters: Parameters,
    pub(in crate::train) settings: Settings,
    pub(in crate::train) training: Windows,
    pub(in crate::train) held_out: Windows,
}

/// The sum of the mean losses of the two directions.
///
/// # Errors
/// [`crate::Error::Internal`] where an id has no row, or texts are of fewer than two tokens.
pub fn bidirectional_loss(elmo: &Elmo, texts: &Texts, dropout: &Dropout) -> Result<Loss> {
    let (_, [forward, backward]) = elmo.hidden_states(texts, dropout)?;
    let (len, mut parts) = (texts.len, Vec::new());
    for (name, states, towards) in [("forward", forward, 1), ("backward", backward, -1)] {
        let neighbour = |at: usize| (at % len).checked_add_signed(towards).filter(|&n| n < len);
        let inner = (0..texts.input_ids.len()).filter(|&at| neighbour(at).is_some());
        let inner: Vec<usize> = inner.collect();
        let target = |&at: &usize| texts.input_ids[at.wrapping_add_signed(towards)];
        let targets: Vec<u32> = inner.iter().map(target).collect();
        let Some(top) = states.last() else {
            continue;
        };
        let top = ops::rows(
            &dropout.apply(top)?,
            inner.iter().map(|&at| at as u32).collect(),
        )?;
        let logits = elmo.decode(&top)?; // [batch·(len − 1), vocab_size]
        let right = accuracy(&logits, &targets)?;
        let count = targets.len();
        parts.push((
            name,
            ops::cross_entropy(&logits, targets)?,
            count,
            Some(right),
        ));
    }
    Loss::sum(texts.input_ids.len(), parts)
}

impl BidirectionalLm {
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(
        settings: &Settings,
        [training, held_out]: [Windows; 2],
        vocab_size: usize,
        mut parameters: Parameters,
    ) -> Result<Self> {
        let config = ElmoConfig {
            vocab_size,
            hidden_size: settings.hidden_size,
            num_hidden_layers: settings.num_layers,
        };
        Ok(Self {
            elmo: Elmo::new(&config, &mut parameters)?,
            config,
            parameters,
            settings: settings.clone(),
            training,
            held_out,
        })
    }

    fn losses<'a>(&'a self, windows: Vec<&'a [u32]>, parts: usize, dropout: Dropout) -> Losses<'a> {
        losses_of_windows(windows, parts, move |part| {
            bidirectional_loss(&self.elmo, &Texts::of(part), &dropout)
        })
    }
}

impl Objective for BidirectionalLm {
    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn training_losses(&self, step: u64, parts: usize) -> Losses<'_> {
        let Settings {
            seed, batch_size, ..
        } = self.settings;
        let windows = self.training.batch(seed, step, batch_size);
        let dropout = Dropout::new(self.settings.dropout, seed, step);
        self.losses(windows, parts, dropout)
    }

    fn held_out_losses(&self, index: usize, parts: usize) -> Losses<'_> {
        let windows = self.held_out.in_order(index, self.settings.batch_size);
        self.losses(windows, parts, Dropout::none())
    }

    fn config(&self) -> ModelConfig {
        ModelConfig {
            config: self.config.to_json(),
            context: self.settings.context,
        }
    }
}
