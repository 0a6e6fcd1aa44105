//! A conversation as the text that a model was trained on, by the Jinja template that comes with the model: what
//! `transformers`' `apply_chat_template` makes of it.

use chrono::{Local, NaiveDateTime};
use serde::{Deserialize, Deserializer, Serialize};

use super::jinja::{self, FaultKind};
use super::json::Json;
use crate::error::{Error, Result, TemplateProblem};

/// Bytes of a template that are read: the longest published ones have some 20,000.
const MAX_TEMPLATE: usize = 200_000;

/// The template that is used where no other is asked for.
const DEFAULT: &str = "default";
/// The template that is used where there are tools.
pub(super) const TOOL_USE: &str = "tool_use";

/// Names that what a model thinks goes by. Templates read the first; messages may have it under any.
const REASONING: [&str; 3] = ["reasoning_content", "thinking", "reasoning"];

/// The variable that says whether a template ends with the head of an answer.
const PROMPTS: &str = "add_generation_prompt";

/// What marks the end of a message that is to be continued: text of no template.
const CONTINUED: &str = "CONTINUE_FINAL_MESSAGE_TAG ";

/// One turn of a conversation: an object whose fields `role` and `content` say who speaks, and what. It may have others,
/// such as `name` or `tool_calls`, which the template sees as they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatMessage"))]
pub struct Message(
    #[cfg_attr(
        test,
        ts(
            type = "{ /** Who speaks. */ role: string; /** What is said. */ content: string; [field: string]: unknown }"
        )
    )]
    Json,
);

impl Message {
    /// Who speaks (`system`, `user` or `assistant` with most models), and what is said.
    pub fn new(role: &str, content: &str) -> Self {
        let field = |name: &str, text: &str| (name.to_string(), Json::from(text));
        Self(Json::Object(vec![
            field("role", role),
            field("content", content),
        ]))
    }

    /// The field `name`; one that is null is none.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| **value != Json::Null)
    }

    fn is_assistant(&self) -> bool {
        self.get("role").and_then(Json::as_text) == Some("assistant")
    }

    /// Whether there is text in it that can be continued: there is none beside calls of tools.
    fn has_text(&self) -> bool {
        match self.get("content") {
            Some(Json::Text(_)) => true,
            Some(Json::List(parts)) => parts
                .iter()
                .any(|part| matches!(part.get("text"), Some(Json::Text(_)))),
            _ => false,
        }
    }

    /// The message as a template sees it: without fields that are null, and what was thought under each of its names.
    fn seen(&self) -> Vec<(String, Json)> {
        let Json::Object(fields) = &self.0 else {
            return Vec::new();
        };
        let given = fields.iter().filter(|(_, value)| *value != Json::Null);
        let mut fields: Vec<_> = given.cloned().collect();
        let Some(thought) = REASONING.iter().find_map(|name| self.get(name)).cloned() else {
            return fields;
        };
        let at = fields.iter().position(|(name, _)| name == "thinking");
        let thinking = at.map_or_else(|| thought.clone(), |at| fields.remove(at).1);
        fields.insert(0, ("thinking".into(), thinking));
        match fields.iter_mut().find(|(name, _)| name == REASONING[0]) {
            Some((_, value)) => *value = thought,
            None => fields.push((REASONING[0].into(), thought)),
        }
        fields
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Json::deserialize(deserializer)?;
        if fields.get("role").is_none() || fields.get("content").is_none() {
            let message = "a message is an object with the fields \"role\" and \"content\"";
            return Err(serde::de::Error::custom(message));
        }
        Ok(Self(fields))
    }
}

/// What a template is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatRequest", optional_fields))]
pub struct Conversation {
    /// What was said.
    #[cfg_attr(test, ts(type = "readonly unknown[]"))]
    pub messages: Vec<Message>,
    /// Functions that the model may call, as JSON schemas; a template that knows none ignores them.
    #[cfg_attr(test, ts(optional, type = "readonly object[]"))]
    pub tools: Option<Json>,
    /// Texts that the model may answer from; a template that knows none ignores them.
    #[cfg_attr(test, ts(optional, type = "readonly object[]"))]
    pub documents: Option<Json>,
    /// Further variables of the template, such as `enable_thinking`, as an object. `chat_template` in it is no variable
    /// but the name of one of the model's templates, or a template.
    #[cfg_attr(test, ts(optional, type = "object"))]
    pub variables: Option<Json>,
    /// Whether the last message is continued rather than answered. Left out, it is if it is a text of the assistant's.
    pub continue_final_message: Option<bool>,
}

