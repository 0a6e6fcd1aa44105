//! Labelled tokens put together to entities.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::text::Tokenizer;

/// How labelled tokens become entities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AggregationStrategy {
    /// They stay tokens.
    #[default]
    None,
    /// Neighbours with the same label are one entity; `B-` begins another.
    Simple,
    /// The same, but a word has the label of its first piece.
    First,
    /// A word has the label that is best in the mean of its pieces.
    Average,
    /// A word has the label of the piece that is surest.
    Max,
}

impl AggregationStrategy {
    /// `none`, `simple`, `first`, `average` or `max`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "none" => Self::None,
            "simple" => Self::Simple,
            "first" => Self::First,
            "average" => Self::Average,
            "max" => Self::Max,
            other => {
                let message = format!("\"{other}\" is none of none, simple, first, average, max");
                return Err(Error::option("aggregation_strategy", message));
            }
        })
    }
}

/// A labelled part of a text: a token, or an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Its label; of an entity, without `B-` or `I-`.
    pub label: String,
    /// Which token of the text it is, the template's counted; `None` for an entity.
    pub index: Option<usize>,
    /// Probability of the label; of an entity, the mean of its words.
    pub score: f64,
    /// The tokens as text.
    pub word: String,
    /// UTF-8 bytes of the text.
    pub range: Range<usize>,
}

/// A token with the probability of each label.
pub(super) struct Piece {
    pub token: String,
    pub index: usize,
    pub range: Range<usize>,
    pub scores: Vec<f64>,
    /// Whether it goes on with the word before it.
    pub is_subword: bool,
}

/// The index of the largest, the first of equals.
fn largest(scores: &[f64]) -> usize {
    (1..scores.len()).fold(
        0,
        |best, at| if scores[at] > scores[best] { at } else { best },
    )
}

/// What labels there are, and what makes text of tokens.
pub(super) struct Aggregator<'a> {
    pub strategy: AggregationStrategy,
    pub labels: &'a [String],
    pub tokenizer: &'a Tokenizer,
}

impl Aggregator<'_> {
    /// The entities of the tokens of a window.
    pub fn entities(&self, pieces: &[Piece]) -> Result<Vec<Entity>> {
        use AggregationStrategy::{None, Simple};
        if !matches!(self.strategy, None | Simple) {
            let words = pieces.chunk_by(|_, next| next.is_subword);
            let words: Vec<_> = words.map(|word| self.word(word)).collect::<Result<_>>()?;
            return self.groups(&words);
        }
        let token = |piece: &Piece| self.labelled(piece.token.clone(), &piece.scores, &[piece]);
        let tokens: Vec<_> = pieces.iter().map(token).collect();
        match self.strategy {
            None => Ok(tokens),
            _ => self.groups(&tokens),
        }
    }

    /// The best label of `scores` for `word`, which stands where `pieces` do.
    fn labelled(&self, word: String, scores: &[f64], pieces: &[&Piece]) -> Entity {
        let best = largest(scores);
        let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
        let is_token = self.strategy == AggregationStrategy::None;
        Entity {
            label: self.labels[best].clone(),
            index: is_token.then_some(first.index),
            score: scores[best],
            word,
            range: first.range.start..last.range.end,
        }
    }

    /// One label for the pieces of a word.
    fn word(&self, pieces: &[Piece]) -> Result<Entity> {
        let tokens = pieces.iter().map(|piece| piece.token.clone());
        let word = self.tokenizer.tokens_to_string(tokens.collect())?;
        let best = |piece: &Piece| piece.scores[largest(&piece.scores)];
        let scores = match self.strategy {
            AggregationStrategy::Average => {
                let mean = |label: usize| {
                    let sum: f64 = pieces.iter().map(|piece| piece.scores[label]).sum();
                    sum / pieces.len() as f64
                };
                (0..self.labels.len()).map(mean).collect()
            }
            AggregationStrategy::Max => {
                let bests: Vec<f64> = pieces.iter().map(best).collect();
                pieces[largest(&bests)].scores.clone()
            }
            _ => pieces[0].scores.clone(),
        };
        let all: Vec<&Piece> = pieces.iter().collect();
        Ok(self.labelled(word, &scores, &all))
    }

    /// Neighbours with the same label as one entity.
    fn groups(&self, words: &[Entity]) -> Result<Vec<Entity>> {
        let goes_on = |before: &Entity, next: &Entity| {
            tag(&next.label) == tag(&before.label) && !next.label.starts_with("B-")
        };
        let groups = words.chunk_by(goes_on);
        groups
            .map(|group| {
                let (first, last) = (&group[0], &group[group.len() - 1]);
                let label = &first.label;
                let sum: f64 = group.iter().map(|word| word.score).sum();
                let tokens = group.iter().map(|word| word.word.clone()).collect();
                Ok(Entity {
                    label: label
                        .split_once('-')
                        .map_or(&**label, |(_, rest)| rest)
                        .into(),
                    index: None,
                    score: sum / group.len() as f64,
                    word: self.tokenizer.tokens_to_string(tokens)?,
                    range: first.range.start..last.range.end,
                })
            })
            .collect()
    }
}

/// A label without the `B-` or `I-` that says whether it begins an entity.
fn tag(label: &str) -> &str {
    let rest = label.strip_prefix("B-").or(label.strip_prefix("I-"));
    rest.unwrap_or(label)
}

/// Of entities of `text` that overlap, which two windows found, the one of more characters; of equally long ones, and of
/// tokens that come twice, the surer one.
pub(super) fn without_overlaps(text: &str, mut entities: Vec<Entity>) -> Vec<Entity> {
    if entities.iter().all(|entity| entity.index.is_some()) {
        entities.sort_by(|a, b| a.index.cmp(&b.index).then(b.score.total_cmp(&a.score)));
        entities.dedup_by_key(|entity| entity.index);
        return entities;
    }
    let len = |entity: &Entity| text[entity.range.clone()].chars().count();
    entities.sort_by_key(|entity| entity.range.start);
    let mut kept: Vec<Entity> = Vec::new();
    for entity in entities {
        match kept.last_mut() {
            Some(last) if last.range.contains(&entity.range.start) => {
                let (ours, theirs) = (len(&entity), len(last));
                if ours > theirs || (ours == theirs && entity.score > last.score) {
                    *last = entity;
                }
            }
            _ => kept.push(entity),
        }
    }
    kept
}
