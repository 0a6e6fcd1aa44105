//! GPT-2 against PyTorch: with and without cache, every way the weights may come.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloze::models::{Decoder, Past};
use cloze::weights::DType;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

fn gpt2(case: &Case, dtype: DType) -> Arc<dyn Decoder> {
    case.model(dtype).into_decoder().expect("a GPT-2")
}

/// Logits of all positions (`[len][vocabulary]`), the prompt read in pieces of `chunk` tokens.
pub fn logits(model: &Arc<dyn Decoder>, input_ids: &[u32], chunk: usize) -> Vec<Vec<f32>> {
    let mut cache = model.new_cache().expect("a cache");
    let pieces = input_ids.chunks(chunk).flat_map(|piece| {
        let states = model.hidden_states(piece, &mut cache);
        let logits = model.lm_head(&states.expect("a forward pass"));
        let rows: Vec<Vec<f32>> = logits
            .expect("logits")
            .chunks_exact(model.info().vocab_size)
            .map(<[f32]>::to_vec)
            .collect();
        assert_eq!(rows.len(), piece.len());
        rows
    });
    pieces.collect()
}

pub fn chosen(logits: &[Vec<f32>], positions: &Value) -> Vec<f32> {
    usizes(positions)
        .into_iter()
        .flat_map(|position| logits[position].clone())
        .collect()
}

/// The likeliest token, after the repetition penalty of CTRL (Keskar et al. 2019).
pub fn greedy(model: &Arc<dyn Decoder>, prompt: &[u32], count: usize, penalty: f32) -> Vec<u32> {
    let mut cache = model.new_cache().expect("a cache");
    let mut tokens = prompt.to_vec();
    let mut logits = model.next_logits(prompt, &mut cache).expect("logits");
    loop {
        for token in tokens
            .iter()
            .map(|&t| t as usize)
            .collect::<std::collections::BTreeSet<_>>()
        {
            logits[token] *= if logits[token] < 0.0 {
                penalty
            } else {
                1.0 / penalty
            };
        }
        let best = (0..logits.len())
            .max_by(|&a, &b| logits[a].total_cmp(&logits[b]))
            .expect("a token");
        tokens.push(best as u32);
        if tokens.len() == prompt.len() + count {
            return tokens.split_off(prompt.len());
        }
        logits = model
            .next_logits(&[best as u32], &mut cache)
            .expect("logits");
    }
}

pub(super) fn assert_parity(name: &str, case: &Case, model: &Arc<dyn Decoder>) {
    let mut worst = 0f32;
    let penalty = case.json["repetition_penalty"].as_f64().expect("a penalty") as f32;
    for row in list(&case.json["rows"]) {
        let input_ids = ids(&row["input_ids"]);
        let (positions, dims) = (usizes(&row["positions"]), usizes(&row["dims"]));
        let mut states = Vec::new();
        let size = model.info().hidden_size;
        let mut keep = |rows: &[f32]| {
            assert_eq!(rows.len(), input_ids.len() * size);
            states.push(
                positions
                    .iter()
                    .flat_map(|&p| dims.iter().map(move |&d| rows[p * size + d]))
                    .collect::<Vec<_>>(),
            );
        };
        let mut cache = model.new_cache().expect("a cache");
        let last = model
            .run(
                &input_ids,
                Past::OfAll(&mut cache),
                &mut |_: usize, rows: &[f32]| {
                    keep(rows);
                    Ok(())
                },
            )
            .expect("a forward pass");
        // transformers' last hidden state is the one after ln_f.
        keep(&last);
        states.remove(states.len() - 2);
        let mut check = |what: &str, ours: &[f32], theirs: &Value| {
            worst = worst.max(assert_close(
                &format!("{name}, {what}"),
                ours,
                &floats(theirs),
            ));
        };
        check("hidden states", &states.concat(), &row["hidden_states"]);
        check(
            "logits",
            &chosen(
                &logits(model, &input_ids, usize::MAX),
                &row["logit_positions"],
            ),
            &row["logits"],
        );
        check(
            "logits token by token",
            &chosen(&logits(model, &input_ids, 1), &row["logit_positions"]),
            &row["cached_logits"],
        );
        check(
            "logits in pieces of 4",
            &chosen(&logits(model, &input_ids, 4), &row["logit_positions"]),
            &row["logits"],
        );
        for (key, penalty) in [("greedy", 1.0), ("greedy_penalty", penalty)] {
            let expected = ids(&row[key]);
            assert_eq!(
                greedy(model, &input_ids, expected.len(), penalty),
                expected,
                "{name}, {key}"
            );
        }
    }
    measured!("{name}: f32 at most {worst:.1e} from PyTorch");
}

