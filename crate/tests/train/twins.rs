//! The forward pass of training is that of inference.

use cloze::models::{Model, ModelLoader};
use cloze::train::models::bert::BertConfig;
use cloze::train::models::gpt::GptConfig;
use cloze::train::models::Texts;
use cloze::train::ops::{rows, values};
use cloze::train::random::Dropout;
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::gradients::{bert, causal_batch, config, gpt, masked_batch, BOTH};
use crate::support::*;

fn open(config: &Value, safetensors: &[u8]) -> Model {
    let config = serde_json::to_vec(config).expect("JSON");
    let mut loader = ModelLoader::new(Some(&config), DType::F32).expect("a config");
    loader.push(safetensors).expect("weights");
    loader.finish().expect("a model")
}

#[wasm_bindgen_test(unsupported = test)]
fn gpt_as_it_is_run() {
    let (case, parameters, gpt) = gpt();
    let json = config::<GptConfig>(&case).to_json(None);
    let model = open(&json, &parameters.safetensors().expect("a file"));
    let decoder = model.into_decoder().expect("a decoder");
    let texts = causal_batch(&case.json["batches"][0]).texts;
    let hidden = gpt
        .hidden_states(&texts, &Dropout::none())
        .expect("hidden states");
    let logits = gpt.lm_head(&hidden).expect("logits");
    let ours = values(&logits).expect("values").to_vec();
    let size = ours.len() / texts.batch();
    for (text, ours) in texts.input_ids.chunks(texts.len).zip(ours.chunks(size)) {
        let mut cache = decoder.new_cache().expect("a cache");
        let hidden = decoder
            .hidden_states(text, &mut cache)
            .expect("hidden states");
        assert_close("logits", ours, &decoder.lm_head(&hidden).expect("logits"));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn bert_as_it_is_run() {
    let (case, parameters, bert) = bert();
    let json = config::<BertConfig>(&case).to_json(BOTH, 0);
    let model = open(&json, &parameters.safetensors().expect("a file"));
    let encoder = model.into_encoder().expect("an encoder");
    let pairs = masked_batch(&case.json["batches"][0]).pairs;
    let none = Dropout::none();
    let hidden = bert.hidden_states(&pairs, &none).expect("hidden states");
    let Texts { len, .. } = pairs.texts;
    for (text, &length) in pairs.lengths.iter().enumerate() {
        let from = text * len;
        let input = cloze::models::EncoderInput::single(
            pairs.texts.input_ids[from..from + length].to_vec(),
            pairs.token_type_ids[from..from + length].to_vec(),
        );
        let theirs = encoder.hidden_states(&input).expect("hidden states");
        let at = (from..from + length).map(|row| row as u32).collect();
        let ours = rows(&hidden, at).expect("rows");
        assert_close("hidden states", &values(&ours).expect("values"), &theirs);
        let logits = bert.mlm_logits(&ours).expect("logits");
        let mlm = encoder.heads().mlm().expect("a head").logits(&theirs);
        assert_close(
            "words",
            &values(&logits).expect("values"),
            &mlm.expect("logits"),
        );
        let first = rows(&hidden, vec![from as u32]).expect("a row");
        let next = bert.nsp_logits(&first, &none).expect("logits");
        let size = theirs.len() / length;
        let nsp = encoder
            .heads()
            .nsp()
            .expect("a head")
            .logits(&theirs[..size]);
        assert_close(
            "next",
            &values(&next).expect("values"),
            &nsp.expect("logits"),
        );
    }
}
