//! What a person asks a model for, one file or folder per task.

mod chat;
mod feature_extraction;
mod fill_mask;
mod generate;
mod input;
mod next_sentence;
mod pseudo_perplexity;
mod question_answering;
mod summarize;
mod text_classification;
mod token_classification;

pub use chat::{chat, chat_from, chat_prompt};
pub use feature_extraction::{Embedding, EmbeddingOptions, Embeddings, FeatureExtraction, Pooling};
pub use fill_mask::{
    Candidate, FillMask, FillMaskOptions, JointFill, JointOrder, JointStep, MaskPrediction,
    TextPrediction,
};
pub use generate::{
    usable_settings, Alternative, Continuation, FinishReason, Forward, GeneratedToken,
    GenerationOptions, Generator, KeptPrefix, NewToken, Prompt, Step, StopRule,
};
pub use input::WindowRead;
pub use next_sentence::{Comparisons, NextSentence, NextSentenceResult, RankedSentence};
pub use pseudo_perplexity::{PseudoPerplexity, ScoredToken, Scoring};
pub use question_answering::{Answer, AnswerOptions, AnswerResult, Answering, QuestionAnswering};
pub use summarize::{LeftOut, Part, Summarizer, SummaryOptions, SummaryPlan};
pub use text_classification::{
    ClassificationOptions, ClassificationResult, FunctionToApply, ScoredLabel, TextClassification,
};
pub use token_classification::{
    AggregationStrategy, Entity, Tagging, TaggingOptions, TokenClassification,
};
