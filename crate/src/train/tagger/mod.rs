//! ELMo's vectors at a task ("Deep contextualized word representations", Peters et al. 2018, section 3.2): the layers of a
//! trained ELMo, mixed as equation 1 says, ELMo_k = γ·Σⱼ softmax(s)ⱼ·h_kⱼ, and a linear layer that gives each word a label.
//! Only s, γ and the linear layer learn; ELMo reads each example once. A word's h is the mean over its pieces.

mod reading;
mod run;
mod saved;
mod vectors;

pub use reading::MOST_TOKENS;
pub use run::{ElmoTagger, TaggerInfo, TaggerSettings};
pub use vectors::{Occurrence, WordInContexts};
