//! How surprised a decoder is by each token of a text: −log2 of the probability that it gave the token before it came.

use std::sync::Arc;

use super::input::{require_known, require_lm, require_text};
use super::judge::{Judge, TokenProbability};
use crate::error::Result;
use crate::models::Decoder;
use crate::nn::KvCache;
use crate::text::{TokenSpan, Tokenizer};

/// Tokens read in one step: a caller can only stop between two.
const CHUNK: usize = 64;
/// Tokens that are named in each place.
const TOP: usize = 3;

/// A text and how surprising each of its tokens is.
#[derive(Debug, Clone, PartialEq)]
pub struct Surprisal {
    /// Those of the model's template included.
    pub tokens: Vec<TokenSpan>,
    /// Of each token. NaN where nothing stands before it, and for what the template adds.
    pub bits: Vec<f32>,
    /// The place of each token among all that could have come, 1 for the likeliest; 0 where `bits` is NaN.
    pub ranks: Vec<u32>,
    /// The three likeliest tokens in each place, best first; none where `bits` is NaN.
    pub top: Vec<Vec<TokenProbability>>,
    /// Sum of all bits: how long the text is, packed by an arithmetic coder with this model.
    pub total_bits: f64,
    /// 2^(mean bits a token): among how many equally likely tokens the model chose, as it were. `None` if no token counts.
    pub perplexity: Option<f64>,
    /// Bits by UTF-8 bytes of the tokens that count, so that models with other vocabularies compare.
    pub bits_per_byte: Option<f64>,
}

/// A text being read; an iterator over how many of its tokens are scored.
///
/// A text longer than the context is read by windows of the context's length, each half a context behind the one before:
/// each token behind the first window is scored with at least half a context before it (the sliding window of
/// `transformers`' page on perplexity).
pub struct Surprisals {
    decoder: Arc<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    /// Positions that are read at once.
    context: usize,
    text_bytes: usize,
    ids: Vec<u32>,
    cache: KvCache,
    /// The window's first token.
    start: usize,
    /// The next token to be scored.
    next: usize,
    total_bits: f64,
    scored: usize,
    result: Surprisal,
    failed: bool,
}

impl Surprisals {
    /// Starts to read `text`.
    ///
    /// # Errors
    /// [`crate::Error::NoHead`], [`crate::Error::EmptyInput`], [`crate::Error::InputTooLarge`],
    /// [`crate::Error::TokenBeyondModel`], [`crate::Error::OutOfMemory`].
    pub fn new(decoder: Arc<dyn Decoder>, tokenizer: Arc<Tokenizer>, text: &str) -> Result<Self> {
        let info = decoder.info();
        require_lm(&info)?;
        require_text("text", text)?;
        let tokens = tokenizer.encode(text, None, true)?.tokens;
        require_known(&tokens, info.vocab_size)?;
        let len = tokens.len();
        Ok(Self {
            cache: decoder.new_cache_of(len.min(info.max_position_embeddings))?,
            decoder,
            tokenizer,
            context: info.max_position_embeddings,
            text_bytes: text.len(),
            ids: tokens.iter().map(|token| token.id).collect(),
            start: 0,
            next: 1,
            total_bits: 0.0,
            scored: 0,
            result: Surprisal {
                tokens,
                bits: vec![f32::NAN; len],
                ranks: vec![0; len],
                top: vec![Vec::new(); len],
                total_bits: 0.0,
                perplexity: None,
                bits_per_byte: None,
            },
            failed: false,
        })
    }

    /// Tokens of the text.
    pub fn tokens(&self) -> usize {
        self.ids.len()
    }

    /// What is known so far; all of it once the iterator has ended.
    pub fn result(&self) -> Surprisal {
        // The first token's bytes count only if it has bits.
        let unscored = self.result.tokens.first();
        let unscored = unscored.map_or(0, |token| token.range.end);
        let bytes = self.text_bytes - unscored;
        let (bits, scored) = (self.total_bits, self.scored);
        Surprisal {
            total_bits: bits,
            perplexity: (scored > 0).then(|| (bits / scored as f64).exp2()),
            bits_per_byte: (scored > 0 && bytes > 0).then(|| bits / bytes as f64),
            ..self.result.clone()
        }
    }

    /// Reads the next tokens of the window, and scores those behind them that are not yet.
    fn step(&mut self) -> Result<usize> {
        if self.cache.len() == self.context {
            self.start += self.context.div_ceil(2);
            self.cache.truncate(0);
        }
        let from = self.start + self.cache.len();
        // What follows the last token is nobody's question.
        let room = self.context - self.cache.len();
        let to = (from + room.min(CHUNK)).min(self.ids.len() - 1);
        // Within a later window, what stands before the next token to be scored is context alone.
        let first = from.max(self.next - 1).min(to);
        let hidden = self
            .decoder
            .hidden_states(&self.ids[from..to], &mut self.cache)?;
        if first < to {
            let size = hidden.len() / (to - from);
            let logits = self.decoder.lm_head(&hidden[(first - from) * size..])?;
            self.score(first + 1, &logits)?;
        }
        Ok(self.next)
    }

    /// The tokens from `place` on, by the logits `[n, vocab_size]` of what was expected there.
    fn score(&mut self, place: usize, logits: &[f32]) -> Result<()> {
        let rows = self.decoder.info().vocab_size;
        let judge = Judge::new(&self.tokenizer, rows);
        for (place, logits) in (place..).zip(logits.chunks_exact(rows)) {
            self.next = place + 1;
            if self.result.tokens[place].special {
                continue;
            }
            let judged = judge.judge(logits, self.ids[place], TOP)?;
            let bits = -judged.log_prob / std::f64::consts::LN_2;
            self.total_bits += bits;
            self.scored += 1;
            self.result.bits[place] = bits as f32;
            self.result.ranks[place] = judged.rank;
            self.result.top[place] = judged.top;
        }
        Ok(())
    }
}

impl Iterator for Surprisals {
    type Item = Result<usize>;

    /// Reads the next tokens; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.ids.len() || self.failed {
            return None;
        }
        let step = self.step();
        self.failed = step.is_err();
        Some(step)
    }
}
