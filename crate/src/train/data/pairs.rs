//! BERT's examples (Devlin et al. 2019, appendix A.2): two parts of whole sentences, the second of which follows the
//! first in half of them; or one part, where next sentences are not learnt.

use std::cell::{Cell, RefCell};

use crate::train::error::{Result, TrainError};
use crate::train::random::{Purpose, Random};

/// The sentences of some documents, as tokens.
#[derive(Debug)]
pub struct Sentences {
    /// Documents, of sentences, of tokens; none is empty.
    documents: Vec<Vec<Vec<u32>>>,
    how: Cut,
    /// The last seed and epoch asked for, with the examples. These are a function of both: keeping them saves time and
    /// changes nothing.
    epoch: RefCell<Option<([u64; 2], Vec<Example>)>>,
    /// The last seed, and examples in its first epoch.
    first: Cell<Option<(u64, usize)>>,
}

/// How sentences become examples.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Tokens of an example at most, without the special ones.
    pub room: usize,
    /// Whether there are two parts.
    pub pairs: bool,
}

/// One example, without special tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The first part.
    pub a: Vec<u32>,
    /// The second part; empty where there is none.
    pub b: Vec<u32>,
    /// Whether the second part follows the first in the text.
    pub is_next: bool,
}

impl Sentences {
    /// # Errors
    /// [`TrainError::TooFewSentences`] where there are fewer than four sentences (for pairs), or none.
    pub fn new(documents: Vec<Vec<Vec<u32>>>, how: Cut) -> Result<Self> {
        let documents: Vec<Vec<Vec<u32>>> = documents
            .into_iter()
            .map(|document| document.into_iter().filter(|s| !s.is_empty()).collect())
            .filter(|document: &Vec<_>| !document.is_empty())
            .collect();
        let count: usize = documents.iter().map(Vec::len).sum();
        let needed = if how.pairs { 4 } else { 1 };
        if count < needed {
            return Err(TrainError::TooFewSentences {
                sentences: count,
                needed,
            });
        }
        Ok(Self {
            documents,
            how,
            epoch: None.into(),
            first: None.into(),
        })
    }

    /// The examples of step `step`: every epoch sees each sentence about once.
    pub fn batch(&self, seed: u64, step: u64, batch_size: usize) -> Vec<Example> {
        // Epochs differ in length by what is drawn, so a step is found by that of the first: all have about as many.
        let first = match self.first.get() {
            Some((of, count)) if of == seed => count,
            _ => self.number_in(seed, 0),
        };
        self.first.set(Some((seed, first)));
        let steps = (first / batch_size).max(1) as u64;
        let (epoch, within) = (step / steps, (step % steps) as usize);
        let count = self.number_in(seed, epoch);
        let cached = self.epoch.borrow();
        let (_, examples) = cached.as_ref().expect("made by `number_in`");
        (within * batch_size..(within + 1) * batch_size)
            .map(|number| examples[number % count].clone())
            .collect()
    }

    /// Batch number `index` of all examples; nothing behind the last.
    pub fn in_order(&self, seed: u64, index: usize, batch_size: usize) -> Vec<Example> {
        let count = self.number_in(seed, 0);
        let cached = self.epoch.borrow();
        let (_, examples) = cached.as_ref().expect("made by `number_in`");
        let end = count.min((index + 1) * batch_size);
        examples[(index * batch_size).min(end)..end].to_vec()
    }

    /// Makes an epoch's examples, and says how many there are.
    fn number_in(&self, seed: u64, epoch: u64) -> usize {
        let mut cached = self.epoch.borrow_mut();
        match &*cached {
            Some((of, examples)) if *of == [seed, epoch] => examples.len(),
            _ => {
                let examples = self.cut(&mut Random::new(seed, Purpose::Order, epoch));
                let count = examples.len();
                *cached = Some(([seed, epoch], examples));
                count
            }
        }
    }

    /// All examples of an epoch, shuffled.
    fn cut(&self, random: &mut Random) -> Vec<Example> {
        let mut examples = Vec::new();
        for document in 0..self.documents.len() {
            self.cut_document(document, random, &mut examples);
        }
        let order = random.permutation(examples.len());
        order
            .into_iter()
            .map(|at| examples[at as usize].clone())
            .collect()
    }

