//! Answers as data: a status, headers, a body of several parts, and how all of it goes wrong on the way.

use super::connection::Connection;
use super::hold::Hold;
use super::http::Request;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Bytes that are written in one go where nothing slows them down.
const PIECE: u64 = 1 << 18;

/// A slowed answer is written so many times a second.
const PIECES_PER_SECOND: u64 = 20;

/// A piece of a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file, as long as it is now.
    File(PathBuf, u64),
    /// As many zeros.
    Zeros(u64),
}

impl Part {
    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, length) | Self::Zeros(length) => *length,
        }
    }
}

/// What happens to a body on its way.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// The connection ends after so many bytes of the body.
    pub cut: Option<u64>,
    /// Bytes a second.
    pub rate: Option<u64>,
    /// Waits once so many bytes of the body were written, until it is released.
    pub hold: Option<(u64, Arc<Hold>)>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Such as 404.
    pub status: u16,
    /// In order; a `Content-Length` among them is sent as it is, true or not.
    pub headers: Vec<(String, String)>,
    /// One part after the other.
    pub body: Vec<Part>,
    /// Whether a range that was asked for is given, with an `ETag` among the headers for `If-Range`.
    pub ranges: bool,
    /// What happens on the way.
    pub delivery: Delivery,
}

impl Reply {
    /// An answer without a body.
    pub fn empty(status: u16, headers: Vec<(String, String)>) -> Self {
        Self {
            status,
            headers,
            body: Vec::new(),
            ranges: false,
            delivery: Delivery::default(),
        }
    }

    /// An answer whose body is its own status.
    pub fn short(status: u16, mut headers: Vec<(String, String)>) -> Self {
        let said = format!("{status} {}", reason(status));
        headers.push(("Content-Type".into(), "text/plain; charset=utf-8".into()));
        Self {
            body: vec![Part::Bytes(said.into_bytes())],
            ..Self::empty(status, headers)
        }
    }

    fn has_header(&self, name: &str) -> bool {
        self.headers
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Makes it the part of itself that was asked for. Returns the first byte and the one after the last.
    fn take_range(&mut self, request: &Request) -> (u64, u64) {
        let size = self.body.iter().map(Part::len).sum();
        if !self.ranges || self.status != 200 {
            return (0, size);
        }
        self.headers.push(("Accept-Ranges".into(), "bytes".into()));
        // A range of another version of the file would be spliced into the wrong bytes.
        let same_version = request
            .header("if-range")
            .is_none_or(|tag| Some(tag) == self.header("etag"));
        let range = request.header("range").filter(|_| same_version);
        match range.map_or(Range::Whole, |range| parse_range(range, size)) {
            Range::Whole => (0, size),
            Range::Part { start, end } => {
                self.status = 206;
                self.headers.push((
                    "Content-Range".into(),
                    format!("bytes {start}-{}/{size}", end - 1),
                ));
                (start, end)
            }
            Range::Impossible => {
                self.status = 416;
                self.headers
                    .push(("Content-Range".into(), format!("bytes */{size}")));
                (0, 0)
            }
        }
    }

    /// Writes it. `sent` is told how many bytes of the body are about to go out.
    ///
    /// # Errors
    /// The client is gone, or the answer was cut on purpose: the connection is of no use any more.
    pub fn send(
        mut self,
        request: &Request,
        connection: &Connection,
        mut sent: impl FnMut(u64),
    ) -> io::Result<()> {
        let (start, end) = self.take_range(request);
        let bodiless = matches!(self.status, 204 | 304);
        if !bodiless && !self.has_header("content-length") {
            self.headers
                .push(("Content-Length".into(), (end - start).to_string()));
        }
        connection.write(self.head(request.keep_alive).as_bytes())?;
        if bodiless || request.method == "HEAD" {
            return Ok(());
        }
        let cut = self.delivery.cut.unwrap_or(u64::MAX).min(end - start);
        let piece = match self.delivery.rate {
            Some(rate) => (rate / PIECES_PER_SECOND).max(1),
            None => PIECE,
        };
        let mut body = Body::new(&self.body, start)?;
        let mut at = 0;
        while at < cut {
            self.hold(at, connection)?;
            let bytes = body.read(piece.min(cut - at) as usize)?;
            sent(bytes.len() as u64);
            connection.write(&bytes)?;
            at += bytes.len() as u64;
            if self.delivery.rate.is_some() {
                thread::sleep(Duration::from_millis(1000 / PIECES_PER_SECOND));
            }
        }
        self.hold(at, connection)?;
        if at < end - start {
            connection.close();
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }

    fn hold(&self, at: u64, connection: &Connection) -> io::Result<()> {
        match &self.delivery.hold {
            Some((from, hold)) if at >= *from => hold.wait(connection),
            _ => Ok(()),
        }
    }

    fn head(&self, keep_alive: bool) -> String {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            // A line break in a header would begin another one.
            let value = value.replace(['\r', '\n'], " ");
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let connection = if keep_alive { "keep-alive" } else { "close" };
        head.push_str(&format!("Connection: {connection}\r\n\r\n"));
        head
    }
}

/// Reads the parts of a body, one after the other.
struct Body<'a> {
    parts: &'a [Part],
    /// How much of the first part was read.
    at: u64,
    file: Option<File>,
}

impl<'a> Body<'a> {
    fn new(mut parts: &'a [Part], start: u64) -> io::Result<Self> {
        let mut at = start;
        while let [first, rest @ ..] = parts {
            if at < first.len() {
                break;
            }
            at -= first.len();
            parts = rest;
        }
        let mut body = Self {
            parts,
            at,
            file: None,
        };
        body.open()?;
        Ok(body)
    }

