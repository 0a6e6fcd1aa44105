//! Valid small files of every kind, made here.

use std::collections::BTreeMap;

use cloze::models::gpt2::Gpt2Config;
use cloze::text::{ChatTemplate, Conversation};
use cloze::weights::{Metadata, Value as Entry};
use serde_json::{json, Value};

use crate::support::*;

pub fn bert() -> Case {
    Case::new(fixture!("bert/tiny.json"))
}

pub fn gpt2() -> Case {
    Case::new(fixture!("gpt2/tiny.json"))
}

pub fn safetensors() -> Vec<Vec<u8>> {
    let case = bert();
    let mut files: Vec<_> = [FileDType::F32, FileDType::F16, FileDType::BF16]
        .into_iter()
        .map(|dtype| case.safetensors(dtype))
        .collect();
    // The embeddings under their other name, as `save_model` may leave them.
    let tied = case.renamed(|name| match name {
        "bert.embeddings.word_embeddings.weight" => "cls.predictions.decoder.weight".into(),
        name => name.into(),
    });
    files.push(tied.safetensors(FileDType::F32));
    files
}

/// GPT-2 with its own configuration, as llama.cpp names things.
pub fn gguf_files() -> Vec<Vec<u8>> {
    let case = gpt2();
    let number = |key: &str| Pair::U32(case.size(key) as u32);
    let words = (0..case.size("vocab_size")).map(|id| format!("t{id}"));
    let metadata = BTreeMap::from([
        ("general.architecture".into(), Pair::Text("gpt2".into())),
        ("general.alignment".into(), Pair::U32(32)),
        ("gpt2.context_length".into(), number("n_positions")),
        ("gpt2.embedding_length".into(), number("n_embd")),
        (
            "gpt2.feed_forward_length".into(),
            Pair::U32(4 * case.size("n_embd") as u32),
        ),
        ("gpt2.block_count".into(), number("n_layer")),
        ("gpt2.attention.head_count".into(), number("n_head")),
        ("gpt2.attention.layer_norm_epsilon".into(), Pair::F32(1e-5)),
        ("tokenizer.ggml.model".into(), Pair::Text("gpt2".into())),
        ("tokenizer.ggml.tokens".into(), Pair::Texts(words.collect())),
    ]);
    let file = |dtype| {
        let tensors: Vec<_> = case
            .tensors
            .iter()
            .map(|tensor| {
                let ours = tensor.name.trim_start_matches("transformer.");
                let conv1d = ours.starts_with("h.") && tensor.shape.len() == 2;
                let mut tensor = if conv1d {
                    transposed(tensor)
                } else {
                    tensor.clone()
                };
                tensor.name = Gpt2Config::gguf_name(ours).expect("llama.cpp knows it");
                let dtype = gguf_dtype(&tensor, dtype);
                (tensor, dtype)
            })
            .collect();
        gguf(&metadata, &tensors)
    };
    [FileDType::Q4_0, FileDType::Q8_0, FileDType::F16]
        .into_iter()
        .map(file)
        .collect()
}

/// What PyTorch wrote (tests/parity/torch_files.py), and a whole model.
pub fn torch() -> Vec<Vec<u8>> {
    macro_rules! files {
        ($($name:literal),*) => {
            vec![$(include_bytes!(concat!("../../../tests/parity/fixtures/torch/", $name, ".bin")).to_vec()),*]
        };
    }
    let mut files = files![
        "module",
        "types",
        "tied",
        "slices",
        "shared",
        "strided",
        "nested",
        "protocol4",
        "packed-again",
        "zip64-pipe",
        "old-entries"
    ];
    files.push(torch_save(&bert().tensors, FileDType::F16));
    files
}

/// The same from before PyTorch 1.6.
pub fn torch_legacy() -> Vec<Vec<u8>> {
    macro_rules! files {
        ($($name:literal),*) => {
            vec![$(include_bytes!(concat!("../../../tests/parity/fixtures/torch/legacy-", $name, ".bin")).to_vec()),*]
        };
    }
    files![
        "types",
        "tied",
        "shared",
        "strided",
        "nested",
        "protocol4",
        "views",
        "python2"
    ]
}

