//! Vocabularies learnt from a text, by the trainers of the `tokenizers` crate.

use std::collections::{BTreeSet, HashSet};

use serde_json::{json, Value};
use tokenizers as tk;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::decoders::wordpiece::WordPiece as WordPieceDecoder;
use tokenizers::models::bpe::{BpeTrainer, BPE};
use tokenizers::models::wordpiece::{WordPiece, WordPieceTrainer};
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::template::TemplateProcessing;
use tokenizers::{
    AddedToken, NormalizedString, Normalizer, OffsetReferential, OffsetType, PreTokenizedString,
    PreTokenizer, Trainer,
};

use super::error::{Result, TrainError};
use super::settings::TokenizerKind;
use crate::text::{Tokenizer, TokenizerFiles};

/// BERT's special tokens, in the order of its vocabulary.
pub const BERT_SPECIAL: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
/// Those of a model that reads from left to right: the end of a text, and what is unknown.
pub const GPT_SPECIAL: [&str; 2] = ["<|endoftext|>", "<unk>"];

/// What stands before the pieces inside a word.
const PREFIX: &str = "##";
/// Different letters that a WordPiece vocabulary has at most.
const MOST_LETTERS: usize = 500;

/// A tokenizer that was learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedTokenizer {
    /// `tokenizer.json`
    pub json: Vec<u8>,
    /// Whether it frames texts as BERT's does.
    pub bert: bool,
}

impl TrainedTokenizer {
    /// Learns `vocab_size` tokens at most from `documents`, special ones first; `bert` has BERT's special tokens and
    /// frame. The same documents give the same tokenizer.
    ///
    /// # Errors
    /// [`TrainError::InvalidSetting`] where the vocabulary has no room for the letters of the text.
    pub fn train(
        kind: TokenizerKind,
        vocab_size: usize,
        bert: bool,
        documents: &[String],
    ) -> Result<Self> {
        let names: &[&str] = if bert { &BERT_SPECIAL } else { &GPT_SPECIAL };
        let special: Vec<AddedToken> = names.iter().map(|&t| AddedToken::from(t, true)).collect();
        let mut tokenizer = match kind {
            TokenizerKind::WordPiece => word_piece(vocab_size, special.clone(), documents),
            TokenizerKind::ByteBpe => byte_bpe(vocab_size, special.clone(), documents),
            TokenizerKind::Characters => characters(vocab_size, special.clone(), documents),
        }
        .map_err(TrainError::internal)?;
        tokenizer
            .add_special_tokens(special)
            .map_err(TrainError::internal)?;
        if bert {
            tokenizer.with_post_processor(Some(frame()?));
        }
        let json = tokenizer.to_string(false).map_err(TrainError::internal)?;
        Ok(Self {
            json: json.into_bytes(),
            bert,
        })
    }

    /// The tokenizer as the rest of the core uses it.
    ///
    /// # Errors
    /// [`crate::Error::InvalidTokenizer`].
    pub fn open(&self) -> Result<Tokenizer> {
        Ok(Tokenizer::from_files(&TokenizerFiles {
            tokenizer: Some(&self.json),
            ..Default::default()
        })?)
    }

    /// `tokenizer_config.json`: the names of the special tokens.
    pub fn config(&self, context: usize) -> Value {
        if self.bert {
            json!({
                "tokenizer_class": "PreTrainedTokenizerFast",
                "model_max_length": context,
                "pad_token": "[PAD]",
                "unk_token": "[UNK]",
                "cls_token": "[CLS]",
                "sep_token": "[SEP]",
                "mask_token": "[MASK]",
                "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
            })
        } else {
            json!({
                "tokenizer_class": "PreTrainedTokenizerFast",
                "model_max_length": context,
                "bos_token": "<|endoftext|>",
                "eos_token": "<|endoftext|>",
                "unk_token": "<unk>",
            })
        }
    }
}

/// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
fn frame() -> Result<TemplateProcessing> {
    let ids = |token: &str| BERT_SPECIAL.iter().position(|&t| t == token).unwrap_or(0) as u32;
    TemplateProcessing::builder()
        .try_single("[CLS] $A [SEP]")
        .map_err(TrainError::internal)?
        .try_pair("[CLS] $A [SEP] $B:1 [SEP]:1")
        .map_err(TrainError::internal)?
        .special_tokens(vec![("[CLS]", ids("[CLS]")), ("[SEP]", ids("[SEP]"))])
        .build()
        .map_err(TrainError::internal)
}

