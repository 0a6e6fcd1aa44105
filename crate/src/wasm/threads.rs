//! rayon's global pool on web workers.
//!
//! wasm cannot start threads by itself: JavaScript starts the workers, each of which instantiates
//! this module on the same memory and calls [`start_thread`], where it waits for its part of the
//! pool. The idea is wasm-bindgen-rayon's; the JavaScript side is our own (`pkg/src/thread.ts`),
//! because blob workers would break a strict Content-Security-Policy.

use crossbeam_channel::{bounded, Receiver, Sender};
use rayon::ThreadBuilder;
use wasm_bindgen::prelude::*;

use super::error;
use crate::error::Error;

/// Hands threads to the workers that wait in [`start_thread`].
#[wasm_bindgen]
pub struct ThreadPoolBuilder {
    num_threads: usize,
    sender: Sender<ThreadBuilder>,
    receiver: &'static Receiver<ThreadBuilder>,
}

#[wasm_bindgen]
impl ThreadPoolBuilder {
    /// A pool of `num_threads` (at least 1), not built yet.
    #[wasm_bindgen(constructor)]
    pub fn new(num_threads: usize) -> Self {
        let num_threads = num_threads.max(1);
        let (sender, receiver) = bounded(num_threads);
        // One pool per instance lives as long as the instance: leaking the receiver makes its address
        // valid for every worker, whenever it comes.
        Self {
            num_threads,
            sender,
            receiver: Box::leak(Box::new(receiver)),
        }
    }

    /// What each worker passes to `startThread`.
    pub fn receiver(&self) -> usize {
        std::ptr::from_ref(self.receiver) as usize
    }

    /// Builds the global pool; all workers must have said that they are ready.
    pub fn build(&self) -> Result<(), JsValue> {
        let sender = self.sender.clone();
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.num_threads)
            .spawn_handler(move |thread| {
                let gone = |_| std::io::Error::other("no worker waits for its thread");
                sender.send(thread).map_err(gone)
            })
            .build_global()
            .map_err(|failed| {
                error::to_js(Error::Internal(format!(
                    "the thread pool did not start: {failed}"
                )))
            })
    }
}

/// Runs one thread of the pool in the calling worker; returns only when the pool ends.
#[wasm_bindgen(js_name = startThread)]
pub fn start_thread(receiver: usize) {
    // SAFETY: only `pkg/src/thread.ts` calls this, with the address that `ThreadPoolBuilder::receiver`
    // gave out for this memory; what it points to is leaked, so it is alive, and `Receiver` is `Sync`.
    let receiver = unsafe { &*(receiver as *const Receiver<ThreadBuilder>) };
    if let Ok(thread) = receiver.recv() {
        thread.run();
    }
}
