//! The readers, what they are given and how much memory is right for it.

use std::sync::{Arc, LazyLock};

use cloze::models::{Config, ModelLoader};
use cloze::text::{
    ChatTemplate, Conversation, TextStream, TokenizationSteps, Tokenizer, TokenizerFiles,
};
use cloze::weights::{shard_names, DType};
use cloze::Error;
use serde_json::Value;

use super::corpus;
use super::mutate::{self, Random};
use crate::support::{fixture, FileDType};

/// A reader of one kind of file.
pub struct Target {
    pub name: &'static str,
    corpus: fn() -> Vec<Vec<u8>>,
    /// Reads an input, in random pieces where it comes in pieces.
    pub read: fn(&[u8], &mut Random) -> Result<(), Error>,
    /// Bytes of memory for a byte of input that are right.
    multiple: usize,
    /// And bytes for anything.
    constant: usize,
    /// What is put into JSON files.
    parts: Option<fn() -> Vec<Value>>,
}

/// A matrix of 64 MB is believed on a file's word (`cloze::memory`); the rest are the model's own parts.
const WEIGHTS: usize = 80 << 20;
/// What the `tokenizers` crate takes for itself: caches of words and compiled expressions.
const TOKENIZER: usize = 32 << 20;

const fn target(
    name: &'static str,
    corpus: fn() -> Vec<Vec<u8>>,
    read: fn(&[u8], &mut Random) -> Result<(), Error>,
) -> Target {
    Target {
        name,
        corpus,
        read,
        multiple: 64,
        constant: 1 << 20,
        parts: None,
    }
}

/// All of them.
pub static TARGETS: [Target; 13] = [
    Target {
        constant: WEIGHTS,
        ..target("safetensors", corpus::safetensors, |input, random| {
            weights(Some(bert_config()), input, random)
        })
    },
    Target {
        constant: WEIGHTS,
        ..target("gguf", corpus::gguf_files, |input, random| {
            static CONFIG: LazyLock<Vec<u8>> = LazyLock::new(|| corpus::gpt2().config());
            let own = random.below(2) == 0;
            weights((!own).then_some(CONFIG.as_slice()), input, random)
        })
    },
    Target {
        constant: WEIGHTS,
        multiple: 256,
        ..target("torch", corpus::torch, torch)
    },
    Target {
        constant: WEIGHTS,
        multiple: 256,
        ..target("torch_legacy", corpus::torch_legacy, torch)
    },
    Target {
        constant: WEIGHTS,
        multiple: 256,
        ..target("pickle", corpus::pickles, |input, random| {
            torch(&around(input), random)
        })
    },
    Target {
        parts: Some(Vec::new),
        ..target("shards", corpus::shards, |input, _| {
            shard_names(input).map(drop)
        })
    },
    Target {
        parts: Some(Vec::new),
        ..target("config", corpus::configs, |input, _| {
            Config::from_json(input).map(drop)
        })
    },
    Target {
        multiple: 1024,
        constant: TOKENIZER,
        parts: Some(corpus::tokenizer_parts),
        ..target("tokenizer", corpus::tokenizers, |input, _| {
            tokenizer(TokenizerFiles {
                tokenizer: Some(input),
                ..Default::default()
            })
        })
    },
    Target {
        multiple: 1024,
        constant: TOKENIZER,
        ..target("vocab_txt", corpus::vocab_txt, |input, _| {
            tokenizer(TokenizerFiles {
                vocab_txt: Some(input),
                ..Default::default()
            })
        })
    },
    Target {
        multiple: 1024,
        constant: TOKENIZER,
        ..target("vocab_json", corpus::vocab_json, |input, _| {
            let end = input.iter().position(|&byte| byte == 0);
            let (vocab, merges) = input.split_at(end.unwrap_or(input.len()));
            tokenizer(TokenizerFiles {
                vocab_json: Some(vocab),
                merges_txt: Some(merges.strip_prefix(b"\0").unwrap_or_default()),
                ..Default::default()
            })
        })
    },
    Target {
        multiple: 1024,
        constant: TOKENIZER,
        parts: Some(Vec::new),
        ..target(
            "tokenizer_config",
            corpus::tokenizer_configs,
            |input, random| {
                static WHOLE: LazyLock<Vec<Vec<u8>>> = LazyLock::new(corpus::tokenizers);
                let text = |text: &'static str| Some(text.as_bytes());
                let mut files = TokenizerFiles::default();
                match random.below(4) {
                    0 => files.special_tokens_map = Some(input),
                    1 => files.added_tokens = Some(input),
                    _ => files.tokenizer_config = Some(input),
                }
                match random.below(6) {
                    0 => files.vocab_txt = text(fixture!("tokenizers/wordpiece-uncased/vocab.txt")),
                    1 => {
                        files.vocab_json = text(fixture!("tokenizers/byte-level/vocab.json"));
                        files.merges_txt = text(fixture!("tokenizers/byte-level/merges.txt"));
                    }
                    2 => files.tokenizer = text(fixture!("tokenizers/albert/tokenizer.json")),
                    whole => files.tokenizer = Some(&WHOLE[whole % WHOLE.len()]),
                }
                tokenizer(files)
            },
        )
    },
    Target {
        multiple: 2048,
        constant: TOKENIZER,
        parts: Some(corpus::gguf_tokenizer_parts),
        ..target("gguf_tokenizer", corpus::gguf_tokenizers, |input, _| {
            let tokenizer = Tokenizer::from_gguf(&corpus::metadata(input))?;
            if let Ok(template) = tokenizer.chat_template() {
                drop(template.apply(&talk()));
            }
            used(tokenizer)
        })
    },
    Target {
        // What a template may make in all (`text::jinja::meter`).
        constant: 256 << 20,
        multiple: 4096,
        ..target(
            "chat_template",
            || corpus::chat_templates(&talk()),
            |input, _| {
                let source = String::from_utf8_lossy(input);
                let template =
                    ChatTemplate::new(&source, &[("bos_token", "<s>"), ("eos_token", "</s>")]);
                template.apply(&talk()).map(drop)
            },
        )
    },
];

