//! Feature extraction, with what the API makes of the core's vectors (`pkg/src/page/tasks/feature-extraction.ts`).

use super::failure::{Failure, Result};
use super::options::Options;
use super::results::{Numbers, Output, Tensor};
use crate::border::convert;
use crate::border::head_options::EmbeddingQuery;
use crate::pretrained::Pretrained;
use crate::tasks::Embeddings;

/// Makes vectors of texts: of each token, or one of the whole text.
pub fn embed(model: &Pretrained, texts: &[String], options: &Options) -> Result<Output> {
    let quantize = options.flag("quantize").unwrap_or(false);
    let precision = options.text("precision");
    if precision.is_some() && !quantize {
        return Err(Failure::option("precision", "it needs quantize"));
    }
    let vectors = vectors(model, texts, options)?;
    Ok(Output::Tensor(if quantize {
        signs(vectors, precision.unwrap_or("binary"))?
    } else {
        vectors
    }))
}

fn vectors(model: &Pretrained, texts: &[String], options: &Options) -> Result<Tensor> {
    let how = options.text("pooling").unwrap_or("none");
    let unit = options.flag("normalize").unwrap_or(false);
    let is_last = matches!(how, "last_token" | "eos");
    let pooling = match how {
        // transformers.js has two names for it.
        "first_token" => "cls",
        "last_token" | "eos" => "none",
        other => other,
    };
    let query = EmbeddingQuery {
        pooling: Some(pooling.into()),
        normalize: Some(unit && !is_last),
    };
    let list: Vec<&str> = texts.iter().map(String::as_str).collect();
    if list.is_empty() {
        return Err(Failure::Use("there is no text".into()));
    }
    let embedding = model.feature_extraction().embed(&list, query.options()?)?;
    let parts = embedding.collect::<crate::error::Result<Vec<_>>>()?;
    if pooling != "none" {
        return Ok(joined(parts));
    }
    if is_last {
        return Ok(last(&parts, unit));
    }
    let tokens = texts.iter().map(|text| {
        let encoding = model.tokenizer.encode(text, None, true)?;
        Ok(convert::tokens(&encoding.tokens, text, None))
    });
    Ok(Tensor {
        tokens: Some(tokens.collect::<Result<_>>()?),
        ..stacked(&parts)
    })
}

fn width(parts: &[Embeddings]) -> usize {
    parts
        .first()
        .and_then(|part| part.dims.last().copied())
        .unwrap_or(0)
}

/// One vector a text, one below the other.
fn joined(parts: Vec<Embeddings>) -> Tensor {
    let width = width(&parts);
    let rows = parts.iter().map(|part| part.dims[0]).sum();
    let data = parts.into_iter().flat_map(|part| part.data).collect();
    Tensor::floats(data, vec![rows, width])
}

/// The tokens' vectors of each text, all as long as the longest text.
fn stacked(parts: &[Embeddings]) -> Tensor {
    let width = width(parts);
    let longest = parts.iter().map(|part| part.dims[1]).max().unwrap_or(0);
    let mut data = vec![0.0; parts.len() * longest * width];
    for (index, part) in parts.iter().enumerate() {
        let from = index * longest * width;
        data[from..from + part.data.len()].copy_from_slice(&part.data);
    }
    Tensor::floats(data, vec![parts.len(), longest, width])
}

/// The last vector of each text.
fn last(parts: &[Embeddings], unit: bool) -> Tensor {
    let width = width(parts);
    let mut data = Vec::with_capacity(parts.len() * width);
    for part in parts {
        let vector = &part.data[part.data.len() - width..];
        let norm = if unit { hypot(vector).max(1e-12) } else { 1.0 };
        data.extend(vector.iter().map(|&value| (f64::from(value) / norm) as f32));
    }
    Tensor::floats(data, vec![parts.len(), width])
}

/// `Math.hypot` as V8 computes it (Kahan's sum of squares relative to the largest), to its last bit.
fn hypot(vector: &[f32]) -> f64 {
    let most = vector
        .iter()
        .fold(0.0, |most: f64, &value| most.max(f64::from(value).abs()));
    if most == 0.0 {
        return 0.0;
    }
    let (mut sum, mut compensation) = (0.0, 0.0);
    for &value in vector {
        let n = f64::from(value).abs() / most;
        let summand = n * n - compensation;
        let preliminary = sum + summand;
        compensation = (preliminary - sum) - summand;
        sum = preliminary;
    }
    sum.sqrt() * most
}

/// The signs of vectors, eight to a byte.
fn signs(tensor: Tensor, precision: &str) -> Result<Tensor> {
    let (Numbers::Floats(data), &[texts, width]) = (&tensor.data, &tensor.dims[..]) else {
        return Err(Failure::option(
            "quantize",
            "it needs one vector a text: choose a pooling",
        ));
    };
    if width % 8 != 0 {
        let reason = format!("the vectors have {width} numbers, which is no multiple of 8");
        return Err(Failure::option("quantize", reason));
    }
    let byte = |eight: &[f32]| {
        let bits = eight.iter().map(|&value| u8::from(value > 0.0));
        bits.fold(0, |byte, bit| byte << 1 | bit)
    };
    let bytes: Vec<u8> = data.chunks_exact(8).map(byte).collect();
    let size = bytes.len();
    let signed = |bytes: Vec<u8>| bytes.into_iter().map(|one| one.wrapping_sub(128) as i8);
    let (kind, data) = if precision == "ubinary" {
        ("uint8", Numbers::Unsigned(bytes))
    } else {
        ("int8", Numbers::Signed(signed(bytes).collect()))
    };
    Ok(Tensor {
        kind,
        dims: vec![texts, width / 8],
        data,
        size,
        tokens: None,
    })
}
