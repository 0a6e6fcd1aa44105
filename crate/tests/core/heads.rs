//! Heads of fine-tuning against PyTorch (`tests/parity/{heads,question_answering}.py`), and which heads a file has.

use std::sync::Arc;

use cloze::models::{EncoderInput, Model};
use cloze::tasks::{
    next_token, FillMask, Generator, NextSentence, QuestionAnswering, Surprisals,
    TextClassification, TokenClassification,
};
use cloze::text::Tokenizer;
use cloze::weights::DType;
use cloze::Error;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::bert::{gguf_metadata, gguf_names};
use super::support::*;
use super::tokenization::{albert, byte_level, roberta, word_piece};

pub struct Bench {
    pub name: String,
    pub case: Case,
    pub model: Model,
    pub tokenizer: Arc<Tokenizer>,
}

impl Bench {
    pub fn new(name: &str, text: &str) -> Self {
        let case = Case::new(text);
        let tokenizer = match name.split('-').next() {
            Some("bert") => word_piece(false),
            Some("distilbert") => word_piece(true),
            Some("roberta") => roberta().into_iter().next().expect("a tokenizer"),
            Some("albert") => albert(),
            _ => byte_level(),
        };
        Self {
            name: name.into(),
            model: case.model(DType::F32),
            tokenizer: Arc::new(tokenizer),
            case,
        }
    }

    pub fn hidden(&self, text: &str, pair: Option<&str>) -> (Vec<u32>, Vec<f32>) {
        let encoding = self.tokenizer.encode(text, pair, true).expect("tokens");
        let input = EncoderInput::single(encoding.ids(), encoding.type_ids());
        (
            encoding.ids(),
            self.model.hidden_states(&input).expect("a pass"),
        )
    }
}

macro_rules! benches {
    ($($name:literal),*) => {
        [$(Bench::new(
            $name,
            include_str!(concat!("../../../tests/parity/fixtures/heads/", $name, ".json"))
        )),*]
    };
}

pub fn with_qa() -> [Bench; 4] {
    benches!["bert-qa", "distilbert-qa", "roberta-qa", "albert-qa"]
}

pub fn with_classes() -> [Bench; 5] {
    benches![
        "bert-sequence",
        "distilbert-sequence",
        "roberta-sequence",
        "albert-sequence",
        "gpt2-sequence"
    ]
}

pub fn with_tags() -> [Bench; 4] {
    benches![
        "bert-token",
        "distilbert-token",
        "roberta-token",
        "albert-token"
    ]
}

pub fn with_vectors() -> [Bench; 2] {
    benches!["bert-token", "gpt2-sequence"]
}

/// Within [`F32_TOLERANCE`] of a fixture's number.
pub fn assert_score(what: &str, ours: f64, theirs: &Value) {
    assert_close(what, &[ours as f32], &floats(theirs));
}

#[wasm_bindgen_test(unsupported = test)]
fn logits_agree_with_pytorch() {
    for bench in with_qa() {
        let (json, name) = (&bench.case.json, &bench.name);
        let context = text(&json["cases"][0]["context"]);
        let (read, hidden) = bench.hidden(text(&json["question"]), Some(context));
        assert_eq!(read, ids(&json["logits"]["input_ids"]), "{name}");
        let logits = bench.model.qa_head().expect("a head").logits(&hidden);
        let logits = logits.expect("logits");
        for (which, part) in ["start", "end"].into_iter().enumerate() {
            let ours: Vec<f32> = logits.chunks_exact(2).map(|pair| pair[which]).collect();
            assert_close(name, &ours, &floats(&json["logits"][part]));
        }
    }
    for bench in with_classes() {
        let head = bench.model.sequence_head().expect("a head");
        for case in list(&bench.case.json["classification"]) {
            let (read, hidden) = bench.hidden(text(&case["text"]), case["pair"].as_str());
            assert_eq!(read, ids(&case["input_ids"]), "{}", bench.name);
            let size = bench.model.info().hidden_size;
            let place = match &bench.model {
                Model::Encoder(_) => 0,
                Model::Decoder(_) => read.iter().rposition(|&id| id != 7).expect("a token"),
            };
            let logits = head
                .logits(&hidden[place * size..][..size])
                .expect("logits");
            assert_close(&bench.name, &logits, &floats(&case["logits"]));
        }
    }
    for bench in with_tags() {
        let head = bench.model.token_head().expect("a head");
        for case in list(&bench.case.json["tagging"]) {
            let (_, hidden) = bench.hidden(text(&case["text"]), None);
            let logits = head.logits(&hidden).expect("logits");
            assert_close(&bench.name, &logits, &floats(&case["logits"]));
        }
    }
}

