//! What goes on inside models, against PyTorch and numpy: attention, hidden states, embeddings, the logit lens.

use std::sync::Arc;

use cloze::models::{Decoder, Encoder, Model, Observer, Past};
use cloze::tasks::{Inspect, Lens, LogitLens};
use cloze::text::{Encoding, TokenSpan};
use cloze::weights::DType;
use cloze::Error;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::bert::batch;
use super::support::*;
use super::tokenization::word_piece;

/// A model of each architecture: blocks that share parameters, a padding token in the text, scores scaled by layer,
/// several heads of queries to one of keys.
fn cases() -> [(&'static str, Case); 9] {
    [
        ("bert", fixture!("bert/odd.json")),
        ("distilbert", fixture!("distilbert/tiny.json")),
        ("roberta", fixture!("roberta/tiny.json")),
        ("albert", fixture!("albert/groups.json")),
        ("gpt2", fixture!("gpt2/odd.json")),
        ("gpt2, variants", fixture!("gpt2/variants.json")),
        ("openai-gpt", fixture!("openai-gpt/odd.json")),
        ("llama, grouped", fixture!("llama/tiny.json")),
        ("llama", fixture!("llama/odd.json")),
    ]
    .map(|(name, text)| (name, Case::new(text)))
}

/// The tokenizer has a token for each row of these models.
fn inspect(model: Model) -> Arc<Inspect> {
    Arc::new(Inspect::new(model, Arc::new(word_piece(false))))
}

fn encoding(text: &Value) -> Encoding {
    let types = ids(&text["token_type_ids"]);
    let tokens = ids(&text["input_ids"]).into_iter().zip(types);
    let tokens = tokens.map(|(id, type_id)| TokenSpan {
        id,
        type_id,
        ..Default::default()
    });
    Encoding {
        tokens: tokens.collect(),
    }
}

/// What the fixture holds of one text, the model, and the text.
fn opened(case: &Case) -> (&Value, Arc<Inspect>, Encoding) {
    let expected = &case.json["inside"];
    let inspect = inspect(case.model(DType::F32));
    (expected, inspect, encoding(expected))
}

fn looked(mut lens: LogitLens) -> Lens {
    let mut done = 0;
    for step in lens.by_ref() {
        let step = step.expect("a step");
        assert!(done < step.done && step.done <= step.total, "it goes on");
        done = step.done;
    }
    lens.finish()
}

#[wasm_bindgen_test(unsupported = test)]
fn attentions_agree_with_pytorch() {
    for (name, case) in cases() {
        let (expected, inspect, text) = opened(&case);
        let layers = list(&expected["attentions"]);
        let mut worst = 0f32;
        for (layer, theirs) in layers.iter().enumerate() {
            let ours = inspect.attentions(&text, layer).expect("attentions");
            worst = worst.max(assert_close(name, &ours, &floats(theirs)));
            let followed = inspect.attention_rollout(&text, Some(layer));
            let followed = followed.expect("a rollout");
            let what = format!("{name}, rollout to {layer}");
            assert_close(
                &what,
                &followed.rollout,
                &floats(&expected["rollout"][layer]),
            );
            assert_close(&what, &followed.mean, &floats(&expected["mean"][layer]));
            assert_eq!(followed.layer, layer);
        }
        let last = inspect.attention_rollout(&text, None).expect("a rollout");
        assert_eq!(last.layer, layers.len() - 1, "{name}: the last layer");
        for layer in [layers.len(), usize::MAX] {
            assert_eq!(code(inspect.attentions(&text, layer)), "invalid_option");
            let followed = inspect.attention_rollout(&text, Some(layer));
            assert_eq!(code(followed), "invalid_option");
        }
        measured!("{name}: attentions at most {worst:.1e} from PyTorch");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn heads_are_pooled_as_pytorch_does() {
    for (name, case) in cases() {
        let (expected, inspect, text) = opened(&case);
        let size = expected["size"].as_u64().expect("a size") as usize;
        let small = inspect.attention_heads(&text, size).expect("heads");
        assert_eq!(small.size, size);
        assert_close(name, &small.thumbnails, &floats(&expected["thumbnails"]));
        let whole = inspect.attention_heads(&text, 24).expect("heads");
        assert_eq!(whole.size, text.len(), "{name}: not made larger");
        assert_close(name, &whole.thumbnails, &floats(&expected["attentions"]));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn hidden_states_and_embeddings_agree_with_pytorch() {
    for (name, case) in cases() {
        let (expected, inspect, text) = opened(&case);
        let states = inspect.hidden_states(&text).expect("hidden states");
        assert_close(name, &states, &floats(&expected["hidden_states"]));
        let ours = inspect.input_embeddings(&text).expect("embeddings");
        let theirs = &expected["embeddings"];
        for (part, ours) in [
            ("token", Some(&ours.token)),
            ("segment", ours.segment.as_ref()),
            ("position", ours.position.as_ref()),
            ("sum", Some(&ours.sum)),
            ("normalized", ours.normalized.as_ref()),
        ] {
            assert_eq!(ours.is_none(), theirs[part].is_null(), "{name}: {part}");
            if let Some(ours) = ours {
                assert_close(&format!("{name}, {part}"), ours, &floats(&theirs[part]));
            }
        }
        // Bit by bit what the first block reads; ALBERT's is wider.
        let first = ours.normalized.unwrap_or(ours.sum);
        if name != "albert" {
            assert_eq!(first, states[..first.len()], "{name}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn neighbours_are_those_of_pytorch() {
    for (name, case) in cases() {
        let (expected, inspect, _) = opened(&case);
        let expected = list(&expected["nearest"]);
        let own = expected
            .iter()
            .map(|row| row["id"].as_u64().expect("an id") as u32);
        let own: Vec<u32> = own.collect();
        let found = inspect.nearest_tokens(&own, 5).expect("neighbours");
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            let found_ids: Vec<u32> = found.iter().map(|neighbour| neighbour.id).collect();
            assert_eq!(found_ids, ids(&expected["ids"]), "{name}");
            let cosines: Vec<f32> = found.iter().map(|neighbour| neighbour.cosine).collect();
            assert_close(name, &cosines, &floats(&expected["cosines"]));
        }
        let rows = case.size("vocab_size") as u32;
        let all = inspect.nearest_tokens(&own[..1], 100).expect("neighbours");
        assert_eq!(all[0].len(), 100.min(rows as usize - 1), "not itself");
        assert_eq!(inspect.nearest_tokens(&[], 3), Ok(vec![]));
        for ids in [vec![rows], vec![0; 65]] {
            assert_eq!(code(inspect.nearest_tokens(&ids, 3)), "invalid_option");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn weights_that_are_not_numbers_are_reported() {
    for (name, mut case) in cases() {
        // Word embeddings, whichever name they have.
        let size = case.size("vocab_size");
        let tables = case.tensors.iter_mut();
        for table in tables.filter(|tensor| tensor.shape.first() == Some(&size)) {
            table.values.fill(f32::NAN);
        }
        let (_, inspect, text) = opened(&case);
        for error in [
            inspect.attentions(&text, 0).err(),
            inspect.attention_heads(&text, 4).err(),
            inspect.attention_rollout(&text, None).err(),
            inspect.hidden_states(&text).err(),
            inspect.input_embeddings(&text).err(),
            inspect.nearest_tokens(&[5], 3).err(),
        ] {
            assert_eq!(error.as_ref().map(Error::code), Some("internal"), "{name}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_lens_agrees_with_pytorch() {
    for (name, case) in cases() {
        let (expected, inspect, text) = opened(&case);
        let expected = &expected["lens"];
        let top_k = expected["top_k"].as_u64().expect("a number") as usize;
        let lens = looked(inspect.logit_lens(&text, top_k).expect("a lens"));
        assert_eq!(lens.top_k, top_k);
        let theirs = list(&expected["ids"]).iter().flat_map(list).flat_map(ids);
        assert_eq!(lens.ids, theirs.collect::<Vec<_>>(), "{name}");
        let probabilities = floats(&expected["probabilities"]);
        assert_close(name, &lens.probabilities, &probabilities);
        let answers = floats(&expected["final_probability"]);
        assert_close(name, &lens.final_probability, &answers);
        assert_eq!(lens.first_layer, ids(&expected["first_layer"]), "{name}");
        let most = looked(inspect.logit_lens(&text, 100).expect("a lens"));
        assert_eq!(most.top_k, 100.min(case.size("vocab_size")));
    }
}

/// More rows than go through the head at once.
#[wasm_bindgen_test(unsupported = test)]
fn the_lens_of_a_long_text_ends_with_the_models_own_logits() {
    let case = Case::new(fixture!("llama/llama3.json"));
    let row = &case.json["rows"][0];
    let (ids, logits) = (&row["input_ids"], floats(&row["logits"]));
    let zeros = vec![0; list(ids).len()];
    let text = encoding(&json!({"input_ids": ids, "token_type_ids": zeros}));
    let lens = inspect(case.model(DType::F32)).logit_lens(&text, 1);
    let lens = looked(lens.expect("a lens"));
    let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
    let best = best.expect("a token");
    let total: f64 = logits.iter().map(|&logit| f64::from(logit).exp()).sum();
    let probability = (f64::from(logits[best]).exp() / total) as f32;
    assert_eq!(lens.ids.last(), Some(&(best as u32)));
    assert_close(
        "the last place",
        &lens.probabilities[lens.ids.len() - 1..],
        &[probability],
    );
}

/// Is shown the attention weights of all layers.
#[derive(Default)]
struct Attentions(Vec<Vec<f32>>);

impl Observer for Attentions {
    fn wants_attentions(&self, _layer: usize) -> bool {
        true
    }

    fn attentions(&mut self, _layer: usize, weights: Vec<f32>) -> Result<(), Error> {
        self.0.push(weights);
        Ok(())
    }
}

fn bert(case: &Case) -> Arc<dyn Encoder> {
    case.model(DType::F32).into_encoder().expect("a BERT")
}

/// Rows of padding are shown, but nobody promises what is in them.
#[wasm_bindgen_test(unsupported = test)]
fn texts_of_a_padded_batch_come_in_turn() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let (input, mut seen) = (batch(&case), Attentions::default());
    bert(&case).run(&input, &mut seen).expect("a forward pass");
    let (layers, heads) = (
        case.size("num_hidden_layers"),
        case.size("num_attention_heads"),
    );
    assert_eq!(seen.0.len(), layers * input.batch);
    for (at, ours) in seen.0.iter().enumerate() {
        let (layer, text) = (at / input.batch, at % input.batch);
        let row = &case.json["rows"][text];
        let theirs = floats(&row["attentions"][layer]);
        let (len, real) = (
            input.len(),
            row["length"].as_u64().expect("a number") as usize,
        );
        assert_eq!(ours.len(), heads * len * len);
        let tokens = |weights: &[f32]| -> Vec<f32> {
            let rows = weights.chunks_exact(len).enumerate();
            let rows = rows.filter(|(row, _)| row % len < real);
            rows.flat_map(|(_, row)| row.to_vec()).collect()
        };
        assert_close("tiny", &tokens(ours), &tokens(&theirs));
    }
}

fn decoder(case: &Case) -> Arc<dyn Decoder> {
    case.model(DType::F32).into_decoder().expect("a decoder")
}

/// Behind what was read, queries see all keys: the rows of the whole text. In a step of several texts each has its turn.
#[wasm_bindgen_test(unsupported = test)]
fn decoders_show_queries_behind_a_past() {
    for text in [
        fixture!("gpt2/odd.json"),
        fixture!("openai-gpt/odd.json"),
        fixture!("llama/tiny.json"),
    ] {
        let case = Case::new(text);
        let model = decoder(&case);
        let expected = &case.json["inside"];
        let tokens = ids(&expected["input_ids"]);
        let (len, read) = (tokens.len(), tokens.len() - 1);
        let mut caches = [(); 2].map(|()| model.new_cache().expect("a cache"));
        for cache in &mut caches {
            model.read(&tokens[..read], cache).expect("a forward pass");
        }
        let mut seen = Attentions::default();
        let last = [tokens[read], tokens[read]];
        let run = model.run(&last, Past::OfEach(&mut caches), &mut seen);
        run.expect("a forward pass");
        let layers = list(&expected["attentions"]);
        assert_eq!(seen.0.len(), 2 * layers.len());
        for (at, ours) in seen.0.iter().enumerate() {
            let theirs = floats(&layers[at / 2]);
            let heads = theirs.chunks_exact(len * len);
            let rows: Vec<f32> = heads.flat_map(|head| head[read * len..].to_vec()).collect();
            assert_close("the last token", ours, &rows);
        }
    }
}

/// What is not asked for changes no bit, and neither does what is.
#[wasm_bindgen_test(unsupported = test)]
fn looking_changes_nothing() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let (model, input) = (bert(&case), batch(&case));
    let seen = model.run(&input, &mut Attentions::default());
    assert_eq!(seen, model.hidden_states(&input));
    let case = Case::new(fixture!("llama/tiny.json"));
    let model = decoder(&case);
    let mut caches = [(); 2].map(|()| model.new_cache().expect("a cache"));
    let [first, second] = &mut caches;
    let seen = model.run(&[5, 6, 7], Past::OfAll(first), &mut Attentions::default());
    assert_eq!(seen, model.hidden_states(&[5, 6, 7], second));
}

#[wasm_bindgen_test(unsupported = test)]
fn texts_and_pairs_are_read_as_the_model_reads_them() {
    let case = Case::new(fixture!("tasks/bert.json"));
    let inspect = inspect(case.model(DType::F32));
    let one = inspect.encode("the rain", None).expect("a text");
    let pair = inspect.encode("the rain", Some("he left")).expect("a pair");
    assert!(one.type_ids().iter().all(|&id| id == 0));
    assert_eq!(pair.type_ids().iter().max(), Some(&1));
    let heads = case.size("num_attention_heads");
    let weights = inspect.attentions(&pair, 0).expect("attentions");
    assert_eq!(weights.len(), heads * pair.len() * pair.len());
    for (text, second) in [("", None), (" \n", None), ("the rain", Some(" "))] {
        assert_eq!(code(inspect.encode(text, second)), "empty_input");
    }
    let positions = case.size("max_position_embeddings");
    let long = "rain ".repeat(positions);
    assert_eq!(code(inspect.encode(&long, None)), "input_too_long");
}

#[wasm_bindgen_test(unsupported = test)]
fn without_a_head_all_but_the_lens_is_there() {
    let mut case = Case::new(fixture!("bert/odd.json"));
    case.tensors
        .retain(|tensor| tensor.name.starts_with("bert."));
    let (_, inspect, text) = opened(&case);
    assert_eq!(code(inspect.logit_lens(&text, 3)), "no_mlm_head");
    assert_eq!(code(inspect.attentions(&text, 0)), "no error");
    assert_eq!(code(inspect.hidden_states(&text)), "no error");
    let mut case = Case::new(fixture!("gpt2/odd.json"));
    case.tensors.push(NamedTensor {
        name: "score.weight".into(),
        shape: vec![2, 36],
        values: vec![0.1; 72],
    });
    case.json["config"]["architectures"] = json!(["GPT2ForSequenceClassification"]);
    let (_, inspect, text) = opened(&case);
    assert_eq!(code(inspect.logit_lens(&text, 3)), "no_lm_head");
    assert_eq!(code(inspect.attentions(&text, 0)), "no error");
}
