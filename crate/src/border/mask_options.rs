//! Options of what is done with masks, and of guesses of the next token, as JavaScript gives them.

use serde::Deserialize;

use super::options::count;
use crate::error::Result;
use crate::limits::{fill_mask, masking};
use crate::tasks::{FillMaskOptions, JointOptions, JointOrder, MaskContext, MaskingOptions};

/// Which candidates fill-mask gives.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct MaskQuery {
    /// Candidates per mask (5).
    pub top_k: Option<f64>,
    /// Scores exactly these words.
    pub targets: Option<Vec<String>>,
    /// The side of each mask that the model sees; what stands on the other one is masked as well (`both`).
    #[cfg_attr(test, ts(optional, type = "MaskContext"))]
    pub context: Option<String>,
}

/// `both` sides of a mask are shown, or one.
fn mask_context(name: Option<&str>) -> Result<MaskContext> {
    name.map_or(Ok(MaskContext::default()), MaskContext::from_name)
}

impl MaskQuery {
    pub fn options(self) -> Result<FillMaskOptions> {
        let defaults = FillMaskOptions::default();
        Ok(FillMaskOptions {
            top_k: count(self.top_k, &fill_mask::TOP_K, defaults.top_k)?,
            context: mask_context(self.context.as_deref())?,
            targets: self.targets.unwrap_or_default(),
        })
    }
}

/// How several masks are filled one after the other.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct JointQuery {
    /// Candidates per mask (5).
    pub top_k: Option<f64>,
    /// The order of filling (`left-to-right`).
    #[cfg_attr(test, ts(optional, type = "'left-to-right' | 'best-first'"))]
    pub order: Option<String>,
    /// As in `MaskQuery`.
    #[cfg_attr(test, ts(optional, type = "MaskContext"))]
    pub context: Option<String>,
}

impl JointQuery {
    pub fn options(&self) -> Result<JointOptions> {
        let defaults = JointOptions::default();
        let order = self.order.as_deref();
        Ok(JointOptions {
            order: order.map_or(Ok(defaults.order), JointOrder::from_name)?,
            top_k: count(self.top_k, &fill_mask::TOP_K, defaults.top_k)?,
            context: mask_context(self.context.as_deref())?,
        })
    }
}

/// How many likely tokens are given.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct NextTokenQuery {
    /// Tokens given (5).
    pub top_k: Option<f64>,
}

impl NextTokenQuery {
    pub fn top_k(&self) -> Result<usize> {
        let default = fill_mask::TOP_K.default_count();
        count(self.top_k, &fill_mask::TOP_K, default)
    }
}

/// How the tokens of a text are chosen and hidden, as BERT is trained.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct MaskingQuery {
    /// Whole number from 0 to 2^53 − 1: the same one chooses the same tokens (0).
    pub seed: Option<f64>,
    /// The share of the tokens that is chosen, from 0 to 1; one at the least (0.15).
    pub mlm_probability: Option<f64>,
    /// Masks all that are chosen, instead of 8 in 10 (false).
    pub always_mask: Option<bool>,
}

impl MaskingQuery {
    pub fn options(self) -> Result<MaskingOptions> {
        let defaults = MaskingOptions::default();
        if let Some(seed) = self.seed {
            masking::SEED.check(seed)?;
        }
        Ok(MaskingOptions {
            seed: self.seed.map_or(defaults.seed, |seed| seed as u64),
            mlm_probability: self.mlm_probability.unwrap_or(defaults.mlm_probability),
            always_mask: self.always_mask.unwrap_or(defaults.always_mask),
        })
    }
}
