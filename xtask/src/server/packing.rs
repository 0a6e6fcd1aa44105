//! Packed answers: files that pack well go out with the best encoding that the client takes.

use brotli::enc::BrotliEncoderParams;
use flate2::read::GzEncoder;
use flate2::Compression;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Files below this many bytes fit into a packet as they are.
pub const LEAST: u64 = 1024;

/// Brotli's middle: within a few percent of its best at a twentieth of the time.
const BROTLI_QUALITY: i32 = 5;

/// How a body is packed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Encoding {
    /// `gzip`
    Gzip,
    /// `br`
    Brotli,
}

impl Encoding {
    /// Its name in headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// The one that an `Accept-Encoding` likes best; of two that it likes the same, the smaller result.
    pub fn accepted(header: &str) -> Option<Self> {
        [Self::Gzip, Self::Brotli]
            .into_iter()
            .map(|encoding| (encoding, quality(header, encoding.name())))
            .filter(|(_, quality)| *quality > 0.0)
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(encoding, _)| encoding)
    }

    fn pack(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut packed = Vec::new();
        match self {
            Self::Gzip => GzEncoder::new(bytes, Compression::new(6)).read_to_end(&mut packed)?,
            Self::Brotli => {
                let params = BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params)?
            }
        };
        Ok(packed)
    }
}

/// How much a client wants an encoding (RFC 9110, 12.5.3): 0 to 1, where 0 is not at all.
fn quality(header: &str, name: &str) -> f32 {
    let mut of_others = 0.0;
    for item in header.split(',') {
        let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight = parameters.trim().strip_prefix("q=");
        let weight = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        match coding.trim() {
            coding if coding.eq_ignore_ascii_case(name) => return weight,
            "*" => of_others = weight,
            _ => {}
        }
    }
    of_others
}

/// A file of one version, by its `ETag`, in one encoding.
type Key = (PathBuf, String, Encoding);

/// The packed bytes, once they are there; nothing where packing does not pay.
type Entry = Arc<OnceLock<Option<Vec<u8>>>>;

/// Files that were packed: each is packed once, when it is first asked for.
#[derive(Default)]
pub struct Packed {
    files: Mutex<HashMap<Key, Entry>>,
}

impl Packed {
    /// The packed bytes of a version of a file; nothing where they are not fewer, or the file cannot be read.
    pub fn get(&self, file: &Path, version: &str, encoding: Encoding) -> Option<Vec<u8>> {
        let entry = {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            files.retain(|(known, of, _), _| known != file || of == version);
            let key = (file.to_owned(), version.to_owned(), encoding);
            Arc::clone(files.entry(key).or_default())
        };
        // Whoever asks for the same file meanwhile waits; others do not.
        let packed = entry.get_or_init(|| {
            let bytes = fs::read(file).ok()?;
            let packed = encoding.pack(&bytes).ok()?;
            (packed.len() < bytes.len()).then_some(packed)
        });
        packed.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_that_a_client_takes() {
        for (header, expected) in [
            ("gzip, deflate, br, zstd", Some(Encoding::Brotli)),
            ("gzip", Some(Encoding::Gzip)),
            ("GZIP;q=0.5, identity", Some(Encoding::Gzip)),
            ("br;q=0.2, gzip;q=0.8", Some(Encoding::Gzip)),
            ("br;q=0, *", Some(Encoding::Gzip)),
            ("*", Some(Encoding::Brotli)),
            ("gzip;q=0", None),
            ("gzip;q=much", None),
            ("identity", None),
            ("", None),
        ] {
            assert_eq!(Encoding::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let text = b"to be or not to be, ".repeat(1000);
        let gzip = Encoding::Gzip.pack(&text).unwrap();
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&gzip[..])
            .read_to_end(&mut back)
            .unwrap();
        assert_eq!(back, text);
        let packed = Encoding::Brotli.pack(&text).unwrap();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut back).unwrap();
        assert_eq!(back, text);
        assert!(packed.len().max(gzip.len()) < text.len() / 10);
    }
}
