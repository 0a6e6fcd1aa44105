//! A folder of files as answers.

use super::headers;
use super::http::{percent_decode, Request};
use super::options::Options;
use super::packing::{self, Encoding, Packed};
use super::reply::{Part, Reply};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What the folder has to say to a request.
pub fn answer(request: &Request, options: &Options, packed: &Packed) -> Reply {
    let common = headers::of_site(options.isolated);
    if request.method != "GET" && request.method != "HEAD" {
        return Reply::short(405, common);
    }
    let Some(path) = request.path().strip_prefix(&*options.prefix) else {
        return Reply::short(404, common);
    };
    let Some(relative) = safe_path(path) else {
        return Reply::short(400, common);
    };
    let mut file = options.folder.join(relative);
    if file.is_dir() {
        if !path.is_empty() && !path.ends_with('/') {
            let mut reply = Reply::empty(301, common);
            let location = format!("{}/", request.path());
            reply.headers.push(("Location".into(), location));
            return reply;
        }
        file.push("index.html");
    }
    // Symbolic links may not lead outside either, but where the folder is a test's own.
    match fs::canonicalize(&file) {
        Ok(found) if options.may_serve(&found) && found.is_file() => file = found,
        _ if options.fallback => file = options.folder.join("index.html"),
        _ => return Reply::short(404, common),
    }
    send_file(request, common, &file, options.packs.then_some(packed))
}

fn send_file(
    request: &Request,
    mut headers: Vec<(String, String)>,
    file: &Path,
    packed: Option<&Packed>,
) -> Reply {
    let Ok(metadata) = fs::metadata(file) else {
        return Reply::short(404, headers);
    };
    let size = metadata.len();
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    let mut etag = format!("\"{size:x}-{:x}\"", modified.as_nanos());
    let content_type = headers::content_type(file);
    headers.push(("Content-Type".into(), content_type.into()));
    let mut body = Part::File(file.to_owned(), size);
    let mut ranges = true;
    if let Some(packed) = packed.filter(|_| headers::packs(content_type) && size >= packing::LEAST)
    {
        headers.push(("Vary".into(), "Accept-Encoding".into()));
        // A range is one of the file as it is.
        let accepted = request
            .header("accept-encoding")
            .filter(|_| request.header("range").is_none())
            .and_then(Encoding::accepted);
        let bytes = accepted.and_then(|encoding| packed.get(file, &etag, encoding));
        if let (Some(encoding), Some(bytes)) = (accepted, bytes) {
            // Other bytes are another representation, and need a tag of their own.
            etag = format!("{}-{}\"", etag.trim_end_matches('"'), encoding.name());
            headers.push(("Content-Encoding".into(), encoding.name().into()));
            body = Part::Bytes(bytes);
            ranges = false;
        }
    }
    headers.push(("ETag".into(), etag.clone()));
    if let Some(tags) = request.header("if-none-match") {
        let same =
            |tag: &str| matches!(tag.trim().trim_start_matches("W/"), t if t == etag || t == "*");
        if tags.split(',').any(same) {
            return Reply::empty(304, headers);
        }
    }
    Reply {
        body: vec![body],
        ranges,
        ..Reply::empty(200, headers)
    }
}

/// The path inside the served folder that a request names; nothing if it would leave it.
fn safe_path(path: &str) -> Option<PathBuf> {
    let decoded = percent_decode(path)?;
    if decoded.contains(['\\', '\0', ':']) {
        return None;
    }
    let path = PathBuf::from(decoded);
    path.components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        .then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_in_names_are_decoded() {
        assert_eq!(safe_path("a%20b").as_deref(), Some(Path::new("a b")));
    }
}
