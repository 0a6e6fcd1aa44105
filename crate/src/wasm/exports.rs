//! What an instance exports besides its models, and where its declarations find their types.

use wasm_bindgen::prelude::*;

use super::js::to_js;
use crate::border::results::BuildInfo;

/// Stands at the head of the declarations that wasm-bindgen writes, both in `pkg/src/wasm` and in `pkg/dist/wasm`.
#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = r#"
import type {
  AnswerQuery, AnswerResult, AttentionHeads, AttentionLayer, AttentionRollout, BuildInfo, ChatRequest,
  ClassificationQuery, ClassificationResult, Comparison, DType, EmbeddingQuery, Embeddings, GenerationStep,
  HiddenStates, InputEmbeddings, InspectQuery, JointQuery, JointStep, LensProgress, LogitLensResult, MaskQuery,
  MaskingGame, MaskingQuery, ModelFiles, ModelInfo, NearestToken, NextTokenQuery, ReadingStep, SamplingOptions,
  ScoredToken, SummaryPlan, SummaryQuery, Surprisal, TaggedEntity, TaggingQuery, TextPrediction, TokenInfo,
  TokenProbability, Tokenization, WindowRead,
} from '../../border/core.js';
"#;

/// Runs once per instance: a panic would otherwise end in a bare "unreachable".
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into())
    }));
}

/// Which build this is.
#[wasm_bindgen(unchecked_return_type = "BuildInfo")]
pub fn build_info() -> Result<JsValue, JsValue> {
    let simd = if cfg!(target_feature = "relaxed-simd") {
        "relaxed-simd"
    } else if cfg!(target_feature = "simd128") {
        "simd128"
    } else {
        "none"
    };
    to_js(&BuildInfo {
        version: env!("CARGO_PKG_VERSION"),
        simd,
        threads: cfg!(feature = "threads"),
    })
}
