//! Masked words: 15 % of the tokens chosen, of these 80 % masked, 10 % random, 10 % as they are.

use std::collections::HashMap;

use cloze::models::{Encoder, EncoderInput};
use cloze::text::Tokenizer;
use rayon::prelude::*;

use super::passages::{cut, ids, passages};
use crate::data::Data;
use crate::failure::{Failure, Result};
use crate::model::Loaded;
use crate::random::Random;
use crate::report::Report;

/// Passages of each file: about 14,000 chosen tokens, so half a percent of uncertainty each way.
const PASSAGES: usize = 1000;
/// What is chosen.
const SHARE: f64 = 0.15;
/// Figures of several files together, by the end of their key; every file has one of its own too.
const POOLS: [(&str, [&str; 2]); 2] = [
    ("", ["books", "facts"]),
    ("_modern", ["textbooks", "stories"]),
];

/// Chosen tokens, and how many of them were right.
#[derive(Default, Clone, Copy)]
struct Score {
    n: usize,
    top1: usize,
    top5: usize,
}

impl std::iter::Sum for Score {
    fn sum<I: Iterator<Item = Self>>(scores: I) -> Self {
        scores.fold(Self::default(), |a, b| Self {
            n: a.n + b.n,
            top1: a.top1 + b.top1,
            top5: a.top5 + b.top5,
        })
    }
}

/// A masked passage.
struct Example {
    input: EncoderInput,
    /// Positions of the chosen tokens and what stood there.
    chosen: Vec<(usize, u32)>,
}

/// `bert.mlm_top1`, `bert.mlm_top5` (books and facts in proportion to their bytes),
/// `bert.mlm_modern_top1`, `bert.mlm_modern_top5` (textbooks and stories likewise), each file's own,
/// and the five most frequent tokens as a baseline.
pub fn measure(bert: &Loaded<dyn Encoder>, data: &Data, report: &mut Report) -> Result<()> {
    let mut files = Vec::new();
    for (name, documents) in data.texts() {
        eprintln!("BERT: masked words of {name}");
        let sentences = cut(documents, &bert.tokenizer)?;
        let mut random = Random::new(&format!("mlm {name}"));
        let mut cut = passages(&sentences, &mut random);
        cut.truncate(PASSAGES);
        let examples = cut
            .iter()
            .map(|p| {
                let document = &sentences[p.document];
                let (a, b) = (
                    ids(&document[p.start..p.middle]),
                    ids(&document[p.middle..p.end]),
                );
                mask(
                    &bert.tokenizer,
                    bert.model.info().vocab_size,
                    &a,
                    &b,
                    &mut random,
                )
            })
            .collect::<Result<Vec<Example>>>()?;
        // The most frequent tokens are taken from the very text that is guessed: the baseline's best case.
        let frequent = most_frequent(
            sentences
                .iter()
                .flatten()
                .flat_map(|sentence| &sentence.ids),
        );
        let unigram = baseline(&examples, &frequent);
        let score = examples
            .par_iter()
            .map(|example| guess(&*bert.model, example))
            .collect::<Result<Vec<Score>>>()?
            .into_iter()
            .sum::<Score>();
        report_file(report, &format!(".{name}"), score, unigram);
        let bytes = documents.iter().flatten().map(String::len).sum::<usize>();
        files.push((name, (bytes as f64, score, unigram)));
    }
    for (end, names) in POOLS {
        let pool: Vec<Counted> = files
            .iter()
            .filter(|(name, _)| names.contains(name))
            .map(|(_, counted)| *counted)
            .collect();
        report_pool(report, end, &pool);
    }
    Ok(())
}

/// A file's bytes, what the model guessed, and what its most frequent words would.
type Counted = (f64, Score, Score);

/// The files' shares in proportion to their bytes.
fn report_pool(report: &mut Report, end: &str, pooled: &[Counted]) {
    let (top1, top5) = (format!("bert.mlm{end}_top1"), format!("bert.mlm{end}_top5"));
    if pooled.is_empty() {
        report.missing(&top1);
        report.missing(&top5);
        return;
    }
    let bytes: f64 = pooled.iter().map(|part| part.0).sum();
    let n = pooled.iter().map(|part| part.1.n).sum();
    let weighed = |right: fn(&Score) -> usize, of: fn(&Counted) -> &Score| -> f64 {
        let share = |part| right(of(part)) as f64 / of(part).n.max(1) as f64;
        pooled.iter().map(|part| part.0 / bytes * share(part)).sum()
    };
    report.share(&top1, weighed(|s| s.top1, |p| &p.1), n);
    report.number(format!("{top1}.unigram"), weighed(|s| s.top1, |p| &p.2));
    report.share(&top5, weighed(|s| s.top5, |p| &p.1), n);
    report.number(format!("{top5}.unigram"), weighed(|s| s.top5, |p| &p.2));
}

