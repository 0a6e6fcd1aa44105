//! A text as documents, and which parts of it are held back.

use unicode_segmentation::UnicodeSegmentation;

/// Pieces of which every tenth is held back are of so many bytes, or less where the text is short.
const PIECE: usize = 4_000;
/// Pieces of a short text.
const LEAST_PIECES: usize = 20;

/// A text in two parts, each a list of documents as they stand in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Documents {
    /// What the model learns from.
    pub training: Vec<String>,
    /// What it never learns from: about a tenth, spread over the text.
    pub held_out: Vec<String>,
}

impl Documents {
    /// Documents are divided by two blank lines or more, or by a form feed. Every tenth piece of a few kilobytes is
    /// held back; a document goes on behind it as another one. Pieces begin with a paragraph, in a long paragraph with
    /// a line, and in a long line with a sentence. Line ends become `\n`.
    pub fn of(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.replace('\u{c}', "\n\n\n");
        let piece = PIECE.min(text.len() / LEAST_PIECES);
        let mut parts = Self {
            training: Vec::new(),
            held_out: Vec::new(),
        };
        // Bytes of the text so far: each `10·piece` of them end with what is held back.
        let mut bytes = 0;
        for document in text.split("\n\n\n") {
            let mut last = None;
            for (between, unit) in units(document, piece) {
                let held = bytes / piece.max(1) % 10 == 9;
                bytes += unit.len() + between.len();
                let list = if held {
                    &mut parts.held_out
                } else {
                    &mut parts.training
                };
                match list.last_mut() {
                    Some(before) if last == Some(held) => {
                        before.push_str(between);
                        before.push_str(unit);
                    }
                    _ => list.push(unit.to_string()),
                }
                last = Some(held);
            }
        }
        parts
    }
}

/// What is held back whole or not at all, with what stands before it in the document: paragraphs, the lines of those
/// longer than `most` bytes, and the sentences of such lines.
fn units(document: &str, most: usize) -> Vec<(&'static str, &str)> {
    let mut all = Vec::new();
    for paragraph in document.split("\n\n") {
        let paragraph = paragraph.trim_matches('\n');
        if paragraph.trim().is_empty() {
            continue;
        }
        let mut between = "\n\n";
        if paragraph.len() <= most {
            all.push((between, paragraph));
            continue;
        }
        for line in paragraph.split('\n') {
            if line.len() <= most {
                all.push((between, line));
            } else {
                for sentence in line.split_sentence_bounds() {
                    all.push((between, sentence));
                    between = "";
                }
            }
            between = "\n";
        }
    }
    all
}

/// The sentences of a document, by Unicode Standard Annex 29, lines joined. One of fewer than three words goes with the
/// next: it is mostly a title (`Mr.`) or a number.
pub fn sentences(document: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for paragraph in document.split("\n\n") {
        let joined = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut sentence = String::new();
        for piece in joined.split_sentence_bounds() {
            sentence.push_str(piece);
            if sentence.unicode_words().nth(2).is_some() {
                all.push(std::mem::take(&mut sentence).trim().to_string());
            }
        }
        if !sentence.trim().is_empty() {
            all.push(sentence.trim().to_string());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_is_held_back_and_nothing_is_lost() {
        let paragraph =
            |i: usize| format!("Paragraph number {i} says something of no importance at all.");
        let text: Vec<String> = (0..200).map(paragraph).collect();
        let parts = Documents::of(&text.join("\r\n\r\n"));
        let count = |part: &[String]| part.iter().map(|d| d.matches("Paragraph").count()).sum();
        let (training, held): (usize, usize) = (count(&parts.training), count(&parts.held_out));
        assert_eq!(training + held, 200);
        assert!((15..=25).contains(&held), "{held}");
        assert!(parts.held_out.len() > 1 && parts.training.len() > 1);
    }

    #[test]
    fn texts_without_blank_lines_are_held_back_by_lines_and_sentences() {
        let lines: Vec<String> = (0..300).map(|i| format!("{i}: 你好，世界")).collect();
        let chinese: String = (0..300).map(|i| format!("这是第{i}句话。")).collect();
        let english: String = (0..300)
            .map(|i| format!("This is sentence {i}. "))
            .collect();
        for text in [lines.join("\n"), chinese, english] {
            let parts = Documents::of(&text);
            let bytes = |part: &[String]| part.iter().map(String::len).sum::<usize>();
            let (training, held) = (bytes(&parts.training), bytes(&parts.held_out));
            assert!((text.len() / 20..text.len() / 6).contains(&held), "{held}");
            // Line ends are all that may be lost, one at each border.
            let borders = parts.training.len() + parts.held_out.len() - 1;
            assert!((0..=borders).contains(&(text.len() - training - held)));
            assert!(text.starts_with(&parts.training[0]));
        }
    }

    #[test]
    fn two_blank_lines_end_a_document() {
        let parts = Documents::of("One.\nStill one.\n\nAnd on.\n\n\n\nTwo.\u{c}Three.");
        assert_eq!(parts.training[0], "One.\nStill one.\n\nAnd on.");
        assert_eq!(
            Documents::of(""),
            Documents {
                training: vec![],
                held_out: vec![]
            }
        );
    }

    #[test]
    fn short_sentences_go_with_the_next() {
        assert_eq!(
            sentences("Mr. Fogg went\nout at once. Nobody saw him go.\n\nNo."),
            ["Mr. Fogg went out at once.", "Nobody saw him go.", "No."]
        );
        assert_eq!(
            sentences("福克先生出去了。没有人看见他。"),
            ["福克先生出去了。", "没有人看见他。"]
        );
    }
}
