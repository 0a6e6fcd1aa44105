//! 128-bit vectors of WebAssembly. What a build for them runs on has them: the whole module is refused otherwise.

use core::arch::wasm32::*;
use core::marker::PhantomData;

use crate::nn::kernels::kernel::{Lanes, Machine, Work};
use crate::nn::kernels::layout::{Quants, WeightBytes, DOT_COLS, ROWS};

/// Two vectors of four rows each, multiplied by `D`.
#[derive(Clone, Copy, PartialEq)]
pub struct Simd128<D>(pub PhantomData<D>);

/// Eight lanes as two vectors.
pub type Pair = [v128; 2];

/// Four activations for each of four rows.
#[inline(always)]
pub fn columns(x: [i8; DOT_COLS]) -> v128 {
    i32x4_splat(i32::from_le_bytes(x.map(|x| x as u8)))
}

/// How products are summed up.
pub trait Dot: Copy {
    /// See [`Lanes::Sums`].
    type Sums: Copy;
    /// See [`Lanes::zero`].
    const ZERO: Self::Sums;
    /// See [`Lanes::dot`].
    fn dot(sums: Self::Sums, weights: Pair, x: [i8; DOT_COLS]) -> Self::Sums;
    /// See [`Lanes::dot_narrow`].
    #[inline(always)]
    fn dot_narrow(sums: Self::Sums, weights: Pair, x: [i8; DOT_COLS]) -> Self::Sums {
        Self::dot(sums, weights, x)
    }
    /// See [`Lanes::widen`].
    #[inline(always)]
    fn widen(narrow: Self::Sums) -> Self::Sums {
        narrow
    }
    /// The sums of eight rows.
    fn rows(sums: Self::Sums) -> Pair;
}

/// Sums of no products.
pub const ZERO: v128 = i32x4(0, 0, 0, 0);

/// For builds without relaxed operations: products of 16 bits. Of each row its first two and its last two columns are
/// summed up in neighbouring lanes.
#[derive(Clone, Copy, PartialEq)]
pub struct Extended;

impl Dot for Extended {
    type Sums = [v128; 4];
    const ZERO: [v128; 4] = [ZERO; 4];

    #[inline(always)]
    fn dot(sums: [v128; 4], weights: Pair, x: [i8; DOT_COLS]) -> [v128; 4] {
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
    // SAFETY: `bytes` is 16 bytes, and `v128_load` needs no alignment.
    unsafe { v128_load(bytes.as_ptr().cast()) }
}

/// f16 bits, sign-extended to 32, as f32: exponent and fraction move into place, and the difference of
/// the exponents' biases is multiplied in, which is exact (and right for subnormal numbers too).
#[inline(always)]
fn from_f16(bits: v128) -> v128 {
    let placed = v128_and(i32x4_shl(bits, 13), u32x4_splat(0x8fff_e000));
    f32x4_mul(placed, f32x4_splat(f32::from_bits((127 + 112) << 23)))
}

impl Machine for Simd128<Extended> {
    fn available() -> Vec<Self> {
        vec![Self(PhantomData)]
    }

    fn best() -> Option<Self> {
        Some(Self(PhantomData))
    }

    fn name(self) -> &'static str {
        "Extended"
    }

    #[inline(always)]
    fn run(self, work: &impl Work) {
        work.run(self);
    }

    #[inline(always)]
    fn extremes<const N: usize>(values: &[f32; N]) -> (f32, f32) {
        extremes(values)
    }
}

/// [`Machine::extremes`] of every build with these vectors: compilers make scalars of a plain loop.
#[inline(always)]
pub fn extremes<const N: usize>(values: &[f32; N]) -> (f32, f32) {
    let (mut high, mut low) = (f32x4_splat(0.0), f32x4_splat(0.0));
    for four in values.chunks_exact(4) {
        // SAFETY: `four` is 16 bytes, and `v128_load` needs no alignment.
        let four = unsafe { v128_load(four.as_ptr().cast()) };
        // These take the second operand only if it is larger (smaller): never NaN.
        high = f32x4_pmax(high, four);
        low = f32x4_pmin(low, four);
    }
    let across = |take: fn(v128, v128) -> v128, all: v128| {
        let two = take(all, i32x4_shuffle::<2, 3, 0, 1>(all, all));
        f32x4_extract_lane::<0>(take(two, i32x4_shuffle::<1, 0, 3, 2>(two, two)))
    };
    (across(f32x4_pmin, low), across(f32x4_pmax, high))
}

impl<D: Dot> Lanes for Simd128<D> {
    type Weights = Pair;
    type Sums = D::Sums;
    type Floats = Pair;

    #[inline(always)]
    fn zero(self) -> D::Sums {
        D::ZERO
    }

    #[inline(always)]
    fn dot(self, sums: D::Sums, weights: Pair, x: [i8; DOT_COLS]) -> D::Sums {
        D::dot(sums, weights, x)
    }

    #[inline(always)]
    fn dot_narrow(self, sums: D::Sums, weights: Pair, x: [i8; DOT_COLS]) -> D::Sums {
        D::dot_narrow(sums, weights, x)
    }

    #[inline(always)]
    fn widen(self, sums: D::Sums) -> D::Sums {
        D::widen(sums)
    }

    #[inline(always)]
    fn zero_floats(self) -> Pair {
        [f32x4_splat(0.0); 2]
    }

    #[inline(always)]
    fn load(self, bytes: &WeightBytes) -> Pair {
        [read(bytes, 0), read(bytes, 16)]
    }

    #[inline(always)]
    fn halves(self, both: Pair) -> (Pair, Pair) {
        let mask = u8x16_splat(15);
        // There are no shifts of bytes below wasm on x86: 16 bits are shifted and masked.
        (
            both.map(|both| v128_and(both, mask)),
            both.map(|both| v128_and(u16x8_shr(both, 4), mask)),
        )
    }

    #[inline(always)]
    fn scales(self, bits: &[u16; ROWS]) -> Pair {
        // SAFETY: `bits` is 16 bytes, and `v128_load` needs no alignment.
        let bits = unsafe { v128_load(bits.as_ptr().cast()) };
        [
            from_f16(i32x4_extend_low_i16x8(bits)),
            from_f16(i32x4_extend_high_i16x8(bits)),
        ]
    }

    #[inline(always)]
    fn add(self, acc: Pair, sums: D::Sums, scales: Pair, x: &Quants, shift: u32) -> Pair {
        let sums = D::rows(sums);
        // Loaded by themselves: compilers gather the numbers of several rows and take them apart again.
        // SAFETY: both fields are four bytes, and the loads need no alignment.
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
    fn store(self, floats: Pair, out: &mut [f32; ROWS]) {
        // SAFETY: `out` is 32 bytes, and `v128_store` needs no alignment.
        unsafe {
            v128_store(out.as_mut_ptr().cast(), floats[0]);
            v128_store(out.as_mut_ptr().add(4).cast(), floats[1]);
        }
    }
}
