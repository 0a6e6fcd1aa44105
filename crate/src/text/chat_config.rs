//! Chat templates in a model's files, and the special tokens that go with them.

use serde_json::Value;

use super::chat_template::{ChatTemplate, TOOL_USE};
use super::config::TokenizerConfig;
use crate::error::{Error, Result};

/// Special tokens that a template may ask for, and what they are where no file says.
type Tokens = [(&'static str, &'static str); 3];

const GPT2: Tokens = [
    ("bos_token", "<|endoftext|>"),
    ("eos_token", "<|endoftext|>"),
    ("unk_token", "<|endoftext|>"),
];
const LLAMA: Tokens = [
    ("bos_token", "<s>"),
    ("eos_token", "</s>"),
    ("unk_token", "<unk>"),
];

/// The templates: those of files of their own, `default` and `tools`, or those in `tokenizer_config.json`.
pub(super) fn templates(
    config: &TokenizerConfig,
    default: Option<&str>,
    tools: Option<&str>,
    byte_pairs: bool,
) -> Result<Option<ChatTemplate>> {
    let usual = match config.class() {
        Some("GPT2Tokenizer") => &GPT2[..],
        None if byte_pairs => &GPT2[..],
        Some("LlamaTokenizer" | "CodeLlamaTokenizer") => &LLAMA[..],
        _ => &[],
    };
    let unsaid = usual
        .iter()
        .filter(|(name, _)| config.field(name).is_none());
    let tokens: Vec<(&str, &str)> = config.spelled_names().chain(unsaid.copied()).collect();
    let template = match (default, config.field("chat_template")) {
        (Some(source), _) => Some(ChatTemplate::new(source, &tokens)),
        (None, None | Some(Value::Null)) => None,
        (None, Some(Value::String(source))) => Some(ChatTemplate::new(source, &tokens)),
        (None, Some(list)) => ChatTemplate::named(&named(list)?, &tokens),
    };
    Ok(template.map(|template| match tools {
        Some(source) => template.and(TOOL_USE, source),
        None => template,
    }))
}

/// Templates as a list of `{"name": …, "template": …}`.
fn named(list: &Value) -> Result<Vec<(&str, &str)>> {
    let pairs = list.as_array().and_then(|list| {
        let pair = |one| Some((text(one, "name")?, text(one, "template")?));
        list.iter().map(pair).collect()
    });
    pairs.ok_or_else(|| {
        Error::InvalidTokenizer("\"chat_template\" is neither a template nor a list of them".into())
    })
}

fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}
