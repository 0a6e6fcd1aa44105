//! `xtask serve-tests`: servers for a test process, which says on standard input what is served and decides about
//! answers. One line is one message, written as a query string; `tests/server/client.mjs` is the other side.
//!
//! | to the server | |
//! |---|---|
//! | `do=folder&site=1&folder=…&prefix=/&isolated=1&fallback=1&links=1&packs=1` | serves a folder |
//! | `do=asking&site=2` | serves whatever the test decides at each request |
//! | `do=reply&request=7&status=200&header=ETag: "1"&text=…&hex=00ff&file=/tmp/x&zeros=9&ranges=1&cut=9&rate=9&hold=9` | the answer to a request; the parts of its body in order |
//! | `do=drop&request=7` | breaks the connection instead |
//! | `do=release&request=7` | lets an answer go on that is held |
//! | `do=reachable&site=2&is=0` | breaks its connections and takes no more |
//! | `do=stop&site=2` | gives its port back |
//!
//! | from the server | |
//! |---|---|
//! | `policy=…` | first of all: the Content-Security-Policy of served folders |
//! | `serving=1&url=http://127.0.0.1:4000/` | a site is there; `failed=1&why=…` where it is not |
//! | `asked=7&site=2&method=GET&target=/a?b&header=range: bytes=1-` | a request waits for its reply |
//! | `sent=7&bytes=100` | bytes of a body are about to go out |
//! | `ended=7&whole=1` | an answer is over; not whole where it was cut or the client left |
//! | `stopped=2` | a site's port is free |
//!
//! The end of standard input ends the process.

use super::connection::Connection;
use super::hold::Hold;
use super::http::{parse_query, write_query, Request};
use super::options::Options;
use super::reply::{Delivery, Part, Reply};
use super::{headers, Handle, Server, Site};
use crate::failure::{Failure, Result};
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{channel, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long it takes at most to notice that a client left before it was answered.
const LOOK: Duration = Duration::from_millis(20);

/// Serves until `input` ends.
pub fn run(input: impl BufRead, output: impl Write + Send + 'static) -> Result {
    let desk = Arc::new(Desk {
        output: Mutex::new(Box::new(output)),
        waiting: Mutex::default(),
        next: AtomicU64::new(1),
    });
    desk.say(&[("policy", headers::CONTENT_SECURITY_POLICY)]);
    let mut sites = HashMap::new();
    for line in input.lines() {
        // A test process that was killed leaves half a line.
        let Ok(line) = line else { break };
        let message = Message::parse(&line)?;
        desk.obey(&message, &mut sites)?;
    }
    for handle in sites.into_values() {
        handle.stop();
    }
    Ok(())
}

/// A line from the test process.
struct Message(Vec<(String, String)>);

impl Message {
    fn parse(line: &str) -> Result<Self> {
        parse_query(line)
            .map(Self)
            .ok_or_else(|| Failure::new(format!("No message: {line}")))
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    fn is(&self, name: &str) -> bool {
        self.get(name) == Some("1")
    }

    fn options(&self) -> Options {
        let mut options = Options::new(PathBuf::from(self.get("folder").unwrap_or_default()));
        options.prefix = self.get("prefix").unwrap_or("/").to_owned();
        options.isolated = self.is("isolated");
        options.fallback = self.is("fallback");
        options.links = self.is("links");
        options.packs = self.is("packs");
        options
    }

    /// The answer that it describes.
    fn reply(&self, hold: &Arc<Hold>) -> Result<Reply> {
        let mut reply = Reply::empty(self.number("status").unwrap_or(200) as u16, Vec::new());
        for (name, value) in &self.0 {
            match &**name {
                "header" => {
                    let (name, value) = value.split_once(": ").unwrap_or((value, ""));
                    reply.headers.push((name.to_owned(), value.to_owned()));
                }
                "text" => reply.body.push(Part::Bytes(value.clone().into_bytes())),
                "hex" => reply.body.push(Part::Bytes(parse_hex(value)?)),
                "zeros" => reply.body.push(Part::Zeros(number(value)?)),
                "file" => {
                    let length = std::fs::metadata(value).map(|found| found.len());
                    let length = length
                        .map_err(|error| Failure::new(format!("No file {value}: {error}")))?;
                    reply.body.push(Part::File(PathBuf::from(value), length));
                }
                _ => {}
            }
        }
        reply.ranges = self.is("ranges");
        reply.delivery = Delivery {
            cut: self.number("cut"),
            rate: self.number("rate"),
            hold: self.number("hold").map(|at| (at, Arc::clone(hold))),
        };
        Ok(reply)
    }
}

fn number(text: &str) -> Result<u64> {
    text.parse()
        .map_err(|_| Failure::new(format!("{text} is no number")))
}

fn parse_hex(text: &str) -> Result<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::new("An odd number in hexadecimal"))
}

