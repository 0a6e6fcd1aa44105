//! Masked-word prediction (Devlin et al. 2019, section 3.1, task 1), for any number of masks.

mod context;
mod joint;
mod mask;
mod prediction;
mod predictor;
mod targets;
mod task;

pub use context::MaskContext;
pub use joint::{JointFill, JointOptions, JointOrder, JointStep};
pub use prediction::{Candidate, FillMaskOptions, MaskPrediction, TextPrediction};
pub use task::FillMask;
