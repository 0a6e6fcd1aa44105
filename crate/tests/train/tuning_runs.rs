//! Whole runs of fine-tuning, on tiny models with new weights: what a break changes (nothing), what is refused, and that
//! the folder says what the run says. `two_authors` is the page's own model.

use std::sync::Arc;

use cloze::models::{Model, ModelLoader};
use cloze::tasks::{QuestionAnswering, TextClassification, TokenClassification};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::train::files::Files;
use cloze::train::tuning::{
    FineTuning, Prepared, QuestionData, QuestionExample, TextData, TextExample, TuneData,
    TuneSettings, TuneTask, WordData, WordExample,
};
use cloze::train::{Architecture, Settings, Size, TrainError, Training};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::runs::without;
use crate::support::*;

const TEXT: &str = include_str!("eighty-days.txt");

/// The folder of a model of two layers that has not learnt anything.
fn model(architecture: Architecture) -> Files {
    let mut settings = Settings::new(architecture, Size::Small);
    (settings.vocab_size, settings.context) = (400, 48);
    (settings.hidden_size, settings.num_layers) = (32, 2);
    let run = Training::new(settings, &TEXT[..20_000]).expect("a run");
    let folder = run.folder().expect("a folder");
    let files = folder.files().into_iter();
    files
        .map(|(name, bytes)| (name.into(), bytes.to_vec()))
        .collect()
}

fn settings(task: TuneTask) -> TuneSettings {
    TuneSettings {
        task,
        trained_layers: 1,
        epochs: 3,
        batch_size: 3,
        learning_rate: 3e-3,
        quantized: false,
        ..TuneSettings::default()
    }
}

fn texts(count: usize) -> TuneData {
    let example = |at: usize| TextExample {
        text: match at % 2 {
            0 => format!("Mr. Fogg went to the club and read {at} papers."),
            _ => format!("The train ran {at} miles over the bridge."),
        },
        pair: (at % 3 == 0).then(|| "And so on.".into()),
        label: ["club", "train"][at % 2].into(),
    };
    TuneData::Texts(TextData {
        labels: vec!["club".into(), "train".into()],
        examples: (0..count).map(example).collect(),
    })
}

fn words(count: usize) -> TuneData {
    let example = |at: usize| {
        let words = [
            "mr",
            "fogg",
            "went",
            "to",
            ["london", "bombay"][at % 2],
            "today",
        ];
        let labels = words.map(|word| match word {
            "fogg" => "PERSON",
            "london" | "bombay" => "PLACE",
            _ => "O",
        });
        WordExample {
            words: words.map(String::from).to_vec(),
            labels: labels.map(String::from).to_vec(),
        }
    };
    TuneData::Words(WordData {
        labels: ["O", "PERSON", "PLACE"].map(String::from).to_vec(),
        examples: (0..count).map(example).collect(),
    })
}

fn question(before: usize, answer: &str) -> QuestionExample {
    let context = format!(
        "{}Fogg is in {answer} today.",
        "He went on. ".repeat(before)
    );
    QuestionExample {
        question: "Where is Fogg?".into(),
        answer_start: context.find(answer).expect("it is there"),
        context,
        answer_text: answer.into(),
    }
}

fn questions(count: usize) -> TuneData {
    let example = |at: usize| question(at % 3 * 4, ["London", "Bombay", "Suez"][at % 3]);
    TuneData::Questions(QuestionData {
        examples: (0..count).map(example).collect(),
    })
}

/// Each task, and GPT with its auxiliary loss.
fn all() -> Vec<(Files, TuneSettings, TuneData)> {
    let bert = model(Architecture::Bert);
    let of = |data: TuneData| (bert.clone(), settings(data.task()), data);
    let gpt = TuneSettings {
        lm_weight: 0.5,
        ..settings(TuneTask::TextClassification)
    };
    vec![
        of(texts(12)),
        of(words(10)),
        of(questions(9)),
        (model(Architecture::Gpt), gpt, texts(12)),
    ]
}

