//! Reserving memory for what a file claims to hold.

use crate::error::{Error, Result};

/// Bytes that are taken on a file's word alone: most matrices, at once.
const AT_ONCE: usize = 64 << 20;
/// Beyond that, what is there is believed to be this part of the whole.
const BELIEVED: usize = 8;

/// Reserves memory for `more` values in a vector that is going to have `total`, as a file says. The file may say
/// anything, so memory is reserved as values come: never more than 64 MB or eightfold what is there.
///
/// # Errors
/// [`Error::OutOfMemory`], with `what` it is for.
pub(crate) fn reserve<T>(
    values: &mut Vec<T>,
    more: usize,
    total: usize,
    what: impl FnOnce() -> String,
) -> Result<()> {
    let needed = values.len().saturating_add(more);
    if needed <= values.capacity() {
        return Ok(());
    }
    let size = size_of::<T>().max(1);
    let believed = needed.saturating_mul(BELIEVED).max(AT_ONCE / size);
    let capacity = total.min(believed).max(needed);
    values
        .try_reserve_exact(capacity - values.len())
        .map_err(|_| Error::out_of_memory(what(), (total as u64).saturating_mul(size as u64)))
}