    /// Cuts a document from its beginning to its end. Where the second part was replaced, the next example begins with
    /// what would have followed.
    fn cut_document(&self, number: usize, random: &mut Random, examples: &mut Vec<Example>) {
        let (document, room) = (&self.documents[number], self.how.room);
        let mut at = 0;
        while at < document.len() {
            let room_a = if self.how.pairs {
                room / 4 + random.below(room / 2 + 1)
            } else {
                room
            };
            let (a, following) = span(document, at, room_a);
            if !self.how.pairs {
                at = following;
                examples.push(Example {
                    a,
                    b: Vec::new(),
                    is_next: true,
                });
                continue;
            }
            let room_b = room - a.len();
            if following < document.len() && random.below(2) == 0 {
                let (b, after) = span(document, following, room_b);
                at = after;
                examples.push(Example {
                    a,
                    b,
                    is_next: true,
                });
            } else {
                let b = self.elsewhere(number, at..following + 1, room_b, random);
                at = following;
                examples.push(Example {
                    a,
                    b,
                    is_next: false,
                });
            }
        }
    }

    /// Sentences of another document, or of this one outside of `near`.
    fn elsewhere(
        &self,
        number: usize,
        near: std::ops::Range<usize>,
        room: usize,
        random: &mut Random,
    ) -> Vec<u32> {
        // By sentences, so that long documents come as often as they are long.
        let total: usize = self.documents.iter().map(Vec::len).sum();
        for _ in 0..100 {
            let mut at = random.below(total);
            let mut other = 0;
            while at >= self.documents[other].len() {
                at -= self.documents[other].len();
                other += 1;
            }
            if other != number || !near.contains(&at) {
                return span(&self.documents[other], at, room).0;
            }
        }
        span(&self.documents[number], 0, room).0
    }
}

/// Whole sentences from `at` on, at most `room` tokens (a longer first one is cut), and the sentence behind them.
fn span(document: &[Vec<u32>], at: usize, room: usize) -> (Vec<u32>, usize) {
    let mut tokens = Vec::new();
    let mut end = at;
    while end < document.len() && tokens.len() + document[end].len() <= room {
        tokens.extend_from_slice(&document[end]);
        end += 1;
    }
    if end == at {
        tokens.extend(document[at].iter().take(room));
        end += 1;
    }
    (tokens, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentence i of 4 tokens: i four times.
    fn numbered(pairs: bool) -> Sentences {
        let document: Vec<Vec<u32>> = (0..200).map(|i| vec![i; 4]).collect();
        Sentences::new(vec![document], Cut { room: 24, pairs }).expect("enough")
    }

    #[test]
    fn half_of_the_pairs_follow_and_the_others_do_not() {
        let sentences = numbered(true);
        let all: Vec<Example> = (0..40)
            .flat_map(|step| sentences.batch(3, step, 8))
            .collect();
        for example in &all {
            let follows = example.b[0] == example.a[example.a.len() - 1] + 1;
            assert_eq!(follows, example.is_next);
            assert!(example.a.len() + example.b.len() <= 24 && !example.b.is_empty());
        }
        let next = all.iter().filter(|example| example.is_next).count();
        assert!((120..200).contains(&next), "{next} of {}", all.len());
        assert_eq!(sentences.batch(3, 5, 8), numbered(true).batch(3, 5, 8));
    }

    #[test]
    fn one_epoch_is_kept_and_the_length_of_the_first() {
        let sentences = numbered(true);
        sentences.batch(3, 0, 8);
        let (_, first) = sentences.first.get().expect("counted");
        let later = 2 * (first / 8) as u64;
        sentences.batch(3, later, 8);
        let at = |s: &Sentences| s.epoch.borrow().as_ref().map(|(_, all)| all.as_ptr());
        let before = at(&sentences);
        let next = sentences.batch(3, later + 1, 8);
        assert_eq!(before, at(&sentences));
        assert_eq!(next, numbered(true).batch(3, later + 1, 8));
    }

    #[test]
    fn too_few_sentences_are_counted() {
        let how = Cut {
            room: 61,
            pairs: true,
        };
        let refused = Sentences::new(vec![vec![vec![7; 1000]; 3]], how).map(|_| ());
        let (sentences, needed) = (3, 4);
        assert_eq!(
            refused,
            Err(TrainError::TooFewSentences { sentences, needed })
        );
    }

    #[test]
    fn single_parts_are_the_text_once() {
        let sentences = numbered(false);
        let mut seen: Vec<u32> = (0..)
            .map(|index| sentences.in_order(1, index, 8))
            .take_while(|batch| !batch.is_empty())
            .flatten()
            .flat_map(|example| example.a)
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..200).flat_map(|i| [i; 4]).collect::<Vec<u32>>());
    }
}
