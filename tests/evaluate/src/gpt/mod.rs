//! What is measured of GPT-2.

mod bits;
mod judge;
mod ngram;
mod stories;
mod tldr;

use std::path::Path;

use cloze::models::Decoder;
use cloze::models::Model;
use cloze::weights::DType;

use crate::data::Data;
use crate::failure::Result;
use crate::model::Loaded;
use crate::report::Report;

/// Everything, into the report.
///
/// # Errors
/// As [`Loaded::read`], and what the model refuses.
pub fn evaluate(
    folder: &Path,
    dtype: DType,
    judge: Option<&Path>,
    data: &Data,
    report: &mut Report,
) -> Result<()> {
    let gpt: Loaded<dyn Decoder> = Loaded::read(folder, dtype, Model::into_decoder)?;
    report.number("gpt.bytes", gpt.bytes as f64);
    bits::measure(&gpt, data, report)?;
    let judge = judge
        .map(|file| Loaded::read_gguf(file, dtype))
        .transpose()?;
    tldr::measure(&gpt, judge.as_ref(), data, report)?;
    let texts = stories::measure(&gpt, report)?;
    if let Some(judge) = &judge {
        judge::measure(judge, &texts, data, report)?;
    }
    Ok(())
}
