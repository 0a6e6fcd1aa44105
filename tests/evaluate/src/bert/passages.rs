//! Pairs of whole sentences out of documents, at most 128 tokens long, as BERT is pre-trained on them
//! (Devlin et al. 2019, appendix A.2).

use cloze::text::Tokenizer;

use crate::failure::Result;
use crate::random::Random;
use crate::text::{self, Document};

/// `[CLS]`, two `[SEP]` and both parts.
const MAX_TOKENS: usize = 128;

/// A sentence's text and token ids.
pub struct Sentence {
    /// As it stands in the document.
    pub text: String,
    /// Without special tokens.
    pub ids: Vec<u32>,
}

/// Two spans of sentences of one document; the second follows the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passage {
    /// Number of the document.
    pub document: usize,
    /// First sentence of part A.
    pub start: usize,
    /// Behind the last of A: first of B.
    pub middle: usize,
    /// Behind the last of B.
    pub end: usize,
}

/// The sentences of all documents.
///
/// # Errors
/// What the tokenizer refuses.
pub fn cut(documents: &[Document], tokenizer: &Tokenizer) -> Result<Vec<Vec<Sentence>>> {
    let cut = |document: &Document| -> Result<Vec<Sentence>> {
        let mut sentences = Vec::new();
        for text in document
            .iter()
            .flat_map(|paragraph| text::sentences(paragraph))
        {
            let ids = tokenizer.encode(text, None, false)?.ids();
            if !ids.is_empty() {
                let text = text.to_owned();
                sentences.push(Sentence { text, ids });
            }
        }
        Ok(sentences)
    };
    documents.iter().map(cut).collect()
}

/// Cuts every document from start to end, in random order. A sentence too long for any passage ends
/// one and is left out.
pub fn passages(documents: &[Vec<Sentence>], random: &mut Random) -> Vec<Passage> {
    let room = MAX_TOKENS - 3;
    let mut passages = Vec::new();
    for (document, sentences) in documents.iter().enumerate() {
        let mut start = 0;
        while start < sentences.len() {
            let room_a = room / 4 + random.below(room / 2 + 1);
            let (middle, used) = span(sentences, start, room_a);
            let (end, _) = span(sentences, middle, room - used);
            if middle == start || end == middle {
                start = end.max(start) + 1;
                continue;
            }
            passages.push(Passage {
                document,
                start,
                middle,
                end,
            });
            start = end;
        }
    }
    random.shuffle(&mut passages);
    passages
}

/// As many sentences from `start` on as fit: (behind the last, tokens).
pub fn span(sentences: &[Sentence], start: usize, room: usize) -> (usize, usize) {
    let (mut end, mut used) = (start, 0);
    while end < sentences.len() && used + sentences[end].ids.len() <= room {
        used += sentences[end].ids.len();
        end += 1;
    }
    (end, used)
}

/// The token ids of a span.
pub fn ids(sentences: &[Sentence]) -> Vec<u32> {
    sentences
        .iter()
        .flat_map(|sentence| &sentence.ids)
        .copied()
        .collect()
}

/// The text of a span.
pub fn joined(sentences: &[Sentence]) -> String {
    let texts: Vec<&str> = sentences
        .iter()
        .map(|sentence| sentence.text.as_str())
        .collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_follow_each_other_and_fit() {
        let sentence = |size: usize| Sentence {
            text: String::new(),
            ids: vec![7; size],
        };
        let documents = vec![
            [30, 40, 10, 300, 20, 20, 60, 5, 90, 3]
                .map(sentence)
                .into_iter()
                .collect(),
            vec![sentence(10)],
        ];
        let passages = passages(&documents, &mut Random::new("test"));
        assert!(!passages.is_empty());
        for Passage {
            document,
            start,
            middle,
            end,
        } in passages
        {
            assert!(start < middle && middle < end, "both parts have sentences");
            assert!(ids(&documents[document][start..end]).len() + 3 <= MAX_TOKENS);
            assert!(
                !(start..end).contains(&3) || document == 1,
                "too long for any"
            );
        }
    }
}
