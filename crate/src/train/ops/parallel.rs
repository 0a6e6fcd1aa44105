//! Loops over parts whose sizes do not depend on the number of threads.

use std::sync::Mutex;

use crate::nn::pool;

/// Rows that one part of a loop does.
pub(super) const ROWS: usize = 32;

/// Calls `work(index, chunk of a, chunk of b)` for consecutive chunks of two slices that have equally many of them.
pub(super) fn for_each_pair(
    (a, a_chunk): (&mut [f32], usize),
    (b, b_chunk): (&mut [f32], usize),
    work: impl Fn(usize, &mut [f32], &mut [f32]) + Sync,
) {
    // Each part takes its own pair: the lock is never waited for.
    let parts: Vec<_> = a
        .chunks_mut(a_chunk)
        .zip(b.chunks_mut(b_chunk))
        .map(Mutex::new)
        .collect();
    pool::for_each(parts.len(), |index| {
        let mut part = parts[index].lock().expect("no part panics");
        let (a, b) = &mut *part;
        work(index, a, b);
    });
}

/// The sums of the columns of `xs` `[rows, width]` → `[width]`.
pub(super) fn column_sums(xs: &[f32], width: usize) -> Vec<f32> {
    let mut partial = vec![0.0; xs.len().div_ceil(width * ROWS) * width];
    pool::for_each_chunk(&mut partial, width, |part, sums| {
        for row in xs[part * ROWS * width..].chunks_exact(width).take(ROWS) {
            crate::nn::vector::add(sums, row);
        }
    });
    total(&partial, width)
}

/// Adds up rows of `width` partial sums in their order.
pub(super) fn total(partial: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0.0; width];
    for row in partial.chunks_exact(width) {
        crate::nn::vector::add(&mut sums, row);
    }
    sums
}
