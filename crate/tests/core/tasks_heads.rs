//! Tasks of fine-tuned models, and vectors, against transformers' pipelines
//! (`tests/parity/{heads,question_answering}.py`).

use std::ops::Range;
use std::sync::Arc;

use cloze::tasks::{
    AggregationStrategy, AnswerOptions, ClassificationOptions, EmbeddingOptions, Entity,
    FeatureExtraction, FunctionToApply, Pooling, QuestionAnswering, TaggingOptions,
    TextClassification, TokenClassification,
};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::heads::{assert_score, with_classes, with_qa, with_tags, with_vectors, Bench};
use super::support::*;

impl Bench {
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
    let classify = |text: &str| {
        let labels = gpt2.classes().classify(text, None, &Default::default());
        labels.expect("labels")
    };
    // The first token sees itself alone: the others change nothing. Behind another token, that one counts.
    let [one, two] = [&padding[..padding.len() / 2], &padding].map(classify);
    assert_eq!((one.tokens, two.tokens), (1, 2));
    assert_eq!(one.labels[0].label, two.labels[0].label);
    assert!((one.labels[0].score - two.labels[0].score).abs() < 1e-6);
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
    for bench in with_vectors() {
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
