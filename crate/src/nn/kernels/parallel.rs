//! Work divided over the threads there are.

use rayon::prelude::*;

/// Calls `work(index, chunk)` for consecutive chunks of `chunk` elements (the last may be shorter).
/// With one thread it is a plain loop, without rayon's bookkeeping.
pub(super) fn for_each_chunk<T: Send>(
    values: &mut [T],
    chunk: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    if rayon::current_num_threads() == 1 || values.len() <= chunk {
        values
            .chunks_mut(chunk)
            .enumerate()
            .for_each(|(index, chunk)| work(index, chunk));
    } else {
        values
            .par_chunks_mut(chunk)
            .enumerate()
            .for_each(|(index, chunk)| work(index, chunk));
    }
}

/// A chunk size that gives each thread about `per_thread` chunks, as a multiple of `step`.
pub(super) fn chunk_size(len: usize, step: usize, per_thread: usize) -> usize {
    let chunks = rayon::current_num_threads() * per_thread;
    len.div_ceil(chunks).next_multiple_of(step).max(step)
}
