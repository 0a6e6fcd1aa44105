//! Summaries: GPT-2 is asked to go on after `TL;DR:` (Radford et al. 2019, section 3.6), a model made for
//! conversations is asked for a summary.

mod frame;
mod options;
mod plan;
mod summarizer;

pub use options::{Part, SummaryOptions};
pub use plan::{LeftOut, SummaryPlan};
pub use summarizer::Summarizer;
