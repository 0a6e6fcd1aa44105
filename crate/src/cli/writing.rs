//! The tasks that write: generation, conversations, summaries.

use std::time::Instant;

use super::failure::{Failure, Result};
use super::options::Options;
use super::results::{GeneratedText, Hear, Output, SummaryText, Timing, Written};
use crate::border::convert;
use crate::border::options::{Generation, Summary};
use crate::limits::generation::SEED;
use crate::pretrained::Pretrained;
use crate::tasks::{FinishReason, GeneratedToken, GenerationOptions, Generator, Step};
use crate::text::{first_sentences, Conversation, Json, LegibleText};

/// At most this many texts of one prompt.
const MOST_TEXTS: f64 = 1000.0;

/// Continues a text.
pub fn generate(model: &Pretrained, prompt: &str, options: &Options, hear: Hear) -> Result<Output> {
    let whole = options.flag("return_full_text").unwrap_or(true);
    let before = if whole { prompt } else { "" };
    let defaults = model.generation_options()?;
    let texts = each(options, |query, seed| {
        let generation = drawing(options, query.options(defaults.clone())?)?;
        let generator = model.generate(prompt, generation)?;
        let written = Text::write(generator, hear)?;
        let generated_text = format!("{before}{}", written.text).as_str().into();
        Ok(written.with(seed, GeneratedText { generated_text }))
    })?;
    Ok(Output::Texts(texts))
}

/// Writes the next turn of a conversation.
pub fn chat(
    model: &Pretrained,
    messages: &[Json],
    options: &Options,
    hear: Hear,
) -> Result<Output> {
    let conversation = conversation(messages, options)?;
    let whole = options.flag("return_full_text").unwrap_or(true);
    let defaults = model.generation_options()?;
    let texts = each(options, |query, seed| {
        let generation = drawing(options, query.options(defaults.clone())?)?;
        let generator = model.chat(&conversation, generation)?;
        let written = Text::write(generator, hear)?;
        let all = answered(messages, conversation.continues(), &written.text, whole);
        let generated_text = Json::List(all);
        Ok(written.with(seed, GeneratedText { generated_text }))
    })?;
    Ok(Output::Texts(texts))
}

/// Sums a text up.
pub fn summarize(model: &Pretrained, document: &str, options: &Options) -> Result<Output> {
    let options = &of_summary(options);
    let talks = model.model.info().heads.lm && model.tokenizer.chat_template().is_ok();
    let task = model.summarizer()?;
    let texts = each(options, |query, seed| {
        let summary: Summary = options.query()?;
        let mut summary = summary.options(query, talks)?;
        summary.generation = drawing(options, summary.generation)?;
        let (plan, generator) = task.summarize(document, &summary)?;
        let mut written = Text::write(generator, &mut |_| ())?;
        written.text = first_sentences(&written.text, summary.sentences).into();
        let first = SummaryText {
            summary_text: written.text.clone(),
            plan: convert::summary_plan(document, plan),
        };
        Ok(written.with(seed, first))
    })?;
    Ok(Output::Summaries(texts))
}

/// Writes as many texts as are asked for, one after the other; each has the seed after the last one's.
fn each<T>(
    options: &Options,
    mut write: impl FnMut(Generation, u64) -> Result<T>,
) -> Result<Vec<T>> {
    let count = count(options)?;
    let first = options.seed();
    let one = |index: u32| {
        let mut query: Generation = options.query()?;
        let seed = (first + f64::from(index)) % (SEED.max + 1.0);
        query.seed = Some(seed);
        write(query, seed as u64)
    };
    (0..count as u32).map(one).collect()
}

fn count(options: &Options) -> Result<f64> {
    let count = options.number("num_return_sequences").unwrap_or(1.0);
    if count.fract() != 0.0 || !(1.0..=MOST_TEXTS).contains(&count) {
        let reason = format!("it has to be a whole number from 1 to {MOST_TEXTS}");
        return Err(Failure::option("num_return_sequences", reason));
    }
    Ok(count)
}

/// The same options, unless several texts are asked for that would be one.
fn drawing(options: &Options, generation: GenerationOptions) -> Result<GenerationOptions> {
    if count(options)? > 1.0 && !generation.sampling.do_sample {
        let reason = "without drawing (do_sample), all texts would be the same";
        return Err(Failure::option("num_return_sequences", reason));
    }
    Ok(generation)
}

/// A summary's lengths are those of the summary alone.
fn of_summary(options: &Options) -> Options {
    let mut own = options.without(&["max_length", "min_length"]);
    for (name, other) in [
        ("max_new_tokens", "max_length"),
        ("min_new_tokens", "min_length"),
    ] {
        if let Some(length) = options.get(name).or_else(|| options.get(other)) {
            own.set(name, length.clone());
        }
    }
    own
}

