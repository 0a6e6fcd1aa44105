//! What cuts texts and joins tokens: BERT's tokenizer as put together here, or any other of the `tokenizers` crate.

use std::collections::HashMap;

use tokenizers as tk;
use tokenizers::models::wordpiece::WordPiece;
#[cfg(feature = "every-tokenizer")]
use tokenizers::models::{bpe::BPE, unigram::Unigram, wordlevel::WordLevel};
use tokenizers::{AddedToken, Model, PreTokenizedString};
#[cfg(feature = "every-tokenizer")]
use tokenizers::{Decoder, ModelWrapper, PreTokenizer};

use super::bert::Bert;

/// A tokenizer. Without the feature `every-tokenizer` it is BERT's.
pub(super) enum Engine {
    Bert(Box<Bert>),
    #[cfg(feature = "every-tokenizer")]
    Other(Box<tk::Tokenizer>),
}

/// How words become pieces.
#[derive(Clone, Copy)]
pub(super) enum Words<'a> {
    WordPiece(&'a WordPiece),
    #[cfg(feature = "every-tokenizer")]
    Pairs(&'a BPE),
    #[cfg(feature = "every-tokenizer")]
    Unigram(&'a Unigram),
    #[cfg(feature = "every-tokenizer")]
    Whole(&'a WordLevel),
}

impl Words<'_> {
    pub fn tokenize(&self, word: &str) -> tk::Result<Vec<tk::Token>> {
        match self {
            Self::WordPiece(model) => model.tokenize(word),
            #[cfg(feature = "every-tokenizer")]
            Self::Pairs(model) => model.tokenize(word),
            #[cfg(feature = "every-tokenizer")]
            Self::Unigram(model) => model.tokenize(word),
            #[cfg(feature = "every-tokenizer")]
            Self::Whole(model) => model.tokenize(word),
        }
    }

    /// Whether the vocabulary has it, added tokens left out.
    pub fn has_id(&self, id: u32) -> bool {
        let token = match self {
            Self::WordPiece(model) => model.id_to_token(id),
            #[cfg(feature = "every-tokenizer")]
            Self::Pairs(model) => model.id_to_token(id),
            #[cfg(feature = "every-tokenizer")]
            Self::Unigram(model) => model.id_to_token(id),
            #[cfg(feature = "every-tokenizer")]
            Self::Whole(model) => model.id_to_token(id),
        };
        token.is_some()
    }

    /// What text becomes that there are no pieces for.
    pub fn unknown(&self) -> Option<u32> {
        match self {
            Self::WordPiece(model) => model.token_to_id(&model.unk_token),
            #[cfg(feature = "every-tokenizer")]
            Self::Pairs(model) => model.token_to_id(model.unk_token.as_deref()?),
            // Its id is the model's own secret.
            #[cfg(feature = "every-tokenizer")]
            Self::Unigram(model) => model.token_to_id("<unk>"),
            #[cfg(feature = "every-tokenizer")]
            Self::Whole(model) => model.token_to_id(&model.unk_token),
        }
    }

    /// The kind's name: `wordpiece`, `bpe`, `unigram`, `wordlevel`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::WordPiece(_) => "wordpiece",
            #[cfg(feature = "every-tokenizer")]
            Self::Pairs(_) => "bpe",
            #[cfg(feature = "every-tokenizer")]
            Self::Unigram(_) => "unigram",
            #[cfg(feature = "every-tokenizer")]
            Self::Whole(_) => "wordlevel",
        }
    }
}

