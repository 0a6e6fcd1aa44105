//! What a task is given.

use super::failure::{Failure, Result};
use super::task::Task;
use crate::text::Json;

/// The input of a task, in the shapes that the API takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A text, prompt or document.
    Text(String),
    /// A sentence, and one or several that may follow it (`one`: what is asked for is no list).
    Sentences {
        a: String,
        b: Vec<String>,
        one: bool,
    },
    /// Messages.
    Messages(Vec<Json>),
    Question {
        question: String,
        context: String,
    },
    /// A text, or a pair.
    Pair {
        text: String,
        text_pair: Option<String>,
    },
    Texts(Vec<String>),
}

impl Input {
    /// The input of a saved run.
    pub fn from_json(task: Task, json: &Json) -> Result<Self> {
        let wrong = || Failure::Use(format!("\"input\" is none of {}", task.api_name()));
        let field = |name: &str| json.get(name).and_then(Json::as_text).map(str::to_owned);
        let whole = || json.as_text().map(str::to_owned);
        match task {
            Task::FillMask | Task::Generate | Task::Summarize | Task::Tag => {
                whole().map(Self::Text).ok_or_else(wrong)
            }
            Task::NextSentence => {
                let one = field("b");
                let b = json.get("b").and_then(texts);
                Ok(Self::Sentences {
                    a: field("a").ok_or_else(wrong)?,
                    one: one.is_some(),
                    b: one.map(|b| vec![b]).or(b).ok_or_else(wrong)?,
                })
            }
            Task::Chat => match json {
                Json::List(messages) => Ok(Self::Messages(messages.clone())),
                _ => Err(wrong()),
            },
            Task::Answer => Ok(Self::Question {
                question: field("question").ok_or_else(wrong)?,
                context: field("context").ok_or_else(wrong)?,
            }),
            Task::Classify => Ok(Self::Pair {
                text: whole().or_else(|| field("text")).ok_or_else(wrong)?,
                text_pair: field("text_pair"),
            }),
            Task::Embed => {
                let all = whole().map(|one| vec![one]).or_else(|| texts(json));
                all.map(Self::Texts).ok_or_else(wrong)
            }
        }
    }

    /// As a saved run has it.
    pub fn to_json(&self) -> Json {
        let object = |fields: Vec<(&str, Json)>| {
            let named = |(name, value): (&str, Json)| (name.to_string(), value);
            Json::Object(fields.into_iter().map(named).collect())
        };
        let list =
            |texts: &[String]| Json::List(texts.iter().map(|one| one.as_str().into()).collect());
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Sentences { a, b, one } => {
                let following = if *one { b[0].as_str().into() } else { list(b) };
                object(vec![("a", a.as_str().into()), ("b", following)])
            }
            Self::Messages(messages) => Json::List(messages.clone()),
            Self::Question { question, context } => object(vec![
                ("question", question.as_str().into()),
                ("context", context.as_str().into()),
            ]),
            Self::Pair {
                text,
                text_pair: None,
            } => text.as_str().into(),
            Self::Pair {
                text,
                text_pair: Some(pair),
            } => object(vec![
                ("text", text.as_str().into()),
                ("text_pair", pair.as_str().into()),
            ]),
            Self::Texts(texts) => list(texts),
        }
    }
}

fn texts(json: &Json) -> Option<Vec<String>> {
    let Json::List(items) = json else {
        return None;
    };
    let text = |item: &Json| item.as_text().map(str::to_owned);
    items.iter().map(text).collect()
}
