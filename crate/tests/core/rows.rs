//! Models with more rows than their vocabulary has tokens, and with fewer.

use std::sync::Arc;

use cloze::models::{Decoder, ModelLoader};
use cloze::sampling::{log_softmax, SamplingOptions};
use cloze::tasks::{
    FillMask, FillMaskOptions, GenerationOptions, Generator, JointOptions, JointOrder,
    PseudoPerplexity,
};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

/// Words of one letter and more, `count` of them with their numbers as they are given; `added` behind them.
fn words(ids: impl Iterator<Item = u32>, added: &[&str]) -> Arc<Tokenizer> {
    let mut vocab: serde_json::Map<String, Value> =
        ids.map(|id| (format!("w{id}"), json!(id))).collect();
    for (token, place) in [("w0", "[UNK]"), ("w1", "[MASK]")] {
        let id = vocab.remove(token).expect("the first tokens");
        vocab.insert(place.into(), id);
    }
    let tokenizer = json!({
        "version": "1.0",
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "WordLevel", "vocab": vocab, "unk_token": "[UNK]"},
    });
    let config = json!({"extra_special_tokens": added, "mask_token": "[MASK]"});
    let (tokenizer, config) = (tokenizer.to_string(), config.to_string());
    let files = TokenizerFiles {
        tokenizer: Some(tokenizer.as_bytes()),
        tokenizer_config: Some(config.as_bytes()),
        ..Default::default()
    };
    Arc::new(Tokenizer::from_files(&files).expect("a tokenizer"))
}

fn gpt2() -> (Arc<dyn Decoder>, usize) {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let model = case.model(DType::F32).into_decoder().expect("a GPT-2");
    (model, case.size("vocab_size"))
}

fn options(do_sample: bool, num_beams: usize) -> GenerationOptions {
    GenerationOptions {
        max_new_tokens: 12,
        num_beams,
        top_logprobs: 200,
        sampling: SamplingOptions {
            do_sample,
            temperature: 3.0,
            top_k: 0,
            ..Default::default()
        },
        ..Default::default()
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn rows_without_a_token_are_never_written() {
    let (model, rows) = gpt2();
    // The last are missing, and one within.
    let known = |id: u32| id < rows as u32 / 2 && id != 5;
    let tokenizer = words((0..rows as u32).filter(|&id| known(id)), &[]);
    assert_eq!(tokenizer.check_rows(rows), Ok(()));
    for (do_sample, num_beams) in [(false, 1), (true, 1), (false, 3)] {
        let options = options(do_sample, num_beams);
        let generator = Generator::new(model.clone(), tokenizer.clone(), "w2 w3", options);
        let mut ids = vec![2, 3];
        for token in generator.expect("a generator") {
            let token = token.expect("a token");
            assert!(known(token.id), "{}", token.id);
            assert_eq!(token.top.len(), tokenizer.vocab_size());
            assert!(token.top.iter().all(|other| known(other.id)));
            if !do_sample && num_beams == 1 {
                let mut cache = model.new_cache_of(ids.len()).expect("a cache");
                let logits = model.next_logits(&ids, &mut cache).expect("logits");
                let best = (0..rows)
                    .filter(|&id| known(id as u32))
                    .max_by(|&a, &b| logits[a].total_cmp(&logits[b]).then(b.cmp(&a)));
                assert_eq!(Some(token.id as usize), best);
                // What the model itself thinks of it, all rows counted, as PyTorch does.
                let logprob = log_softmax(&logits)[token.id as usize];
                assert!((token.logprob - logprob).abs() < 1e-5);
            }
            ids.push(token.id);
        }
        assert_eq!(ids.len(), 14);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn rows_without_a_token_fill_no_mask() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let bert = case.model(DType::F32).into_encoder().expect("a BERT");
    let tokenizer = words(0..40, &[]);
    let task = FillMask::new(bert, tokenizer).expect("a task");
    let options = FillMaskOptions {
        top_k: 100,
        ..Default::default()
    };
    let masks = task
        .predict("w2 [MASK] w3 [MASK]", &options)
        .expect("words");
    for mask in &masks {
        assert_eq!(mask.candidates.len(), 40);
        assert!(mask.candidates.iter().all(|candidate| candidate.token < 40));
    }
    let joint = task.joint(
        "w2 [MASK] w3 [MASK]",
        JointOptions::new(JointOrder::BestFirst, 100),
    );
    for step in joint.expect("a start") {
        assert!(step.expect("a step").chosen.token < 40);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_token_that_was_added_to_the_tokenizer_alone() {
    let (model, rows) = gpt2();
    let tokenizer = words(0..rows as u32, &["[PAD]"]);
    assert_eq!(tokenizer.vocab_size(), rows + 1);
    assert_eq!(tokenizer.check_rows(rows), Ok(()));
    let generator =
        |prompt: &str| Generator::new(model.clone(), tokenizer.clone(), prompt, options(false, 1));
    assert_eq!(generator("w2 w3").expect("a generator").count(), 12);
    let refused = generator("w2 [PAD]").err().expect("no row for it");
    assert_eq!(refused.code(), "token_beyond_model");
    let said = refused.to_string();
    let number = rows.to_string();
    assert!(
        said.contains("[PAD]") && said.matches(&number).count() == 2,
        "{said}"
    );
    // The same for those that read both ways.
    let case = Case::new(fixture!("bert/tiny.json"));
    let bert = case.model(DType::F32).into_encoder().expect("a BERT");
    let tokenizer = words(0..case.size("vocab_size") as u32, &["[PAD]"]);
    let task = FillMask::new(bert.clone(), tokenizer.clone()).expect("a task");
    let ask = |text: &str| task.predict(text, &FillMaskOptions::default());
    assert_eq!(code(ask("w2 [MASK]")), "no error");
    assert_eq!(code(ask("[PAD] [MASK]")), "token_beyond_model");
    let task = Arc::new(PseudoPerplexity::new(bert, tokenizer).expect("a task"));
    assert_eq!(code(task.score(&["w2 [PAD]"])), "token_beyond_model");
    // An ordinary token more is another model's tokenizer.
    let refused = words(0..rows as u32 + 2, &["[PAD]"]).check_rows(rows);
    let said = refused.expect_err("another model's").to_string();
    assert!(
        said.contains(&(rows + 3).to_string()) && said.contains(&number),
        "{said}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn rows_and_tokens_of_gguf_files() {
    let case = Case::new(fixture!("llama/tiny.json"));
    let rows = case.size("vocab_size");
    let listed = |count: usize| (0..count).map(|id| format!("t{id}")).collect::<Vec<_>>();
    for count in [rows - 2, rows, rows + 2] {
        let tokens = Pair::Texts(listed(count));
        let file = super::llama::gguf_file_with(
            &case,
            FileDType::F32,
            vec![("tokenizer.ggml.tokens", tokens)],
            vec![],
        );
        let mut loader = ModelLoader::new(None, DType::F32).expect("a loader");
        assert_eq!(loader.vocab_size(), None);
        loader.push(&file).expect("weights");
        assert_eq!(loader.vocab_size(), Some(rows), "the file's rows count");
        let model = loader.finish().expect("a model");
        assert_eq!(model.info().vocab_size, rows);
    }
}
