//! A tokenizer of `tokenizer.json`, as `tokenizer_config.json` beside it wants it.
//!
//! `transformers` builds the tokenizers that have a class of their own anew from the vocabulary and the config. Here the
//! parts that the config speaks of are changed, and where it is silent the file stands.

use tokenizers as tk;
use tokenizers::decoders::sequence::Sequence as Decoders;
use tokenizers::decoders::strip::Strip;
use tokenizers::normalizers::replace::Replace;
use tokenizers::normalizers::{Lowercase, Sequence, StripAccents, NFKD};
use tokenizers::pre_tokenizers::metaspace::{Metaspace, PrependScheme};
use tokenizers::pre_tokenizers::sequence::Sequence as PreTokenizers;
use tokenizers::pre_tokenizers::whitespace::WhitespaceSplit;
use tokenizers::{
    DecoderWrapper, ModelWrapper, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper,
};

use super::bert::{bert_normalizer, BERT};
use super::bytes::BLANK;
use super::config::{Casing, TokenizerConfig};
use crate::error::{Error, Result};

const BYTE_LEVEL: [&str; 2] = ["GPT2Tokenizer", "RobertaTokenizer"];

fn invalid(error: impl std::fmt::Display) -> Error {
    Error::InvalidTokenizer(format!("tokenizer_config.json: {error}"))
}

/// Changes the parts of a tokenizer that the config speaks of.
pub(super) fn adapt(tokenizer: &mut tk::Tokenizer, config: &TokenizerConfig) -> Result<()> {
    if config.may_be(&BERT) {
        if let Some(casing) = config.casing()? {
            set_casing(tokenizer, casing, config.class().is_some())?;
        }
    }
    if config.may_be(&BYTE_LEVEL) {
        if let Some(flag) = config.flag("add_prefix_space")? {
            set_prefix_space(tokenizer, flag);
        }
    }
    if config.may_be(&["AlbertTokenizer"]) {
        adapt_albert(tokenizer, config)?;
    }
    if config.class() == Some("LlamaTokenizer") {
        adapt_llama(tokenizer, config)?;
    }
    Ok(())
}

/// `is_bert`: whether the tokenizer is known to be BERT's, whatever normalizer its file has.
fn set_casing(tokenizer: &mut tk::Tokenizer, casing: Casing, is_bert: bool) -> Result<()> {
    let clean = match tokenizer.get_normalizer() {
        Some(NormalizerWrapper::BertNormalizer(normalizer)) => normalizer.clean_text,
        _ if is_bert && matches!(tokenizer.get_model(), ModelWrapper::WordPiece(_)) => true,
        _ => return Ok(()),
    };
    let normalizer = bert_normalizer(clean, casing);
    tokenizer
        .with_normalizer(Some(normalizer))
        .map(drop)
        .map_err(invalid)
}

/// Whether a blank is put in front of a text of GPT-2 or RoBERTa.
fn set_prefix_space(tokenizer: &mut tk::Tokenizer, flag: bool) {
    let Some(PreTokenizerWrapper::ByteLevel(part)) = tokenizer.get_pre_tokenizer() else {
        return;
    };
    let part = part.add_prefix_space(flag);
    tokenizer.with_pre_tokenizer(Some(part));
    if let Some(PostProcessorWrapper::Roberta(part)) = tokenizer.get_post_processor() {
        let part = part.clone().add_prefix_space(flag);
        tokenizer.with_post_processor(Some(part));
    }
}

fn adapt_albert(tokenizer: &mut tk::Tokenizer, config: &TokenizerConfig) -> Result<()> {
    if !matches!(tokenizer.get_model(), ModelWrapper::Unigram(_)) {
        return Ok(());
    }
    let (lower, accents) = (config.flag("do_lower_case")?, config.flag("keep_accents")?);
    let charsmap = match tokenizer.get_normalizer() {
        Some(NormalizerWrapper::Sequence(parts)) => parts.as_ref().iter().find_map(|part| {
            let is_charsmap = matches!(part, NormalizerWrapper::Precompiled(_));
            is_charsmap.then(|| part.clone())
        }),
        _ => None,
    };
    let is_said = lower.is_some() || accents.is_some();
    // Without its charsmap it may be any tokenizer of this kind.
    if is_said && (charsmap.is_some() || config.class().is_some()) {
        let quotes = |pattern: &str| Replace::new(pattern.to_string(), "\"").map_err(invalid);
        let mut parts: Vec<NormalizerWrapper> = vec![quotes("``")?.into(), quotes("''")?.into()];
        if accents != Some(true) {
            parts.extend([NFKD.into(), StripAccents.into()]);
        }
        if lower != Some(false) {
            parts.push(Lowercase.into());
        }
        parts.extend(charsmap);
        tokenizer
            .with_normalizer(Some(Sequence::new(parts)))
            .map_err(invalid)?;
    }
    if let (Some(flag), Some(_)) = (config.flag("add_prefix_space")?, config.class()) {
        let blanks = metaspace(flag, true, true);
        let parts = vec![WhitespaceSplit.into(), blanks.clone().into()];
        tokenizer
            .with_pre_tokenizer(Some(PreTokenizers::new(parts)))
            .with_decoder(Some(blanks));
    }
    Ok(())
}

/// `always`: a blank in front of every part between two added tokens, not only in front of the text.
fn metaspace(prefix: bool, always: bool, split: bool) -> Metaspace {
    let scheme = match (prefix, always) {
        (false, _) => PrependScheme::Never,
        (true, true) => PrependScheme::Always,
        (true, false) => PrependScheme::First,
    };
    Metaspace::new(BLANK, scheme, split)
}

fn adapt_llama(tokenizer: &mut tk::Tokenizer, config: &TokenizerConfig) -> Result<()> {
    let (prefix, legacy) = (config.flag("add_prefix_space")?, config.flag("legacy")?);
    let is_sentence_piece =
        matches!(tokenizer.get_model(), ModelWrapper::BPE(model) if model.byte_fallback);
    if !is_sentence_piece || prefix.or(legacy).is_none() {
        return Ok(());
    }
    let prefix = prefix.unwrap_or(true);
    let blanks = metaspace(prefix, legacy == Some(true), false);
    tokenizer
        .with_normalizer(None::<NormalizerWrapper>)
        .map_err(invalid)?;
    tokenizer
        .with_pre_tokenizer(Some(blanks))
        .with_decoder(Some(sentence_piece_decoder(prefix).map_err(invalid)?));
    Ok(())
}

/// Blanks, bytes and pieces of SentencePiece as text; `prefix`: whether the first blank is none of the text's.
pub(super) fn sentence_piece_decoder(prefix: bool) -> tk::Result<Decoders> {
    let mut parts: Vec<DecoderWrapper> = vec![
        Replace::new(BLANK.to_string(), " ")?.into(),
        tk::decoders::byte_fallback::ByteFallback::new().into(),
        tk::decoders::fuse::Fuse::new().into(),
    ];
    if prefix {
        parts.push(Strip::new(' ', 1, 0).into());
    }
    Ok(Decoders::new(parts))
}
