//! An allocator that knows how much is in use, and how much was at most.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// More than this in use is refused, as a browser would, before it harms the machine.
const LIMIT: usize = 4 << 30;

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn take(bytes: usize) -> bool {
    let used = USED.fetch_add(bytes, Relaxed).saturating_add(bytes);
    PEAK.fetch_max(used, Relaxed);
    used <= LIMIT
}

fn give(bytes: usize) {
    USED.fetch_sub(bytes, Relaxed);
}

// SAFETY: all memory comes from `System` with the layouts as they were given; a null pointer says that
// there is none.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller's.
        unsafe { self.counted(layout.size(), || System.alloc(layout)) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller's.
        unsafe { self.counted(layout.size(), || System.alloc_zeroed(layout)) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        give(layout.size());
        // SAFETY: as the caller's.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller's. The old block is in use until the new one is there.
        let new = unsafe { self.counted(size, || System.realloc(pointer, layout, size)) };
        if !new.is_null() {
            give(layout.size());
        }
        new
    }
}

impl Counting {
    unsafe fn counted(&self, bytes: usize, ask: impl FnOnce() -> *mut u8) -> *mut u8 {
        let pointer = if take(bytes) {
            ask()
        } else {
            std::ptr::null_mut()
        };
        if pointer.is_null() {
            give(bytes);
        }
        pointer
    }
}

/// Runs `work`, and says how many bytes more than before were in use at most.
pub fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = USED.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = work();
    (result, PEAK.load(Relaxed).saturating_sub(before))
}
