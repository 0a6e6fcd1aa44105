//! Files of `torch.save`, made by PyTorch (tests/parity/torch_files.py).

use std::collections::BTreeMap;

use cloze::weights::{DType, Header, TensorInfo, TensorSink, WeightStream};
use cloze::Error;
use half::{bf16, f16};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

/// Every file of the fixtures.
macro_rules! files {
    ($($name:literal),*) => {
        [$(($name, include_bytes!(concat!("../../../tests/parity/fixtures/torch/", $name, ".bin")).as_slice())),*]
    };
}

/// Of PyTorch 1.6 and later.
const GOOD: [(&str, &[u8]); 11] = files![
    "module",
    "types",
    "tied",
    "slices",
    "shared",
    "strided",
    "nested",
    "protocol4",
    "packed-again",
    "zip64-pipe",
    "old-entries"
];
/// From before.
const LEGACY: [(&str, &[u8]); 10] = files![
    "legacy-module",
    "legacy-types",
    "legacy-tied",
    "legacy-slices",
    "legacy-shared",
    "legacy-strided",
    "legacy-nested",
    "legacy-protocol4",
    "legacy-views",
    "legacy-python2"
];
const BAD: [(&str, &[u8]); 8] = files![
    "bad-compressed",
    "bad-big-endian",
    "bad-evil",
    "bad-no-dict",
    "bad-module",
    "bad-legacy-big-endian",
    "bad-legacy-evil",
    "bad-pickle"
];

/// Keeps every tensor that is wanted, as it came.
#[derive(Default)]
struct Kept {
    tensors: BTreeMap<String, (TensorInfo, Vec<u8>)>,
    current: String,
    aliases: usize,
    unwanted: Vec<&'static str>,
}

impl TensorSink for Kept {
    fn header(&mut self, header: &Header) -> Result<(), Error> {
        assert!(header.metadata.is_none());
        Ok(())
    }

