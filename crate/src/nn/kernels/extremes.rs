//! The smallest and the largest of 32 values: compilers make scalars of it.

use super::block::COLS;

/// (smallest, largest) of 0 and the values; NaN is passed over.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) fn extremes(values: &[f32; COLS]) -> (f32, f32) {
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

/// The same by vectors.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub(super) fn extremes(values: &[f32; COLS]) -> (f32, f32) {
    use core::arch::wasm32::*;
    let (mut high, mut low) = (f32x4_splat(0.0), f32x4_splat(0.0));
    for four in values.chunks_exact(4) {
        // SAFETY: 16 bytes are there; `v128_load` needs no alignment.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_values_of_one_sign_the_other_extreme_is_zero() {
        let mut values: [f32; COLS] = std::array::from_fn(|i| i as f32 + 1.0);
        assert_eq!(extremes(&values), (0.0, 32.0));
        values[7] = -3.0;
        values[9] = f32::NAN;
        assert_eq!(extremes(&values), (-3.0, 32.0));
        assert_eq!(extremes(&values.map(|value| -value)), (-32.0, 3.0));
    }
}