    fn open(&mut self) -> io::Result<()> {
        self.file = match self.parts.first() {
            Some(Part::File(path, _)) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(self.at))?;
                Some(file)
            }
            _ => None,
        };
        Ok(())
    }

    /// The next bytes: `limit` at most, and none beyond the part they are in.
    fn read(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        while self.parts.first().is_some_and(|part| self.at == part.len()) {
            self.parts = &self.parts[1..];
            self.at = 0;
            self.open()?;
        }
        let Some(part) = self.parts.first() else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let count = (part.len() - self.at).min(limit as u64) as usize;
        let mut bytes = vec![0; count];
        match part {
            Part::Bytes(all) => bytes.copy_from_slice(&all[self.at as usize..][..count]),
            Part::File(..) => {
                let file = self.file.as_mut().expect("opened with its part");
                file.read_exact(&mut bytes)?;
            }
            Part::Zeros(_) => {}
        }
        self.at += count as u64;
        Ok(bytes)
    }
}

#[derive(Debug, PartialEq)]
enum Range {
    Whole,
    /// From `start` up to, and without, `end`.
    Part {
        start: u64,
        end: u64,
    },
    Impossible,
}

/// One range of bytes; several ranges or other units are answered with the whole file, as RFC 9110 allows.
fn parse_range(header: &str, size: u64) -> Range {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .filter(|ranges| !ranges.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Range::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(last)) if start <= last => (start, last.saturating_add(1).min(size)),
        (Ok(start), Err(_)) if last.is_empty() => (start, size),
        (Err(_), Ok(0)) if first.is_empty() => return Range::Impossible,
        (Err(_), Ok(count)) if first.is_empty() => (size.saturating_sub(count), size),
        _ => return Range::Whole,
    };
    if start >= size {
        return Range::Impossible;
    }
    Range::Part { start, end }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        416 => "Range Not Satisfiable",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_headers() {
        let part = |start, end| Range::Part { start, end };
        assert_eq!(parse_range("bytes=0-", 5), part(0, 5));
        assert_eq!(parse_range("bytes=-2", 5), part(3, 5));
        assert_eq!(parse_range("bytes=-9", 5), part(0, 5));
        assert_eq!(parse_range("bytes=1-99", 5), part(1, 5));
        assert_eq!(parse_range("bytes=2-4", 10), part(2, 5));
        assert_eq!(parse_range("bytes=-0", 5), Range::Impossible);
        assert_eq!(parse_range("bytes=0-0", 0), Range::Impossible);
        assert_eq!(parse_range("bytes=5-", 5), Range::Impossible);
        for whole in [
            "bytes=4-2",
            "bytes=1-2,3-4",
            "lines=1-2",
            "bytes=x-",
            "bytes=-",
        ] {
            assert_eq!(parse_range(whole, 5), Range::Whole, "{whole}");
        }
    }

    #[test]
    fn a_body_is_read_across_its_parts() {
        let parts = [
            Part::Bytes(b"abc".to_vec()),
            Part::Bytes(Vec::new()),
            Part::Zeros(2),
            Part::Bytes(b"de".to_vec()),
        ];
        let read = |start: u64, limit: usize| {
            let mut body = Body::new(&parts, start).unwrap();
            let mut bytes = Vec::new();
            while let Ok(more) = body.read(limit) {
                bytes.extend(more);
            }
            bytes
        };
        assert_eq!(read(0, 2), b"abc\0\0de");
        assert_eq!(read(2, 100), b"c\0\0de");
        assert_eq!(read(6, 1), b"e");
        assert_eq!(read(7, 1), b"");
    }
}
