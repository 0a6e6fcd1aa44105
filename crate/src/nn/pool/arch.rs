//! How helpers come to be: the only file of the pool that asks what the build is for.

#[cfg(target_arch = "wasm32")]
pub use browser::{start_helpers, LOOKS};
#[cfg(not(target_arch = "wasm32"))]
pub use native::{start_helpers, LOOKS};

#[cfg(not(target_arch = "wasm32"))]
mod native {
    /// Looks for a new loop before sleeping: some 100 µs, longer than the pauses between the loops of a token. The
    /// processor pauses between looks.
    pub const LOOKS: u32 = 2000;

    /// Starts a thread that runs `help` for each core but the caller's, once.
    pub fn start_helpers(help: fn() -> !) {
        static STARTED: std::sync::Once = std::sync::Once::new();
        STARTED.call_once(|| {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            for _ in 1..cores {
                // Without the memory for another thread there are fewer.
                let _ = std::thread::Builder::new()
                    .name("cloze helper".into())
                    .spawn(move || help());
            }
        });
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    /// As long as natively; in wasm the processor cannot be asked to pause.
    pub const LOOKS: u32 = 60_000;

    /// Starts nothing: helpers are web workers that JavaScript starts.
    pub fn start_helpers(_: fn() -> !) {}
}
