//! The reference, for processors without a kernel of their own.

use half::f16;

use super::block::{ROWS, STEP};
use super::rows::Quants;
use super::tile::Lanes;

/// Plain arrays.
pub(super) struct Generic;

impl Lanes for Generic {
    type Weights = [u8; ROWS * STEP];
    type Sums = [i32; ROWS];
    type Floats = [f32; ROWS];

    fn zero() -> Self::Sums {
        [0; ROWS]
    }

    fn zero_floats() -> Self::Floats {
        [0.0; ROWS]
    }

    #[inline(always)]
    fn load(bytes: &[u8; ROWS * STEP]) -> Self::Weights {
        *bytes
    }

    #[inline(always)]
    fn halves(both: Self::Weights) -> (Self::Weights, Self::Weights) {
        (both.map(|byte| byte & 15), both.map(|byte| byte >> 4))
    }

    #[inline(always)]
    fn dot(mut sums: Self::Sums, weights: Self::Weights, x: [i8; STEP]) -> Self::Sums {
        for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(STEP)) {
            for (weight, x) in weights.iter().zip(x) {
                *sum += i32::from(*weight) * i32::from(x);
            }
        }
        sums
    }

    #[inline(always)]
    fn scales(bits: &[u16; ROWS]) -> Self::Floats {
        bits.map(|bits| f16::from_bits(bits).to_f32())
    }

    #[inline(always)]
    fn add(
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
    fn store(floats: Self::Floats, out: &mut [f32; ROWS]) {
        *out = floats;
    }
}
