//! Requests, and the encodings of addresses and query strings.

use std::io::{self, BufRead, Read};

/// A request line or header longer than this is refused.
const LINE_LIMIT: u64 = 16 * 1024;

/// More headers than this are refused.
const HEADER_LIMIT: usize = 100;

/// A request without its body, which is never read.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `HEAD`, …
    pub method: String,
    /// The path with its query, as it was sent.
    pub target: String,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// Whether the connection is used for another request afterwards.
    pub keep_alive: bool,
}

impl Request {
    /// The next request of a connection; nothing when the client is done.
    pub fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Ok(None);
        }
        let mut words = line.split_ascii_whitespace();
        let mut request = Self {
            method: words.next().unwrap_or_default().to_owned(),
            target: words.next().unwrap_or_default().to_owned(),
            headers: Vec::new(),
            keep_alive: words.next() == Some("HTTP/1.1"),
        };
        loop {
            let line = read_line(reader)?;
            if line.is_empty() {
                break;
            }
            if request.headers.len() == HEADER_LIMIT {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if let Some((name, value)) = line.split_once(':') {
                let name = name.to_ascii_lowercase();
                request.headers.push((name, value.trim().to_owned()));
            }
        }
        // A body is never read: after one the connection cannot be understood.
        let has_body = request.header("content-length").is_some_and(|n| n != "0")
            || request.header("transfer-encoding").is_some();
        let closes = request
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        request.keep_alive &= !has_body && !closes;
        Ok(Some(request))
    }

    /// The value of the last header of this name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The path, still encoded.
    pub fn path(&self) -> &str {
        self.target.split(['?', '#']).next().unwrap_or_default()
    }

    /// The query, still encoded.
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.take(LINE_LIMIT).read_until(b'\n', &mut line)?;
    if line.len() as u64 == LINE_LIMIT {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// Takes `%41` apart; nothing where that is no UTF-8 or no hexadecimal number.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push((high * 16 + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The fields of a query string, in order, as `URLSearchParams` writes them.
pub fn parse_query(query: &str) -> Option<Vec<(String, String)>> {
    let decode = |text: &str| percent_decode(&text.replace('+', " "));
    query
        .split('&')
        .filter(|field| !field.is_empty())
        .map(|field| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// A query string of these fields, as `URLSearchParams` reads it.
pub fn write_query<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (name, value) in fields {
        if !query.is_empty() {
            query.push('&');
        }
        encode(name, &mut query);
        query.push('=');
        encode(value, &mut query);
    }
    query
}

fn encode(text: &str, to: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
            to.push(char::from(byte));
        } else {
            to.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_with_their_headers() {
        let mut text = &b"GET /a?b=1 HTTP/1.1\r\nRange: bytes=1-\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n"[..];
        let first = Request::read(&mut text).unwrap().unwrap();
        assert_eq!((first.path(), first.query()), ("/a", "b=1"));
        assert_eq!(first.header("range"), Some("bytes=1-"));
        assert!(first.keep_alive);
        assert!(!Request::read(&mut text).unwrap().unwrap().keep_alive);
        assert!(Request::read(&mut text).unwrap().is_none());
    }

    #[test]
    fn a_request_that_never_ends_is_refused() {
        let line = [b"GET /".as_slice(), &vec![b'a'; LINE_LIMIT as usize]].concat();
        assert!(Request::read(&mut &line[..]).is_err());
        let headers = [
            b"GET / HTTP/1.1\r\n".as_slice(),
            &b"a: b\r\n".repeat(HEADER_LIMIT + 1),
        ];
        assert!(Request::read(&mut &headers.concat()[..]).is_err());
    }

    #[test]
    fn a_body_ends_the_connection() {
        let mut text = &b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"[..];
        assert!(!Request::read(&mut text).unwrap().unwrap().keep_alive);
    }

    #[test]
    fn query_strings_there_and_back() {
        let fields = [("a b", "1&2"), ("ü", "=%\n"), ("", "")];
        let parsed = parse_query(&write_query(fields)).unwrap();
        let parsed: Vec<_> = parsed.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(parsed, fields);
        // As URLSearchParams writes them.
        let written = parse_query("a+b=1%2B2&c").unwrap();
        assert_eq!(written[0], ("a b".into(), "1+2".into()));
        assert_eq!(written[1], ("c".into(), String::new()));
        assert_eq!(parse_query("a=%zz"), None);
    }
}