/// What a file is good for, by its tensors and its config.
fn heads_of(case: &Case, changes: &[(&str, Value)]) -> Vec<&'static str> {
    let file = case.safetensors(FileDType::F32);
    let model = load(&case.config_with(changes), &file, 4096, DType::F32);
    model.expect("a model").info().heads.names().collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn files_have_the_heads_that_they_hold() {
    for (benches, name) in [
        (Vec::from(with_qa()), "qa"),
        (with_classes().into(), "sequence-classification"),
        (with_tags().into(), "token-classification"),
    ] {
        for bench in benches {
            let names: Vec<_> = bench.model.info().heads.names().collect();
            assert_eq!(names, [name], "{}", bench.name);
            // Without a word of the config as well, as its tensors tell.
            assert_eq!(
                heads_of(&bench.case, &[("architectures", json!(null))]),
                [name]
            );
            assert_eq!(bench.model.labels().is_some(), name != "qa");
        }
    }
    // Old files of token classifiers hold a pooler as well: then the config tells.
    let [mut bert, ..] = with_tags().map(|bench| bench.case);
    let size = bert.size("hidden_size");
    for (part, shape) in [("weight", vec![size, size]), ("bias", vec![size])] {
        bert.tensors.push(NamedTensor {
            name: format!("bert.pooler.dense.{part}"),
            values: vec![0.0; shape.iter().product()],
            shape,
        });
    }
    let of_class = |class: Value| heads_of(&bert, &[("architectures", class)]);
    assert_eq!(
        of_class(json!(["BertForTokenClassification"])),
        ["token-classification"]
    );
    assert_eq!(
        of_class(json!(["BertForSequenceClassification"])),
        ["sequence-classification"]
    );
    assert_eq!(of_class(json!(null)), ["sequence-classification"]);
    // A `classifier` of choices is neither.
    assert!(of_class(json!(["BertForMultipleChoice"])).is_empty());
}

#[wasm_bindgen_test(unsupported = test)]
fn missing_heads_are_named() {
    let [bert, .., gpt2] = with_classes();
    let (model, tokenizer) = (&bert.model, &bert.tokenizer);
    let has = |error: Option<Error>| match error {
        Some(Error::NoHead { has, .. }) => has,
        other => panic!("{other:?}"),
    };
    let asked = [
        QuestionAnswering::new(model.clone(), tokenizer.clone()).err(),
        TokenClassification::new(model.clone(), tokenizer.clone()).err(),
        FillMask::new(
            model.clone().into_encoder().expect("BERT"),
            tokenizer.clone(),
        )
        .err(),
        NextSentence::new(
            model.clone().into_encoder().expect("BERT"),
            tokenizer.clone(),
        )
        .err(),
    ];
    let codes = asked
        .each_ref()
        .map(|error| error.as_ref().expect("an error").code());
    assert_eq!(
        codes,
        [
            "no_qa_head",
            "no_tagging_head",
            "no_mlm_head",
            "no_nsp_head"
        ]
    );
    for error in asked {
        assert!(error
            .as_ref()
            .is_some_and(|error| error.to_string().contains("labels of texts")));
        assert_eq!(has(error), ["sequence-classification"]);
    }
    let refused = TextClassification::new(with_qa()[0].model.clone(), tokenizer.clone()).err();
    assert_eq!(
        refused.as_ref().map(Error::code),
        Some("no_classification_head")
    );
    assert_eq!(has(refused), ["qa"]);
    // A classifier made of GPT-2 is no language model.
    let decoder = gpt2.model.clone().into_decoder().expect("GPT-2");
    let refused = Generator::new(
        decoder.clone(),
        gpt2.tokenizer.clone(),
        "the",
        Default::default(),
    );
    assert_eq!(has(refused.err()), ["sequence-classification"]);
    assert_eq!(code(decoder.lm_head(&[0.0; 36])), "no_lm_head");
    let tokenizer = &gpt2.tokenizer;
    // Before the text is looked at.
    for text in ["the", ""] {
        let refused = Surprisals::new(decoder.clone(), tokenizer.clone(), text);
        assert_eq!(code(refused), "no_lm_head");
        let refused = next_token(&*decoder, tokenizer, text, 3);
        assert_eq!(code(refused), "no_lm_head");
    }
    let refused = QuestionAnswering::new(gpt2.model.clone(), gpt2.tokenizer.clone());
    assert_eq!(code(refused), "no_qa_head");
}

