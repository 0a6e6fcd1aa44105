//! The page's own models, taken back to f32: the numbers of training are those of inference.

use std::collections::BTreeMap;

use cloze::models::{EncoderInput, Model, ModelLoader};
use cloze::train::files::{FileConfig, Files, ModelFiles};
use cloze::train::models::bert::{Bert, BertHeads, Pairs};
use cloze::train::models::gpt::Gpt;
use cloze::train::models::Texts;
use cloze::train::ops::values;
use cloze::train::parameters::Parameters;
use cloze::train::random::Dropout;
use cloze::weights::DType;

use crate::support::*;

fn folder(name: &str, files: &[&str]) -> Files {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let read = |file: &&str| {
        let bytes = std::fs::read(root.join(name).join(file)).expect("a file");
        (file.to_string(), bytes)
    };
    files.iter().map(read).collect()
}

fn inference(files: &Files) -> Model {
    let config = files.get("config.json").map(Vec::as_slice);
    let mut loader = ModelLoader::new(config, DType::F32).expect("a config");
    loader.push(&files["model.gguf"]).expect("weights");
    loader.finish().expect("a model")
}

fn read(files: &Files) -> (ModelFiles, Vec<u32>) {
    let found = ModelFiles::read(files).expect("the files");
    let text = "The capital of France is Paris.";
    let ids = found.tokenizer.encode(text, None, true).expect("tokens");
    let ids = ids.ids();
    (found, ids)
}

#[test]
fn the_pages_gpt() {
    let files = folder("gpt", &["config.json", "tokenizer.json", "model.gguf"]);
    let (found, input_ids) = read(&files);
    let FileConfig::Gpt(config) = &found.config else {
        panic!("a GPT");
    };
    let mut parameters = Parameters::given(found.weights);
    let gpt = Gpt::new(config, &mut parameters).expect("all weights");
    let len = input_ids.len();
    let texts = Texts { input_ids, len };
    let hidden = gpt.hidden_states(&texts, &Dropout::none()).expect("states");
    let ours = gpt.lm_head(&hidden).expect("logits");
    let decoder = inference(&files).into_decoder().expect("a decoder");
    let mut cache = decoder.new_cache().expect("a cache");
    let hidden = decoder.hidden_states(&texts.input_ids, &mut cache);
    let theirs = decoder.lm_head(&hidden.expect("states")).expect("logits");
    assert_close("logits", &values(&ours).expect("values"), &theirs);
}

#[test]
fn the_pages_bert() {
    let files = folder("bert", &["config.json", "tokenizer.json", "model.gguf"]);
    let (found, input_ids) = read(&files);
    let FileConfig::Bert(config) = &found.config else {
        panic!("a BERT");
    };
    let mut parameters = Parameters::given(found.weights);
    let heads = BertHeads {
        mlm: true,
        nsp: true,
    };
    let bert = Bert::new(config, heads, &mut parameters).expect("all weights");
    let len = input_ids.len();
    let token_type_ids = vec![0; len];
    let input = EncoderInput::single(input_ids.clone(), token_type_ids.clone());
    let pairs = Pairs {
        texts: Texts { input_ids, len },
        token_type_ids,
        lengths: Vec::new(),
    };
    let ours = bert
        .hidden_states(&pairs, &Dropout::none())
        .expect("states");
    let encoder = inference(&files).into_encoder().expect("an encoder");
    let theirs = encoder.hidden_states(&input).expect("states");
    assert_close("states", &values(&ours).expect("values"), &theirs);
}

/// A GGUF file says its sizes itself.
#[test]
fn a_gguf_file_without_config() {
    let all = ["config.json", "tokenizer.json", "model.gguf"];
    let (found, _) = read(&folder("gpt", &all[1..]));
    let (beside, _) = read(&folder("gpt", &all));
    assert!(found.json.is_null() && beside.json.is_object());
    assert_eq!(found.config, beside.config);
    assert_eq!(found.weights, beside.weights);
}

#[test]
fn what_is_wrong_is_said() {
    let code = |files: &Files| ModelFiles::read(files).err().map(|error| error.code());
    assert_eq!(code(&BTreeMap::new()), Some("invalid_weights"));
    let whole = folder("gpt", &["config.json", "tokenizer.json", "model.gguf"]);
    let mut files = whole.clone();
    files.get_mut("model.gguf").expect("it").truncate(9_000_000);
    assert_eq!(code(&files), Some("truncated_weights"));
    let mut files = whole.clone();
    files.remove("tokenizer.json");
    files.insert("vocab.txt".into(), b"[UNK]\n[CLS]\n[SEP]\na\n".to_vec());
    assert_eq!(code(&files), None, "a smaller vocabulary than the table");
    let mut files = whole;
    files.insert("config.json".into(), br#"{"model_type": "t5"}"#.to_vec());
    files.remove("model.gguf");
    files.insert("model.safetensors".into(), vec![0; 3]);
    assert_eq!(code(&files), Some("truncated_weights"));
}
