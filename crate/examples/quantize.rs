//! Turns a Hugging Face folder into GGUF with matrices in Q8_0 or Q4_0, as the playground ships them.
//!
//! `cargo run --release -p cloze --example quantize -- FOLDER OUT.gguf [q8|q4] [q8|q4]`
//!
//! The second type is that of the embeddings, where it differs: half of a small BERT is its word
//! embeddings, and they bear fewer bits better than the layers do.
//!
//! Encoder and decoder tensors get llama.cpp's names; BERT's heads, for which it has none, keep the
//! checkpoint's.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read};
use std::path::Path;

use candle_core::quantized::gguf_file::{write, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use cloze::models::bert::BertConfig;
use cloze::models::gpt2::Gpt2Config;
use cloze::models::Config;
use cloze::weights::{Collector, DType, WeightStream, Weights};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (folder, out, types) = match args.as_slice() {
        [folder, out, types @ ..] if types.len() <= 2 => (folder, out, types),
        _ => {
            return Err("usage: quantize FOLDER OUT.gguf [q8|q4] [q8|q4 of the embeddings]".into())
        }
    };
    let named = |name: &String| {
        DType::from_name(name).ok_or_else(|| format!("\"{name}\" is none of q8, q4, fp32"))
    };
    let dtype = types.first().map_or(Ok(DType::Q8), named)?;
    let embeddings = types.get(1).map_or(Ok(dtype), named)?;
    let folder = Path::new(folder);
    let config_json = fs::read(folder.join("config.json"))?;
    let config = Config::from_json(&config_json)?;
    let file = folder.join("model.safetensors");
    let weights = read(&config, &file)?;

    let (gguf_name, metadata) = match config.architecture().model_type {
        "bert" => {
            let metadata = bert(&BertConfig::from_json(&config_json)?);
            (
                BertConfig::gguf_name as fn(&str) -> Option<String>,
                metadata,
            )
        }
        "gpt2" => {
            let metadata = gpt2(&Gpt2Config::from_json(&config_json)?);
            (Gpt2Config::gguf_name as _, metadata)
        }
        _ => return Err("GGUF is written of bert and gpt2 models".into()),
    };
    let name = |ours: &str| gguf_name(ours).unwrap_or_else(|| ours.to_string());
    let tensors = weights
        .names()
        .into_iter()
        .map(|ours| {
            let dtype = if is_word_embedding(ours) {
                embeddings
            } else {
                dtype
            };
            Ok((name(ours), tensor(&weights, ours, dtype)?))
        })
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    save(Path::new(out), &metadata, &tensors)?;
    println!(
        "{out}: {} tensors, {:.1} MB",
        tensors.len(),
        fs::metadata(out)?.len() as f64 / 1e6
    );
    Ok(())
}

fn save(
    out: &Path,
    metadata: &[(String, Value)],
    tensors: &[(String, QTensor)],
) -> Result<(), Box<dyn Error>> {
    let metadata: Vec<_> = metadata
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .collect();
    let tensors: Vec<_> = tensors
        .iter()
        .map(|(name, tensor)| (name.as_str(), tensor))
        .collect();
    write(&mut BufWriter::new(File::create(out)?), &metadata, &tensors)?;
    Ok(())
}

fn read(config: &Config, path: &Path) -> Result<Weights, Box<dyn Error>> {
    let mut stream = WeightStream::default();
    let mut collector = Collector::new(DType::F32, |name: &str| config.place_safetensors(name));
    let mut file = BufReader::new(File::open(path)?);
    let mut chunk = vec![0; 1 << 20];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            length => stream.push(&chunk[..length], &mut collector)?,
        }
    }
    stream.finish(&mut collector)?;
    Ok(collector.into_weights())
}

fn is_word_embedding(name: &str) -> bool {
    name.ends_with("word_embeddings.weight") || name.ends_with("wte.weight")
}

fn tensor(weights: &Weights, name: &str, dtype: DType) -> Result<QTensor, Box<dyn Error>> {
    let shape = weights.shape(name).ok_or("a name without a tensor")?;
    if !weights.is_matrix(name) {
        // Position embeddings are added, never multiplied: the core keeps them as f32, but in the
        // file 8 bits are as good.
        let small = dtype != DType::F32 && shape.len() == 2 && shape[1] % 32 == 0 && shape[0] > 2;
        let dtype = if small {
            GgmlDType::Q8_0
        } else {
            GgmlDType::F32
        };
        let values = weights.values(name, &shape)?;
        let tensor = Tensor::from_vec(values, shape, &Device::Cpu)?;
        return Ok(QTensor::quantize(&tensor, dtype)?);
    }
    let matrix = weights.matrix(name, shape[0], shape[1])?;
    let mut values = vec![0.0; shape[0] * shape[1]];
    for (index, row) in values.chunks_exact_mut(shape[1]).enumerate() {
        matrix.row(index, row)?;
    }
    let dtype = match dtype {
        DType::F32 => GgmlDType::F32,
        DType::Q8 => GgmlDType::Q8_0,
        DType::Q4 => GgmlDType::Q4_0,
    };
    let tensor = Tensor::from_vec(values, shape, &Device::Cpu)?;
    Ok(QTensor::quantize(&tensor, dtype)?)
}

fn number(value: usize) -> Value {
    Value::U32(value as u32)
}

fn bert(config: &BertConfig) -> Vec<(String, Value)> {
    pairs(
        "bert",
        [
            ("vocab_size", number(config.vocab_size)),
            ("context_length", number(config.max_position_embeddings)),
            ("embedding_length", number(config.hidden_size)),
            ("feed_forward_length", number(config.intermediate_size)),
            ("block_count", number(config.num_hidden_layers)),
            ("attention.head_count", number(config.num_attention_heads)),
            (
                "attention.layer_norm_epsilon",
                Value::F32(config.layer_norm_eps as f32),
            ),
        ],
    )
}

fn gpt2(config: &Gpt2Config) -> Vec<(String, Value)> {
    pairs(
        "gpt2",
        [
            ("vocab_size", number(config.vocab_size)),
            ("context_length", number(config.n_positions)),
            ("embedding_length", number(config.n_embd)),
            ("feed_forward_length", number(config.inner_size())),
            ("block_count", number(config.n_layer)),
            ("attention.head_count", number(config.n_head)),
            (
                "attention.layer_norm_epsilon",
                Value::F32(config.layer_norm_epsilon as f32),
            ),
        ],
    )
}

fn pairs<const N: usize>(architecture: &str, sizes: [(&str, Value); N]) -> Vec<(String, Value)> {
    let general = (
        "general.architecture".to_string(),
        Value::String(architecture.into()),
    );
    let sizes = sizes
        .into_iter()
        .map(|(key, value)| (format!("{architecture}.{key}"), value));
    std::iter::once(general).chain(sizes).collect()
}
