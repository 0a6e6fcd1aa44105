//! What the tests share: fixtures, seeded weights, and weight files written by hand.

use std::collections::BTreeMap;

use cloze::models::{Encoder, EncoderInput, Model, ModelInfo, ModelLoader, ARCHITECTURES};
use cloze::weights::DType;
use cloze::Error;
use half::{bf16, f16};
use serde_json::Value;

/// Largest difference from PyTorch in f32: absolute below 1, relative above. Both sides add the same
/// products in another order, which costs about 1e-7 an addition's result.
pub const F32_TOLERANCE: f32 = 1e-4;

/// The file `tests/parity/fixtures/…` as text.
macro_rules! fixture {
    ($path:literal) => {
        include_str!(concat!("../../../tests/parity/fixtures/", $path))
    };
}
pub(crate) use fixture;

/// Shows a measured number in `cargo test -- --nocapture` and in the browser's console.
macro_rules! measured {
    ($($argument:tt)*) => {{
        #[cfg(not(target_arch = "wasm32"))]
        println!($($argument)*);
        #[cfg(target_arch = "wasm32")]
        wasm_bindgen_test::console_log!($($argument)*);
    }};
}
pub(crate) use measured;

// ---------------------------------------------------------------------------------------------
// Fixtures

/// A model of the fixtures: its config, and the recipe of its weights.
pub struct Case {
    pub json: Value,
    pub tensors: Vec<NamedTensor>,
}

/// A tensor as it goes into a file.
#[derive(Debug, Clone)]
pub struct NamedTensor {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

impl Case {
    /// Reads a fixture and makes its weights.
    pub fn new(text: &str) -> Self {
        let json: Value = serde_json::from_str(text).expect("a fixture is JSON");
        let seed = json["seed"].as_u64().expect("a seed");
        for check in json["generator_check"]
            .as_array()
            .expect("a check of the generator")
        {
            let recipe = recipe(&json, check["name"].as_str().expect("a name"));
            let ours = seeded(&recipe.0, 3, seed, recipe.2, recipe.3);
            assert_eq!(
                ours,
                floats(&check["first"]),
                "the weight generator differs from seeded.py"
            );
        }
        let tensors = json["tensors"]
            .as_array()
            .expect("tensors")
            .iter()
            .map(|tensor| {
                let (name, shape, scale, base) =
                    recipe(&json, tensor["name"].as_str().expect("a name"));
                let values = seeded(&name, shape.iter().product(), seed, scale, base);
                NamedTensor {
                    name,
                    shape,
                    values,
                }
            })
            .collect();
        Self { json, tensors }
    }

    /// `config.json` of the model.
    pub fn config(&self) -> Vec<u8> {
        self.config_with(&[])
    }

    /// The same with some entries replaced (`null` takes one out).
    pub fn config_with(&self, changes: &[(&str, Value)]) -> Vec<u8> {
        let mut config = self.json["config"].as_object().expect("a config").clone();
        for (key, value) in changes {
            config.insert(key.to_string(), value.clone());
        }
        config.retain(|_, value| !value.is_null());
        serde_json::to_vec(&config).expect("JSON")
    }

    /// An entry of the config.
    pub fn size(&self, key: &str) -> usize {
        self.json["config"][key].as_u64().expect("a size") as usize
    }

    /// The weights as a safetensors file.
    pub fn safetensors(&self, dtype: FileDType) -> Vec<u8> {
        safetensors(&self.tensors, dtype)
    }

    /// The model from its own config and f32 safetensors.
    pub fn model(&self, dtype: DType) -> Model {
        load(
            &self.config(),
            &self.safetensors(FileDType::F32),
            1 << 20,
            dtype,
        )
        .expect("a model of the fixtures loads")
    }

    /// Takes the weights with other names.
    pub fn renamed(mut self, rename: impl Fn(&str) -> String) -> Self {
        for tensor in &mut self.tensors {
            tensor.name = rename(&tensor.name);
        }
        self
    }

