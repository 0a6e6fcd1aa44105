//! ChatGPT's three steps: losses, gradients and 20 steps against PyTorch (tests/parity/chat.py), whole phases after a
//! break, what is learnt, and what is refused.

use std::collections::BTreeMap;

use cloze::models::ModelLoader;
use cloze::text::{Conversation, Message, Tokenizer, TokenizerFiles};
use cloze::train::chat::{
    dpo_loss, log_likelihoods, reward_loss, supervised_loss, ChatSettings, ChatSteps, Example,
    Pair, PhaseKind, PhaseSettings, Responses, RewardModel, Sequence,
};
use cloze::train::files::Files;
use cloze::train::models::gpt::{Gpt, GptConfig};
use cloze::train::objectives::Loss;
use cloze::train::ops::values;
use cloze::train::parameters::{Named, Parameters};
use cloze::train::showing::SampleOptions;
use cloze::train::{Architecture, Settings, Size, TrainError, Training};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::gradients::{assert_gradients, assert_steps, config, given};
use crate::support::*;

fn responses(batch: &Value) -> Responses {
    let sequence = |row: &Value| Sequence {
        ids: ids(&row["ids"]),
        prompt: row["prompt"].as_u64().expect("a length") as usize,
    };
    let sequences: Vec<Sequence> = list(&batch["sequences"]).iter().map(sequence).collect();
    Responses::of(&sequences.iter().collect::<Vec<_>>())
}

fn gpt(fixture: &str) -> (Case, Parameters, Gpt) {
    let case = Case::new(fixture);
    let mut parameters = given(&case);
    let gpt = Gpt::new(&config::<GptConfig>(&case), &mut parameters).expect("a GPT");
    (case, parameters, gpt)
}

fn assert_margin(case: &Case, loss: &Loss) {
    let margin = loss.parts[0].margin.expect("a margin");
    assert_close("the margin", &[margin], &floats(&case.json["margin"]));
}

#[wasm_bindgen_test(unsupported = test)]
fn responses_alone_are_learnt() {
    let (case, parameters, gpt) = gpt(fixture!("train/chat-supervised.json"));
    let loss = |batch: &Value| supervised_loss(&gpt, &responses(batch)).expect("a loss");
    assert_gradients(&case, &parameters, &loss(&case.json["batches"][0]));
    assert_steps(&case, &parameters, "adamw", loss);
}

#[wasm_bindgen_test(unsupported = test)]
fn reward_model() {
    let case = Case::new(fixture!("train/chat-reward.json"));
    let tensors = case.tensors.iter();
    let named: Named = tensors
        .map(|t| (t.name.clone(), (t.shape.clone(), t.values.clone())))
        .collect();
    let model = RewardModel::new(&config(&case), named, 1).expect("a model");
    let loss = |batch: &Value| reward_loss(&model, &responses(batch)).expect("a loss");
    let first = loss(&case.json["batches"][0]);
    assert_margin(&case, &first);
    assert_gradients(&case, model.parameters(), &first);
    assert_steps(&case, model.parameters(), "adamw", loss);
}

#[wasm_bindgen_test(unsupported = test)]
fn direct_preference_optimization() {
    let (case, parameters, gpt) = gpt(fixture!("train/chat-dpo.json"));
    let beta = case.json["beta"].as_f64().expect("a number");
    let first = &case.json["batches"][0];
    let ours = log_likelihoods(&gpt, &responses(first)).expect("log-likelihoods");
    let theirs = floats(&case.json["log_likelihoods"]);
    assert_close("log-likelihoods", &values(&ours).expect("values"), &theirs);
    let loss = |batch: &Value| {
        let reference = floats(&batch["reference"]);
        dpo_loss(&gpt, &responses(batch), &reference, beta).expect("a loss")
    };
    assert_margin(&case, &loss(first));
    assert_gradients(&case, &parameters, &loss(first));
    assert_steps(&case, &parameters, "adamw", loss);
}

/// A GPT that has read some lines, as its folder.
fn folder() -> Files {
    folder_of(48, 2)
}

/// One that reads so many tokens, with so many heads.
fn folder_of(context: usize, num_heads: usize) -> Files {
    let mut settings = Settings::new(Architecture::Gpt, Size::Small);
    (settings.vocab_size, settings.hidden_size) = (300, 24);
    (
        settings.num_layers,
        settings.num_heads,
        settings.batch_size,
        settings.steps,
    ) = (1, num_heads, 4, 3);
    settings.context = context;
    let mut training = Training::new(settings, &river(context)).expect("a run");
    (0..3).for_each(|_| drop(training.step().expect("a step")));
    let folder = training.folder().expect("a folder");
    let files = folder.files().into_iter();
    files
        .map(|(name, bytes)| (name.into(), bytes.to_vec()))
        .collect()
}

