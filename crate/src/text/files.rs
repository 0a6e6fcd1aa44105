//! A `tokenizers` tokenizer from the files of a model folder.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::Deserialize;
use tokenizers as tk;
use tokenizers::models::bpe::{BpeBuilder, BPE};
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::roberta::RobertaProcessing;

use super::chat_config::templates_of;
use super::chat_template::ChatTemplate;
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
}

/// The part of `tokenizer_config.json` that changes how text is cut.
#[derive(Deserialize)]
struct TokenizerConfig {
    #[serde(flatten)]
    casing: Casing,
    #[serde(default)]
    add_prefix_space: bool,
    tokenizer_class: Option<String>,
}

/// How BERT's tokenizer sees letters.
#[derive(Deserialize)]
pub(super) struct Casing {
    #[serde(default = "yes")]
    pub do_lower_case: bool,
    pub strip_accents: Option<bool>,
    #[serde(default = "yes")]
    pub tokenize_chinese_chars: bool,
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

fn yes() -> bool {
    true
}

fn invalid(what: &str, error: impl std::fmt::Display) -> Error {
    Error::InvalidTokenizer(format!("{what}: {error}"))
}

fn utf8<'a>(what: &str, bytes: &'a [u8]) -> Result<&'a str> {
    let text = std::str::from_utf8(bytes).map_err(|error| invalid(what, error))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