    fn begin(&mut self, info: &TensorInfo) -> Result<bool, Error> {
        if self.unwanted.contains(&info.name.as_str()) || !info.dtype.readable() {
            return Ok(false);
        }
        self.current.clone_from(&info.name);
        let before = self
            .tensors
            .insert(info.name.clone(), (info.clone(), Vec::new()));
        assert!(before.is_none(), "{} comes twice", info.name);
        Ok(true)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (_, all) = self.tensors.get_mut(&self.current).expect("it began");
        all.extend(bytes);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn alias(&mut self, info: &TensorInfo, of: &TensorInfo) -> Result<(), Error> {
        self.aliases += 1;
        let (_, bytes) = &self.tensors[&of.name];
        let entry = (info.clone(), bytes.clone());
        self.tensors.insert(info.name.clone(), entry);
        Ok(())
    }
}

fn read_into(mut kept: Kept, file: &[u8], chunk: usize) -> Result<Kept, Error> {
    let mut stream = WeightStream::default();
    for piece in file.chunks(chunk) {
        stream.push(piece, &mut kept)?;
    }
    stream.finish(&mut kept)?;
    Ok(kept)
}

fn read(file: &[u8], chunk: usize) -> Result<Kept, Error> {
    read_into(Kept::default(), file, chunk)
}

fn values(info: &TensorInfo, bytes: &[u8]) -> Vec<f32> {
    use cloze::weights::RawDType;
    match info.dtype {
        RawDType::F32 => bytes
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes(b.try_into().expect("4 bytes")))
            .collect(),
        RawDType::F64 => bytes
            .chunks_exact(8)
            .map(|b| f64::from_le_bytes(b.try_into().expect("8 bytes")) as f32)
            .collect(),
        RawDType::F16 => bytes
            .chunks_exact(2)
            .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32())
            .collect(),
        RawDType::Bf16 => bytes
            .chunks_exact(2)
            .map(|b| bf16::from_le_bytes([b[0], b[1]]).to_f32())
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_form_of_file_is_read_as_pytorch_reads_it() {
    let expected: Value =
        serde_json::from_str(fixture!("torch/expected.json")).expect("a fixture is JSON");
    for (name, file) in GOOD.into_iter().chain(LEGACY) {
        for chunk in [1, 7, 64, 1000, usize::MAX] {
            let kept = read(file, chunk).unwrap_or_else(|error| panic!("{name}: {error}"));
            let expected = expected[name].as_object().expect("tensors");
            assert_eq!(kept.tensors.len(), expected.len(), "{name}");
            for (tensor, expected) in expected {
                let (info, bytes) = &kept.tensors[tensor];
                assert_eq!(info.shape, usizes(&expected["shape"]), "{name}: {tensor}");
                assert_eq!(
                    values(info, bytes),
                    floats(&expected["values"]),
                    "{name}: {tensor}"
                );
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn tied_tensors_are_read_once() {
    for (_, tied) in [GOOD[2], LEGACY[2]] {
        assert_eq!(read(tied, 100).expect("it is good").aliases, 2);
        let kept = Kept {
            unwanted: vec!["a"],
            ..Kept::default()
        };
        let kept = read_into(kept, tied, 100).expect("it is good");
        assert_eq!(
            (kept.tensors.len(), kept.aliases),
            (2, 1),
            "without the first"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_not_read_says_why() {
    for ((name, file), (code, says)) in BAD.into_iter().zip([
        ("unsupported", "compressed"),
        ("unsupported", "big-endian"),
        ("unsupported", "posix.system"),
        ("invalid_weights", "no dictionary"),
        ("unsupported", "torch.nn.modules.linear.Linear"),
        ("unsupported", "big-endian"),
        ("unsupported", "posix.system"),
        ("invalid_weights", "not of torch.save"),
    ]) {
        for chunk in [1, 100, usize::MAX] {
            let error = read(file, chunk).err().expect(name);
            assert_eq!(error.code(), code, "{name}: {error}");
            assert!(error.to_string().contains(says), "{name}: {error}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_storage_that_is_listed_twice_is_refused_before_it_comes() {
    let begin = b"\x80\x02]q\x00";
    let mut seen = 0;
    for (name, file) in LEGACY {
        let at = file.windows(begin.len()).rposition(|part| part == begin);
        let (true, Some(at)) = (matches!(name, "legacy-module" | "legacy-tied"), at) else {
            continue;
        };
        let list = &file[at + begin.len()..];
        let text = list.iter().position(|&byte| byte == b'X').expect("a key");
        let key = &list[text..text + 5 + list[text + 1] as usize];
        let twice = [&file[..at], begin, b"(", key, b"q\x01h\x01e."].concat();
        let error = read(&twice, usize::MAX).err().expect(name);
        assert!(error.to_string().contains("no tensor knows"), "{error}");
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[wasm_bindgen_test(unsupported = test)]
fn cut_off_files_are_truncated() {
    for (name, file) in GOOD {
        // The table at the end repeats what was read.
        let end = file
            .windows(4)
            .position(|bytes| bytes == b"PK\x01\x02")
            .expect("a table");
        for length in 0..end + 4 {
            let code = code(read(&file[..length], 50));
            assert_eq!(code, "truncated_weights", "{name}: {length} of {end}");
        }
        assert_eq!(code(read(&file[..end + 4], 50)), "no error", "{name}");
    }
    for (name, file) in LEGACY {
        for length in 0..file.len() {
            let code = code(read(&file[..length], 50));
            assert_eq!(code, "truncated_weights", "{name}: {length}");
        }
    }
}

/// PyTorch's own checksums, before its sizes (a descriptor) or in the entry's header.
#[wasm_bindgen_test(unsupported = test)]
fn a_value_that_was_changed_on_the_way_is_noticed() {
    for (name, file) in GOOD {
        let name_at = file.windows(7).position(|bytes| bytes == b"/data/0");
        let name_at = name_at.expect("a storage");
        let mut headers = file[..name_at].windows(4);
        let header = headers.rposition(|bytes| bytes == b"PK\x03\x04");
        let header = header.expect("its header");
        let length = |at: usize| usize::from(u16::from_le_bytes([file[at], file[at + 1]]));
        let data = header + 30 + length(header + 26) + length(header + 28);
        let mut changed = file.to_vec();
        changed[data] ^= 1;
        for chunk in [7, changed.len()] {
            let found = read_into(Kept::default(), &changed, chunk);
            assert_eq!(code(found.map(drop)), "invalid_weights", "{name}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_flipped_byte_is_survived() {
    // One of each layout; tests/fuzz.rs does worse to all of them.
    for (name, file) in files![
        "types",
        "strided",
        "protocol4",
        "zip64-pipe",
        "legacy-types",
        "legacy-python2"
    ] {
        for at in 0..file.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut spoiled = file.to_vec();
                spoiled[at] ^= flip;
                if let Err(error) = read(&spoiled, usize::MAX) {
                    let known = ["invalid_weights", "truncated_weights", "unsupported"];
                    assert!(known.contains(&error.code()), "{name}: {error}");
                }
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_model_is_the_same_from_safetensors_and_from_pytorch() {
    use cloze::models::EncoderInput;
    let mut case = Case::new(fixture!("bert/tiny.json"));
    let logits = |file: &[u8], case: &Case| {
        let model = load(&case.config(), file, 1009, DType::Q8).expect("it loads");
        let bert = model.into_encoder().expect("a BERT");
        let input = EncoderInput::single(vec![1, 2, 3], vec![0; 3]);
        let states = bert.hidden_states(&input).expect("shapes are right");
        mlm_logits(&*bert, &input, &states, &[(0, 1)]).expect("a head")
    };
    let theirs = logits(&case.safetensors(FileDType::F16), &case);
    let ours = logits(&torch_save(&case.tensors, FileDType::F16), &case);
    assert_eq!(ours, theirs);

    case.tensors.pop();
    let file = torch_save(&case.tensors, FileDType::F16);
    let code = code(load(&case.config(), &file, 1009, DType::Q8));
    assert_eq!(code, "missing_tensor");
}