    /// One tensor, to be spoiled.
    pub fn tensor_mut(&mut self, name: &str) -> &mut NamedTensor {
        self.tensors
            .iter_mut()
            .find(|tensor| tensor.name == name)
            .expect("a tensor of this name")
    }
}

fn recipe(json: &Value, name: &str) -> (String, Vec<usize>, f32, f32) {
    let tensor = json["tensors"]
        .as_array()
        .expect("tensors")
        .iter()
        .find(|tensor| tensor["name"] == name)
        .expect("a tensor of this name");
    let number = |key: &str| tensor[key].as_f64().expect("a number") as f32;
    (
        name.to_string(),
        usizes(&tensor["shape"]),
        number("scale"),
        number("base"),
    )
}

/// Numbers of any nesting, in reading order.
pub fn floats(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(floats).collect(),
        Value::Number(number) => vec![number.as_f64().expect("a finite number") as f32],
        other => panic!("no number: {other}"),
    }
}

/// A list of whole numbers.
pub fn usizes(value: &Value) -> Vec<usize> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(|n| n.as_u64().expect("a whole number") as usize)
        .collect()
}

/// A list of ids.
pub fn ids(value: &Value) -> Vec<u32> {
    usizes(value).into_iter().map(|id| id as u32).collect()
}

/// Text of a fixture.
pub fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

/// Entries of a fixture's list.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

// ---------------------------------------------------------------------------------------------
// Comparing

/// Largest difference, absolute below 1 and relative above.
pub fn difference(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len(), "as many numbers");
    let differences = ours.iter().zip(theirs).map(|(a, b)| {
        let difference = (a - b).abs() / b.abs().max(1.0);
        if difference.is_nan() {
            f32::INFINITY
        } else {
            difference
        }
    });
    differences.fold(0.0, f32::max)
}

/// Fails unless `ours` is PyTorch's result within [`F32_TOLERANCE`]; returns the difference.
pub fn assert_close(what: &str, ours: &[f32], theirs: &[f32]) -> f32 {
    let difference = difference(ours, theirs);
    assert!(
        difference <= F32_TOLERANCE,
        "{what}: {difference} from PyTorch"
    );
    difference
}

/// RMS of the difference over the standard deviation of what is right: the share of a logit vector
/// that is noise.
pub fn relative_rms(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len(), "as many numbers");
    let n = theirs.len() as f32;
    let mean = theirs.iter().sum::<f32>() / n;
    let noise = ours
        .iter()
        .zip(theirs)
        .map(|(a, b)| (a - b).powi(2))
        .sum::<f32>();
    let signal = theirs.iter().map(|b| (b - mean).powi(2)).sum::<f32>();
    (noise / signal).sqrt()
}

/// Noise that quantisation may bring into logits, relative to their spread (see [`relative_rms`]).
///
/// Rounding to steps of d errs by d/√12 (RMS). Our seeded weights are uniform in ±s, RMS s/√3. 8 bits
/// have d = s/127: weights err by 1/254 = 0.39 %. 4 bits have d = s/8: 1/16 = 6.25 %. (Our q8 uses
/// seven of its eight bits and errs by 1/128, but is held to what eight could do.) Activations are
/// quantised to 8 bits as well; with the largest of 32 values near 2.5 times their RMS that is
/// 2.5/127/√12 = 0.57 %. Errors of independent products add up as squares, so one multiplication
/// errs by √(weights² + activations²), and `matmuls` in a row by √matmuls times as much. Softmax and
/// LayerNorm may stretch an error: a factor of 2 is left for them.
pub fn quantisation_bound(dtype: DType, matmuls: usize) -> f32 {
    let weights: f32 = match dtype {
        DType::F32 => return F32_TOLERANCE,
        DType::Q8 => 1.0 / 254.0,
        DType::Q4 => 1.0 / 16.0,
    };
    let activations = 2.5 / 127.0 / 12f32.sqrt();
    2.0 * (matmuls as f32).sqrt() * (weights * weights + activations * activations).sqrt()
}

