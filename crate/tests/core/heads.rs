//! Heads of fine-tuning against PyTorch, and the tasks on them against transformers' pipelines
//! (`tests/parity/{heads,question_answering}.py`).

use std::ops::Range;
use std::sync::Arc;

use cloze::models::{EncoderInput, Model};
use cloze::tasks::{
    AggregationStrategy, AnswerOptions, ClassificationOptions, EmbeddingOptions, Entity,
    FeatureExtraction, FillMask, FunctionToApply, Generator, NextSentence, Pooling,
    QuestionAnswering, TaggingOptions, TextClassification, TokenClassification,
};
use cloze::text::Tokenizer;
use cloze::weights::DType;
use cloze::Error;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::bert::{gguf_metadata, gguf_names};
use super::support::*;
use super::tokenization::{albert, byte_level, roberta, word_piece};

struct Bench {
    name: String,
    case: Case,
    model: Model,
    tokenizer: Arc<Tokenizer>,
}

impl Bench {
    fn new(name: &str, text: &str) -> Self {
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

    fn hidden(&self, text: &str, pair: Option<&str>) -> (Vec<u32>, Vec<f32>) {
        let encoding = self.tokenizer.encode(text, pair, true).expect("tokens");
        let input = EncoderInput::single(encoding.ids(), encoding.type_ids());
        (
            encoding.ids(),
            self.model.hidden_states(&input).expect("a pass"),
        )
    }

    fn answers(&self) -> Arc<QuestionAnswering> {
        let task = QuestionAnswering::new(self.model.clone(), self.tokenizer.clone());
        Arc::new(task.expect("a head"))
    }

    fn classes(&self) -> TextClassification {
        TextClassification::new(self.model.clone(), self.tokenizer.clone()).expect("a head")
    }

    fn tags(&self) -> Arc<TokenClassification> {
        let task = TokenClassification::new(self.model.clone(), self.tokenizer.clone());
        Arc::new(task.expect("a head"))
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

fn with_qa() -> [Bench; 4] {
    benches!["bert-qa", "distilbert-qa", "roberta-qa", "albert-qa"]
}

fn with_classes() -> [Bench; 5] {
    benches![
        "bert-sequence",
        "distilbert-sequence",
        "roberta-sequence",
        "albert-sequence",
        "gpt2-sequence"
    ]
}

fn with_tags() -> [Bench; 4] {
    benches![
        "bert-token",
        "distilbert-token",
        "roberta-token",
        "albert-token"
    ]
}

/// Within [`F32_TOLERANCE`] of a fixture's number.
fn assert_score(what: &str, ours: f64, theirs: &Value) {
    assert_close(what, &[ours as f32], &floats(theirs));
}

/// Python counts characters.
fn characters(text: &str, range: &Range<usize>) -> [usize; 2] {
    [range.start, range.end].map(|end| text[..end].chars().count())
}

fn assert_place(what: &str, text: &str, ours: &Range<usize>, theirs: &Value) {
    let place =
        [&theirs["start"], &theirs["end"]].map(|end| end.as_u64().expect("a place") as usize);
    assert_eq!(characters(text, ours), place, "{what}");
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

#[wasm_bindgen_test(unsupported = test)]
fn questions_are_answered_as_by_the_pipeline() {
    for bench in with_qa() {
        let (task, name) = (bench.answers(), &bench.name);
        let question = text(&bench.case.json["question"]);
        let mut several = 0;
        for case in list(&bench.case.json["cases"]) {
            let (given, context) = (&case["options"], text(&case["context"]));
            let count = |key: &str| given[key].as_u64().map(|count| count as usize);
            let defaults = AnswerOptions::default();
            let options = AnswerOptions {
                top_k: count("top_k").unwrap_or(defaults.top_k),
                doc_stride: count("doc_stride"),
                max_answer_len: count("max_answer_len").unwrap_or(defaults.max_answer_len),
                max_seq_len: count("max_seq_len").unwrap_or(defaults.max_seq_len),
                handle_impossible_answer: given["handle_impossible_answer"] == true,
                align_to_words: given["align_to_words"] != false,
                ..defaults
            };
            let result = task.answer(question, context, options).expect("answers");
            several += usize::from(result.windows > 1);
            let what = format!("{name}, {given}, {} windows", result.windows);
            assert_score(&what, result.null_score, &case["null_score"]);
            let theirs = list(&case["answers"]);
            assert_eq!(result.answers.len(), theirs.len(), "{what}");
            for (ours, theirs) in result.answers.iter().zip(theirs) {
                assert_eq!(ours.answer, text(&theirs["answer"]), "{what}");
                assert_eq!(ours.answer, context[ours.range.clone()], "{what}");
                assert_place(&what, context, &ours.range, theirs);
                assert_score(&what, ours.score, &theirs["score"]);
            }
        }
        assert!(several > 3, "{name}: documents longer than the context");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn questions_that_cannot_be_read() {
    let [bench, ..] = with_qa();
    let task = bench.answers();
    let context = "paris is a city. ".repeat(40);
    let ask = |question: &str, context: &str, options: AnswerOptions| {
        code(task.answer(question, context, options))
    };
    let options = AnswerOptions::default;
    assert_eq!(ask(" ", &context, options()), "empty_input");
    assert_eq!(ask("where?", "\n", options()), "empty_input");
    // A question is cut to its first tokens; where even they leave no room, it is too long.
    let question = "the ".repeat(90);
    assert_eq!(ask(&question, &context, options()), "input_too_long");
    let short = AnswerOptions {
        max_question_len: 5,
        ..options()
    };
    let cut = task
        .answer(&question, &context, short.clone())
        .expect("answers");
    let whole = task.answer(&"the ".repeat(5), &context, options());
    assert_eq!(cut, whole.expect("answers"));
    // Windows that would not move on.
    let stuck = AnswerOptions {
        doc_stride: Some(59),
        ..options()
    };
    assert_eq!(ask("where?", &context, stuck.clone()), "invalid_option");
    assert_eq!(ask("where?", "in paris", stuck), "no error", "one window");
    // A context without tokens is read all the same: nothing is found in it.
    let none = task.answer("where?", "\u{1}", options()).expect("a result");
    assert_eq!((none.answers.len(), none.windows), (0, 1));
    assert!(none.null_score > 0.99);
}

#[wasm_bindgen_test(unsupported = test)]
fn windows_are_read_one_by_one() {
    let [bench, ..] = with_qa();
    let context = text(&bench.case.json["cases"][9]["context"]);
    let mut answering = bench
        .answers()
        .answering("where?", context, AnswerOptions::default())
        .expect("a start");
    assert!(answering.result().answers.is_empty());
    let windows = answering.result().windows;
    for index in 0..windows {
        let read = answering.next().expect("a window").expect("no error");
        assert_eq!((read.index, read.windows), (index, windows));
    }
    assert!(answering.next().is_none() && !answering.result().answers.is_empty());
}

#[wasm_bindgen_test(unsupported = test)]
fn texts_are_classified_as_by_the_pipeline() {
    for bench in with_classes() {
        let task = bench.classes();
        for case in list(&bench.case.json["classification"]) {
            let (sentence, pair) = (text(&case["text"]), case["pair"].as_str());
            for (name, theirs) in case["scores"].as_object().expect("scores") {
                let function = FunctionToApply::from_name(name).ok();
                assert_eq!(function.is_none(), name == "default");
                let options = ClassificationOptions {
                    top_k: 100,
                    function_to_apply: function,
                };
                let ours = task.classify(sentence, pair, &options).expect("labels");
                let what = format!("{}, {name}, {sentence:?}", bench.name);
                assert_eq!(ours.tokens, ids(&case["input_ids"]).len());
                assert_eq!(ours.labels.len(), list(theirs).len(), "{what}");
                for (ours, theirs) in ours.labels.iter().zip(list(theirs)) {
                    assert_eq!(ours.label, text(&theirs["label"]), "{what}");
                    assert_score(&what, ours.score, &theirs["score"]);
                }
            }
            let best = task.classify(sentence, pair, &Default::default());
            assert_eq!(best.expect("a label").labels.len(), 1);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn texts_that_cannot_be_classified() {
    for bench in with_classes() {
        let task = bench.classes();
        let classify = |text: &str, pair: Option<&str>| {
            code(task.classify(text, pair, &ClassificationOptions::default()))
        };
        assert_eq!(classify(" \n", None), "empty_input");
        assert_eq!(classify("it", Some(" ")), "empty_input");
        assert_eq!(classify(&"word ".repeat(100), None), "input_too_long");
    }
    let [.., gpt2] = with_classes();
    // Of padding alone the first token counts, as with transformers.
    let padding = gpt2.tokenizer.decode(&[7, 7]).expect("text");
    let labels = gpt2.classes().classify(&padding, None, &Default::default());
    assert_eq!(code(labels), "no error");
    assert_eq!(code(FunctionToApply::from_name("relu")), "invalid_option");
}

fn strategy(name: &str) -> AggregationStrategy {
    AggregationStrategy::from_name(name).expect("a strategy")
}

fn assert_entities(what: &str, text_read: &str, ours: &[Entity], theirs: &Value) {
    let described: Vec<_> = ours.iter().map(|one| (&one.word, &one.label)).collect();
    assert_eq!(ours.len(), list(theirs).len(), "{what}: {described:?}");
    for (ours, theirs) in ours.iter().zip(list(theirs)) {
        let label = theirs.get("entity").or(theirs.get("entity_group"));
        assert_eq!(ours.label, text(label.expect("a label")), "{what}");
        assert_eq!(
            ours.index,
            theirs["index"].as_u64().map(|index| index as usize),
            "{what}"
        );
        assert_eq!(ours.word, text(&theirs["word"]), "{what}");
        assert_place(what, text_read, &ours.range, theirs);
        assert_score(what, ours.score, &theirs["score"]);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn tokens_are_tagged_as_by_the_pipeline() {
    for bench in with_tags() {
        let (task, json) = (bench.tags(), &bench.case.json);
        for case in list(&json["tagging"]) {
            for (name, theirs) in case["entities"].as_object().expect("strategies") {
                let options = TaggingOptions {
                    aggregation_strategy: strategy(name),
                    ..Default::default()
                };
                let ours = task.tag(text(&case["text"]), options).expect("tags");
                let what = format!("{}, {name}", bench.name);
                assert_entities(&what, text(&case["text"]), &ours, theirs);
            }
        }
        let long = text(&json["long"]);
        for case in list(&json["windows"]) {
            let options = TaggingOptions {
                aggregation_strategy: strategy(text(&case["strategy"])),
                stride: case["stride"].as_u64().map(|stride| stride as usize),
                ..Default::default()
            };
            let mut tagging = task.tagging(long, options).expect("a start");
            let read: Vec<_> = tagging
                .by_ref()
                .map(|read| read.expect("no error"))
                .collect();
            assert!(read.len() > 2 && read[0].windows == read.len());
            let what = format!(
                "{}, windows, {}, {}",
                bench.name, case["strategy"], case["stride"]
            );
            assert_entities(&what, long, &tagging.result(), &case["entities"]);
        }
        let others = TaggingOptions {
            aggregation_strategy: AggregationStrategy::Simple,
            ignore_labels: vec!["PER".into(), "LOC".into()],
            ..Default::default()
        };
        let sentence = text(&json["tagging"][1]["text"]);
        let ours = task.tag(sentence, others).expect("tags");
        assert_entities(&bench.name, sentence, &ours, &json["others"]);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn tokens_of_long_texts_come_once() {
    for bench in with_tags() {
        let long = text(&bench.case.json["long"]);
        let options = TaggingOptions {
            ignore_labels: Vec::new(),
            ..Default::default()
        };
        let tagged = bench.tags().tag(long, options).expect("tags");
        let whole = bench.tokenizer.encode(long, None, true).expect("tokens");
        for entity in &tagged {
            let token = &whole.tokens[entity.index.expect("a token")];
            assert_eq!(entity.range, token.range, "{}", bench.name);
        }
        let indices: Vec<_> = tagged.iter().filter_map(|one| one.index).collect();
        let all: Vec<_> = (1..whole.len() - 1).collect();
        assert_eq!(indices, all, "{}", bench.name);
        let stuck = TaggingOptions {
            stride: Some(58),
            ..Default::default()
        };
        assert_eq!(code(bench.tags().tag(long, stuck)), "invalid_option");
        assert_eq!(
            code(bench.tags().tag(" ", Default::default())),
            "empty_input"
        );
    }
    assert_eq!(
        code(AggregationStrategy::from_name("mean")),
        "invalid_option"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn vectors_are_those_of_sentence_transformers() {
    for bench in benches!["bert-token", "gpt2-sequence"] {
        let task = FeatureExtraction::new(bench.model.clone(), bench.tokenizer.clone());
        let task = Arc::new(task);
        let rows = list(&bench.case.json["embeddings"]);
        let texts: Vec<_> = rows.iter().map(|row| text(&row["text"])).collect();
        let size = bench.model.info().hidden_size;
        for (name, pooling) in [
            ("mean", Pooling::Mean),
            ("cls", Pooling::Cls),
            ("max", Pooling::Max),
        ] {
            assert_eq!(Pooling::from_name(name), Ok(pooling));
            for normalize in [false, true] {
                let key = if normalize {
                    format!("{name}-normalized")
                } else {
                    name.into()
                };
                let options = EmbeddingOptions { pooling, normalize };
                // In one padded batch, and each alone.
                let mut vectors = Vec::new();
                let mut index = 0;
                for batch in task.embed(&texts, options).expect("a start") {
                    let batch = batch.expect("vectors");
                    assert_eq!(batch.index, index);
                    assert_eq!(batch.dims, [batch.tokens.len(), size]);
                    index += batch.tokens.len();
                    vectors.extend(batch.data);
                }
                for ((row, vector), sentence) in
                    rows.iter().zip(vectors.chunks_exact(size)).zip(&texts)
                {
                    assert_close(&key, vector, &floats(&row[&key]));
                    let mut alone = task.embed(&[sentence], options).expect("a start");
                    let alone = alone.next().expect("a batch").expect("vectors");
                    assert_close(&key, &alone.data, &floats(&row[&key]));
                }
            }
        }
        let embedding = task
            .embed(&texts, EmbeddingOptions::default())
            .expect("a start");
        for (number, (batch, row)) in embedding.zip(rows).enumerate() {
            let batch = batch.expect("vectors");
            assert_eq!(batch.index, number);
            assert_eq!(batch.dims, [1, batch.tokens[0], size]);
            assert_close("tokens", &batch.data, &floats(&row["tokens"]));
        }
        let embed = |text: &str| code(task.embed(&[text], EmbeddingOptions::default()));
        assert_eq!(embed(" "), "empty_input");
        assert_eq!(embed(&"word ".repeat(100)), "input_too_long");
    }
    assert_eq!(code(Pooling::from_name("sum")), "invalid_option");
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
}
