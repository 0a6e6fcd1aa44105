//! A `tokenizers` tokenizer from the files of a model folder.

use std::collections::HashMap;

use tokenizers::models::bpe::Vocab;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::AddedToken;

use super::added::placed;
use super::bert::{bert_normalizer, Bert, Frame};
use super::chat_config::templates;
use super::chat_template::ChatTemplate;
use super::config::{Casing, TokenizerConfig};
use super::engine::Engine;
use super::kinds;
use super::word_piece::{invalid, lacks, without_blanks, Ends, WordPieceParts};
use crate::error::{Error, Result};

/// The contents of the tokenizer files that a folder has. `tokenizer` is enough; without it,
/// `vocab_txt` (WordPiece) or `vocab_json` and `merges_txt` (byte pairs of GPT-2, RoBERTa or GPT-1) are used.
#[derive(Debug, Default, Clone, Copy)]
pub struct TokenizerFiles<'a> {
    /// `tokenizer.json`
    pub tokenizer: Option<&'a [u8]>,
    /// `vocab.txt`: one WordPiece token a line.
    pub vocab_txt: Option<&'a [u8]>,
    /// `vocab.json`: token → id.
    pub vocab_json: Option<&'a [u8]>,
    /// `merges.txt`: one pair a line, best first.
    pub merges_txt: Option<&'a [u8]>,
    /// `config.json`: which tokenizer it is, where `tokenizer_config.json` does not say.
    pub config: Option<&'a [u8]>,
    /// `tokenizer_config.json`: casing, special and added tokens, the chat template.
    pub tokenizer_config: Option<&'a [u8]>,
    /// `special_tokens_map.json`: the names of the special tokens, in older folders.
    pub special_tokens_map: Option<&'a [u8]>,
    /// `added_tokens.json`: token → id of those behind the vocabulary, in older folders.
    pub added_tokens: Option<&'a [u8]>,
    /// `chat_template.jinja`, where newer checkpoints have it.
    pub chat_template: Option<&'a [u8]>,
    /// `additional_chat_templates/tool_use.jinja`: the template for conversations with tools.
    pub tool_use_template: Option<&'a [u8]>,
}

/// `vocab.txt`: one token a line.
fn vocabulary(vocab_txt: &str) -> HashMap<String, u32> {
    vocab_txt
        .lines()
        .enumerate()
        .map(|(id, token)| (without_blanks(token).to_string(), id as u32))
        .filter(|(token, _)| !token.is_empty())
        .collect()
}

fn utf8<'a>(what: &str, bytes: &'a [u8]) -> Result<&'a str> {
    let text = std::str::from_utf8(bytes).map_err(|error| invalid(what, error))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

impl TokenizerFiles<'_> {
    /// What stands beside the vocabulary.
    pub(super) fn config(&self) -> Result<TokenizerConfig> {
        TokenizerConfig::read(
            self.tokenizer_config,
            self.special_tokens_map,
            self.added_tokens,
            self.config,
        )
    }

    /// Builds the tokenizer. Truncation and padding stored in `tokenizer.json` are switched off: the caller has to
    /// learn that a text is too long.
    pub(super) fn build(&self, config: &TokenizerConfig) -> Result<Engine> {
        if let Some(bytes) = self.tokenizer {
            match Bert::from_json(bytes, config)? {
                Some(bert) => Ok(Engine::Bert(Box::new(bert))),
                None => kinds::from_json(bytes, config),
            }
        } else if let Some(bytes) = self.vocab_txt {
            let vocab = vocabulary(utf8("vocab.txt", bytes)?);
            let casing = config.casing()?.unwrap_or_default();
            word_piece(vocab, casing, config, "vocab.txt")
        } else if let (Some(vocab), Some(merges)) = (self.vocab_json, self.merges_txt) {
            kinds::byte_pairs(vocab, utf8("merges.txt", merges)?, config)
        } else {
            Err(Error::InvalidTokenizer(
                "no tokenizer.json, no vocab.txt, and not both vocab.json and merges.txt. Add one of \
                 them to the model's folder."
                    .into(),
            ))
        }
    }

    /// Whether there is a chat template.
    pub(super) fn has_chat_template(&self, config: &TokenizerConfig) -> bool {
        let said = config.field("chat_template");
        self.chat_template.is_some() || said.is_some_and(|template| !template.is_null())
    }

    /// The chat templates, if there are any.
    pub(super) fn chat_template(&self, config: &TokenizerConfig) -> Result<Option<ChatTemplate>> {
        let text = |name, bytes: Option<_>| bytes.map(|bytes| utf8(name, bytes)).transpose();
        let default = text("chat_template.jinja", self.chat_template)?;
        let tools = text("tool_use.jinja", self.tool_use_template)?;
        let byte_pairs = self.tokenizer.is_none() && self.vocab_txt.is_none();
        templates(config, default, tools, byte_pairs)
    }
}

/// As `BertTokenizer` does: clean, split Chinese characters, lower and strip accents, then the
/// longest pieces of each word (Schuster & Nakajima 2012). `source` is what an error calls the vocabulary.
pub(super) fn word_piece(
    mut vocab: HashMap<String, u32>,
    casing: Casing,
    config: &TokenizerConfig,
    source: &str,
) -> Result<Engine> {
    let [unk, cls, sep] = [
        ("unk_token", "[UNK]"),
        ("cls_token", "[CLS]"),
        ("sep_token", "[SEP]"),
    ]
    .map(|(name, usual)| config.spelled(name, usual));
    let usual = [unk, "[PAD]", cls, sep, "[MASK]"].map(|token| AddedToken::from(token, true));
    // The model looks it up in its own vocabulary.
    let mut elsewhere = config.added.iter();
    if let Some(id) = elsewhere
        .find(|added| added.token.content == unk)
        .and_then(|added| added.id)
    {
        vocab.entry(unk.to_string()).or_insert(id);
    }
    if !vocab.contains_key(unk) {
        return Err(lacks(source, unk));
    }
    let added = placed(&mut vocab, &usual, config);
    let model = WordPiece::builder()
        .vocab(vocab.into_iter().collect::<Vocab>())
        .unk_token(unk.into())
        .build()
        .map_err(|error| invalid(source, error))?;
    let parts = WordPieceParts {
        normalizer: bert_normalizer(true, casing),
        model,
        added,
    };
    let ends = Ends { cls, sep, source };
    if !Bert::finds(&parts.added) {
        return kinds::word_piece(parts, ends);
    }
    let mut bert = Bert::new(parts);
    bert.frame = Frame::Bert(ends.frame(|token| bert.token_to_id(token))?);
    Ok(Engine::Bert(Box::new(bert)))
}