// ---------------------------------------------------------------------------------------------
// Seeded weights (the same as tests/parity/seeded.py)

fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |state, &byte| {
        (state ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Hash of a file, as the fixtures write it.
pub fn fingerprint(bytes: &[u8]) -> String {
    format!("{:016x}", fnv1a64(bytes))
}

/// The first `count` values of the tensor `name`.
pub fn seeded(name: &str, count: usize, seed: u64, scale: f32, base: f32) -> Vec<f32> {
    let state = fnv1a64(name.as_bytes()) ^ seed;
    (1..=count as u64)
        .map(|i| {
            let mut z = state.wrapping_add(i.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            let u = (z >> 40) as f32 * (1.0 / (1u32 << 24) as f32);
            base + (u - 0.5) * (2.0 * scale)
        })
        .collect()
}

// ---------------------------------------------------------------------------------------------
// Loading

/// Reads a model from a file that arrives in pieces of `chunk` bytes.
pub fn load(config: &[u8], file: &[u8], chunk: usize, dtype: DType) -> Result<Model, Error> {
    load_with(Some(config), file, chunk, dtype)
}

/// The same, perhaps without `config.json` (GGUF).
pub fn load_with(
    config: Option<&[u8]>,
    file: &[u8],
    chunk: usize,
    dtype: DType,
) -> Result<Model, Error> {
    let mut loader = ModelLoader::new(config, dtype)?;
    for piece in file.chunks(chunk) {
        loader.push(piece)?;
    }
    let model = loader.finish()?;
    assert_as_in_registry(&model.info());
    Ok(model)
}

/// The page decides by the registry what a model can do before it is loaded: the model must say the same.
fn assert_as_in_registry(info: &ModelInfo) {
    let mut rows = ARCHITECTURES.iter();
    let row = rows
        .find(|row| row.model_type == info.model_type)
        .expect("a row");
    assert_eq!(row.reads, info.reads, "{}", row.model_type);
    let known: Vec<_> = row.heads.names().collect();
    for head in info.heads.names() {
        assert!(known.contains(&head), "{}: {head}", row.model_type);
    }
}

/// The code of the error that must have come.
pub fn code<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Ok(_) => "no error",
        Err(error) => {
            assert!(!error.to_string().is_empty(), "an error says something");
            error.code()
        }
    }
}

// ---------------------------------------------------------------------------------------------
// Asking encoders

/// Masked-word logits of chosen tokens, by (text, token), row by row.
pub fn mlm_logits(
    model: &dyn Encoder,
    input: &EncoderInput,
    hidden_states: &[f32],
    places: &[(usize, usize)],
) -> Result<Vec<f32>, Error> {
    let head = model.heads().mlm()?;
    head.logits(&input.rows(hidden_states, places)?)
}

/// What the pooler makes of each text, row by row.
pub fn pooler_output(
    model: &dyn Encoder,
    input: &EncoderInput,
    hidden_states: &[f32],
) -> Result<Vec<f32>, Error> {
    let head = model.heads().nsp()?;
    head.pooler_output(&input.first_rows(hidden_states)?)
}

/// Next-sentence logits of each text, two a row.
pub fn nsp_logits(
    model: &dyn Encoder,
    input: &EncoderInput,
    hidden_states: &[f32],
) -> Result<Vec<f32>, Error> {
    let head = model.heads().nsp()?;
    head.logits(&input.first_rows(hidden_states)?)
}

// ---------------------------------------------------------------------------------------------
// Weight files by hand

/// How numbers are stored in a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FileDType {
    F32,
    F16,
    BF16,
    /// ggml's blocks; only in GGUF, and only for matrices whose rows are a multiple of 32.
    Q8_0,
    Q4_0,
    Q4_1,
}

