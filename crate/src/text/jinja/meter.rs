//! How much work a template may be.

use std::cell::Cell;

use super::fault::{Fault, Result};

/// Steps of a template. A message takes some 50.
const STEPS: u64 = 5_000_000;
/// Bytes that a template may make in all, what it has forgotten since included.
const BYTES: usize = 128_000_000;
/// And for each byte that it is given: templates that add a conversation up copy it again and again.
const BYTES_OF_INPUT: usize = 64;
/// How deep expressions, blocks and macros may be within each other while they run.
const DEPTH: usize = 250;

/// Counts down what is left.
pub(super) struct Meter {
    steps: Cell<u64>,
    bytes: Cell<usize>,
    depth: Cell<usize>,
}

impl Meter {
    /// For a template that is given `input` bytes.
    pub fn new(input: usize) -> Self {
        Self {
            steps: Cell::new(STEPS),
            bytes: Cell::new(input.saturating_mul(BYTES_OF_INPUT).saturating_add(BYTES)),
            depth: Cell::new(DEPTH),
        }
    }

    pub fn steps(&self, count: usize) -> Result<()> {
        match self.steps.get().checked_sub(count as u64) {
            Some(left) => self.steps.set(left),
            None => return Err(Fault::endless("it does not come to an end")),
        }
        Ok(())
    }

    /// To be asked before the bytes are made.
    pub fn bytes(&self, count: usize) -> Result<()> {
        match self.bytes.get().checked_sub(count) {
            Some(left) => self.bytes.set(left),
            None => return Err(Fault::endless("it writes without end")),
        }
        // A search through a long text is work as well.
        self.steps(count / 256)
    }

    /// Runs `work` a level deeper.
    pub fn deeper<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(left) = self.depth.get().checked_sub(1) else {
            return Err(Fault::endless("it calls itself without end"));
        };
        self.depth.set(left);
        let result = work();
        self.depth.set(left + 1);
        result
    }
}
