//! The tokenizer as the tasks use it.

use std::borrow::Cow;
use std::ops::Range;

use tokenizers as tk;

use super::bytes::{readable_bytes, token_bytes};
use super::chat_template::{ChatTemplate, Conversation};
use super::control::ControlTokens;
use super::engine::Engine;
use super::files::TokenizerFiles;
#[cfg(feature = "every-tokenizer")]
use super::gguf;
use super::named::NamedTokens;
use super::pieces::{falls_back_to_bytes, ids_and_holes, is_byte, Pieces};
use crate::error::{Error, Result};
use crate::gguf::Metadata;

/// Bytes of text that are cut at once: a very long novel, and a few seconds of work.
const MAX_TEXT: usize = 4_000_000;

/// One token of an encoded text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TokenSpan {
    /// Index into the vocabulary.
    pub id: u32,
    /// As it stands in the vocabulary: `##ing`, `Ġthe`.
    pub token: String,
    /// UTF-8 bytes of the text it came from; empty for tokens added by the template.
    pub range: Range<usize>,
    /// Which text it came from: 0 for the first, 1 for the second; `None` for tokens added by the template.
    pub sequence: Option<u32>,
    /// BERT's `token_type_ids`: 0 for the first text, 1 for the second. Other models have 0 for both.
    pub type_id: u32,
    /// Added by the model's template (`[CLS]`, `[SEP]`), not typed by anybody.
    pub special: bool,
    /// Which word of its text it is a piece of, from 0.
    pub word: Option<u32>,
}

/// An encoded text or pair of texts, in the order the model reads it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Encoding {
    /// All tokens.
    pub tokens: Vec<TokenSpan>,
}

impl Encoding {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// `input_ids`, shape `[len]`.
    pub fn ids(&self) -> Vec<u32> {
        self.tokens.iter().map(|token| token.id).collect()
    }

    /// `token_type_ids`, shape `[len]`.
    pub fn type_ids(&self) -> Vec<u32> {
        self.tokens.iter().map(|token| token.type_id).collect()
    }
}

/// A tokenizer read from a model's files; see [`TokenizerFiles`].
pub struct Tokenizer {
    engine: Engine,
    pieces: Pieces,
    mask_takes_blanks: bool,
    named: NamedTokens,
    chat_template: Option<ChatTemplate>,
    /// Tokens that end a turn, by their names.
    turn_ends: Vec<u32>,
    controls: ControlTokens,
    unknown: Option<u32>,
    /// Whether some tokens stand for a byte each.
    has_byte_tokens: bool,
    /// One more than the greatest id.
    ids: u32,
    /// Those below that no token has.
    holes: Vec<u32>,
    warnings: Vec<TokenizerWarning>,
}

/// What may be wrong with a tokenizer that can be used all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenizerWarning {
    /// A GGUF file does not say how its tokenizer finds words: llama.cpp's rule for such files is followed, which may be
    /// another than the model's.
    NoPreTokenizer,
}

impl TokenizerWarning {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::NoPreTokenizer];

    /// Stable name, `snake_case`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPreTokenizer => "no_pre_tokenizer",
        }
    }
}

/// How published chat models call the end of a turn.
const TURN_ENDS: [&str; 7] = [
    "<|im_end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end|>",
    "<|end_of_turn|>",
    "<end_of_turn>",
    "<|endoftext|>",
];

impl Tokenizer {
    /// Reads the files.
    ///
    /// # Errors
    /// [`Error::InvalidTokenizer`] if none of the known sets of files is complete, or one is broken.
    pub fn from_files(files: &TokenizerFiles) -> Result<Self> {
        let config = files.config()?;
        let named = config.spelled_names();
        let named = named.map(|(name, token)| (name.to_string(), token.to_string()));
        let engine = files.build(&config)?;
        let template = if cfg!(feature = "every-tokenizer") {
            files.chat_template(&config)?
        } else if files.has_chat_template(&config) {
            return Err(Error::BeyondBuild("a chat template"));
        } else {
            None
        };
        Ok(Self::new(engine, named.collect(), template))
    }

