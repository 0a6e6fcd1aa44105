//! The memory of an instance, and whether it ran out.
//!
//! Buffers whose size comes from a file or an option are asked for with an error in hand. Small ones are
//! not: without memory for one of them Rust ends the instance by a trap, which says nothing. So the
//! allocator remembers what it could not give, for JavaScript to ask.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use wasm_bindgen::prelude::*;

/// Bytes of the last request that was refused, 0 if there was none or it was dealt with.
static REFUSED: AtomicUsize = AtomicUsize::new(0);

struct Remembering;

#[global_allocator]
static ALLOCATOR: Remembering = Remembering;

fn noted(pointer: *mut u8, bytes: usize) -> *mut u8 {
    if pointer.is_null() {
        REFUSED.store(bytes, Relaxed);
    }
    pointer
}

// SAFETY: everything is done by `System` as it was asked.
unsafe impl GlobalAlloc for Remembering {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller's.
        noted(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller's.
        noted(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller's.
        noted(unsafe { System.realloc(pointer, layout, size) }, size)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// What was refused has become an error that the caller sees.
pub(super) fn dealt_with() {
    REFUSED.store(0, Relaxed);
}

/// Bytes of the instance's linear memory.
#[wasm_bindgen]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size::<0>() as f64 * 65536.0
}

/// Bytes that could not be had, if that is what the instance has just trapped for; else 0.
#[wasm_bindgen]
pub fn refused_bytes() -> f64 {
    REFUSED.load(Relaxed) as f64
}
