//! A text on its way through a tokenizer: normalised, cut into words, and these into pieces.

use std::ops::Range;
use std::sync::Arc;

use tokenizers as tk;
use tokenizers::{Model, ModelWrapper, OffsetReferential, OffsetType, PreTokenizer};

use super::bpe::{self, MergeStep, Ranks};
use super::budget::Budget;
use super::lattice::{self, LatticePiece, Scores};
use super::longest_match::{self, TriedPiece};
use crate::error::{Error, Result};
use crate::text::bytes::token_bytes;
use crate::text::tokenizer::{whole_chars, Tokenizer};

/// A text and the steps by which it becomes tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokenization {
    /// How words become pieces: `wordpiece`, `bpe`, `unigram`, `wordlevel`.
    pub kind: &'static str,
    /// Whether the characters of words and pieces stand for bytes (GPT-2's `Ġ` is a blank).
    pub byte_level: bool,
    /// The text after normalisation: lower case, other forms of the same characters, whatever the tokenizer wants.
    pub normalized: String,
    /// In order.
    pub words: Vec<TokenizedWord>,
}

/// A word, as pre-tokenization finds it, and the way to its pieces.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TokenizedWord {
    /// As the model of the tokenizer gets it.
    pub text: String,
    /// UTF-8 bytes of the text that it came from.
    pub range: Range<usize>,
    /// Whether it is an added token (`[SEP]`), found before anything is cut.
    pub added: bool,
    /// Its tokens.
    pub pieces: Vec<String>,
    /// Their ids.
    pub ids: Vec<u32>,
    /// Its UTF-8; of byte-level tokenizers, the bytes that its characters stand for.
    pub bytes: Vec<u8>,
    /// Whether the steps are here. They are not where they are too many, or lead to other pieces than the tokenizer's.
    pub shown: bool,
    /// WordPiece: what was looked up in the vocabulary, in order.
    pub tried: Vec<TriedPiece>,
    /// Byte pairs: the pieces before the first merge.
    pub symbols: Vec<String>,
    /// Byte pairs: in order.
    pub merges: Vec<MergeStep>,
    /// Unigram: all pieces that the word could have been cut into.
    pub lattice: Vec<LatticePiece>,
}

/// Shows how a tokenizer cuts texts.
pub struct TokenizationSteps {
    tokenizer: Arc<Tokenizer>,
    table: Table,
}

/// What a tokenizer's model has beside its vocabulary.
enum Table {
    Ranks(Ranks),
    Scores(Scores),
    None,
}

impl TokenizationSteps {
    /// Reads the tokenizer's table of merges or scores, which takes some milliseconds.
    ///
    /// # Errors
    /// [`Error::Internal`] if the table cannot be read.
    pub fn new(tokenizer: Arc<Tokenizer>) -> Result<Self> {
        let table = match tokenizer.inner().get_model() {
            ModelWrapper::BPE(model) => Table::Ranks(Ranks::of(model)?),
            ModelWrapper::Unigram(model) => Table::Scores(Scores::of(model)),
            ModelWrapper::WordPiece(_) | ModelWrapper::WordLevel(_) => Table::None,
        };
        Ok(Self { tokenizer, table })
    }