#[wasm_bindgen_test(unsupported = test)]
fn labels_that_do_not_fit_are_refused() {
    let [bert, ..] = with_classes();
    let file = bert.case.safetensors(FileDType::F32);
    let with_labels = |labels: Value| {
        let config = bert.case.config_with(&[("id2label", labels)]);
        load(&config, &file, 4096, DType::F32)
    };
    assert_eq!(
        code(with_labels(json!({"0": "a", "1": "b"}))),
        "shape_mismatch"
    );
    assert_eq!(code(with_labels(json!({}))), "shape_mismatch");
    let model = with_labels(json!({"0": "a", "2": "c", "x": 5})).expect("three");
    assert_eq!(model.labels().expect("labels"), ["a", "LABEL_1", "c"]);
    // transformers' defaults fit no file with three labels.
    assert_eq!(code(with_labels(json!(null))), "shape_mismatch");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_language_model_with_a_classifier_has_both() {
    let [.., gpt2] = with_classes();
    let mut case = gpt2.case;
    let wte = case.tensor_mut("transformer.wte.weight").clone();
    case.tensors.push(NamedTensor {
        name: "lm_head.weight".into(),
        ..wte
    });
    assert_eq!(heads_of(&case, &[]), ["lm", "sequence-classification"]);
}

/// As llama.cpp writes them: the pooler is `cls`, the classifier `cls.output`, and the labels stand in the file.
#[wasm_bindgen_test(unsupported = test)]
fn classifiers_in_gguf_files() {
    let [bert, ..] = with_classes();
    let named = |name: &str| match name.strip_prefix("classifier") {
        Some(rest) => format!("cls.output{rest}"),
        None => name.replace("pooler.dense", "cls"),
    };
    let tensors: Vec<_> = gguf_names(&bert.case)
        .into_iter()
        .map(|tensor| NamedTensor {
            name: named(&tensor.name),
            ..tensor
        })
        .map(|tensor| (tensor, FileDType::F32))
        .collect();
    let labels = ["bad", "so so", "good"].map(str::to_owned);
    let mut metadata = gguf_metadata(&bert.case);
    metadata.insert(
        "bert.classifier.output_labels".into(),
        Pair::Texts(labels.to_vec()),
    );
    for config in [None, Some(bert.case.config())] {
        let file = gguf(&metadata, &tensors);
        let model = load_with(config.as_deref(), &file, 4096, DType::F32).expect("GGUF loads");
        assert_eq!(model.labels().expect("labels"), labels);
        let task = TextClassification::new(model, bert.tokenizer.clone()).expect("a head");
        let case = &bert.case.json["classification"][0];
        let ours = task.classify(text(&case["text"]), None, &Default::default());
        let ours = &ours.expect("labels").labels[0];
        let theirs = &case["scores"]["default"][0];
        assert_eq!(ours.label, text(&theirs["label"]));
        assert_score("GGUF", ours.score, &theirs["score"]);
    }
    // The labels of the config beside it, where the file says none.
    metadata.remove("bert.classifier.output_labels");
    let file = gguf(&metadata, &tensors);
    let beside = load(&bert.case.config(), &file, 4096, DType::F32).expect("GGUF loads");
    assert_eq!(beside.labels().expect("labels"), labels);
    // Where no file says any, as many as there are rows: rerankers have one.
    let alone = load_with(None, &file, 4096, DType::F32).expect("GGUF loads");
    let unnamed = ["LABEL_0", "LABEL_1", "LABEL_2"].map(str::to_owned);
    assert_eq!(alone.labels().expect("labels"), unnamed);
}

/// Few labels are few rows: fewer than a kernel takes at once. Sizes that are multiples of 32 are quantised.
#[wasm_bindgen_test(unsupported = test)]
fn heads_of_few_rows_are_quantised() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let size = case.size("hidden_size");
    for rows in [1, 2, 3, 7, 9] {
        let mut tensors = case.tensors.clone();
        for (name, shape, scale) in [
            ("classifier.weight", vec![rows, size], 0.3),
            ("classifier.bias", vec![rows], 0.1),
        ] {
            let values = seeded(name, shape.iter().product(), 5, scale, 0.0);
            let name = name.to_string();
            tensors.push(NamedTensor {
                name,
                shape,
                values,
            });
        }
        let config = case.config_with(&[("num_labels", json!(rows))]);
        let file = safetensors(&tensors, FileDType::F32);
        let logits = |dtype: DType| {
            let model = load(&config, &file, 4096, dtype).expect("a model");
            let input = EncoderInput::single((5..16).collect(), vec![0; 11]);
            let hidden = model.hidden_states(&input).expect("a pass");
            let head = model.sequence_head().expect("a head");
            head.logits(&hidden[..size]).expect("logits")
        };
        let (full, eight) = (logits(DType::F32), logits(DType::Q8));
        assert_eq!((full.len(), eight.len()), (rows, rows));
        assert!(difference(&eight, &full) < 0.1, "{eight:?} for {full:?}");
    }
}
