//! The command line.

use std::path::PathBuf;

use cloze::weights::DType;

use crate::failure::{Failure, Result};

/// How it is called.
pub const USAGE: &str = "\
cargo xtask evaluate --data DIR [--out FILE] [--only bert|gpt] [--bert FOLDER] [--gpt FOLDER]
                     [--dtype q8|q4|fp32] [--train DIR] [--judge FILE.gguf]

  --data DIR     held-out text: books.txt, facts.txt, speeches.txt, textbooks.txt, stories.txt,
                 tldr.jsonl, each plain or as .xz
  --out FILE     write the results there as JSON
  --only MODEL   measure one model only
  --bert FOLDER, --gpt FOLDER
                 models to measure (config.json, tokenizer.json, model.gguf or model.safetensors);
                 models/bert and models/gpt
  --dtype DTYPE  how the weights are kept in memory: q8, or as they are in the file where that is less; fp32
                 to see what our rounding costs (an hour instead of minutes)
  --train DIR    training text, for the baselines; the folder above --data, where it has a books.txt
  --judge FILE   a larger model, as GGUF with its tokenizer, that reads the stories and sums up the same
                 documents: `cargo xtask smollm2` fetches target/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";

/// The models that the playground starts with.
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models");

/// What is asked for.
#[derive(Debug, PartialEq)]
pub struct Args {
    /// Held-out text.
    pub data: PathBuf,
    /// Training text for the baselines.
    pub train: Option<PathBuf>,
    /// A larger model that reads the stories.
    pub judge: Option<PathBuf>,
    /// Where the JSON goes.
    pub out: Option<PathBuf>,
    /// Folder of the BERT, if it is measured.
    pub bert: Option<PathBuf>,
    /// Folder of the GPT-2, if it is measured.
    pub gpt: Option<PathBuf>,
    /// How the weights are kept.
    pub dtype: DType,
}

impl Args {
    /// Reads `--name value` and `--name=value`.
    ///
    /// # Errors
    /// [`Failure::Usage`].
    pub fn parse(args: &[String]) -> Result<Self> {
        let (mut data, mut train, mut out, mut only, mut judge) = (None, None, None, None, None);
        let mut bert = PathBuf::from(MODELS).join("bert");
        let mut gpt = PathBuf::from(MODELS).join("gpt");
        let mut dtype = DType::Q8;
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            let known = [
                "--judge", "--data", "--train", "--out", "--only", "--bert", "--gpt", "--dtype",
            ];
            if !known.contains(&name) {
                return Err(Failure::Usage(format!("There is no option `{arg}`.")));
            }
            let value = value
                .or_else(|| args.next().cloned())
                .filter(|value| !value.is_empty())
                .ok_or_else(|| Failure::Usage(format!("`{name}` wants a value.")))?;
            match name {
                "--data" => data = Some(value.into()),
                "--judge" => judge = Some(value.into()),
                "--train" => train = Some(value.into()),
                "--out" => out = Some(value.into()),
                "--bert" => bert = value.into(),
                "--gpt" => gpt = value.into(),
                "--dtype" => {
                    dtype = DType::from_name(&value).ok_or_else(|| {
                        Failure::Usage(format!("`--dtype`: {value} is none of q8, q4, fp32."))
                    })?;
                }
                _ if value == "bert" || value == "gpt" => only = Some(value),
                _ => return Err(Failure::Usage("`--only` wants `bert` or `gpt`.".into())),
            }
        }
        let data = data.ok_or_else(|| Failure::Usage("`--data` is missing.".into()))?;
        let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
        Ok(Self {
            train,
            judge,
            out,
            bert: wanted("bert").then_some(bert),
            gpt: wanted("gpt").then_some(gpt),
            dtype,
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Args> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        Args::parse(&args)
    }

    #[test]
    fn options_have_values_in_both_forms() {
        let args = parse(&["--data", "d", "--out=o.json", "--only", "gpt", "--gpt", "g"]).unwrap();
        assert_eq!(args.data, PathBuf::from("d"));
        assert_eq!(args.out, Some("o.json".into()));
        assert_eq!((args.bert, args.gpt), (None, Some("g".into())));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for wrong in [
            &[][..],
            &["--data"],
            &["--data="],
            &["--data", "d", "--only", "elmo"],
            &["--data", "d", "--fast", "1"],
            &["d"],
        ] {
            assert!(matches!(parse(wrong), Err(Failure::Usage(_))), "{wrong:?}");
        }
    }
}
