//! A place where an answer waits until it is let go on.

use super::connection::Connection;
use std::io;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long it takes at most to notice that the client has left.
const LOOK: Duration = Duration::from_millis(20);

/// Closed at first; once released it stays open.
#[derive(Debug, Default)]
pub struct Hold {
    released: Mutex<bool>,
    changed: Condvar,
}

impl Hold {
    /// Lets everything go on that waits here, now and later.
    pub fn release(&self) {
        *self.released.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits for the release, but no longer than that.
    pub fn wait_for(&self, limit: Duration) {
        let released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self
            .changed
            .wait_timeout_while(released, limit, |released| !*released);
    }

    /// Waits for the release.
    ///
    /// # Errors
    /// The client left meanwhile.
    pub fn wait(&self, connection: &Connection) -> io::Result<()> {
        let mut released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        while !*released {
            (released, _) = self
                .changed
                .wait_timeout(released, LOOK)
                .unwrap_or_else(PoisonError::into_inner);
            if !*released && connection.is_gone() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
        }
        Ok(())
    }
}
