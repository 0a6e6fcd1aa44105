//! A small static server: the built site, with the headers that threads and a strict page need.

use crate::failure::{Failure, Result};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

/// No inline script or style, no program from elsewhere, wasm allowed. Models may come from any hub, and
/// from servers on this machine.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' data:; \
     connect-src 'self' https: http://localhost:* http://127.0.0.1:*; worker-src 'self'; \
     font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// A request line or header longer than this is refused.
const LINE_LIMIT: u64 = 16 * 1024;

/// What is served and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder whose files are served.
    pub folder: PathBuf,
    /// Whether COOP and COEP are sent, which shared memory and so threads need.
    pub isolated: bool,
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    options: Arc<Options>,
}

impl Server {
    /// Listens on 127.0.0.1; port 0 picks a free one.
    pub fn bind(port: u16, options: Options) -> Result<Self> {
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
        // The canonical folder is what every path is checked against.
        let folder = fs::canonicalize(&options.folder).map_err(|error| {
            Failure::new(format!(
                "Nothing to serve in {}: {error}",
                options.folder.display()
            ))
            .fix("cargo xtask build")
        })?;
        Ok(Self {
            listener,
            options: Arc::new(Options { folder, ..options }),
        })
    }

    /// The address a browser opens.
    pub fn url(&self) -> String {
        let address = self
            .listener
            .local_addr()
            .unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)));
        format!("http://{address}/")
    }

    /// Answers until the process ends.
    pub fn run(self) {
        for stream in self.listener.incoming() {
            // A connection that failed to open concerns nobody else.
            let Ok(stream) = stream else { continue };
            let options = Arc::clone(&self.options);
            thread::spawn(move || serve_connection(stream, &options));
        }
    }

    /// Answers on a thread of its own until the process ends.
    pub fn spawn(self) {
        thread::spawn(move || self.run());
    }
}

fn serve_connection(stream: TcpStream, options: &Options) {
    // A browser keeps idle connections open; they must not hold threads for ever.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
    let _ = stream.set_nodelay(true);
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    while let Ok(Some(request)) = Request::read(&mut reader) {
        let keep = request.keep_alive;
        if respond(&request, options, &mut writer).is_err() || !keep {
            return;
        }
    }
}

#[derive(Debug)]
struct Request {
    method: String,
    target: String,
    if_none_match: Option<String>,
    range: Option<String>,
    if_range: Option<String>,
    keep_alive: bool,
}

impl Request {
    /// The next request of a connection; nothing when the client is done.
    fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Ok(None);
        }
        let mut words = line.split_ascii_whitespace();
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default().to_owned();
        let mut request = Self {
            method,
            target,
            if_none_match: None,
            range: None,
            if_range: None,
            keep_alive: words.next() == Some("HTTP/1.1"),
        };
        loop {
            let line = read_line(reader)?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match &*name.to_ascii_lowercase() {
                "if-none-match" => request.if_none_match = Some(value.to_owned()),
                "if-range" => request.if_range = Some(value.to_owned()),
                "range" => request.range = Some(value.to_owned()),
                "connection" if value.eq_ignore_ascii_case("close") => request.keep_alive = false,
                // Bodies are never read: after one the connection cannot be understood.
                "content-length" if value != "0" => request.keep_alive = false,
                "transfer-encoding" => request.keep_alive = false,
                _ => {}
            }
        }
        Ok(Some(request))
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

fn respond(request: &Request, options: &Options, writer: &mut impl Write) -> io::Result<()> {
    if request.method != "GET" && request.method != "HEAD" {
        return short(request, options, writer, "405 Method Not Allowed");
    }
    let path = request.target.split(['?', '#']).next().unwrap_or_default();
    let Some(relative) = safe_path(path) else {
        return short(request, options, writer, "400 Bad Request");
    };
    let mut file = options.folder.join(relative);
    if file.is_dir() {
        if !path.ends_with('/') {
            let head = format!("Location: {path}/\r\nContent-Length: 0\r\n");
            return head_only(request, options, writer, "301 Moved Permanently", &head);
        }
        file.push("index.html");
    }
    // Symbolic links may not lead outside either.
    let file = match fs::canonicalize(&file) {
        Ok(file) if file.starts_with(&options.folder) && file.is_file() => file,
        _ => return short(request, options, writer, "404 Not Found"),
    };
    send_file(request, options, writer, &file)
}

