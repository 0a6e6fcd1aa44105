//! A `tokenizers` tokenizer from the files of a model folder.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use tokenizers as tk;
use tokenizers::models::bpe::{BpeBuilder, Vocab, BPE};
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::roberta::RobertaProcessing;

use super::adapt::{adapt, bert_normalizer};
use super::added::{add, add_missing, frame, placed};
use super::chat_config::templates;
use super::chat_template::ChatTemplate;
use super::config::{Casing, TokenizerConfig};
use super::refuse::{self, check_merges};
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
        .map(|(id, token)| (token.trim_end().to_string(), id as u32))
        .filter(|(token, _)| !token.is_empty())
        .collect()
}

fn invalid(what: &str, error: impl std::fmt::Display) -> Error {
    Error::InvalidTokenizer(format!("{what}: {error}"))
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
    pub(super) fn build(&self, config: &TokenizerConfig) -> Result<tk::Tokenizer> {
        let mut tokenizer = if let Some(bytes) = self.tokenizer {
            let kind =
                refuse::fatal_parts(bytes).map_err(|reason| invalid("tokenizer.json", reason))?;
            let mut tokenizer = from_json(bytes, kind.as_deref())?;
            adapt(&mut tokenizer, config)?;
            add_missing(&mut tokenizer, config)?;
            tokenizer
        } else if let Some(bytes) = self.vocab_txt {
            let vocab = vocabulary(utf8("vocab.txt", bytes)?);
            let casing = config.casing()?.unwrap_or_default();
            word_piece(vocab, casing, config, "vocab.txt")?
        } else if let (Some(vocab), Some(merges)) = (self.vocab_json, self.merges_txt) {
            byte_pairs(vocab, utf8("merges.txt", merges)?, config)?
        } else {
            return Err(Error::InvalidTokenizer(
                "no tokenizer.json, no vocab.txt, and not both vocab.json and merges.txt. Add one of \
                 them to the model's folder."
                    .into(),
            ));
        };
        tokenizer
            .with_truncation(None)
            .map_err(|error| invalid("truncation", error))?;
        tokenizer.with_padding(None);
        Ok(tokenizer)
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

/// The tokenizers that share `vocab.json` and `merges.txt` are told apart by their vocabularies.
fn byte_pairs(
    vocab_json: &[u8],
    merges_txt: &str,
    config: &TokenizerConfig,
) -> Result<tk::Tokenizer> {
    let vocab: HashMap<String, u32> =
        serde_json::from_slice(vocab_json).map_err(|error| invalid("vocab.json", error))?;
    let merges = merges(merges_txt)?;
    let pairs = merges
        .iter()
        .map(|(left, right)| (left.as_str(), right.as_str()));
    check_merges(vocab.keys().map(String::as_str), pairs)
        .map_err(|reason| invalid("vocab.json and merges.txt", reason))?;
    let blanks = vocab.keys().any(|token| token.starts_with('Ġ'));
    if !blanks && merges.iter().any(|(_, right)| right.ends_with(WORD_END)) {
        return word_end_bpe(vocab, merges, config);
    }
    let has = |token: &str| {
        let mut added = config.added.iter();
        vocab.contains_key(token) || added.any(|added| added.token.content == token)
    };
    let frames = || {
        let [cls, sep] = ROBERTA_FRAME.map(|(name, usual)| has(config.spelled(name, usual)));
        cls && sep
    };
    let roberta = match config.class() {
        // Of a class that only the model's type tells, the vocabulary need not be.
        Some(class) if class.starts_with("Roberta") => config.says_class() || frames(),
        Some(_) => false,
        None => ["<s>", "</s>", "<mask>"].into_iter().all(has),
    };
    if roberta {
        roberta_bpe(vocab, merges, config)
    } else {
        gpt2_bpe(vocab, merges, config)
    }
}

/// Reads a `tokenizer.json` whose model says it is of `kind`. Usual kinds are read straight from the file:
/// [`tk::Tokenizer`] makes a tree of JSON values first, which takes longer than all the rest.
fn from_json(bytes: &[u8], kind: Option<&str>) -> Result<tk::Tokenizer> {
    fn direct<M>(bytes: &[u8]) -> Option<tk::Tokenizer>
    where
        M: DeserializeOwned + tk::Model + Into<tk::ModelWrapper>,
    {
        type Of<M> = tk::TokenizerImpl<
            M,
            tk::NormalizerWrapper,
            tk::PreTokenizerWrapper,
            tk::PostProcessorWrapper,
            tk::DecoderWrapper,
        >;
        serde_json::from_slice::<Of<M>>(bytes).ok().map(Into::into)
    }
    let tokenizer = match kind {
        Some("BPE") => direct::<BPE>(bytes),
        Some("WordPiece") => direct::<WordPiece>(bytes),
        _ => None,
    };
    // Unusual files are left to the library, and so is the message about broken ones.
    tokenizer.map_or_else(
        || tk::Tokenizer::from_bytes(bytes).map_err(|error| invalid("tokenizer.json", error)),
        Ok,
    )
}

/// As `BertTokenizer` does: clean, split Chinese characters, lower and strip accents, then the
/// longest pieces of each word (Schuster & Nakajima 2012). `source` is what an error calls the vocabulary.
pub(super) fn word_piece(
    mut vocab: HashMap<String, u32>,
    casing: Casing,
    config: &TokenizerConfig,
    source: &str,
) -> Result<tk::Tokenizer> {
    let [unk, cls, sep] = [
        ("unk_token", "[UNK]"),
        ("cls_token", "[CLS]"),
        ("sep_token", "[SEP]"),
    ]
    .map(|(name, usual)| config.spelled(name, usual));
    let usual = [unk, "[PAD]", cls, sep, "[MASK]"].map(|token| tk::AddedToken::from(token, true));
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
    let mut tokenizer = tk::Tokenizer::new(model);
    tokenizer
        .with_normalizer(Some(bert_normalizer(true, casing)))
        .map_err(|error| invalid("normalizer", error))?;
    add(&mut tokenizer, added)?;
    let [cls, sep] = [cls, sep].map(|token| known(&tokenizer, source, token));
    tokenizer
        .with_pre_tokenizer(Some(tk::pre_tokenizers::bert::BertPreTokenizer))
        .with_post_processor(Some(tk::processors::bert::BertProcessing::new(sep?, cls?)))
        .with_decoder(Some(tk::decoders::wordpiece::WordPiece::default()));
    Ok(tokenizer)
}

fn lacks(source: &str, token: &str) -> Error {
    Error::InvalidTokenizer(format!("{source} has no \"{token}\""))
}

/// A token that a template needs.
fn known(tokenizer: &tk::Tokenizer, source: &str, token: &str) -> Result<(String, u32)> {
    let id = tokenizer.token_to_id(token);
    Ok((token.to_string(), id.ok_or_else(|| lacks(source, token))?))
}

/// The pairs of a `merges.txt`.
fn merges(merges_txt: &str) -> Result<Vec<(String, String)>> {
    let pair = |(number, line): (usize, &str)| match line.trim_end().split_once(' ') {
        Some((left, right)) => Ok((left.to_string(), right.to_string())),
        None => Err(Error::InvalidTokenizer(format!(
            "merges.txt, line {}: not two pieces",
            number + 1
        ))),
    };
    merges_txt
        .lines()
        .enumerate()
        .filter(|(number, line)| {
            let version = *number == 0 && line.starts_with("#version");
            !(version || line.trim().is_empty())
        })
        .map(pair)
        .collect()
}

/// The tokens around a text of RoBERTa, and how they are usually written.
const ROBERTA_FRAME: [(&str, &str); 2] = [("cls_token", "<s>"), ("sep_token", "</s>")];

/// What ends the last piece of a word in GPT-1.
const WORD_END: &str = "</w>";

/// As `OpenAIGPTTokenizer` does: text as BERT cleans and lowers it, the pieces of each word merged by rank.
fn word_end_bpe(
    mut vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
    config: &TokenizerConfig,
) -> Result<tk::Tokenizer> {
    let unknown = config.spelled("unk_token", "<unk>");
    let added = placed(&mut vocab, &[tk::AddedToken::from(unknown, true)], config);
    let has_unknown = vocab.contains_key(unknown);
    let mut model = BPE::builder()
        .vocab_and_merges(vocab.into_iter().collect::<Vocab>(), merges)
        .end_of_word_suffix(WORD_END.into());
    if has_unknown {
        model = model.unk_token(unknown.into());
    }
    let mut tokenizer = bpe_tokenizer(model)?;
    tokenizer
        .with_normalizer(Some(tk::normalizers::BertNormalizer::default()))
        .map_err(|error| invalid("normalizer", error))?;
    tokenizer
        .with_pre_tokenizer(Some(tk::pre_tokenizers::bert::BertPreTokenizer))
        .with_decoder(Some(tk::decoders::bpe::BPEDecoder::new(WORD_END.into())));
    add(&mut tokenizer, added)?;
    Ok(tokenizer)
}

/// As `GPT2Tokenizer` does: bytes as characters, merged by rank (Sennrich et al. 2016).
fn gpt2_bpe(
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
    config: &TokenizerConfig,
) -> Result<tk::Tokenizer> {
    let usual = [tk::AddedToken::from("<|endoftext|>", true)];
    let mut tokenizer = byte_level_bpe(vocab, merges, &usual, config)?;
    let around = |flag: &str, name: &str| -> Result<Option<(u32, String)>> {
        let token = config.spelled(name, "<|endoftext|>");
        let wanted = config.flag(flag)? == Some(true);
        let id = tokenizer.token_to_id(token).filter(|_| wanted);
        Ok(id.map(|id| (id, token.to_string())))
    };
    let begin = around("add_bos_token", "bos_token")?;
    let end = around("add_eos_token", "eos_token")?;
    frame(&mut tokenizer, begin, end).map_err(|error| invalid("tokenizer_config.json", error))?;
    Ok(tokenizer)
}

/// As `RobertaTokenizer` does: as GPT-2's, with `<s>` … `</s>` around texts.
fn roberta_bpe(
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
    config: &TokenizerConfig,
) -> Result<tk::Tokenizer> {
    let [cls, sep] = ROBERTA_FRAME.map(|(name, usual)| config.spelled(name, usual));
    let mask = config.spelled("mask_token", "<mask>");
    let usual = ["<s>", "<pad>", "</s>", "<unk>", mask]
        // The blank before a mask belongs to the word that it stands for.
        .map(|token| tk::AddedToken::from(token, true).lstrip(token == mask));
    let mut tokenizer = byte_level_bpe(vocab, merges, &usual, config)?;
    let [cls, sep] = [cls, sep].map(|token| known(&tokenizer, "vocab.json", token));
    let prefix = config.flag("add_prefix_space")?.unwrap_or(false);
    let trim = config.flag("trim_offsets")?.unwrap_or(true);
    let template = RobertaProcessing::new(sep?, cls?);
    tokenizer.with_post_processor(Some(template.trim_offsets(trim).add_prefix_space(prefix)));
    Ok(tokenizer)
}

fn byte_level_bpe(
    mut vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
    usual: &[tk::AddedToken],
    config: &TokenizerConfig,
) -> Result<tk::Tokenizer> {
    let added = placed(&mut vocab, usual, config);
    let model = BPE::builder().vocab_and_merges(vocab.into_iter().collect::<Vocab>(), merges);
    let mut tokenizer = bpe_tokenizer(model)?;
    let prefix = config.flag("add_prefix_space")?.unwrap_or(false);
    let byte_level = ByteLevel::new(prefix, false, true);
    tokenizer
        .with_pre_tokenizer(Some(byte_level))
        .with_decoder(Some(byte_level));
    add(&mut tokenizer, added)?;
    Ok(tokenizer)
}

fn bpe_tokenizer(model: BpeBuilder) -> Result<tk::Tokenizer> {
    let model = model
        .build()
        .map_err(|error| invalid("vocab.json and merges.txt", error))?;
    Ok(tk::Tokenizer::new(model))
}
