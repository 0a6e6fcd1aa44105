//! The reference, for processors without a kernel of their own.

use half::f16;

use crate::nn::kernels::kernel::{Lanes, Machine, Work};
use crate::nn::kernels::layout::{Quants, WeightBytes, DOT_COLS, ROWS};

/// Plain arrays.
#[derive(Clone, Copy)]
pub struct Generic;

impl Lanes for Generic {
    type Weights = WeightBytes;
    type Sums = [i32; ROWS];
    type Floats = [f32; ROWS];

    fn zero(self) -> Self::Sums {
        [0; ROWS]
    }

    fn zero_floats(self) -> Self::Floats {
        [0.0; ROWS]
    }

    #[inline(always)]
    fn load(self, bytes: &WeightBytes) -> Self::Weights {
        *bytes
    }

    #[inline(always)]
    fn halves(self, both: Self::Weights) -> (Self::Weights, Self::Weights) {
        (both.map(|byte| byte & 15), both.map(|byte| byte >> 4))
    }

    #[inline(always)]
    fn dot(self, mut sums: Self::Sums, weights: Self::Weights, x: [i8; DOT_COLS]) -> Self::Sums {
        for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(DOT_COLS)) {
            for (weight, x) in weights.iter().zip(x) {
                *sum += i32::from(*weight) * i32::from(x);
            }
        }
        sums
    }

    #[inline(always)]
    fn scales(self, bits: &[u16; ROWS]) -> Self::Floats {
        bits.map(|bits| f16::from_bits(bits).to_f32())
    }

    #[inline(always)]
    fn add(
        self,
        mut acc: Self::Floats,
        sums: Self::Sums,
        scales: Self::Floats,
        x: &Quants,
        shift: u32,
    ) -> Self::Floats {
        let zero = x.sum.wrapping_shl(shift);
        for ((acc, sum), scale) in acc.iter_mut().zip(sums).zip(scales) {
            *acc += (sum.wrapping_sub(zero)) as f32 * scale * x.scale;
        }
        acc
    }

    #[inline(always)]
    fn store(self, floats: Self::Floats, out: &mut [f32; ROWS]) {
        *out = floats;
    }
}

/// The machine of processors for which there is no kernel but the reference: it has none of its own.
#[allow(dead_code, reason = "the build is for a processor with kernels")]
#[derive(Clone, Copy, PartialEq)]
pub enum Portable {}

impl Machine for Portable {
    fn available() -> Vec<Self> {
        Vec::new()
    }

    fn best() -> Option<Self> {
        None
    }

    fn name(self) -> &'static str {
        match self {}
    }

    fn run(self, _: &impl Work) {
        match self {}
    }

    /// In eight parts: compilers make scalars of the plain loop.
    fn extremes<const N: usize>(values: &[f32; N]) -> (f32, f32) {
        let (mut high, mut low) = ([0f32; 8], [0f32; 8]);
        for eight in values.chunks_exact(8) {
            for ((high, low), &value) in high.iter_mut().zip(&mut low).zip(eight) {
                *high = if value > *high { value } else { *high };
                *low = if value < *low { value } else { *low };
            }
        }
        (
            low.iter().fold(0f32, |a, &b| if b < a { b } else { a }),
            high.iter().fold(0f32, |a, &b| if b > a { b } else { a }),
        )
    }
}