fn word_piece(
    vocab_size: usize,
    special: Vec<AddedToken>,
    documents: &[String],
) -> tk::Result<tk::Tokenizer> {
    let normalizer = BertNormalizer::new(true, true, None, true);
    let words = |text: &str| -> tk::Result<Vec<String>> {
        let mut text = NormalizedString::from(text);
        normalizer.normalize(&mut text)?;
        let mut pieces = PreTokenizedString::from(text);
        BertPreTokenizer.pre_tokenize(&mut pieces)?;
        Ok(words(&pieces))
    };
    // The trainer would give the letters inside words their ids in the order of a hash table: here they are first.
    let mut letters = BTreeSet::new();
    for document in documents {
        letters.extend(words(document)?.iter().flat_map(|word| word.chars()));
    }
    let inside = letters
        .iter()
        .take(MOST_LETTERS)
        .map(|letter| AddedToken::from(format!("{PREFIX}{letter}"), false));
    let unknown = special[1].content.clone();
    let mut trainer = WordPieceTrainer::builder()
        .show_progress(false)
        .vocab_size(vocab_size)
        .limit_alphabet(MOST_LETTERS)
        .continuing_subword_prefix(PREFIX.into())
        .special_tokens(special.into_iter().chain(inside).collect())
        .build();
    trainer.feed(documents.iter(), words)?;
    let mut model = WordPiece::builder().unk_token(unknown).build()?;
    trainer.train(&mut model)?;
    let mut tokenizer = tk::Tokenizer::new(model);
    tokenizer
        .with_normalizer(Some(normalizer))?
        .with_pre_tokenizer(Some(BertPreTokenizer))
        .with_decoder(Some(WordPieceDecoder::new(PREFIX.into(), true)));
    Ok(tokenizer)
}

fn byte_bpe(
    vocab_size: usize,
    special: Vec<AddedToken>,
    documents: &[String],
) -> tk::Result<tk::Tokenizer> {
    let byte_level = ByteLevel::new(false, true, true);
    let mut trainer = BpeTrainer::builder()
        .show_progress(false)
        .vocab_size(vocab_size)
        .min_frequency(2)
        .initial_alphabet(ByteLevel::alphabet().into_iter().collect::<HashSet<_>>())
        .special_tokens(special)
        .build();
    trainer.feed(documents.iter(), |text| {
        let mut pieces = PreTokenizedString::from(text);
        byte_level.pre_tokenize(&mut pieces)?;
        Ok(words(&pieces))
    })?;
    let mut model = BPE::default();
    trainer.train(&mut model)?;
    let mut tokenizer = tk::Tokenizer::new(model);
    tokenizer
        .with_pre_tokenizer(Some(byte_level))
        .with_decoder(Some(byte_level));
    Ok(tokenizer)
}

/// BPE without any merge.
fn characters(
    vocab_size: usize,
    special: Vec<AddedToken>,
    documents: &[String],
) -> tk::Result<tk::Tokenizer> {
    let unknown = special[1].content.clone();
    let letters = vocab_size.saturating_sub(special.len()).max(1);
    let mut trainer = BpeTrainer::builder()
        .show_progress(false)
        // No room is left for merges.
        .vocab_size(0)
        .limit_alphabet(letters)
        .special_tokens(special)
        .build();
    trainer.feed(documents.iter(), |text| Ok(vec![text.to_string()]))?;
    let mut model = BPE::default();
    trainer.train(&mut model)?;
    model.unk_token = Some(unknown);
    let mut tokenizer = tk::Tokenizer::new(model);
    tokenizer.with_decoder(Some(Fuse::new()));
    Ok(tokenizer)
}

fn words(pieces: &PreTokenizedString) -> Vec<String> {
    let splits = pieces.get_splits(OffsetReferential::Original, OffsetType::Byte);
    splits
        .into_iter()
        .map(|(word, _, _)| word.to_string())
        .collect()
}
