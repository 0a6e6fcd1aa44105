//! What turns gradients into smaller losses.

mod adamw;
mod clip;
mod muon;
mod optimizer;
mod settings;

pub use clip::norm;
pub use optimizer::Optimizer;
pub use settings::OptimizerSettings;