impl Conversation {
    /// Of messages alone.
    pub fn of(messages: &[Message]) -> Self {
        Self {
            messages: messages.to_vec(),
            ..Self::default()
        }
    }

    /// Whether the last message is continued.
    pub fn continues(&self) -> bool {
        let last = || {
            let last = self.messages.last();
            last.is_some_and(|last| last.is_assistant() && last.has_text())
        };
        self.continue_final_message.unwrap_or_else(last)
    }

    /// The same with each text changed.
    pub(super) fn map_texts(&self, change: &impl Fn(&str) -> String) -> Self {
        let changed = |json: &Option<Json>| json.as_ref().map(|json| json.map_texts(change));
        let messages = self.messages.iter();
        Self {
            messages: messages
                .map(|message| Message(message.0.map_texts(change)))
                .collect(),
            tools: changed(&self.tools),
            documents: changed(&self.documents),
            // The template in it is the caller's.
            variables: self.variables.clone(),
            continue_final_message: self.continue_final_message,
        }
    }
}

/// The templates of a model, as its files have them; what is wrong with one is said when it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatTemplate {
    /// By name.
    templates: Vec<(String, String)>,
    /// The variables `bos_token`, `eos_token` and so on.
    special_tokens: Vec<(String, String)>,
}

impl ChatTemplate {
    /// One template. `special_tokens` are those that the model has, by their names (`bos_token`).
    pub fn new(source: &str, special_tokens: &[(&str, &str)]) -> Self {
        let tokens = special_tokens.iter();
        Self {
            templates: vec![(DEFAULT.into(), source.into())],
            special_tokens: tokens
                .map(|(name, token)| (name.to_string(), token.to_string()))
                .collect(),
        }
    }

    /// Several by their names; `None` if none of them is the default.
    pub(super) fn named(
        templates: &[(&str, &str)],
        special_tokens: &[(&str, &str)],
    ) -> Option<Self> {
        let default = templates.iter().find(|(name, _)| *name == DEFAULT)?;
        let one = Self::new(default.1, special_tokens);
        let others = templates.iter();
        Some(others.fold(one, |all, (name, source)| all.and(name, source)))
    }

    /// Another one by its name; a name that there is keeps what it has.
    #[must_use]
    pub fn and(mut self, name: &str, source: &str) -> Self {
        if !self.templates.iter().any(|(known, _)| known == name) {
            self.templates.push((name.into(), source.into()));
        }
        self
    }

    /// The text up to the place where the model is to write.
    ///
    /// # Errors
    /// [`Error::ChatTemplate`] if the template cannot be read, refuses the messages, does not fit them, or goes on
    /// without end; [`Error::InvalidOption`] for a message that is to be continued and has no text.
    pub fn apply(&self, conversation: &Conversation) -> Result<String> {
        self.apply_at(conversation, &Local::now().naive_local())
    }

    /// As [`ChatTemplate::apply`], at the local time `now`: some templates write the date.
    ///
    /// # Errors
    /// As [`ChatTemplate::apply`].
    pub fn apply_at(&self, conversation: &Conversation, now: &NaiveDateTime) -> Result<String> {
        let source = self.source(conversation)?;
        if source.len() > MAX_TEMPLATE {
            let reason = format!(
                "it is {} bytes long, and at most {MAX_TEMPLATE} are read",
                source.len()
            );
            return Err(problem(TemplateProblem::Unreadable, reason));
        }
        let template = jinja::Template::parse(source).map_err(failed)?;
        let continues = conversation.continues();
        let mut messages: Vec<_> = conversation.messages.iter().map(Message::seen).collect();
        let last = match messages.last_mut().filter(|_| continues) {
            Some(message) => Some(mark(message, source)?),
            None => None,
        };
        let messages = messages.into_iter().map(Json::Object).collect();
        let option = |json: &Option<Json>| json.clone().unwrap_or(Json::Null);
        let mut variables: Vec<(&str, Json)> = Vec::new();
        let tokens = self.special_tokens.iter();
        variables.extend(tokens.map(|(name, token)| (name.as_str(), Json::from(token.as_str()))));
        if let Some(Json::Object(fields)) = &conversation.variables {
            let fields = fields.iter().filter(|(name, _)| name != "chat_template");
            variables.extend(fields.map(|(name, value)| (name.as_str(), value.clone())));
        }
        variables.extend([
            ("messages", Json::List(messages)),
            ("tools", option(&conversation.tools)),
            ("documents", option(&conversation.documents)),
        ]);
        // `tokenizer_encode_kwargs` may say otherwise.
        if !variables.iter().any(|(name, _)| *name == PROMPTS) {
            variables.push((PROMPTS, Json::Bool(!continues)));
        }
        let text = template.render(&variables, now).map_err(failed)?;
        match last {
            Some(last) => cut(text, &last),
            None => Ok(text),
        }
    }