impl FileDType {
    fn safetensors(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            other => panic!("{other:?} in safetensors"),
        }
    }

    fn ggml(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q8_0 => 8,
            Self::BF16 => 30,
        }
    }

    /// The numbers as bytes.
    pub fn bytes(self, values: &[f32]) -> Vec<u8> {
        match self {
            Self::F32 => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::F16 => values
                .iter()
                .flat_map(|&v| f16::from_f32(v).to_le_bytes())
                .collect(),
            Self::BF16 => values
                .iter()
                .flat_map(|&v| bf16::from_f32(v).to_le_bytes())
                .collect(),
            Self::Q8_0 => values.chunks_exact(32).flat_map(q8_0).collect(),
            Self::Q4_0 => values.chunks_exact(32).flat_map(q4_0).collect(),
            Self::Q4_1 => values.chunks_exact(32).flat_map(q4_1).collect(),
        }
    }

    /// The numbers as they come back.
    pub fn rounded(self, values: &[f32]) -> Vec<f32> {
        match self {
            Self::F32 => values.to_vec(),
            Self::F16 => values.iter().map(|&v| f16::from_f32(v).to_f32()).collect(),
            Self::BF16 => values.iter().map(|&v| bf16::from_f32(v).to_f32()).collect(),
            Self::Q8_0 => values
                .chunks_exact(32)
                .flat_map(|v| from_q8_0(&q8_0(v)))
                .collect(),
            Self::Q4_0 => values
                .chunks_exact(32)
                .flat_map(|v| from_q4_0(&q4_0(v)))
                .collect(),
            Self::Q4_1 => values
                .chunks_exact(32)
                .flat_map(|v| from_q4_1(&q4_1(v)))
                .collect(),
        }
    }
}

/// ggml's `quantize_row_q8_0_ref` for one block: the scale as f16, then 32 signed bytes.
fn q8_0(values: &[f32]) -> Vec<u8> {
    let largest = values.iter().fold(0f32, |m, v| m.max(v.abs()));
    let d = largest / 127.0;
    let inverse = if d == 0.0 { 0.0 } else { 1.0 / d };
    let mut block = f16::from_f32(d).to_le_bytes().to_vec();
    block.extend(values.iter().map(|v| (v * inverse).round() as i8 as u8));
    block
}

fn from_q8_0(block: &[u8]) -> Vec<f32> {
    let d = f16::from_le_bytes([block[0], block[1]]).to_f32();
    block[2..].iter().map(|&q| d * (q as i8) as f32).collect()
}

/// ggml's `quantize_row_q4_0_ref` for one block: the scale as f16, then the low nibbles of the first
/// and the high ones of the second half.
fn q4_0(values: &[f32]) -> Vec<u8> {
    let largest = values
        .iter()
        .fold(0f32, |m, &v| if v.abs() > m.abs() { v } else { m });
    let d = largest / -8.0;
    let inverse = if d == 0.0 { 0.0 } else { 1.0 / d };
    let nibble = |v: f32| ((v * inverse + 8.5) as u8).min(15);
    let mut block = f16::from_f32(d).to_le_bytes().to_vec();
    block.extend((0..16).map(|i| nibble(values[i]) | nibble(values[i + 16]) << 4));
    block
}

fn from_q4_0(block: &[u8]) -> Vec<f32> {
    let d = f16::from_le_bytes([block[0], block[1]]).to_f32();
    let low = block[2..].iter().map(|q| q & 15);
    let high = block[2..].iter().map(|q| q >> 4);
    low.chain(high).map(|q| d * (q as f32 - 8.0)).collect()
}

/// ggml's `quantize_row_q4_1_ref` for one block: step and lowest value as f16, then nibbles as in [`q4_0`].
fn q4_1(values: &[f32]) -> Vec<u8> {
    let low = values.iter().copied().fold(f32::INFINITY, f32::min);
    let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let d = (high - low) / 15.0;
    let inverse = if d == 0.0 { 0.0 } else { 1.0 / d };
    let nibble = |v: f32| (((v - low) * inverse + 0.5) as u8).min(15);
    let mut block = f16::from_f32(d).to_le_bytes().to_vec();
    block.extend(f16::from_f32(low).to_le_bytes());
    block.extend((0..16).map(|i| nibble(values[i]) | nibble(values[i + 16]) << 4));
    block
}

