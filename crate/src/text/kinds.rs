//! Tokenizers of every kind, by the `tokenizers` crate: what [`Bert`](super::bert::Bert) is not made for.

use std::collections::HashMap;

use tokenizers as tk;
use tokenizers::models::bpe::{BpeBuilder, Vocab, BPE};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::roberta::RobertaProcessing;

use super::adapt::adapt;
use super::added::{add, add_missing, frame, placed};
use super::config::TokenizerConfig;
use super::engine::Engine;
use super::refuse::{self, check_merges};
use super::word_piece::{invalid, lacks, without_blanks, Ends, WordPieceParts};
use crate::error::{Error, Result};

impl From<tk::Tokenizer> for Engine {
    fn from(tokenizer: tk::Tokenizer) -> Self {
        Self::Other(Box::new(tokenizer))
    }
}

/// The tokenizers that share `vocab.json` and `merges.txt` are told apart by their vocabularies.
pub(super) fn byte_pairs(
    vocab_json: &[u8],
    merges_txt: &str,
    config: &TokenizerConfig,
) -> Result<Engine> {
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
        return word_end_bpe(vocab, merges, config).map(Engine::from);
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
    let tokenizer = if roberta {
        roberta_bpe(vocab, merges, config)
    } else {
        gpt2_bpe(vocab, merges, config)
    };
    tokenizer.map(Engine::from)
}

/// Reads a `tokenizer.json`, and changes the parts that `config` speaks of.
pub(super) fn from_json(bytes: &[u8], config: &TokenizerConfig) -> Result<Engine> {
    let kind = refuse::fatal_parts(bytes).map_err(|reason| invalid("tokenizer.json", reason))?;
    let mut tokenizer = of_kind(bytes, kind.as_deref())?;
    adapt(&mut tokenizer, config)?;
    add_missing(&mut tokenizer, config)?;
    tokenizer
        .with_truncation(None)
        .map_err(|error| invalid("truncation", error))?;
    tokenizer.with_padding(None);
    Ok(tokenizer.into())
}

/// BERT's, with added tokens that it does not find itself.
pub(super) fn word_piece(parts: WordPieceParts, ends: Ends) -> Result<Engine> {
    let mut tokenizer = tk::Tokenizer::new(parts.model);
    tokenizer
        .with_normalizer(Some(parts.normalizer))
        .map_err(|error| invalid("normalizer", error))?;
    add(&mut tokenizer, parts.added)?;
    let frame = ends.frame(|token| tokenizer.token_to_id(token))?;
    tokenizer
        .with_pre_tokenizer(Some(tk::pre_tokenizers::bert::BertPreTokenizer))
        .with_post_processor(Some(frame))
        .with_decoder(Some(tk::decoders::wordpiece::WordPiece::default()));
    Ok(tokenizer.into())
}

/// Reads a `tokenizer.json` whose model says it is of `kind`. Byte pairs are read straight from the file:
/// [`tk::Tokenizer`] makes a tree of JSON values first, which takes longer than all the rest.
fn of_kind(bytes: &[u8], kind: Option<&str>) -> Result<tk::Tokenizer> {
    type Pairs = tk::TokenizerImpl<
        BPE,
        tk::NormalizerWrapper,
        tk::PreTokenizerWrapper,
        tk::PostProcessorWrapper,
        tk::DecoderWrapper,
    >;
    let direct = |bytes| serde_json::from_slice::<Pairs>(bytes).ok().map(Into::into);
    let tokenizer = match kind {
        Some("BPE") => direct(bytes),
        _ => None,
    };
    // Unusual files are left to the library, and so is the message about broken ones.
    tokenizer.map_or_else(
        || tk::Tokenizer::from_bytes(bytes).map_err(|error| invalid("tokenizer.json", error)),
        Ok,
    )
}

/// A token that a template needs.
fn known(tokenizer: &tk::Tokenizer, source: &str, token: &str) -> Result<(String, u32)> {
    let id = tokenizer.token_to_id(token);
    Ok((token.to_string(), id.ok_or_else(|| lacks(source, token))?))
}

/// The pairs of a `merges.txt`.
fn merges(merges_txt: &str) -> Result<Vec<(String, String)>> {
    let pair = |(number, line): (usize, &str)| match without_blanks(line).split_once(' ') {
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
            !(version || without_blanks(line).is_empty())
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
