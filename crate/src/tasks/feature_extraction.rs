//! Vectors of texts ("Sentence-BERT", Reimers & Gurevych 2019): the hidden states of the last layer, of each token or
//! pooled, as transformers' `FeatureExtractionPipeline` and sentence-transformers make them. No head is needed.

use std::sync::Arc;

use super::input::{batch_size, require_readable, require_text};
use crate::error::{Error, Result};
use crate::models::{EncoderInput, Model};
use crate::sampling::not_numbers;
use crate::text::{Encoding, Tokenizer};

/// What makes one vector of those of a text's tokens, `[CLS]` and `[SEP]` among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pooling {
    /// Nothing: each token keeps its own.
    #[default]
    None,
    /// Their mean.
    Mean,
    /// That of the first token.
    Cls,
    /// The largest of each dimension.
    Max,
}

impl Pooling {
    /// `none`, `mean`, `cls` or `max`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "none" => Self::None,
            "mean" => Self::Mean,
            "cls" => Self::Cls,
            "max" => Self::Max,
            other => {
                let message = format!("\"{other}\" is none of none, mean, cls, max");
                return Err(Error::option("pooling", message));
            }
        })
    }

    /// `[len, size]` → `[1, size]`, or as it was.
    fn pool(self, rows: &[f32], size: usize) -> Vec<f32> {
        let mut pooled = rows[..size].to_vec();
        let others = rows[size..].chunks_exact(size);
        let join = |each: fn(&mut f32, f32)| {
            for row in others {
                pooled
                    .iter_mut()
                    .zip(row)
                    .for_each(|(all, one)| each(all, *one));
            }
        };
        match self {
            Self::None => return rows.to_vec(),
            Self::Cls => {}
            Self::Max => join(|most, one| *most = most.max(one)),
            Self::Mean => {
                join(|sum, one| *sum += one);
                let len = (rows.len() / size) as f32;
                pooled.iter_mut().for_each(|value| *value /= len);
            }
        }
        pooled
    }
}

/// Which vectors are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EmbeddingOptions {
    /// Of each token or of the whole text.
    pub pooling: Pooling,
    /// Whether each is divided by its length (L2 norm).
    pub normalize: bool,
}

/// Vectors of some of the texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    /// Row by row.
    pub data: Vec<f32>,
    /// `[texts, hidden_size]`; of tokens, `[1, len, hidden_size]`.
    pub dims: Vec<usize>,
    /// The place of the first of these texts in the list as given; the others follow it.
    pub index: usize,
    /// Tokens of each text.
    pub tokens: Vec<usize>,
}

/// Feature extraction with one model of any kind.
pub struct FeatureExtraction {
    model: Model,
    tokenizer: Arc<Tokenizer>,
}

impl FeatureExtraction {
    /// A decoder reads one text after the other, and its vectors are those behind its last norm.
    pub fn new(model: Model, tokenizer: Arc<Tokenizer>) -> Self {
        Self { model, tokenizer }
    }

    /// Starts to make the vectors of texts, several at a time as one padded batch.
    ///
    /// # Errors
    /// [`Error::EmptyInput`] and [`Error::InputTooLong`], for the first text that cannot be read: before anything is
    /// computed.
    pub fn embed(self: &Arc<Self>, texts: &[&str], options: EmbeddingOptions) -> Result<Embedding> {
        let info = self.model.info();
        let encode = |text: &&str| {
            require_text("text", text)?;
            let encoding = self.tokenizer.encode(text, None, true)?;
            let max = info.max_position_embeddings;
            require_readable("text", &encoding, max, info.vocab_size)?;
            if encoding.is_empty() {
                let input = "text".into();
                return Err(Error::EmptyInput { input });
            }
            Ok(encoding)
        };
        Ok(Embedding {
            texts: texts.iter().map(encode).collect::<Result<_>>()?,
            task: self.clone(),
            options,
            done: 0,
        })
    }

    fn embed_batch(&self, texts: &[Encoding], options: EmbeddingOptions) -> Result<Embeddings> {
        let size = self.model.info().hidden_size;
        let texts: Vec<_> = texts
            .iter()
            .map(|text| (text.ids(), text.type_ids()))
            .collect();
        let input = match &texts[..] {
            [(ids, types)] => EncoderInput::single(ids.clone(), types.clone()),
            all => EncoderInput::padded(all.iter().map(|(ids, types)| (&**ids, &**types))),
        };
        let hidden = self.model.hidden_states(&input)?; // [batch · len, hidden_size]
        let tokens: Vec<usize> = texts.iter().map(|(ids, _)| ids.len()).collect();
        let rows = hidden.chunks_exact(input.len() * size).zip(&tokens);
        let mut data: Vec<f32> = rows
            .flat_map(|(rows, len)| options.pooling.pool(&rows[..len * size], size))
            .collect();
        if data.iter().any(|value| !value.is_finite()) {
            return Err(not_numbers());
        }
        if options.normalize {
            data.chunks_exact_mut(size).for_each(normalize);
        }
        let dims = match options.pooling {
            Pooling::None => vec![1, input.len(), size],
            _ => vec![texts.len(), size],
        };
        Ok(Embeddings {
            data,
            dims,
            index: 0,
            tokens,
        })
    }
}

/// x / max(‖x‖, 1e-12), as PyTorch's `normalize`.
fn normalize(row: &mut [f32]) {
    let norm = row
        .iter()
        .map(|&value| f64::from(value).powi(2))
        .sum::<f64>()
        .sqrt();
    let norm = norm.max(1e-12) as f32;
    row.iter_mut().for_each(|value| *value /= norm);
}

/// Texts whose vectors are being made; an iterator over batches, in the order of the texts.
pub struct Embedding {
    task: Arc<FeatureExtraction>,
    options: EmbeddingOptions,
    texts: Vec<Encoding>,
    /// How many have been read, or all of them after an error.
    done: usize,
}

impl Embedding {
    /// How many of the texts that are left are read next.
    fn batch(&self) -> usize {
        let left = &self.texts[self.done..];
        let one_by_one = matches!(self.task.model, Model::Decoder(_));
        if one_by_one || self.options.pooling == Pooling::None {
            return left.len().min(1);
        }
        let mut longest = 0;
        let fits = |(before, text): &(usize, &Encoding)| {
            longest = longest.max(text.len());
            *before < batch_size(longest)
        };
        left.iter().enumerate().take_while(fits).count()
    }
}

impl Iterator for Embedding {
    type Item = Result<Embeddings>;

    /// The next batch; after an error, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.done..self.done + self.batch();
        if batch.is_empty() {
            return None;
        }
        let texts = &self.texts[batch.clone()];
        let embedded = self.task.embed_batch(texts, self.options);
        self.done = if embedded.is_ok() {
            batch.end
        } else {
            self.texts.len()
        };
        Some(embedded.map(|embedded| Embeddings {
            index: batch.start,
            ..embedded
        }))
    }
}
