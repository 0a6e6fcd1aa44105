//! Next sentence: does B follow A, or was it drawn at random?

use cloze::models::Encoder;
use cloze::tasks::NextSentence;
use rayon::prelude::*;

use super::passages::{cut, joined, passages, span, Passage, Sentence};
use crate::data::Data;
use crate::failure::Result;
use crate::model::Loaded;
use crate::random::Random;
use crate::report::Report;

/// Pairs of each kind.
const PAIRS: usize = 1000;

/// `bert.nsp_acc`: half of the pairs follow each other in a document of books or facts, half of the
/// second parts are from another document (each document equally probable, as in BERT's own
/// `create_pretraining_data.py`). `bert.nsp_same_document`: the random parts are from elsewhere in
/// the same document. `bert.nsp_swapped`: both parts of a pair that follows, the other way round.
/// `bert.nsp_sentences`: one sentence each, as people type them. The text is not masked.
pub fn measure(bert: &Loaded<dyn Encoder>, data: &Data, report: &mut Report) -> Result<()> {
    let documents: Vec<_> = ["books", "facts"]
        .iter()
        .filter_map(|name| data.text(name))
        .flatten()
        .cloned()
        .collect();
    if documents.len() < 2 {
        report.missing("bert.nsp_acc");
        report.missing("bert.nsp_same_document");
        report.missing("bert.nsp_swapped");
        report.missing("bert.nsp_sentences");
        return Ok(());
    }
    eprintln!("BERT: next sentence");
    let sentences = cut(&documents, &bert.tokenizer)?;
    let mut random = Random::new("nsp");
    let mut cut = passages(&sentences, &mut random);
    cut.truncate(2 * PAIRS);
    let (follow, strange) = cut.split_at(cut.len() / 2);

    let followed: Vec<(String, String)> = follow
        .iter()
        .map(|p| parts(&sentences, p, p.document, p.middle))
        .collect();
    let elsewhere_starts: Vec<(usize, usize)> = strange
        .iter()
        .map(|p| {
            let other = loop {
                let other = random.below(sentences.len());
                if other != p.document && !sentences[other].is_empty() {
                    break other;
                }
            };
            (other, random.below(sentences[other].len()))
        })
        .collect();
    let elsewhere: Vec<(String, String)> = strange
        .iter()
        .zip(&elsewhere_starts)
        .map(|(p, &(other, at))| parts(&sentences, p, other, at))
        .collect();
    let same_document: Vec<(String, String)> = strange
        .iter()
        .filter(|p| sentences[p.document].len() > 2 * (p.end - p.start))
        .map(|p| {
            let start = loop {
                let start = random.below(sentences[p.document].len());
                if !(p.start..p.end).contains(&start) {
                    break start;
                }
            };
            parts(&sentences, p, p.document, start)
        })
        .collect();

    let swapped: Vec<(String, String)> = followed
        .iter()
        .map(|(a, b)| (b.clone(), a.clone()))
        .collect();
    let sentence = |document: usize, at: usize| sentences[document][at].text.clone();
    let next_sentence: Vec<(String, String)> = follow
        .iter()
        .map(|p| {
            (
                sentence(p.document, p.middle - 1),
                sentence(p.document, p.middle),
            )
        })
        .collect();
    let other_sentence: Vec<(String, String)> = strange
        .iter()
        .zip(&elsewhere_starts)
        .map(|(p, &(other, at))| (sentence(p.document, p.middle - 1), sentence(other, at)))
        .collect();

    let task = NextSentence::new(bert.model.clone(), bert.tokenizer.clone())?;
    let said_next = |pairs: &[(String, String)]| -> Result<f64> {
        let answers = pairs
            .par_iter()
            .map(|(a, b)| Ok(task.compare(a, b)?.label() == "isNext"))
            .collect::<Result<Vec<bool>>>()?;
        Ok(answers.iter().filter(|&&next| next).count() as f64 / answers.len().max(1) as f64)
    };
    let (next, other, same) = (
        said_next(&followed)?,
        said_next(&elsewhere)?,
        said_next(&same_document)?,
    );
    report.share(
        "bert.nsp_acc",
        (next + 1.0 - other) / 2.0,
        followed.len() + elsewhere.len(),
    );
    report.number("bert.nsp_acc.is_next", next);
    report.number("bert.nsp_acc.not_next", 1.0 - other);
    report.share(
        "bert.nsp_same_document",
        (next + 1.0 - same) / 2.0,
        followed.len() + same_document.len(),
    );
    report.number("bert.nsp_same_document.not_next", 1.0 - same);
    let back = said_next(&swapped)?;
    report.share(
        "bert.nsp_swapped",
        (next + 1.0 - back) / 2.0,
        2 * followed.len(),
    );
    report.number("bert.nsp_swapped.not_next", 1.0 - back);
    let (next, other) = (said_next(&next_sentence)?, said_next(&other_sentence)?);
    report.share(
        "bert.nsp_sentences",
        (next + 1.0 - other) / 2.0,
        next_sentence.len() + other_sentence.len(),
    );
    report.number("bert.nsp_sentences.is_next", next);
    report.number("bert.nsp_acc.always_next", 0.5);
    Ok(())
}

/// Part A of a passage, and a part as long as its B from sentence `start` of a document.
fn parts(
    sentences: &[Vec<Sentence>],
    p: &Passage,
    document: usize,
    start: usize,
) -> (String, String) {
    let home = &sentences[p.document];
    let room: usize = home[p.middle..p.end]
        .iter()
        .map(|sentence| sentence.ids.len())
        .sum();
    let (end, _) = span(&sentences[document], start, room);
    // A sentence longer than the room stands alone; the positions suffice for it.
    let end = end.max(start + 1);
    (
        joined(&home[p.start..p.middle]),
        joined(&sentences[document][start..end]),
    )
}