    /// The steps of `text`, without the model's template around it.
    ///
    /// # Errors
    /// As [`Tokenizer::encode`].
    pub fn of(&self, text: &str) -> Result<Tokenization> {
        self.tokenizer.check_size(text.len())?;
        let inner = self.tokenizer.inner();
        let normalizer = inner.get_normalizer();
        let mut parts = inner
            .get_added_vocabulary()
            .extract_and_normalize(normalizer, text);
        let splits = |parts: &tk::PreTokenizedString| -> Vec<(String, Range<usize>, bool)> {
            let splits = parts.get_splits(OffsetReferential::Original, OffsetType::Byte);
            let splits = splits.into_iter().map(|(part, (start, end), tokens)| {
                let range = whole_chars(text, start, end);
                (part.to_string(), range, tokens.is_some())
            });
            splits.collect()
        };
        let normalized = splits(&parts).into_iter().map(|(part, ..)| part).collect();
        if let Some(pre_tokenizer) = inner.get_pre_tokenizer() {
            pre_tokenizer.pre_tokenize(&mut parts).map_err(uncut)?;
        }
        let byte_level = self.tokenizer.is_byte_level();
        let mut budget = Budget::new();
        let words = splits(&parts).into_iter().map(|(part, range, added)| {
            let bytes = if byte_level && !added {
                token_bytes(&part)
            } else {
                part.as_bytes().to_vec()
            };
            let word = TokenizedWord {
                bytes,
                range,
                added,
                ..TokenizedWord::default()
            };
            self.cut(word, part, &mut budget)
        });
        let words = words.collect::<Result<_>>()?;
        Ok(Tokenization {
            kind: match inner.get_model() {
                ModelWrapper::BPE(_) => "bpe",
                ModelWrapper::Unigram(_) => "unigram",
                ModelWrapper::WordPiece(_) => "wordpiece",
                ModelWrapper::WordLevel(_) => "wordlevel",
            },
            byte_level,
            normalized,
            words,
        })
    }

    /// `word` with the pieces of `text`, and the way to them.
    fn cut(
        &self,
        mut word: TokenizedWord,
        text: String,
        budget: &mut Budget,
    ) -> Result<TokenizedWord> {
        if word.added {
            let id = self.tokenizer.token_to_id(&text);
            word.ids = id.into_iter().collect();
            word.pieces = vec![text.clone()];
            word.shown = true;
        } else {
            let tokens = self.tokenizer.inner().get_model().tokenize(&text);
            let tokens = tokens.map_err(uncut)?;
            word.ids = tokens.iter().map(|token| token.id).collect();
            word.pieces = tokens.into_iter().map(|token| token.value).collect();
            if let Some((pieces, steps)) = self.steps(&text, budget) {
                if pieces == word.pieces {
                    word = TokenizedWord {
                        shown: true,
                        tried: steps.tried,
                        symbols: steps.symbols,
                        merges: steps.merges,
                        lattice: steps.lattice,
                        ..word
                    };
                }
            }
        }
        Ok(TokenizedWord { text, ..word })
    }

    /// Pieces by the rules of the tokenizer's kind, and a word that has the steps to them alone. `None` if it is more
    /// than the budget.
    fn steps(&self, word: &str, budget: &mut Budget) -> Option<(Vec<String>, TokenizedWord)> {
        let mut steps = TokenizedWord::default();
        let pieces = match (self.tokenizer.inner().get_model(), &self.table) {
            (ModelWrapper::BPE(model), Table::Ranks(ranks)) => {
                let merged = bpe::merge(model, ranks, word, budget)?;
                (steps.symbols, steps.merges) = (merged.symbols, merged.merges);
                merged.pieces
            }
            (ModelWrapper::Unigram(model), Table::Scores(scores)) => {
                let (pieces, lattice) = lattice::search(model, scores, word, budget)?;
                steps.lattice = lattice;
                pieces
            }
            (ModelWrapper::WordPiece(model), _) => {
                let (pieces, tried) = longest_match::cut(model, word, budget)?;
                steps.tried = tried;
                pieces
            }
            (ModelWrapper::WordLevel(model), _) => {
                let found = model.token_to_id(word).is_some();
                let piece = if found { word } else { &*model.unk_token };
                steps.tried = vec![TriedPiece {
                    piece: word.into(),
                    found,
                }];
                vec![piece.into()]
            }
            _ => return None,
        };
        Some((pieces, steps))
    }
}

fn uncut(error: tk::Error) -> Error {
    Error::InvalidTokenizer(format!("the text cannot be cut: {error}"))
}
