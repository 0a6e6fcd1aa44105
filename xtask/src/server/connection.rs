//! A connection of a client.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// A browser keeps idle connections open; they must not hold threads for ever.
const IDLE: Duration = Duration::from_secs(60);

/// The side of a connection that is written to. One thread serves it: nobody reads while it writes.
pub struct Connection {
    stream: TcpStream,
}

impl Connection {
    /// Writes to this stream.
    pub fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_read_timeout(Some(IDLE))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream })
    }

    /// Writes all bytes.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.stream).write_all(bytes)
    }

    /// Whether the client has closed it.
    pub fn is_gone(&self) -> bool {
        let short = Some(Duration::from_millis(1));
        if self.stream.set_read_timeout(short).is_err() {
            return true;
        }
        let peeked = self.stream.peek(&mut [0]);
        let _ = self.stream.set_read_timeout(Some(IDLE));
        match peeked {
            Ok(count) => count == 0,
            Err(error) => !matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
            ),
        }
    }

    /// Ends it; what was written still goes out.
    pub fn close(&self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}
