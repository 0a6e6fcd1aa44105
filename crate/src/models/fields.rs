//! Reading and checking the fields of configurations, in `config.json` and in GGUF files.

use serde::de::DeserializeOwned;
use serde::Deserialize;

use crate::error::{Cause, Error, Result};
use crate::gguf::{Metadata, Value};
use crate::nn::Activation;

/// Reads a `config.json` as `T`.
pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(malformed)
}

/// The same of a GPT, whose context may be called `n_positions`, `n_ctx`, or, in old checkpoints, both: which serde would
/// take for a field that comes twice.
pub(super) fn parse_positions<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut value: serde_json::Value = parse(bytes)?;
    if let Some(fields) = value.as_object_mut() {
        if fields.contains_key("n_positions") {
            fields.remove("n_ctx");
        }
    }
    serde_json::from_value(value).map_err(malformed)
}

fn malformed(error: serde_json::Error) -> Error {
    Error::MalformedConfig(Cause::new(format!("config.json: {error}"), error))
}

/// A value of a GGUF file that must be there.
pub(super) fn required(metadata: &Metadata, key: &str) -> Result<usize> {
    metadata
        .usize(key)
        .ok_or_else(|| Error::InvalidConfig(format!("the GGUF file has no number \"{key}\"")))
}

/// Tokens in a GGUF file's vocabulary; of a file without one, what it says at `key`.
pub(super) fn vocabulary(metadata: &Metadata, key: &str) -> Result<usize> {
    match metadata.0.get("tokenizer.ggml.tokens") {
        Some(Value::Array(tokens)) => Ok(tokens.len()),
        _ => required(metadata, key),
    }
}

/// The tokens that end a text by a GGUF file: of a text, of a turn in a conversation, and of a message in a turn.
pub(super) fn end_tokens(metadata: &Metadata) -> Vec<u32> {
    let named = ["eos", "eot", "eom"].into_iter();
    let named = named.filter_map(|name| metadata.u64(&format!("tokenizer.ggml.{name}_token_id")));
    // As Ollama writes several.
    let listed = match metadata.0.get("tokenizer.ggml.eos_token_ids") {
        Some(Value::Array(ids)) => ids.as_slice(),
        _ => &[],
    };
    let listed = listed.iter().filter_map(|id| match id {
        Value::Int(id) => u64::try_from(*id).ok(),
        _ => None,
    });
    let ids = named.chain(listed);
    ids.filter_map(|id| u32::try_from(id).ok()).collect()
}

/// All ids of two lists, once each, in their order as numbers.
pub(super) fn all_ids(mut ids: Vec<u32>, more: &[u32]) -> Vec<u32> {
    ids.extend(more);
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// serde's default for what is set unless a file says otherwise.
pub(super) fn yes() -> bool {
    true
}

/// GELU by the error function: what BERT and DistilBERT have unless a file says otherwise.
pub(super) fn gelu() -> Activation {
    Activation::Gelu
}

/// GELU by tanh: what ALBERT and GPT-2 have unless a file says otherwise.
pub(super) fn gelu_new() -> Activation {
    Activation::GeluNew
}

/// What BERT and its kin add to the variance in layer norms unless a file says otherwise.
pub(super) fn bert_eps() -> f64 {
    1e-12
}

/// The same of GPT and GPT-2.
pub(super) fn gpt_eps() -> f64 {
    1e-5
}

/// The number of segments unless a file says otherwise.
pub(super) fn two_segments() -> usize {
    2
}

/// The key of the number of segments in a GGUF file.
pub(super) const TYPE_COUNT: &str = "tokenizer.ggml.token_type_count";

/// Sizes beyond these are no model of our kinds, and would overflow what a shape can say.
const MAX_SIZE: usize = 1 << 24;

/// Refuses sizes that are zero or absurd.
pub(super) fn check_sizes(sizes: &[(&str, usize)]) -> Result<()> {
    match sizes
        .iter()
        .find(|(_, size)| !(1..=MAX_SIZE).contains(size))
    {
        Some((name, size)) => Err(Error::InvalidConfig(format!("\"{name}\" is {size}"))),
        None => Ok(()),
    }
}

/// Refuses hidden states that do not divide into heads.
pub(super) fn check_heads(hidden: usize, heads: usize) -> Result<()> {
    if hidden % heads == 0 {
        return Ok(());
    }
    Err(Error::InvalidConfig(format!(
        "a hidden size of {hidden} does not divide into {heads} heads"
    )))
}

/// Refuses encoders whose positions are not rows of a table.
pub(super) fn check_positions(kind: Option<&str>) -> Result<()> {
    match kind {
        None | Some("absolute") => Ok(()),
        Some(kind) => Err(Error::Unsupported(format!(
            "position embeddings of type \"{kind}\""
        ))),
    }
}

/// What a norm adds to the variance must be a small number.
pub(super) fn check_eps(name: &str, eps: f64) -> Result<()> {
    if eps.is_finite() && (0.0..1.0).contains(&eps) {
        return Ok(());
    }
    Err(Error::InvalidConfig(format!("\"{name}\" is {eps}")))
}
