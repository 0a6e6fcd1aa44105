//! The one HTTP server: the built site for people, and for tests any folder, any answer and every fault.
//!
//! [`Server`] listens; a [`Site`] says what is answered. A folder's answers are in [`files`], faults that a query
//! asks for in [`faults`], and what a test process decides about in [`control`].

mod connection;
pub mod control;
mod faults;
mod files;
mod headers;
mod hold;
mod http;
mod options;
mod packing;
mod reply;

use crate::failure::{Failure, Result};
use connection::Connection;
use faults::Faults;
pub use faults::HELP as FAULTS_HELP;
pub use headers::{content_type, packs};
use hold::Hold;
use http::Request;
pub use options::Options;
use packing::Packed;
use std::fs;
use std::io::{self, BufReader};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Answers the requests of a server.
pub trait Site: Send + Sync {
    /// Answers one request.
    ///
    /// # Errors
    /// The connection is of no use any more.
    fn answer(&self, request: &Request, connection: &Connection) -> io::Result<()>;

    /// The path under which it stands.
    fn prefix(&self) -> &str {
        "/"
    }
}

/// The headers with which the site is served, isolated.
pub fn site_headers() -> Vec<(String, String)> {
    headers::of_site(true)
}

/// How long a port may take to become free.
const STOPPING: Duration = Duration::from_secs(5);

/// A served folder.
struct Folder {
    options: Options,
    packed: Packed,
    faults: Faults,
}

impl Site for Folder {
    fn answer(&self, request: &Request, connection: &Connection) -> io::Result<()> {
        let mut reply = files::answer(request, &self.options, &self.packed);
        if self.options.faults {
            reply = self.faults.apply(request, reply);
        }
        reply.send(request, connection, |_| {})
    }

    fn prefix(&self) -> &str {
        &self.options.prefix
    }
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    site: Arc<dyn Site>,
}

impl Server {
    /// Serves a folder on 127.0.0.1; port 0 picks a free one.
    pub fn bind(port: u16, options: Options) -> Result<Self> {
        // The canonical folder is what every path is checked against.
        let folder = fs::canonicalize(&options.folder).map_err(|error| {
            Failure::new(format!(
                "Nothing to serve in {}: {error}",
                options.folder.display()
            ))
            .fix("cargo xtask build")
        })?;
        let options = Options { folder, ..options };
        let folder = Folder {
            options,
            packed: Packed::default(),
            faults: Faults::default(),
        };
        Self::bind_site(port, Arc::new(folder))
    }

    /// Serves anything.
    pub fn bind_site(port: u16, site: Arc<dyn Site>) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
            let failure = Failure::new(format!("Could not listen on 127.0.0.1:{port}: {error}"));
            if error.kind() == io::ErrorKind::AddrInUse {
                failure.fix(format!(
                    "stop the other program, or take another port: `cargo xtask serve --port {}`",
                    port.wrapping_add(1)
                ))
            } else {
                failure
            }
        })?;
        Ok(Self { listener, site })
    }

    /// The address a browser opens.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address(), self.site.prefix())
    }

    fn address(&self) -> SocketAddr {
        self.listener
            .local_addr()
            .unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// Answers until the process ends.
    pub fn run(self) {
        let handle = Arc::new(Handle::of(&self));
        self.run_until(&handle);
    }

    /// Answers on a thread of its own.
    pub fn spawn(self) -> Arc<Handle> {
        let handle = Arc::new(Handle::of(&self));
        let stops = Arc::clone(&handle);
        thread::spawn(move || self.run_until(&stops));
        handle
    }

    fn run_until(self, handle: &Arc<Handle>) {
        self.take_connections(handle);
        drop(self);
        handle.ended.release();
    }

    fn take_connections(&self, handle: &Arc<Handle>) {
        for stream in self.listener.incoming() {
            if handle.stopped.load(Ordering::SeqCst) {
                return;
            }
            // A connection that failed to open concerns nobody else.
            let Ok(stream) = stream else { continue };
            let Some(ticket) = handle.admit(&stream) else {
                continue;
            };
            let (site, handle) = (Arc::clone(&self.site), Arc::clone(handle));
            thread::spawn(move || {
                let _ = serve_connection(stream, &*site);
                handle.forget(ticket);
            });
        }
    }
}

/// Stops a server that runs on another thread.
pub struct Handle {
    address: SocketAddr,
    stopped: AtomicBool,
    /// Released when the port is free.
    ended: Hold,
    open: Mutex<Open>,
}

/// The connections of a server.
#[derive(Default)]
struct Open {
    unreachable: bool,
    next: u64,
    streams: Vec<(u64, TcpStream)>,
}

impl Handle {
    fn of(server: &Server) -> Self {
        Self {
            address: server.address(),
            stopped: AtomicBool::new(false),
            ended: Hold::default(),
            open: Mutex::default(),
        }
    }

    /// Whether it answers at all; if not, connections that are open break.
    pub fn set_reachable(&self, reachable: bool) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.unreachable = !reachable;
        if !reachable {
            for (_, stream) in &open.streams {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }

    /// Breaks all connections and gives the port back.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.set_reachable(false);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address);
        self.ended.wait_for(STOPPING);
    }

    fn admit(&self, stream: &TcpStream) -> Option<u64> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.unreachable {
            return None;
        }
        let ticket = open.next;
        open.next += 1;
        open.streams.push((ticket, stream.try_clone().ok()?));
        Some(ticket)
    }

    fn forget(&self, ticket: u64) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.streams.retain(|(known, _)| *known != ticket);
    }
}

fn serve_connection(stream: TcpStream, site: &dyn Site) -> io::Result<()> {
    let connection = Connection::new(stream.try_clone()?)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        site.answer(&request, &connection)?;
        if !request.keep_alive {
            break;
        }
    }
    // The handle has the stream too: only this ends the connection.
    connection.close();
    Ok(())
}

#[cfg(test)]
mod tests;
