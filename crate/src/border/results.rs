//! What crosses the border to JavaScript, each result described once. `types.rs` writes the TypeScript of it
//! (`pkg/src/border/core.ts`), comments included. Offsets are UTF-16 units here.

use serde::Serialize;

use super::bulk::Floats;
use crate::models::{GenerationConfig, GenerationSettings};
use crate::tasks::{usable_settings, Candidate, FinishReason, GeneratedToken, TokenProbability};

/// Which build of the core runs.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BuildInfo {
    /// Version of the core.
    pub version: &'static str,
    /// The instructions that it was compiled for.
    #[cfg_attr(test, ts(type = "'simd128' | 'relaxed-simd' | 'none'"))]
    pub simd: &'static str,
    /// Whether it computes with several threads.
    pub threads: bool,
}

/// A loaded model.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ModelInfo {
    /// Whether it reads in both directions (BERT and its kin) or writes from left to right (GPT and its kin).
    #[cfg_attr(test, ts(type = "'encoder' | 'decoder'"))]
    pub kind: &'static str,
    /// In which directions a token sees the others.
    #[cfg_attr(test, ts(type = "Reads"))]
    pub reads: &'static str,
    /// What it predicts, by the heads that its file has.
    #[cfg_attr(test, ts(type = "Head[]"))]
    pub heads: Vec<&'static str>,
    /// What its classifier of texts or of tokens tells apart (`id2label`); `null` for models without one.
    pub labels: Option<Vec<String>>,
    /// Whether it comes with a template for conversations, so that `text-generation` takes messages.
    pub chat: bool,
    /// Same as `model_type`.
    pub architecture: &'static str,
    /// As in `config.json`.
    pub model_type: &'static str,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// Transformer layers.
    pub num_hidden_layers: usize,
    /// Attention heads of each layer.
    pub num_attention_heads: usize,
    /// Tokens it knows.
    pub vocab_size: usize,
    /// The most tokens it reads at once.
    pub max_position_embeddings: usize,
    /// Number of weights.
    pub parameters: usize,
    /// Bytes they take in memory.
    pub weight_bytes: usize,
    /// How its matrices are stored.
    #[cfg_attr(test, ts(type = "DType"))]
    pub dtype: &'static str,
    /// Whether it predicts masked words.
    pub has_mlm_head: bool,
    /// Whether it predicts next sentences.
    pub has_nsp_head: bool,
    /// How a mask is written: `[MASK]` in BERT, `<mask>` in RoBERTa.
    pub mask_token: Option<String>,
    /// Whether a mask stands for the blank before it, too, so that words begin with it (`" Paris"` in RoBERTa).
    pub mask_takes_blanks: bool,
    /// Same as `chat`.
    pub has_chat_template: bool,
    /// How it writes unless told otherwise, as its files say; `null` for models that do not write.
    pub generation: Option<GenerationDefaults>,
    /// What may be wrong with it, though it runs.
    #[cfg_attr(test, ts(type = "ModelWarning[]"))]
    pub warnings: Vec<&'static str>,
}

/// What a model's files say of how it writes.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GenerationDefaults {
    /// Where the settings stand; `null` where there are none.
    #[cfg_attr(
        test,
        ts(type = "'generation_config.json' | 'config.json' | 'GGUF' | null")
    )]
    pub source: Option<&'static str>,
    /// The tokens that end a text.
    pub eos_token_id: Vec<u32>,
    /// The token that a text begins with.
    pub bos_token_id: Option<u32>,
    /// The token that fills up shorter texts.
    pub pad_token_id: Option<u32>,
    /// The token that a decoder of two halves begins with.
    pub decoder_start_token_id: Option<u32>,
    /// What `text-generation` takes for options that are not given. `max_length` counts the prompt's tokens, too, and
    /// gives way to a `max_new_tokens`.
    #[cfg_attr(
        test,
        ts(
            type = "SamplingOptions & { /** Tokens of prompt and text. */ max_length?: number; /** Whether beams stop as soon as enough have ended. */ early_stopping?: boolean }"
        )
    )]
    pub options: GenerationSettings,
    /// Entries of transformers' that are not followed, or whose value is none.
    pub ignored: Vec<String>,
}

impl From<&GenerationConfig> for GenerationDefaults {
    fn from(config: &GenerationConfig) -> Self {
        let (options, ignored) = usable_settings(config);
        Self {
            source: config.source,
            eos_token_id: config.eos_token_id.clone(),
            bos_token_id: config.bos_token_id,
            pad_token_id: config.pad_token_id,
            decoder_start_token_id: config.decoder_start_token_id,
            options,
            ignored,
        }
    }
}

/// A token of a text; offsets in UTF-16 units.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TokenInfo {
    /// Index into the vocabulary.
    pub id: u32,
    /// As in the vocabulary: `##ing`, `Ġthe`.
    pub token: String,
    /// Where it begins in its text (`text`, or `pair` where `sequence` is 1).
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Which text it came from: 0 or, for the second of a pair, 1; `null` for what the model's template adds.
    pub sequence: Option<u32>,
    /// What the model is told of the text it came from: 1 for the second of a pair in BERT, 0 for both in RoBERTa.
    pub type_id: u32,
    /// Added by the model's template ([CLS], [SEP]).
    pub special: bool,
    /// Which word it is a piece of.
    pub word: Option<u32>,
}

/// The candidates of one mask; offsets in UTF-16 units of the text.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MaskPrediction {
    /// Where the mask begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Most probable first.
    pub candidates: Vec<Candidate>,
}

