//! 128-bit vectors of WebAssembly, with the dot product that suits build and processor.

use core::arch::wasm32::*;
use core::marker::PhantomData;

use super::block::{ROWS, STEP};
use super::rows::Quants;
use super::tile::Lanes;

/// Two vectors of four rows each, multiplied by `D`.
pub(super) struct Simd128<D>(PhantomData<D>);

/// Eight lanes as two vectors.
type Pair = [v128; 2];

/// Four activations for each of four rows.
#[inline(always)]
fn columns(x: [i8; STEP]) -> v128 {
    i32x4_splat(i32::from_le_bytes(x.map(|x| x as u8)))
}

/// How products are summed up.
pub(super) trait Dot {
    /// See [`Lanes::Sums`].
    type Sums: Copy;
    const ZERO: Self::Sums;
    fn dot(sums: Self::Sums, weights: Pair, x: [i8; STEP]) -> Self::Sums;
    #[inline(always)]
    fn dot_narrow(sums: Self::Sums, weights: Pair, x: [i8; STEP]) -> Self::Sums {
        Self::dot(sums, weights, x)
    }
    #[inline(always)]
    fn widen(narrow: Self::Sums) -> Self::Sums {
        narrow
    }
    /// The sums of eight rows.
    fn rows(sums: Self::Sums) -> Pair;
}

const ZERO: v128 = i32x4(0, 0, 0, 0);

/// For processors that have a dot product of bytes: one instruction. The second operand is within 0 to 127:
/// then every processor gives the same.
#[cfg(target_feature = "relaxed-simd")]
pub(super) struct Whole;

#[cfg(target_feature = "relaxed-simd")]
impl Dot for Whole {
    type Sums = Pair;
    const ZERO: Pair = [ZERO; 2];

    #[inline(always)]
    fn dot(sums: Pair, weights: Pair, x: [i8; STEP]) -> Pair {
        let x = columns(x);
        std::array::from_fn(|i| i32x4_relaxed_dot_i8x16_i7x16_add(x, weights[i], sums[i]))
    }

    #[inline(always)]
    fn rows(sums: Pair) -> Pair {
        sums
    }
}

/// For processors that do not, x86 without VNNI: a browser makes five instructions of the one above, and
/// three of these. 2 · 127 · 127 fits into 16 bits, and so do 16 · 127 · 15.
#[cfg(target_feature = "relaxed-simd")]
pub(super) struct Pairwise;

#[cfg(target_feature = "relaxed-simd")]
impl Pairwise {
    /// Products of neighbouring columns added up, eight of 16 bits.
    #[inline(always)]
    fn pairs(weights: Pair, x: [i8; STEP]) -> Pair {
        let x = columns(x);
        weights.map(|weights| i16x8_relaxed_dot_i8x16_i7x16(x, weights))
    }
}

#[cfg(target_feature = "relaxed-simd")]
impl Dot for Pairwise {
    type Sums = Pair;
    const ZERO: Pair = [ZERO; 2];

    #[inline(always)]
    fn dot(sums: Pair, weights: Pair, x: [i8; STEP]) -> Pair {
        let dots = Self::widen(Self::pairs(weights, x));
        std::array::from_fn(|i| i32x4_add(sums[i], dots[i]))
    }

