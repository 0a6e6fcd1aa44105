//! Folders: what is read of them, and what is said of what they lack. Where the default models are not there (they are
//! not in the packed crate), the tests that need one say so and pass.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use cloze::pretrained::default_model;
use cloze::weights::DType;
use cloze::{Error, Pretrained, PretrainedError};

/// A folder of its own, removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = env::temp_dir().join(format!("cloze-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        for (file, text) in files {
            fs::write(path.join(file), text).expect("a file");
        }
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn refusal(path: &Path) -> PretrainedError {
    match Pretrained::from_dir(path, DType::Q8) {
        Ok(_) => panic!("{} is a model", path.display()),
        Err(error) => error,
    }
}

/// A default model; `None`, said aloud, where it is not there.
fn model(name: &str) -> Option<PathBuf> {
    match default_model(name) {
        Ok(folder) => Some(folder),
        Err(error) => {
            println!("left out: {error}");
            None
        }
    }
}

#[test]
fn what_is_not_there_is_named() {
    let nowhere = env::temp_dir().join("cloze-no-such-folder");
    assert!(matches!(refusal(&nowhere), PretrainedError::NotFound { path } if path == nowhere));
    let empty = Scratch::new("empty", &[]);
    let error = refusal(&empty.0);
    assert_eq!(error.code(), "not_found");
    assert!(error.to_string().contains("model.safetensors"), "{error}");
}

#[test]
fn small_files_that_lack_are_named() {
    let no_config = Scratch::new("no-config", &[("model.safetensors", "")]);
    let PretrainedError::MissingFiles { any_of, found, .. } = refusal(&no_config.0) else {
        panic!("another error");
    };
    assert_eq!(
        (any_of, &found[..]),
        (&["config.json"][..], &["model.safetensors".to_string()][..])
    );
    let files = [
        ("model.safetensors", ""),
        ("config.json", "{}"),
        ("vocab.json", "{}"),
    ];
    let no_tokenizer = Scratch::new("no-tokenizer", &files);
    let error = refusal(&no_tokenizer.0);
    assert!(
        error.to_string().contains("vocab.json and merges.txt"),
        "{error}"
    );
}

#[test]
fn weights_for_other_programs_and_lost_shards_are_named() {
    let foreign = Scratch::new("foreign", &[("tf_model.h5", ""), ("config.json", "{}")]);
    let error = refusal(&foreign.0);
    assert!(
        matches!(&error, PretrainedError::ForeignWeights { file, .. } if file == "tf_model.h5")
    );
    let index = r#"{"weight_map": {"a": "model-00001-of-00001.safetensors"}}"#;
    let files = [
        ("model.safetensors.index.json", index),
        ("config.json", r#"{"model_type": "bert"}"#),
        ("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]"),
    ];
    let lost = Scratch::new("lost", &files);
    let PretrainedError::NotFound { path } = refusal(&lost.0) else {
        panic!("another error");
    };
    assert_eq!(path, lost.0.join("model-00001-of-00001.safetensors"));
}

#[test]
fn what_the_core_refuses_is_said_with_the_folder() {
    let files = [
        ("model.safetensors", "no weights at all"),
        ("config.json", r#"{"model_type": "bert"}"#),
        ("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]"),
    ];
    let broken = Scratch::new("broken", &files);
    let error = refusal(&broken.0);
    let PretrainedError::Core { path, source } = &error else {
        panic!("another error: {error}");
    };
    assert_eq!(path, &broken.0.join("model.safetensors"));
    assert_eq!(error.code(), source.code());
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_folder_is_a_model_for_its_tasks() {
    let Some(folder) = model("bert") else {
        return;
    };
    let bert = Pretrained::from_dir(&folder, DType::Q8).expect("a model");
    assert_eq!(bert.weight_files(), [folder.join("model.gguf")]);
    let task = bert.fill_mask().expect("a head");
    let text = "The box was [MASK]: somebody had eaten all the cake.";
    let masks = task.predict(text, &Default::default()).expect("masks");
    assert_eq!(masks[0].candidates[0].token_str, "empty");
    // What it was not made for, it says.
    assert!(matches!(
        bert.question_answering().err(),
        Some(Error::NoHead { .. })
    ));
    assert!(matches!(
        bert.summarizer().err(),
        Some(Error::WrongArchitecture { .. })
    ));
}

#[test]
fn a_decoder_writes() {
    let Some(folder) = model("gpt") else {
        return;
    };
    let gpt = Pretrained::from_dir(&folder, DType::Q8).expect("a model");
    let mut options = gpt.generation_options().expect("a decoder");
    options.max_new_tokens = 4;
    options.sampling.do_sample = false;
    let generator = gpt.generate("Once upon a", options).expect("a generator");
    let texts: Vec<String> = generator
        .map(|token| token.expect("a token").text)
        .collect();
    assert!(texts.concat().starts_with(" time"), "{texts:?}");
}
