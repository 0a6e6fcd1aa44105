//! A small pool of threads for parallel loops of some tens of microseconds.
//!
//! A token of GPT-2 small is about a hundred such loops, so a loop must cost a few microseconds only.
//! The caller publishes a loop, works on it itself, and helpers take parts as they come: nothing is
//! divided beforehand, so a helper that the system has taken off its core delays a loop by the one part
//! that it holds. Helpers look for the next loop for a moment, then sleep; nothing runs between calls.
//!
//! Natively helpers are started at the first loop; in the browser they are web workers that call [`help`].

use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::{Condvar, Mutex, PoisonError};

mod arch;

use self::arch::LOOKS;

/// Calls one part of a loop: closure and number of the part.
type Call = unsafe fn(*const (), usize);

struct Pool {
    /// Number of the loop, parts taken, parts there are: 32, 16 and 16 bits. One word, so that a part can
    /// only be taken of the loop that was looked at.
    state: AtomicU64,
    /// The closure of the current loop, and the function that calls it.
    data: AtomicPtr<()>,
    call: AtomicPtr<()>,
    /// Parts of the current loop that are finished.
    finished: AtomicUsize,
    /// A part has panicked.
    failed: AtomicBool,
    /// A loop is running: there is one at a time.
    busy: AtomicBool,
    helpers: AtomicUsize,
    /// Helpers that sleep on `wake`, and whether the caller sleeps on `done`.
    sleeping: Mutex<()>,
    sleepers: AtomicUsize,
    wake: Condvar,
    waiting: AtomicBool,
    done: Condvar,
}

static POOL: Pool = Pool {
    state: AtomicU64::new(0),
    data: AtomicPtr::new(std::ptr::null_mut()),
    call: AtomicPtr::new(std::ptr::null_mut()),
    finished: AtomicUsize::new(0),
    failed: AtomicBool::new(false),
    busy: AtomicBool::new(false),
    helpers: AtomicUsize::new(0),
    sleeping: Mutex::new(()),
    sleepers: AtomicUsize::new(0),
    wake: Condvar::new(),
    waiting: AtomicBool::new(false),
    done: Condvar::new(),
};

/// The most parts that `state` can count; a loop of more runs on the calling thread.
const MOST_PARTS: usize = u16::MAX as usize;

/// Threads that work on a loop: the caller and its helpers.
pub fn threads() -> usize {
    arch::start_helpers(help);
    1 + POOL.helpers.load(Relaxed)
}

/// Makes the calling thread a helper, for good.
pub fn help() -> ! {
    POOL.helpers.fetch_add(1, Relaxed);
    let mut seen = POOL.state.load(Acquire);
    loop {
        // The caller is told of a panic by `Finished`; the helper goes on.
        let _ = std::panic::catch_unwind(work);
        seen = next(seen);
    }
}

/// Waits until there is something to take that was not there at `seen`.
fn next(seen: u64) -> u64 {
    let new = |state: u64| state >> 32 != seen >> 32;
    for _ in 0..LOOKS {
        let state = POOL.state.load(Acquire);
        if new(state) {
            return state;
        }
        std::hint::spin_loop();
    }
    let mut sleeping = POOL.sleeping.lock().unwrap_or_else(PoisonError::into_inner);
    POOL.sleepers.fetch_add(1, SeqCst);
    let state = loop {
        let state = POOL.state.load(SeqCst);
        if new(state) {
            break state;
        }
        sleeping = POOL
            .wake
            .wait(sleeping)
            .unwrap_or_else(PoisonError::into_inner);
    };
    POOL.sleepers.fetch_sub(1, SeqCst);
    drop(sleeping);
    state
}

