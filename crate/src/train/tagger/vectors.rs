//! One word in several contexts: it gets a vector in each.

use std::ops::Range;

use candle_core::Tensor;
use unicode_segmentation::UnicodeSegmentation;

use super::run::ElmoTagger;
use crate::train::error::{Result, TrainError};
use crate::train::ops;

/// Places of a word that are looked at.
const MOST_OCCURRENCES: usize = 200;
/// Rounds of the power iteration for each principal component.
const ROUNDS: usize = 300;

/// A place of the word.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// Which text, from 0.
    pub text: usize,
    /// UTF-8 bytes of it.
    pub range: Range<usize>,
}

/// The vectors of one word in several contexts.
#[derive(Debug, Clone, PartialEq)]
pub struct WordInContexts {
    /// Where it stands.
    pub occurrences: Vec<Occurrence>,
    /// Numbers of a vector.
    pub width: usize,
    /// `[layers + 1, occurrences, width]`: the embeddings, which know no context, then each LSTM layer.
    pub layers: Vec<f32>,
    /// `[occurrences, width]`: the layers as they are mixed now.
    pub mixed: Vec<f32>,
    /// `[occurrences, occurrences]`: the cosine of each two mixed vectors.
    pub similarities: Vec<f32>,
    /// `[occurrences, 2]`: the mixed vectors on their first two principal components, for a plot.
    pub points: Vec<f32>,
}

/// Where `word` stands in `text` as a whole word, in letters of either case.
fn places(text: &str, word: &str) -> Vec<Range<usize>> {
    let wanted = word.to_lowercase();
    let words = text.split_word_bound_indices();
    let found = words.filter(|(_, found)| found.to_lowercase() == wanted);
    found.map(|(at, found)| at..at + found.len()).collect()
}

