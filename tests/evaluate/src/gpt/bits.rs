//! How well the books are predicted, in bits per byte of their UTF-8 text.

use std::io::Write;

use cloze::models::Decoder;
use cloze::sampling::log_softmax;
use cloze::text::Tokenizer;
use rayon::prelude::*;

use super::ngram::Ngram;
use crate::data::Data;
use crate::failure::Result;
use crate::model::Loaded;
use crate::random::Random;
use crate::report::Report;
use crate::text::{self, Document};

/// Bytes of text that are measured on.
const BYTES: usize = 300_000;
/// What the baselines count: five symbols at a time.
const ORDER: usize = 5;

/// `gpt.bits_per_byte`, and beside it what gzip and xz make of the same text, and interpolated
/// Kneser-Ney 5-grams of bytes and of the model's tokens, counted in the training books. Of modern
/// English `gpt.bits_per_byte.textbooks` and `.stories`, alone.
pub fn measure(gpt: &Loaded<dyn Decoder>, data: &Data, report: &mut Report) -> Result<()> {
    // A line of a story is a page of a picture book.
    for (name, between) in [("textbooks", "\n"), ("stories", " ")] {
        measure_alone(gpt, data, name, between, report)?;
    }
    let Some(documents) = data.text("books") else {
        report.missing("gpt.bits_per_byte");
        return Ok(());
    };
    let texts = some("books", joined(documents, "\n"));
    let bytes: usize = texts.iter().map(String::len).sum();
    let per_byte = |bits: f64| bits / bytes as f64;
    let end = gpt.model.eos_token_ids().first().copied();
    let tokens: Vec<Vec<u32>> = texts
        .iter()
        .map(|text| encode(&gpt.tokenizer, text, end))
        .collect::<Result<_>>()?;

    eprintln!("GPT-2: bits per byte of {bytes} bytes of books");
    let bits = tokens
        .iter()
        .map(|ids| bits(&*gpt.model, ids))
        .sum::<Result<f64>>()?;
    report.number("gpt.bits_per_byte", per_byte(bits));
    report.number("gpt.bits_per_byte.bytes", bytes as f64);
    let all = texts.join("\n\n");
    report.number(
        "gpt.bits_per_byte.gzip",
        per_byte(8.0 * gzip(all.as_bytes()) as f64),
    );
    report.number(
        "gpt.bits_per_byte.xz",
        per_byte(8.0 * xz(all.as_bytes()) as f64),
    );

    let Some(path) = &data.training_books else {
        report.missing("gpt.bits_per_byte.ngram5_bytes");
        report.missing("gpt.bits_per_byte.ngram5_tokens");
        return Ok(());
    };
    eprintln!("Baselines: counting {}", path.display());
    let books: Vec<String> = text::documents(path)?
        .iter()
        .map(|document| document.join("\n"))
        .collect();
    let symbols = |text: &String| text.bytes().map(u32::from).collect::<Vec<u32>>();
    let ngram = Ngram::count(books.iter().map(symbols), ORDER, 256);
    let bits: f64 = texts.iter().map(|text| ngram.bits(&symbols(text))).sum();
    report.number("gpt.bits_per_byte.ngram5_bytes", per_byte(bits));
    drop(ngram);

    let books: Vec<Vec<u32>> = books
        .par_iter()
        .map(|text| encode(&gpt.tokenizer, text, None))
        .collect::<Result<_>>()?;
    let ngram = Ngram::count(books.into_iter(), ORDER, gpt.model.info().vocab_size);
    let without_end = usize::from(end.is_some());
    let bits: f64 = tokens
        .iter()
        .map(|ids| ngram.bits(&ids[without_end..]))
        .sum();
    report.number("gpt.bits_per_byte.ngram5_tokens", per_byte(bits));
    Ok(())
}

/// `gpt.bits_per_byte.NAME` of one file.
fn measure_alone(
    gpt: &Loaded<dyn Decoder>,
    data: &Data,
    name: &str,
    between: &str,
    report: &mut Report,
) -> Result<()> {
    let key = format!("gpt.bits_per_byte.{name}");
    let Some(documents) = data.text(name) else {
        report.missing(&key);
        return Ok(());
    };
    let texts = some(name, joined(documents, between));
    let end = gpt.model.eos_token_ids().first().copied();
    let (mut total, mut bytes) = (0.0, 0);
    for text in &texts {
        total += bits(&*gpt.model, &encode(&gpt.tokenizer, text, end)?)?;
        bytes += text.len();
    }
    report.number(key, total / bytes.max(1) as f64);
    Ok(())
}

fn joined(documents: &[Document], between: &str) -> Vec<String> {
    documents
        .iter()
        .map(|document| document.join(between))
        .collect()
}

/// Whole documents in an order that the name decides until there is enough; the last is cut.
fn some(name: &str, mut texts: Vec<String>) -> Vec<String> {
    Random::new(name).shuffle(&mut texts);
    let mut left = BYTES;
    for text in &mut texts {
        let end = (0..=left.min(text.len()))
            .rev()
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(0);
        text.truncate(end);
        left -= end;
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// The tokens of a document, behind the token that ends the one before: the model has read it so.
fn encode(tokenizer: &Tokenizer, text: &str, end: Option<u32>) -> Result<Vec<u32>> {
    let ids = tokenizer.encode(text, None, false)?.ids();
    Ok(end.into_iter().chain(ids).collect())
}

/// Bits of all tokens but the first. Windows of the whole context move by half of it, so that every
/// token but a document's first has at least half a context before it.
pub fn bits(model: &dyn Decoder, ids: &[u32]) -> Result<f64> {
    let context = model.info().max_position_embeddings;
    let mut bits = 0.0;
    // Tokens whose bits are counted already; the first one is given.
    let mut counted = 1;
    while counted < ids.len() {
        let end = ids.len().min(match counted {
            1 => context,
            _ => counted + context / 2,
        });
        let start = end.saturating_sub(context);
        let hidden_states = model.hidden_states(&ids[start..end], &mut model.new_cache()?)?;
        let size = model.info().hidden_size;
        let first = counted - 1 - start;
        // The last one's guess is of a token beyond the window.
        let known = first * size..(first + end - counted) * size;
        let logits = model.lm_head(&hidden_states[known])?;
        bits -= logits
            .par_chunks_exact(model.info().vocab_size)
            .zip(&ids[counted..end])
            .map(|(row, &id)| log_softmax(row)[id as usize] / std::f64::consts::LN_2)
            .sum::<f64>();
        counted = end;
    }
    Ok(bits)
}

fn gzip(text: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory").len()
}

fn xz(text: &[u8]) -> usize {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 9);
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory").len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_to_size_between_characters() {
        let texts = some("books", vec!["é".repeat(100_000), "ab".repeat(100_000)]);
        let bytes: usize = texts.iter().map(String::len).sum();
        assert!((BYTES - 1..=BYTES).contains(&bytes), "{bytes}");
    }
}