/// Pickles of three tensors of six values, as [`super::targets`] puts behind them, and those in [`torch`].
pub fn pickles() -> Vec<Vec<u8>> {
    let three = |shapes: [&[usize]; 3]| {
        let tensors = shapes
            .iter()
            .zip(["a", "bert.b", "c"])
            .map(|(shape, name)| NamedTensor {
                name: name.into(),
                shape: shape.to_vec(),
                values: vec![0.5; 6],
            });
        pickle_of(&torch_save(&tensors.collect::<Vec<_>>(), FileDType::F32))
    };
    let mut pickles = vec![
        three([&[6], &[2, 3], &[3, 2]]),
        three([&[1, 6], &[6, 1, 1], &[1, 2, 3]]),
    ];
    // More often than the others, which want other storages.
    pickles.extend_from_within(..);
    pickles.extend_from_within(..);
    pickles.extend(torch().iter().map(|file| pickle_of(file)));
    pickles
}

/// The first entry of an archive.
fn pickle_of(file: &[u8]) -> Vec<u8> {
    let at = |at: usize| u16::from_le_bytes([file[at], file[at + 1]]) as usize;
    let start = 30 + at(26) + at(28);
    let end = file.windows(4).position(|bytes| bytes == b"PK\x07\x08");
    let next = file[4..]
        .windows(4)
        .position(|bytes| bytes == b"PK\x03\x04");
    let end = end.into_iter().chain(next.map(|next| next + 4)).min();
    file[start..end.expect("an end")].to_vec()
}

pub fn shards() -> Vec<Vec<u8>> {
    let index = |files: usize, tensors: usize, end: &str| {
        let map: serde_json::Map<_, _> = (0..tensors)
            .map(|tensor| {
                let file = format!("model-{:05}-of-{files:05}.{end}", tensor % files + 1);
                (format!("h.{tensor}.weight"), json!(file))
            })
            .collect();
        json!({"metadata": {"total_size": 1000}, "weight_map": map})
    };
    [
        index(1, 1, "bin"),
        index(3, 20, "safetensors"),
        index(40, 90, "safetensors"),
    ]
    .iter()
    .map(bytes)
    .collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("JSON")
}

pub fn configs() -> Vec<Vec<u8>> {
    macro_rules! configs {
        ($($name:literal),*) => {
            vec![$(Case::new(fixture!($name)).config()),*]
        };
    }
    configs![
        "bert/tiny.json",
        "bert/odd.json",
        "gpt2/tiny.json",
        "gpt2/odd.json",
        "albert/tiny.json",
        "distilbert/odd.json",
        "llama/tiny.json",
        "llama/llama3.json",
        "openai-gpt/odd.json",
        "roberta/odd.json"
    ]
}

fn word_piece() -> Value {
    let words = "[PAD] [UNK] [CLS] [SEP] [MASK] a b c the he ##llo world ##s ##a ##b . , ! hello caf\u{e9} ##x";
    let vocab: serde_json::Map<_, _> = words
        .split(' ')
        .zip(0..)
        .map(|(word, id)| (word.to_string(), json!(id)))
        .collect();
    let special = |id: u32, content: &str| {
        json!({"id": id, "content": content, "single_word": false, "lstrip": content == "[MASK]",
            "rstrip": false, "normalized": false, "special": true})
    };
    let piece = |text: &str, type_id: u32| json!({"Sequence": {"id": text, "type_id": type_id}});
    let token =
        |text: &str, type_id: u32| json!({"SpecialToken": {"id": text, "type_id": type_id}});
    json!({
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 128, "strategy": "LongestFirst", "stride": 0},
        "padding": null,
        "added_tokens": [special(0, "[PAD]"), special(1, "[UNK]"), special(2, "[CLS]"), special(3, "[SEP]"), special(4, "[MASK]")],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [token("[CLS]", 0), piece("A", 0), token("[SEP]", 0)],
            "pair": [token("[CLS]", 0), piece("A", 0), token("[SEP]", 0), piece("B", 1), token("[SEP]", 1)],
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]},
            }
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocab}
    })
}