/// Takes parts of the current loop until none is left.
fn work() {
    loop {
        let state = POOL.state.load(Acquire);
        let (taken, parts) = (state >> 16 & 0xffff, state & 0xffff);
        if taken == parts {
            return;
        }
        let (data, call) = (POOL.data.load(Relaxed), POOL.call.load(Relaxed));
        // Succeeds only while the loop is the one that was looked at and this part is free. Then it was
        // running all the time since (a loop ends only when all parts are finished), so `data` and `call`
        // are its own.
        if POOL
            .state
            .compare_exchange_weak(state, state + (1 << 16), AcqRel, Relaxed)
            .is_err()
        {
            continue;
        }
        let _finished = Finished;
        // SAFETY: `for_each` stored a `Call` that fits the closure behind `data`, and does not return
        // before this part is finished.
        unsafe {
            let call: Call = std::mem::transmute::<*mut (), Call>(call);
            call(data, taken as usize);
        }
    }
}

/// Counts a part as finished, whatever became of it.
struct Finished;

impl Drop for Finished {
    fn drop(&mut self) {
        if std::thread::panicking() {
            POOL.failed.store(true, Relaxed);
        }
        POOL.finished.fetch_add(1, SeqCst);
        if POOL.waiting.load(SeqCst) {
            drop(POOL.sleeping.lock().unwrap_or_else(PoisonError::into_inner));
            POOL.done.notify_all();
        }
    }
}

/// Calls `part(0)` to `part(parts - 1)`, in any order, on all threads; returns when all are finished. A
/// loop inside another, or beside one of another thread, runs on the calling thread alone.
///
/// # Panics
/// If a part does.
pub fn for_each(parts: usize, part: impl Fn(usize) + Sync) {
    let alone = || (0..parts).for_each(&part);
    if parts < 2 || threads() == 1 || parts > MOST_PARTS {
        return alone();
    }
    if POOL.busy.swap(true, Acquire) {
        return alone();
    }
    run(parts, &part);
}

fn run<F: Fn(usize) + Sync>(parts: usize, part: &F) {
    /// # Safety
    /// `data` points to an `F`.
    unsafe fn call<F: Fn(usize)>(data: *const (), index: usize) {
        // SAFETY: `data` is the `part` below, which lives until the loop has ended.
        let part = unsafe { &*data.cast::<F>() };
        part(index);
    }
    /// Ends the loop, also where a part of the caller's panics: no helper may hold `part` after this.
    struct End(usize);
    impl Drop for End {
        fn drop(&mut self) {
            // After a panic of the caller's some parts may not be taken yet: take them, and leave them.
            let mut left = POOL.state.load(Acquire);
            while left >> 16 & 0xffff != left & 0xffff {
                match POOL
                    .state
                    .compare_exchange(left, left + (1 << 16), AcqRel, Acquire)
                {
                    Ok(_) => {
                        POOL.finished.fetch_add(1, SeqCst);
                        left = POOL.state.load(Acquire);
                    }
                    Err(now) => left = now,
                }
            }
            wait(self.0);
            POOL.busy.store(false, Release);
        }
    }

    POOL.finished.store(0, Relaxed);
    POOL.failed.store(false, Relaxed);
    POOL.data
        .store(std::ptr::from_ref(part).cast_mut().cast(), Relaxed);
    POOL.call.store(call::<F> as Call as *mut (), Relaxed);
    let number = (POOL.state.load(Relaxed) >> 32).wrapping_add(1) as u32;
    let end = End(parts);
    POOL.state
        .store(u64::from(number) << 32 | parts as u64, SeqCst);
    if POOL.sleepers.load(SeqCst) > 0 {
        drop(POOL.sleeping.lock().unwrap_or_else(PoisonError::into_inner));
        POOL.wake.notify_all();
    }
    work();
    drop(end);
    assert!(
        !POOL.failed.load(Relaxed),
        "a part of a parallel loop panicked"
    );
}

