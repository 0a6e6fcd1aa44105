//! What is measured of BERT.

mod cloze;
mod mlm;
mod nsp;
mod passages;

use std::path::Path;

use ::cloze::models::Encoder;
use ::cloze::models::Model;
use ::cloze::weights::DType;

use crate::data::Data;
use crate::failure::Result;
use crate::model::Loaded;
use crate::report::Report;

/// Everything, into the report.
///
/// # Errors
/// As [`Loaded::read`], and what the model refuses.
pub fn evaluate(folder: &Path, dtype: DType, data: &Data, report: &mut Report) -> Result<()> {
    let bert: Loaded<dyn Encoder> = Loaded::read(folder, dtype, Model::into_encoder)?;
    report.number("bert.bytes", bert.bytes as f64);
    mlm::measure(&bert, data, report)?;
    nsp::measure(&bert, data, report)?;
    cloze::measure(&bert, report)
}
