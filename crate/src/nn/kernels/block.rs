//! Quantised weights as the kernels read them: eight rows of a matrix side by side, 32 columns a block.
//!
//! In a block the four columns of a dot product stand together row by row (row 0's four bytes, row 1's, …), so
//! that a kernel multiplies eight rows at once and its sums need no shuffling. Weights are unsigned, the
//! zero point in the middle: a processor's 8-bit dot products are exact and alike everywhere only if
//! one side is unsigned and stays within seven bits.

use half::f16;

use super::arch::extremes;
use super::layout::{WeightBytes, COLS, DOT_COLS, ROWS};
use crate::nn::vector;

/// Eight rows of 32 weights: weight = scale · (level − `ZERO`).
pub trait Block: Copy + Send + Sync + 'static {
    /// The level that means 0, a power of two; levels are 0 to `2 · ZERO − 1`.
    const ZERO: i32;
    /// All weights 0.
    const EMPTY: Self;

    /// Scales of the eight rows, as the bits of f16.
    fn scales(&self) -> &[u16; ROWS];
    /// Sets the scale of a row.
    fn set_scale(&mut self, row: usize, bits: u16);
    /// The level of a weight.
    fn level(&self, row: usize, col: usize) -> u8;
    /// Sets the levels of a row, once, in an empty block.
    fn set_levels(&mut self, row: usize, levels: &[u8; COLS]);

    /// Rounds 32 values of one row. The value furthest from 0 gets the level that has no counterpart on
    /// the other side, so that all levels are used. Without branches: a model is hundreds of millions of
    /// values.
    fn quantize(&mut self, row: usize, values: &[f32; COLS]) {
        let (low, high) = extremes(values);
        let furthest = if high > -low { high } else { low };
        let scale = f16::from_f32(furthest / -(Self::ZERO as f32));
        self.set_scale(row, scale.to_bits());
        let scale = scale.to_f32();
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        let mut levels = [0u8; COLS];
        for (level, value) in levels.iter_mut().zip(values) {
            let whole = vector::round(value * inverse);
            *level = whole.wrapping_add(Self::ZERO).clamp(0, 2 * Self::ZERO - 1) as u8;
        }
        self.set_levels(row, &levels);
    }

    /// The 32 values of one row.
    fn dequantize(&self, row: usize, out: &mut [f32]) {
        let scale = f16::from_bits(self.scales()[row]).to_f32();
        for (col, out) in out.iter_mut().enumerate() {
            *out = scale * (i32::from(self.level(row, col)) - Self::ZERO) as f32;
        }
    }
}

/// 7-bit weights in bytes: 8.5 bits a weight.
#[derive(Clone, Copy, PartialEq)]
#[repr(C, align(16))]
pub struct Block7 {
    pub(super) scales: [u16; ROWS],
    /// By dot product, then row, then column of the dot product.
    pub(super) levels: [WeightBytes; COLS / DOT_COLS],
}

/// 4-bit weights: 4.5 bits a weight. Levels and scales are ggml's Q4_0.
#[derive(Clone, Copy, PartialEq)]
#[repr(C, align(16))]
pub struct Block4 {
    pub(super) scales: [u16; ROWS],
    /// As in [`Block7`]; the low halves are columns 0 to 15, the high halves columns 16 to 31.
    pub(super) levels: [WeightBytes; COLS / DOT_COLS / 2],
}

impl Block for Block7 {
    const ZERO: i32 = 64;
    const EMPTY: Self = Self {
        scales: [0; ROWS],
        levels: [[64; ROWS * DOT_COLS]; COLS / DOT_COLS],
    };

    fn scales(&self) -> &[u16; ROWS] {
        &self.scales
    }

    fn set_scale(&mut self, row: usize, bits: u16) {
        self.scales[row] = bits;
    }

    fn level(&self, row: usize, col: usize) -> u8 {
        self.levels[col / DOT_COLS][row * DOT_COLS + col % DOT_COLS]
    }

    fn set_levels(&mut self, row: usize, levels: &[u8; COLS]) {
        for (bytes, levels) in self.levels.iter_mut().zip(levels.chunks_exact(DOT_COLS)) {
            bytes[row * DOT_COLS..(row + 1) * DOT_COLS].copy_from_slice(levels);
        }
    }
}

impl Block for Block4 {
    const ZERO: i32 = 8;
    const EMPTY: Self = Self {
        scales: [0; ROWS],
        levels: [[0; ROWS * DOT_COLS]; COLS / DOT_COLS / 2],
    };

    fn scales(&self) -> &[u16; ROWS] {
        &self.scales
    }

    fn set_scale(&mut self, row: usize, bits: u16) {
        self.scales[row] = bits;
    }

    fn level(&self, row: usize, col: usize) -> u8 {
        let both = self.levels[col % 16 / DOT_COLS][row * DOT_COLS + col % DOT_COLS];
        if col < 16 {
            both & 15
        } else {
            both >> 4
        }
    }

    fn set_levels(&mut self, row: usize, levels: &[u8; COLS]) {
        let (low, high) = levels.split_at(COLS / 2);
        let halves = low.chunks_exact(DOT_COLS).zip(high.chunks_exact(DOT_COLS));
        for (bytes, (low, high)) in self.levels.iter_mut().zip(halves) {
            let bytes = &mut bytes[row * DOT_COLS..(row + 1) * DOT_COLS];
            for ((both, low), high) in bytes.iter_mut().zip(low).zip(high) {
                *both = low | high << 4;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back<B: Block>() {
        for row in [0, 3, 7] {
            let values: [f32; COLS] = std::array::from_fn(|col| ((col * 7 + row) as f32).sin());
            let mut block = B::EMPTY;
            block.quantize(row, &values);
            let mut back = [0f32; COLS];
            block.dequantize(row, &mut back);
            let furthest = values
                .iter()
                .fold(0f32, |most, value| most.max(value.abs()));
            // Half a level each way; the one opposite the furthest value is missing: a whole one there.
            let level = furthest / B::ZERO as f32;
            for (value, back) in values.iter().zip(back) {
                assert!(
                    (value - back).abs() <= 1.01 * level,
                    "{value} became {back}"
                );
            }
            let square: f32 = values.iter().zip(back).map(|(a, b)| (a - b).powi(2)).sum();
            assert!((square / COLS as f32).sqrt() < 0.5 * level);
        }
        let mut zeros = B::EMPTY;
        zeros.quantize(1, &[0.0; COLS]);
        let mut back = [1f32; COLS];
        zeros.dequantize(1, &mut back);
        assert_eq!(back, [0.0; COLS]);
    }

    #[test]
    fn values_come_back_to_within_a_level() {
        there_and_back::<Block7>();
        there_and_back::<Block4>();
    }

    #[test]
    fn sizes_are_what_the_documentation_says() {
        assert_eq!(size_of::<Block7>() * 8, 17 * ROWS * COLS / 2);
        assert_eq!(size_of::<Block4>() * 8, 9 * ROWS * COLS / 2);
    }
}