    /// Reads the tokenizer that a GGUF file holds.
    ///
    /// # Errors
    /// [`Error::InvalidTokenizer`] if there is none or it is broken, [`Error::Unsupported`] for kinds that are not
    /// read.
    #[cfg(feature = "every-tokenizer")]
    pub fn from_gguf(metadata: &Metadata) -> Result<Self> {
        let mut tokenizer = Self::new(
            gguf::build(metadata)?,
            gguf::named_tokens(metadata),
            gguf::chat_template(metadata),
        );
        if !gguf::says_how_to_cut(metadata) {
            tokenizer.warnings.push(TokenizerWarning::NoPreTokenizer);
        }
        Ok(tokenizer)
    }

    /// Refuses it: this build reads no tokenizer in a GGUF file.
    ///
    /// # Errors
    /// [`Error::BeyondBuild`].
    #[cfg(not(feature = "every-tokenizer"))]
    pub fn from_gguf(_: &Metadata) -> Result<Self> {
        Err(Error::BeyondBuild("a tokenizer in a GGUF file"))
    }

    /// Takes the chat template of a GGUF file over, where the tokenizer's own files have none.
    #[cfg(feature = "every-tokenizer")]
    pub fn with_template_of(mut self, metadata: &Metadata) -> Self {
        self.chat_template = self.chat_template.or_else(|| gguf::chat_template(metadata));
        self
    }

    /// The same: this build has no chat templates, and its models hold no conversations.
    #[cfg(not(feature = "every-tokenizer"))]
    pub fn with_template_of(self, _: &Metadata) -> Self {
        self
    }

    /// `named`: how the files say that special tokens are written.
    fn new(
        engine: Engine,
        named: Vec<(String, String)>,
        chat_template: Option<ChatTemplate>,
    ) -> Self {
        let pieces = Pieces::of(&engine);
        let named = NamedTokens::of(&engine, &named);
        let mask = named.get("mask_token");
        let mask_takes_blanks = mask
            .and_then(|(id, _)| engine.added(id))
            .is_some_and(|token| token.lstrip);
        let turn_ends = TURN_ENDS
            .into_iter()
            .filter(|token| engine.is_special(token))
            .filter_map(|token| engine.token_to_id(token))
            .collect();
        let special = engine.special().into_iter();
        let controls = ControlTokens::new(special.map(|(_, token)| token.content.clone()));
        let (ids, holes) = ids_and_holes(&engine);
        Self {
            unknown: engine.words().unknown(),
            has_byte_tokens: falls_back_to_bytes(&engine),
            ids,
            holes,
            warnings: Vec::new(),
            engine,
            pieces,
            mask_takes_blanks,
            named,
            chat_template,
            turn_ends,
            controls,
        }
    }

    /// The model's template for conversations.
    ///
    /// # Errors
    /// [`Error::NoChatTemplate`].
    pub fn chat_template(&self) -> Result<&ChatTemplate> {
        // Said at once in a build without them, so that the compiler leaves them out.
        let template = self.chat_template.as_ref();
        let template = template.filter(|_| cfg!(feature = "every-tokenizer"));
        template.ok_or(Error::NoChatTemplate)
    }

    /// A conversation by the model's template, up to the place where the model is to answer. Special tokens in it are
    /// the template's: see [`Tokenizer::without_control`].
    ///
    /// # Errors
    /// [`Error::NoChatTemplate`], and as [`ChatTemplate::apply`].
    pub fn conversation(&self, conversation: &Conversation) -> Result<String> {
        let plain = |text: &str| self.without_control(text).into_owned();
        let conversation = conversation.map_texts(&plain);
        self.chat_template()?.apply(&conversation)
    }

