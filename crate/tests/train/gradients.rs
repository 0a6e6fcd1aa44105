//! Losses, gradients and 20 steps against PyTorch (tests/parity/train.py).

use cloze::train::models::bert::{Bert, BertConfig, BertHeads, Pairs};
use cloze::train::models::elmo::{Elmo, ElmoConfig, ScalarMix};
use cloze::train::models::gpt::{Gpt, GptConfig};
use cloze::train::models::xlnet::{Orders, Xlnet, XlnetConfig};
use cloze::train::models::Texts;
use cloze::train::objectives::bidirectional::bidirectional_loss;
use cloze::train::objectives::causal::{causal_loss, CausalBatch};
use cloze::train::objectives::masked::{masked_loss, MaskedBatch};
use cloze::train::objectives::permutation::permutation_loss;
use cloze::train::objectives::Loss;
use cloze::train::ops::values;
use cloze::train::optimizers::{norm, Optimizer, OptimizerSettings};
use cloze::train::parameters::{Named, Parameter, Parameters};
use cloze::train::random::Dropout;
use cloze::train::Schedule;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

/// Gradients may differ by this share of the largest value of their tensor.
const TOLERANCE: f32 = 1e-4;
/// Losses on the way.
const LOSS_TOLERANCE: f32 = 1e-3;

/// The weights of a fixture.
pub fn given(case: &Case) -> Parameters {
    let tensors = case.tensors.iter();
    let named: Named = tensors
        .map(|t| (t.name.clone(), (t.shape.clone(), t.values.clone())))
        .collect();
    Parameters::given(named)
}

pub fn config<T: serde::de::DeserializeOwned>(case: &Case) -> T {
    serde_json::from_value(case.json["config"].clone()).expect("a config")
}

pub fn gpt() -> (Case, Parameters, Gpt) {
    let case = Case::new(fixture!("train/gpt.json"));
    let mut parameters = given(&case);
    let gpt = Gpt::new(&config::<GptConfig>(&case), &mut parameters).expect("a GPT");
    (case, parameters, gpt)
}

pub const BOTH: BertHeads = BertHeads {
    mlm: true,
    nsp: true,
};

pub fn bert() -> (Case, Parameters, Bert) {
    let case = Case::new(fixture!("train/bert.json"));
    let mut parameters = given(&case);
    let bert = Bert::new(&config::<BertConfig>(&case), BOTH, &mut parameters).expect("a BERT");
    (case, parameters, bert)
}

