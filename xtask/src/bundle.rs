//! `cargo xtask bundle`: the site as one file for a classroom, with starters that need nothing but the system.

use crate::failure::{usage, Context, Failure, Result};
use crate::server::{content_type, packs, site_headers};
use crate::{paths, setup, site};
use flate2::{write::DeflateEncoder, Compression};
use rawzip::{time::UtcDateTime, CompressionMethod, ZipArchiveWriter};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// For `cargo xtask help`.
pub const HELP: &str = "\
[--out FILE] build the site and pack it for a classroom, with starters for Windows, macOS and Linux:
             one zip that needs no network (target/cloze-classroom.zip)
[--without-smollm2]  leave out the larger model (98 MB) that two screens offer
[--folder DIR]       pack this site instead, and build nothing";

/// What lies beside the site: name, content, whether it is run, whether Windows reads it.
const BESIDE: &[(&str, &str, bool, bool)] = &[
    (
        "README.txt",
        include_str!("../bundle/README.txt"),
        false,
        true,
    ),
    (
        "Start on Windows.bat",
        include_str!("../bundle/Start on Windows.bat"),
        false,
        true,
    ),
    (
        "Start on macOS.command",
        include_str!("../bundle/Start on macOS.command"),
        true,
        false,
    ),
    (
        "start-on-linux.sh",
        include_str!("../bundle/start-on-linux.sh"),
        true,
        false,
    ),
    (
        "serve/serve.ps1",
        include_str!("../bundle/serve/serve.ps1"),
        false,
        true,
    ),
    (
        "serve/serve.sh",
        include_str!("../bundle/serve/serve.sh"),
        true,
        false,
    ),
    (
        "serve/serve.py",
        include_str!("../bundle/serve/serve.py"),
        false,
        false,
    ),
    (
        "serve/serve.pl",
        include_str!("../bundle/serve/serve.pl"),
        false,
        false,
    ),
];

/// The folder that all of it is unpacked to.
const TOP: &str = "cloze";

/// Where the larger model lies in the site, and where the site says so.
const SMOLLM2: &str = "smollm2/";
const MODELS: &str = "models.json";
const NO_MODELS: &str = r#"{"smollm2":null}"#;

#[derive(Debug, PartialEq)]
struct Args {
    out: PathBuf,
    smollm2: bool,
    folder: Option<PathBuf>,
}

impl Args {
    fn parse(args: &[String]) -> Result<Self> {
        let mut parsed = Self {
            out: paths::target().join("cloze-classroom.zip"),
            smollm2: true,
            folder: None,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            let mut path = |what: &str| {
                let value = value.clone().or_else(|| args.next().cloned());
                value
                    .map(PathBuf::from)
                    .ok_or_else(|| usage(format!("`{name}` wants a {what}")))
            };
            match name {
                "--out" => parsed.out = path("file")?,
                "--folder" => parsed.folder = Some(path("folder")?),
                setup::WITHOUT_SMOLLM2 => parsed.smollm2 = false,
                _ => return Err(usage(format!("`bundle` takes no `{arg}`"))),
            }
        }
        Ok(parsed)
    }
}

/// Builds what is not up to date, and packs it.
pub fn run(args: &[String]) -> Result {
    let args = Args::parse(args)?;
    let folder = site::folder(args.folder, args.smollm2)?;
    if !folder.join("index.html").is_file() {
        return Err(
            Failure::new(format!("There is no site in {}", folder.display()))
                .fix("`cargo xtask bundle` without `--folder` builds one"),
        );
    }
    let out = &args.out;
    // Not half a file under that name.
    let part = out.with_extension("zip.part");
    let file = File::create(&part).context(format!("write {}", part.display()))?;
    let packed = pack(&folder, args.smollm2, BufWriter::new(file));
    let packed = packed.and_then(|()| fs::rename(&part, out));
    packed.context(format!("write {}", out.display()))?;
    let bytes = fs::metadata(out).map_or(0, |file| file.len());
    println!("{}: {:.1} MB", out.display(), bytes as f64 / 1e6);
    Ok(())
}

/// Writes the zip of a site.
fn pack(folder: &Path, smollm2: bool, out: impl Write) -> io::Result<()> {
    let mut bundle = Bundle::new(out);
    for &(name, content, runs, windows) in BESIDE {
        let content = if windows {
            content.replace('\n', "\r\n")
        } else {
            content.to_owned()
        };
        bundle.add(name, &mut content.as_bytes(), runs)?;
    }
    let headers: String = site_headers()
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect();
    bundle.add("serve/headers.txt", &mut headers.as_bytes(), false)?;
    for path in files(folder)? {
        let name = name_of(folder, &path);
        let left_out = !smollm2 && (name.starts_with(SMOLLM2) || name == MODELS);
        if !left_out {
            bundle.add(&format!("site/{name}"), &mut File::open(&path)?, false)?;
        }
    }
    if !smollm2 {
        bundle.add(&format!("site/{MODELS}"), &mut NO_MODELS.as_bytes(), false)?;
    }
    bundle.finish()
}

