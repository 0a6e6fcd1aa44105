//! 256-bit vectors of x86 processors, chosen when the program runs.

use core::arch::x86_64::*;

use super::block::{ROWS, STEP};
use super::rows::Quants;
use super::tile::Lanes;

/// One vector of eight rows. Only to be used where the processor has AVX2 and F16C, inside functions that
/// are compiled for them: `matmul.rs` sees to both.
pub(super) struct Avx2;

/// Whether this processor has what is needed.
pub(super) fn available() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c")
}

// SAFETY of all below: the loads and stores are within the arrays that are passed and need no
// alignment; the instructions exist, see `Avx2`.
impl Lanes for Avx2 {
    type Weights = __m256i;
    type Sums = __m256i;
    type Floats = __m256;

    #[inline(always)]
    fn zero() -> __m256i {
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    fn zero_floats() -> __m256 {
        unsafe { _mm256_setzero_ps() }
    }

    #[inline(always)]
    fn load(bytes: &[u8; ROWS * STEP]) -> __m256i {
        unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn halves(both: __m256i) -> (__m256i, __m256i) {
        unsafe {
            let mask = _mm256_set1_epi8(15);
            let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), mask);
            (_mm256_and_si256(both, mask), high)
        }
    }

    #[inline(always)]
    fn dot(sums: __m256i, weights: __m256i, x: [i8; STEP]) -> __m256i {
        unsafe {
            let x = _mm256_set1_epi32(i32::from_le_bytes(x.map(|x| x as u8)));
            // 2 · 127 · 127 fits into 16 bits, so nothing is cut off.
            let pairs = _mm256_maddubs_epi16(weights, x);
            _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
        }
    }

    /// In pairs of neighbouring columns, 16 bits each: 16 columns of 127 · 15 are below 2^15.
    #[inline(always)]
    fn dot_narrow(sums: __m256i, weights: __m256i, x: [i8; STEP]) -> __m256i {
        unsafe {
            let x = _mm256_set1_epi32(i32::from_le_bytes(x.map(|x| x as u8)));
            _mm256_add_epi16(sums, _mm256_maddubs_epi16(weights, x))
        }
    }

    #[inline(always)]
    fn widen(sums: __m256i) -> __m256i {
        unsafe { _mm256_madd_epi16(sums, _mm256_set1_epi16(1)) }
    }

    #[inline(always)]
    fn scales(bits: &[u16; ROWS]) -> __m256 {
        unsafe { _mm256_cvtph_ps(_mm_loadu_si128(bits.as_ptr().cast())) }
    }

    #[inline(always)]
    fn add(acc: __m256, sums: __m256i, scales: __m256, x: &Quants, shift: u32) -> __m256 {
        unsafe {
            let zero = _mm256_set1_epi32(x.sum.wrapping_shl(shift));
            let sum = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums, zero));
            let product = _mm256_mul_ps(_mm256_mul_ps(sum, scales), _mm256_set1_ps(x.scale));
            _mm256_add_ps(acc, product)
        }
    }

    #[inline(always)]
    fn store(floats: __m256, out: &mut [f32; ROWS]) {
        unsafe { _mm256_storeu_ps(out.as_mut_ptr(), floats) }
    }
}
