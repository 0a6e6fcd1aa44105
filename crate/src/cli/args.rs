//! The command line, made from the table of tasks.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{value_parser, Arg, ArgAction, ArgMatches, Command};

use super::failure::{Failure, Result};
use super::input::Input;
use super::options::{number, Options};
use super::task::{Kind, Task, TaskOption};
use crate::dtype::DType;
use crate::text::Json;

const TEXT: &str = "a text, or \"-\" for what comes on standard input";
const AFTER_HELP: &str = "\
Without --model, the small models that come with Cloze are looked for in the folder CLOZE_MODELS, and beside the crate
in ../models.

Exit status: 0 if all went well, 1 if a replayed run is not the same, 2 if something went wrong.";

/// The whole command line.
pub fn command() -> Command {
    let tasks = Task::ALL.into_iter().map(task_command);
    Command::new("cloze")
        .version(env!("CARGO_PKG_VERSION"))
        .about("BERT, GPT and their kin: the tasks of the playground, natively")
        .after_help(AFTER_HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(tasks)
        .subcommand(
            Command::new("replay")
                .about("Run what was saved again, and compare the result byte by byte")
                .arg(
                    Arg::new("run")
                        .value_name("RUN.json")
                        .required(true)
                        .value_parser(value_parser!(PathBuf))
                        .help("A run that the playground or --save saved"),
                )
                .args(model_args()),
        )
}

fn model_args() -> Vec<Arg> {
    vec![Arg::new("model")
        .long("model")
        .value_name("DIR|FILE.gguf")
        .value_parser(value_parser!(PathBuf))
        .help("A folder in Hugging Face's layout, or a GGUF file")]
}

fn task_command(task: Task) -> Command {
    let mut command = Command::new(task.command())
        .about(task.about())
        .args(positionals(task))
        .args(model_args())
        .arg(
            Arg::new("dtype")
                .long("dtype")
                .value_parser(PossibleValuesParser::new(["q8", "q4", "fp32"]))
                .default_value("q8")
                .help("How the weights are kept"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print what the JavaScript API returns"),
        )
        .arg(
            Arg::new("save")
                .long("save")
                .value_name("RUN.json")
                .value_parser(value_parser!(PathBuf))
                .help("Save the run, for `cloze replay`"),
        );
    if task.api_name() != task.command() && task != Task::Chat {
        command = command.visible_alias(task.api_name());
    }
    task.options()
        .into_iter()
        .fold(command, |command, option| command.arg(option_arg(option)))
}

fn positionals(task: Task) -> Vec<Arg> {
    let text = |id: &'static str, help: &'static str| {
        Arg::new(id).value_name(id.to_uppercase()).help(help)
    };
    let needed = |id, help| text(id, help).required(true);
    match task {
        Task::FillMask => vec![needed("text", TEXT)],
        Task::Tag => vec![needed("text", TEXT)],
        Task::Generate => vec![needed("prompt", TEXT)],
        Task::Summarize => vec![needed("document", TEXT)],
        Task::NextSentence => vec![
            needed("a", "the sentence that is followed"),
            needed("b", "what may follow it; several are ranked").num_args(1..),
        ],
        Task::Answer => vec![needed("question", "the question"), needed("context", TEXT)],
        Task::Classify => vec![
            needed("text", TEXT),
            text("text_pair", "the second text of a pair"),
        ],
        Task::Embed => vec![needed("texts", "texts").num_args(1..)],
        Task::Chat => vec![
            text("message", "what is said; \"-\" for standard input")
                .required_unless_present("messages"),
            text("system", "what the model is told first").long("system"),
            text(
                "messages",
                "a file with a list of messages, before the message",
            )
            .long("messages")
            .value_name("FILE.json"),
        ],
    }
}

fn option_arg(option: TaskOption) -> Arg {
    let dashed = option.name.replace('_', "-");
    let arg = Arg::new(option.name)
        .long(dashed.clone())
        .value_name("VALUE")
        .help(option.help);
    // The API's own spelling as well.
    let arg = if dashed == option.name {
        arg
    } else {
        arg.alias(option.name)
    };
    match option.kind {
        Kind::Number => arg
            .value_name("NUMBER")
            .value_parser(value_parser!(f64))
            .allow_negative_numbers(true),
        Kind::NumberOrAll => arg.value_name("NUMBER|all"),
        Kind::Flag => arg
            .value_name("true|false")
            .value_parser(value_parser!(bool))
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        Kind::Text => arg.value_name("TEXT"),
        Kind::Words => arg
            .value_name("WORDS")
            .value_delimiter(',')
            .action(ArgAction::Append),
        Kind::Texts => arg.value_name("TEXT").action(ArgAction::Append),
        Kind::OneOf(names) => arg.value_parser(PossibleValuesParser::new(names)),
        Kind::Json => arg.value_name("JSON"),
    }
}

/// The options that were given.
pub fn options(task: Task, matches: &ArgMatches) -> Result<Options> {
    let mut options = Options::default();
    for TaskOption { name, kind, .. } in task.options() {
        if let Some(value) = value(name, kind, matches)? {
            options.set(name, value);
        }
    }
    Ok(options)
}

fn value(name: &str, kind: Kind, matches: &ArgMatches) -> Result<Option<Json>> {
    let text = || matches.get_one::<String>(name);
    let texts = || -> Option<Json> {
        let texts = matches.get_many::<String>(name)?;
        Some(Json::List(texts.map(|text| text.as_str().into()).collect()))
    };
    Ok(match kind {
        Kind::Number => matches.get_one::<f64>(name).map(|value| number(*value)),
        Kind::Flag => matches
            .get_one::<bool>(name)
            .map(|value| Json::Bool(*value)),
        Kind::Text | Kind::OneOf(_) => text().map(|text| text.as_str().into()),
        Kind::Words | Kind::Texts => texts(),
        Kind::NumberOrAll => match text().map(String::as_str) {
            None => None,
            Some("all") => Some(Json::Null),
            Some(text) => {
                let value = text.parse::<f64>();
                Some(number(value.map_err(|_| {
                    Failure::option(name, "it is neither a number nor \"all\"")
                })?))
            }
        },
        Kind::Json => match text() {
            None => None,
            Some(text) => {
                Some(serde_json::from_str(text).map_err(|error| Failure::option(name, error))?)
            }
        },
    })
}

/// What the task is given.
pub fn input(task: Task, matches: &ArgMatches) -> Result<Input> {
    let one = |id: &str| -> Result<String> {
        read(matches.get_one::<String>(id).map_or("", String::as_str))
    };
    let many = |id: &str| -> Vec<String> {
        let texts = matches.get_many::<String>(id);
        texts.into_iter().flatten().cloned().collect()
    };
    Ok(match task {
        Task::FillMask | Task::Tag => Input::Text(one("text")?),
        Task::Generate => Input::Text(one("prompt")?),
        Task::Summarize => Input::Text(one("document")?),
        Task::NextSentence => {
            let b = many("b");
            let a = one("a")?;
            Input::Sentences {
                a,
                one: b.len() == 1,
                b,
            }
        }
        Task::Answer => Input::Question {
            question: one("question")?,
            context: one("context")?,
        },
        Task::Classify => Input::Pair {
            text: one("text")?,
            text_pair: matches.get_one::<String>("text_pair").cloned(),
        },
        Task::Embed => Input::Texts(many("texts")),
        Task::Chat => Input::Messages(messages(matches)?),
    })
}

/// A text, or what comes on standard input.
fn read(text: &str) -> Result<String> {
    if text != "-" {
        return Ok(text.into());
    }
    let mut read = String::new();
    let result = std::io::stdin().read_to_string(&mut read);
    result.map_err(|error| Failure::Use(format!("standard input: {error}")))?;
    // The line's end is the terminal's.
    Ok(read.strip_suffix('\n').unwrap_or(&read).into())
}

fn messages(matches: &ArgMatches) -> Result<Vec<Json>> {
    let message = |role: &str, content: &str| {
        Json::Object(vec![
            ("role".into(), role.into()),
            ("content".into(), content.into()),
        ])
    };
    let text = |id: &str| matches.get_one::<String>(id);
    let mut messages = Vec::new();
    if let Some(system) = text("system") {
        messages.push(message("system", system));
    }
    if let Some(file) = text("messages") {
        let wrong = |error: String| Failure::Use(format!("{file}: {error}"));
        let read = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        let list: Vec<Json> =
            serde_json::from_str(&read).map_err(|error| wrong(error.to_string()))?;
        messages.extend(list);
    }
    if let Some(said) = text("message") {
        messages.push(message("user", &read(said)?));
    }
    Ok(messages)
}

/// How the weights are kept.
pub fn dtype(matches: &ArgMatches) -> DType {
    let name = matches.get_one::<String>("dtype").map(String::as_str);
    name.and_then(DType::from_name).unwrap_or(DType::Q8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(line: &[&str]) -> (Options, Input) {
        let matches = command().try_get_matches_from(line).expect("a command");
        let (name, matches) = matches.subcommand().expect("a subcommand");
        let task = Task::ALL.into_iter().find(|task| task.command() == name);
        let task = task.expect("a task");
        let input = input(task, matches).expect("an input");
        (options(task, matches).expect("options"), input)
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn options_have_the_names_and_kinds_of_the_api() {
        let (options, _) = given(&[
            "cloze",
            "fill-mask",
            "a",
            "--top_k",
            "3",
            "--targets",
            "he,she",
        ]);
        assert_eq!(options.number("top_k"), Some(3.0));
        assert_eq!(
            options.get("targets"),
            Some(&Json::List(vec!["he".into(), "she".into()]))
        );
        let line = [
            "cloze",
            "generate",
            "a",
            "--do-sample=false",
            "--stop",
            "a, b",
            "--stop",
            "c",
            "--temperature",
            "0.5",
        ];
        let (options, input) = given(&line);
        assert_eq!(options.flag("do_sample"), Some(false));
        assert_eq!(
            options.get("stop"),
            Some(&Json::List(vec!["a, b".into(), "c".into()]))
        );
        assert_eq!(options.number("temperature"), Some(0.5));
        assert_eq!(input, Input::Text("a".into()));
        let (options, _) = given(&["cloze", "classify", "a", "--top-k", "all"]);
        assert_eq!(options.get("top_k"), Some(&Json::Null));
    }

    #[test]
    fn inputs_are_read_as_they_are_saved() {
        let lines: [(Task, &[&str]); 5] = [
            (Task::FillMask, &["cloze", "fill-mask", "a [MASK]"]),
            (Task::NextSentence, &["cloze", "next-sentence", "a", "b"]),
            (
                Task::NextSentence,
                &["cloze", "next-sentence", "a", "b", "c"],
            ),
            (
                Task::Chat,
                &["cloze", "chat", "hello", "--system", "be brief"],
            ),
            (Task::Classify, &["cloze", "classify", "a", "b"]),
        ];
        for (task, line) in lines {
            let (_, input) = given(line);
            assert_eq!(
                Input::from_json(task, &input.to_json()).expect("an input"),
                input
            );
        }
    }
}