/// A text while it is written.
struct Text {
    text: String,
    tokens: Vec<GeneratedToken>,
    finish_reason: FinishReason,
    prompt_tokens: usize,
    timing: Timing,
}

impl Text {
    /// Drives a generator to its end, as `pkg/src/worker/calls.ts` does.
    fn write(mut generator: Generator, hear: Hear) -> Result<Self> {
        let start = Instant::now();
        let mut prefilled = start;
        let mut tokens = Vec::new();
        let mut legible = LegibleText::default();
        let finish_reason = loop {
            match generator.step()? {
                Step::Prefill { .. } => prefilled = Instant::now(),
                Step::Search { .. } => {}
                Step::Token(token) => {
                    hear(&legible.add(&token.token, &token.text));
                    tokens.push(token);
                }
                Step::Done { reason, tail } => {
                    hear(&legible.finish(&tail));
                    break reason;
                }
            }
        };
        let decode_ms = 1000.0 * prefilled.elapsed().as_secs_f64();
        // The first token comes with the prompt's last: it is not decoding.
        let decoded = tokens.len().saturating_sub(1) as f64;
        Ok(Self {
            text: generator.text().into(),
            tokens,
            finish_reason,
            prompt_tokens: generator.prompt_len(),
            timing: Timing {
                prefill_ms: 1000.0 * (prefilled - start).as_secs_f64(),
                decode_ms,
                tokens_per_second: if decode_ms > 0.0 {
                    1000.0 * decoded / decode_ms
                } else {
                    0.0
                },
            },
        })
    }

    fn with<T>(self, seed: u64, first: T) -> Written<T> {
        Written {
            first,
            text: self.text,
            tokens: self.tokens,
            finish_reason: self.finish_reason,
            seed,
            prompt_tokens: self.prompt_tokens,
            timing: self.timing,
        }
    }
}

/// What the template is given.
fn conversation(messages: &[Json], options: &Options) -> Result<Conversation> {
    let mut variables = match options.get("tokenizer_encode_kwargs") {
        None => Vec::new(),
        Some(Json::Object(fields)) => fields.clone(),
        Some(_) => {
            return Err(Failure::option(
                "tokenizer_encode_kwargs",
                "it is no object",
            ))
        }
    };
    if let Some(template) = options.get("chat_template") {
        if !variables.iter().any(|(name, _)| name == "chat_template") {
            variables.insert(0, ("chat_template".into(), template.clone()));
        }
    }
    let named = [
        Some(("messages", Json::List(messages.to_vec()))),
        options.get("tools").map(|list| ("tools", list.clone())),
        options
            .get("documents")
            .map(|list| ("documents", list.clone())),
        (!variables.is_empty()).then_some(("variables", Json::Object(variables))),
        options
            .get("continue_final_message")
            .map(|value| ("continue_final_message", value.clone())),
    ];
    let fields = named.into_iter().flatten();
    let request = Json::Object(fields.map(|(name, value)| (name.into(), value)).collect());
    let unusable = |error: serde_json::Error| Failure::Use(format!("the messages: {error}"));
    let text = serde_json::to_string(&request).map_err(unusable)?;
    serde_json::from_str(&text).map_err(unusable)
}

/// The conversation with what was written: joined to the last message, or as the next (`answered` in
/// `pkg/src/page/tasks/messages.ts`). `whole`: with all before it.
fn answered(messages: &[Json], continues: bool, text: &str, whole: bool) -> Vec<Json> {
    let message = |role: Json, content: Json| {
        Json::Object(vec![("role".into(), role), ("content".into(), content)])
    };
    let Some((last, before)) = messages.split_last().filter(|_| continues) else {
        let before = if whole { messages } else { &[] };
        return [before, &[message("assistant".into(), text.into())]].concat();
    };
    let role = last.get("role").cloned().unwrap_or(Json::Null);
    let content = last.get("content").cloned().unwrap_or(Json::Null);
    if whole {
        [before, &[message(role, with_text(content, text))]].concat()
    } else {
        vec![message(role, text.into())]
    }
}

/// Content with text behind its own; of several parts, behind the last that is text.
fn with_text(content: Json, more: &str) -> Json {
    match content {
        Json::List(mut parts) => {
            let text = |part: &&mut Json| part.get("text").and_then(Json::as_text).is_some();
            if let Some(Json::Object(fields)) = parts.iter_mut().rev().find(text) {
                for (name, value) in fields {
                    if let (true, Json::Text(text)) = (name == "text", value) {
                        text.push_str(more);
                    }
                }
            }
            Json::List(parts)
        }
        Json::Text(text) => format!("{text}{more}").as_str().into(),
        _ => more.into(),
    }
}
