//! The next token (Radford et al. 2018, equation 1): −Σ log p(token | those before it).

use super::{accuracy, losses_of_windows, Loss, Losses, Objective};
use crate::train::data::windows::Windows;
use crate::train::error::Result;
use crate::train::folder::ModelConfig;
use crate::train::models::gpt::{Gpt, GptConfig};
use crate::train::models::Texts;
use crate::train::ops;
use crate::train::parameters::Parameters;
use crate::train::random::Dropout;
use crate::train::settings::Settings;

/// A GPT that learns to continue texts.
pub struct CausalLm {
    pub(in crate::train) config: GptConfig,
    pub(in crate::train) eos: u32,
    pub(in crate::train) gpt: Gpt,
    pub(in crate::train) parameters: Parameters,
    pub(in crate::train) settings: Settings,
    pub(in crate::train) training: Windows,
    pub(in crate::train) held_out: Windows,
}

/// Some windows of a text, with the token that comes next at each position.
#[derive(Debug, Clone, PartialEq)]
pub struct CausalBatch {
    /// What the model reads.
    pub texts: Texts,
    /// `[batch·len]`: what follows each token.
    pub targets: Vec<u32>,
}

impl CausalBatch {
    /// From windows of one token more than the model reads.
    pub fn of(windows: &[&[u32]]) -> Self {
        let len = windows.first().map_or(0, |window| window.len() - 1);
        let read = windows.iter().flat_map(|window| &window[..len]);
        let next = windows.iter().flat_map(|window| &window[1..]);
        Self {
            texts: Texts {
                input_ids: read.copied().collect(),
                len,
            },
            targets: next.copied().collect(),
        }
    }
}

/// The mean loss of a token of the batch.
///
/// # Errors
/// [`crate::Error::Internal`] where an id or a position has no row.
pub fn causal_loss(gpt: &Gpt, batch: &CausalBatch, dropout: &Dropout) -> Result<Loss> {
    let hidden = gpt.hidden_states(&batch.texts, dropout)?; // [batch·len, n_embd]
    let logits = gpt.lm_head(&hidden)?; // [batch·len, vocab_size]
    let right = accuracy(&logits, &batch.targets)?;
    let loss = ops::cross_entropy(&logits, batch.targets.clone())?;
    let count = batch.targets.len();
    Loss::sum(count, vec![("lm", loss, count, Some(right))])
}

impl CausalLm {
    /// `eos` ends a text.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(
        settings: &Settings,
        eos: u32,
        [training, held_out]: [Windows; 2],
        vocab_size: usize,
        mut parameters: Parameters,
    ) -> Result<Self> {
        let config = GptConfig {
            vocab_size,
            n_positions: settings.context,
            n_embd: settings.hidden_size,
            n_layer: settings.num_layers,
            n_head: settings.num_heads,
            n_inner: None,
            layer_norm_epsilon: 1e-5,
        };
        Ok(Self {
            gpt: Gpt::new(&config, &mut parameters)?,
            config,
            eos,
            parameters,
            settings: settings.clone(),
            training,
            held_out,
        })
    }

    fn losses<'a>(&'a self, windows: Vec<&'a [u32]>, parts: usize, dropout: Dropout) -> Losses<'a> {
        losses_of_windows(windows, parts, move |part| {
            causal_loss(&self.gpt, &CausalBatch::of(part), &dropout)
        })
    }
}

impl Objective for CausalLm {
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
            config: self.config.to_json(Some(self.eos)),
            context: self.config.n_positions,
        }
    }
}
