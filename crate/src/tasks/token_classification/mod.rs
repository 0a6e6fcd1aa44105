//! Labels of tokens, and entities of several (Devlin et al. 2019, section 5.3), as transformers'
//! `TokenClassificationPipeline` (5.24) puts them together.

mod aggregation;
mod task;

pub use aggregation::{AggregationStrategy, Entity};
pub use task::{Tagging, TaggingOptions, TokenClassification};