fn byte_level() -> Value {
    let words = "a b c d e h l o w r \u{120} \u{120}w he ll hell hello \u{120}wo <|endoftext|>";
    let vocab: serde_json::Map<_, _> = words
        .split(' ')
        .zip(0..)
        .map(|(word, id)| (word.to_string(), json!(id)))
        .collect();
    json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [{"id": 17, "content": "<|endoftext|>", "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true}],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": true},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]},
        "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
        "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
        "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
            "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
            "vocab": vocab,
            "merges": ["h e", "l l", "he ll", "hell o", "\u{120} w", "\u{120}w o"]}
    })
}

pub fn tokenizers() -> Vec<Vec<u8>> {
    let (word_piece, byte_level) = (word_piece(), byte_level());
    let mut mixed = word_piece.clone();
    mixed["model"] = json!({"type": "Unigram", "unk_id": 0, "byte_fallback": false,
        "vocab": [["<unk>", 0.0], ["a", -1.0], ["hello", -2.5], ["\u{2581}", -3.0]]});
    let mut words = word_piece.clone();
    words["model"] =
        json!({"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 1, "hello": 2}});
    [word_piece, byte_level, mixed, words]
        .iter()
        .map(bytes)
        .collect()
}

/// Every kind of part that a tokenizer.json may have, in kinds of order.
pub fn tokenizer_parts() -> Vec<Value> {
    let regex = |regex: &str| json!({ "Regex": regex });
    let mut parts = vec![
        json!({"type": "NFD"}),
        json!({"type": "NFKC"}),
        json!({"type": "StripAccents"}),
        json!({"type": "Nmt"}),
        json!({"type": "Strip", "strip_left": true, "strip_right": true}),
        json!({"type": "Prepend", "prepend": ""}),
        json!({"type": "Prepend", "prepend": "\u{2581}"}),
        json!({"type": "ByteLevel"}),
        json!({"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": false}),
        json!({"type": "Precompiled", "precompiled_charsmap": "AAAA"}),
        json!({"type": "BertPreTokenizer"}),
        json!({"type": "Whitespace"}),
        json!({"type": "WhitespaceSplit"}),
        json!({"type": "CharDelimiterSplit", "delimiter": "a"}),
        json!({"type": "Punctuation", "behavior": "Removed"}),
        json!({"type": "Punctuation", "behavior": "MergedWithNext"}),
        json!({"type": "Digits", "individual_digits": false}),
        json!({"type": "UnicodeScripts"}),
        json!({"type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": "first", "split": true}),
        json!({"type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": "always", "split": false}),
        json!({"type": "FixedLength", "length": 1}),
        json!({"type": "FixedLength", "length": u64::MAX}),
        json!({"type": "Fuse"}),
        json!({"type": "ByteFallback"}),
        json!({"type": "BPEDecoder", "suffix": "</w>"}),
        json!({"type": "BPEDecoder", "suffix": ""}),
        json!({"type": "CTC", "pad_token": "a", "word_delimiter_token": "", "cleanup": true}),
        json!({"type": "WordPiece", "prefix": "", "cleanup": true}),
        json!({"type": "Strip", "content": "a", "start": 1, "stop": u64::MAX}),
        json!({"type": "Strip", "content": " ", "start": 100, "stop": 0}),
        json!({"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}),
        json!({"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true,
            "add_prefix_space": true}),
        json!({"type": "Sequence", "processors": []}),
        json!({"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": "a", "start": 3, "stop": 3}]}),
        json!({"type": "Sequence", "pretokenizers": []}),
        json!({"type": "BPE", "vocab": {"a": 0, "##b": 1, "a##b": 2}, "merges": [["a", "##b"]],
            "continuing_subword_prefix": "##", "dropout": 0.5, "unk_token": "a"}),
        json!({"type": "BPE", "vocab": {"a": 0}, "merges": [], "byte_fallback": true, "fuse_unk": true,
            "unk_token": "missing"}),
        json!({"type": "BPE", "vocab": {"<0x61>": 0}, "merges": [], "byte_fallback": true, "ignore_merges": true}),
        json!({"type": "Unigram", "vocab": [["", 0.0]], "unk_id": 0}),
        json!({"type": "Unigram", "vocab": [["a", 0.0], ["aa", 1e300]], "unk_id": 1, "byte_fallback": true}),
        json!({"type": "WordLevel", "vocab": {}, "unk_token": ""}),
        json!({"id": u32::MAX, "content": "hello", "single_word": true, "lstrip": true, "rstrip": true,
            "normalized": true, "special": false}),
        json!({"id": 3, "content": "", "single_word": false, "lstrip": true, "rstrip": true,
            "normalized": true, "special": true}),
        json!({"SpecialToken": {"id": "[CLS]", "type_id": 7}}),
        json!({"Sequence": {"id": "B", "type_id": u32::MAX}}),
        json!({"direction": "Left", "max_length": 1, "strategy": "OnlyFirst", "stride": 1}),
        json!({"strategy": {"Fixed": u64::MAX}, "direction": "Left", "pad_to_multiple_of": 0, "pad_id": 0,
            "pad_type_id": 0, "pad_token": "x"}),
    ];
    for pattern in [
        json!({"String": ""}),
        json!({"String": "a"}),
        regex(""),
        regex("a*"),
        regex("(a+)+b"),
        regex("(?=a)"),
        regex("\\b"),
        regex("^"),
        regex("(?:a{500}){500}"),
        regex("[^\\s]+|\\s+(?!\\S)"),
        regex("("),
    ] {
        parts.push(json!({"type": "Replace", "pattern": pattern, "content": "xy"}));
        for behavior in ["Isolated", "Removed", "MergedWithPrevious", "Contiguous"] {
            parts.push(
                json!({"type": "Split", "pattern": pattern, "behavior": behavior, "invert": behavior == "Removed"}),
            );
        }
    }
    parts
}

pub fn vocab_txt() -> Vec<Vec<u8>> {
    vec![
        fixture!("tokenizers/wordpiece-uncased/vocab.txt").into(),
        fixture!("tokenizers/wordpiece-cased/vocab.txt").into(),
        b"[UNK]\n[CLS]\n[SEP]\n".to_vec(),
    ]
}

/// `vocab.json`, a zero byte, `merges.txt`.
pub fn vocab_json() -> Vec<Vec<u8>> {
    let pair = |vocab: &str, merges: &str| format!("{vocab}\0{merges}").into_bytes();
    vec![
        pair(
            fixture!("tokenizers/byte-level/vocab.json"),
            fixture!("tokenizers/byte-level/merges.txt"),
        ),
        pair(
            "{\"a\":0,\"b\":1,\"ab\":2,\"<|endoftext|>\":3}",
            "#version: 0.2\na b\n",
        ),
        pair("{}", ""),
    ]
}

pub fn tokenizer_configs() -> Vec<Vec<u8>> {
    vec![
        fixture!("tokenizers/wordpiece-uncased/tokenizer_config.json").into(),
        b"{}".to_vec(),
        br#"{"do_lower_case": false, "strip_accents": true, "tokenize_chinese_chars": false,
            "add_prefix_space": true, "model_max_length": 1000000000000000019884624838656,
            "mask_token": {"content": "[MASK]", "lstrip": true}}"#
            .to_vec(),
        br#"{"tokenizer_class": "AlbertTokenizerFast", "keep_accents": true, "do_lower_case": false, "legacy": false,
            "add_bos_token": true, "additional_special_tokens": ["<bot>", {"content": "hello", "rstrip": true}],
            "added_tokens_decoder": {"0": {"content": "a"}, "23": {"content": "<x>", "special": true},
            "4294967295": {"content": "b b", "normalized": true, "single_word": true}}}"#
            .to_vec(),
        br#"{"tokenizer_class": "LlamaTokenizer", "unk_token": "<unk>", "cls_token": "a", "sep_token": {"content": "c"},
            "bos_token": "<s>", "pad_token": null, "legacy": true, "add_prefix_space": false}"#
            .to_vec(),
        br#"{"<bot>": 359, "[PAD]": 0, "x": 4294967295, "hello": 400}"#.to_vec(),
    ]
}

