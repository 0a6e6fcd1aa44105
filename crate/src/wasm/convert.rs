//! Plain objects in both directions.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::error;
use crate::error::Error;
use crate::sampling::SamplingOptions;
use crate::tasks::{
    self, FillMaskOptions, GenerationOptions, JointOrder, LeftOut, MaskPrediction, Part,
};
use crate::text::{Encoding, Utf16Index};

/// A Rust value as plain JavaScript objects, arrays and numbers; `None` as `null`.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|failed| error::to_js(Error::Internal(failed.to_string())))
}

/// Options from a plain object; `undefined` and `null` mean the defaults.
pub(super) fn from_js<T: DeserializeOwned + Default>(value: JsValue) -> Result<T, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(T::default());
    }
    serde_wasm_bindgen::from_value(value)
        .map_err(|failed| error::to_js(Error::option("options", failed.to_string())))
}

#[derive(Serialize)]
struct TokenInfo<'a> {
    id: u32,
    token: &'a str,
    start: usize,
    end: usize,
    type_id: u32,
    special: bool,
    word: Option<u32>,
}

/// Tokens with UTF-16 offsets into the text (or pair) they came from.
pub(super) fn tokens(
    encoding: &Encoding,
    text: &str,
    pair: Option<&str>,
) -> Result<JsValue, JsValue> {
    let index = [Utf16Index::new(text), Utf16Index::new(pair.unwrap_or(""))];
    let infos: Vec<_> = encoding
        .tokens
        .iter()
        .map(|token| {
            let range =
                index[usize::from(pair.is_some() && token.type_id == 1)].range(&token.range);
            TokenInfo {
                id: token.id,
                token: &token.token,
                start: range.start,
                end: range.end,
                type_id: token.type_id,
                special: token.special,
                word: token.word,
            }
        })
        .collect();
    to_js(&infos)
}

#[derive(Serialize)]
pub(super) struct Candidate<'a> {
    score: f64,
    token: u32,
    token_str: &'a str,
    sequence: &'a str,
}

impl<'a> From<&'a tasks::Candidate> for Candidate<'a> {
    fn from(candidate: &'a tasks::Candidate) -> Self {
        Self {
            score: candidate.score,
            token: candidate.token,
            token_str: &candidate.token_str,
            sequence: &candidate.sequence,
        }
    }
}

#[derive(Serialize)]
struct Mask<'a> {
    start: usize,
    end: usize,
    candidates: Vec<Candidate<'a>>,
}

/// Predictions with UTF-16 offsets.
pub(super) fn predictions(text: &str, predictions: &[MaskPrediction]) -> Result<JsValue, JsValue> {
    let index = Utf16Index::new(text);
    let masks: Vec<_> = predictions
        .iter()
        .map(|prediction| {
            let range = index.range(&prediction.range);
            let candidates = prediction.candidates.iter().map(Candidate::from).collect();
            Mask {
                start: range.start,
                end: range.end,
                candidates,
            }
        })
        .collect();
    to_js(&masks)
}

#[derive(Serialize)]
struct RankedSentence {
    index: usize,
    label: &'static str,
    score: f64,
    is_next: f64,
    not_next: f64,
    tokens: usize,
}

/// Places in the list, both probabilities and labels.
pub(super) fn ranked(results: &[tasks::RankedSentence]) -> Result<JsValue, JsValue> {
    let results = results
        .iter()
        .map(|&tasks::RankedSentence { index, result }| RankedSentence {
            index,
            label: result.label(),
            score: result.score(),
            is_next: result.is_next,
            not_next: result.not_next,
            tokens: result.tokens,
        });
    to_js(&results.collect::<Vec<_>>())
}

#[derive(Serialize)]
struct ScoredToken<'a> {
    token: u32,
    token_str: &'a str,
    start: usize,
    end: usize,
    log_prob: f64,
}

/// Tokens of `text` with what the model thinks of them.
pub(super) fn scored(text: &str, tokens: &[tasks::ScoredToken]) -> Result<JsValue, JsValue> {
    let index = Utf16Index::new(text);
    let tokens = tokens.iter().map(|token| {
        let range = index.range(&token.range);
        ScoredToken {
            token: token.token,
            token_str: &token.token_str,
            start: range.start,
            end: range.end,
            log_prob: token.log_prob,
        }
    });
    to_js(&tokens.collect::<Vec<_>>())
}

/// Options of fill-mask; absent ones keep the task's defaults.
#[derive(Deserialize, Default)]
pub(super) struct FillMask {
    top_k: Option<usize>,
    targets: Option<Vec<String>>,
    order: Option<String>,
}

impl FillMask {
    pub(super) fn order(&self) -> Result<JointOrder, Error> {
        JointOrder::from_name(self.order.as_deref().unwrap_or("left-to-right"))
    }

    pub(super) fn options(self) -> FillMaskOptions {
        let defaults = FillMaskOptions::default();
        FillMaskOptions {
            top_k: self.top_k.unwrap_or(defaults.top_k),
            targets: self.targets.unwrap_or_default(),
        }
    }
}

