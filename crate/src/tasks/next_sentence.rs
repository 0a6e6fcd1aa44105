//! Next-sentence prediction (Devlin et al. 2019, section 3.1, task 2): does B follow A?

use std::sync::Arc;

use super::input::{batch_size, require_readable, require_text};
use crate::error::{Error, Result};
use crate::models::{Encoder, EncoderInput};
use crate::nn::elementary;
use crate::sampling::not_numbers;
use crate::text::Tokenizer;

/// Both probabilities; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NextSentenceResult {
    /// B follows A.
    pub is_next: f64,
    /// B is a sentence from elsewhere.
    pub not_next: f64,
    /// Tokens of `[CLS] A [SEP] B [SEP]`.
    pub tokens: usize,
}

impl NextSentenceResult {
    /// `isNext` or `notNext`, whichever is likelier.
    pub fn label(&self) -> &'static str {
        if self.is_next >= self.not_next {
            "isNext"
        } else {
            "notNext"
        }
    }

    /// Probability of the label.
    pub fn score(&self) -> f64 {
        self.is_next.max(self.not_next)
    }
}

/// One of several candidate continuations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedSentence {
    /// Its place in the list as given.
    pub index: usize,
    /// How well it follows.
    pub result: NextSentenceResult,
}

/// Next-sentence prediction with one model.
pub struct NextSentence {
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
}

impl NextSentence {
    /// # Errors
    /// [`Error::NoHead`] for checkpoints such as `BertForMaskedLM`.
    pub fn new(encoder: Arc<dyn Encoder>, tokenizer: Arc<Tokenizer>) -> Result<Self> {
        encoder.heads().nsp()?;
        Ok(Self { encoder, tokenizer })
    }

    /// How likely `b` follows `a`.
    ///
    /// # Errors
    /// [`Error::EmptyInput`] and [`Error::InputTooLong`] name the sentence.
    pub fn compare(&self, a: &str, b: &str) -> Result<NextSentenceResult> {
        let pair = self.pair(a, b)?;
        let [result] = self.judge(&[&pair])?[..] else {
            return Err(Error::Internal(
                "one pair, another number of results".into(),
            ));
        };
        Ok(result)
    }

    /// Compares each of the candidates with `a`, several at a time as one padded batch.
    ///
    /// # Errors
    /// As [`NextSentence::compare`], for the first candidate that fails: before anything is computed.
    pub fn comparisons(self: &Arc<Self>, a: &str, candidates: &[&str]) -> Result<Comparisons> {
        let mut left = candidates
            .iter()
            .enumerate()
            .map(|(index, b)| Ok((index, self.pair(a, b)?)))
            .collect::<Result<Vec<_>>>()?;
        // Pairs of like lengths meet in a batch; the shortest are taken from the end first.
        left.sort_by_key(|(_, pair)| std::cmp::Reverse(pair.ids.len()));
        Ok(Comparisons {
            task: self.clone(),
            left,
            failed: false,
        })
    }

    /// The candidates by how likely each follows `a`, best first.
    ///
    /// # Errors
    /// As [`NextSentence::comparisons`].
    pub fn rank(self: &Arc<Self>, a: &str, candidates: &[&str]) -> Result<Vec<RankedSentence>> {
        let batches = self
            .comparisons(a, candidates)?
            .collect::<Result<Vec<_>>>()?;
        let mut ranked = batches.concat();
        ranked.sort_by(|a, b| {
            let better = b.result.is_next.total_cmp(&a.result.is_next);
            better.then(a.index.cmp(&b.index))
        });
        Ok(ranked)
    }

    /// The tokens of a pair, if the model can read them.
    fn pair(&self, a: &str, b: &str) -> Result<Pair> {
        require_text("sentence A", a)?;
        require_text("sentence B", b)?;
        let encoding = self.tokenizer.encode(a, Some(b), true)?;
        let info = self.encoder.info();
        let max = info.max_position_embeddings;
        require_readable("pair of sentences", &encoding, max, info.vocab_size)?;
        Ok(Pair {
            ids: encoding.ids(),
            type_ids: encoding.type_ids(),
        })
    }

    /// All pairs in one batch.
    fn judge(&self, pairs: &[&Pair]) -> Result<Vec<NextSentenceResult>> {
        let texts = pairs.iter().map(|pair| (&*pair.ids, &*pair.type_ids));
        let input = EncoderInput::padded(texts);
        let first = input.first_rows(&self.encoder.hidden_states(&input)?)?;
        let logits = self.encoder.heads().nsp()?.logits(&first)?;
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(not_numbers());
        }
        let results = logits.chunks_exact(2).zip(pairs).map(|(logits, pair)| {
            // Softmax over two logits.
            let not_next = 1.0 / (1.0 + elementary::exp(logits[0] as f64 - logits[1] as f64));
            NextSentenceResult {
                is_next: 1.0 - not_next,
                not_next,
                tokens: pair.ids.len(),
            }
        });
        Ok(results.collect())
    }
}

/// Two sentences as the model reads them.
struct Pair {
    ids: Vec<u32>,
    type_ids: Vec<u32>,
}

/// Candidates being compared, see [`NextSentence::comparisons`]: an iterator over batches of results.
pub struct Comparisons {
    task: Arc<NextSentence>,
    /// Places in the list and pairs that are still to be judged, the shortest last.
    left: Vec<(usize, Pair)>,
    /// Whether a batch has failed: then there are no more.
    failed: bool,
}

impl Comparisons {
    /// The next batch: of the shortest pairs that are left, as many as fit beside the longest of them.
    fn take_batch(&mut self) -> Vec<(usize, Pair)> {
        let mut count = 0;
        for (_, pair) in self.left.iter().rev() {
            if count >= batch_size(pair.ids.len()) {
                break;
            }
            count += 1;
        }
        self.left.split_off(self.left.len() - count)
    }
}

impl Iterator for Comparisons {
    type Item = Result<Vec<RankedSentence>>;

    /// The results of the next batch; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.take_batch();
        if batch.is_empty() || self.failed {
            return None;
        }
        let pairs: Vec<_> = batch.iter().map(|(_, pair)| pair).collect();
        let judged = self.task.judge(&pairs).map(|results| {
            let ranked = batch.iter().zip(results);
            ranked
                .map(|(&(index, _), result)| RankedSentence { index, result })
                .collect()
        });
        self.failed = judged.is_err();
        Some(judged)
    }
}