/// A conversation with tools and all.
fn talk() -> Conversation {
    let talk = r#"{"messages": [{"role": "system", "content": "Be\nbrief."}, {"role": "user", "content": "hello", "n": 1.5}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"a": [1, null, true]}}}]}"#;
    serde_json::from_str(talk).unwrap_or_default()
}

impl Target {
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }

    /// The files that are spoiled.
    pub fn corpus(&self) -> Vec<Vec<u8>> {
        (self.corpus)()
    }

    /// Bytes of memory that are right for an input of `length`.
    pub fn most_memory(&self, length: usize) -> usize {
        self.multiple * length + self.constant
    }

    /// One of the files, spoiled.
    pub fn spoil(&self, random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
        let file = random.pick(corpus);
        let by_value = self.parts.filter(|_| random.below(4) > 0);
        by_value
            .and_then(|parts| mutate::json(random, file, &parts()))
            .unwrap_or_else(|| mutate::bytes(random, file, corpus))
    }
}

fn bert_config() -> &'static [u8] {
    static CONFIG: LazyLock<Vec<u8>> = LazyLock::new(|| corpus::bert().config());
    &CONFIG
}

/// Pushes a weight file in random pieces.
fn weights(config: Option<&[u8]>, input: &[u8], random: &mut Random) -> Result<(), Error> {
    let dtype = *random.pick(&[DType::Q8, DType::Q4, DType::F32]);
    let mut loader = ModelLoader::new(config, dtype)?;
    let longest = *random.pick(&[1, 16, 1000, 1 << 20]);
    // Small pieces matter where the header is; all of a file by the byte would only take time.
    let (head, mut left) = input.split_at(input.len().min(20_000));
    let mut rest = head;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((1 + random.below(longest)).min(rest.len()));
        loader.push(piece)?;
        rest = after;
    }
    while !left.is_empty() {
        let (piece, after) = left.split_at((1 + random.below(1 << 20)).min(left.len()));
        loader.push(piece)?;
        left = after;
    }
    if random.below(4) == 0 {
        loader.end_file()?;
    }
    loader.finish().map(drop)
}

/// A file of PyTorch: what is no model is still read to its end.
fn torch(input: &[u8], random: &mut Random) -> Result<(), Error> {
    match weights(Some(bert_config()), input, random) {
        Err(Error::MissingTensor(_)) => Ok(()),
        result => result,
    }
}

/// An archive around a pickle, with storages of some sizes.
fn around(pickle: &[u8]) -> Vec<u8> {
    let tensor = |index: usize| crate::support::NamedTensor {
        name: "a".repeat(index),
        shape: vec![6],
        values: vec![0.5; 6],
    };
    let tensors: Vec<_> = (1..4).map(tensor).collect();
    let file = crate::support::torch_save(&tensors, FileDType::F32);
    let (start, end) = (30 + "archive/data.pkl".len() + 4, b"PK\x07\x08");
    let behind = file
        .windows(4)
        .position(|bytes| bytes == end)
        .expect("an end")
        + 16;
    let length = (pickle.len() as u32).to_le_bytes();
    let head = &file[..start];
    [
        head,
        pickle,
        end,
        &[0; 4],
        &length,
        &length,
        &file[behind..],
    ]
    .concat()
}

/// Builds a tokenizer and uses it.
fn tokenizer(files: TokenizerFiles) -> Result<(), Error> {
    used(Tokenizer::from_files(&files)?)
}

fn used(tokenizer: Tokenizer) -> Result<(), Error> {
    let tokenizer = Arc::new(tokenizer);
    let steps = TokenizationSteps::new(tokenizer.clone())?;
    for text in [
        "",
        "Hello [MASK] world! aaab <|endoftext|>",
        "\u{1f468}\u{200d}\u{1f469} cafe\u{301} \u{0}\u{2581}\u{4e2d} 123 x",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        steps.of(text)?;
        for pair in [None, Some("he said")] {
            for special in [true, false] {
                let encoding = tokenizer.encode(text, pair, special)?;
                tokenizer.decode(&encoding.ids())?;
                let mut stream = TextStream::after(tokenizer.clone(), &[]);
                for id in encoding.ids() {
                    stream.push(id);
                    tokenizer.readable(id);
                }
                stream.finish();
            }
        }
    }
    tokenizer.ids_without_token(1000);
    let _ = tokenizer.check_rows(10);
    tokenizer.mask_token();
    tokenizer.continuation_prefix();
    Ok(())
}