fn send_file(
    request: &Request,
    options: &Options,
    writer: &mut impl Write,
    file: &Path,
) -> io::Result<()> {
    let mut opened = File::open(file)?;
    let metadata = opened.metadata()?;
    let size = metadata.len();
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    let etag = format!("\"{size:x}-{:x}\"", modified.as_nanos());
    let known = format!(
        "ETag: {etag}\r\nAccept-Ranges: bytes\r\nContent-Type: {}\r\n",
        content_type(file)
    );
    if let Some(tags) = &request.if_none_match {
        let same =
            |tag: &str| matches!(tag.trim().trim_start_matches("W/"), t if t == etag || t == "*");
        if tags.split(',').any(same) {
            return head_only(request, options, writer, "304 Not Modified", &known);
        }
    }
    // A range of another version of the file would be spliced into the wrong bytes.
    let range = request
        .range
        .as_deref()
        .filter(|_| request.if_range.as_ref().is_none_or(|tag| *tag == etag))
        .map_or(Range::Whole, |range| parse_range(range, size));
    let (status, start, length, extra) = match range {
        Range::Whole => ("200 OK", 0, size, String::new()),
        Range::Part { start, end } => (
            "206 Partial Content",
            start,
            end - start + 1,
            format!("Content-Range: bytes {start}-{end}/{size}\r\n"),
        ),
        Range::Impossible => {
            let head = format!("Content-Range: bytes */{size}\r\nContent-Length: 0\r\n");
            return head_only(request, options, writer, "416 Range Not Satisfiable", &head);
        }
    };
    let head = format!("{known}{extra}Content-Length: {length}\r\n");
    head_only(request, options, writer, status, &head)?;
    if request.method == "GET" {
        opened.seek(SeekFrom::Start(start))?;
        io::copy(&mut opened.take(length), writer)?;
    }
    writer.flush()
}

/// An answer whose body is its own status.
fn short(
    request: &Request,
    options: &Options,
    writer: &mut impl Write,
    status: &str,
) -> io::Result<()> {
    let head = format!(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n",
        status.len()
    );
    head_only(request, options, writer, status, &head)?;
    if request.method != "HEAD" {
        writer.write_all(status.as_bytes())?;
    }
    writer.flush()
}

/// The status and the headers, with those that every answer carries.
fn head_only(
    request: &Request,
    options: &Options,
    writer: &mut impl Write,
    status: &str,
    headers: &str,
) -> io::Result<()> {
    let isolation = if options.isolated {
        "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Embedder-Policy: require-corp\r\n"
    } else {
        ""
    };
    let connection = if request.keep_alive {
        "keep-alive"
    } else {
        "close"
    };
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}{isolation}\
         Cross-Origin-Resource-Policy: same-origin\r\n\
         Content-Security-Policy: {CONTENT_SECURITY_POLICY}\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Referrer-Policy: no-referrer\r\n\
         Cache-Control: no-cache\r\n\
         Connection: {connection}\r\n\r\n"
    );
    writer.write_all(head.as_bytes())
}

#[derive(Debug, PartialEq)]
enum Range {
    Whole,
    Part { start: u64, end: u64 },
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
    let (start, end) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(start), Ok(end)) if start <= end => (start, end.min(size.saturating_sub(1))),
        (Ok(start), Err(_)) if last.trim().is_empty() => (start, size.saturating_sub(1)),
        (Err(_), Ok(count)) if first.trim().is_empty() => {
            if count == 0 {
                return Range::Impossible;
            }
            (size.saturating_sub(count), size.saturating_sub(1))
        }
        _ => return Range::Whole,
    };
    if start >= size {
        return Range::Impossible;
    }
    Range::Part { start, end }
}

/// The path inside the served folder that a request names; nothing if it would leave it.
fn safe_path(path: &str) -> Option<PathBuf> {
    let decoded = percent_decode(path.strip_prefix('/')?)?;
    if decoded.contains(['\\', '\0', ':']) {
        return None;
    }
    let path = PathBuf::from(decoded);
    path.components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        .then_some(path)
}

