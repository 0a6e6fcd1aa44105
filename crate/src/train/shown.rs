//! A run shows what its model does with texts.

use super::error::Result;
use super::models::bert::Pairs;
use super::models::Texts;
use super::settings::{TokenizerKind, MOST_STEPS};
use super::showing::{
    softmax, Attentions, Candidate, Given, Guess, MaskLogits, Probe, Row, SampleOptions,
    ShownToken, WordVectors,
};
use super::tokenizer::GPT_SPECIAL;
use super::training::Training;
use crate::error::Error;
use crate::sampling::{self, Sampler, SamplingOptions};
use crate::text::{LegibleText, TextStream};

/// How a masked word is written, in the texts of all models.
const MASK: &str = "[MASK]";
/// Tokens that a sample has at most.
const MOST_NEW_TOKENS: usize = 1000;

impl Training {
    /// What the model writes behind `prompt` (GPT; ELMo's forward model), up to the end of its text. Without a prompt it
    /// begins a text. Bytes that are no character are named, as in `<0xE6>`.
    ///
    /// # Errors
    /// [`TrainError::NotShown`](crate::train::TrainError::NotShown), [`Error::InvalidOption`].
    pub fn sample(&self, prompt: &str, options: &SampleOptions) -> Result<String> {
        let mut writer = self.objective.writer()?;
        if !(1..=MOST_NEW_TOKENS).contains(&options.max_new_tokens) {
            let message = format!("must be between 1 and {MOST_NEW_TOKENS}");
            return Err(Error::option("max_new_tokens", message).into());
        }
        let [end, unknown] = GPT_SPECIAL.map(|token| self.tokenizer().token_to_id(token));
        let mut sampler = Sampler::new(SamplingOptions {
            do_sample: options.temperature != 0.0,
            temperature: options.temperature,
            top_k: options.top_k,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            no_repeat_ngram_size: 0,
            seed: options.seed,
        })?
        .never(unknown.into_iter().collect());
        let mut ids = self.tokenizer().encode(prompt, None, false)?.ids();
        if ids.is_empty() {
            ids.extend(end);
        }
        let mut stream = TextStream::after(self.tokenizer().clone(), &ids);
        let mut legible = LegibleText::default();
        let (mut text, mut read) = (String::new(), 0);
        for _ in 0..options.max_new_tokens {
            let logits = writer.read(&ids[read..])?;
            read = ids.len();
            let id = sampler.sample(&logits, &ids)?;
            if Some(id) == end {
                break;
            }
            ids.push(id);
            let token = self.tokenizer().readable(id);
            text.push_str(&legible.add(&token, &stream.push(id)));
        }
        text.push_str(&legible.finish(&stream.finish()));
        Ok(text)
    }

    /// Guesses of what stands where `[MASK]` does (BERT, XLNet), `top_k` of each. XLNet's guesses are made in an order that
    /// `seed` draws, and know those before them.
    ///
    /// # Errors
    /// [`TrainError::NotShown`](crate::train::TrainError::NotShown), [`Error::NoMask`], [`Error::EmptyInput`] where nothing
    /// but masks stands there, [`Error::InputTooLong`].
    pub fn probe(&self, text: &str, top_k: usize, seed: u64) -> Result<Probe> {
        let (ids, masks) = self.marked(text)?;
        let pairs = self.pairs(ids, None)?;
        if masks.is_empty() {
            let mask_token = MASK.into();
            return Err(Error::NoMask { mask_token }.into());
        }
        let guesses = self.objective.mask_logits(&pairs, &masks, seed)?;
        if masks.len() == pairs.texts.len {
            return Err(Error::EmptyInput {
                input: "text".into(),
            }
            .into());
        }
        let guess = |guess: MaskLogits| Guess {
            index: guess.at,
            turn: guess.turn,
            candidates: sampling::top(&softmax(&guess.logits), top_k.max(1))
                .into_iter()
                .map(|(id, probability)| Candidate {
                    token: self.tokenizer().readable(id),
                    probability: probability as f32,
                })
                .collect(),
        };
        let mut tokens = self.readable(&pairs.texts.input_ids);
        masks.iter().for_each(|&at| tokens[at] = MASK.into());
        Ok(Probe {
            tokens,
            masks: guesses.into_iter().map(guess).collect(),
        })
    }

    /// The probability that `b` follows `a` (BERT).
    ///
    /// # Errors
    /// [`TrainError::NotShown`](crate::train::TrainError::NotShown), [`Error::EmptyInput`], [`Error::InputTooLong`].
    pub fn is_next(&self, a: &str, b: &str) -> Result<f32> {
        for (name, text) in [("a", a), ("b", b)] {
            if text.trim().is_empty() {
                return Err(Error::EmptyInput { input: name.into() }.into());
            }
        }
        let encoding = self.tokenizer().encode(a, Some(b), true)?;
        self.objective
            .is_next(&self.pairs(encoding.ids(), Some(encoding.type_ids()))?)
    }

    /// The attention of one head (BERT, GPT, XLNet; there each position sees the whole text).
    ///
    /// # Errors
    /// [`TrainError::NotShown`](crate::train::TrainError::NotShown), [`Error::InvalidOption`] for a layer or head that is not
    /// there, [`Error::EmptyInput`], [`Error::InputTooLong`].
    pub fn attention(&self, text: &str, layer: usize, head: usize) -> Result<Attentions> {
        let settings = self.settings();
        let asked = [
            ("layer", layer, settings.num_layers),
            ("head", head, settings.num_heads),
        ];
        let pairs = self.pairs(self.ids(text)?, None)?;
        for (name, value, count) in asked {
            if value >= count {
                let message = format!("{value} is not below {count}");
                return Err(Error::option(name, message).into());
            }
        }
        let all = self.objective.attentions(&pairs, layer)?;
        let square = pairs.texts.len * pairs.texts.len;
        Ok(Attentions {
            tokens: self.readable(&pairs.texts.input_ids),
            attentions: all[head * square..][..square].to_vec(),
        })
    }