/// A zip that is being written.
struct Bundle<W: Write> {
    zip: ZipArchiveWriter<W>,
    /// Of all files: servers tell versions by it.
    time: UtcDateTime,
}

impl<W: Write> Bundle<W> {
    fn new(out: W) -> Self {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Self {
            zip: ZipArchiveWriter::new(out),
            time: UtcDateTime::from_unix(i64::try_from(now.as_secs()).unwrap_or_default()),
        }
    }

    /// Adds a file; what becomes much smaller is deflated, weights are stored.
    fn add(&mut self, name: &str, content: &mut impl io::Read, runs: bool) -> io::Result<()> {
        let deflates = packs(content_type(Path::new(name)));
        let method = if deflates {
            CompressionMethod::DEFLATE
        } else {
            CompressionMethod::STORE
        };
        let path = format!("{TOP}/{name}");
        let (mut entry, config) = self
            .zip
            .new_file(path.as_str())
            .compression_method(method)
            .last_modified(self.time)
            .unix_permissions(if runs { 0o755 } else { 0o644 })
            .start()
            .map_err(io::Error::other)?;
        let descriptor = if deflates {
            let mut data = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
            io::copy(content, &mut data)?;
            let (encoder, descriptor) = data.finish().map_err(io::Error::other)?;
            encoder.finish()?;
            descriptor
        } else {
            let mut data = config.wrap(&mut entry);
            io::copy(content, &mut data)?;
            data.finish().map_err(io::Error::other)?.1
        };
        entry.finish(descriptor).map_err(io::Error::other)?;
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        self.zip.finish().map_err(io::Error::other)?.flush()
    }
}

/// The files in a folder, in order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A file's name in the zip: with slashes on every system.
fn name_of(folder: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn parse(args: &[&str]) -> Result<Args> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        Args::parse(&args)
    }

    #[test]
    fn arguments() {
        let parsed = parse(&["--out", "a.zip", "--without-smollm2", "--folder=site"]).unwrap();
        let wanted = Args {
            out: "a.zip".into(),
            smollm2: false,
            folder: Some("site".into()),
        };
        assert_eq!(parsed, wanted);
        assert!(parse(&[]).unwrap().smollm2);
        for wrong in [&["--out"][..], &["--fast"], &["a.zip"]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    /// What another program than the writer reads: name, permissions, whether it is deflated, content.
    fn unpacked(zip: &[u8]) -> Vec<(String, u32, bool, Vec<u8>)> {
        let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
        let mut entries = archive.entries();
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry().unwrap() {
            let name = String::from_utf8(entry.file_path().as_ref().to_vec()).unwrap();
            let deflated = entry.compression_method() == CompressionMethod::DEFLATE;
            let local = archive.get_entry(entry.wayfinder()).unwrap();
            let mut content = Vec::new();
            if deflated {
                let data = flate2::bufread::DeflateDecoder::new(local.data());
                local.verifying_reader(data).read_to_end(&mut content)
            } else {
                local
                    .verifying_reader(local.data())
                    .read_to_end(&mut content)
            }
            .unwrap();
            found.push((name, entry.mode().permissions(), deflated, content));
        }
        found
    }

    #[test]
    fn a_site_is_packed_with_its_starters_and_without_the_model_that_is_left_out() {
        let folder = std::env::temp_dir().join(format!("cloze-bundle-{}", std::process::id()));
        fs::create_dir_all(folder.join("smollm2")).unwrap();
        for (name, content) in [
            ("index.html", "<!doctype html>"),
            ("model.gguf", "GGUF"),
            ("models.json", "{}"),
            ("smollm2/large.gguf", "GGUF"),
        ] {
            fs::write(folder.join(name), content).unwrap();
        }
        let names_with = |smollm2| {
            let mut zip = Vec::new();
            pack(&folder, smollm2, &mut zip).unwrap();
            unpacked(&zip)
        };
        let all = names_with(true);
        let find = |name: &str| all.iter().find(|file| file.0 == name);
        let site = |name: &str| find(name).map(|file| (file.2, &*file.3));
        assert_eq!(
            site("cloze/site/index.html"),
            Some((true, &b"<!doctype html>"[..]))
        );
        assert_eq!(site("cloze/site/model.gguf"), Some((false, &b"GGUF"[..])));
        assert!(find("cloze/site/smollm2/large.gguf").is_some());
        assert_eq!(find("cloze/start-on-linux.sh").unwrap().1, 0o755);
        let windows = &find("cloze/Start on Windows.bat").unwrap().3;
        assert!(windows.starts_with(b"@echo off\r\n"));
        let headers = &find("cloze/serve/headers.txt").unwrap().3;
        assert!(
            String::from_utf8_lossy(headers).contains("Cross-Origin-Opener-Policy: same-origin\n")
        );

        let less = names_with(false);
        assert!(!less.iter().any(|file| file.0.contains("smollm2")));
        let models: Vec<_> = less
            .iter()
            .filter(|file| file.0.ends_with(MODELS))
            .collect();
        assert_eq!(models.len(), 1);
        assert_eq!(models[0].3, NO_MODELS.as_bytes());
        fs::remove_dir_all(&folder).unwrap();
    }
}
