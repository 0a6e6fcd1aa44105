//! Products of dense matrices on the pool of threads: by the `gemm` crate, or with fused multiply-add where a wasm build
//! has it.

pub use super::view::View;
use crate::nn::pool;

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub(super) use super::tile::Right;
#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
pub(super) use plain::Right;

/// `a·b` → `[a.rows, b.cols]`, on all threads.
///
/// # Panics
/// If the sizes do not fit.
pub fn multiply(a: View, b: View) -> Vec<f32> {
    let mut out = vec![0.0; a.size().0 * b.size().1];
    multiply_into(a, b, &mut out);
    out
}

/// [`multiply`] into `out`.
///
/// # Panics
/// If the sizes do not fit.
pub(super) fn multiply_into(a: View, b: View, out: &mut [f32]) {
    /// Each part packs `a` for itself: it has to do enough with it.
    const LEAST: usize = 48;
    const PARTS: usize = 8;
    let ((all, _), (_, cols)) = (a.size(), b.size());
    assert!(out.len() == all * cols);
    if out.is_empty() {
        return;
    }
    let rows = all.div_ceil(PARTS).max(LEAST);
    let b = Right::new(b);
    pool::for_each_chunk(out, rows * cols, |part, out| {
        let first = part * rows;
        b.multiply_here(a.rows_in(first..(first + rows).min(all)), out, cols, 0.0);
    });
}

/// `out = before·out + a·b` on this thread; rows of `out` are `stride` floats apart.
///
/// # Panics
/// If the sizes do not fit.
pub(super) fn multiply_here(a: View, b: View, out: &mut [f32], stride: usize, before: f32) {
    Right::new(b).multiply_here(a, out, stride, before);
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod plain {
    use gemm::Parallelism;

    use super::View;

    /// A right-hand matrix for any number of products.
    pub struct Right<'a>(View<'a>);

    impl<'a> Right<'a> {
        pub fn new(b: View<'a>) -> Self {
            Self(b)
        }

        /// `out = before·out + a·b`; rows of `out` are `stride` floats apart.
        ///
        /// # Panics
        /// If the sizes do not fit.
        pub fn multiply_here(&self, a: View, out: &mut [f32], stride: usize, before: f32) {
            let b = self.0;
            let ((rows, inner), (b_rows, cols)) = (a.size(), b.size());
            assert!(inner == b_rows && cols <= stride);
            assert!(rows == 0 || (rows - 1) * stride + cols <= out.len());
            let of = |view: View| (view.strides[1] as isize, view.strides[0] as isize);
            let (a_strides, b_strides) = (of(a), of(b));
            // SAFETY: `View` only comes to be where its data reach to its last value, and `out` was compared above.
            unsafe {
                gemm::gemm(
                    rows,
                    cols,
                    inner,
                    out.as_mut_ptr(),
                    1,
                    stride as isize,
                    before != 0.0,
                    a.data.as_ptr(),
                    a_strides.0,
                    a_strides.1,
                    b.data.as_ptr(),
                    b_strides.0,
                    b_strides.1,
                    before,
                    1.0,
                    false,
                    false,
                    false,
                    Parallelism::None,
                );
            }
        }
    }
}
