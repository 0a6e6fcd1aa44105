//! A model in several files, and the index that names them.

use cloze::models::{Model, ModelLoader};
use cloze::weights::{shard_names, DType};
use cloze::Error;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

/// Loads files one after the other, in pieces of `chunk` bytes.
fn load_files(
    config: &[u8],
    files: &[Vec<u8>],
    chunk: usize,
    end_last: bool,
) -> Result<Model, Error> {
    let mut loader = ModelLoader::new(Some(config), DType::Q8)?;
    for (index, file) in files.iter().enumerate() {
        for piece in file.chunks(chunk) {
            loader.push(piece)?;
        }
        if end_last || index + 1 < files.len() {
            loader.end_file()?;
        }
    }
    loader.finish()
}

fn logits(model: Model) -> Vec<f32> {
    use cloze::models::EncoderInput;
    let bert = model.into_encoder().expect("a BERT");
    let input = EncoderInput::single(vec![1, 2, 3], vec![0; 3]);
    let states = bert.hidden_states(&input).expect("shapes are right");
    mlm_logits(&*bert, &input, &states, &[(0, 1)]).expect("a head")
}

#[wasm_bindgen_test(unsupported = test)]
fn a_model_in_several_files_is_the_same_model() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let whole = logits(case.model(DType::Q8));
    for parts in [2, 3, 7] {
        let size = case.tensors.len().div_ceil(parts);
        let files: Vec<Vec<u8>> = case
            .tensors
            .chunks(size)
            .map(|tensors| safetensors(tensors, FileDType::F32))
            .collect();
        for (chunk, end_last) in [(1, false), (1009, true), (1 << 20, true)] {
            let model = load_files(&case.config(), &files, chunk, end_last).expect("it loads");
            assert_eq!(logits(model), whole, "{parts} files by {chunk} bytes");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn files_that_do_not_make_one_model() {
    let case = Case::new(fixture!("bert/tiny.json"));
    let config = case.config();
    let (first, second) = case.tensors.split_at(5);
    let (first, second) = (
        safetensors(first, FileDType::F32),
        safetensors(second, FileDType::F32),
    );
    let load = |files: &[Vec<u8>]| code(load_files(&config, files, 1009, true));
    assert_eq!(load(&[first.clone(), second.clone()]), "no error");
    assert_eq!(load(std::slice::from_ref(&first)), "missing_tensor");
    assert_eq!(
        load(&[first.clone(), second.clone(), first.clone()]),
        "invalid_weights",
        "a tensor that comes twice"
    );
    let short = first[..first.len() - 1].to_vec();
    assert_eq!(load(&[short, second.clone()]), "truncated_weights");
    assert_eq!(load(&[first.clone(), Vec::new()]), "truncated_weights");
    assert_eq!(
        load(&[first, b"<!doctype html>".to_vec()]),
        "invalid_weights"
    );
    assert_eq!(load(&[]), "truncated_weights");
}

#[wasm_bindgen_test(unsupported = test)]
fn an_index_names_its_files_once_and_in_order() {
    // As `save_pretrained` of transformers writes it.
    let index = json!({
        "metadata": {"total_size": 547938560, "total_parameters": 1.5},
        "weight_map": {
            "b": "model-00002-of-00002.safetensors",
            "a": "model-00001-of-00002.safetensors",
            "c": "model-00002-of-00002.safetensors",
        }
    });
    assert_eq!(
        shard_names(index.to_string().as_bytes()).expect("an index"),
        [
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors"
        ]
    );
    let bin = json!({"weight_map": {"a": "pytorch_model-00001-of-00001.bin"}});
    assert_eq!(
        shard_names(bin.to_string().as_bytes()).expect("an index"),
        ["pytorch_model-00001-of-00001.bin"]
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn an_index_cannot_lead_elsewhere() {
    let refuse = |bytes: &[u8]| {
        assert_eq!(
            code(shard_names(bytes)),
            "invalid_weights",
            "{:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(80)])
        );
    };
    for name in [
        "",
        ".",
        "..",
        ".safetensors",
        "../model.safetensors",
        "..\\model.safetensors",
        "a/b.safetensors",
        "/etc/passwd.bin",
        "C:model.safetensors",
        "https://example.org/a.bin",
        "a%2fb.bin",
        "a?b.bin",
        "a#.bin",
        "a b.bin",
        "a\u{0}.bin",
        "\u{202e}.bin",
        "model.txt",
        &format!("{}.bin", "a".repeat(300)),
    ] {
        refuse(json!({"weight_map": {"a": name}}).to_string().as_bytes());
    }
    let many: serde_json::Map<_, _> = (0..1001)
        .map(|index| (index.to_string(), json!(format!("{index}.bin"))))
        .collect();
    refuse(json!({ "weight_map": many }).to_string().as_bytes());
    for garbage in [
        "",
        "[]",
        "{}",
        "null",
        "{\"weight_map\": []}",
        "{\"weight_map\": {}}",
        "{\"weight_map\": {\"a\": 1}}",
        "{\"weight_map\": {\"a\": \"b.bin\"}",
        "<!doctype html>",
    ] {
        refuse(garbage.as_bytes());
    }
    refuse("{\"weight_map\":".repeat(100_000).as_bytes());
    refuse(format!("{{\"x\": {}", "[".repeat(100_000)).as_bytes());
}

/// GPT-2 as `gguf-split` cuts it: all that is said of the model stands in the first part.
fn gguf_parts(count: usize) -> Vec<Vec<u8>> {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let (metadata, tensors) = super::gpt2::gguf_contents(&case, FileDType::F32);
    let (total, size) = (tensors.len(), tensors.len().div_ceil(count));
    let number = |value: usize| Pair::U32(value as u32);
    let parts = tensors.chunks(size).enumerate().map(|(part, tensors)| {
        let mut said = if part == 0 {
            metadata.clone()
        } else {
            Default::default()
        };
        said.insert("split.no".into(), number(part));
        said.insert("split.count".into(), number(count));
        said.insert("split.tensors.count".into(), number(total));
        gguf(&said, tensors)
    });
    parts.collect()
}

fn load_parts(files: &[&Vec<u8>], chunk: usize) -> Result<Model, Error> {
    let mut loader = ModelLoader::new(None, DType::F32)?;
    for file in files {
        for piece in file.chunks(chunk) {
            loader.push(piece)?;
        }
        loader.end_file()?;
    }
    loader.finish()
}

#[wasm_bindgen_test(unsupported = test)]
fn a_gguf_file_in_parts_is_the_same_model() {
    let parts = gguf_parts(3);
    let case = Case::new(fixture!("gpt2/tiny.json"));
    for (order, chunk) in [([0, 1, 2], 1000), ([0, 2, 1], 7), ([0, 1, 2], 1 << 20)] {
        let files = order.map(|part| &parts[part]);
        let model = load_parts(&files, chunk).expect("it loads");
        let model = model.into_decoder().expect("a GPT-2");
        super::gpt2::assert_parity("in parts", &case, &model);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn parts_that_do_not_make_one_model() {
    let (parts, others) = (gguf_parts(3), gguf_parts(4));
    for (files, says) in [
        (vec![&parts[0], &parts[1]], "these are missing: 3"),
        (vec![&parts[0]], "these are missing: 2, 3"),
        (
            vec![&parts[1], &parts[0]],
            "it is part 2 of 3 of a model. Begin with the first",
        ),
        (
            vec![&parts[0], &parts[1], &parts[1]],
            "part 2 of 3 comes twice",
        ),
        (
            vec![&parts[0], &others[1]],
            "part 2 of 4, and not of the same model",
        ),
        (vec![&parts[0], &parts[0]], "not of the same model"),
    ] {
        let error = load_parts(&files, 1000).err().expect(says);
        assert_eq!(error.code(), "invalid_weights", "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
}
