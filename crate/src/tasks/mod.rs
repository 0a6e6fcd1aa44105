//! What a person asks a model for, one file or folder per task.

mod chat;
mod fill_mask;
mod generate;
mod input;
mod inspect;
mod next_sentence;
mod pseudo_perplexity;
mod summarize;

pub use chat::{chat, chat_from, chat_prompt};
pub use fill_mask::{
    Candidate, FillMask, FillMaskOptions, JointFill, JointOrder, JointStep, MaskPrediction,
    TextPrediction,
};
pub use generate::{
    usable_settings, Alternative, Continuation, FinishReason, Forward, GeneratedToken,
    GenerationOptions, Generator, KeptPrefix, NewToken, Prompt, Step, StopRule,
};
pub use inspect::{Inspect, Lens, LensProgress, LogitLens, Neighbour, Rollout, Thumbnails};
pub use next_sentence::{Comparisons, NextSentence, NextSentenceResult, RankedSentence};
pub use pseudo_perplexity::{PseudoPerplexity, ScoredToken, Scoring};
pub use summarize::{LeftOut, Part, Summarizer, SummaryOptions, SummaryPlan};
