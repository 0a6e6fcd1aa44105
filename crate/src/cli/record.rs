//! A run as it is saved, by the page or by `--save`, and the same run again.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::failure::{Failure, Result};
use super::input::Input;
use super::json::stringify;
use super::options::Options;
use super::raw;
use super::results::Output;
use super::task::{Task, SEED};
use crate::dtype::DType;
use crate::text::Json;

/// The name of the field that two runs never share.
const TIMING: &str = "timing";

/// The head of a saved run. Its result stays text.
#[derive(Deserialize)]
struct Head {
    task: String,
    model: ModelOf,
    input: Json,
    #[serde(default = "none")]
    options: Json,
}

fn none() -> Json {
    Json::Null
}

/// The model of a run.
#[derive(Deserialize)]
struct ModelOf {
    #[serde(default)]
    name: String,
    sha256: Option<Hashes>,
    dtype: Option<String>,
}

/// SHA-256 of the file of weights, or of each of several.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(untagged)]
enum Hashes {
    One(String),
    Several(Vec<String>),
}

/// A saved run.
pub struct Record {
    pub task: Task,
    /// What the model was called.
    pub model_name: String,
    pub dtype: DType,
    pub input: Input,
    pub options: Options,
    /// Of the weights' files, where they are known.
    hashes: Option<Vec<String>>,
    /// Its text.
    result: String,
}