pub fn causal_batch(json: &Value) -> CausalBatch {
    let windows: Vec<Vec<u32>> = list(&json["windows"]).iter().map(ids).collect();
    CausalBatch::of(&windows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// A flat list of ids from a list of lists, and how long each is.
pub fn rows(json: &Value) -> (Vec<u32>, usize) {
    let rows: Vec<Vec<u32>> = list(json).iter().map(ids).collect();
    (rows.concat(), rows[0].len())
}

pub fn masked_batch(json: &Value) -> MaskedBatch {
    let (input_ids, len) = rows(&json["input_ids"]);
    MaskedBatch {
        pairs: Pairs {
            texts: Texts { input_ids, len },
            token_type_ids: rows(&json["token_type_ids"]).0,
            lengths: usizes(&json["lengths"]),
        },
        chosen: ids(&json["chosen"]),
        labels: ids(&json["labels"]),
        not_next: ids(&json["not_next"]),
    }
}

fn gradients(loss: &Loss, parameters: &Parameters) -> Vec<Vec<f32>> {
    let store = loss.total.backward().expect("gradients");
    let of = |parameter: &Parameter| match store.get(parameter.tensor()) {
        Some(gradient) => values(&gradient.contiguous().expect("no gaps"))
            .expect("values")
            .to_vec(),
        None => vec![0.0; parameter.tensor().elem_count()],
    };
    parameters.all().iter().map(of).collect()
}

/// Loss, its parts and all gradients of the first batch.
pub fn assert_gradients(case: &Case, parameters: &Parameters, loss: &Loss) {
    let json = &case.json;
    let value: f32 = loss.total.to_scalar().expect("a scalar");
    assert_close("the loss", &[value], &floats(&json["loss"]));
    for part in &loss.parts {
        let theirs = json["parts"][part.name].as_f64().expect("a part") as f32;
        assert_close(part.name, &[part.loss], &[theirs]);
    }
    let theirs = list(&json["gradients"]);
    assert_eq!(theirs.len(), parameters.all().len(), "as many parameters");
    let ours = gradients(loss, parameters);
    let mut worst = 0f32;
    for (parameter, gradient) in parameters.all().iter().zip(&ours) {
        let named = |entry: &&Value| text(&entry["name"]) == parameter.name;
        let theirs = theirs
            .iter()
            .find(named)
            .expect("the gradient is in the fixture");
        let length = norm(std::slice::from_ref(gradient)) as f32;
        let expected = theirs["norm"].as_f64().expect("a length") as f32;
        // What is 0 by the formula (a bias of keys) is noise on both sides: some 1e-7, by the order of the sums.
        let zero = parameter.name.ends_with("key.bias");
        let scale = expected.max(if zero { 5e-3 } else { 1e-3 });
        let mut differences = vec![(length - expected).abs() / scale];
        let sample = usizes(&theirs["at"])
            .into_iter()
            .zip(floats(&theirs["values"]));
        differences.extend(sample.map(|(at, value)| (gradient[at] - value).abs() / scale));
        let difference = differences.into_iter().fold(0.0, f32::max);
        assert!(difference < TOLERANCE, "{}: {difference}", parameter.name);
        worst = worst.max(difference);
    }
    measured!("gradients: {worst:.1e} from PyTorch");
}

/// 20 steps of an optimizer.
pub fn assert_steps(
    case: &Case,
    parameters: &Parameters,
    which: &str,
    mut loss_of: impl FnMut(&Value) -> Loss,
) {
    let json = &case.json;
    let number = |key: &str| json["schedule"][key].as_f64().expect("a number");
    let schedule = Schedule {
        peak: number("peak"),
        warmup: number("warmup") as u64,
        decay_share: number("decay_share"),
    };
    let settings = OptimizerSettings {
        muon: which == "muon",
        ..Default::default()
    };
    let mut optimizer = Optimizer::new(settings, parameters.all());
    let theirs = floats(&json[which]);
    let mut worst = 0f32;
    for (step, (batch, theirs)) in list(&json["batches"]).iter().zip(&theirs).enumerate() {
        let loss = loss_of(batch);
        let value: f32 = loss.total.to_scalar().expect("a scalar");
        let difference = (value - theirs).abs() / theirs.abs();
        assert!(
            difference < LOSS_TOLERANCE,
            "{which} {step}: {value}, {theirs}"
        );
        worst = worst.max(difference);
        let mut gradients = gradients(&loss, parameters);
        let factor = (number("clip") / (norm(&gradients) + 1e-6)).min(1.0) as f32;
        gradients.iter_mut().flatten().for_each(|g| *g *= factor);
        let rate = schedule.rate(step as u64, number("steps") as u64);
        optimizer
            .step(parameters.all(), &gradients, rate)
            .expect("a step");
    }
    assert_eq!(theirs.len(), 20);
    measured!("20 steps of {which}: {worst:.1e} from PyTorch");
}

#[wasm_bindgen_test(unsupported = test)]
fn causal_language_model() {
    let (case, parameters, gpt) = gpt();
    let loss =
        |batch: &Value| causal_loss(&gpt, &causal_batch(batch), &Dropout::none()).expect("a loss");
    assert_gradients(&case, &parameters, &loss(&case.json["batches"][0]));
    assert_steps(&case, &parameters, "adamw", loss);
}

#[wasm_bindgen_test(unsupported = test)]
fn causal_language_model_by_muon() {
    let (case, parameters, gpt) = gpt();
    assert_steps(&case, &parameters, "muon", |batch| {
        causal_loss(&gpt, &causal_batch(batch), &Dropout::none()).expect("a loss")
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn masked_words_and_next_sentences() {
    let (case, parameters, bert) = bert();
    let loss =
        |batch: &Value| masked_loss(&bert, &masked_batch(batch), &Dropout::none()).expect("a loss");
    assert_gradients(&case, &parameters, &loss(&case.json["batches"][0]));
    // Each part alone is its part of the sum.
    let both = masked_batch(&case.json["batches"][0]);
    let mlm = MaskedBatch {
        not_next: vec![],
        ..both.clone()
    };
    let nsp = MaskedBatch {
        labels: vec![],
        chosen: vec![],
        ..both
    };
    for (name, batch) in [("mlm", mlm), ("nsp", nsp)] {
        let alone = masked_loss(&bert, &batch, &Dropout::none()).expect("a loss");
        let value: f32 = alone.total.to_scalar().expect("a scalar");
        assert_close(name, &[value], &floats(&case.json["parts"][name]));
    }
    assert_steps(&case, &parameters, "adamw", loss);
}

#[wasm_bindgen_test(unsupported = test)]
fn masked_words_and_next_sentences_by_muon() {
    let (case, parameters, bert) = bert();
    assert_steps(&case, &parameters, "muon", |batch| {
        masked_loss(&bert, &masked_batch(batch), &Dropout::none()).expect("a loss")
    });
}

fn texts(json: &Value) -> Texts {
    let (input_ids, len) = rows(json);
    Texts { input_ids, len }
}

fn elmo() -> (Case, Parameters, Elmo) {
    let case = Case::new(fixture!("train/elmo.json"));
    let mut parameters = given(&case);
    let elmo = Elmo::new(&config::<ElmoConfig>(&case), &mut parameters).expect("an ELMo");
    (case, parameters, elmo)
}

#[wasm_bindgen_test(unsupported = test)]
fn language_models_in_both_directions() {
    for which in ["adamw", "muon"] {
        let (case, parameters, elmo) = elmo();
        let loss = |batch: &Value| {
            bidirectional_loss(&elmo, &texts(&batch["windows"]), &Dropout::none()).expect("a loss")
        };
        assert_gradients(&case, &parameters, &loss(&case.json["batches"][0]));
        assert_steps(&case, &parameters, which, loss);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_mix_of_layers() {
    let (case, _, elmo) = elmo();
    let json = &case.json["mix"];
    let mut own = Parameters::given(Named::from([
        ("scalar_mix.s".into(), (vec![3], floats(&json["s"]))),
        ("scalar_mix.gamma".into(), (vec![1], floats(&json["gamma"]))),
    ]));
    let mix = ScalarMix::new(3, &mut own).expect("a mix");
    let texts = texts(&case.json["batches"][0]["windows"]);
    let layers = elmo.layers(&texts, &Dropout::none()).expect("layers");
    let mixed = mix.forward(&layers).expect("a mix");
    let width = mixed.dims()[1];
    assert_close(
        "a mix",
        &values(&mixed).expect("values")[..width],
        &floats(&json["first"]),
    );
    let mean = mixed.sqr().and_then(|t| t.mean_all()).expect("a mean");
    let store = mean.backward().expect("gradients");
    for (parameter, theirs) in own.all().iter().zip(["ds", "dgamma"]) {
        let gradient = store.get(parameter.tensor()).expect("a gradient");
        assert_close(
            theirs,
            &values(gradient).expect("values"),
            &floats(&json[theirs]),
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn permutation_language_model() {
    for which in ["adamw", "muon"] {
        let case = Case::new(fixture!("train/xlnet.json"));
        let mut parameters = given(&case);
        let sizes = config::<XlnetConfig>(&case);
        let xlnet = Xlnet::new(&sizes, &mut parameters).expect("an XLNet");
        let loss = |batch: &Value| {
            let texts = texts(&batch["windows"]);
            let guessed: Vec<Vec<u32>> = list(&batch["targets"]).iter().map(ids).collect();
            let mut visible = Vec::new();
            for guessed in &guessed {
                let turn = |at: usize| guessed.iter().position(|&g| g as usize == at);
                for own in 0..texts.len {
                    visible.extend((0..texts.len).map(|key| match (turn(own), turn(key)) {
                        (_, None) => true,
                        (None, Some(_)) => false,
                        (Some(own), Some(key)) => key < own,
                    }));
                }
            }
            let orders = Orders {
                texts,
                targets: guessed.concat(),
                visible,
            };
            permutation_loss(&xlnet, &orders, &Dropout::none()).expect("a loss")
        };
        assert_gradients(&case, &parameters, &loss(&case.json["batches"][0]));
        assert_steps(&case, &parameters, which, loss);
    }
}