fn steps(run: &mut FineTuning, count: usize) -> Vec<f32> {
    (0..count)
        .map(|_| run.step().expect("a step").loss)
        .collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn a_break_changes_no_bit() {
    for (files, settings, data) in all() {
        for trained_layers in [0, 1, 2] {
            let settings = TuneSettings {
                trained_layers,
                ..settings.clone()
            };
            let begin = || FineTuning::new(files.clone(), settings.clone(), data.clone());
            let mut whole = begin().expect("a run");
            let undisturbed = steps(&mut whole, 6);
            let mut first = begin().expect("a run");
            let mut broken = steps(&mut first, 2);
            let saved = first.checkpoint().expect("a checkpoint");
            drop(first);
            assert_eq!(FineTuning::task_of(&saved), Ok(settings.task));
            let second = FineTuning::resume(&saved, files.clone(), data.clone());
            let mut second = second.expect("it goes on");
            assert_eq!(second.info().steps_done, 2);
            broken.extend(steps(&mut second, 4));
            assert_eq!(undisturbed, broken);
            assert!(whole.checkpoint() == second.checkpoint(), "the same bytes");
            assert!(whole.folder() == second.folder(), "the same folder");
            assert_eq!(whole.evaluate(), second.evaluate());
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn other_data_and_broken_checkpoints_are_refused() {
    let files = model(Architecture::Bert);
    let task = TuneTask::TextClassification;
    let mut run = FineTuning::new(files.clone(), settings(task), texts(12)).expect("a run");
    steps(&mut run, 1);
    let saved = run.checkpoint().expect("a checkpoint");
    let refused = |bytes: &[u8], files: &Files, data| {
        let resumed = FineTuning::resume(bytes, files.clone(), data);
        resumed.map(|_| ()).expect_err("it should be refused")
    };
    assert_eq!(refused(&saved, &files, texts(13)), TrainError::OtherData);
    let mut other = files.clone();
    let weights = other.get_mut("model.safetensors").expect("weights");
    *weights.last_mut().expect("bytes") ^= 1;
    assert_eq!(refused(&saved, &other, texts(12)), TrainError::OtherData);
    let training = Training::new(
        Settings::new(Architecture::Bert, Size::Small),
        &TEXT[..20_000],
    );
    let training = training
        .and_then(|run| run.checkpoint())
        .expect("a checkpoint");
    for bytes in [&saved[..100], &saved[..saved.len() - 1], &training] {
        assert_eq!(
            refused(bytes, &files, texts(12)).code(),
            "invalid_checkpoint"
        );
    }
    let lacking = without(&saved, "classifier.bias");
    assert_eq!(
        refused(&lacking, &files, texts(12)).code(),
        "invalid_checkpoint"
    );
    // The last weight of the head is no number: so is every loss, and nothing changes.
    let mut odd = saved;
    let end = odd.len() - 4;
    odd[end..].copy_from_slice(&f32::NAN.to_le_bytes());
    let mut run = FineTuning::resume(&odd, files, texts(12)).expect("a run");
    assert_eq!(run.step(), Err(TrainError::Diverged { step: 1 }));
    assert!(run.checkpoint().expect("a checkpoint") == odd);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_run_goes_on_behind_its_end() {
    let (files, settings, data) = all().remove(0);
    let settings = TuneSettings {
        epochs: 1,
        ..settings
    };
    let mut run = FineTuning::new(files.clone(), settings, data.clone()).expect("a run");
    let count = run.info().steps as usize + 1;
    steps(&mut run, count);
    let saved = run.checkpoint().expect("a checkpoint");
    let mut resumed = FineTuning::resume(&saved, files, data).expect("it goes on");
    assert_eq!(resumed.info().steps_done as usize, count);
    assert_eq!(steps(&mut resumed, 1), steps(&mut run, 1));
}

/// Of a GPT whose output layer is not the token embedding, what is below it is fine-tuned.
#[wasm_bindgen_test(unsupported = test)]
fn an_output_layer_of_its_own_is_left_out() {
    let mut files = model(Architecture::Gpt);
    let mut config: Value = serde_json::from_slice(&files["config.json"]).expect("JSON");
    config["tie_word_embeddings"] = false.into();
    files.insert("config.json".into(), config.to_string().into_bytes());
    let saved = &files["model.safetensors"];
    let len = u64::from_le_bytes(saved[..8].try_into().expect("eight")) as usize;
    let (header, tensors) = saved[8..].split_at(len);
    let mut header: Value = serde_json::from_slice(header).expect("JSON");
    let shape = header["transformer.wte.weight"]["shape"].clone();
    let count: u64 = list(&shape).iter().filter_map(Value::as_u64).product();
    let ends = [tensors.len(), tensors.len() + 4 * count as usize];
    header["lm_head.weight"] =
        serde_json::json!({ "dtype": "F32", "shape": shape, "data_offsets": ends });
    let (header, output) = (header.to_string(), vec![0; 4 * count as usize]);
    let len = (header.len() as u64).to_le_bytes();
    let file = [&len[..], header.as_bytes(), tensors, &output].concat();
    files.insert("model.safetensors".into(), file);
    let task = settings(TuneTask::TextClassification);
    let mut run = FineTuning::new(files.clone(), task.clone(), texts(12)).expect("a run");
    steps(&mut run, 1);
    let folder = run.folder().expect("a folder");
    let weights = String::from_utf8_lossy(&folder["model.safetensors"]);
    assert!(weights.contains("transformer.wte.weight") && !weights.contains("lm_head"));
    let lm = TuneSettings {
        lm_weight: 0.5,
        ..task
    };
    let refused = FineTuning::new(files, lm, texts(12)).map(|_| ());
    let error = refused.expect_err("another output layer");
    assert!(error.to_string().contains("token embedding"), "{error}");
}

#[wasm_bindgen_test(unsupported = test)]
fn frozen_layers_read_each_example_once() {
    let (files, settings, data) = all().remove(0);
    let mut run = FineTuning::new(files.clone(), settings.clone(), data.clone()).expect("a run");
    let mut done = 0;
    loop {
        let prepared = run.prepare().expect("it reads");
        assert!(prepared.done > done && prepared.total == 12);
        done = prepared.done;
        if done == prepared.total {
            break;
        }
    }
    assert_eq!(
        run.prepare(),
        Ok(Prepared {
            done: 12,
            total: 12
        })
    );
    let info = run.info();
    assert_eq!((info.examples, info.held_out, info.cut), (10, 2, 0));
    assert_eq!((info.architecture, info.num_layers), ("bert", 2));
    // 4 batches of 3 and 1 left, 3 times.
    assert_eq!((info.steps, info.labels.len()), (12, 2));
    assert!(info.trained_weights < info.weights);
    let whole = TuneSettings {
        trained_layers: 2,
        ..settings
    };
    let mut whole = FineTuning::new(files, whole, data).expect("a run");
    assert_eq!(whole.prepare(), Ok(Prepared { done: 0, total: 0 }));
    // The next-sentence and the masked-word head are left out.
    assert!(whole.info().trained_weights < whole.info().weights);
}

/// The same share of each label, whatever their order, and other ones by another seed.
#[wasm_bindgen_test(unsupported = test)]
fn the_same_share_of_each_label_is_held_back() {
    let files = model(Architecture::Bert);
    let mut found = Vec::new();
    for seed in [1, 1, 2] {
        let settings = TuneSettings {
            held_out_share: 0.5,
            seed,
            ..settings(TuneTask::TextClassification)
        };
        let mut run = FineTuning::new(files.clone(), settings, texts(20)).expect("a run");
        let evaluation = run.evaluate().expect("an evaluation");
        let rows = evaluation.confusion.iter();
        assert!(rows.map(|row| row.iter().sum::<usize>()).eq([5, 5]));
        let predictions = evaluation.predictions.iter();
        found.push(predictions.map(|p| p.index).collect::<Vec<_>>());
    }
    assert_eq!(found[0], found[1]);
    assert_ne!(found[0], found[2]);
}

fn changed_texts(change: impl Fn(&mut TextData)) -> TuneData {
    let TuneData::Texts(mut data) = texts(12) else {
        unreachable!("texts")
    };
    change(&mut data);
    TuneData::Texts(data)
}

#[wasm_bindgen_test(unsupported = test)]
fn bad_examples_are_named() {
    let files = model(Architecture::Bert);
    let code = |data: TuneData| {
        let run = FineTuning::new(files.clone(), settings(data.task()), data);
        run.map(|_| ()).expect_err("it should be refused")
    };
    let mine = |label: &str| label.to_string();
    assert_eq!(
        code(changed_texts(|data| data.examples.clear())),
        TrainError::NoExamples
    );
    let third = changed_texts(|data| data.labels.push("third".into()));
    let label = mine("third");
    assert_eq!(code(third), TrainError::LabelWithoutExamples { label });
    let one = changed_texts(|data| drop(data.labels.pop()));
    assert_eq!(code(one), TrainError::TooFewLabels { labels: 1 });
    let label = mine("other");
    let unknown = changed_texts(|data| data.examples[3].label = "other".into());
    assert_eq!(
        code(unknown),
        TrainError::UnknownLabel { label, example: 3 }
    );
    let empty = changed_texts(|data| data.examples[4].text = " \n".into());
    assert_eq!(code(empty), TrainError::EmptyExample { example: 4 });
    let empty = changed_texts(|data| data.examples[5].pair = Some(String::new()));
    assert_eq!(code(empty), TrainError::EmptyExample { example: 5 });
    let twice = changed_texts(|data| data.labels[1] = "club".into());
    assert_eq!(code(twice).code(), "invalid_setting");
    let TuneData::Words(mut data) = words(4) else {
        unreachable!("words")
    };
    data.examples[1].labels.pop();
    let error = TrainError::WordsAndLabels {
        example: 1,
        words: 6,
        labels: 5,
    };
    assert_eq!(code(TuneData::Words(data)), error);
    for answer_start in [0, 1000, usize::MAX] {
        let mut examples = vec![question(0, "London"), question(0, "Suez")];
        examples[1].answer_start = answer_start;
        let data = TuneData::Questions(QuestionData { examples });
        assert_eq!(code(data), TrainError::AnswerNotInContext { example: 1 });
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn settings_and_models_that_do_not_fit_are_refused() {
    let bert = model(Architecture::Bert);
    let begin = |files: &Files, settings: TuneSettings, data: TuneData| {
        let run = FineTuning::new(files.clone(), settings, data);
        run.map(|_| ()).expect_err("it should be refused").code()
    };
    let task = TuneTask::TextClassification;
    for (epochs, batch_size, learning_rate, held_out_share, lm_weight) in [
        (0, 3, 1e-3, 0.2, 0.0),
        (3, 0, 1e-3, 0.2, 0.0),
        (3, 3, f64::NAN, 0.2, 0.0),
        (3, 3, 1e-3, 0.95, 0.0),
        (3, 3, 1e-3, 0.2, f32::INFINITY),
        // BERT has no such loss.
        (3, 3, 1e-3, 0.2, 0.5),
    ] {
        let odd = TuneSettings {
            epochs,
            batch_size,
            learning_rate,
            held_out_share,
            lm_weight,
            ..settings(task)
        };
        assert_eq!(begin(&bert, odd, texts(12)), "invalid_setting");
    }
    let other = settings(TuneTask::TokenClassification);
    assert_eq!(begin(&bert, other, texts(12)), "invalid_setting");
    let gpt = model(Architecture::Gpt);
    let tags = settings(TuneTask::TokenClassification);
    assert_eq!(begin(&gpt, tags, words(4)), "invalid_setting");
    for architecture in [Architecture::Elmo, Architecture::Xlnet] {
        let found = begin(&model(architecture), settings(task), texts(12));
        assert_eq!(found, "unsupported", "{architecture:?}");
    }
    let mut bare = bert;
    bare.remove("model.safetensors");
    assert_eq!(begin(&bare, settings(task), texts(12)), "invalid_weights");
    let nothing = TuneSettings {
        held_out_share: 0.0,
        ..settings(task)
    };
    let mut run = FineTuning::new(gpt, nothing, texts(12)).expect("a run");
    assert_eq!(run.evaluate(), Err(TrainError::NothingHeldOut));
}

/// What a run saves, opened as any folder is.
fn opened(run: &FineTuning) -> (Model, Arc<Tokenizer>, Value) {
    let folder = run.folder().expect("a folder");
    let config = &folder["config.json"];
    let mut loader = ModelLoader::new(Some(config), DType::F32).expect("a config");
    loader.push(&folder["model.safetensors"]).expect("weights");
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: Some(&folder["tokenizer.json"]),
        tokenizer_config: Some(&folder["tokenizer_config.json"]),
        config: Some(config),
        ..Default::default()
    });
    let json = serde_json::from_slice(config).expect("JSON");
    (
        loader.finish().expect("a model"),
        Arc::new(tokenizer.expect("a tokenizer")),
        json,
    )
}

#[wasm_bindgen_test(unsupported = test)]
fn the_folder_says_what_the_run_says() {
    for (files, settings, data) in all() {
        let mut run = FineTuning::new(files, settings.clone(), data).expect("a run");
        steps(&mut run, 6);
        let (model, tokenizer, config) = opened(&run);
        let class = text(&config["architectures"][0]);
        let text = "Fogg went to London by the train over the bridge.";
        match settings.task {
            TuneTask::TextClassification => {
                let gpt = settings.lm_weight > 0.0;
                let expected = [
                    "BertForSequenceClassification",
                    "GPT2ForSequenceClassification",
                ];
                assert_eq!(class, expected[usize::from(gpt)]);
                assert_eq!(config["id2label"]["1"], "train");
                assert_eq!(config["label2id"]["club"], 0);
                assert_eq!(config["problem_type"], "single_label_classification");
                let task = TextClassification::new(model, tokenizer).expect("a task");
                let options = cloze::tasks::ClassificationOptions {
                    top_k: 2,
                    ..Default::default()
                };
                for pair in [None, Some("And he came back.")] {
                    let theirs = task.classify(text, pair, &options).expect("labels");
                    let ours = run.classify(text, pair).expect("labels");
                    assert_eq!((ours.tokens, ours.labels.len()), (theirs.tokens, 2));
                    for (ours, theirs) in ours.labels.iter().zip(&theirs.labels) {
                        assert_eq!(ours.label, theirs.label);
                        assert!((ours.score - theirs.score).abs() < 1e-4);
                    }
                }
                assert_eq!(
                    run.tag(text, Default::default())
                        .map(|_| ())
                        .expect_err("no tags")
                        .code(),
                    "no_tagging_head"
                );
            }
            TuneTask::TokenClassification => {
                assert_eq!(class, "BertForTokenClassification");
                let task = TokenClassification::new(model, tokenizer).expect("a task");
                let theirs = Arc::new(task).tag(text, Default::default()).expect("tags");
                assert_eq!(run.tag(text, Default::default()).expect("tags"), theirs);
            }
            TuneTask::QuestionAnswering => {
                assert_eq!(class, "BertForQuestionAnswering");
                let task = QuestionAnswering::new(model, tokenizer).expect("a task");
                let theirs = Arc::new(task).answer("Who?", text, Default::default());
                let ours = run.answer("Who?", text, Default::default());
                assert_eq!(ours.expect("answers"), theirs.expect("answers"));
            }
        }
    }
}

/// Each task is learnt by heart from few examples, and held against ones that were not learnt from.
#[wasm_bindgen_test(unsupported = test)]
fn tasks_are_learnt() {
    for (files, settings, _) in all() {
        let data = match (settings.task, settings.lm_weight > 0.0) {
            (TuneTask::TextClassification, _) => texts(24),
            (TuneTask::TokenClassification, _) => words(16),
            (TuneTask::QuestionAnswering, _) => questions(18),
        };
        let settings = TuneSettings {
            trained_layers: 2,
            epochs: 12,
            ..settings
        };
        let mut run = FineTuning::new(files, settings, data).expect("a run");
        let before = run.evaluate().expect("an evaluation");
        while !run.is_over() {
            run.step().expect("a step");
        }
        let after = run.evaluate().expect("an evaluation");
        measured!(
            "{:?}: {:.2}, {:?}",
            after.parts[0].name,
            after.accuracy,
            after.f1
        );
        assert!(after.loss < before.loss);
        assert!(after.accuracy > 0.9, "{after:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn long_texts_are_cut_and_long_contexts_read_in_windows() {
    let bert = model(Architecture::Bert);
    let long = changed_texts(|data| data.examples[2].text = "Fogg went on and on. ".repeat(40));
    let task = settings(TuneTask::TextClassification);
    for (files, pair) in [(&bert, true), (&model(Architecture::Gpt), false)] {
        let data = match (&long, pair) {
            (TuneData::Texts(data), true) => {
                let mut data = data.clone();
                data.examples[2].pair = Some("And he came back. ".repeat(40));
                TuneData::Texts(data)
            }
            _ => long.clone(),
        };
        let mut run = FineTuning::new(files.clone(), task.clone(), data).expect("a run");
        assert_eq!(run.info().cut, 1);
        steps(&mut run, 4);
    }
    let examples = vec![question(30, "Suez"), question(0, "London")];
    let data = TuneData::Questions(QuestionData { examples });
    let settings = TuneSettings {
        held_out_share: 0.0,
        ..settings(TuneTask::QuestionAnswering)
    };
    let mut run = FineTuning::new(bert.clone(), settings.clone(), data).expect("a run");
    let windows = run.prepare().expect("it reads").total;
    assert!(windows > 3, "{windows}");
    steps(&mut run, windows);
    let mut endless = question(0, "London");
    endless.question = "Where ".repeat(60);
    let data = TuneData::Questions(QuestionData {
        examples: vec![endless],
    });
    let refused = FineTuning::new(bert, settings, data).map(|_| ());
    assert_eq!(refused.expect_err("no room").code(), "input_too_long");
}