fn settings() -> ChatSettings {
    ChatSettings {
        batch_size: 2,
        learning_rate: 3e-3,
        epochs: 4,
        ..Default::default()
    }
}

fn examples() -> Vec<Example> {
    let example = |(prompt, response): &(&str, &str)| Example {
        prompt: prompt.to_string(),
        response: response.to_string(),
    };
    [
        ("river", "It is wide."),
        ("bank", "It is old."),
        ("sea", "wide"),
    ]
    .iter()
    .map(example)
    .collect()
}

fn pairs() -> Vec<Pair> {
    let pair = |(prompt, chosen, rejected): &(&str, &str, &str)| Pair {
        prompt: prompt.to_string(),
        chosen: chosen.to_string(),
        rejected: rejected.to_string(),
    };
    [
        ("river", "It is wide.", "old old old"),
        ("bank", "It is old.", "wide wide"),
        ("sea", "wide", "the bank"),
    ]
    .iter()
    .map(pair)
    .collect()
}

fn begin(steps: &mut ChatSteps, kind: PhaseKind) {
    let none = PhaseSettings::default();
    let begun = match kind {
        PhaseKind::Supervised => steps.supervised(examples(), &none),
        PhaseKind::Reward => steps.reward(pairs(), &none),
        PhaseKind::Preference => steps.preference(pairs(), &none),
    };
    let info = begun.expect("a phase");
    assert_eq!((info.kind, info.examples, info.steps), (kind, 3, 8));
}

const ALL: [PhaseKind; 3] = [
    PhaseKind::Supervised,
    PhaseKind::Reward,
    PhaseKind::Preference,
];

/// All phases one after the other; with a break behind each step where `breaks`.
fn losses(breaks: bool) -> (Vec<f32>, ChatSteps) {
    let mut steps = ChatSteps::new(&folder(), settings()).expect("a GPT");
    let mut losses = Vec::new();
    for kind in ALL {
        begin(&mut steps, kind);
        if breaks && kind == PhaseKind::Preference {
            // In the midst of what comes before the first step, too.
            let progress = steps.prepare().expect("a reference");
            assert_eq!((progress.done, progress.total), (4, 6));
        }
        while !steps.is_over() {
            if breaks {
                let saved = steps.checkpoint().expect("a checkpoint");
                steps = ChatSteps::resume(&saved).expect("it goes on");
            }
            losses.push(steps.step().expect("a step").loss);
        }
    }
    (losses, steps)
}

#[wasm_bindgen_test(unsupported = test)]
fn a_break_changes_no_bit() {
    let ((whole, first), (broken, second)) = (losses(false), losses(true));
    assert_eq!(whole, broken);
    assert!(first.checkpoint() == second.checkpoint());
    assert!(first.folder() == second.folder());
    let score = |steps: &ChatSteps| steps.score("river", "It is wide.").expect("a score");
    assert_eq!(score(&first), score(&second));
    for before in [false, true] {
        let sample = |steps: &ChatSteps| {
            let options = SampleOptions::default();
            steps.sample("river", &options, before).expect("a sample")
        };
        assert_eq!(sample(&first), sample(&second));
    }
}

