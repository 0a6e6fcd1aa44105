//! Runs a task. What comes out is what the API returns (`pkg/src/page/tasks`).

use super::failure::{Failure, Result};
use super::input::Input;
use super::options::Options;
use super::results::{FilledMask, Follows, FoundAnswer, Hear, Joint, Output, Ranked};
use super::task::Task;
use super::vectors::embed;
use super::writing::{chat, generate, summarize};
use crate::border::head_options::{AnswerQuery, ClassificationQuery, TaggingQuery};
use crate::border::mask_options::{JointQuery, MaskQuery};
use crate::border::{convert, results};
use crate::error::Error;
use crate::nn::elementary;
use crate::pretrained::Pretrained;
use crate::text::Json;

/// Runs `task`.
pub fn run(
    task: Task,
    model: &Pretrained,
    input: &Input,
    options: &Options,
    hear: Hear,
) -> Result<Output> {
    match (task, input) {
        (Task::FillMask, Input::Text(text)) => match options.get("joint") {
            Some(_) => joint(model, text, options),
            None => fill(model, text, options),
        },
        (Task::NextSentence, Input::Sentences { a, b, one }) => follow(model, a, b, *one),
        (Task::Generate, Input::Text(prompt)) => generate(model, prompt, options, hear),
        (Task::Chat, Input::Messages(messages)) => chat(model, messages, options, hear),
        (Task::Summarize, Input::Text(document)) => summarize(model, document, options),
        (Task::Answer, Input::Question { question, context }) => {
            answer(model, question, context, options)
        }
        (Task::Classify, Input::Pair { text, text_pair }) => {
            classify(model, text, text_pair.as_deref(), options)
        }
        (Task::Tag, Input::Text(text)) => {
            let query: TaggingQuery = options.query()?;
            let found = model.token_classification()?.tag(text, query.options()?)?;
            Ok(Output::Entities(convert::entities(text, found)))
        }
        (Task::Embed, Input::Texts(texts)) => embed(model, texts, options),
        _ => Err(Failure::Use(format!(
            "the input is none of {}",
            task.command()
        ))),
    }
}

fn fill(model: &Pretrained, text: &str, options: &Options) -> Result<Output> {
    let query: MaskQuery = options.query()?;
    let prediction = model
        .fill_mask()?
        .predict_with_tokens(text, &query.options()?)?;
    let masks = convert::prediction(text, prediction).masks.into_iter();
    let mut masks: Vec<Vec<FilledMask>> = masks.map(candidates).collect();
    if masks.len() == 1 {
        return Ok(Output::Mask(masks.remove(0)));
    }
    Ok(Output::Masks(masks))
}

/// Each candidate with the place of its mask.
fn candidates(mask: results::MaskPrediction) -> Vec<FilledMask> {
    let (start, end) = (mask.start, mask.end);
    let candidates = mask.candidates.into_iter();
    let filled = candidates.map(|one| FilledMask {
        score: one.score,
        token: one.token,
        token_str: one.token_str,
        sequence: one.sequence,
        start,
        end,
    });
    filled.collect()
}

fn joint(model: &Pretrained, text: &str, options: &Options) -> Result<Output> {
    if options.get("targets").is_some() {
        let reason = "words are scored in masks on their own; leave it out, or leave out --joint";
        return Err(Failure::option("targets", reason));
    }
    let mut query: JointQuery = options.query()?;
    query.order = options.text("joint").map(str::to_owned);
    let mut fill = model.fill_mask()?.joint(text, query.options()?)?;
    let mut steps = Vec::new();
    for step in fill.by_ref() {
        steps.push(convert::joint_step(text, step?));
    }
    Ok(Output::Joint(Joint {
        sequence: fill.sequence(),
        score: elementary::exp(fill.log_prob()),
        steps,
    }))
}

fn follow(model: &Pretrained, a: &str, b: &[String], one: bool) -> Result<Output> {
    let candidates: Vec<&str> = b.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for batch in model.next_sentence()?.comparisons(a, &candidates)? {
        found.extend(convert::comparisons(&batch?));
    }
    if one {
        let first = found.into_iter().next();
        let first = first.ok_or_else(|| Failure::Use("there is no second sentence".into()))?;
        return Ok(Output::Follows(Follows::from(first)));
    }
    found.sort_by(|x, y| (y.is_next.total_cmp(&x.is_next)).then(x.index.cmp(&y.index)));
    let ranked = found.into_iter().map(|comparison| Ranked {
        sentence: b[comparison.index].clone(),
        comparison,
    });
    Ok(Output::Ranked(ranked.collect()))
}

fn answer(model: &Pretrained, question: &str, context: &str, options: &Options) -> Result<Output> {
    let query: AnswerQuery = options.query()?;
    let several = query.top_k.is_some_and(|count| count != 1.0);
    let task = model.question_answering()?;
    let found = convert::answers(context, task.answer(question, context, query.options()?)?);
    let null_score = found.null_score;
    let answers = found.answers.into_iter();
    let mut answers: Vec<_> = answers
        .map(|answer| FoundAnswer { answer, null_score })
        .collect();
    if answers.is_empty() {
        // A context of nothing but characters that a tokenizer drops, such as U+200B.
        return Err(Failure::Core(Error::EmptyInput {
            input: "context".into(),
        }));
    }
    if several {
        return Ok(Output::Answers(answers));
    }
    Ok(Output::Answer(answers.remove(0)))
}

fn classify(
    model: &Pretrained,
    text: &str,
    pair: Option<&str>,
    options: &Options,
) -> Result<Output> {
    let mut query: ClassificationQuery = options.query()?;
    if options.get("top_k") == Some(&Json::Null) {
        query.top_k = Some(model.model.labels().map_or(1, <[String]>::len) as f64);
    }
    let task = model.text_classification()?;
    let found = task.classify(text, pair, &query.options()?)?;
    Ok(Output::Labels(convert::classification(found).labels))
}