/// Waits for the helpers' last parts.
fn wait(parts: usize) {
    for _ in 0..LOOKS {
        if POOL.finished.load(Acquire) == parts {
            return;
        }
        std::hint::spin_loop();
    }
    let mut sleeping = POOL.sleeping.lock().unwrap_or_else(PoisonError::into_inner);
    POOL.waiting.store(true, SeqCst);
    while POOL.finished.load(SeqCst) != parts {
        sleeping = POOL
            .done
            .wait(sleeping)
            .unwrap_or_else(PoisonError::into_inner);
    }
    POOL.waiting.store(false, SeqCst);
}

/// Calls `work(index, chunk)` for consecutive chunks of `chunk` elements (the last may be shorter).
pub fn for_each_chunk<T: Send>(
    values: &mut [T],
    chunk: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    struct Start<T>(*mut T);
    // SAFETY: the parts below use different elements.
    unsafe impl<T: Send> Sync for Start<T> {}
    let len = values.len();
    let start = Start(values.as_mut_ptr());
    for_each(len.div_ceil(chunk), |index| {
        let start = &start;
        let at = index * chunk;
        // SAFETY: `at..at + chunk`, cut at `len`, belongs to this part alone, and `values` is borrowed.
        let chunk = unsafe { std::slice::from_raw_parts_mut(start.0.add(at), chunk.min(len - at)) };
        work(index, chunk);
    });
}

/// Calls `work(first row, rows)` for parts of `values`, which is rows of `size` values; in one part where
/// there are too few bytes to be worth calling other threads for.
pub fn for_each_rows<T: Send>(
    values: &mut [T],
    size: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    const SHARED: usize = 1 << 16;
    let rows = values.len() / size;
    let rows = if size_of_val(values) < SHARED {
        rows
    } else {
        rows.div_ceil(4 * threads())
    };
    let rows = rows.max(1);
    for_each_chunk(values, rows * size, |index, values| {
        work(index * rows, values)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_runs_once() {
        for parts in [0, 1, 2, 3, 100, 5000] {
            let counts: Vec<AtomicUsize> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
            for _ in 0..50 {
                for_each(parts, |part| {
                    counts[part].fetch_add(1, Relaxed);
                });
            }
            assert!(
                counts.iter().all(|count| count.load(Relaxed) == 50),
                "{parts}"
            );
        }
    }

    #[test]
    fn loops_in_loops_and_beside_each_other() {
        let total = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        for_each(8, |_| {
                            for_each(4, |_| {
                                total.fetch_add(1, Relaxed);
                            });
                        });
                    }
                });
            }
        });
        assert_eq!(total.load(Relaxed), 4 * 500 * 8 * 4);
    }

    #[test]
    fn helpers_wake_after_a_pause() {
        for _ in 0..20 {
            let sum = AtomicUsize::new(0);
            for_each(64, |part| {
                sum.fetch_add(part, Relaxed);
            });
            assert_eq!(sum.load(Relaxed), 64 * 63 / 2);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }

    /// Waits for a minute, which no pool needs: sleepers are what is asserted, not a time.
    #[test]
    fn helpers_sleep_when_nothing_runs() {
        let helpers = std::thread::available_parallelism().map_or(1, usize::from) - 1;
        for_each(64, |_| {});
        let asleep = (0..60_000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(1));
            POOL.sleepers.load(SeqCst) == helpers
        });
        assert!(asleep, "helpers still look for work");
    }

    #[test]
    fn a_panic_comes_back_and_the_pool_lives_on() {
        for bad in [0, 7, 63] {
            let failed = std::panic::catch_unwind(|| {
                for_each(64, |part| assert_ne!(part, bad, "on purpose"));
            });
            assert!(failed.is_err());
        }
        every_part_runs_once();
    }

    #[test]
    fn chunks_cover_everything() {
        let mut values = vec![0; 1003];
        for_each_chunk(&mut values, 10, |index, chunk| {
            chunk.iter_mut().for_each(|value| *value = index);
        });
        assert!(values
            .iter()
            .enumerate()
            .all(|(at, &value)| value == at / 10));
    }
}
