//! Activations in 8 bits, each row quantised once and read by every layer that multiplies it.

use super::arch::extremes;
use super::layout::{Quants, COLS, DOT_COLS};
use crate::nn::{pool, vector};

/// Rows of activations in 8 bits.
pub struct QuantizedRows {
    rows: usize,
    cols: usize,
    /// `[rows, cols / 32]`
    blocks: Vec<Quants>,
}

impl QuantizedRows {
    /// Quantises `values` `[rows, cols]`; `cols` is a multiple of 32.
    pub fn new(values: &[f32], cols: usize) -> Self {
        debug_assert!(cols % COLS == 0 && values.len() % cols == 0);
        const EMPTY: Quants = Quants {
            quants: [[0; DOT_COLS]; COLS / DOT_COLS],
            scale: 0.0,
            sum: 0,
        };
        let mut blocks = vec![EMPTY; values.len() / COLS];
        pool::for_each_rows(&mut blocks, 1, |first, blocks| {
            let values = values[first * COLS..].chunks_exact(COLS);
            for (block, values) in blocks.iter_mut().zip(values) {
                quantize(values.try_into().expect("a chunk of 32"), block);
            }
        });
        Self {
            rows: values.len() / cols,
            cols,
            blocks,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Values of a row.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// The blocks of one row.
    #[inline(always)]
    pub(super) fn row(&self, row: usize) -> &[Quants] {
        let blocks = self.cols / COLS;
        &self.blocks[row * blocks..(row + 1) * blocks]
    }
}

/// Rounds 32 values to −127…127. Without branches, so that compilers make vectors of it.
#[inline(always)]
fn quantize(values: &[f32; COLS], block: &mut Quants) {
    let (low, high) = extremes(values);
    let most = if high > -low { high } else { -low };
    let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
    let mut whole = [0i32; COLS];
    for (whole, value) in whole.iter_mut().zip(values) {
        *whole = vector::round(value * inverse);
    }
    let mut sum = 0i32;
    for (four, whole) in block.quants.iter_mut().zip(whole.chunks_exact(DOT_COLS)) {
        for (quant, whole) in four.iter_mut().zip(whole) {
            *quant = *whole as i8;
            sum = sum.wrapping_add(*whole);
        }
    }
    block.scale = most / 127.0;
    block.sum = sum;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_values() {
        let (rows, cols) = (5, 96);
        let values: Vec<f32> = (0..rows * cols)
            .map(|i| ((i * i) as f32 * 0.37).sin() * (i % 13) as f32)
            .collect();
        let quantized = QuantizedRows::new(&values, cols);
        for row in 0..rows {
            for (index, block) in quantized.row(row).iter().enumerate() {
                let quants = block.quants.as_flattened();
                assert_eq!(quants.iter().map(|&q| i32::from(q)).sum::<i32>(), block.sum);
                for (col, &quant) in quants.iter().enumerate() {
                    let value = values[row * cols + index * COLS + col];
                    let back = block.scale * f32::from(quant);
                    assert!(
                        (value - back).abs() <= 0.5001 * block.scale,
                        "{value} became {back}"
                    );
                }
            }
        }
        assert!(QuantizedRows::new(&[0.0; 32], 32).row(0)[0].scale == 0.0);
    }

    #[test]
    fn what_is_not_finite_does_not_panic() {
        QuantizedRows::new(&[f32::NAN; 32], 32);
        QuantizedRows::new(&[f32::INFINITY; 32], 32);
    }
}