/// Chat templates, and expressions of all kinds, as far as they take the conversation `talk`.
pub fn chat_templates(talk: &Conversation) -> Vec<Vec<u8>> {
    let fixture: Value = serde_json::from_str(fixture!("chat-templates.json")).expect("JSON");
    let templates = fixture["templates"].as_object().expect("templates");
    let cases = fixture["expressions"]["cases"].as_array().expect("cases");
    let cases = cases.iter().map(|case| &case["template"]);
    let sources = templates.values().chain(cases).filter_map(Value::as_str);
    let taken = |source: &&str| ChatTemplate::new(source, &[]).apply(talk).is_ok();
    sources.filter(taken).map(Into::into).collect()
}

/// The metadata of GGUF files, as JSON: one for each kind of tokenizer.
pub fn gguf_tokenizers() -> Vec<Vec<u8>> {
    let words = |words: &str| words.split(' ').map(str::to_string).collect::<Vec<_>>();
    let template = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message['content'] | trim }}\
        <|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    let byte_level =
        words("a b c d e h l o w r \u{120} \u{120}w he ll hell hello \u{120}wo <|im_end|>");
    let pieces =
        words("<unk> <s> </s> <0x0A> <0xC3> \u{2581} h e l o he ll hell hello \u{2581}hello a");
    let word_pieces = words("[PAD] [UNK] [CLS] [SEP] [MASK] \u{2581}hello \u{2581}a s \u{2581}. b");
    let kinds = |tokens: &[String], special: &[usize]| -> Vec<u32> {
        // The last one is a user's.
        let kind = |index| match special.contains(&index) {
            true => 3,
            false if index + 1 == tokens.len() => 4,
            false => 1,
        };
        (0..tokens.len()).map(kind).collect()
    };
    let scores: Vec<f64> = (0..pieces.len()).map(|index| -(index as f64)).collect();
    [
        json!({
            "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm",
            "tokenizer.ggml.token_type": kinds(&byte_level, &[17]), "tokenizer.ggml.tokens": byte_level,
            "tokenizer.ggml.merges": ["h e", "l l", "he ll", "hell o", "\u{120} w", "\u{120}w o"],
            "tokenizer.ggml.bos_token_id": 17, "tokenizer.ggml.eos_token_id": 17,
            "tokenizer.ggml.add_bos_token": true, "tokenizer.ggml.add_space_prefix": false,
            "tokenizer.chat_template": template,
        }),
        json!({
            "tokenizer.ggml.model": "llama", "tokenizer.ggml.token_type": kinds(&pieces, &[0, 1, 2]),
            "tokenizer.ggml.tokens": pieces, "tokenizer.ggml.scores": scores,
            "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2,
            "tokenizer.ggml.unknown_token_id": 0, "tokenizer.ggml.add_eos_token": true,
        }),
        json!({
            "tokenizer.ggml.model": "bert", "tokenizer.ggml.token_type": kinds(&word_pieces, &[0, 1, 2, 3, 4]),
            "tokenizer.ggml.tokens": word_pieces, "tokenizer.ggml.normalizer.lowercase": true,
            "tokenizer.ggml.normalizer.strip_accents": false, "tokenizer.ggml.bos_token_id": 2,
            "tokenizer.ggml.seperator_token_id": 3, "tokenizer.ggml.mask_token_id": 4,
            "tokenizer.huggingface.json": "{}",
        }),
    ]
    .iter()
    .map(bytes)
    .collect()
}

pub fn gguf_tokenizer_parts() -> Vec<Value> {
    [
        "gpt2",
        "llama",
        "bert",
        "gpt-2",
        "llama-bpe",
        "qwen2",
        "smollm",
        "default",
        "hell hello",
        "<s>",
        "{% for a in b %}",
    ]
    .into_iter()
    .map(Value::from)
    .chain((0..20).map(Value::from))
    .collect()
}

/// Metadata from such JSON; empty where it is none.
pub fn metadata(json: &[u8]) -> Metadata {
    fn entry(value: Value) -> Entry {
        match value {
            Value::Bool(value) => Entry::Bool(value),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Entry::Int(number),
                None => Entry::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Entry::String(text),
            Value::Array(values) => Entry::Array(values.into_iter().map(entry).collect()),
            Value::Null | Value::Object(_) => Entry::Float(f64::NAN),
        }
    }
    match serde_json::from_slice(json) {
        Ok(Value::Object(entries)) => {
            let entries = entries.into_iter();
            Metadata(entries.map(|(key, value)| (key, entry(value))).collect())
        }
        _ => Metadata::default(),
    }
}
