//! Chat templates in `tokenizer_config.json`, and what goes with them.

use serde::Deserialize;

use super::chat_template::ChatTemplate;

/// The part of the file that is for conversations.
#[derive(Deserialize)]
struct ChatConfig {
    chat_template: Option<Templates>,
    #[serde(flatten)]
    tokens: SpecialTokens,
}

/// One template, or several by their names.
#[derive(Deserialize)]
#[serde(untagged)]
enum Templates {
    One(String),
    Named(Vec<NamedTemplate>),
}

#[derive(Deserialize)]
struct NamedTemplate {
    name: String,
    template: String,
}

/// Special tokens that templates may write.
#[derive(Deserialize)]
struct SpecialTokens {
    bos_token: Option<Spelled>,
    eos_token: Option<Spelled>,
    unk_token: Option<Spelled>,
    sep_token: Option<Spelled>,
    pad_token: Option<Spelled>,
    cls_token: Option<Spelled>,
    mask_token: Option<Spelled>,
}

/// A token, or one with settings.
#[derive(Deserialize)]
#[serde(untagged)]
enum Spelled {
    Text(String),
    Added { content: String },
}

/// The templates of a `tokenizer_config.json`, unless a `file` of its own holds them.
pub(super) fn templates_of(
    config: &[u8],
    file: Option<&str>,
) -> Result<Option<ChatTemplate>, serde_json::Error> {
    let ChatConfig {
        chat_template,
        tokens: t,
    } = serde_json::from_slice(config)?;
    let named = [
        ("bos_token", &t.bos_token),
        ("eos_token", &t.eos_token),
        ("unk_token", &t.unk_token),
        ("sep_token", &t.sep_token),
        ("pad_token", &t.pad_token),
        ("cls_token", &t.cls_token),
        ("mask_token", &t.mask_token),
    ];
    let tokens = named.into_iter().filter_map(|(name, token)| match token {
        Some(Spelled::Text(text) | Spelled::Added { content: text }) => Some((name, text.as_str())),
        None => None,
    });
    let tokens: Vec<(&str, &str)> = tokens.collect();
    Ok(match (file, chat_template) {
        (Some(source), _) => Some(ChatTemplate::new(source, &tokens)),
        (None, Some(Templates::One(source))) => Some(ChatTemplate::new(&source, &tokens)),
        (None, Some(Templates::Named(named))) => {
            let templates = named.into_iter().map(|one| (one.name, one.template));
            ChatTemplate::named(templates.collect(), &tokens)
        }
        (None, None) => None,
    })
}