/// A request that is being answered.
struct Pending {
    /// Nothing: the connection is to break.
    reply: Sender<Option<Reply>>,
    hold: Arc<Hold>,
}

/// Where the test process and the threads of the requests meet.
struct Desk {
    output: Mutex<Box<dyn Write + Send>>,
    waiting: Mutex<HashMap<u64, Pending>>,
    next: AtomicU64,
}

impl Desk {
    fn say(&self, fields: &[(&str, &str)]) {
        let mut line = write_query(fields.iter().copied());
        line.push('\n');
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        // A test process that is gone hears nothing; the end of its input ends this process.
        let _ = output
            .write_all(line.as_bytes())
            .and_then(|()| output.flush());
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Pending>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn obey(self: &Arc<Self>, message: &Message, sites: &mut HashMap<u64, Arc<Handle>>) -> Result {
        let site = message.number("site").unwrap_or_default();
        match message.get("do").unwrap_or_default() {
            "folder" => self.start(site, Server::bind(0, message.options()), sites),
            "asking" => {
                let desk = Arc::clone(self);
                let server = Server::bind_site(0, Arc::new(Asking { site, desk }));
                self.start(site, server, sites);
            }
            "reachable" => {
                if let Some(handle) = sites.get(&site) {
                    handle.set_reachable(message.is("is"));
                }
            }
            "stop" => {
                if let Some(handle) = sites.remove(&site) {
                    handle.stop();
                }
                self.say(&[("stopped", &site.to_string())]);
            }
            "reply" => self.reply(message, |hold| message.reply(hold).map(Some))?,
            "drop" => self.reply(message, |_| Ok(None))?,
            "release" => {
                let request = message.number("request").unwrap_or_default();
                if let Some(pending) = self.waiting().get(&request) {
                    pending.hold.release();
                }
            }
            other => return Err(Failure::new(format!("No message: do={other}"))),
        }
        Ok(())
    }

    fn start(&self, site: u64, server: Result<Server>, sites: &mut HashMap<u64, Arc<Handle>>) {
        match server {
            Ok(server) => {
                let url = server.url();
                sites.insert(site, server.spawn());
                self.say(&[("serving", &site.to_string()), ("url", &url)]);
            }
            Err(failure) => {
                self.say(&[("failed", &site.to_string()), ("why", &failure.to_string())])
            }
        }
    }

    fn reply(
        &self,
        message: &Message,
        make: impl FnOnce(&Arc<Hold>) -> Result<Option<Reply>>,
    ) -> Result {
        let request = message.number("request").unwrap_or_default();
        let waiting = self.waiting();
        // The client may have left meanwhile.
        let Some(pending) = waiting.get(&request) else {
            return Ok(());
        };
        let _ = pending.reply.send(make(&pending.hold)?);
        Ok(())
    }
}

/// A site whose every answer the test process decides.
struct Asking {
    site: u64,
    desk: Arc<Desk>,
}

impl Site for Asking {
    fn answer(&self, request: &Request, connection: &Connection) -> io::Result<()> {
        let id = self.desk.next.fetch_add(1, Ordering::SeqCst);
        let (reply, replies) = channel();
        let hold = Arc::new(Hold::default());
        self.desk.waiting().insert(id, Pending { reply, hold });
        let (number, site) = (id.to_string(), self.site.to_string());
        let headers: Vec<_> = request
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let mut asked = vec![
            ("asked", &*number),
            ("site", &site),
            ("method", &request.method),
            ("target", &request.target),
        ];
        asked.extend(headers.iter().map(|header| ("header", header.as_str())));
        self.desk.say(&asked);
        let ended = loop {
            match replies.recv_timeout(LOOK) {
                Ok(None) => break Err(io::ErrorKind::ConnectionAborted.into()),
                Ok(Some(reply)) => {
                    break reply.send(request, connection, |bytes| {
                        self.desk
                            .say(&[("sent", &number), ("bytes", &bytes.to_string())]);
                    })
                }
                Err(RecvTimeoutError::Timeout) if !connection.is_gone() => {}
                Err(_) => break Err(io::ErrorKind::ConnectionAborted.into()),
            }
        };
        self.desk.waiting().remove(&id);
        let whole = if ended.is_ok() { "1" } else { "0" };
        self.desk.say(&[("ended", &number), ("whole", whole)]);
        ended
    }
}
