//! Fine-tuning against transformers' own classes (tests/parity/tuning.py): losses, gradients and 20 steps, with all
//! weights learning, and with the embeddings and the first layer frozen, which then run as inference runs them.

use cloze::models::{EncoderInput, Model, ModelLoader, Past};
use cloze::train::files::FileConfig;
use cloze::train::models::bert::{BertHeads, Pairs};
use cloze::train::models::Texts;
use cloze::train::parameters::{Named, Parameters};
use cloze::train::tuning::{
    exact_match, f1, tuning_loss, TuneBatch, TuneTarget, TuneTask, TunedModel, WordTarget,
};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::gradients::{assert_gradients, assert_steps, config, rows};
use crate::support::*;

const LABELS: usize = 3;
/// `LM_WEIGHT` of the script.
const LM_WEIGHT: f32 = 0.5;
const NO_HEADS: BertHeads = BertHeads {
    mlm: false,
    nsp: false,
};

fn targets(json: &Value) -> Vec<TuneTarget> {
    let lengths = usizes(&json["lengths"]);
    if let Some(spans) = json["spans"].as_array() {
        let span = |span| {
            let span = ids(span);
            TuneTarget::Span([span[0], span[1]])
        };
        return spans.iter().map(span).collect();
    }
    if let Some(texts) = json["words"].as_array() {
        let word = |(word, pair): (usize, &Value)| {
            let pair = ids(pair);
            WordTarget {
                at: pair[0],
                label: pair[1],
                word,
            }
        };
        let words = |words| list(words).iter().enumerate().map(word).collect();
        return texts
            .iter()
            .map(|text| TuneTarget::Words(words(text)))
            .collect();
    }
    let gpt = json["gpt"].as_bool() == Some(true);
    let text = |(label, length): (u32, usize)| TuneTarget::Text {
        at: if gpt { length as u32 - 1 } else { 0 },
        label,
    };
    ids(&json["labels"])
        .into_iter()
        .zip(lengths)
        .map(text)
        .collect()
}

fn batch(json: &Value, frozen: Option<&Model>) -> TuneBatch {
    let (input_ids, len) = rows(&json["input_ids"]);
    let pairs = Pairs {
        texts: Texts { input_ids, len },
        token_type_ids: rows(&json["token_type_ids"]).0,
        lengths: usizes(&json["lengths"]),
    };
    let states = frozen.map(|model| states(model, &pairs));
    let width = states
        .as_ref()
        .map_or(1, |s| s.len() / pairs.texts.input_ids.len());
    TuneBatch::new(pairs, states.map(|states| (states, width)), targets(json)).expect("a batch")
}

/// What the embeddings and the first layer of inference's model make of each text; of padding, zeros.
fn states(model: &Model, pairs: &Pairs) -> Vec<f32> {
    let (len, width) = (pairs.texts.len, model.info().hidden_size);
    let mut all = Vec::new();
    for (text, &length) in pairs.lengths.iter().enumerate() {
        let own = text * len..text * len + length;
        let (ids, types) = (
            &pairs.texts.input_ids[own.clone()],
            &pairs.token_type_ids[own],
        );
        let input = EncoderInput::single(ids.to_vec(), types.to_vec());
        let mut seen = |number: usize, states: &[f32]| {
            if number == 1 {
                all.extend_from_slice(states);
            }
            Ok(())
        };
        match model {
            Model::Encoder(model) => model.run(&input, &mut seen),
            Model::Decoder(model) => {
                let mut cache = model.new_cache_of(length).expect("a cache");
                model.run(ids, Past::OfAll(&mut cache), &mut seen)
            }
        }
        .expect("hidden states");
        all.resize((text + 1) * len * width, 0.0);
    }
    all
}

fn assert_tuning(fixture: &str, task: TuneTask, gpt: bool) {
    let case = Case::new(fixture);
    let all = || -> Named {
        let tensors = case.tensors.iter();
        tensors
            .map(|t| (t.name.clone(), (t.shape.clone(), t.values.clone())))
            .collect()
    };
    let file_config = if gpt {
        FileConfig::Gpt(config(&case))
    } else {
        FileConfig::Bert(config(&case))
    };
    let mut json = match &file_config {
        FileConfig::Gpt(config) => config.to_json(None),
        FileConfig::Bert(config) => config.to_json(NO_HEADS, 0),
        FileConfig::Elmo(_) => unreachable!("not fine-tuned"),
    };
    json["num_labels"] = LABELS.into();
    let json = serde_json::to_vec(&json).expect("JSON");
    let mut loader = ModelLoader::new(Some(&json), DType::F32).expect("a config");
    loader
        .push(&case.safetensors(FileDType::F32))
        .expect("weights");
    let frozen = loader.finish().expect("a model");
    let lm_weight = if gpt { LM_WEIGHT } else { 0.0 };
    for (which, first) in [("whole", None), ("upper", Some(1))] {
        // The fields of one of the two runs, as the checks expect them.
        let mut one = Case {
            json: case.json.clone(),
            tensors: Vec::new(),
        };
        for (key, value) in case.json[which].as_object().expect("a run") {
            one.json[key] = value.clone();
        }
        let wte = first.and_then(|_| {
            let (shape, values) = all().remove("transformer.wte.weight")?;
            let wte = candle_core::Tensor::from_vec(values, shape, &candle_core::Device::Cpu);
            Some(wte.expect("a tensor"))
        });
        let parameters = Parameters::given(all());
        let model = TunedModel::new(&file_config, first, (task, LABELS), parameters, wte);
        let model = model.expect("a model");
        let frozen = first.map(|_| &frozen);
        let loss = |json: &Value| {
            let mut json = json.clone();
            json["gpt"] = gpt.into();
            tuning_loss(&model, &batch(&json, frozen), lm_weight).expect("a loss")
        };
        measured!("{which}:");
        assert_gradients(&one, model.parameters(), &loss(&one.json["batches"][0]));
        assert_steps(&one, model.parameters(), "adamw", loss);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn labels_of_pairs() {
    let fixture = fixture!("train/tune-sequence.json");
    assert_tuning(fixture, TuneTask::TextClassification, false);
}

#[wasm_bindgen_test(unsupported = test)]
fn labels_of_words() {
    let fixture = fixture!("train/tune-tagging.json");
    assert_tuning(fixture, TuneTask::TokenClassification, false);
}

#[wasm_bindgen_test(unsupported = test)]
fn spans_that_answer() {
    let fixture = fixture!("train/tune-span.json");
    assert_tuning(fixture, TuneTask::QuestionAnswering, false);
}

#[wasm_bindgen_test(unsupported = test)]
fn gpt_with_the_auxiliary_loss() {
    let fixture = fixture!("train/tune-gpt.json");
    assert_tuning(fixture, TuneTask::TextClassification, true);
}

#[wasm_bindgen_test(unsupported = test)]
fn answers_are_judged_as_squad_does() {
    let json: Value = serde_json::from_str(fixture!("train/tune-squad.json")).expect("JSON");
    for row in list(&json["answers"]) {
        let (right, answer) = (text(&row["right"]), text(&row["answer"]));
        assert_eq!(
            Some(exact_match(right, answer)),
            row["exact"].as_bool(),
            "{right}, {answer}"
        );
        let theirs = row["f1"].as_f64().expect("a number");
        assert!(
            (f1(right, answer) - theirs).abs() < 1e-12,
            "{right}, {answer}"
        );
    }
}
