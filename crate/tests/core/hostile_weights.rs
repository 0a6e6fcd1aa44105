//! Weight files that are cut off, lie or are no weight files: a typed error that says what and
//! where, never a panic or an allocation the file merely claims to need.

use std::collections::BTreeMap;

use cloze::models::ModelLoader;
use cloze::weights::DType;
use cloze::Error;
use serde_json::{json, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

fn tiny() -> Case {
    Case::new(fixture!("bert/tiny.json"))
}

fn load_code(config: &[u8], file: &[u8]) -> &'static str {
    // In one piece and in small ones: the answer must not depend on it.
    let whole = code(load(config, file, file.len().max(1), DType::Q8));
    assert_eq!(
        code(load(config, file, 1009, DType::Q8)),
        whole,
        "in pieces and whole"
    );
    whole
}

#[wasm_bindgen_test(unsupported = test)]
fn cut_off_safetensors() {
    let case = tiny();
    let (config, file) = (case.config(), case.safetensors(FileDType::F16));
    let header = 8 + u64::from_le_bytes(*file.first_chunk().expect("8 bytes")) as usize;
    let mut lengths: Vec<usize> = vec![
        0,
        1,
        3,
        4,
        7,
        8,
        9,
        10,
        header / 2,
        header - 1,
        header,
        header + 1,
        file.len() - 1,
    ];
    let mut end = header;
    for tensor in &case.tensors {
        end += 2 * tensor.values.len();
        lengths.extend([end - 2, end - 1, end]);
    }
    lengths.retain(|&length| length < file.len());
    for length in lengths {
        assert_eq!(
            load_code(&config, &file[..length]),
            "truncated_weights",
            "{length} of {}",
            file.len()
        );
    }
    assert_eq!(load_code(&config, &file), "no error");
}

#[wasm_bindgen_test(unsupported = test)]
fn truncation_says_where() {
    let case = tiny();
    let file = case.safetensors(FileDType::F32);
    let error = load(&case.config(), &file[..file.len() - 5], 1000, DType::F32)
        .err()
        .expect("an error");
    let last = &case.tensors.last().expect("a tensor").name;
    let text = error.to_string();
    assert!(
        text.contains(last.as_str()) && text.contains("5 bytes"),
        "{text}"
    );
}

fn gpt2_gguf() -> (Case, Vec<u8>) {
    let case = Case::new(fixture!("gpt2/tiny.json"));
    let metadata = BTreeMap::from([
        ("general.architecture".into(), Pair::Text("gpt2".into())),
        ("gpt2.context_length".into(), Pair::U32(64)),
        ("a.float".into(), Pair::F32(1.5)),
        (
            "tokenizer.ggml.tokens".into(),
            Pair::Texts((0..96).map(|id| format!("t{id}")).collect()),
        ),
    ]);
    let tensors: Vec<_> = case
        .tensors
        .iter()
        .map(|tensor| (tensor.clone(), FileDType::F32))
        .collect();
    let file = gguf(&metadata, &tensors);
    (case, file)
}

