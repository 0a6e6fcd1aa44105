//! Files that are no weights as we read them, told by how they begin.

use crate::error::{Error, Result};

/// Where the archives of Unix's tar say what they are.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// How files of other kinds begin, and what they are.
const KINDS: &[(&[u8], &str)] = &[
    (
        b"version ",
        "it is a Git LFS pointer, which stands for a file. Fetch the file itself (git lfs pull).",
    ),
    (b"\x1f\x8b", "it is packed with gzip. Unpack it."),
    (b"BZh", "it is packed with bzip2. Unpack it."),
    (b"\xfd7zXZ", "it is packed with xz. Unpack it."),
    (
        b"\x28\xb5\x2f\xfd",
        "it is packed with Zstandard. Unpack it.",
    ),
    (b"7z\xbc\xaf", "it is packed with 7-Zip. Unpack it."),
    (b"Rar!", "it is packed with RAR. Unpack it."),
    (
        b"\x89HDF",
        "it is HDF5, as TensorFlow and Keras write it (tf_model.h5).",
    ),
    (b"\x93NUMPY", "it is an array of NumPy."),
    (b"lmgg", "it is a GGML file from before GGUF."),
    (b"fmgg", "it is a GGML file from before GGUF (GGMF)."),
    (b"tjgg", "it is a GGML file from before GGUF (GGJT)."),
    (
        b"algg",
        "it is an adapter (LoRA) for GGML files from before GGUF.",
    ),
    (
        b"FUGG",
        "it is a GGUF file whose bytes are in another order.",
    ),
    (b"%PDF", "it is a PDF document."),
    (b"\x89PNG", "it is a picture."),
];

/// Ways to get files that are read, for those of other programs.
const CONVERT: &str = "Use the model's safetensors, GGUF or PyTorch file.";

/// What a file is whose first bytes are no header of ours; `None` until more of it has come, if more `may_come`.
pub(super) fn told(bytes: &[u8], may_come: bool) -> Option<Error> {
    let invalid = |what: &str| Some(Error::InvalidWeights(what.to_string()));
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.starts_with(b"<") {
        return invalid("it is a web page. Check that the address leads to the file itself.");
    }
    if text.starts_with(b"{") || text.starts_with(b"[") {
        return invalid(
            "it is JSON, such as a server's message or a config. Give the file of weights itself.",
        );
    }
    if let Some((begin, what)) = KINDS.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        let advice = if begin[0] == b'v' || what.ends_with("Unpack it.") {
            String::new()
        } else {
            format!(" {CONVERT}")
        };
        return invalid(&format!("{what}{advice}"));
    }
    match bytes {
        // Field 1 of ONNX's ModelProto is the version, field 2 who wrote it.
        [0x08, 1..=32, 0x12, ..] => return invalid(&format!("it is an ONNX model. {CONVERT}")),
        [_, _, _, _, b'T', b'F', b'L', b'3', ..] => {
            return invalid(&format!("it is a TensorFlow Lite model. {CONVERT}"));
        }
        // A map whose first key is a short text.
        [0x81..=0x8f | 0xde, 0xa1..=0xbf, ..] => {
            return invalid(&format!(
                "it is MessagePack, as Flax writes it (flax_model.msgpack). {CONVERT}"
            ));
        }
        _ => {}
    }
    let (at, magic) = TAR;
    let seen = &bytes[at.min(bytes.len())..];
    if seen.starts_with(magic) {
        return invalid(
            "it is a tar archive: a packed folder, or a file that PyTorch saved before 0.4. Unpack it, or save it \
             again with a newer PyTorch.",
        );
    }
    // The name of its first file comes before, filled up with zeros.
    let mut name = bytes.iter();
    let named = bytes.first().is_some_and(u8::is_ascii_graphic)
        && name.all(|byte| byte.is_ascii_graphic() || *byte == 0 || *byte == b' ');
    if may_come && named && seen.len() < magic.len() {
        return None;
    }
    invalid(
        "it is neither safetensors, GGUF nor PyTorch (its first bytes are no plausible header). Check that the \
         address leads to the file itself.",
    )
}

/// As [`told`], of a file that ends here.
pub(super) fn refuse<T>(bytes: &[u8]) -> Result<T> {
    Err(told(bytes, false).unwrap_or_else(|| Error::Internal("a file that is nothing".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_a_tar_archive_is_waited_for() {
        for (bytes, known) in [
            (b"./model\0\0\0".as_slice(), false),
            (b"<!doctype html>", true),
            (b"  {\"error\": 1}", true),
            (b"\x84\xa6params", true),
            (b"\x01\x02\x03\x04\x05\x06\x07\xff", true),
        ] {
            assert_eq!(told(bytes, true).is_some(), known, "{bytes:?}");
            assert_eq!(told(bytes, false).unwrap().code(), "invalid_weights");
        }
    }
}
