//! BERT against PyTorch: every layer, both heads, every way the weights may come.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloze::models::{Encoder, EncoderInput};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

fn bert(case: &Case, dtype: DType) -> Arc<dyn Encoder> {
    case.model(dtype).into_encoder().expect("a BERT")
}

/// The whole batch of a fixture, as it went into PyTorch.
pub(super) fn batch(case: &Case) -> EncoderInput {
    let rows = list(&case.json["rows"]);
    let all = |key: &str| rows.iter().flat_map(|row| ids(&row[key])).collect();
    EncoderInput {
        input_ids: all("input_ids"),
        token_type_ids: all("token_type_ids"),
        attention_mask: all("attention_mask"),
        batch: rows.len(),
    }
}

/// One row without its padding.
fn alone(row: &Value) -> EncoderInput {
    let length = row["length"].as_u64().expect("a length") as usize;
    let cut = |key: &str| ids(&row[key])[..length].to_vec();
    EncoderInput::single(cut("input_ids"), cut("token_type_ids"))
}

struct Outputs {
    hidden_states: Vec<f32>,
    mlm_logits: Vec<f32>,
    pooler_output: Vec<f32>,
    nsp_logits: Vec<f32>,
}

/// What the fixture recorded of `row`, from our model's batch `input` where it is text `number`.
fn outputs(model: &Arc<dyn Encoder>, input: &EncoderInput, number: usize, row: &Value) -> Outputs {
    let (positions, dims) = (usizes(&row["positions"]), usizes(&row["dims"]));
    let (len, size) = (input.len(), model.info().hidden_size);
    let mut hidden_states = Vec::new();
    let last = model
        .run(input, &mut |_: usize, states: &[f32]| {
            assert_eq!(states.len(), input.batch * len * size);
            for &position in &positions {
                let row = &states[(number * len + position) * size..][..size];
                hidden_states.extend(dims.iter().map(|&dim| row[dim]));
            }
            Ok(())
        })
        .expect("a forward pass");
    let masks: Vec<_> = usizes(&row["mlm_positions"])
        .into_iter()
        .map(|position| (number, position))
        .collect();
    let (mut pooled, mut next) = (Vec::new(), Vec::new());
    if model.heads().nsp.is_some() {
        let rows = pooler_output(&**model, input, &last).expect("a pooler");
        assert_eq!(rows.len(), input.batch * size);
        pooled = dims.iter().map(|&dim| rows[number * size + dim]).collect();
        let rows = nsp_logits(&**model, input, &last).expect("a head");
        assert_eq!(rows.len(), input.batch * 2);
        next = rows[2 * number..][..2].to_vec();
    }
    Outputs {
        hidden_states,
        mlm_logits: mlm_logits(&**model, input, &last, &masks).expect("a head"),
        pooler_output: pooled,
        nsp_logits: next,
    }
}

pub(super) fn assert_parity(name: &str, case: &Case, model: &Arc<dyn Encoder>) {
    let input = batch(case);
    let mut worst = 0f32;
    for (number, row) in list(&case.json["rows"]).iter().enumerate() {
        // In the padded batch and alone: padding must not be seen.
        for (input, number) in [(&input, number), (&alone(row), 0)] {
            let ours = outputs(model, input, number, row);
            let mut check = |what: &str, ours: &[f32], theirs: &Value| {
                worst = worst.max(assert_close(
                    &format!("{name}, {what}"),
                    ours,
                    &floats(theirs),
                ));
            };
            check("hidden states", &ours.hidden_states, &row["hidden_states"]);
            check("MLM logits", &ours.mlm_logits, &row["mlm_logits"]);
            if !row["nsp_logits"].is_null() {
                check("pooler output", &ours.pooler_output, &row["pooler_output"]);
                check("NSP logits", &ours.nsp_logits, &row["nsp_logits"]);
            }
        }
    }
    measured!("{name}: f32 at most {worst:.1e} from PyTorch");
}

