//! `cargo xtask serve`: the playground for people.

use crate::failure::{usage, Result};
use crate::server::{self, Options, Server};
use crate::{setup, site};
use std::path::PathBuf;

/// For `cargo xtask help`.
pub const HELP: &str = "\
[--port N]   set up what is missing, build, serve the playground on 127.0.0.1 (port 4173)
[--without-smollm2]  leave out the larger model (98 MB) that two screens offer
[--no-isolation]  leave out COOP and COEP, so that the page runs without threads
[--folder DIR]    serve this folder instead, and build nothing
[--faults]        answers go wrong as their query asks (`--faults` says how when it starts)";

const DEFAULT_PORT: u16 = 4173;

#[derive(Debug, PartialEq)]
struct Args {
    port: u16,
    isolated: bool,
    smollm2: bool,
    folder: Option<PathBuf>,
    faults: bool,
}

impl Args {
    fn parse(args: &[String]) -> Result<Self> {
        let mut parsed = Self {
            port: DEFAULT_PORT,
            isolated: true,
            smollm2: true,
            folder: None,
            faults: false,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            match name {
                "--port" => {
                    let value = value.or_else(|| args.next().cloned());
                    parsed.port = value
                        .and_then(|value| value.parse().ok())
                        .ok_or_else(|| usage("`--port` wants a number from 0 to 65535"))?;
                }
                "--folder" => {
                    let value = value.or_else(|| args.next().cloned());
                    let folder = value.ok_or_else(|| usage("`--folder` wants a folder"))?;
                    parsed.folder = Some(PathBuf::from(folder));
                }
                "--no-isolation" => parsed.isolated = false,
                setup::WITHOUT_SMOLLM2 => parsed.smollm2 = false,
                "--faults" => parsed.faults = true,
                _ => return Err(usage(format!("`serve` takes no `{arg}`"))),
            }
        }
        Ok(parsed)
    }
}

/// Builds what is not up to date and serves it until the process is stopped.
pub fn run(args: &[String]) -> Result {
    let args = Args::parse(args)?;
    let folder = site::folder(args.folder, args.smollm2)?;
    let mut options = Options::new(folder);
    options.isolated = args.isolated;
    options.faults = args.faults;
    let server = Server::bind(args.port, options)?;
    if args.faults {
        println!("Answers go wrong as their query asks:");
        for line in server::FAULTS_HELP.lines() {
            println!("  {line}");
        }
    }
    println!("Cloze is served at {} (Ctrl+C stops it)", server.url());
    server.run();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Args> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        Args::parse(&args)
    }

    #[test]
    fn arguments() {
        let plain = |port, isolated| Args {
            port,
            isolated,
            smollm2: true,
            folder: None,
            faults: false,
        };
        assert_eq!(parse(&[]).unwrap(), plain(4173, true));
        assert_eq!(parse(&["--port", "80"]).unwrap(), plain(80, true));
        assert_eq!(
            parse(&["--no-isolation", "--port=0"]).unwrap(),
            plain(0, false)
        );
        assert!(!parse(&["--without-smollm2"]).unwrap().smollm2);
        let faulty = parse(&["--folder", "a", "--faults"]).unwrap();
        assert_eq!((faulty.folder, faulty.faults), (Some("a".into()), true));
        for wrong in [
            &["--port"][..],
            &["--port", "x"],
            &["--fast"],
            &["80"],
            &["--folder"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