impl Engine {
    pub fn words(&self) -> Words<'_> {
        match self {
            Self::Bert(bert) => Words::WordPiece(bert.model()),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => match tokenizer.get_model() {
                ModelWrapper::WordPiece(model) => Words::WordPiece(model),
                ModelWrapper::BPE(model) => Words::Pairs(model),
                ModelWrapper::Unigram(model) => Words::Unigram(model),
                ModelWrapper::WordLevel(model) => Words::Whole(model),
            },
        }
    }

    /// Tokens of a text or pair, `framed` by the model's template.
    pub fn encode(&self, text: &str, pair: Option<&str>, framed: bool) -> tk::Result<tk::Encoding> {
        match self {
            Self::Bert(bert) => bert.encode(text, pair, framed),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => match pair {
                Some(pair) => tokenizer.encode((text, pair), framed),
                None => tokenizer.encode(text, framed),
            },
        }
    }

    /// The first step: added tokens are found, and what is between them is normalised.
    pub fn normalized(&self, text: &str) -> tk::Result<PreTokenizedString> {
        match self {
            Self::Bert(bert) => bert.normalized(text),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => Ok(tokenizer
                .get_added_vocabulary()
                .extract_and_normalize(tokenizer.get_normalizer(), text)),
        }
    }

    /// The second step: text is cut into words.
    pub fn pre_tokenize(&self, parts: &mut PreTokenizedString) -> tk::Result<()> {
        match self {
            Self::Bert(bert) => bert.pre_tokenize(parts),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => match tokenizer.get_pre_tokenizer() {
                Some(part) => part.pre_tokenize(parts),
                None => Ok(()),
            },
        }
    }

    pub fn decode(&self, ids: &[u32], skip_special: bool) -> tk::Result<String> {
        match self {
            Self::Bert(bert) => bert.decode(ids, skip_special),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => tokenizer.decode(ids, skip_special),
        }
    }

    /// The text of tokens as they stand in the vocabulary.
    pub fn join(&self, tokens: Vec<String>) -> tk::Result<String> {
        match self {
            Self::Bert(bert) => bert.join(tokens),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => match tokenizer.get_decoder() {
                Some(decoder) => decoder.decode(tokens),
                None => Ok(tokens.join(" ")),
            },
        }
    }

    pub fn id_to_token(&self, id: u32) -> Option<String> {
        match self {
            Self::Bert(bert) => bert.id_to_token(id),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => tokenizer.id_to_token(id),
        }
    }

    pub fn token_to_id(&self, token: &str) -> Option<u32> {
        match self {
            Self::Bert(bert) => bert.token_to_id(token),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => tokenizer.token_to_id(token),
        }
    }

    /// Entries, added tokens included.
    pub fn vocab_size(&self) -> usize {
        match self {
            Self::Bert(bert) => bert.vocab_size(),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => tokenizer.get_vocab_size(true),
        }
    }

    /// The same.
    pub fn vocab(&self) -> HashMap<String, u32> {
        match self {
            Self::Bert(bert) => bert.vocab(),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => tokenizer.get_vocab(true),
        }
    }

    /// The added token of an id.
    pub fn added(&self, id: u32) -> Option<&AddedToken> {
        match self {
            Self::Bert(bert) => bert.added().get(&id),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => {
                let added = tokenizer.get_added_vocabulary();
                added.get_added_tokens_decoder().get(&id)
            }
        }
    }

    /// The special tokens, in any order.
    pub fn special(&self) -> Vec<(u32, &AddedToken)> {
        let special = |(id, token): (&u32, _)| (*id, token);
        let is_special = |(_, token): &(&u32, &AddedToken)| token.special;
        match self {
            Self::Bert(bert) => bert
                .added()
                .iter()
                .filter(is_special)
                .map(special)
                .collect(),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => {
                let added = tokenizer.get_added_vocabulary().get_added_tokens_decoder();
                added.iter().filter(is_special).map(special).collect()
            }
        }
    }

    pub fn is_special(&self, token: &str) -> bool {
        match self {
            Self::Bert(bert) => bert.is_special(token),
            #[cfg(feature = "every-tokenizer")]
            Self::Other(tokenizer) => tokenizer.get_added_vocabulary().is_special_token(token),
        }
    }

    /// As a `tokenizer.json`.
    #[cfg(feature = "train")]
    pub fn to_json(&self) -> tk::Result<String> {
        match self {
            Self::Bert(bert) => bert.as_of_crate()?.to_string(false),
            Self::Other(tokenizer) => tokenizer.to_string(false),
        }
    }
}