    /// A text whose special tokens' names are broken by a blank (`< |im_end|>`), so that it cannot end its own turn or
    /// begin another: for what a stranger wrote.
    pub fn without_control<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.controls.broken_in(text)
    }

    /// The tokens that end a turn of a conversation, beside those that end every text.
    pub fn turn_ends(&self) -> &[u32] {
        &self.turn_ends
    }

    /// Cuts one text, or two for a model that reads pairs. `add_special_tokens` puts the model's
    /// template around (`[CLS]` … `[SEP]`). Offsets are UTF-8 bytes into the text as given.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`] above 4 MB.
    pub fn encode(
        &self,
        text: &str,
        pair: Option<&str>,
        add_special_tokens: bool,
    ) -> Result<Encoding> {
        self.check_size(text.len() + pair.map_or(0, str::len))?;
        let failed =
            |error: tk::Error| Error::InvalidTokenizer(format!("the text cannot be cut: {error}"));
        let encoding = self.engine.encode(text, pair, add_special_tokens);
        let encoding = encoding.map_err(failed)?;
        let words = encoding.get_word_ids();
        let sequences = encoding.get_sequence_ids();
        let tokens = (0..encoding.len())
            .map(|i| {
                let special = encoding.get_special_tokens_mask()[i] == 1 && sequences[i].is_none();
                let (start, end) = encoding.get_offsets()[i];
                let source = match sequences[i] {
                    Some(1) => pair.unwrap_or(""),
                    _ => text,
                };
                TokenSpan {
                    id: encoding.get_ids()[i],
                    token: encoding.get_tokens()[i].clone(),
                    range: if special {
                        0..0
                    } else {
                        whole_chars(source, start, end)
                    },
                    sequence: sequences[i].map(|sequence| sequence as u32),
                    type_id: encoding.get_type_ids()[i],
                    special,
                    word: words[i],
                }
            })
            .collect();
        Ok(Encoding { tokens })
    }

    /// Refuses more text than is cut at once.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`].
    pub(super) fn check_size(&self, bytes: usize) -> Result<()> {
        if bytes > MAX_TEXT {
            return Err(Error::InputTooLarge {
                bytes,
                max: MAX_TEXT,
            });
        }
        Ok(())
    }

    /// The text of ids as transformers' `decode` gives it unless it is told to leave special tokens out.
    ///
    /// # Errors
    /// [`Error::InvalidTokenizer`].
    pub fn decode_all(&self, ids: &[u32]) -> Result<String> {
        if ids.iter().all(|&id| self.engine.id_to_token(id).is_none()) {
            return Ok(String::new());
        }
        self.engine.decode(ids, false).map_err(unread)
    }

    /// The special tokens, in any order.
    pub fn special_ids(&self) -> Vec<u32> {
        self.engine
            .special()
            .into_iter()
            .map(|(id, _)| id)
            .collect()
    }

    /// The special token of a name such as `cls_token`, as the files say or as it is usually written.
    pub fn named_token(&self, name: &str) -> Option<u32> {
        self.named.get(name).map(|(id, _)| id)
    }

    /// Text for ids, special tokens left out.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        // Of nothing to show, the crate's decoder for `</w>` counts to -1.
        if !ids.iter().any(|&id| self.is_shown(id)) {
            return Ok(String::new());
        }
        self.engine.decode(ids, true).map_err(unread)
    }

    /// What may be wrong with it.
    pub fn warnings(&self) -> &[TokenizerWarning] {
        &self.warnings
    }

    /// Tokens as they stand in the vocabulary, as one text: transformers' `convert_tokens_to_string`.
    ///
    /// # Errors
    /// [`Error::InvalidTokenizer`].
    pub fn tokens_to_string(&self, tokens: Vec<String>) -> Result<String> {
        self.engine.join(tokens).map_err(unread)
    }

    /// The entry of the vocabulary, or `None` beyond it.
    pub fn id_to_token(&self, id: u32) -> Option<String> {
        self.engine.id_to_token(id)
    }

    /// The id of an exact entry of the vocabulary.
    pub fn token_to_id(&self, token: &str) -> Option<u32> {
        self.engine.token_to_id(token)
    }

    /// Entries, added tokens included.
    pub fn vocab_size(&self) -> usize {
        self.engine.vocab_size()
    }

    /// Id and spelling of the mask token, if the vocabulary has one.
    pub fn mask_token(&self) -> Option<(u32, &str)> {
        self.named.get("mask_token")
    }

    /// Whether the mask stands for the blanks before it, too (RoBERTa, ALBERT): there the piece that begins a
    /// word brings its blank.
    pub fn mask_takes_blanks(&self) -> bool {
        self.mask_takes_blanks
    }

    /// Whether decoding shows a token: it is in the vocabulary and not special.
    pub(super) fn is_shown(&self, id: u32) -> bool {
        let token = self.engine.id_to_token(id);
        token.is_some_and(|token| !self.is_special_token(&token))
    }

    /// How many of the last tokens stand for one byte each, as SentencePiece writes what it has no piece for. Tokens that
    /// are not shown do not part them.
    pub(super) fn byte_tokens_at_end(&self, ids: &[u32]) -> usize {
        let joins = |&&id: &&u32| self.joins_bytes(id);
        ids.iter().rev().take_while(joins).count()
    }

    /// Whether a token belongs to a row of byte tokens: they and what is not shown among them.
    pub(super) fn joins_bytes(&self, id: u32) -> bool {
        let joins = |token: String| is_byte(&token) || self.is_special_token(&token);
        self.has_byte_tokens && self.engine.id_to_token(id).is_none_or(joins)
    }

    /// Whether a token stands for text that the vocabulary has no pieces for.
    pub fn is_unknown(&self, id: u32) -> bool {
        self.unknown == Some(id)
    }

    /// One more than the greatest id.
    pub(crate) fn id_end(&self) -> u32 {
        self.ids
    }

    /// The ids below `rows` for which the vocabulary has no token: a model may have more rows than there are tokens.
    pub fn ids_without_token(&self, rows: usize) -> Vec<u32> {
        let missing = self.holes.iter().copied().chain(self.ids..);
        missing.take_while(|&id| (id as usize) < rows).collect()
    }

    /// Refuses the tokenizer of another model: one with tokens, other than added ones, that a model of `rows` rows
    /// cannot read. A text with an added token that it cannot read is refused when it comes.
    ///
    /// # Errors
    /// [`Error::InvalidTokenizer`], with both numbers.
    pub fn check_rows(&self, rows: usize) -> Result<()> {
        let tokens = self.vocab_size();
        let beyond = (rows..tokens).filter_map(|id| u32::try_from(id).ok());
        let mut ordinary = beyond.filter(|&id| self.engine.added(id).is_none());
        if ordinary.any(|id| self.engine.words().has_id(id)) {
            return Err(Error::InvalidTokenizer(format!(
                "it has {tokens} tokens, the model only {rows}. Check that both come from one folder."
            )));
        }
        Ok(())
    }

    /// Whether a token is special: `[CLS]`, `[UNK]`, `<|endoftext|>`.
    pub fn is_special(&self, id: u32) -> bool {
        self.engine.added(id).is_some_and(|token| token.special)
    }

    fn is_special_token(&self, token: &str) -> bool {
        self.engine.is_special(token)
    }

    /// Whether its characters stand for bytes.
    pub(super) fn is_byte_level(&self) -> bool {
        self.pieces == Pieces::Bytes
    }

    /// As a `tokenizer.json`.
    ///
    /// # Errors
    /// [`Error::Internal`].
    #[cfg(feature = "train")]
    pub(crate) fn to_json(&self) -> Result<Vec<u8>> {
        let json = self.engine.to_json();
        let json = json.map_err(|error| Error::Internal(error.to_string()))?;
        Ok(json.into_bytes())
    }

    /// The parts that cut a text.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// A token for people: `" the"` for `Ġthe`, `"the "` for `the</w>`, `##ing` as it is. Bytes that are part of a
    /// character are written as `<0xE6>`, as in vocabularies of SentencePiece.
    pub fn readable(&self, id: u32) -> String {
        let Some(token) = self.engine.id_to_token(id) else {
            return format!("<{id}>");
        };
        match &self.pieces {
            Pieces::Bytes => readable_bytes(&token_bytes(&token)),
            Pieces::Blank(blank) => token.replace(*blank, " "),
            Pieces::Ending(suffix) => token.replace(suffix, " "),
            Pieces::Continuing(_) | Pieces::Plain => token,
        }
    }

    /// Prefix of the pieces that continue a word (`##` in BERT), if the model has such.
    pub fn continuation_prefix(&self) -> Option<&str> {
        match &self.pieces {
            Pieces::Continuing(prefix) => Some(prefix),
            _ => None,
        }
    }

    /// Whether the pieces that begin a word have the blank before it in them (RoBERTa, ALBERT).
    pub fn blanks_in_pieces(&self) -> bool {
        matches!(self.pieces, Pieces::Bytes | Pieces::Blank(_))
    }
}

fn unread(error: tk::Error) -> Error {
    Error::InvalidTokenizer(format!("the tokens cannot be read: {error}"))
}

/// Widens a byte range to whole characters: byte-level tokens may cover part of one.
pub(super) fn whole_chars(text: &str, start: usize, end: usize) -> Range<usize> {
    let (mut start, mut end) = (start.min(text.len()), end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end.max(start)
}