impl ElmoTagger {
    /// The vectors of `word` wherever it stands in `texts`, 200 times at most.
    ///
    /// # Errors
    /// [`TrainError::WordNotFound`] where it does not stand in the first [`MOST_TOKENS`](super::MOST_TOKENS) tokens of any.
    pub fn vectors(&self, texts: &[String], word: &str) -> Result<WordInContexts> {
        let (word, layers) = (word.trim(), self.reader.layers());
        let (mut occurrences, mut parts) = (Vec::new(), vec![Vec::new(); layers]);
        for (text, content) in texts.iter().enumerate() {
            let mut places = places(content, word);
            places.truncate(MOST_OCCURRENCES - occurrences.len());
            if places.is_empty() {
                continue;
            }
            let read = self.reader.read(content, &places)?;
            let count = read[0].dim(0)?;
            if count == 0 {
                continue;
            }
            let found = places.into_iter().take(count);
            occurrences.extend(found.map(|range| Occurrence { text, range }));
            parts
                .iter_mut()
                .zip(read)
                .for_each(|(all, one)| all.push(one));
        }
        if occurrences.is_empty() {
            return Err(TrainError::WordNotFound { word: word.into() });
        }
        let stacked = parts.iter().map(|layer| Ok(Tensor::cat(layer, 0)?));
        let stacked = stacked.collect::<Result<Vec<_>>>()?;
        let mixed = ops::values(&self.mix.forward(&stacked)?.contiguous()?)?.to_vec();
        let mut values = Vec::new();
        for layer in &stacked {
            values.extend_from_slice(&ops::values(layer)?);
        }
        let width = self.reader.width();
        Ok(WordInContexts {
            similarities: similarities(&mixed, width),
            points: principal_points(&mixed, width),
            occurrences,
            width,
            layers: values,
            mixed,
        })
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn rows(values: &[f32], width: usize) -> Vec<Vec<f64>> {
    let rows = values.chunks_exact(width);
    rows.map(|row| row.iter().copied().map(f64::from).collect())
        .collect()
}

/// The cosine of each two rows; 0 beside a row of zeros.
fn similarities(values: &[f32], width: usize) -> Vec<f32> {
    let rows = rows(values, width);
    let lengths: Vec<f64> = rows.iter().map(|row| dot(row, row).sqrt()).collect();
    let mut all = Vec::new();
    for (a, length) in rows.iter().zip(&lengths) {
        for (b, other) in rows.iter().zip(&lengths) {
            all.push((dot(a, b) / (length * other).max(1e-30)) as f32);
        }
    }
    all
}

/// Each row on the first two principal components of all, `[rows, 2]`: eigenvectors of the rows' inner products, by power
/// iteration. Of each component, the largest value is positive.
fn principal_points(values: &[f32], width: usize) -> Vec<f32> {
    let mut rows = rows(values, width);
    let count = rows.len();
    for column in 0..width {
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / count as f64;
        rows.iter_mut().for_each(|row| row[column] -= mean);
    }
    let mut products: Vec<Vec<f64>> = rows
        .iter()
        .map(|a| rows.iter().map(|b| dot(a, b)).collect())
        .collect();
    let mut points = vec![0.0; 2 * count];
    for component in 0..2 {
        let (value, vector) = leading(&products);
        let factor = value.max(0.0).sqrt();
        for (row, at) in products.iter_mut().zip(0..) {
            let share = value * vector[at];
            row.iter_mut()
                .zip(&vector)
                .for_each(|(p, v)| *p -= share * v);
            points[2 * at + component] = (factor * vector[at]) as f32;
        }
    }
    points
}

/// The largest eigenvalue of a symmetric matrix without negative ones, and its vector.
fn leading(matrix: &[Vec<f64>]) -> (f64, Vec<f64>) {
    let largest = |vector: &[f64]| {
        let by_size = |a: &&f64, b: &&f64| a.abs().total_cmp(&b.abs());
        vector.iter().max_by(by_size).copied().unwrap_or_default()
    };
    // The row of the largest diagonal value is no vector without a part of it.
    let diagonal: Vec<f64> = (0..matrix.len()).map(|at| matrix[at][at]).collect();
    let start = (0..matrix.len()).max_by(|&a, &b| diagonal[a].total_cmp(&diagonal[b]));
    let mut vector = start.map_or_else(Vec::new, |at| matrix[at].clone());
    let mut value = 0.0;
    for _ in 0..ROUNDS {
        let length = dot(&vector, &vector).sqrt();
        if length < 1e-12 {
            return (0.0, vec![0.0; matrix.len()]);
        }
        vector.iter_mut().for_each(|v| *v /= length);
        let next: Vec<f64> = matrix.iter().map(|row| dot(row, &vector)).collect();
        value = dot(&vector, &next);
        vector = next;
    }
    let length = dot(&vector, &vector).sqrt() * largest(&vector).signum();
    vector.iter_mut().for_each(|v| *v /= length);
    (value, vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_in_either_case() {
        let text = "Bank: the bank’s banks, BANK.";
        let found = places(text, "bank");
        let words: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(words, ["Bank", "BANK"]);
    }

    /// Points on a line in three dimensions, and off it: the first component is the line's.
    #[test]
    fn points_keep_their_distances() {
        let values = [0.0, 0.0, 1.0, 3.0, 0.0, 1.0, 9.0, 0.0, 1.0, 6.0, 1.0, 1.0];
        let points = principal_points(&values, 3);
        let distance = |a: usize, b: usize| {
            let square = |at: usize| (points[2 * a + at] - points[2 * b + at]).powi(2);
            (square(0) + square(1)).sqrt()
        };
        // Two components hold what lies in a plane.
        assert!((distance(0, 2) - 9.0).abs() < 1e-4);
        assert!((distance(1, 3) - 10f32.sqrt()).abs() < 1e-4);
        assert_eq!(principal_points(&[1.0, 2.0], 2), [0.0, 0.0]);
        assert_eq!(similarities(&[1.0, 0.0, 0.0, 2.0], 2), [1.0, 0.0, 0.0, 1.0]);
    }
}