fn from_q4_1(block: &[u8]) -> Vec<f32> {
    let number = |at: usize| f16::from_le_bytes([block[at], block[at + 1]]).to_f32();
    let low = block[4..].iter().map(|q| q & 15);
    let high = block[4..].iter().map(|q| q >> 4);
    low.chain(high)
        .map(|q| number(0) * q as f32 + number(2))
        .collect()
}

/// A safetensors file of these tensors, all stored as `dtype`.
pub fn safetensors(tensors: &[NamedTensor], dtype: FileDType) -> Vec<u8> {
    let mut entries = serde_json::Map::new();
    let mut data = Vec::new();
    for tensor in tensors {
        let begin = data.len();
        data.extend(dtype.bytes(&tensor.values));
        let entry = serde_json::json!({
            "dtype": dtype.safetensors(), "shape": tensor.shape, "data_offsets": [begin, data.len()],
        });
        entries.insert(tensor.name.clone(), entry);
    }
    entries.insert("__metadata__".into(), serde_json::json!({"format": "pt"}));
    safetensors_of(&serde_json::to_string(&entries).expect("JSON"), &data)
}

/// A safetensors file with any header.
pub fn safetensors_of(header: &str, data: &[u8]) -> Vec<u8> {
    let mut header = header.to_string();
    while header.len() % 8 != 0 {
        header.push(' '); // as the reference implementation aligns
    }
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

/// A file of `torch.save` as PyTorch lays it out: tensors with a storage each, sizes behind the entries.
pub fn torch_save(tensors: &[NamedTensor], dtype: FileDType) -> Vec<u8> {
    fn text(pickle: &mut Vec<u8>, text: &str) {
        pickle.push(b'X');
        pickle.extend((text.len() as u32).to_le_bytes());
        pickle.extend(text.as_bytes());
    }
    fn number(pickle: &mut Vec<u8>, number: usize) {
        pickle.push(b'J');
        pickle.extend((number as u32).to_le_bytes());
    }
    fn sizes(pickle: &mut Vec<u8>, sizes: impl Iterator<Item = usize>) {
        pickle.push(b'(');
        sizes.for_each(|size| number(pickle, size));
        pickle.push(b't');
    }
    let storage = match dtype {
        FileDType::F32 => "ctorch\nFloatStorage\n",
        FileDType::F16 => "ctorch\nHalfStorage\n",
        FileDType::BF16 => "ctorch\nBFloat16Storage\n",
        other => panic!("{other:?} in PyTorch"),
    };
    let mut pickle = b"\x80\x02ccollections\nOrderedDict\n)R(".to_vec();
    for (index, tensor) in tensors.iter().enumerate() {
        text(&mut pickle, &tensor.name);
        pickle.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
        text(&mut pickle, "storage");
        pickle.extend(storage.as_bytes());
        text(&mut pickle, &index.to_string());
        text(&mut pickle, "cpu");
        number(&mut pickle, tensor.values.len());
        pickle.extend(b"tQK\0");
        sizes(&mut pickle, tensor.shape.iter().copied());
        let strides = (0..tensor.shape.len()).map(|dim| tensor.shape[dim + 1..].iter().product());
        sizes(&mut pickle, strides);
        pickle.extend(b"\x89ccollections\nOrderedDict\n)RtR");
    }
    pickle.extend(b"u.");

    let mut entries = vec![
        ("archive/data.pkl".to_string(), pickle),
        ("archive/byteorder".to_string(), b"little".to_vec()),
    ];
    for (index, tensor) in tensors.iter().enumerate() {
        entries.push((format!("archive/data/{index}"), dtype.bytes(&tensor.values)));
    }
    entries.push(("archive/version".to_string(), b"3\n".to_vec()));
    let mut file = Vec::new();
    for (name, contents) in entries {
        file.extend(b"PK\x03\x04\0\0\x08\x08");
        file.resize(file.len() + 18, 0);
        file.extend((name.len() as u16).to_le_bytes());
        file.extend(4u16.to_le_bytes());
        file.extend(name.as_bytes());
        file.extend(b"FB\0\0");
        file.extend(&contents);
        file.extend(b"PK\x07\x08\0\0\0\0");
        file.extend((contents.len() as u32).to_le_bytes());
        file.extend((contents.len() as u32).to_le_bytes());
    }
    // Its table is not read.
    file.extend(b"PK\x05\x06");
    file.resize(file.len() + 18, 0);
    file
}

/// A GGUF value.
#[derive(Clone)]
pub enum Pair {
    U32(u32),
    F32(f32),
    Text(String),
    Texts(Vec<String>),
}

/// A GGUF file (version 3): metadata and tensors, dimensions innermost first, data aligned to 32.
pub fn gguf(metadata: &BTreeMap<String, Pair>, tensors: &[(NamedTensor, FileDType)]) -> Vec<u8> {
    fn string(file: &mut Vec<u8>, text: &str) {
        file.extend((text.len() as u64).to_le_bytes());
        file.extend(text.as_bytes());
    }
    let mut file = b"GGUF".to_vec();
    file.extend(3u32.to_le_bytes());
    file.extend((tensors.len() as u64).to_le_bytes());
    file.extend((metadata.len() as u64).to_le_bytes());
    for (key, value) in metadata {
        string(&mut file, key);
        match value {
            Pair::U32(number) => {
                file.extend(4u32.to_le_bytes());
                file.extend(number.to_le_bytes());
            }
            Pair::F32(number) => {
                file.extend(6u32.to_le_bytes());
                file.extend(number.to_le_bytes());
            }
            Pair::Text(text) => {
                file.extend(8u32.to_le_bytes());
                string(&mut file, text);
            }
            Pair::Texts(texts) => {
                file.extend(9u32.to_le_bytes());
                file.extend(8u32.to_le_bytes());
                file.extend((texts.len() as u64).to_le_bytes());
                texts.iter().for_each(|text| string(&mut file, text));
            }
        }
    }
    let mut data = Vec::new();
    for (tensor, dtype) in tensors {
        string(&mut file, &tensor.name);
        file.extend((tensor.shape.len() as u32).to_le_bytes());
        tensor
            .shape
            .iter()
            .rev()
            .for_each(|&dim| file.extend((dim as u64).to_le_bytes()));
        file.extend(dtype.ggml().to_le_bytes());
        file.extend((data.len() as u64).to_le_bytes());
        data.extend(dtype.bytes(&tensor.values));
        data.resize(data.len().next_multiple_of(32), 0);
    }
    file.resize(file.len().next_multiple_of(32), 0);
    file.extend(data);
    file
}

/// What llama.cpp's `convert_hf_to_gguf.py` stores a tensor as: vectors, positions and segments in
/// f32, matrices as asked where their rows are whole blocks, else in f16.
pub fn gguf_dtype(tensor: &NamedTensor, asked: FileDType) -> FileDType {
    let always_f32 = tensor.shape.len() < 2
        || ["position_embd.weight", "token_types.weight"].contains(&&*tensor.name);
    match asked {
        _ if always_f32 => FileDType::F32,
        FileDType::Q8_0 | FileDType::Q4_0 | FileDType::Q4_1 if tensor.shape[1] % 32 != 0 => {
            FileDType::F16
        }
        _ => asked,
    }
}

/// The tensor transposed: `[in, out]` becomes `[out, in]`.
pub fn transposed(tensor: &NamedTensor) -> NamedTensor {
    let (rows, cols) = (tensor.shape[0], tensor.shape[1]);
    let values = (0..cols)
        .flat_map(|c| (0..rows).map(move |r| tensor.values[r * cols + c]))
        .collect();
    NamedTensor {
        name: tensor.name.clone(),
        shape: vec![cols, rows],
        values,
    }
}
