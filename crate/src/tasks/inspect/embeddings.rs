//! Embeddings: what a text is before the first block, and which tokens are alike to a model.

use super::{all_numbers, input, Inspect};
use crate::error::{Error, Result};
use crate::limits::inspect::COUNT;
use crate::models::{Embedded, Model};
use crate::nn::{kernels::matmul_f32, pool};
use crate::text::Encoding;

/// Rows of the table that are compared at once.
const ROWS: usize = 256;

/// A token whose word embedding points in a like direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Index into the vocabulary.
    pub id: u32,
    /// Cosine of the angle between both, -1 to 1.
    pub cosine: f32,
}

impl Inspect {
    /// The embeddings of a text and their parts, each `[len, size]`.
    ///
    /// # Errors
    /// As of the model; [`Error::Internal`] if they are not numbers.
    pub fn input_embeddings(&self, encoding: &Encoding) -> Result<Embedded> {
        let embedded = match &self.model {
            Model::Encoder(model) => model.embed(&input(encoding))?,
            Model::Decoder(model) => model.embed(&encoding.ids())?,
        };
        all_numbers(embedded.normalized.as_ref().unwrap_or(&embedded.sum))?;
        Ok(embedded)
    }

    /// For each of `ids` the `count` tokens whose word embeddings are nearest by cosine, nearest first; not the token
    /// itself.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a count out of its limits, an id that the model does not have, or more than
    /// [`Inspect::MAX_IDS`] ids; [`Error::Internal`] if the embeddings are not numbers.
    pub fn nearest_tokens(&self, ids: &[u32], count: usize) -> Result<Vec<Vec<Neighbour>>> {
        COUNT.check_count(count)?;
        let embedding = match &self.model {
            Model::Encoder(model) => model.word_embeddings(),
            Model::Decoder(model) => model.word_embeddings(),
        };
        let table = embedding.table();
        let (rows, size) = (table.rows(), table.cols());
        if ids.len() > Self::MAX_IDS || ids.iter().any(|&id| id as usize >= rows) {
            let most = Self::MAX_IDS;
            let message = format!("must be at most {most} whole numbers below {rows}");
            return Err(Error::option("ids", message));
        }
        let wanted = directions(embedding.forward(ids)?, size);
        let mut nearest = vec![Vec::new(); ids.len()];
        let mut without = self.tokenizer.ids_without_token(rows);
        without.sort_unstable();
        for first in (0..rows).step_by(ROWS) {
            let part = first as u32..rows.min(first + ROWS) as u32;
            let others: Vec<u32> = part.collect();
            let others_directions = directions(embedding.forward(&others)?, size);
            let mut cosines = vec![0.0; ids.len() * others.len()];
            matmul_f32(&wanted, &others_directions, size, &mut cosines);
            all_numbers(&cosines)?;
            let of_each = cosines.chunks_exact(others.len()).zip(ids);
            for ((cosines, &own), nearest) in of_each.zip(&mut nearest) {
                for (&id, &cosine) in others.iter().zip(cosines) {
                    if id != own && without.binary_search(&id).is_err() {
                        keep_best(nearest, count, Neighbour { id, cosine });
                    }
                }
            }
        }
        Ok(nearest)
    }
}

/// Rows of `size` values, made 1 long; those of zeros stay.
fn directions(mut rows: Vec<f32>, size: usize) -> Vec<f32> {
    pool::for_each_rows(&mut rows, size, |_, rows| {
        for row in rows.chunks_exact_mut(size) {
            let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
            let inverse = 1.0 / length.max(f32::MIN_POSITIVE);
            row.iter_mut().for_each(|value| *value *= inverse);
        }
    });
    rows
}

/// Adds `neighbour` to the best ones, best first, of equals the one that came first.
fn keep_best(best: &mut Vec<Neighbour>, count: usize, neighbour: Neighbour) {
    if best.len() == count && best[count - 1].cosine >= neighbour.cosine {
        return;
    }
    let at = best.partition_point(|other| other.cosine >= neighbour.cosine);
    best.insert(at, neighbour);
    best.truncate(count);
}