fn report_file(report: &mut Report, end: &str, score: Score, unigram: Score) {
    let n = score.n.max(1);
    report.share(
        &format!("bert.mlm_top1{end}"),
        score.top1 as f64 / n as f64,
        n,
    );
    report.share(
        &format!("bert.mlm_top5{end}"),
        score.top5 as f64 / n as f64,
        n,
    );
    report.number(
        format!("bert.mlm_top1{end}.unigram"),
        unigram.top1 as f64 / n as f64,
    );
    report.number(
        format!("bert.mlm_top5{end}.unigram"),
        unigram.top5 as f64 / n as f64,
    );
}

fn mask(
    tokenizer: &Tokenizer,
    vocab_size: usize,
    a: &[u32],
    b: &[u32],
    random: &mut Random,
) -> Result<Example> {
    let special = |name: &str| {
        tokenizer.token_to_id(name).ok_or_else(|| {
            Failure::Model(cloze::Error::InvalidTokenizer(format!("it has no {name}")))
        })
    };
    let (cls, sep, mask) = (special("[CLS]")?, special("[SEP]")?, special("[MASK]")?);
    let mut input_ids = vec![cls];
    input_ids.extend(a);
    input_ids.push(sep);
    let second = input_ids.len();
    input_ids.extend(b);
    input_ids.push(sep);
    let token_type_ids = (0..input_ids.len())
        .map(|at| u32::from(at >= second))
        .collect();
    let mut places: Vec<usize> = (1..second - 1).chain(second..input_ids.len() - 1).collect();
    random.shuffle(&mut places);
    places.truncate(((places.len() as f64 * SHARE).round() as usize).max(1));
    let chosen: Vec<(usize, u32)> = places.into_iter().map(|at| (at, input_ids[at])).collect();
    // A random token is a word of the vocabulary: BERT's unused and special tokens come before [MASK].
    let first_word = mask as usize + 1;
    for &(at, _) in &chosen {
        match random.unit() {
            dice if dice < 0.8 => input_ids[at] = mask,
            dice if dice < 0.9 => {
                input_ids[at] = (first_word + random.below(vocab_size - first_word)) as u32;
            }
            _ => {}
        }
    }
    Ok(Example {
        input: EncoderInput::single(input_ids, token_type_ids),
        chosen,
    })
}

fn guess(bert: &dyn Encoder, example: &Example) -> Result<Score> {
    let positions: Vec<(usize, usize)> = example.chosen.iter().map(|&(at, _)| (0, at)).collect();
    let hidden_states = bert.hidden_states(&example.input)?;
    let rows = example.input.rows(&hidden_states, &positions)?;
    let logits = bert.heads().mlm()?.logits(&rows)?;
    Ok(logits
        .chunks_exact(bert.info().vocab_size)
        .zip(&example.chosen)
        .map(|(row, &(_, label))| {
            let right = row[label as usize];
            let better = row.iter().filter(|&&logit| logit > right).count();
            Score {
                n: 1,
                top1: usize::from(better < 1),
                top5: usize::from(better < 5),
            }
        })
        .sum())
}

fn most_frequent<'a>(ids: impl Iterator<Item = &'a u32>) -> Vec<u32> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for &id in ids {
        *counts.entry(id).or_default() += 1;
    }
    let mut counts: Vec<(usize, u32)> = counts.into_iter().map(|(id, count)| (count, id)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.into_iter().take(5).map(|(_, id)| id).collect()
}

fn baseline(examples: &[Example], frequent: &[u32]) -> Score {
    examples
        .iter()
        .flat_map(|example| &example.chosen)
        .map(|(_, label)| Score {
            n: 1,
            top1: usize::from(frequent.first() == Some(label)),
            top5: usize::from(frequent.contains(label)),
        })
        .sum()
}
