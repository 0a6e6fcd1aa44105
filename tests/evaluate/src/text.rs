//! Held-out and training text: paragraphs a line, blank lines between documents; TL;DR pairs a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use liblzma::read::XzDecoder;
use unicode_segmentation::UnicodeSegmentation;

use crate::failure::{Failure, Result};

/// Words that end with a full stop inside a sentence.
const ABBREVIATIONS: [&str; 20] = [
    "Mr.", "Mrs.", "Ms.", "Dr.", "St.", "Prof.", "Capt.", "Col.", "Gen.", "Lt.", "Sgt.", "Rev.",
    "Hon.", "Messrs.", "Mme.", "Jr.", "Sr.", "No.", "vs.", "etc.",
];

/// Paragraphs of one chapter, story or article.
pub type Document = Vec<String>;

/// A text and what it is in short.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The long form.
    pub text: String,
    /// The short form.
    pub summary: String,
    /// Where the pair is from; may be empty.
    pub source: String,
}

/// `NAME` or `NAME.xz` of a folder, if it is there.
pub fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    [folder.join(name), folder.join(format!("{name}.xz"))]
        .into_iter()
        .find(|path| path.is_file())
}

fn lines(path: &Path) -> Result<impl Iterator<Item = Result<String>> + '_> {
    let file = File::open(path).map_err(Failure::file(path))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|end| end == "xz") {
        Box::new(XzDecoder::new_multi_decoder(file))
    } else {
        Box::new(file)
    };
    let lines = BufReader::with_capacity(1 << 16, reader).lines();
    Ok(lines.map(move |line| line.map_err(Failure::file(path))))
}

/// The documents of a text file.
///
/// # Errors
/// [`Failure::File`].
pub fn documents(path: &Path) -> Result<Vec<Document>> {
    let mut documents = vec![Document::new()];
    for line in lines(path)? {
        let line = line?;
        match line.trim() {
            "" if documents.last().is_some_and(Vec::is_empty) => {}
            "" => documents.push(Document::new()),
            paragraph => documents
                .last_mut()
                .expect("never empty")
                .push(paragraph.to_owned()),
        }
    }
    documents.retain(|document| !document.is_empty());
    Ok(documents)
}

/// The pairs of a JSON-lines file.
///
/// # Errors
/// [`Failure::File`]; [`Failure::Content`] with the line.
pub fn pairs(path: &Path) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for (number, line) in lines(path)?.enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |what: String| Failure::Content {
            path: path.to_owned(),
            what: format!("line {}: {what}", number + 1),
        };
        let row: serde_json::Value =
            serde_json::from_str(&line).map_err(|error| wrong(error.to_string()))?;
        let field = |name: &str| row[name].as_str().map(|value| value.trim().to_owned());
        let (Some(text), Some(summary)) = (field("text"), field("summary")) else {
            return Err(wrong(r#"wants {"text": …, "summary": …}"#.into()));
        };
        let source = field("source").unwrap_or_default();
        pairs.push(Pair {
            text,
            summary,
            source,
        });
    }
    Ok(pairs)
}

/// Sentences (boundaries of Unicode Standard Annex 29, but not behind a title or an initial).
pub fn sentences(paragraph: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, part) in paragraph.split_sentence_bound_indices() {
        let end = at + part.len();
        let last_word = part.trim_end().rsplit([' ', '"', '\'', '(']).next();
        if end < paragraph.len() && last_word.is_some_and(goes_on) {
            continue;
        }
        let sentence = paragraph[start..end].trim();
        if !sentence.is_empty() {
            sentences.push(sentence);
        }
        start = end;
    }
    sentences
}

fn goes_on(word: &str) -> bool {
    let initial = word.len() == 2 && word.starts_with(|c: char| c.is_ascii_uppercase());
    (initial && word.ends_with('.')) || ABBREVIATIONS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            sentences("Mr. Holmes smiled. \"Come at once,\" said J. Watson. Why?  He did not say."),
            [
                "Mr. Holmes smiled.",
                "\"Come at once,\" said J. Watson.",
                "Why?",
                "He did not say."
            ]
        );
        assert!(sentences("  ").is_empty());
        assert_eq!(sentences("and so on, etc."), ["and so on, etc."]);
    }
}
