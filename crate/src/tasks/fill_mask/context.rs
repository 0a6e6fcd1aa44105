//! On which sides of a mask the model may look.

use crate::error::{Error, Result};
use crate::text::{TokenSpan, Tokenizer};

/// The side of a mask that is shown to the model. What stands on the other one is masked as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MaskContext {
    /// All of the text, as BERT reads.
    #[default]
    Both,
    /// What stands before the mask, as GPT reads.
    Left,
    /// What stands behind it.
    Right,
}

impl MaskContext {
    /// `both`, `left` or `right`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "both" => Ok(Self::Both),
            "left" => Ok(Self::Left),
            "right" => Ok(Self::Right),
            other => Err(Error::option(
                "context",
                format!("\"{other}\" is none of both, left, right"),
            )),
        }
    }

    /// `ids` with the mask `mask_id` for each of `tokens` on the side of `place` that is not shown. Special tokens stay
    /// (`[CLS]`, `[SEP]`): they are no part of what is said.
    pub(super) fn shown(
        self,
        ids: &[u32],
        tokens: &[TokenSpan],
        place: usize,
        tokenizer: &Tokenizer,
        mask_id: u32,
    ) -> Vec<u32> {
        let hidden = match self {
            Self::Both => 0..0,
            Self::Left => place + 1..ids.len(),
            Self::Right => 0..place,
        };
        let mut shown = ids.to_vec();
        for at in hidden {
            let id = tokens[at].id;
            let stays = tokenizer.is_special(id) && !tokenizer.is_unknown(id);
            if !tokens[at].special && (!stays || id == mask_id) {
                shown[at] = mask_id;
            }
        }
        shown
    }
}