/// JavaScript's numbers are exact up to here.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Options of generation; absent ones keep the defaults of the task at hand.
#[derive(Deserialize, Default)]
pub(super) struct Generation {
    max_new_tokens: Option<usize>,
    do_sample: Option<bool>,
    temperature: Option<f64>,
    top_k: Option<usize>,
    top_p: Option<f64>,
    min_p: Option<f64>,
    repetition_penalty: Option<f64>,
    no_repeat_ngram_size: Option<usize>,
    num_beams: Option<usize>,
    length_penalty: Option<f64>,
    seed: Option<f64>,
    stop: Option<Vec<String>>,
    top_logprobs: Option<usize>,
    prefill_chunk: Option<usize>,
}

impl Generation {
    pub(super) fn options(self, defaults: GenerationOptions) -> Result<GenerationOptions, JsValue> {
        let sampling = defaults.sampling;
        let whole = |seed: &f64| (0.0..=MAX_SAFE_INTEGER).contains(seed) && seed.fract() == 0.0;
        if self.seed.is_some_and(|seed| !whole(&seed)) {
            let message = "must be a whole number from 0 to 2^53 - 1";
            return Err(error::to_js(Error::option("seed", message)));
        }
        Ok(GenerationOptions {
            max_new_tokens: self.max_new_tokens.unwrap_or(defaults.max_new_tokens),
            sampling: SamplingOptions {
                do_sample: self.do_sample.unwrap_or(sampling.do_sample),
                temperature: self.temperature.unwrap_or(sampling.temperature),
                top_k: self.top_k.unwrap_or(sampling.top_k),
                top_p: self.top_p.unwrap_or(sampling.top_p),
                min_p: self.min_p.unwrap_or(sampling.min_p),
                repetition_penalty: self
                    .repetition_penalty
                    .unwrap_or(sampling.repetition_penalty),
                no_repeat_ngram_size: self
                    .no_repeat_ngram_size
                    .unwrap_or(sampling.no_repeat_ngram_size),
                seed: self.seed.map_or(sampling.seed, |seed| seed as u64),
            },
            num_beams: self.num_beams.unwrap_or(defaults.num_beams),
            length_penalty: self.length_penalty.unwrap_or(defaults.length_penalty),
            stop: self.stop.unwrap_or(defaults.stop),
            top_logprobs: self.top_logprobs.unwrap_or(defaults.top_logprobs),
            prefill_chunk: self.prefill_chunk.unwrap_or(defaults.prefill_chunk),
        })
    }
}

/// Options that only summaries have; the others are read as [`Generation`] from the same object.
#[derive(Deserialize, Default)]
pub(super) struct Summary {
    cue: Option<String>,
    truncation: Option<String>,
    sentences: Option<usize>,
}

/// All options of a summary; `talks` says whether the model can be asked for one in a conversation.
pub(super) fn summary_options(
    options: JsValue,
    talks: bool,
) -> Result<tasks::SummaryOptions, JsValue> {
    let summary: Summary = from_js(options.clone())?;
    let defaults = match talks && summary.cue.is_none() {
        true => tasks::SummaryOptions::asked(),
        false => tasks::SummaryOptions::default(),
    };
    let generation: Generation = from_js(options)?;
    let truncation = summary
        .truncation
        .as_deref()
        .map(Part::from_name)
        .transpose();
    Ok(tasks::SummaryOptions {
        cue: summary.cue.or(defaults.cue),
        truncation: truncation
            .map_err(error::to_js)?
            .unwrap_or(defaults.truncation),
        sentences: summary.sentences.unwrap_or(defaults.sentences),
        generation: generation.options(defaults.generation)?,
    })
}

#[derive(Serialize)]
struct LeftOutPart {
    part: &'static str,
    start: usize,
    end: usize,
    tokens: usize,
}

/// What the model reads for a summary, offsets in UTF-16.
#[derive(Serialize)]
pub(super) struct SummaryPlan {
    prompt: String,
    prompt_tokens: usize,
    document_tokens: usize,
    cue_tokens: usize,
    context: usize,
    budget: usize,
    left_out: Option<LeftOutPart>,
}

impl SummaryPlan {
    pub(super) fn new(document: &str, plan: tasks::SummaryPlan) -> Self {
        let left_out = plan.left_out.map(
            |LeftOut {
                 part,
                 range,
                 tokens,
             }| {
                let range = Utf16Index::new(document).range(&range);
                LeftOutPart {
                    part: part.name(),
                    start: range.start,
                    end: range.end,
                    tokens,
                }
            },
        );
        Self {
            prompt: plan.prompt,
            prompt_tokens: plan.prompt_tokens,
            document_tokens: plan.document_tokens,
            cue_tokens: plan.cue_tokens,
            context: plan.context,
            budget: plan.budget,
            left_out,
        }
    }
}
