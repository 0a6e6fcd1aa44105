//! The three steps that made ChatGPT of GPT-3 ("Training language models to follow instructions with human feedback",
//! Ouyang et al. 2022), in small, on a GPT: [`ChatSteps`].
//!
//! 1. **Supervised**: the GPT learns responses that people wrote. The loss is the next token's, on the response alone.
//! 2. **Reward model**: people choose between two responses. A GPT with a scalar head on the last token learns to give the
//!    chosen one the higher score: −ln σ(r(x, y_w) − r(x, y_l)), their equation 1 with two responses a prompt.
//! 3. **Preference**: the GPT itself is moved towards what is chosen. They did it with the reward model and PPO. Here it is
//!    DPO ("Direct Preference Optimization", Rafailov et al. 2023, equation 7), which has the same optimum, learns from the
//!    choices themselves and needs no sampling on the way:
//!    −ln σ(β·ln π(y_w|x)/π_ref(y_w|x) − β·ln π(y_l|x)/π_ref(y_l|x)). π_ref is the GPT as it is when the phase begins;
//!    its log-probabilities are computed once and kept.
//!
//! The reward model can be used without DPO too: the best of several samples by its score ([`ChatSteps::best_of`]).

mod data;
mod losses;
mod phase;
mod saved;
mod settings;
mod steps;
mod writers;
mod writing;

pub use data::{ChatData, Example, Pair, PhaseKind};
pub use losses::{
    dpo_loss, log_likelihoods, reward_loss, supervised_loss, Responses, RewardModel, Sequence,
};
pub use settings::{ChatSettings, PhaseSettings};
pub use steps::{ChatInfo, ChatSteps, PhaseInfo, Progress};
pub use writing::Ranked;
