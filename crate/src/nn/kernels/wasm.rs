//! 128-bit vectors of WebAssembly: with the relaxed dot product where the build has it, else with
//! 16-bit products.

use core::arch::wasm32::*;

use super::block::{ROWS, STEP};
use super::tile::Lanes;

/// Two vectors of four rows each.
pub(super) struct Simd128;

/// Eight lanes as two vectors.
type Pair = [v128; 2];

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

impl Lanes for Simd128 {
    type Weights = Pair;
    #[cfg(target_feature = "relaxed-simd")]
    type Sums = Pair;
    /// Of each row its first two and its last two columns, in neighbouring lanes.
    #[cfg(not(target_feature = "relaxed-simd"))]
    type Sums = [v128; 4];
    type Floats = Pair;

    #[inline(always)]
    fn zero() -> Self::Sums {
        [i32x4_splat(0); size_of::<Self::Sums>() / 16]
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

    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    fn dot(sums: Pair, weights: Pair, x: [i8; STEP]) -> Pair {
        let x = i32x4_splat(i32::from_le_bytes(x.map(|x| x as u8)));
        // The second operand is within 0 to 127: then every processor gives the same.
        [
            i32x4_relaxed_dot_i8x16_i7x16_add(x, weights[0], sums[0]),
            i32x4_relaxed_dot_i8x16_i7x16_add(x, weights[1], sums[1]),
        ]
    }

    #[cfg(not(target_feature = "relaxed-simd"))]
    #[inline(always)]
    fn dot(sums: [v128; 4], weights: Pair, x: [i8; STEP]) -> [v128; 4] {
        let x = i16x8_extend_low_i8x16(i32x4_splat(i32::from_le_bytes(x.map(|x| x as u8))));
        let dot = |sum, weights| i32x4_add(sum, i32x4_dot_i16x8(weights, x));
        [
            dot(sums[0], u16x8_extend_low_u8x16(weights[0])),
            dot(sums[1], u16x8_extend_high_u8x16(weights[0])),
            dot(sums[2], u16x8_extend_low_u8x16(weights[1])),
            dot(sums[3], u16x8_extend_high_u8x16(weights[1])),
        ]
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
    fn add(acc: Pair, sums: Self::Sums, zero: i32, scales: Pair, x_scale: f32) -> Pair {
        #[cfg(not(target_feature = "relaxed-simd"))]
        let sums = {
            let rows = |a, b| {
                i32x4_add(
                    i32x4_shuffle::<0, 2, 4, 6>(a, b),
                    i32x4_shuffle::<1, 3, 5, 7>(a, b),
                )
            };
            [rows(sums[0], sums[1]), rows(sums[2], sums[3])]
        };
        let (zero, x_scale) = (i32x4_splat(zero), f32x4_splat(x_scale));
        std::array::from_fn(|i| {
            let sum = f32x4_convert_i32x4(i32x4_add(sums[i], zero));
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