#[wasm_bindgen_test(unsupported = test)]
fn tiny() {
    let case = Case::new(fixture!("bert/tiny.json"));
    assert_parity("tiny", &case, &bert(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn odd_sizes() {
    let case = Case::new(fixture!("bert/odd.json"));
    assert_parity("odd", &case, &bert(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn odd_sizes_stay_dense_when_quantisation_is_asked() {
    // Rows of 36 and 52 fill no blocks of 32: all matrices stay f32, and so does the result.
    let case = Case::new(fixture!("bert/odd.json"));
    assert_parity("odd as q8", &case, &bert(&case, DType::Q8));
}

#[wasm_bindgen_test(unsupported = test)]
fn relu_and_three_segments() {
    let case = Case::new(fixture!("bert/relu.json"));
    assert_parity("relu", &case, &bert(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn base_shape() {
    let case = Case::new(fixture!("bert/base.json"));
    assert_parity("base", &case, &bert(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn masked_lm_has_no_next_sentence_head() {
    let case = Case::new(fixture!("bert/masked-lm.json"));
    let model = bert(&case, DType::F32);
    assert!(model.heads().mlm.is_some() && model.heads().nsp.is_none());
    assert_parity("masked-lm", &case, &model);
    let input = batch(&case);
    let last = model.hidden_states(&input).expect("a forward pass");
    assert_eq!(code(nsp_logits(&*model, &input, &last)), "no_nsp_head");
    assert_eq!(code(pooler_output(&*model, &input, &last)), "no_nsp_head");
}

#[wasm_bindgen_test(unsupported = test)]
fn encoder_without_heads() {
    let mut case = Case::new(fixture!("bert/tiny.json"));
    case.tensors
        .retain(|tensor| !tensor.name.starts_with("cls."));
    // `BertModel` checkpoints have no "bert." prefix.
    let case = case.renamed(|name| name.trim_start_matches("bert.").to_string());
    let model = bert(&case, DType::F32);
    let input = batch(&case);
    let last = model.hidden_states(&input).expect("a forward pass");
    let logits = mlm_logits(&*model, &input, &last, &[(0, 0)]);
    assert_eq!(code(logits), "no_mlm_head");
    assert_eq!(code(nsp_logits(&*model, &input, &last)), "no_nsp_head");
}

#[wasm_bindgen_test(unsupported = test)]
fn old_gamma_and_beta_names() {
    let case = Case::new(fixture!("bert/tiny.json")).renamed(|name| {
        let name = name.replace("LayerNorm.weight", "LayerNorm.gamma");
        name.replace("LayerNorm.bias", "LayerNorm.beta")
    });
    assert_parity("tiny, old names", &case, &bert(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn tied_copies_and_buffers_of_published_files() {
    // bert-base-uncased's file holds the tied decoder and position_ids as well.
    let mut case = Case::new(fixture!("bert/tiny.json"));
    let mut copy = |from: &str, to: &str| {
        let tensor = case.tensor_mut(from).clone();
        case.tensors.push(NamedTensor {
            name: to.into(),
            ..tensor
        });
    };
    copy(
        "bert.embeddings.word_embeddings.weight",
        "cls.predictions.decoder.weight",
    );
    copy("cls.predictions.bias", "cls.predictions.decoder.bias");
    let positions = case.size("max_position_embeddings");
    case.tensors.push(NamedTensor {
        name: "bert.embeddings.position_ids".into(),
        shape: vec![1, positions],
        values: (0..positions).map(|p| p as f32).collect(),
    });
    assert_parity("tiny, tied copies", &case, &bert(&case, DType::F32));
}

#[wasm_bindgen_test(unsupported = test)]
fn half_precision_files() {
    // The reference: the same model from an f32 file of the rounded values.
    for dtype in [FileDType::F16, FileDType::BF16] {
        let mut case = Case::new(fixture!("bert/tiny.json"));
        let half = load(&case.config(), &case.safetensors(dtype), 1000, DType::F32)
            .expect("a half-precision file");
        for tensor in &mut case.tensors {
            tensor.values = dtype.rounded(&tensor.values);
        }
        let full = bert(&case, DType::F32)
            .hidden_states(&batch(&case))
            .expect("a forward pass");
        let half = half
            .into_encoder()
            .expect("a BERT")
            .hidden_states(&batch(&case))
            .expect("a forward pass");
        assert_eq!(
            half, full,
            "{dtype:?} gives the same numbers as its rounded values"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn any_chunking() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let file = case.safetensors(FileDType::F32);
    for chunk in [1, 7, 4093, 65536, file.len()] {
        let model = load(&case.config(), &file, chunk, DType::F32).expect("any chunking loads");
        assert_parity(
            &format!("tiny in pieces of {chunk}"),
            &case,
            &model.into_encoder().expect("a BERT"),
        );
    }
}

/// The tensors under llama.cpp's names; the heads, which llama.cpp does not know, under their own.
pub(super) fn gguf_names(case: &Case) -> Vec<NamedTensor> {
    let renamed = |name: &str| -> String {
        let name = name.trim_start_matches("bert.");
        let fixed = [
            ("embeddings.word_embeddings", "token_embd"),
            ("embeddings.position_embeddings", "position_embd"),
            ("embeddings.token_type_embeddings", "token_types"),
            ("embeddings.LayerNorm", "token_embd_norm"),
        ];
        if let Some((from, to)) = fixed.iter().find(|(from, _)| name.starts_with(from)) {
            return name.replace(from, to);
        }
        let parts = [
            ("attention.self.query", "attn_q"),
            ("attention.self.key", "attn_k"),
            ("attention.self.value", "attn_v"),
            ("attention.output.dense", "attn_output"),
            ("attention.output.LayerNorm", "attn_output_norm"),
            ("intermediate.dense", "ffn_up"),
            // After the attention's own "output", of which it is a part.
            ("output.dense", "ffn_down"),
            ("output.LayerNorm", "layer_output_norm"),
        ];
        match name.strip_prefix("encoder.layer.") {
            None => name.to_string(),
            Some(rest) => {
                let (from, to) = parts
                    .iter()
                    .find(|(from, _)| rest.contains(from))
                    .expect("a known part");
                format!("blk.{}", rest.replace(from, to))
            }
        }
    };
    case.tensors
        .iter()
        .map(|tensor| NamedTensor {
            name: renamed(&tensor.name),
            ..tensor.clone()
        })
        .collect()
}

pub(super) fn gguf_metadata(case: &Case) -> BTreeMap<String, Pair> {
    let number = |key: &str| Pair::U32(case.size(key) as u32);
    BTreeMap::from([
        ("general.architecture".into(), Pair::Text("bert".into())),
        (
            "bert.context_length".into(),
            number("max_position_embeddings"),
        ),
        ("bert.embedding_length".into(), number("hidden_size")),
        (
            "bert.feed_forward_length".into(),
            number("intermediate_size"),
        ),
        ("bert.block_count".into(), number("num_hidden_layers")),
        (
            "bert.attention.head_count".into(),
            number("num_attention_heads"),
        ),
        ("bert.attention.layer_norm_epsilon".into(), Pair::F32(1e-12)),
        (
            "tokenizer.ggml.token_type_count".into(),
            Pair::U32(case.json["config"]["type_vocab_size"].as_u64().unwrap_or(2) as u32),
        ),
        (
            "tokenizer.ggml.tokens".into(),
            Pair::Texts(
                (0..case.size("vocab_size"))
                    .map(|id| format!("t{id}"))
                    .collect(),
            ),
        ),
    ])
}

fn gguf_file(case: &Case, dtype: FileDType) -> Vec<u8> {
    let tensors: Vec<_> = gguf_names(case)
        .into_iter()
        .map(|tensor| {
            let dtype = gguf_dtype(&tensor, dtype);
            (tensor, dtype)
        })
        .collect();
    gguf(&gguf_metadata(case), &tensors)
}

#[wasm_bindgen_test(unsupported = test)]
fn gguf_f32_with_and_without_config() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let file = gguf_file(&case, FileDType::F32);
    for config in [None, Some(case.config())] {
        for chunk in [3, 5000, file.len()] {
            let model = load_with(config.as_deref(), &file, chunk, DType::F32).expect("GGUF loads");
            assert_parity(
                "tiny from GGUF",
                &case,
                &model.into_encoder().expect("a BERT"),
            );
        }
    }
}

/// The file has no place for the non-linearity: the config beside it says which.
#[wasm_bindgen_test(unsupported = test)]
fn gguf_takes_what_it_does_not_say_from_the_config() {
    let case = Case::new(fixture!("bert/relu.json"));
    let file = gguf_file(&case, FileDType::F32);
    let model = load(&case.config(), &file, 1000, DType::F32).expect("GGUF loads");
    assert_parity(
        "relu from GGUF",
        &case,
        &model.into_encoder().expect("a BERT"),
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn gguf_blocks_are_read_as_ggml_writes_them() {
    // Kept as f32, a quantised file is the model of its rounded values, exactly.
    for dtype in [FileDType::F16, FileDType::Q8_0, FileDType::Q4_0] {
        let case = Case::new(fixture!("bert/tiny.json"));
        let quantised =
            load(&case.config(), &gguf_file(&case, dtype), 777, DType::F32).expect("GGUF loads");
        let mut rounded = Case::new(fixture!("bert/tiny.json"));
        for (tensor, named) in rounded.tensors.iter_mut().zip(gguf_names(&case)) {
            tensor.values = gguf_dtype(&named, dtype).rounded(&tensor.values);
        }
        let expected = bert(&rounded, DType::F32)
            .hidden_states(&batch(&case))
            .expect("a forward pass");
        let ours = quantised
            .into_encoder()
            .expect("a BERT")
            .hidden_states(&batch(&case))
            .expect("a forward pass");
        assert_close(&format!("GGUF {dtype:?}"), &ours, &expected);
    }
}

/// (noise of the MLM logits, noise of the hidden states), relative to their spread.
fn noise(case: &Case, model: &Arc<dyn Encoder>) -> (f32, f32) {
    let input = batch(case);
    let (mut logits, mut expected, mut hidden, mut expected_hidden) =
        (vec![], vec![], vec![], vec![]);
    for (number, row) in list(&case.json["rows"]).iter().enumerate() {
        let ours = outputs(model, &input, number, row);
        let per_layer = usizes(&row["positions"]).len() * usizes(&row["dims"]).len();
        logits.extend(ours.mlm_logits);
        expected.extend(floats(&row["mlm_logits"]));
        hidden.extend_from_slice(&ours.hidden_states[ours.hidden_states.len() - per_layer..]);
        let theirs = floats(&row["hidden_states"]);
        expected_hidden.extend_from_slice(&theirs[theirs.len() - per_layer..]);
    }
    (
        relative_rms(&logits, &expected),
        relative_rms(&hidden, &expected_hidden),
    )
}

pub(super) fn assert_noise(name: &str, case: &Case, model: &Arc<dyn Encoder>, dtype: DType) {
    // In a row: value, output, up and down of each layer (query and key go through softmax beside
    // them), the MLM transform and the decoder; the embedding's rows count as one more, and so does the
    // layer that ALBERT has behind them.
    let mapped = usize::from(case.json["config"]["embedding_size"].is_u64());
    let matmuls = 4 * model.info().num_hidden_layers + 3 + mapped;
    let bound = quantisation_bound(dtype, matmuls);
    let (logits, hidden) = noise(case, model);
    measured!(
        "{name}, {}: MLM logits {:.2} %, hidden states {:.2} %, bound {:.2} %",
        dtype.name(),
        100. * logits,
        100. * hidden,
        100. * bound
    );
    assert!(
        logits < bound && hidden < bound,
        "{name}, {}: {logits} and {hidden}, at most {bound}",
        dtype.name()
    );
    assert!(logits > 1e-5, "{name}: nothing was quantised");
}

#[wasm_bindgen_test(unsupported = test)]
fn quantised_logits_stay_near() {
    for (name, text) in [
        ("tiny", fixture!("bert/tiny.json")),
        ("base", fixture!("bert/base.json")),
    ] {
        let case = Case::new(text);
        for dtype in [DType::Q8, DType::Q4] {
            assert_noise(name, &case, &bert(&case, dtype), dtype);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn quantised_gguf_stays_near() {
    let case = Case::new(fixture!("bert/tiny.json"));
    for (file, dtype) in [(FileDType::Q8_0, DType::Q8), (FileDType::Q4_0, DType::Q4)] {
        let model = load(&case.config(), &gguf_file(&case, file), 100, dtype).expect("GGUF loads");
        assert_noise(
            "tiny from GGUF",
            &case,
            &model.into_encoder().expect("a BERT"),
            dtype,
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn wrong_inputs_are_refused_and_forgotten() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let model = bert(&case, DType::F32);
    let single = |ids: Vec<u32>| {
        let types = vec![0; ids.len()];
        model.hidden_states(&EncoderInput::single(ids, types))
    };
    assert_eq!(code(single(vec![])), "empty_input");
    assert_eq!(code(single(vec![1; 25])), "input_too_long");
    for id in [120, u32::MAX] {
        assert_ne!(code(single(vec![1, id])), "no error", "token {id} of 120");
    }
    assert_ne!(
        code(model.hidden_states(&EncoderInput::single(vec![1, 2], vec![0, 2]))),
        "no error",
        "segment 2 of 2"
    );
    assert_ne!(
        code(model.hidden_states(&EncoderInput::single(vec![1, 2], vec![0]))),
        "no error"
    );
    let short_mask = EncoderInput {
        attention_mask: vec![1],
        ..EncoderInput::single(vec![1, 2], vec![0, 0])
    };
    assert_ne!(code(model.hidden_states(&short_mask)), "no error");
    assert_ne!(
        code(model.hidden_states(&EncoderInput {
            batch: 0,
            ..EncoderInput::default()
        })),
        "no error"
    );
    let uneven = EncoderInput {
        batch: 2,
        ..EncoderInput::single(vec![1, 2, 3], vec![0, 0, 0])
    };
    assert_ne!(code(model.hidden_states(&uneven)), "no error");
    let input = EncoderInput::single(vec![1, 2], vec![0, 0]);
    let last = model.hidden_states(&input).expect("a forward pass");
    for position in [(0, 2), (1, 0), (0, usize::MAX / 2)] {
        assert_ne!(
            code(mlm_logits(&*model, &input, &last, &[position])),
            "no error",
            "{position:?} of 1 text of 2 tokens"
        );
    }
    assert_parity("tiny, after errors", &case, &model);
}

#[wasm_bindgen_test(unsupported = test)]
fn padding_alone_is_finite() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let model = bert(&case, DType::F32);
    let input = EncoderInput {
        attention_mask: vec![0; 3],
        ..EncoderInput::single(vec![0; 3], vec![0; 3])
    };
    let states = model.hidden_states(&input).expect("a forward pass");
    assert!(states.iter().all(|x| x.is_finite()));
}

#[wasm_bindgen_test(unsupported = test)]
fn sizes_are_told() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let count: usize = case.tensors.iter().map(|tensor| tensor.values.len()).sum();
    let [full, q8, q4] =
        [DType::F32, DType::Q8, DType::Q4].map(|dtype| bert(&case, dtype).info().size);
    assert_eq!((full.parameters, full.bytes), (count, 4 * count));
    assert_eq!((q8.parameters, q4.parameters), (count, count));
    assert!(q4.bytes < q8.bytes && q8.bytes < full.bytes);
    assert_eq!(
        code(case.model(DType::F32).into_decoder()),
        "wrong_architecture"
    );
}
