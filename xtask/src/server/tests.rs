//! The server as a client sees it.

use super::*;
use std::io::{BufRead, Read, Write};
use std::path::PathBuf;
use std::sync::mpsc::{channel, Receiver};
use std::time::Duration;

struct Scratch(PathBuf);

impl Scratch {
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

    fn options(&self) -> Options {
        Options::new(self.0.join("site"))
    }

    fn ask(&self, request: &str) -> String {
        ask(self.options(), request)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn ask(options: Options, request: &str) -> String {
    let server = Server::bind(0, options).unwrap();
    let address = server.address();
    let handle = server.spawn();
    let answer = ask_at(address, request);
    handle.stop();
    answer
}

fn ask_at(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("{request}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_page_carries_the_policy_and_isolation() {
    let scratch = Scratch::new("page");
    let answer = scratch.ask("GET /?x=1 HTTP/1.1");
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
    let isolated = false;
    let plain = ask(
        Options {
            isolated,
            ..scratch.options()
        },
        "GET / HTTP/1.1",
    );
    assert!(!plain.contains("Opener-Policy"), "{plain}");
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let scratch = Scratch::new("outside");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.txt", scratch.0.join("site/link.txt")).unwrap();
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
        let answer = scratch.ask(&format!("GET {path} HTTP/1.1"));
        assert!(answer.starts_with("HTTP/1.1 40"), "{path}: {answer}");
        assert!(!answer.ends_with("secret"), "{path}");
    }
    #[cfg(unix)]
    {
        let links = true;
        let options = Options {
            links,
            ..scratch.options()
        };
        assert!(ask(options, "GET /link.txt HTTP/1.1").ends_with("secret"));
    }
}

#[test]
fn ranges_and_tags() {
    let scratch = Scratch::new("ranges");
    let answer = scratch.ask("GET /ten.wasm HTTP/1.1\r\nRange: bytes=2-4");
    assert!(answer.starts_with("HTTP/1.1 206"), "{answer}");
    assert!(answer.contains("Content-Range: bytes 2-4/10\r\n"));
    assert!(answer.contains("Content-Type: application/wasm\r\n"));
    assert!(answer.ends_with("\r\n\r\n234"), "{answer}");
    let tag = answer
        .lines()
        .find_map(|line| line.strip_prefix("ETag: "))
        .unwrap()
        .to_owned();
    let again = scratch.ask(&format!("GET /ten.wasm HTTP/1.1\r\nIf-None-Match: {tag}"));
    assert!(again.starts_with("HTTP/1.1 304"), "{again}");
    let stale = "GET /ten.wasm HTTP/1.1\r\nRange: bytes=2-4\r\nIf-Range: \"old\"";
    assert!(scratch.ask(stale).ends_with("0123456789"));
    let beyond = scratch.ask("GET /ten.wasm HTTP/1.1\r\nRange: bytes=10-");
    assert!(beyond.starts_with("HTTP/1.1 416"), "{beyond}");
    assert!(beyond.contains("Content-Range: bytes */10\r\n"));
}

#[test]
fn what_packs_well_is_sent_packed() {
    let scratch = Scratch::new("packed");
    let text = "once upon a time ".repeat(1000);
    fs::write(scratch.0.join("site/tale.json"), &text).unwrap();
    fs::write(scratch.0.join("site/tale.gguf"), &text).unwrap();
    let whole = format!("Content-Length: {}\r\n", text.len());
    let head =
        |file: &str, headers: &str| scratch.ask(&format!("HEAD /{file} HTTP/1.1\r\n{headers}X: y"));
    let tag = |answer: &str| {
        let tag = answer.lines().find_map(|line| line.strip_prefix("ETag: "));
        tag.unwrap().to_owned()
    };
    let plain = head("tale.json", "");
    let gzip = head("tale.json", "Accept-Encoding: gzip\r\n");
    let brotli = head("tale.json", "Accept-Encoding: gzip, br\r\n");
    assert!(plain.contains(&whole) && plain.contains("Accept-Ranges: bytes\r\n"));
    for (answer, name) in [(&gzip, "gzip"), (&brotli, "br")] {
        assert!(answer.contains(&format!("Content-Encoding: {name}\r\n")));
        assert!(!answer.contains(&whole) && !answer.contains("Accept-Ranges"));
        let again = format!(
            "Accept-Encoding: {name}\r\nIf-None-Match: {}\r\n",
            tag(answer)
        );
        assert!(head("tale.json", &again).starts_with("HTTP/1.1 304"));
        // The tag of one representation says nothing of another.
        let other = format!("If-None-Match: {}\r\n", tag(answer));
        assert!(head("tale.json", &other).starts_with("HTTP/1.1 200"));
    }
    for answer in [&plain, &gzip, &brotli] {
        assert!(answer.contains("Vary: Accept-Encoding\r\n"), "{answer}");
    }
    let part = scratch.ask("GET /tale.json HTTP/1.1\r\nAccept-Encoding: br\r\nRange: bytes=5-8");
    assert!(part.contains(" 206 ") && part.ends_with("\r\n\r\nupon"));
    // Of a file that changed, nothing old is sent.
    let server = Server::bind(0, scratch.options()).unwrap();
    let address = server.address();
    let handle = server.spawn();
    let ask_again = || ask_at(address, "HEAD /tale.json HTTP/1.1\r\nAccept-Encoding: gzip");
    let before = ask_again();
    fs::write(scratch.0.join("site/tale.json"), text.repeat(2)).unwrap();
    assert_ne!(tag(&before), tag(&ask_again()));
    handle.stop();

    let weights = head("tale.gguf", "Accept-Encoding: br\r\n");
    assert!(weights.contains(&whole) && !weights.contains("Vary"));
    let packs = false;
    let options = Options {
        packs,
        ..scratch.options()
    };
    let answer = ask(options, "HEAD /tale.json HTTP/1.1\r\nAccept-Encoding: br");
    assert!(!answer.contains("Encoding"), "{answer}");
}

#[test]
fn head_methods_and_folders() {
    let scratch = Scratch::new("methods");
    let head = scratch.ask("HEAD /ten.wasm HTTP/1.1");
    assert!(head.contains("Content-Length: 10\r\n") && head.ends_with("\r\n\r\n"));
    assert!(scratch.ask("POST / HTTP/1.1").starts_with("HTTP/1.1 405"));
    assert!(scratch
        .ask("GET /none HTTP/1.1")
        .starts_with("HTTP/1.1 404"));
    let moved = scratch.ask("GET /sub HTTP/1.1");
    assert!(moved.contains("301") && moved.contains("Location: /sub/\r\n"));
    assert!(scratch.ask("GET /sub/ HTTP/1.1").ends_with("<p>sub"));
}

#[test]
fn a_prefix_and_a_page_for_what_is_not_there() {
    let scratch = Scratch::new("prefix");
    let options = |path: &str| {
        let options = Options {
            prefix: "/a/b/".into(),
            fallback: true,
            ..scratch.options()
        };
        ask(options, &format!("GET {path} HTTP/1.1"))
    };
    assert!(options("/a/b/").ends_with("<p>home"));
    assert!(options("/a/b/sub").contains("Location: /a/b/sub/\r\n"));
    assert!(options("/a/b/none.js").ends_with("<p>home"));
    assert!(options("/").starts_with("HTTP/1.1 404"));
}

#[test]
fn faults_by_query() {
    let scratch = Scratch::new("faults");
    let faults = true;
    let ask = |query: &str| {
        let options = Options {
            faults,
            ..scratch.options()
        };
        ask(options, &format!("GET /ten.wasm?{query} HTTP/1.1"))
    };
    let cut = ask("cut=3");
    assert!(cut.contains("Content-Length: 10\r\n") && cut.ends_with("\r\n\r\n012"));
    assert!(ask("status=503").starts_with("HTTP/1.1 503"));
    assert!(ask("etag=x").contains("ETag: \"x\"\r\n"));
    assert!(!ask("whole").contains("Accept-Ranges"));
    assert!(ask("rate=1000").ends_with("0123456789"));
    assert!(ask("redirect=http://127.0.0.2/a%3Fb").contains("Location: http://127.0.0.2/a?b\r\n"));
    // Without the option a query is only a query.
    assert!(scratch
        .ask("GET /ten.wasm?cut=3 HTTP/1.1")
        .ends_with("0123456789"));

    let server = Server::bind(
        0,
        Options {
            faults,
            ..scratch.options()
        },
    )
    .unwrap();
    let address = server.address();
    let handle = server.spawn();
    let statuses: Vec<_> = (0..3)
        .map(|_| ask_at(address, "GET /ten.wasm?status=503&times=2 HTTP/1.1")[9..12].to_owned())
        .collect();
    assert_eq!(statuses, ["503", "503", "200"]);
    handle.stop();
}

#[test]
fn a_server_that_is_stopped_gives_its_port_back() {
    let scratch = Scratch::new("stop");
    let server = Server::bind(0, scratch.options()).unwrap();
    let address = server.address();
    let handle = server.spawn();
    let mut idle = TcpStream::connect(address).unwrap();
    assert!(ask_at(address, "GET / HTTP/1.1").ends_with("<p>home"));
    handle.stop();
    assert_eq!(idle.read(&mut [0]).unwrap_or(0), 0, "it was broken off");
    assert!(TcpStream::connect(address).is_err(), "the port is free");
}

/// What is written to the second comes out of the first.
fn pipe() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (listener.accept().unwrap().0, to)
}

/// The test process's side of the desk.
struct Client {
    to: TcpStream,
    lines: Receiver<String>,
}

impl Client {
    fn new() -> Self {
        let ((input, to), (from, output)) = (pipe(), pipe());
        thread::spawn(move || control::run(BufReader::new(input), output).unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(io::Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { to, lines }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.to, "{line}").unwrap();
    }

    /// The fields of the next line.
    fn hear(&self) -> Vec<(String, String)> {
        let line = self.lines.recv_timeout(Duration::from_secs(10)).unwrap();
        http::parse_query(&line).unwrap()
    }

    fn serving(&mut self, line: &str) -> SocketAddr {
        self.say(line);
        let heard = self.hear();
        assert_eq!(heard[0].0, "serving", "{heard:?}");
        let url = heard[1].1.trim_start_matches("http://");
        url.split('/').next().unwrap().parse().unwrap()
    }

    /// The number of the next request.
    fn asked(&self) -> String {
        let heard = self.hear();
        assert_eq!(heard[0].0, "asked", "{heard:?}");
        heard[0].1.clone()
    }
}

#[test]
fn a_test_process_decides_about_answers() {
    let mut client = Client::new();
    assert_eq!(client.hear()[0].1, headers::CONTENT_SECURITY_POLICY);
    let address = client.serving("do=asking&site=1");
    let asking = thread::spawn(move || ask_at(address, "GET /a%20b?c=d HTTP/1.1\r\nX-One: 1"));
    let heard = client.hear();
    let value = |name: &str| &heard.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(value("target"), "/a%20b?c=d");
    assert_eq!(value("header"), "x-one: 1");
    let request = value("asked");
    client.say(&format!(
        "do=reply&request={request}&status=201&header=X-Two%3A+2&text=ab&hex=6364&zeros=1"
    ));
    let answer = asking.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(answer.contains("X-Two: 2\r\n") && answer.contains("Content-Length: 5\r\n"));
    assert!(answer.ends_with("\r\n\r\nabcd\0"), "{answer}");
    assert_eq!(client.hear()[1].1, "2", "bytes of the first part");
    client.hear();
    client.hear();
    assert_eq!(client.hear()[1], ("whole".into(), "1".into()));
}

#[test]
fn an_answer_is_cut_held_and_released() {
    let mut client = Client::new();
    client.hear();
    let address = client.serving("do=asking&site=1");
    let asking = thread::spawn(move || ask_at(address, "GET / HTTP/1.1"));
    let request = client.asked();
    client.say(&format!("do=reply&request={request}&text=abcdef&cut=2"));
    let answer = asking.join().unwrap();
    assert!(answer.contains("Content-Length: 6\r\n") && answer.ends_with("\r\n\r\nab"));
    assert_eq!(client.hear()[1].1, "2");
    assert_eq!(client.hear()[1].1, "0", "not whole");

    let asking = thread::spawn(move || ask_at(address, "GET / HTTP/1.1"));
    let request = client.asked();
    client.say(&format!(
        "do=reply&request={request}&text=ab&text=cd&hold=2"
    ));
    assert_eq!(client.hear()[1].1, "2");
    assert!(client
        .lines
        .recv_timeout(Duration::from_millis(100))
        .is_err());
    client.say(&format!("do=release&request={request}"));
    assert!(asking.join().unwrap().ends_with("abcd"));
    assert_eq!(client.hear()[1].1, "2");
    assert_eq!(client.hear()[1].1, "1");

    let asking = thread::spawn(move || ask_at(address, "GET / HTTP/1.1"));
    let request = client.asked();
    client.say(&format!("do=drop&request={request}"));
    assert_eq!(asking.join().unwrap(), "");
    assert_eq!(client.hear()[1].1, "0");

    // A client that leaves while it is held, and one that leaves before it was answered.
    for reply in ["&text=abc&hold=1", ""] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let request = client.asked();
        if !reply.is_empty() {
            client.say(&format!("do=reply&request={request}{reply}"));
            client.hear();
        }
        drop(stream);
        assert_eq!(
            client.hear(),
            [("ended".into(), request), ("whole".into(), "0".into())]
        );
    }
}

#[test]
fn a_site_that_cannot_be_reached_and_one_that_is_not_there() {
    let scratch = Scratch::new("reach");
    let folder = scratch.0.join("site");
    let mut client = Client::new();
    client.hear();
    let address = client.serving(&format!("do=folder&site=1&folder={}", folder.display()));
    assert!(ask_at(address, "GET / HTTP/1.1").ends_with("<p>home"));
    client.say("do=reachable&site=1&is=0");
    client.say("do=folder&site=2&folder=/none");
    assert_eq!(client.hear()[0].0, "failed");
    let mut stream = TcpStream::connect(address).unwrap();
    let _ = stream.write_all(b"GET / HTTP/1.1\r\n\r\n");
    assert_eq!(stream.read(&mut [0; 9]).unwrap_or(0), 0);
    client.say("do=reachable&site=1&is=1");
    client.say("do=stop&site=3");
    assert_eq!(client.hear()[0].0, "stopped");
    assert!(ask_at(address, "GET / HTTP/1.1").ends_with("<p>home"));
}
