//! The relaxed dot products of WebAssembly: builds for browsers that have them.

use core::arch::wasm32::*;
use core::marker::PhantomData;

use super::simd128::{columns, extremes, Dot, Extended, Pair, Simd128, ZERO};
use crate::nn::kernels::kernel::{Machine, Work};
use crate::nn::kernels::layout::DOT_COLS;

/// The kernels of such a build. All run everywhere; which is fastest is the processor's affair.
#[derive(Clone, Copy, PartialEq)]
pub enum RelaxedSimd {
    /// Without relaxed operations.
    Extended,
    /// A dot product of bytes that adds pairs first.
    Pairwise,
    /// A dot product of bytes that is one instruction of the processor.
    Whole,
}

impl Machine for RelaxedSimd {
    fn available() -> Vec<Self> {
        vec![Self::Extended, Self::Pairwise, Self::Whole]
    }

    fn best() -> Option<Self> {
        Some(if has_whole_dot() {
            Self::Whole
        } else {
            Self::Pairwise
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Extended => "Extended",
            Self::Pairwise => "Pairwise",
            Self::Whole => "Whole",
        }
    }

    #[inline(always)]
    fn run(self, work: &impl Work) {
        match self {
            Self::Extended => work.run(Simd128::<Extended>(PhantomData)),
            Self::Pairwise => work.run(Simd128::<Pairwise>(PhantomData)),
            Self::Whole => work.run(Simd128::<Whole>(PhantomData)),
        }
    }

    #[inline(always)]
    fn extremes<const N: usize>(values: &[f32; N]) -> (f32, f32) {
        extremes(values)
    }
}

/// For processors that have a dot product of bytes: one instruction. The second operand is within 0 to 127:
/// then every processor gives the same.
#[derive(Clone, Copy)]
struct Whole;

impl Dot for Whole {
    type Sums = Pair;
    const ZERO: Pair = [ZERO; 2];

    #[inline(always)]
    fn dot(sums: Pair, weights: Pair, x: [i8; DOT_COLS]) -> Pair {
        let x = columns(x);
        std::array::from_fn(|i| i32x4_relaxed_dot_i8x16_i7x16_add(x, weights[i], sums[i]))
    }

    #[inline(always)]
    fn rows(sums: Pair) -> Pair {
        sums
    }
}

/// For processors without it, x86 before VNNI: a browser makes five instructions of [`Whole`]'s one, and three of these.
/// 2 · 127 · 127 fits into 16 bits, and so does 16 · 127 · 15.
#[derive(Clone, Copy)]
struct Pairwise;

impl Pairwise {
    /// Products of neighbouring columns added up, eight of 16 bits.
    #[inline(always)]
    fn pairs(weights: Pair, x: [i8; DOT_COLS]) -> Pair {
        let x = columns(x);
        weights.map(|weights| i16x8_relaxed_dot_i8x16_i7x16(x, weights))
    }
}

impl Dot for Pairwise {
    type Sums = Pair;
    const ZERO: Pair = [ZERO; 2];

    #[inline(always)]
    fn dot(sums: Pair, weights: Pair, x: [i8; DOT_COLS]) -> Pair {
        let dots = Self::widen(Self::pairs(weights, x));
        std::array::from_fn(|i| i32x4_add(sums[i], dots[i]))
    }

    #[inline(always)]
    fn dot_narrow(sums: Pair, weights: Pair, x: [i8; DOT_COLS]) -> Pair {
        let pairs = Self::pairs(weights, x);
        std::array::from_fn(|i| i16x8_add(sums[i], pairs[i]))
    }

    #[inline(always)]
    fn widen(sums: Pair) -> Pair {
        sums.map(|sums| i32x4_dot_i16x8(sums, i16x8_splat(1)))
    }

    #[inline(always)]
    fn rows(sums: Pair) -> Pair {
        sums
    }
}

/// Whether the browser makes one instruction of the dot product of bytes. One that takes several adds pairs
/// in 16 bits, which shows where they do not fit (never in our products, see [`Whole`]).
fn has_whole_dot() -> bool {
    use core::hint::black_box;
    let (signed, beyond) = (black_box(i8x16_splat(127)), black_box(u8x16_splat(255)));
    let dot = i32x4_relaxed_dot_i8x16_i7x16_add(signed, beyond, black_box(ZERO));
    i32x4_extract_lane::<0>(dot) != 2 * 32767
}
