//! The models that are trained, with the names of Hugging Face's checkpoints, on candle's tape: config, weights, forward
//! pass. Those that [`crate::models`] runs as well give the same numbers there.

pub mod bert;
pub mod elmo;
pub mod gpt;
pub mod heads;
mod layers;
pub mod xlnet;

/// Some texts of equal length, as ids of the vocabulary.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    /// `[batch, len]`, row by row.
    pub input_ids: Vec<u32>,
    /// Tokens of each text.
    pub len: usize,
}

impl Texts {
    /// Windows of one length.
    pub fn of(windows: &[&[u32]]) -> Self {
        Self {
            input_ids: windows.concat(),
            len: windows.first().map_or(0, |window| window.len()),
        }
    }

    /// Number of texts.
    pub fn batch(&self) -> usize {
        self.input_ids.len() / self.len.max(1)
    }

    /// The position of each token in its text: `[batch·len]`.
    pub fn positions(&self) -> Vec<u32> {
        let one = 0..self.len as u32;
        (0..self.batch()).flat_map(|_| one.clone()).collect()
    }
}