/// Each phase learns what it is to learn, by numbers that it does not minimise itself.
#[wasm_bindgen_test(unsupported = test)]
fn each_phase_learns() {
    let files = folder();
    let more = PhaseSettings {
        epochs: Some(40),
        learning_rate: Some(1e-2),
        ..Default::default()
    };
    let mut steps = ChatSteps::new(&files, settings()).expect("a GPT");
    let likeliest = SampleOptions {
        temperature: 0.0,
        ..Default::default()
    };
    let said = |steps: &ChatSteps, before| {
        let say = |example: Example| steps.sample(&example.prompt, &likeliest, before);
        let all = examples().into_iter().map(say);
        all.map(|text| text.expect("a sample")).collect::<Vec<_>>()
    };
    let at_first = said(&steps, false);
    let long = PhaseSettings {
        epochs: Some(300),
        ..more
    };
    steps.supervised(examples(), &long).expect("a phase");
    while !steps.is_over() {
        steps.step().expect("a step");
    }
    let wanted: Vec<String> = examples().into_iter().map(|e| e.response).collect();
    assert_eq!(said(&steps, false), wanted);
    assert_eq!(
        said(&steps, true),
        at_first,
        "what it said before the phase"
    );
    let reward = steps.reward(pairs(), &more).expect("a phase");
    assert_eq!(reward.steps, 80);
    while !steps.is_over() {
        steps.step().expect("a step");
    }
    assert_eq!(
        said(&steps, false),
        wanted,
        "the reward model is another model"
    );
    for Pair {
        prompt,
        chosen,
        rejected,
    } in pairs()
    {
        let score = |response: &str| steps.score(&prompt, response).expect("a score");
        assert!(score(&chosen) > score(&rejected), "{prompt}");
    }
    let ranked = steps.best_of("river", 5, &SampleOptions::default());
    let ranked = ranked.expect("samples");
    assert!(ranked.windows(2).all(|two| two[0].score >= two[1].score));
    // DPO turns what was learnt round: the model is to say what it was not shown.
    let other = |pair: Pair| Pair {
        chosen: pair.rejected,
        rejected: pair.chosen,
        ..pair
    };
    let turned = pairs().into_iter().map(other).collect();
    steps.preference(turned, &more).expect("a phase");
    let mut last = None;
    while !steps.is_over() {
        last = Some(steps.step().expect("a step"));
    }
    let part = &last.expect("a step").parts[0];
    assert_eq!((part.name, part.accuracy), ("dpo", Some(1.0)));
    assert!(part.margin.expect("a margin") > 1.0);
    let after = said(&steps, false);
    assert!(
        after.iter().zip(&wanted).all(|(now, then)| now != then),
        "{after:?}"
    );
    assert_eq!(said(&steps, true), wanted);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_folder_opens_and_talks() {
    let (_, steps) = losses(false);
    let files = steps.folder().expect("a folder");
    let get = |name: &str| files.get(name).map(Vec::as_slice);
    let mut loader = ModelLoader::new(get("config.json"), DType::F32).expect("a config");
    loader.push(&files["model.safetensors"]).expect("weights");
    assert!(loader.finish().expect("a model").into_decoder().is_ok());
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        tokenizer: get("tokenizer.json"),
        config: get("config.json"),
        tokenizer_config: get("tokenizer_config.json"),
        chat_template: get("chat_template.jinja"),
        ..Default::default()
    })
    .expect("a tokenizer");
    let says = |role: &str, content: &str| Message::new(role, content);
    let messages = [
        says("user", " river "),
        says("assistant", "It is wide."),
        says("user", "bank"),
    ];
    let text = tokenizer.conversation(&Conversation::of(&messages));
    assert_eq!(
        text.expect("a text"),
        "Question: river\nAnswer: It is wide.<|endoftext|>Question: bank\nAnswer:"
    );
    // And goes through the steps again.
    assert!(ChatSteps::new(&files, settings()).is_ok());
}

