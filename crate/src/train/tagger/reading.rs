//! What ELMo makes of words, once for all steps.

use std::ops::Range;
use std::sync::Arc;

use candle_core::{Device, Tensor};

use crate::text::{TokenSpan, Tokenizer};
use crate::train::error::Result;
use crate::train::files::Files;
use crate::train::models::elmo::{Elmo, ElmoConfig};
use crate::train::models::Texts;
use crate::train::ops;
use crate::train::parameters::Parameters;
use crate::train::random::Dropout;

/// Tokens of a text that are read. What is behind them is left out.
pub const MOST_TOKENS: usize = 512;

/// An ELMo that does not learn.
pub(super) struct Reader {
    pub config: ElmoConfig,
    pub elmo: Elmo,
    pub parameters: Parameters,
    pub tokenizer: Arc<Tokenizer>,
    pub tokenizer_files: Files,
}

/// What it made of some words: of each layer `[words, 2·hidden_size]`, the embeddings first.
pub(super) type WordLayers = Vec<Tensor>;

impl Reader {
    /// Layers that are mixed: the embeddings and those of the LSTM.
    pub fn layers(&self) -> usize {
        self.config.num_hidden_layers + 1
    }

    /// Numbers of a vector: forward beside backward.
    pub fn width(&self) -> usize {
        2 * self.config.hidden_size
    }

    /// The layers of the words at `places` in `text`, as many of them as are read in [`MOST_TOKENS`] tokens.
    ///
    /// # Errors
    /// [`crate::Error::InputTooLong`] for texts of megabytes.
    pub fn read(&self, text: &str, places: &[Range<usize>]) -> Result<WordLayers> {
        let mut tokens = self.tokenizer.encode(text, None, false)?.tokens;
        let cut = tokens.len() > MOST_TOKENS;
        tokens.truncate(MOST_TOKENS);
        let read = tokens.iter().map(|token| token.range.end).max();
        let whole = |place: &&Range<usize>| !cut || Some(place.end) <= read;
        let places: Vec<&Range<usize>> = places.iter().take_while(whole).collect();
        if tokens.is_empty() || places.is_empty() {
            let none = vec![0.0; places.len() * self.width()];
            let layer = Tensor::from_vec(none, (places.len(), self.width()), &Device::Cpu)?;
            return Ok(vec![layer; self.layers()]);
        }
        let texts = Texts {
            input_ids: tokens.iter().map(|token| token.id).collect(),
            len: tokens.len(),
        };
        let layers = self.elmo.layers(&texts, &Dropout::none())?;
        let means = layers
            .iter()
            .map(|layer| self.means(layer, &tokens, &places));
        means.collect()
    }

    /// The mean of the rows of each place's tokens; 0 where it has none.
    fn means(
        &self,
        layer: &Tensor,
        tokens: &[TokenSpan],
        places: &[&Range<usize>],
    ) -> Result<Tensor> {
        let width = self.width();
        let values = ops::values(layer)?;
        let mut means = vec![0.0; places.len() * width];
        for (place, mean) in places.iter().zip(means.chunks_exact_mut(width)) {
            // A token may begin with the blank before the word; its last byte is the word's.
            let own = |token: &TokenSpan| {
                !token.range.is_empty() && place.contains(&(token.range.end - 1))
            };
            let rows: Vec<usize> = (0..tokens.len()).filter(|&at| own(&tokens[at])).collect();
            for &row in &rows {
                let values = &values[row * width..][..width];
                mean.iter_mut().zip(values).for_each(|(m, v)| *m += v);
            }
            let count = rows.len().max(1) as f32;
            mean.iter_mut().for_each(|m| *m /= count);
        }
        Ok(Tensor::from_vec(
            means,
            (places.len(), width),
            &Device::Cpu,
        )?)
    }
}

/// Words with blanks between them, and where each stands.
pub(super) fn joined(words: &[String]) -> (String, Vec<Range<usize>>) {
    let (mut text, mut places) = (String::new(), Vec::new());
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(word);
        places.push(start..text.len());
    }
    (text, places)
}