/// The masks of a text, and the text's tokens.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TextPrediction {
    /// In the order of the text, special tokens included.
    pub tokens: Vec<TokenInfo>,
    /// In the order of the text.
    pub masks: Vec<MaskPrediction>,
}

/// One mask filled in joint filling.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct JointStep {
    /// Which mask, from 0, in the order of the text.
    pub mask: usize,
    /// Where the mask begins, in UTF-16 units of the original text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Probability among the whole vocabulary, 0 to 1.
    pub score: f64,
    /// Index into the vocabulary.
    pub token: u32,
    /// The word.
    pub token_str: String,
    /// The text with all masks filled so far.
    pub sequence: String,
    /// How the word stands in the sentence, see `Candidate`.
    pub text: String,
    /// Whether it continues the word before the mask.
    pub joins: bool,
    /// What the model thought at this step; the chosen word first.
    pub candidates: Vec<Candidate>,
}

/// A token of a text, and how likely the model finds it there.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoredToken {
    /// Which of the texts it is of, from 0.
    pub text: usize,
    /// Index into the vocabulary.
    pub token: u32,
    /// As in the vocabulary, `##` included.
    pub token_str: String,
    /// Where it begins in its text (UTF-16 units).
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Natural logarithm of its probability, given all other tokens.
    pub log_prob: f64,
    /// Its place among all tokens that could stand there, 1 for the likeliest.
    pub rank: u32,
    /// The three likeliest tokens, best first.
    pub top: Vec<TokenProbability>,
}

/// How well one of several candidates follows a sentence.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Comparison {
    /// Its place in the list as given.
    pub index: usize,
    /// The likelier of the two.
    #[cfg_attr(test, ts(type = "'isNext' | 'notNext'"))]
    pub label: &'static str,
    /// Probability of the label, 0 to 1.
    pub score: f64,
    /// Probability that it follows, 0 to 1.
    pub is_next: f64,
    /// Probability that it does not.
    pub not_next: f64,
    /// Tokens read.
    pub tokens: usize,
}

/// What one step of a generation did: read a part of the prompt, searched one token further, wrote a token, ended.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum GenerationStep {
    Prefill {
        done: usize,
        total: usize,
    },
    Search {
        tokens: usize,
    },
    Token {
        token: GeneratedToken,
    },
    Done {
        finish_reason: FinishReason,
        text: String,
        tail: String,
    },
}

/// What a summary reads of a document.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SummaryPlan {
    /// Exactly what the model is given.
    pub prompt: String,
    /// Its tokens.
    pub prompt_tokens: usize,
    /// Tokens of the whole document.
    pub document_tokens: usize,
    /// Tokens of the prompt without the document.
    pub cue_tokens: usize,
    /// The model's positions.
    pub context: usize,
    /// Document tokens that fit beside cue and summary.
    pub budget: usize,
    /// The part not shown to the model (UTF-16 units of the document), `null` if all of it fits.
    pub left_out: Option<LeftOut>,
}

/// A part of a document that the model does not see.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LeftOut {
    /// Which part.
    #[cfg_attr(test, ts(type = "Truncation"))]
    pub part: &'static str,
    /// Where it begins, in UTF-16 units of the document.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Its tokens.
    pub tokens: usize,
}

/// What one step of reading a long text did.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum WindowRead {
    /// Read the window `index`, counted from 0.
    Window { index: usize, windows: usize },
}

/// A part of a text that may answer a question.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Answer {
    /// As it stands in the text; empty for "there is no answer".
    pub answer: String,
    /// Probability that it begins where it does times the probability that it ends where it does; of an answer that was
    /// found several times, the sum of them.
    pub score: f64,
    /// Where it begins in the text (UTF-16 units).
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

/// The answers to a question.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnswerResult {
    /// Best first.
    pub answers: Vec<Answer>,
    /// Score of "there is no answer": that of the window where it is least.
    pub null_score: f64,
    /// Tokens of question, text and template.
    pub tokens: usize,
    /// Windows in which the text was read.
    pub windows: usize,
}

/// A label and how well it fits.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoredLabel {
    /// Its name, from the model's `id2label`.
    pub label: String,
    /// What `function_to_apply` made of its logit.
    pub score: f64,
}

/// The labels of a text.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClassificationResult {
    /// Best first.
    pub labels: Vec<ScoredLabel>,
    /// What made the scores.
    #[cfg_attr(test, ts(type = "FunctionToApply"))]
    pub function_to_apply: &'static str,
    /// Tokens read, special ones included.
    pub tokens: usize,
}

/// A labelled token, or an entity of several.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct TaggedEntity {
    /// The label of a token; entities have `entity_group`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The label of an entity, without `B-` or `I-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_group: Option<String>,
    /// Probability of the label; of an entity, the mean of its words.
    pub score: f64,
    /// Which token of the text it is, special ones counted; entities have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The tokens as text.
    pub word: String,
    /// Where it begins in the text (UTF-16 units).
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

/// Vectors of some of the texts.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Embeddings {
    /// Row by row.
    pub data: Floats,
    /// `[texts, hidden_size]`; of tokens, `[1, tokens, hidden_size]`.
    pub dims: Vec<usize>,
    /// The place of the first of these texts in the list as given; the others follow it.
    pub index: usize,
    /// Tokens of each text, special ones included.
    pub tokens: Vec<usize>,
}