impl Record {
    /// Reads one.
    pub fn read(path: &Path) -> Result<Self> {
        let wrong = |reason: String| Failure::Use(format!("{}: {reason}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        Self::from_text(&text).map_err(|failure| wrong(failure.to_string()))
    }

    fn from_text(text: &str) -> Result<Self> {
        let wrong = |reason: String| Failure::Use(format!("this is no saved run: {reason}"));
        let head: Head = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let result = raw::field(text, "result").ok_or_else(|| wrong("it has no result".into()))?;
        let task = Task::of_run(&head.task, &head.input)
            .ok_or_else(|| wrong(format!("\"{}\" is no task", head.task)))?;
        let options = Options::from_json(task, &head.options)?;
        if matches!(task, Task::Generate | Task::Chat | Task::Summarize)
            && options.number(SEED).is_none()
        {
            return Err(wrong("its options have no seed".into()));
        }
        let dtype = head.model.dtype.as_deref().unwrap_or("q8");
        Ok(Self {
            task,
            model_name: head.model.name,
            dtype: DType::from_name(dtype)
                .ok_or_else(|| wrong(format!("\"{dtype}\" is none of q8, q4, fp32")))?,
            input: Input::from_json(task, &head.input)?,
            options,
            hashes: head.model.sha256.map(|hashes| match hashes {
                Hashes::One(hash) => vec![hash],
                Hashes::Several(hashes) => hashes,
            }),
            result: result.into(),
        })
    }

    /// Whether it names the model's weights.
    pub fn names_weights(&self) -> bool {
        self.hashes.is_some()
    }

    /// Says how other weights differ from the run's; `None` if they are the same.
    pub fn other_weights(&self, files: &[PathBuf]) -> Result<Option<String>> {
        let Some(saved) = &self.hashes else {
            return Ok(None);
        };
        let hashes = hashes(files)?;
        if hashes == *saved {
            return Ok(None);
        }
        Ok(Some(format!(
            "model.sha256: saved {}, here {}",
            saved.join(" "),
            hashes.join(" ")
        )))
    }

    /// Says where another result differs first; `None` if it is the same, byte by byte.
    pub fn difference(&self, output: &Output) -> Result<Option<String>> {
        let computed = timeless(output)?;
        let saved = without_timing(&self.result);
        let found = raw::first_difference("result", &saved, &computed);
        Ok(found.map(|one| format!("{}: saved {}, here {}", one.place, one.saved, one.computed)))
    }
}

/// SHA-256 of each file, in hexadecimal.
fn hashes(files: &[PathBuf]) -> Result<Vec<String>> {
    let hash = |path: &PathBuf| -> io::Result<String> {
        let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
        let mut piece = vec![0; 1 << 20];
        loop {
            let count = file.read(&mut piece)?;
            if count == 0 {
                break;
            }
            hasher.update(&piece[..count]);
        }
        let bytes = hasher.finalize();
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    };
    let named = |path: &PathBuf| {
        hash(path).map_err(|error| Failure::Use(format!("{}: {error}", path.display())))
    };
    files.iter().map(named).collect()
}

/// A result as it is saved: without what no second run has again.
fn timeless(output: &Output) -> Result<String> {
    let text = stringify(output).map_err(unwritable)?;
    Ok(without_timing(&text))
}

/// The text of a result without the field `timing` of its texts.
fn without_timing(text: &str) -> String {
    let raw::Parts::List(items) = raw::parts(text) else {
        return text.into();
    };
    let item = |item: &str| match raw::parts(item) {
        raw::Parts::Object(fields) => {
            let kept = fields
                .into_iter()
                .filter(|(name, _)| name.trim_matches('"') != TIMING);
            let kept: Vec<String> = kept
                .map(|(name, value)| format!("{name}:{value}"))
                .collect();
            format!("{{{}}}", kept.join(","))
        }
        _ => item.into(),
    };
    let items: Vec<String> = items.into_iter().map(item).collect();
    format!("[{}]", items.join(","))
}

/// A run as text, with the seed that was drawn among the options.
pub fn record(run: &Run, output: &Output) -> Result<String> {
    let hashes = hashes(run.weights)?;
    let one = |hash: &String| Json::from(hash.as_str());
    let sha256 = match &hashes[..] {
        [hash] => one(hash),
        several => Json::List(several.iter().map(one).collect()),
    };
    let model = Json::Object(vec![
        ("name".into(), run.model_name.into()),
        ("sha256".into(), sha256),
        ("dtype".into(), run.dtype.name().into()),
    ]);
    let text = |value: &Json| stringify(value).map_err(unwritable);
    Ok(format!(
        "{{\n  \"cloze\": \"{}\",\n  \"task\": \"{}\",\n  \"model\": {},\n  \"input\": {},\n  \"options\": {},\n  \
         \"result\": {}\n}}\n",
        env!("CARGO_PKG_VERSION"),
        run.task.api_name(),
        text(&model)?,
        text(&run.input.to_json())?,
        text(&run.options.to_json())?,
        timeless(output)?
    ))
}

/// What was run.
pub struct Run<'a> {
    pub task: Task,
    pub model_name: &'a str,
    pub weights: &'a [PathBuf],
    pub dtype: DType,
    pub input: &'a Input,
    pub options: &'a Options,
}

fn unwritable(error: serde_json::Error) -> Failure {
    Failure::Use(format!("the result cannot be written as JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        match Record::from_text(text) {
            Ok(_) => panic!("taken: {text}"),
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn what_a_run_lacks_is_named() {
        assert!(refusal("[]").contains("no saved run"));
        let run = |task: &str, model: &str, options: &str, rest: &str| {
            format!(r#"{{"task":"{task}","model":{model},"input":"a","options":{options}{rest}}}"#)
        };
        let (model, result) = (r#"{"sha256":"00"}"#, r#","result":[]"#);
        assert!(refusal(&run("fill-mask", model, "{}", "")).contains("no result"));
        assert!(refusal(&run("fill", model, "{}", result)).contains("\"fill\" is no task"));
        let other = r#"{"dtype":"q5"}"#;
        assert!(refusal(&run("fill-mask", other, "{}", result)).contains("none of q8"));
        assert!(refusal(&run("text-generation", model, "{}", result)).contains("no seed"));
        let unknown = run("fill-mask", model, r#"{"topk":3}"#, result);
        assert!(refusal(&unknown).contains("\"topk\" is no option of fill-mask"));
        let text = run("fill-mask", model, r#"{"top_k":"3"}"#, result);
        assert!(refusal(&text).contains("--top_k: it is no number"));
    }

    #[test]
    fn times_are_no_part_of_a_run() {
        let text = r#"[{"text": "a, b", "timing": {"prefill_ms": 3}, "n": 1}]"#;
        assert_eq!(without_timing(text), r#"[{"text":"a, b","n":1}]"#);
        assert_eq!(without_timing(r#"{"label":"x"}"#), r#"{"label":"x"}"#);
    }
}