    /// The vectors of each token by layer (ELMo).
    ///
    /// # Errors
    /// [`TrainError::NotShown`](crate::train::TrainError::NotShown), [`Error::EmptyInput`], [`Error::InputTooLong`].
    pub fn word_vectors(&self, text: &str) -> Result<WordVectors> {
        let pairs = self.pairs(self.ids(text)?, None)?;
        Ok(WordVectors {
            tokens: self.readable(&pairs.texts.input_ids),
            hidden_size: self.settings().hidden_size,
            layers: self.objective.word_vectors(&pairs)?,
        })
    }

    /// How the tokenizer that was learnt cuts a text; of any length.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`].
    pub fn tokenize(&self, text: &str) -> Result<Vec<ShownToken>> {
        let encoding = self.tokenizer().encode(text, None, false)?;
        let token = |token: crate::text::TokenSpan| ShownToken {
            token: token.token,
            id: token.id,
            range: token.range,
        };
        Ok(encoding.tokens.into_iter().map(token).collect())
    }

    /// What the model is given in step `step`: text `row` of the batch.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a row or a step that is not there.
    pub fn given(&self, step: u64, row: usize) -> Result<Given> {
        let count = self.settings().batch_size;
        if row >= count {
            return Err(Error::option("row", format!("{row} is not below {count}")).into());
        }
        if step > MOST_STEPS {
            return Err(Error::option("step", format!("{step} is above {MOST_STEPS}")).into());
        }
        Ok(match self.objective.row(step, row) {
            Row::Masked {
                ids,
                labels,
                is_next,
                mask,
            } => {
                let kind = |(&id, label): (&u32, &Option<u32>)| {
                    label.map(|label| match id {
                        _ if id == mask => "mask",
                        _ if id == label => "keep",
                        _ => "random",
                    })
                };
                Given::Masked {
                    kinds: ids.iter().zip(&labels).map(kind).collect(),
                    tokens: self.readable(&ids),
                    labels: labels
                        .iter()
                        .map(|label| label.map(|id| self.tokenizer().readable(id)))
                        .collect(),
                    is_next,
                }
            }
            Row::Window(ids) => Given::Window {
                tokens: self.readable(&ids),
            },
            Row::Permuted {
                ids,
                order,
                targets,
                visible,
            } => {
                let len = ids.len();
                let own = |at: usize| at / len == at % len;
                let places = || visible.iter().enumerate();
                Given::Permuted {
                    tokens: self.readable(&ids),
                    order,
                    targets,
                    content_mask: places().map(|(at, &v)| u8::from(v || own(at))).collect(),
                    query_mask: places().map(|(_, &v)| u8::from(v)).collect(),
                }
            }
        })
    }

    fn readable(&self, ids: &[u32]) -> Vec<String> {
        let tokenizer = self.tokenizer();
        ids.iter().map(|&id| tokenizer.readable(id)).collect()
    }

    /// The tokens of a text, framed as the model is used to.
    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        if text.trim().is_empty() {
            return Err(Error::EmptyInput {
                input: "text".into(),
            }
            .into());
        }
        let framed = self.settings().reads_pairs();
        Ok(self.tokenizer().encode(text, None, framed)?.ids())
    }

    /// As [`Training::ids`], of a text with masks, and where these are. A vocabulary without `[MASK]` has the token of unknown words
    /// in its place, which is never looked at.
    fn marked(&self, text: &str) -> Result<(Vec<u32>, Vec<usize>)> {
        if let Some((mask, _)) = self.tokenizer().mask_token() {
            let ids = self.ids(text)?;
            let masks = (0..ids.len()).filter(|&at| ids[at] == mask).collect();
            return Ok((ids, masks));
        }
        let unknown = self.tokenizer().token_to_id(GPT_SPECIAL[1]).unwrap_or(0);
        // There the piece that begins a word has the blank before it.
        let blanks = self.settings().tokenizer == TokenizerKind::ByteBpe;
        let (mut ids, mut masks) = (Vec::new(), Vec::new());
        let count = text.matches(MASK).count();
        for (number, part) in text.split(MASK).enumerate() {
            if number > 0 {
                masks.push(ids.len());
                ids.push(unknown);
            }
            let part = match part.strip_suffix(' ') {
                Some(before) if blanks && number < count => before,
                _ => part,
            };
            ids.extend(self.tokenizer().encode(part, None, false)?.ids());
        }
        Ok((ids, masks))
    }

    /// A text or pair that fits into the model.
    fn pairs(&self, input_ids: Vec<u32>, type_ids: Option<Vec<u32>>) -> Result<Pairs> {
        let (len, max) = (input_ids.len(), self.settings().context);
        let input = || String::from("text");
        if len == 0 {
            return Err(Error::EmptyInput { input: input() }.into());
        }
        if len > max {
            let (input, tokens) = (input(), len);
            return Err(Error::InputTooLong { input, tokens, max }.into());
        }
        Ok(Pairs {
            token_type_ids: type_ids.unwrap_or_else(|| vec![0; len]),
            texts: Texts { input_ids, len },
            lengths: Vec::new(),
        })
    }
}