fn percent_decode(text: &str) -> Option<String> {
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

fn content_type(file: &Path) -> &'static str {
    let extension = file
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    match &*extension {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("xtask-server-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(folder.join("site/sub")).unwrap();
            fs::write(folder.join("secret.txt"), "secret").unwrap();
            fs::write(folder.join("site/index.html"), "<p>home").unwrap();
            fs::write(folder.join("site/sub/index.html"), "<p>sub").unwrap();
            fs::write(folder.join("site/ten.wasm"), "0123456789").unwrap();
            Self(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn ask(folder: &Folder, isolated: bool, request: &str) -> String {
        let options = Options {
            folder: folder.0.join("site"),
            isolated,
        };
        let server = Server::bind(0, options).unwrap();
        let address = server.listener.local_addr().unwrap();
        server.spawn();
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!("{request}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_page_carries_the_policy_and_isolation() {
        let folder = Folder::new("page");
        let answer = ask(&folder, true, "GET /?x=1 HTTP/1.1");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("<p>home"), "{answer}");
        for header in [
            "Cross-Origin-Opener-Policy: same-origin\r\n",
            "Cross-Origin-Embedder-Policy: require-corp\r\n",
            "script-src 'self' 'wasm-unsafe-eval'; style-src 'self';",
            "Content-Type: text/html; charset=utf-8\r\n",
            "Cache-Control: no-cache\r\n",
        ] {
            assert!(answer.contains(header), "{header} in {answer}");
        }
        let plain = ask(&folder, false, "GET / HTTP/1.1");
        assert!(!plain.contains("Opener-Policy"), "{plain}");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let folder = Folder::new("outside");
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.txt", folder.0.join("site/link.txt")).unwrap();
        for path in [
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/sub/../../secret.txt",
            "/..%2fsecret.txt",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/..\\secret.txt",
            "/link.txt",
            "/a%00b",
            "/%zz",
            "secret.txt",
        ] {
            let answer = ask(&folder, true, &format!("GET {path} HTTP/1.1"));
            assert!(answer.starts_with("HTTP/1.1 40"), "{path}: {answer}");
            assert!(!answer.ends_with("secret"), "{path}");
        }
    }

    #[test]
    fn ranges_and_tags() {
        let folder = Folder::new("ranges");
        let answer = ask(&folder, true, "GET /ten.wasm HTTP/1.1\r\nRange: bytes=2-4");
        assert!(answer.starts_with("HTTP/1.1 206"), "{answer}");
        assert!(answer.contains("Content-Range: bytes 2-4/10\r\n"));
        assert!(answer.contains("Content-Type: application/wasm\r\n"));
        assert!(answer.ends_with("\r\n\r\n234"), "{answer}");
        let tag = answer
            .lines()
            .find_map(|line| line.strip_prefix("ETag: "))
            .unwrap()
            .to_owned();
        let again = ask(
            &folder,
            true,
            &format!("GET /ten.wasm HTTP/1.1\r\nIf-None-Match: {tag}"),
        );
        assert!(again.starts_with("HTTP/1.1 304"), "{again}");
        let stale = "GET /ten.wasm HTTP/1.1\r\nRange: bytes=2-4\r\nIf-Range: \"old\"";
        assert!(ask(&folder, true, stale).ends_with("0123456789"));
        let beyond = ask(&folder, true, "GET /ten.wasm HTTP/1.1\r\nRange: bytes=10-");
        assert!(beyond.starts_with("HTTP/1.1 416"), "{beyond}");
    }

    #[test]
    fn head_methods_and_folders() {
        let folder = Folder::new("methods");
        let head = ask(&folder, true, "HEAD /ten.wasm HTTP/1.1");
        assert!(head.contains("Content-Length: 10\r\n") && head.ends_with("\r\n\r\n"));
        assert!(ask(&folder, true, "POST / HTTP/1.1").starts_with("HTTP/1.1 405"));
        assert!(ask(&folder, true, "GET /none HTTP/1.1").starts_with("HTTP/1.1 404"));
        let moved = ask(&folder, true, "GET /sub HTTP/1.1");
        assert!(moved.contains("301") && moved.contains("Location: /sub/\r\n"));
        assert!(ask(&folder, true, "GET /sub/ HTTP/1.1").ends_with("<p>sub"));
    }

    #[test]
    fn range_headers() {
        assert_eq!(parse_range("bytes=0-", 5), Range::Part { start: 0, end: 4 });
        assert_eq!(parse_range("bytes=-2", 5), Range::Part { start: 3, end: 4 });
        assert_eq!(
            parse_range("bytes=1-99", 5),
            Range::Part { start: 1, end: 4 }
        );
        assert_eq!(parse_range("bytes=-0", 5), Range::Impossible);
        assert_eq!(parse_range("bytes=0-0", 0), Range::Impossible);
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
    fn spaces_in_names_are_decoded() {
        assert_eq!(safe_path("/a%20b").as_deref(), Some(Path::new("a b")));
    }
}