#[wasm_bindgen_test(unsupported = test)]
fn cut_off_gguf() {
    let (case, file) = gpt2_gguf();
    let data: usize = case
        .tensors
        .iter()
        .map(|tensor| (4 * tensor.values.len()).next_multiple_of(32))
        .sum();
    let header = file.len() - data;
    // Every length of the header; the data where it matters.
    let lengths = (0..header).chain([header, header + 1, header + 128, file.len() - 4096]);
    for length in lengths {
        let code = code(load(&case.config(), &file[..length], usize::MAX, DType::Q8));
        assert_eq!(code, "truncated_weights", "{length} of {}", file.len());
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_flipped_byte_of_a_header_is_survived() {
    let case = tiny();
    let safetensors = case.safetensors(FileDType::F16);
    let header = 8 + u64::from_le_bytes(*safetensors.first_chunk().expect("8 bytes")) as usize;
    let (gpt2, gguf) = gpt2_gguf();
    for (config, file, header, step) in [
        (case.config(), safetensors, header, 3),
        (gpt2.config(), gguf, 3000, 1),
    ] {
        for at in (0..header).step_by(step) {
            for flip in [0x01, 0x80, 0xff] {
                let mut spoiled = file[..header.min(file.len())].to_vec();
                spoiled[at] ^= flip;
                // The data is left out: what counts is that the header is read safely.
                let mut loader = ModelLoader::new(Some(&config), DType::Q8).expect("a config");
                if loader.push(&spoiled).is_ok() {
                    assert_ne!(code(loader.finish()), "no error", "byte {at} ^ {flip:#x}");
                }
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn files_that_are_no_weights() {
    let config = tiny().config();
    let page = b"<!doctype html><html><body>Not found</body></html>";
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 438955544\n";
    let zip =
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0bert/config.json";
    let mut noise = vec![0u8; 5000];
    let mut state = 1u32;
    for byte in &mut noise {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        *byte = (state >> 24) as u8;
    }
    let zeros = [0u8; 64];
    for file in [page.as_slice(), pointer, &noise, &zeros] {
        assert_eq!(
            load_code(&config, file),
            "invalid_weights",
            "{:?}",
            String::from_utf8_lossy(&file[..20])
        );
    }
    assert_eq!(load_code(&config, zip), "unsupported", "a packed folder");
}

/// Each is told by name, as soon as its first bytes are there.
#[wasm_bindgen_test(unsupported = test)]
fn files_of_other_kinds_are_named() {
    let config = tiny().config();
    let mut tar = b"storages/0".to_vec();
    tar.resize(257, 0);
    tar.extend(b"ustar\x0000");
    let mut big = b"GGUF".to_vec();
    big.extend(3u32.to_be_bytes());
    big.resize(40, 0);
    for (file, says) in [
        (big.as_slice(), "big-endian"),
        (&tar, "tar archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"\n <!DOCTYPE html>", "web page"),
        (b"\xef\xbb\xbf<html>", "web page"),
        (b"{\"error\": \"Invalid username\"}", "JSON"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "gzip"),
        (b"\xfd7zXZ\0\0\x04", "xz"),
        (b"\x28\xb5\x2f\xfd\x04\0\0\0", "Zstandard"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7-Zip"),
        (b"\x89HDF\r\n\x1a\n", "tf_model.h5"),
        (b"\x08\x08\x12\x07pytorch\x1a\x052.1.0", "ONNX"),
        (b"\x1c\0\0\0TFL3\x14\0", "TensorFlow Lite"),
        (b"\x83\xaatransformer\x84", "Flax"),
        (b"tjgg\x03\0\0\0", "GGJT"),
        (b"lmgg\0\0\0\0", "before GGUF"),
        (b"algg\x01\0\0\0", "LoRA"),
        (b"\x93NUMPY\x01\0", "NumPy"),
    ] {
        for chunk in [1, 7, 1000] {
            let error = load(&config, file, chunk, DType::Q8).err().expect(says);
            assert!(["invalid_weights", "unsupported"].contains(&error.code()));
            assert!(error.to_string().contains(says), "{error}");
        }
    }
    let empty = load(&config, b"", 1, DType::Q8).err().expect("nothing");
    assert!(empty.to_string().contains("it is empty"), "{empty}");
}

/// GGUF files that hold no model.
#[wasm_bindgen_test(unsupported = test)]
fn gguf_files_of_other_kinds_are_named() {
    let text = |text: &str| Pair::Text(text.into());
    let kind = |kind: &str, architecture: &str| {
        BTreeMap::from([
            ("general.type".to_string(), text(kind)),
            ("general.architecture".to_string(), text(architecture)),
        ])
    };
    let vocabulary = BTreeMap::from([
        ("general.architecture".to_string(), text("llama")),
        (
            "tokenizer.ggml.tokens".to_string(),
            Pair::Texts(vec!["a".into()]),
        ),
    ]);
    for (metadata, says) in [
        (kind("adapter", "llama"), "adapter"),
        (kind("mmproj", "clip"), "projector"),
        (kind("model", "clip"), "projector"),
        (kind("imatrix", ""), "imatrix"),
        (vocabulary, "vocabulary alone"),
    ] {
        let error = load_with(None, &gguf(&metadata, &[]), 64, DType::Q8)
            .err()
            .expect(says);
        assert_eq!(error.code(), "unsupported", "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn lengths_that_lie() {
    let config = tiny().config();
    for length in [0, 1, 100_000_001, 1 << 40, u64::MAX, u64::MAX - 7] {
        let mut file = length.to_le_bytes().to_vec();
        file.extend(b"{}      ");
        assert_eq!(
            load_code(&config, &file),
            "invalid_weights",
            "a header of {length} bytes"
        );
    }
    let mut file = 99_999_999u64.to_le_bytes().to_vec();
    file.extend(b"{\"a\":");
    assert_eq!(load_code(&config, &file), "truncated_weights");
}

#[wasm_bindgen_test(unsupported = test)]
fn headers_that_make_no_sense() {
    let config = tiny().config();
    let nested = format!("{{\"a\":{}", "[".repeat(200_000));
    let nested_object = "{\"a\":".repeat(200_000);
    let name = "bert.embeddings.LayerNorm.weight";
    let entry = |dtype: Value, shape: Value, offsets: Value| {
        json!({name: {"dtype": dtype, "shape": shape, "data_offsets": offsets}}).to_string()
    };
    let headers = [
        "[]".to_string(),
        "{".into(),
        "{]".into(),
        "{\"a\": 1}".into(),
        "{\"a\": {}}".into(),
        "{\"a\": null}".into(),
        nested,
        nested_object,
        entry(json!("F32"), json!([32]), json!([0])),
        entry(json!("F32"), json!([32]), json!([0, 128, 256])),
        entry(json!("F32"), json!([32]), json!([128, 0])),
        entry(json!("F32"), json!([32]), json!([0, 127])),
        entry(json!("F32"), json!([32]), json!([0, 132])),
        entry(json!("F32"), json!([32]), json!([-128, 0])),
        entry(json!("F32"), json!([32]), json!([0.5, 128.5])),
        entry(json!("F32"), json!([-32]), json!([0, 128])),
        entry(json!("F32"), json!(32), json!([0, 128])),
        entry(json!("F32"), json!([u64::MAX, u64::MAX]), json!([0, 128])),
        entry(json!("F32"), json!([1u64 << 62, 4]), json!([0, 0])),
        entry(json!("F32"), json!([1u64 << 63, 2]), json!([0, 0])),
        entry(json!(7), json!([32]), json!([0, 128])),
    ];
    for header in headers {
        let shown = &header[..header.len().min(120)];
        assert_eq!(
            load_code(&config, &safetensors_of(&header, &[0; 256])),
            "invalid_weights",
            "{shown}"
        );
    }
}

/// What sizes that nobody has may be called: in wasm, whose memory is smaller, sooner a matter of memory.
const REFUSED: [&str; 4] = [
    "invalid_weights",
    "shape_mismatch",
    "truncated_weights",
    "out_of_memory",
];

#[wasm_bindgen_test(unsupported = test)]
fn sizes_that_are_only_claimed() {
    // A header of a hundred bytes that claims terabytes must cost nothing.
    let config = tiny().config();
    for name in [
        "bert.embeddings.word_embeddings.weight",
        "bert.embeddings.position_embeddings.weight",
        "bert.embeddings.LayerNorm.weight",
    ] {
        for rows in [1u64 << 30, 1 << 36, 1 << 44, 1 << 52] {
            for shape in [
                json!([rows, 32]),
                json!([32, rows]),
                json!([32 * rows]),
                json!([1, rows, 32]),
                json!([rows, 0]),
            ] {
                let count = if shape[1] == 0 { 0 } else { 32 * rows };
                let header =
                    json!({name: {"dtype": "F32", "shape": shape, "data_offsets": [0, 4 * count]}})
                        .to_string();
                let code = load_code(&config, &safetensors_of(&header, &[0; 256]));
                assert!(REFUSED.contains(&code), "{name} {shape}: {code}");
            }
        }
    }
    let case = Case::new(fixture!("gpt2/tiny.json"));
    for rows in [1u64 << 30, 1 << 40] {
        let header = json!({"h.0.attn.c_attn.weight": {"dtype": "F16", "shape": [rows, 96], "data_offsets": [0, 2 * 96 * rows]}});
        let code = load_code(
            &case.config(),
            &safetensors_of(&header.to_string(), &[0; 256]),
        );
        assert!(REFUSED.contains(&code), "{code}");
    }
}

/// The tiny model's file with its header changed.
fn with_header(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> &'static str {
    let case = tiny();
    let file = case.safetensors(FileDType::F32);
    let header = u64::from_le_bytes(*file.first_chunk().expect("8 bytes")) as usize;
    let mut entries: Value = serde_json::from_slice(&file[8..8 + header]).expect("JSON");
    change(entries.as_object_mut().expect("an object"));
    load_code(
        &case.config(),
        &safetensors_of(&entries.to_string(), &file[8 + header..]),
    )
}

const WORDS: &str = "bert.embeddings.word_embeddings.weight";

#[wasm_bindgen_test(unsupported = test)]
fn entries_that_do_not_fit() {
    assert_eq!(with_header(|_| ()), "no error");
    assert_eq!(
        with_header(|entries| {
            let query = entries["bert.encoder.layer.0.attention.self.query.weight"].clone();
            entries["bert.encoder.layer.0.attention.self.key.weight"] = query;
        }),
        "invalid_weights",
        "two tensors in one place"
    );
    for dtype in ["I64", "BOOL", "F64", "F8_E4M3", "NONSENSE"] {
        let code = with_header(|entries| entries[WORDS]["dtype"] = json!(dtype));
        assert!(
            ["invalid_weights", "unsupported"].contains(&code),
            "{dtype}: {code}"
        );
    }
    assert_eq!(
        with_header(|entries| entries[WORDS]["dtype"] = json!("F16")),
        "invalid_weights",
        "half the bytes"
    );
    assert_eq!(
        with_header(|entries| entries[WORDS]["shape"] = json!([32, 120])),
        "shape_mismatch",
        "transposed"
    );
    for shape in [json!([3840]), json!([1, 120, 32]), json!([120, 32, 1])] {
        let code = with_header(|entries| entries[WORDS]["shape"] = shape.clone());
        assert!(
            ["invalid_weights", "shape_mismatch"].contains(&code),
            "{shape}: {code}"
        );
    }
    let code = with_header(|entries| {
        let words = entries.remove(WORDS).expect("words");
        entries.insert("embeddings.word_embeddings.weight".into(), words.clone());
        let mut other = words;
        let end = other["data_offsets"][1].as_u64().expect("an end");
        other["data_offsets"] = json!([end, end]);
        other["shape"] = json!([0, 32]);
        entries.insert(WORDS.into(), other);
    });
    assert!(
        ["invalid_weights", "shape_mismatch"].contains(&code),
        "one tensor under two names: {code}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn every_missing_tensor_is_named() {
    for (text, optional) in [
        (fixture!("bert/tiny.json"), true),
        (fixture!("gpt2/tiny.json"), false),
    ] {
        let names: Vec<String> = Case::new(text)
            .tensors
            .iter()
            .map(|tensor| tensor.name.clone())
            .collect();
        for name in names {
            let mut case = Case::new(text);
            case.tensors.retain(|tensor| tensor.name != name);
            let result = load(
                &case.config(),
                &case.safetensors(FileDType::F16),
                1 << 16,
                DType::Q8,
            );
            // A head may be absent as a whole; that is found out by the task that needs it.
            let head = optional && (name.contains("pooler") || name.starts_with("cls."));
            match result {
                Ok(_) => assert!(head, "{name} is missing and nobody says so"),
                Err(error) => {
                    assert_eq!(error.code(), "missing_tensor", "{name}: {error}");
                    let short = name
                        .trim_start_matches("bert.")
                        .trim_start_matches("transformer.");
                    assert!(error.to_string().contains(short), "{name}: {error}");
                }
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn tensors_nobody_asked_for_are_passed_over() {
    let mut case = tiny();
    for (name, shape) in [
        ("extra", vec![3, 5]),
        ("bert.encoder.layer.9.x.weight", vec![2, 3]),
        ("cls.other", vec![4]),
    ] {
        case.tensors.insert(
            1,
            NamedTensor {
                name: name.into(),
                values: vec![f32::NAN; shape.iter().product()],
                shape,
            },
        );
    }
    assert_eq!(
        load_code(&case.config(), &case.safetensors(FileDType::F32)),
        "no error"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn gguf_headers_that_lie() {
    let (case, file) = gpt2_gguf();
    let with = |at: usize, bytes: &[u8]| {
        let mut file = file.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        // Piece by piece, so that the header is complete before the data's place is reached.
        code(load(&case.config(), &file, 1, DType::Q8))
    };
    for version in [0u32, 1, 4, u32::MAX] {
        let code = with(4, &version.to_le_bytes());
        assert!(
            ["unsupported", "invalid_weights"].contains(&code),
            "version {version}: {code}"
        );
    }
    for count in [1 << 20, 1u64 << 40, u64::MAX] {
        for at in [8, 16] {
            let code = with(at, &count.to_le_bytes());
            assert_ne!(code, "no error", "{count} at {at}");
        }
        // The length of the first key.
        let code = with(24, &count.to_le_bytes());
        assert_ne!(code, "no error", "a key of {count} bytes");
    }
    // A tensor that begins at the end of the world: offsets are added to it.
    let needle = b"transformer.wte.weight";
    let name = file
        .windows(needle.len())
        .position(|window| window == needle)
        .expect("a name");
    // After the name: dimensions (u32), two sizes (u64), type (u32), offset (u64).
    let sizes = name + needle.len() + 4;
    let offset = sizes + 16 + 4;
    let bytes = 4 * 96 * 32;
    for begin in [
        u64::MAX,
        u64::MAX - 31,
        u64::MAX - bytes,
        u64::MAX - bytes - 20,
        1 << 63,
        1 << 50,
    ] {
        let code = with(offset, &begin.to_le_bytes());
        assert!(
            ["invalid_weights", "truncated_weights"].contains(&code),
            "offset {begin}: {code}"
        );
    }
    for size in [0, 1 << 40, 1 << 60, u64::MAX] {
        for at in [sizes, sizes + 8] {
            let code = with(at, &size.to_le_bytes());
            assert_ne!(code, "no error", "a size of {size}");
        }
    }
    for kind in [2u32, 3, 7, 8, 12, 14, 16, 24, 26, 30, 99, u32::MAX] {
        let code = with(sizes + 16, &kind.to_le_bytes());
        assert_ne!(code, "no error", "ggml type {kind}");
    }
    for dims in [0u32, 1, 3, 5, u32::MAX] {
        assert_ne!(
            with(sizes - 4, &dims.to_le_bytes()),
            "no error",
            "{dims} dimensions"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn gguf_without_what_it_must_say() {
    let empty = gguf(&BTreeMap::new(), &[]);
    assert_eq!(
        code(load_with(None, &empty, 64, DType::Q8)),
        "invalid_config"
    );
    for (architecture, expected) in [
        ("mamba", "unsupported"),
        ("llama", "invalid_config"),
        ("bert", "invalid_config"),
        ("gpt2", "invalid_config"),
    ] {
        let file = gguf(
            &BTreeMap::from([(
                "general.architecture".into(),
                Pair::Text(architecture.into()),
            )]),
            &[],
        );
        assert_eq!(
            code(load_with(None, &file, 64, DType::Q8)),
            expected,
            "{architecture}"
        );
    }
    for alignment in [0, 3, u32::MAX] {
        let file = gguf(
            &BTreeMap::from([
                ("general.architecture".into(), Pair::Text("gpt2".into())),
                ("general.alignment".into(), Pair::U32(alignment)),
            ]),
            &[],
        );
        assert_ne!(
            code(load_with(None, &file, 64, DType::Q8)),
            "no error",
            "alignment {alignment}"
        );
    }
    assert_eq!(
        code(load_with(
            None,
            &tiny().safetensors(FileDType::F32),
            64,
            DType::Q8
        )),
        "invalid_config"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn a_loader_is_spent_after_an_error() {
    let case = tiny();
    let mut loader = ModelLoader::new(Some(&case.config()), DType::Q8).expect("a config");
    assert_eq!(code(loader.push(b"<!doctype html>")), "invalid_weights");
    for piece in case.safetensors(FileDType::F32).chunks(4096) {
        assert_eq!(code(loader.push(piece)), "invalid_weights");
    }
    assert_ne!(code(loader.finish()), "no error");
    assert_eq!(
        load_code(&case.config(), &case.safetensors(FileDType::F32)),
        "no error",
        "the next one loads"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_no_memory_can_hold_is_said_with_sizes_and_type() {
    // What a file says of itself may be true, and the model too large all the same.
    let config = tiny().config();
    for rows in [1u64 << 56, 1 << 57] {
        let end = 2 * 32 * rows;
        let header =
            json!({WORDS: {"dtype": "F16", "shape": [rows, 32], "data_offsets": [0, end]}});
        let file = safetensors_of(&header.to_string(), &[0; 64]);
        for dtype in [DType::F32, DType::Q4] {
            let error = load(&config, &file, 64, dtype).err().expect("an error");
            // 4 bits may just be within what 64 bits can count.
            if error.code() == "truncated_weights" && dtype == DType::Q4 {
                continue;
            }
            assert_eq!(error.code(), "out_of_memory", "{error}");
            let Error::OutOfMemory { bytes, model, .. } = &error else {
                unreachable!("by its code")
            };
            assert!(*bytes >= rows * 32 / 2, "{error}");
            if cfg!(target_pointer_width = "64") {
                let (needed, kept_as) = model.expect("it is known of which model");
                assert!(needed >= rows * 32 / 2 && kept_as == dtype, "{error}");
                assert!(error.to_string().contains(dtype.name()), "{error}");
            }
        }
    }
    let header = json!({WORDS: {"dtype": "F32", "shape": [u64::MAX / 8], "data_offsets": [0, u64::MAX / 8 * 4]}});
    let file = safetensors_of(&header.to_string(), &[0; 64]);
    let error = load(&config, &file, 64, DType::Q8).err().expect("an error");
    let codes = ["out_of_memory", "invalid_weights", "truncated_weights"];
    assert!(codes.contains(&error.code()), "{error}");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_claim_of_gigabytes_costs_no_gigabytes() {
    // The claimed matrix would have 8 GB; 64 MB are the most that is believed before its values come.
    let config = tiny().config();
    let rows = 1u64 << 26;
    let header =
        json!({WORDS: {"dtype": "F32", "shape": [rows, 32], "data_offsets": [0, 4 * 32 * rows]}});
    let file = safetensors_of(&header.to_string(), &[0; 4096]);
    let code = load_code(&config, &file);
    assert!(
        ["truncated_weights", "out_of_memory"].contains(&code),
        "{code}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn bytes_after_the_end_are_no_model() {
    // Appended bytes belong to no tensor; reading them is harmless, and silence would be too.
    let case = tiny();
    let mut file = case.safetensors(FileDType::F32);
    file.extend([7; 1000]);
    assert!(["no error", "invalid_weights"].contains(&load_code(&case.config(), &file)));
}

#[wasm_bindgen_test(unsupported = test)]
fn weights_that_are_no_numbers_do_no_harm() {
    use cloze::models::EncoderInput;
    for value in [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN_POSITIVE,
    ] {
        for dtype in [DType::F32, DType::Q8, DType::Q4] {
            let mut case = tiny();
            for tensor in &mut case.tensors {
                tensor.values.iter_mut().step_by(7).for_each(|x| *x = value);
            }
            if let Ok(model) = load(
                &case.config(),
                &case.safetensors(FileDType::F32),
                1 << 16,
                dtype,
            ) {
                let bert = model.into_encoder().expect("a BERT");
                let input = EncoderInput::single(vec![1, 2, 3], vec![0; 3]);
                let states = bert.hidden_states(&input).expect("shapes are right");
                let _ = (
                    mlm_logits(&*bert, &input, &states, &[(0, 1)]),
                    nsp_logits(&*bert, &input, &states),
                );
            }
        }
    }
}
