//! A text on its way through a tokenizer: normalised, cut into words, and these into pieces.

use std::ops::Range;
use std::sync::Arc;

use tokenizers as tk;
use tokenizers::{OffsetReferential, OffsetType};

use super::bpe::{self, MergeStep, Ranks};
use super::budget::Budget;
use super::lattice::{self, LatticePiece, Scores};
use super::longest_match::{self, TriedPiece};
use crate::error::{Error, Result};
use crate::text::bytes::token_bytes;
use crate::text::engine::Words;
use crate::text::tokenizer::{whole_chars, Tokenizer};

/// Ids without a token that a vocabulary may have at least, if its steps are to be shown.
const MOST_GAPS: usize = 1 << 16;

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

/// A part of a text, and its tokens if it is an added one.
struct Split {
    text: String,
    range: Range<usize>,
    added: Option<Vec<tk::Token>>,
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
        // To read the merges takes as long as there are numbers up to the greatest id: those far apart show no steps.
        let dense = tokenizer.id_end() as usize <= 2 * tokenizer.vocab_size() + MOST_GAPS;
        let table = match tokenizer.engine().words() {
            #[cfg(feature = "every-tokenizer")]
            Words::Pairs(model) if dense => Table::Ranks(Ranks::of(model)?),
            #[cfg(feature = "every-tokenizer")]
            Words::Unigram(model) => Table::Scores(Scores::of(model)),
            _ => Table::None,
        };
        Ok(Self { tokenizer, table })
    }

    /// The most bytes of a text, in UTF-8: people look at its words one by one, and each is an object with lists.
    pub const MAX_TEXT: usize = 100_000;

    /// The steps of `text`, without the model's template around it.
    ///
    /// # Errors
    /// As [`Tokenizer::encode`]; [`Error::InputTooLarge`] beyond [`TokenizationSteps::MAX_TEXT`].
    pub fn of(&self, text: &str) -> Result<Tokenization> {
        if text.len() > Self::MAX_TEXT {
            return Err(Error::InputTooLarge {
                bytes: text.len(),
                max: Self::MAX_TEXT,
            });
        }
        let engine = self.tokenizer.engine();
        let mut parts = engine.normalized(text).map_err(uncut)?;
        let splits = |parts: &tk::PreTokenizedString| -> Vec<Split> {
            let splits = parts.get_splits(OffsetReferential::Original, OffsetType::Byte);
            let splits = splits
                .into_iter()
                .map(|(part, (start, end), tokens)| Split {
                    text: part.to_string(),
                    range: whole_chars(text, start, end),
                    added: tokens.clone(),
                });
            splits.collect()
        };
        let normalized = splits(&parts).into_iter().map(|part| part.text).collect();
        engine.pre_tokenize(&mut parts).map_err(uncut)?;
        let byte_level = self.tokenizer.is_byte_level();
        let mut budget = Budget::new();
        let words = splits(&parts).into_iter().map(|part| {
            let bytes = if byte_level && part.added.is_none() {
                token_bytes(&part.text)
            } else {
                part.text.as_bytes().to_vec()
            };
            let word = self.cut(part, &mut budget)?;
            Ok(TokenizedWord { bytes, ..word })
        });
        let words = words.collect::<Result<_>>()?;
        Ok(Tokenization {
            kind: engine.words().kind(),
            byte_level,
            normalized,
            words,
        })
    }

    /// The pieces of a word, and the way to them.
    fn cut(&self, part: Split, budget: &mut Budget) -> Result<TokenizedWord> {
        let added = part.added.is_some();
        let tokens = match part.added {
            Some(tokens) => tokens,
            None => {
                let words = self.tokenizer.engine().words();
                words.tokenize(&part.text).map_err(uncut)?
            }
        };
        let ids = tokens.iter().map(|token| token.id).collect();
        let pieces: Vec<String> = tokens.into_iter().map(|token| token.value).collect();
        let steps = if added {
            Some(TokenizedWord::default())
        } else {
            let steps = self.steps(&part.text, budget);
            steps.and_then(|(led_to, steps)| (led_to == pieces).then_some(steps))
        };
        Ok(TokenizedWord {
            shown: steps.is_some(),
            text: part.text,
            range: part.range,
            added,
            pieces,
            ids,
            ..steps.unwrap_or_default()
        })
    }

    /// Pieces by the rules of the tokenizer's kind, and a word that has the steps to them alone. `None` if it is more
    /// than the budget.
    fn steps(&self, word: &str, budget: &mut Budget) -> Option<(Vec<String>, TokenizedWord)> {
        let mut steps = TokenizedWord::default();
        let pieces = match (self.tokenizer.engine().words(), &self.table) {
            #[cfg(feature = "every-tokenizer")]
            (Words::Pairs(model), Table::Ranks(ranks)) => {
                let merged = bpe::merge(model, ranks, word, budget)?;
                (steps.symbols, steps.merges) = (merged.symbols, merged.merges);
                merged.pieces
            }
            #[cfg(feature = "every-tokenizer")]
            (Words::Unigram(model), Table::Scores(scores)) => {
                let (pieces, lattice) = lattice::search(model, scores, word, budget)?;
                steps.lattice = lattice;
                pieces
            }
            (Words::WordPiece(model), _) => {
                let (pieces, tried) = longest_match::cut(model, word, budget)?;
                steps.tried = tried;
                pieces
            }
            #[cfg(feature = "every-tokenizer")]
            (Words::Whole(model), _) => {
                let found = tokenizers::Model::token_to_id(model, word).is_some();
                let piece = if found { word } else { &*model.unk_token };
                steps.tried = vec![TriedPiece {
                    piece: word.into(),
                    found,
                }];
                vec![piece.into()]
            }
            #[cfg(feature = "every-tokenizer")]
            _ => return None,
        };
        Some((pieces, steps))
    }
}

fn uncut(error: tk::Error) -> Error {
    Error::InvalidTokenizer(format!("the text cannot be cut: {error}"))
}