    #[inline(always)]
    fn dot_narrow(sums: Pair, weights: Pair, x: [i8; STEP]) -> Pair {
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
#[cfg(target_feature = "relaxed-simd")]
pub(super) fn has_whole_dot() -> bool {
    use core::hint::black_box;
    let (signed, beyond) = (black_box(i8x16_splat(127)), black_box(u8x16_splat(255)));
    let dot = i32x4_relaxed_dot_i8x16_i7x16_add(signed, beyond, black_box(ZERO));
    i32x4_extract_lane::<0>(dot) != 2 * 32767
}

/// For builds without relaxed operations: products of 16 bits. Of each row its first two and its last two columns are
/// summed up in neighbouring lanes.
pub(super) struct Extended;

impl Dot for Extended {
    type Sums = [v128; 4];
    const ZERO: [v128; 4] = [ZERO; 4];

    #[inline(always)]
    fn dot(sums: [v128; 4], weights: Pair, x: [i8; STEP]) -> [v128; 4] {
        let x = i16x8_extend_low_i8x16(columns(x));
        let dot = |sum, weights| i32x4_add(sum, i32x4_dot_i16x8(weights, x));
        [
            dot(sums[0], u16x8_extend_low_u8x16(weights[0])),
            dot(sums[1], u16x8_extend_high_u8x16(weights[0])),
            dot(sums[2], u16x8_extend_low_u8x16(weights[1])),
            dot(sums[3], u16x8_extend_high_u8x16(weights[1])),
        ]
    }

    #[inline(always)]
    fn rows(sums: [v128; 4]) -> Pair {
        let rows = |a, b| {
            i32x4_add(
                i32x4_shuffle::<0, 2, 4, 6>(a, b),
                i32x4_shuffle::<1, 3, 5, 7>(a, b),
            )
        };
        [rows(sums[0], sums[1]), rows(sums[2], sums[3])]
    }
}

#[inline(always)]
fn read(bytes: &[u8], at: usize) -> v128 {
    let bytes: &[u8; 16] = bytes[at..at + 16].try_into().expect("16 bytes");
    // SAFETY: 16 bytes are there; `v128_load` needs no alignment.
    unsafe { v128_load(bytes.as_ptr().cast()) }
}

/// f16 bits, sign-extended to 32, as f32: exponent and fraction move into place, and the difference of
/// the exponents' biases is multiplied in, which is exact (and right for subnormal numbers too).
#[inline(always)]
fn from_f16(bits: v128) -> v128 {
    let placed = v128_and(i32x4_shl(bits, 13), u32x4_splat(0x8fff_e000));
    f32x4_mul(placed, f32x4_splat(f32::from_bits((127 + 112) << 23)))
}

impl<D: Dot> Lanes for Simd128<D> {
    type Weights = Pair;
    type Sums = D::Sums;
    type Floats = Pair;

    #[inline(always)]
    fn zero() -> D::Sums {
        D::ZERO
    }

    #[inline(always)]
    fn dot(sums: D::Sums, weights: Pair, x: [i8; STEP]) -> D::Sums {
        D::dot(sums, weights, x)
    }

    #[inline(always)]
    fn dot_narrow(sums: D::Sums, weights: Pair, x: [i8; STEP]) -> D::Sums {
        D::dot_narrow(sums, weights, x)
    }

    #[inline(always)]
    fn widen(sums: D::Sums) -> D::Sums {
        D::widen(sums)
    }

    #[inline(always)]
    fn zero_floats() -> Pair {
        [f32x4_splat(0.0); 2]
    }

    #[inline(always)]
    fn load(bytes: &[u8; ROWS * STEP]) -> Pair {
        [read(bytes, 0), read(bytes, 16)]
    }

    #[inline(always)]
    fn halves(both: Pair) -> (Pair, Pair) {
        let mask = u8x16_splat(15);
        // There are no shifts of bytes below wasm on x86: 16 bits are shifted and masked.
        (
            both.map(|both| v128_and(both, mask)),
            both.map(|both| v128_and(u16x8_shr(both, 4), mask)),
        )
    }

    #[inline(always)]
    fn scales(bits: &[u16; ROWS]) -> Pair {
        // SAFETY: `bits` is 16 bytes; `v128_load` needs no alignment.
        let bits = unsafe { v128_load(bits.as_ptr().cast()) };
        [
            from_f16(i32x4_extend_low_i16x8(bits)),
            from_f16(i32x4_extend_high_i16x8(bits)),
        ]
    }

    #[inline(always)]
    fn add(acc: Pair, sums: D::Sums, scales: Pair, x: &Quants, shift: u32) -> Pair {
        let sums = D::rows(sums);
        // Loaded by themselves: compilers gather the numbers of several rows and take them apart again.
        // SAFETY: both are four bytes.
        let (sum, x_scale) = unsafe {
            (
                v128_load32_splat((&raw const x.sum).cast()),
                v128_load32_splat((&raw const x.scale).cast()),
            )
        };
        let zero = i32x4_shl(sum, shift);
        std::array::from_fn(|i| {
            let sum = f32x4_convert_i32x4(i32x4_sub(sums[i], zero));
            f32x4_add(acc[i], f32x4_mul(f32x4_mul(sum, scales[i]), x_scale))
        })
    }

    #[inline(always)]
    fn store(floats: Pair, out: &mut [f32; ROWS]) {
        // SAFETY: `out` is 32 bytes; `v128_store` needs no alignment.
        unsafe {
            v128_store(out.as_mut_ptr().cast(), floats[0]);
            v128_store(out.as_mut_ptr().add(4).cast(), floats[1]);
        }
    }
}
