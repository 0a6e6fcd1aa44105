//! Which kernels there are, and which is used: the only file of the kernels that asks what the build is for.

pub(super) mod generic;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
type Native = avx2::Avx2;

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod relaxed_simd;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
type Native = relaxed_simd::RelaxedSimd;
#[cfg(all(
    target_arch = "wasm32",
    target_feature = "simd128",
    not(target_feature = "relaxed-simd")
))]
type Native = simd128::Simd128<simd128::Extended>;

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
type Native = generic::Portable;

use std::fmt;
use std::sync::OnceLock;

use self::generic::Generic;
use super::kernel::{Machine, Work};

/// Whether the `gemm` crate divides a product among threads: in wasm it has none.
pub const GEMM_HAS_THREADS: bool = cfg!(not(target_arch = "wasm32"));

/// The instructions that a product is computed with. One that this processor lacks cannot be had.
#[derive(Clone, Copy, PartialEq)]
pub struct Kernel(Choice);

#[derive(Clone, Copy, PartialEq)]
enum Choice {
    Generic,
    Native(Native),
}

impl Kernel {
    /// Plain Rust, the reference.
    pub const GENERIC: Self = Self(Choice::Generic);

    /// The fastest one on this processor, found out once.
    pub fn best() -> Self {
        static BEST: OnceLock<Kernel> = OnceLock::new();
        *BEST.get_or_init(|| Self(Native::best().map_or(Choice::Generic, Choice::Native)))
    }

    /// All that run here, with the same results to the bit.
    pub fn available() -> Vec<Self> {
        let native = Native::available().into_iter().map(Choice::Native);
        std::iter::once(Choice::Generic)
            .chain(native)
            .map(Self)
            .collect()
    }

    /// A word, as benchmarks and failing tests show it.
    pub fn name(self) -> &'static str {
        match self.0 {
            Choice::Generic => "Generic",
            Choice::Native(native) => native.name(),
        }
    }

    /// Does the work with this kernel.
    #[inline(always)]
    pub(super) fn run(self, work: &impl Work) {
        match self.0 {
            Choice::Generic => work.run(Generic),
            Choice::Native(native) => native.run(work),
        }
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// (smallest, largest) of 0 and the values; NaN is passed over. `N` is a multiple of 8.
#[inline(always)]
pub(super) fn extremes<const N: usize>(values: &[f32; N]) -> (f32, f32) {
    const { assert!(N % 8 == 0) };
    Native::extremes(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_values_of_one_sign_the_other_extreme_is_zero() {
        let mut values: [f32; 32] = std::array::from_fn(|i| i as f32 + 1.0);
        assert_eq!(extremes(&values), (0.0, 32.0));
        values[7] = -3.0;
        values[9] = f32::NAN;
        assert_eq!(extremes(&values), (-3.0, 32.0));
        assert_eq!(extremes(&values.map(|value| -value)), (-32.0, 3.0));
    }

    #[test]
    fn the_best_kernel_is_an_available_one() {
        assert!(Kernel::available().contains(&Kernel::best()));
        assert_eq!(Kernel::available()[0], Kernel::GENERIC);
    }
}
