//! ELMo's tagging head against PyTorch (tests/parity/chat.py), after a break, and what is refused.

use cloze::train::files::Files;
use cloze::train::models::elmo::ElmoConfig;
use cloze::train::tagger::{ElmoTagger, TaggerSettings, MOST_TOKENS};
use cloze::train::tuning::{WordData, WordExample};
use cloze::train::TrainError;
use wasm_bindgen_test::wasm_bindgen_test;

use super::gradients::config;
use crate::support::*;

fn fixture() -> (Case, Files) {
    let case = Case::new(fixture!("train/tagger.json"));
    let json = config::<ElmoConfig>(&case).to_json();
    let files = [
        ("config.json", json.to_string().into_bytes()),
        ("tokenizer.json", text(&case.json["tokenizer"]).into()),
        ("model.safetensors", case.safetensors(FileDType::F32)),
    ];
    let files = files.map(|(name, bytes)| (name.to_string(), bytes));
    (case, files.into())
}

fn words(case: &Case) -> WordData {
    let example = |json: &serde_json::Value| WordExample {
        words: strings(&json["words"]),
        labels: strings(&json["labels"]),
    };
    WordData {
        labels: strings(&case.json["labels"]),
        examples: list(&case.json["examples"]).iter().map(example).collect(),
    }
}

fn strings(json: &serde_json::Value) -> Vec<String> {
    list(json).iter().map(|one| text(one).to_string()).collect()
}