#[wasm_bindgen_test(unsupported = test)]
fn long_texts_are_cut() {
    let mut steps = ChatSteps::new(&folder(), settings()).expect("a GPT");
    assert_eq!(
        steps.info().max_length,
        48,
        "never more than is read at once"
    );
    let long = "the river is wide and old ".repeat(40);
    let example = |prompt: &str, response: &str| Example {
        prompt: prompt.into(),
        response: response.into(),
    };
    let cases = [
        example(&long, "wide"),
        example("river", &long),
        example(&long, &long),
        example("river", "wide"),
    ];
    let none = PhaseSettings::default();
    let info = steps.supervised(cases.to_vec(), &none).expect("a phase");
    assert_eq!((info.examples, info.cut), (4, 3));
    let report = steps.step().expect("a step");
    assert!(report.tokens <= 2 * 48);
    assert!(steps
        .sample(&long, &SampleOptions::default(), false)
        .is_ok());
    // Responses that differ behind what is left of them are no choice.
    let pair = Pair {
        prompt: "river".into(),
        chosen: format!("{long} old"),
        rejected: format!("{long} wide"),
    };
    let refused = steps.reward(vec![pair], &none).expect_err("equal");
    assert_eq!(refused, TrainError::SameResponses { example: 0 });
    assert_eq!(
        steps.info().phase.expect("the phase").kind,
        PhaseKind::Supervised
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_wrong_is_said() {
    let files = folder();
    let none = PhaseSettings::default();
    let mut steps = ChatSteps::new(&files, settings()).expect("a GPT");
    assert!(steps.is_over());
    assert_eq!(steps.step().expect_err("none"), TrainError::NoPhase);
    assert_eq!(steps.prepare().expect_err("none"), TrainError::NoPhase);
    let score = steps.score("river", "wide").expect_err("no model");
    assert_eq!(score, TrainError::NoRewardModel);
    let options = SampleOptions::default();
    let best = steps.best_of("river", 3, &options).expect_err("no model");
    assert_eq!(best, TrainError::NoRewardModel);
    let empty = steps.sample(" ", &options, false).expect_err("empty");
    assert_eq!(empty.code(), "empty_prompt");
    let refused = steps.supervised(Vec::new(), &none).expect_err("nothing");
    assert_eq!(refused, TrainError::NoExamples);
    assert_eq!(steps.reward(Vec::new(), &none), Err(TrainError::NoExamples));
    let mut cases = examples();
    cases[1].prompt = " \n".into();
    let refused = steps.supervised(cases, &none).expect_err("no prompt");
    assert_eq!(refused, TrainError::EmptyPrompt { example: 1 });
    let mut cases = pairs();
    cases[2].rejected = String::new();
    let refused = steps.preference(cases, &none).expect_err("no response");
    assert_eq!(refused, TrainError::EmptyResponse { example: 2 });
    let mut cases = pairs();
    cases[1].rejected = format!(" {}\n", cases[1].chosen);
    let refused = steps.preference(cases, &none).expect_err("equal");
    assert_eq!(refused, TrainError::SameResponses { example: 1 });
    for wrong in [
        ChatSettings {
            max_length: 7,
            ..settings()
        },
        ChatSettings {
            batch_size: 0,
            ..settings()
        },
        ChatSettings {
            epochs: 0,
            ..settings()
        },
        ChatSettings {
            beta: 0.0,
            ..settings()
        },
        ChatSettings {
            learning_rate: f64::NAN,
            ..settings()
        },
    ] {
        let refused = ChatSteps::new(&files, wrong).err().expect("out of range");
        assert_eq!(refused.code(), "invalid_setting");
    }
    assert!(ChatSteps::new(&BTreeMap::new(), settings()).is_err());
    begin(&mut steps, PhaseKind::Preference);
    let saved = steps.checkpoint().expect("a checkpoint");
    for end in (0..saved.len()).step_by(saved.len() / 17) {
        let refused = ChatSteps::resume(&saved[..end]).err().expect("cut");
        assert_eq!(refused.code(), "invalid_checkpoint");
    }
    // Of a head that divides nothing.
    let text = String::from_utf8_lossy(&saved).into_owned();
    assert!(text.contains(r#"\"n_head\":2"#));
    let broken: Vec<u8> = saved
        .windows(12)
        .position(|bytes| bytes == br#"\"n_head\":2"#)
        .map(|at| [&saved[..at + 11], b"7", &saved[at + 12..]].concat())
        .expect("it is there");
    let refused = ChatSteps::resume(&broken).err().expect("no head");
    assert_eq!(refused.code(), "invalid_checkpoint");
}

/// A run that diverges says so and leaves the weights as they were.
#[wasm_bindgen_test(unsupported = test)]
fn divergence_is_said() {
    let mut steps = ChatSteps::new(&folder(), settings()).expect("a GPT");
    let fast = PhaseSettings {
        learning_rate: Some(1.0),
        epochs: Some(10_000),
        ..Default::default()
    };
    steps.supervised(examples(), &fast).expect("a phase");
    for _ in 0..200 {
        let before = steps.folder().expect("a folder");
        match steps.step() {
            Ok(report) => assert!(report.loss.is_finite()),
            Err(error) => {
                assert_eq!(error.code(), "diverged");
                assert!(steps.folder() == Ok(before));
                return;
            }
        }
    }
}

/// The page's own GPT, of 14 million weights, through all three steps with the settings that a page begins with: the
/// responses become likelier, the reward model tells the pairs apart, and DPO moves the GPT towards the chosen ones.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_pages_gpt_goes_through_all_three() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/gpt");
    let read = |name: &str| {
        (
            name.to_string(),
            std::fs::read(root.join(name)).expect("a file"),
        )
    };
    let files: Files = ["config.json", "tokenizer.json", "model.gguf"]
        .map(read)
        .into();
    let mut steps = ChatSteps::new(&files, ChatSettings::default()).expect("a GPT");
    let about = [
        (
            "Where is Paris?",
            "Paris is a city in France.",
            "I like trains.",
        ),
        (
            "Where is Rome?",
            "Rome is a city in Italy.",
            "It was born in 1950.",
        ),
        (
            "Where is Berlin?",
            "Berlin is a city in Germany.",
            "The song was a hit.",
        ),
        (
            "Where is Madrid?",
            "Madrid is a city in Spain.",
            "No, thank you.",
        ),
    ];
    let example = |(prompt, response, _): (&str, &str, &str)| Example {
        prompt: prompt.into(),
        response: response.into(),
    };
    let pair = |(prompt, chosen, rejected): (&str, &str, &str)| Pair {
        prompt: prompt.into(),
        chosen: chosen.into(),
        rejected: rejected.into(),
    };
    let pairs = about.map(pair).to_vec();
    let none = PhaseSettings::default();
    let run = |steps: &mut ChatSteps| {
        let mut parts = Vec::new();
        let begun = std::time::Instant::now();
        while !steps.is_over() {
            parts.push(steps.step().expect("a step").parts[0].clone());
        }
        let (first, last) = (&parts[0], &parts[parts.len() - 1]);
        measured!("{first:?} -> {last:?} in {:.1?}", begun.elapsed());
        (parts[0].clone(), parts[parts.len() - 1].clone())
    };
    let likeliest = SampleOptions {
        temperature: 0.0,
        max_new_tokens: 12,
        ..Default::default()
    };
    let unseen = |steps: &ChatSteps| {
        steps
            .sample("Where is London?", &likeliest, false)
            .expect("a sample")
    };
    let before = unseen(&steps);
    steps
        .supervised(about.map(example).to_vec(), &none)
        .expect("a phase");
    let (first, last) = run(&mut steps);
    assert!(last.loss < 0.7 * first.loss);
    let after = unseen(&steps);
    measured!("\"{before}\" -> \"{after}\"");
    assert_ne!(before, after);
    steps.reward(pairs.clone(), &none).expect("a phase");
    let (first, last) = run(&mut steps);
    assert!(last.loss < first.loss && last.accuracy == Some(1.0));
    steps.preference(pairs, &none).expect("a phase");
    let (first, last) = run(&mut steps);
    assert!(
        (first.loss - 2f32.ln()).abs() < 1e-3,
        "the GPT is its own reference"
    );
    assert!(last.loss < first.loss && last.margin > Some(0.05));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_gpt_that_reads_few_tokens_goes_through_the_steps() {
    let mut steps = ChatSteps::new(&folder_of(8, 2), settings()).expect("a GPT");
    assert_eq!(steps.info().max_length, 8);
    assert!(ChatSteps::resume(&steps.checkpoint().expect("a checkpoint")).is_ok());
    let none = PhaseSettings::default();
    steps.supervised(examples(), &none).expect("a phase");
    steps.step().expect("a step");
    let saved = steps.checkpoint().expect("a checkpoint");
    let mut resumed = ChatSteps::resume(&saved).expect("it goes on");
    assert_eq!(resumed.step(), steps.step());
}

/// A text that is long enough for a context.
fn river(context: usize) -> String {
    "The river is wide. The bank of the river is old. What is the sea? It is wide.\n"
        .repeat(context.max(60))
}

/// A new GPT whose attention to a text as long as it reads takes 2 GiB.
fn wide_folder() -> Files {
    let mut settings = Settings::new(Architecture::Gpt, Size::Small);
    (settings.vocab_size, settings.hidden_size) = (300, 128);
    (settings.num_layers, settings.num_heads) = (8, 64);
    (settings.context, settings.batch_size) = (1024, 1);
    let training = Training::new(settings, &river(1024)).expect("a run");
    let folder = training.folder().expect("a folder");
    let files = folder.files().into_iter();
    files
        .map(|(name, bytes)| (name.into(), bytes.to_vec()))
        .collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn what_has_no_room_is_refused() {
    let wide = ChatSettings {
        max_length: 1024,
        batch_size: 64,
        ..settings()
    };
    let mut steps = ChatSteps::new(&wide_folder(), wide).expect("a GPT");
    // Two responses of 1024 tokens, each with 8 · 64 · 1024² scores.
    let pair = Pair {
        prompt: "What is wide?".into(),
        chosen: "the river ".repeat(1000),
        rejected: "a sea ".repeat(1000),
    };
    let none = PhaseSettings::default();
    let refused = steps.preference(vec![pair.clone(); 24], &none);
    let Err(TrainError::TooMuchMemory { tokens, fits, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(tokens, 1024);
    assert!(steps.info().phase.is_none());
    // What is said to fit does.
    let narrow = ChatSettings {
        max_length: fits,
        ..wide
    };
    let mut steps = ChatSteps::new(&wide_folder(), narrow).expect("a GPT");
    assert!(steps.preference(vec![pair; 24], &none).is_ok());
}
