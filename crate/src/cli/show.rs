//! Results for people.

use super::input::Input;
use super::results::{FilledMask, FoundAnswer, Output, Tensor};
use super::task::Task;

/// What is printed of a result. What was written while it came is not repeated.
pub fn show(task: Task, input: &Input, output: &Output) -> String {
    match output {
        Output::Mask(candidates) => masks(std::slice::from_ref(candidates)),
        Output::Masks(all) => masks(all),
        Output::Joint(joint) => format!("{}  {}", percent(joint.score), joint.sequence),
        Output::Follows(found) => {
            let verdict = if found.is_next >= 0.5 {
                "follows"
            } else {
                "does not follow"
            };
            format!("{}  {verdict}", percent(found.score))
        }
        Output::Ranked(ranked) => lines(
            ranked
                .iter()
                .map(|one| format!("{}  {}", percent(one.comparison.is_next), one.sentence)),
        ),
        Output::Texts(texts) if texts.len() == 1 => String::new(),
        Output::Texts(texts) => {
            let before = match (task, input) {
                (Task::Generate, Input::Text(prompt)) => prompt.as_str(),
                _ => "",
            };
            lines(texts.iter().map(|one| format!("{before}{}\n", one.text)))
        }
        Output::Summaries(texts) => {
            lines(texts.iter().map(|one| one.first.summary_text.trim().into()))
        }
        Output::Answer(answer) => answers(std::slice::from_ref(answer)),
        Output::Answers(all) => answers(all),
        Output::Labels(labels) => lines(
            labels
                .iter()
                .map(|one| format!("{:8.4}  {}", one.score, one.label)),
        ),
        Output::Entities(entities) => lines(entities.iter().map(|one| {
            let label = one.entity_group.as_ref().or(one.entity.as_ref());
            let label = label.map_or("", String::as_str);
            format!("{}  {label}  {}", percent(one.score), one.word)
        })),
        Output::Tensor(tensor) => vectors(tensor),
    }
}

fn percent(share: f64) -> String {
    format!("{:5.1} %", 100.0 * share)
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn masks(all: &[Vec<FilledMask>]) -> String {
    let table = |candidates: &Vec<FilledMask>| {
        lines(
            candidates
                .iter()
                .map(|one| format!("{}  {}", percent(one.score), one.sequence)),
        )
    };
    all.iter().map(table).collect::<Vec<_>>().join("\n\n")
}

fn answers(answers: &[FoundAnswer]) -> String {
    let answer = |one: &FoundAnswer| match one.answer.answer.as_str() {
        "" => format!("{}  (no answer)", percent(one.answer.score)),
        text => format!("{}  {text}", percent(one.answer.score)),
    };
    lines(answers.iter().map(answer))
}

fn vectors(tensor: &Tensor) -> String {
    let dims: Vec<String> = tensor.dims.iter().map(usize::to_string).collect();
    format!(
        "{} numbers ({}), as {}; --json prints them",
        tensor.size,
        dims.join(" × "),
        tensor.kind
    )
}

/// The prompt before a text that is shown while it is written.
pub fn prompt(input: &Input) -> &str {
    match input {
        Input::Text(text) => text,
        _ => "",
    }
}
