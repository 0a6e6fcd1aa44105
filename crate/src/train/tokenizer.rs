//! Vocabularies learnt from a text, by the trainers of the `tokenizers` crate.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

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
    /// [`TrainError::InvalidSetting`] where a vocabulary of word pieces or bytes has no room for the letters of the text
    /// or all bytes. One of characters takes the commonest.
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
        let least = tokenizer.get_vocab_size(true);
        if least > vocab_size {
            let message = format!(
                "{vocab_size} tokens have no room for the special ones and the letters of the text, which are {least}"
            );
            return Err(TrainError::setting("vocab_size", message));
        }
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
    let (mut all, mut inside) = (BTreeMap::new(), BTreeMap::new());
    for document in documents {
        for word in words(document)? {
            count(word.chars(), &mut all);
            count(word.chars().skip(1), &mut inside);
        }
    }
    let all: HashSet<char> = commonest(all, MOST_LETTERS).into_iter().collect();
    // The trainer would give the letters inside words their ids in the order of a hash table: here they are first.
    let inside = commonest(inside, MOST_LETTERS);
    let pieces = inside
        .iter()
        .map(|letter| AddedToken::from(format!("{PREFIX}{letter}"), false));
    let inside: HashSet<char> = inside.iter().copied().collect();
    let unknown = special[1].content.clone();
    let mut trainer = WordPieceTrainer::builder()
        .show_progress(false)
        .vocab_size(vocab_size)
        .initial_alphabet(all.clone())
        .continuing_subword_prefix(PREFIX.into())
        .special_tokens(special.into_iter().chain(pieces).collect())
        .build();
    // A word with another letter is unknown. The trainer would take such letters as well, or cut ties by a hash table.
    let known = |word: &String| {
        word.chars().all(|letter| all.contains(&letter))
            && word.chars().skip(1).all(|letter| inside.contains(&letter))
    };
    trainer.feed(documents.iter(), |text| {
        Ok(words(text)?.into_iter().filter(known).collect())
    })?;
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

/// BPE without any merge, of the commonest characters.
fn characters(
    vocab_size: usize,
    special: Vec<AddedToken>,
    documents: &[String],
) -> tk::Result<tk::Tokenizer> {
    let unknown = special[1].content.clone();
    let mut letters = BTreeMap::new();
    for document in documents {
        count(document.chars(), &mut letters);
    }
    let letters = commonest(letters, vocab_size.saturating_sub(special.len()));
    let trainer = BpeTrainer::builder()
        .show_progress(false)
        // No room is left for merges, and no text is read: the letters are all that there is.
        .vocab_size(0)
        .initial_alphabet(letters.into_iter().collect())
        .special_tokens(special)
        .build();
    let mut model = BPE::default();
    trainer.train(&mut model)?;
    model.unk_token = Some(unknown);
    let mut tokenizer = tk::Tokenizer::new(model);
    tokenizer.with_decoder(Some(Fuse::new()));
    Ok(tokenizer)
}

fn count(letters: impl Iterator<Item = char>, counts: &mut BTreeMap<char, usize>) {
    letters.for_each(|letter| *counts.entry(letter).or_default() += 1);
}

/// The `most` commonest letters; of equally common ones those of lower code points.
fn commonest(counts: BTreeMap<char, usize>, most: usize) -> Vec<char> {
    let mut letters: Vec<(char, usize)> = counts.into_iter().collect();
    letters.sort_by_key(|&(_, count)| Reverse(count));
    letters
        .into_iter()
        .take(most)
        .map(|(letter, _)| letter)
        .collect()
}

fn words(pieces: &PreTokenizedString) -> Vec<String> {
    let splits = pieces.get_splits(OffsetReferential::Original, OffsetType::Byte);
    splits
        .into_iter()
        .map(|(word, _, _)| word.to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn train(kind: TokenizerKind, vocab_size: usize, text: &str) -> Result<TrainedTokenizer> {
        TrainedTokenizer::train(kind, vocab_size, true, &[text.to_string()])
    }

    #[test]
    fn equally_common_letters_are_cut_in_one_order() {
        // 1000 letters, of which each stands first in a word and behind, once; Hangul is no word of its own letter by letter.
        let letters: Vec<char> = ('가'..).take(1000).collect();
        let text: Vec<String> = (0..1000)
            .map(|at| format!("{}{}", letters[at], letters[(at + 1) % 1000]))
            .collect();
        for (kind, vocab_size) in [
            (TokenizerKind::Characters, 305),
            (TokenizerKind::WordPiece, 1100),
        ] {
            let once = train(kind, vocab_size, &text.join(" ")).expect("a tokenizer");
            let twice = train(kind, vocab_size, &text.join(" ")).expect("a tokenizer");
            assert!(once == twice, "{kind:?}");
            let tokenizer = once.open().expect("it opens");
            assert!(tokenizer.vocab_size() <= vocab_size);
            if kind == TokenizerKind::Characters {
                // The blank is the commonest; 299 letters are left.
                assert!(tokenizer.token_to_id(&letters[298].to_string()).is_some());
                assert_eq!(tokenizer.token_to_id(&letters[299].to_string()), None);
            }
        }
    }

    #[test]
    fn pieces_inside_are_letters_that_stand_inside() {
        let tokenizer = train(TokenizerKind::WordPiece, 60, "qat qet qat").expect("a tokenizer");
        let tokenizer = tokenizer.open().expect("it opens");
        assert!(tokenizer.token_to_id("q").is_some() && tokenizer.token_to_id("##t").is_some());
        assert_eq!(tokenizer.token_to_id("##q"), None);
        // The commonest first, behind the special ones.
        assert_eq!(tokenizer.token_to_id("##t"), Some(5));
        assert_eq!(tokenizer.token_to_id("##a"), Some(6));
    }

    #[test]
    fn a_vocabulary_without_room_for_the_letters_is_refused() {
        let text = "the quick brown fox jumps over the lazy dog";
        let refused = train(TokenizerKind::WordPiece, 16, text).expect_err("no room");
        assert_eq!(refused.code(), "invalid_setting");
        let characters = train(TokenizerKind::Characters, 16, text).expect("the commonest");
        assert_eq!(characters.open().expect("it opens").vocab_size(), 16);
    }
}