/// All examples in each step, so that their order does not matter.
fn settings(case: &Case) -> TaggerSettings {
    TaggerSettings {
        epochs: 20,
        batch_size: 5,
        learning_rate: case.json["rate"].as_f64().expect("a rate"),
        held_out_share: 0.0,
        seed: 3,
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn layers_are_mixed_as_pytorch_mixes_them() {
    let (case, files) = fixture();
    let mut tagger = ElmoTagger::new(&files, words(&case), settings(&case)).expect("a tagger");
    assert_eq!(tagger.mix().expect("a mix"), (vec![1.0 / 3.0; 3], 1.0));
    let theirs = floats(&case.json["losses"]);
    for (step, theirs) in theirs.iter().enumerate() {
        let report = tagger.step().expect("a step");
        let difference = (report.loss - theirs).abs() / theirs;
        assert!(difference < 1e-3, "{step}: {}, {theirs}", report.loss);
    }
    assert!(tagger.is_over() && theirs.len() == 20);
    let (s, gamma) = tagger.mix().expect("a mix");
    let close = |what: &str, ours: &[f32], key: &str| {
        let theirs = floats(&case.json[key]);
        let scale = theirs
            .iter()
            .fold(0f32, |most, value| most.max(value.abs()));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!(
                (ours - theirs).abs() < 1e-3 * scale,
                "{what}: {ours}, {theirs}"
            );
        }
        assert_eq!(ours.len(), theirs.len(), "{what}");
    };
    close("s", &s, "s");
    close("gamma", &[gamma], "gamma");
    let texts = strings(&case.json["texts"]);
    let found = tagger.vectors(&texts, text(&case.json["word"]));
    let found = found.expect("vectors");
    let places: Vec<_> = found
        .occurrences
        .iter()
        .map(|o| (o.text, o.range.clone()))
        .collect();
    assert_eq!(places, [(0, 8..12), (1, 12..16)]);
    close("layers", &found.layers, "layers");
    close("mixed", &found.mixed, "mixed");
    close("cosine", &found.similarities[1..2], "cosine");
    // Two points are as far apart as the vectors.
    let [a, b, c, d] = found.points[..] else {
        panic!("two points")
    };
    close("distance", &[(a - c).hypot(b - d)], "distance");
    // Without a context both are the same.
    let width = found.width;
    assert_eq!(found.layers[..width], found.layers[width..2 * width]);
    assert_ne!(found.mixed[..width], found.mixed[width..]);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_break_changes_no_bit() {
    let (case, files) = fixture();
    let settings = TaggerSettings {
        batch_size: 2,
        held_out_share: 0.2,
        ..settings(&case)
    };
    let run = |breaks: bool| {
        let mut tagger = ElmoTagger::new(&files, words(&case), settings).expect("a tagger");
        let mut losses = Vec::new();
        while !tagger.is_over() {
            if breaks {
                let saved = tagger.checkpoint().expect("a checkpoint");
                tagger = ElmoTagger::resume(&saved).expect("it goes on");
            }
            losses.push(tagger.step().expect("a step").loss);
        }
        (losses, tagger)
    };
    let ((whole, first), (broken, second)) = (run(false), run(true));
    assert_eq!(whole, broken);
    assert!(first.checkpoint() == second.checkpoint() && first.folder() == second.folder());
    assert_eq!(first.evaluate(), second.evaluate());
    let evaluation = first.evaluate().expect("an example held back");
    let counted: usize = evaluation.confusion.iter().flatten().sum();
    assert_eq!(counted, evaluation.predictions.len());
    assert_eq!(first.info().held_out, 1);
    // All scores are equal before the first step: the first label is the guess.
    let new = ElmoTagger::new(&files, words(&case), settings).expect("a tagger");
    for evaluation in [new.evaluate().expect("an evaluation"), evaluation] {
        let right = (0..3)
            .map(|label| evaluation.confusion[label][label])
            .sum::<usize>();
        let share = right as f64 / evaluation.predictions.len() as f64;
        assert!((evaluation.accuracy - share).abs() < 1e-6, "{evaluation:?}");
    }
    // The folder has ELMo's weights still, and opens again.
    let folder = first.folder().expect("a folder");
    assert!(ElmoTagger::new(&folder, words(&case), settings).is_ok());
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_wrong_is_said() {
    let (case, files) = fixture();
    let begin = |change: &dyn Fn(&mut WordData)| {
        let mut data = words(&case);
        change(&mut data);
        let code = |error: TrainError| error.code();
        ElmoTagger::new(&files, data, settings(&case))
            .map_err(code)
            .err()
    };
    assert_eq!(begin(&|_| {}), None);
    assert_eq!(begin(&|data| data.examples.clear()), Some("no_examples"));
    let empty = |data: &mut WordData| data.examples[1].words[0].clear();
    assert_eq!(begin(&empty), Some("empty_example"));
    let unequal = |data: &mut WordData| drop(data.examples[1].labels.pop());
    assert_eq!(begin(&unequal), Some("words_and_labels"));
    let unknown = |data: &mut WordData| data.labels[0] = "Z".into();
    assert_eq!(begin(&unknown), Some("unknown_label"));
    let long = |data: &mut WordData| {
        let one = &mut data.examples[0];
        one.words = vec!["bank".into(); MOST_TOKENS + 9];
        one.labels = vec!["N".into(); MOST_TOKENS + 9];
    };
    assert_eq!(begin(&long), None, "it is cut");
    let mut data = words(&case);
    long(&mut data);
    let tagger = ElmoTagger::new(&files, data, settings(&case)).expect("a tagger");
    assert_eq!(tagger.info().cut, 1);
    let refused = tagger.vectors(&["the river".into()], "bank");
    let word = "bank".into();
    assert_eq!(refused, Err(TrainError::WordNotFound { word }));
    assert_eq!(tagger.evaluate(), Err(TrainError::NothingHeldOut));
    let saved = tagger.checkpoint().expect("a checkpoint");
    for end in (0..saved.len()).step_by(saved.len() / 13) {
        let refused = ElmoTagger::resume(&saved[..end]).err().expect("cut");
        assert_eq!(refused.code(), "invalid_checkpoint");
    }
    let size = br#"\"hidden_size\":9"#;
    let at = saved.windows(size.len()).position(|bytes| bytes == size);
    let mut empty = saved;
    empty[at.expect("it is there") + size.len() - 1] = b'0';
    let refused = ElmoTagger::resume(&empty).err().expect("no size");
    assert_eq!(refused.code(), "invalid_checkpoint");
    assert!(
        refused.to_string().contains("\"hidden_size\" is 0"),
        "{refused}"
    );
    let wrong = TaggerSettings {
        learning_rate: 0.0,
        ..settings(&case)
    };
    let refused = ElmoTagger::new(&files, words(&case), wrong).err();
    assert_eq!(refused.map(|error| error.code()), Some("invalid_setting"));
}
