//! 256-bit vectors of x86 processors, chosen when the program runs.

use core::arch::x86_64::*;

use super::generic::Portable;
use crate::nn::kernels::kernel::{Lanes, Machine, Work};
use crate::nn::kernels::layout::{Quants, WeightBytes, DOT_COLS, ROWS};

/// One vector of eight rows. Only [`Avx2::detect`] makes one: a value is the proof that this processor has AVX2
/// and F16C.
#[derive(Clone, Copy, PartialEq)]
pub struct Avx2(());

impl Avx2 {
    /// `None` where the processor lacks AVX2 or F16C.
    fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c");
        found.then_some(Self(()))
    }
}

impl Machine for Avx2 {
    fn available() -> Vec<Self> {
        Self::detect().into_iter().collect()
    }

    fn best() -> Option<Self> {
        Self::detect()
    }

    fn name(self) -> &'static str {
        "Avx2"
    }

    #[inline(always)]
    fn run(self, work: &impl Work) {
        #[target_feature(enable = "avx2,f16c")]
        unsafe fn compiled_for_avx2(lanes: Avx2, work: &impl Work) {
            work.run(lanes);
        }
        // SAFETY: `self` proves that the processor has what the function is compiled for.
        unsafe { compiled_for_avx2(self, work) }
    }

    fn extremes<const N: usize>(values: &[f32; N]) -> (f32, f32) {
        Portable::extremes(values)
    }
}

impl Lanes for Avx2 {
    type Weights = __m256i;
    type Sums = __m256i;
    type Floats = __m256;

    #[inline(always)]
    fn zero(self) -> __m256i {
        // SAFETY: `self` proves that the instructions are there.
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    fn zero_floats(self) -> __m256 {
        // SAFETY: `self` proves that the instructions are there.
        unsafe { _mm256_setzero_ps() }
    }

    #[inline(always)]
    fn load(self, bytes: &WeightBytes) -> __m256i {
        // SAFETY: `self` proves that the instruction is there; `bytes` is 32 bytes, and the load needs no alignment.
        unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn halves(self, both: __m256i) -> (__m256i, __m256i) {
        // SAFETY: `self` proves that the instructions are there.
        unsafe {
            let mask = _mm256_set1_epi8(15);
            let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), mask);
            (_mm256_and_si256(both, mask), high)
        }
    }

    #[inline(always)]
    fn dot(self, sums: __m256i, weights: __m256i, x: [i8; DOT_COLS]) -> __m256i {
        // SAFETY: `self` proves that the instructions are there.
        unsafe {
            let x = _mm256_set1_epi32(i32::from_le_bytes(x.map(|x| x as u8)));
            // 2 · 127 · 127 fits into 16 bits, so nothing is cut off.
            let pairs = _mm256_maddubs_epi16(weights, x);
            _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
        }
    }

    /// In pairs of neighbouring columns, 16 bits each: 16 columns of 127 · 15 are below 2^15.
    #[inline(always)]
    fn dot_narrow(self, sums: __m256i, weights: __m256i, x: [i8; DOT_COLS]) -> __m256i {
        // SAFETY: `self` proves that the instructions are there.
        unsafe {
            let x = _mm256_set1_epi32(i32::from_le_bytes(x.map(|x| x as u8)));
            _mm256_add_epi16(sums, _mm256_maddubs_epi16(weights, x))
        }
    }

    #[inline(always)]
    fn widen(self, sums: __m256i) -> __m256i {
        // SAFETY: `self` proves that the instructions are there.
        unsafe { _mm256_madd_epi16(sums, _mm256_set1_epi16(1)) }
    }

    #[inline(always)]
    fn scales(self, bits: &[u16; ROWS]) -> __m256 {
        // SAFETY: `self` proves that the instruction is there; `bits` is 16 bytes, and the load needs no alignment.
        unsafe { _mm256_cvtph_ps(_mm_loadu_si128(bits.as_ptr().cast())) }
    }

    #[inline(always)]
    fn add(self, acc: __m256, sums: __m256i, scales: __m256, x: &Quants, shift: u32) -> __m256 {
        // SAFETY: `self` proves that the instructions are there.
        unsafe {
            let zero = _mm256_set1_epi32(x.sum.wrapping_shl(shift));
            let sum = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums, zero));
            let product = _mm256_mul_ps(_mm256_mul_ps(sum, scales), _mm256_set1_ps(x.scale));
            _mm256_add_ps(acc, product)
        }
    }

    #[inline(always)]
    fn store(self, floats: __m256, out: &mut [f32; ROWS]) {
        // SAFETY: `self` proves that the instruction is there; `out` is 32 bytes, and the store needs no alignment.
        unsafe { _mm256_storeu_ps(out.as_mut_ptr(), floats) }
    }
}