#[wasm_bindgen_test(unsupported = test)]
fn tiny() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    assert_parity("tiny", &case, &gpt2(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn odd_sizes() {
    let case = Case::new(fixture!("gpt2/odd.json"));
    assert_parity("odd", &case, &gpt2(&case, DType::F32));
    assert_parity("odd as q8", &case, &gpt2(&case, DType::Q8));
}

#[wasm_bindgen_test(unsupported = test)]
fn small_shape() {
    let case = Case::new(fixture!("gpt2/small.json"));
    assert_parity("small", &case, &gpt2(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn scaled_by_layer_and_exact_gelu() {
    let case = Case::new(fixture!("gpt2/variants.json"));
    assert_parity("variants", &case, &gpt2(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn names_without_prefix_and_buffers() {
    // OpenAI's own files on the hub: no "transformer.", and the causal mask as a tensor.
    let mut case =
        Case::new(fixture!("gpt2/tiny.json")).renamed(|name| name.replace("transformer.", ""));
    let positions = case.size("n_positions");
    for layer in 0..case.size("n_layer") {
        case.tensors.push(NamedTensor {
            name: format!("h.{layer}.attn.bias"),
            shape: vec![1, 1, positions, positions],
            values: vec![1.0; positions * positions],
        });
    }
    let mut head = case.tensor_mut("wte.weight").clone();
    head.name = "lm_head.weight".into();
    case.tensors.push(head);
    assert_parity("tiny without prefix", &case, &gpt2(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn untied_head() {
    // A head of its own, twice the embedding: twice the logits.
    let mut case = Case::new(fixture!("gpt2/tiny.json"));
    let mut head = case.tensor_mut("transformer.wte.weight").clone();
    head.name = "lm_head.weight".into();
    head.values.iter_mut().for_each(|value| *value *= 2.0);
    case.tensors.push(head);
    let config = case.config_with(&[("tie_word_embeddings", json!(false))]);
    let model = load(&config, &case.safetensors(FileDType::F32), 999, DType::F32)
        .expect("an untied head loads");
    let row = &case.json["rows"][0];
    let ours = logits(
        &model.into_decoder().expect("a GPT-2"),
        &ids(&row["input_ids"]),
        usize::MAX,
    )
    .concat();
    let expected: Vec<f32> = floats(&row["logits"]).iter().map(|x| 2.0 * x).collect();
    assert_close("untied head", &ours, &expected);
}

#[wasm_bindgen_test(unsupported = test)]
fn configs_of_published_models() {
    // gpt2's config.json has n_ctx beside n_positions; older ones have n_ctx alone.
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let file = case.safetensors(FileDType::F32);
    let positions = json!(case.size("n_positions"));
    for changes in [
        vec![
            ("n_ctx", positions.clone()),
            (
                "task_specific_params",
                json!({"text-generation": {"do_sample": true}}),
            ),
        ],
        vec![("n_ctx", positions.clone()), ("n_positions", Value::Null)],
        vec![("model_type", Value::Null)],
        vec![
            ("eos_token_id", json!(50256)),
            ("bos_token_id", json!(50256)),
        ],
    ] {
        let model = load(&case.config_with(&changes), &file, 1 << 16, DType::F32)
            .expect("a published config");
        assert_parity(
            &format!("{changes:?}"),
            &case,
            &model.into_decoder().expect("a GPT-2"),
        );
    }
}

fn gguf_file(case: &Case, dtype: FileDType) -> Vec<u8> {
    gguf_file_with_head(case, dtype, 1.0)
}

/// With an output layer of its own, so many times the embedding.
fn gguf_file_with_head(case: &Case, dtype: FileDType, times: f32) -> Vec<u8> {
    let (metadata, mut tensors) = gguf_contents(case, dtype);
    let head = tensors.last_mut().expect("a head");
    head.0.values.iter_mut().for_each(|value| *value *= times);
    gguf(&metadata, &tensors)
}

/// What a GGUF file holds.
pub(super) type Contents = (BTreeMap<String, Pair>, Vec<(NamedTensor, FileDType)>);

/// As llama.cpp's converter writes it; the last tensor is the output layer.
pub(super) fn gguf_contents(case: &Case, dtype: FileDType) -> Contents {
    let renamed = |name: &str| -> String {
        let name = name.trim_start_matches("transformer.");
        let parts = [
            ("ln_1", "attn_norm"),
            ("attn.c_attn", "attn_qkv"),
            ("attn.c_proj", "attn_output"),
            ("ln_2", "ffn_norm"),
            ("mlp.c_fc", "ffn_up"),
            ("mlp.c_proj", "ffn_down"),
        ];
        match name.strip_prefix("h.") {
            None => name
                .replace("wte", "token_embd")
                .replace("wpe", "position_embd")
                .replace("ln_f", "output_norm"),
            Some(rest) => {
                let (from, to) = parts
                    .iter()
                    .find(|(from, _)| rest.contains(from))
                    .expect("a known part");
                format!("blk.{}", rest.replace(from, to))
            }
        }
    };
    let mut tensors: Vec<_> = case
        .tensors
        .iter()
        .map(|tensor| {
            // Conv1D is [in, out]; the converter turns it over.
            let conv1d = tensor.shape.len() == 2 && tensor.name.contains(".h.");
            let mut tensor = if conv1d {
                transposed(tensor)
            } else {
                tensor.clone()
            };
            tensor.name = renamed(&tensor.name);
            let dtype = gguf_dtype(&tensor, dtype);
            (tensor, dtype)
        })
        .collect();
    // Its older versions write the tied head a second time.
    let mut head = tensors[0].clone();
    assert_eq!(head.0.name, "token_embd.weight");
    head.0.name = "output.weight".into();
    tensors.push(head);
    let number = |key: &str| Pair::U32(case.size(key) as u32);
    let metadata = BTreeMap::from([
        ("general.architecture".into(), Pair::Text("gpt2".into())),
        ("gpt2.context_length".into(), number("n_positions")),
        ("gpt2.embedding_length".into(), number("n_embd")),
        (
            "gpt2.feed_forward_length".into(),
            Pair::U32(4 * case.size("n_embd") as u32),
        ),
        ("gpt2.block_count".into(), number("n_layer")),
        ("gpt2.attention.head_count".into(), number("n_head")),
        ("gpt2.attention.layer_norm_epsilon".into(), Pair::F32(1e-5)),
        ("tokenizer.ggml.model".into(), Pair::Text("gpt2".into())),
        (
            "tokenizer.ggml.tokens".into(),
            Pair::Texts(
                (0..case.size("vocab_size"))
                    .map(|id| format!("t{id}"))
                    .collect(),
            ),
        ),
    ]);
    (metadata, tensors)
}

#[wasm_bindgen_test(unsupported = test)]
fn gguf_f32_with_and_without_config() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let file = gguf_file(&case, FileDType::F32);
    for config in [None, Some(case.config())] {
        let model = load_with(config.as_deref(), &file, 1234, DType::F32).expect("GGUF loads");
        assert_parity(
            "tiny from GGUF",
            &case,
            &model.into_decoder().expect("a GPT-2"),
        );
    }
}

/// Twice the embedding: twice the logits, whatever a config beside it says of tying. (So does llama.cpp, and transformers
/// with tensors that differ.)
#[wasm_bindgen_test(unsupported = test)]
fn gguf_with_a_head_of_its_own() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let file = gguf_file_with_head(&case, FileDType::F32, 2.0);
    let untied = case.config_with(&[("tie_word_embeddings", json!(false))]);
    let row = &case.json["rows"][0];
    for config in [None, Some(untied), Some(case.config())] {
        let model = load_with(config.as_deref(), &file, 1234, DType::F32)
            .and_then(|model| model.into_decoder())
            .expect("GGUF loads");
        let ours = logits(&model, &ids(&row["input_ids"]), usize::MAX).concat();
        let expected: Vec<f32> = floats(&row["logits"]).iter().map(|x| 2.0 * x).collect();
        assert_close("a head of its own", &ours, &expected);
    }
}

/// As with the names of other files.
#[wasm_bindgen_test(unsupported = test)]
fn gguf_with_the_output_layer_alone() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let (metadata, mut tensors) = gguf_contents(&case, FileDType::F32);
    tensors.retain(|(tensor, _)| tensor.name != "token_embd.weight");
    let file = gguf(&metadata, &tensors);
    for config in [None, Some(case.config())] {
        let model = load_with(config.as_deref(), &file, 1234, DType::F32).expect("it loads");
        assert_parity(
            "output alone",
            &case,
            &model.into_decoder().expect("a GPT-2"),
        );
    }
    tensors.retain(|(tensor, _)| tensor.name != "blk.1.ffn_up.weight");
    let error = load_with(None, &gguf(&metadata, &tensors), 1234, DType::F32).err();
    let says = error.expect("a tensor is missing").to_string();
    assert!(
        says.contains("\"blk.1.ffn_up.weight\"") && !says.contains("config"),
        "{says}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn any_chunking() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    for file in [
        case.safetensors(FileDType::F32),
        gguf_file(&case, FileDType::F32),
    ] {
        for chunk in [1, 13, 4096, file.len()] {
            let model = load(&case.config(), &file, chunk, DType::F32).expect("any chunking loads");
            assert_parity(
                &format!("tiny in pieces of {chunk}"),
                &case,
                &model.into_decoder().expect("a GPT-2"),
            );
        }
    }
}

pub(super) fn assert_noise(name: &str, case: &Case, model: &Arc<dyn Decoder>, dtype: DType) {
    // In a row: value, projection, up and down of each layer, the embedding's rows and the head.
    let bound = quantisation_bound(dtype, 4 * model.info().num_hidden_layers + 2);
    let (mut ours, mut theirs) = (vec![], vec![]);
    for row in list(&case.json["rows"]) {
        ours.extend(chosen(
            &logits(model, &ids(&row["input_ids"]), usize::MAX),
            &row["logit_positions"],
        ));
        theirs.extend(floats(&row["logits"]));
    }
    let noise = relative_rms(&ours, &theirs);
    measured!(
        "{name}, {}: logits {:.2} %, bound {:.2} %",
        dtype.name(),
        100. * noise,
        100. * bound
    );
    assert!(
        noise < bound,
        "{name}, {}: {noise}, at most {bound}",
        dtype.name()
    );
    assert!(noise > 1e-5, "{name}: nothing was quantised");
}

#[wasm_bindgen_test(unsupported = test)]
fn quantised_logits_stay_near() {
    for (name, text) in [
        ("tiny", fixture!("gpt2/tiny.json")),
        ("small", fixture!("gpt2/small.json")),
    ] {
        let case = Case::new(text);
        for dtype in [DType::Q8, DType::Q4] {
            assert_noise(name, &case, &gpt2(&case, dtype), dtype);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn quantised_gguf_stays_near() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    for (file, asked, kept) in [
        (FileDType::Q8_0, DType::Q8, DType::Q8),
        (FileDType::Q4_0, DType::Q4, DType::Q4),
        // Four bits gain nothing from being kept in eight.
        (FileDType::Q4_0, DType::Q8, DType::Q4),
    ] {
        let model = load(&case.config(), &gguf_file(&case, file), 100, asked)
            .expect("GGUF loads")
            .into_decoder()
            .expect("a GPT-2");
        assert_eq!(model.info().dtype, kept);
        assert_noise("tiny from GGUF", &case, &model, kept);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn cache_steps_back_and_fills_up() {
    let case = Case::new(fixture!("gpt2/odd.json"));
    let model = gpt2(&case, DType::F32);
    let row = &case.json["rows"][0];
    let input_ids = ids(&row["input_ids"]);
    let expected = floats(&row["logits"]);
    let vocabulary = case.size("vocab_size");
    let mut cache = model.new_cache().expect("a cache");
    model
        .hidden_states(&input_ids, &mut cache)
        .expect("a forward pass");
    cache.truncate(5);
    let states = model
        .hidden_states(&input_ids[5..], &mut cache)
        .expect("a forward pass");
    assert_close(
        "after stepping back",
        &model.lm_head(&states).expect("logits"),
        &expected[5 * vocabulary..],
    );
    // Context of 40: 14 are held, 26 fit.
    assert_eq!(
        code(model.hidden_states(&[1; 27], &mut cache)),
        "input_too_long"
    );
    assert_eq!(
        cache.len(),
        input_ids.len(),
        "a refused input leaves the cache as it was"
    );
    model
        .hidden_states(&[1; 26], &mut cache)
        .expect("the last positions");
    assert_eq!(
        code(model.hidden_states(&[1], &mut cache)),
        "input_too_long"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn wrong_inputs_are_refused_and_forgotten() {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let model = gpt2(&case, DType::F32);
    let mut cache = model.new_cache().expect("a cache");
    assert_eq!(code(model.hidden_states(&[], &mut cache)), "empty_input");
    assert_eq!(code(model.next_logits(&[], &mut cache)), "empty_input");
    assert_ne!(
        code(model.hidden_states(&[1, 96], &mut cache)),
        "no error",
        "token 96 of 96"
    );
    assert_ne!(
        code(model.hidden_states(&[u32::MAX], &mut cache)),
        "no error"
    );
    assert_eq!(cache.len(), 0, "a refused input leaves the cache as it was");
    assert_parity("tiny, after errors", &case, &model);
    assert_eq!(
        code(case.model(DType::F32).into_encoder()),
        "wrong_architecture"
    );
}