    /// The template for a conversation: that which it names or brings, the one for tools where it has any.
    fn source<'a>(&'a self, conversation: &'a Conversation) -> Result<&'a str> {
        let named = |name: &str| {
            let mut templates = self.templates.iter();
            let found = templates.find(|(known, _)| known == name);
            found.map(|(_, source)| source.as_str())
        };
        let variables = conversation.variables.as_ref();
        if let Some(asked) = variables.and_then(|v| v.get("chat_template")?.as_text()) {
            return Ok(named(asked).unwrap_or(asked));
        }
        let tools = conversation.tools.as_ref().and_then(|_| named(TOOL_USE));
        tools.or_else(|| named(DEFAULT)).ok_or_else(|| {
            let names: Vec<&str> = self
                .templates
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            Error::option(
                "chat_template",
                format!("must name one of: {}", names.join(", ")),
            )
        })
    }
}

/// Marks the end of the text of a message; returns the text.
fn mark(message: &mut [(String, Json)], source: &str) -> Result<String> {
    let refused = |why: &str| Error::option("continue_final_message", why);
    let content = message.iter_mut().find(|(name, _)| name == "content");
    let Some((_, content)) = content else {
        return Err(refused("the last message has no \"content\" to continue"));
    };
    if !source.contains("content") {
        return Err(refused("the model's chat template reads no \"content\""));
    }
    let text = match content {
        Json::Text(text) => Some(text),
        Json::List(parts) => parts.iter_mut().rev().find_map(|part| match part {
            Json::Object(fields) => fields.iter_mut().find_map(|(name, value)| match value {
                Json::Text(text) if name == "text" => Some(text),
                _ => None,
            }),
            _ => None,
        }),
        _ => None,
    };
    let Some(text) = text else {
        return Err(refused("the last message has no text to continue"));
    };
    let before = text.clone();
    text.push_str(CONTINUED);
    Ok(before)
}

/// A rendered conversation up to the mark behind its last message, `last`.
fn cut(mut text: String, last: &str) -> Result<String> {
    let mark = CONTINUED.trim_end();
    let lost = || {
        let reason = "the message that is to be continued is not in its text";
        problem(TemplateProblem::Unfitting, reason.into())
    };
    let at = text.rfind(mark).ok_or_else(lost)?;
    if !text.contains(last.trim()) {
        return Err(lost());
    }
    let kept = text[at..].starts_with(CONTINUED);
    text.truncate(at);
    if !kept {
        // The template strips messages: what stood before the mark would be gone as well.
        text.truncate(text.trim_end().len());
    }
    Ok(text)
}

fn problem(problem: TemplateProblem, reason: String) -> Error {
    Error::ChatTemplate {
        problem,
        reason,
        line: None,
    }
}

fn failed(fault: jinja::Fault) -> Error {
    Error::ChatTemplate {
        problem: match fault.kind {
            FaultKind::Syntax => TemplateProblem::Unreadable,
            FaultKind::Refused => TemplateProblem::Refused,
            FaultKind::Failed => TemplateProblem::Unfitting,
            FaultKind::Endless => TemplateProblem::Endless,
        },
        reason: fault.message,
        line: Some(fault.line).filter(|&line| line > 0),
    }
}