impl TokenizerFiles<'_> {
    /// Builds the tokenizer. Truncation and padding stored in `tokenizer.json` are switched off: the caller has to
    /// learn that a text is too long.
    pub(super) fn build(&self) -> Result<tk::Tokenizer> {
        let mut tokenizer = if let Some(bytes) = self.tokenizer {
            let kind =
                refuse::fatal_parts(bytes).map_err(|reason| invalid("tokenizer.json", reason))?;
            from_json(bytes, kind.as_deref())?
        } else if let Some(bytes) = self.vocab_txt {
            let vocab = vocabulary(utf8("vocab.txt", bytes)?);
            word_piece(vocab, &self.config()?.casing, "vocab.txt")?
        } else if let (Some(vocab), Some(merges)) = (self.vocab_json, self.merges_txt) {
            self.byte_pairs(vocab, utf8("merges.txt", merges)?)?
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
    pub(super) fn chat_template(&self) -> Result<Option<ChatTemplate>> {
        let config = self.tokenizer_config.unwrap_or(b"{}");
        let file = |bytes| utf8("chat_template.jinja", bytes);
        let file = self.chat_template.map(file).transpose()?;
        let found = templates_of(config, file);
        found.map_err(|error| invalid("tokenizer_config.json", error))
    }

    fn config(&self) -> Result<TokenizerConfig> {
        serde_json::from_slice(self.tokenizer_config.unwrap_or(b"{}"))
            .map_err(|error| invalid("tokenizer_config.json", error))
    }

    /// The tokenizers that share these two files are told apart by their vocabularies.
    fn byte_pairs(&self, vocab_json: &[u8], merges_txt: &str) -> Result<tk::Tokenizer> {
        let config = self.config()?;
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
            return word_end_bpe(vocab, merges);
        }
        let roberta = match config.tokenizer_class.as_deref() {
            Some(class) => class.starts_with("Roberta"),
            None => ["<s>", "</s>", "<mask>"]
                .iter()
                .all(|token| vocab.contains_key(*token)),
        };
        byte_level_bpe(vocab, merges, config.add_prefix_space, roberta)
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
    vocab: HashMap<String, u32>,
    casing: &Casing,
    source: &str,
) -> Result<tk::Tokenizer> {
    let special = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"];
    for needed in ["[UNK]", "[CLS]", "[SEP]"] {
        if !vocab.contains_key(needed) {
            return Err(Error::InvalidTokenizer(format!(
                "{source} has no \"{needed}\""
            )));
        }
    }
    let (cls, sep) = (vocab["[CLS]"], vocab["[SEP]"]);
    let present = special.iter().filter(|token| vocab.contains_key(**token));
    let added: Vec<_> = present
        .map(|token| tk::AddedToken::from(*token, true))
        .collect();
    let model = WordPiece::builder()
        .vocab(vocab.into_iter().collect::<tk::models::bpe::Vocab>())
        .unk_token("[UNK]".into())
        .build()
        .map_err(|error| invalid(source, error))?;
    let mut tokenizer = tk::Tokenizer::new(model);
    let normalizer = tk::normalizers::BertNormalizer::new(
        true,
        casing.tokenize_chinese_chars,
        casing.strip_accents,
        casing.do_lower_case,
    );
    tokenizer
        .with_normalizer(Some(normalizer))
        .map_err(|error| invalid("normalizer", error))?;
    tokenizer
        .with_pre_tokenizer(Some(tk::pre_tokenizers::bert::BertPreTokenizer))
        .with_post_processor(Some(tk::processors::bert::BertProcessing::new(
            ("[SEP]".into(), sep),
            ("[CLS]".into(), cls),
        )))
        .with_decoder(Some(tk::decoders::wordpiece::WordPiece::default()));
    add_special(&mut tokenizer, added)?;
    Ok(tokenizer)
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

/// What ends the last piece of a word in GPT-1.
const WORD_END: &str = "</w>";

/// As `OpenAIGPTTokenizer` does: text as BERT cleans and lowers it, the pieces of each word merged by rank.
fn word_end_bpe(
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
) -> Result<tk::Tokenizer> {
    let unknown = vocab.contains_key("<unk>");
    let mut model = BPE::builder()
        .vocab_and_merges(
            vocab.into_iter().collect::<tk::models::bpe::Vocab>(),
            merges,
        )
        .end_of_word_suffix(WORD_END.into());
    if unknown {
        model = model.unk_token("<unk>".into());
    }
    let mut tokenizer = bpe_tokenizer(model)?;
    tokenizer
        .with_normalizer(Some(tk::normalizers::BertNormalizer::default()))
        .map_err(|error| invalid("normalizer", error))?;
    tokenizer
        .with_pre_tokenizer(Some(tk::pre_tokenizers::bert::BertPreTokenizer))
        .with_decoder(Some(tk::decoders::bpe::BPEDecoder::new(WORD_END.into())));
    if unknown {
        add_special(&mut tokenizer, [tk::AddedToken::from("<unk>", true)])?;
    }
    Ok(tokenizer)
}

/// As `GPT2Tokenizer` does: bytes as characters, merged by rank (Sennrich et al. 2016); or as
/// `RobertaTokenizer` does, which puts `<s>` … `</s>` around texts.
fn byte_level_bpe(
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
    add_prefix_space: bool,
    roberta: bool,
) -> Result<tk::Tokenizer> {
    let id = |token: &str| {
        let missing = || Error::InvalidTokenizer(format!("vocab.json has no \"{token}\""));
        vocab.get(token).copied().ok_or_else(missing)
    };
    let template = if roberta {
        Some(
            RobertaProcessing::new(("</s>".into(), id("</s>")?), ("<s>".into(), id("<s>")?))
                .trim_offsets(true)
                .add_prefix_space(add_prefix_space),
        )
    } else {
        None
    };
    let special = if roberta {
        &["<s>", "<pad>", "</s>", "<unk>", "<mask>"][..]
    } else {
        &["<|endoftext|>"]
    };
    let special: Vec<_> = special
        .iter()
        .filter(|token| vocab.contains_key(**token))
        // The blank before a mask belongs to the word that it stands for.
        .map(|token| tk::AddedToken::from(*token, true).lstrip(*token == "<mask>"))
        .collect();
    let model = BPE::builder().vocab_and_merges(
        vocab.into_iter().collect::<tk::models::bpe::Vocab>(),
        merges,
    );
    let mut tokenizer = bpe_tokenizer(model)?;
    let byte_level = ByteLevel::new(add_prefix_space, false, true);
    tokenizer
        .with_pre_tokenizer(Some(byte_level))
        .with_post_processor(template)
        .with_decoder(Some(byte_level));
    add_special(&mut tokenizer, special)?;
    Ok(tokenizer)
}

fn bpe_tokenizer(model: BpeBuilder) -> Result<tk::Tokenizer> {
    let model = model
        .build()
        .map_err(|error| invalid("vocab.json and merges.txt", error))?;
    Ok(tk::Tokenizer::new(model))
}

fn add_special(
    tokenizer: &mut tk::Tokenizer,
    tokens: impl IntoIterator<Item = tk::AddedToken>,
) -> Result<()> {
    tokenizer
        .add_special_tokens(tokens)
        .map(drop)
        .map_err(|error| invalid("special tokens", error))
}
