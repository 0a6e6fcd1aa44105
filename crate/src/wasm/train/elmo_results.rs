//! What crosses the border of ELMo's tagger. Offsets are UTF-16 units here.

use serde::Serialize;

use crate::border::bulk::Floats;
use crate::text::Utf16Index;
use crate::train::tagger::WordInContexts;

/// How ELMo's layers are mixed (Peters et al. 2018, equation 1).
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ElmoMix {
    /// softmax(s): the share of each layer, the embeddings first. They add up to 1.
    pub s: Vec<f32>,
    /// What the mix is multiplied by.
    pub gamma: f32,
}

/// A place of the word.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WordPlace {
    /// Which text, from 0.
    pub text: usize,
    /// Where it begins there.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// The vectors of one word in several contexts.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "WordInContexts"))]
pub struct WordInContextsResult {
    /// Where it stands.
    pub occurrences: Vec<WordPlace>,
    /// Numbers of a vector: forward beside backward.
    pub width: usize,
    /// `[layers + 1, occurrences, width]`: the embeddings, which know no context, then each LSTM layer.
    pub layers: Floats,
    /// `[occurrences, width]`: the layers as they are mixed now.
    pub mixed: Floats,
    /// `[occurrences, occurrences]`: the cosine of each two mixed vectors.
    pub similarities: Floats,
    /// `[occurrences, 2]`: the mixed vectors on their first two principal components, for a plot.
    pub points: Floats,
}

impl WordInContextsResult {
    pub fn new(texts: &[String], found: WordInContexts) -> Self {
        let place = |one: crate::train::tagger::Occurrence| {
            let range = Utf16Index::new(&texts[one.text]).range(&one.range);
            WordPlace {
                text: one.text,
                start: range.start,
                end: range.end,
            }
        };
        Self {
            occurrences: found.occurrences.into_iter().map(place).collect(),
            width: found.width,
            layers: Floats(found.layers),
            mixed: Floats(found.mixed),
            similarities: Floats(found.similarities),
            points: Floats(found.points),
        }
    }
}
