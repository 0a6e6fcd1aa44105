//! What a person asks a model for, one file or folder per task.

mod chat;
mod feature_extraction;
mod fill_mask;
mod generate;
mod input;
mod inspect;
mod judge;
mod masking;
mod next_sentence;
mod next_token;
mod pseudo_perplexity;
mod question_answering;
mod summarize;
mod surprisal;
mod text_classification;
mod token_classification;

pub use chat::{chat, chat_from, chat_prompt};
pub use feature_extraction::{Embedding, EmbeddingOptions, Embeddings, FeatureExtraction, Pooling};
pub use fill_mask::{
    Candidate, FillMask, FillMaskOptions, JointFill, JointOptions, JointOrder, JointStep,
    MaskContext, MaskPrediction, TextPrediction,
};
pub use generate::{
    usable_settings, Alternative, Continuation, FinishReason, Forward, GeneratedToken,
    GenerationOptions, Generator, KeptPrefix, NewToken, Prompt, Step, StopRule,
};
pub use input::WindowRead;
pub use inspect::{Inspect, Lens, LensProgress, LogitLens, Neighbour, Rollout, Thumbnails};
pub use judge::{Judgement, TokenProbability};
pub use masking::{Disguise, MaskedText, Masking, MaskingOptions, NspLosses, PretrainingLosses};
pub use next_sentence::{Comparisons, NextSentence, NextSentenceResult, RankedSentence};
pub use next_token::next_token;
pub use pseudo_perplexity::{PseudoPerplexity, ScoredToken, Scoring};
pub use question_answering::{Answer, AnswerOptions, AnswerResult, Answering, QuestionAnswering};
pub use summarize::{LeftOut, Part, Summarizer, SummaryOptions, SummaryPlan};
pub use surprisal::{Surprisal, Surprisals};
pub use text_classification::{
    ClassificationOptions, ClassificationResult, FunctionToApply, ScoredLabel, TextClassification,
};
pub use token_classification::{
    AggregationStrategy, Entity, Tagging, TaggingOptions, TokenClassification,
};
