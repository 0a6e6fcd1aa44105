//! Tokens behind a vocabulary, and those around a text.

use std::collections::{HashMap, HashSet};

#[cfg(feature = "every-tokenizer")]
use tokenizers as tk;
#[cfg(feature = "every-tokenizer")]
use tokenizers::processors::template::{SpecialToken, TemplateProcessing, Tokens};
use tokenizers::AddedToken;

use super::config::{Added, TokenizerConfig};
#[cfg(feature = "every-tokenizer")]
use crate::error::{Error, Result};

/// The tokens to add to `vocab`: those of the config, and of the `usual` ones those that it has. [`add`] numbers what the
/// vocabulary lacks on from its end. Where the config's numbers are others, the tokens are put into `vocab` with them.
pub(super) fn placed(
    vocab: &mut HashMap<String, u32>,
    usual: &[AddedToken],
    config: &TokenizerConfig,
) -> Vec<AddedToken> {
    let usual = usual
        .iter()
        .filter(|token| vocab.contains_key(&token.content));
    let nameless = |token: &AddedToken| Added {
        id: None,
        token: token.clone(),
    };
    let all = usual
        .map(nameless)
        .chain(config.added.iter().cloned())
        .chain(config.named().map(nameless));
    let mut tokens: Vec<Added> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for added in all {
        match places.get(&added.token.content) {
            None => {
                places.insert(added.token.content.clone(), tokens.len());
                tokens.push(added);
            }
            // A name without settings leaves those that are known.
            Some(_) if is_plain(&added) => {}
            Some(&place) => tokens[place] = added,
        }
    }
    // The usual ones are in the vocabulary, so that the others keep their order.
    put_where_numbered(vocab, &tokens);
    tokens.into_iter().map(|added| added.token).collect()
}

fn is_plain(added: &Added) -> bool {
    added.id.is_none() && added.token == AddedToken::from(added.token.content.as_str(), true)
}

/// Puts the tokens that `vocab` lacks into it, unless their numbers follow on from its end in any case.
fn put_where_numbered(vocab: &mut HashMap<String, u32>, tokens: &[Added]) {
    let missing: Vec<&Added> = tokens
        .iter()
        .filter(|added| !vocab.contains_key(&added.token.content))
        .collect();
    if missing.is_empty() {
        return;
    }
    let mut taken: HashSet<u32> = vocab.values().copied().collect();
    let mut next = taken.iter().max().map_or(0, |id| id.saturating_add(1));
    let mut follow = vocab.len() == next as usize;
    let mut places = Vec::with_capacity(missing.len());
    for added in missing {
        let id = added.id.filter(|id| !taken.contains(id)).unwrap_or(next);
        follow &= id == next;
        next = next.max(id.saturating_add(1));
        taken.insert(id);
        places.push((added.token.content.clone(), id));
    }
    if !follow {
        vocab.extend(places);
    }
}

/// The tokens of the config to add to a tokenizer of `tokenizer.json`, of which `is_known` says what it has added.
pub(super) fn missing(
    config: &TokenizerConfig,
    is_known: impl Fn(&str) -> bool,
) -> Vec<AddedToken> {
    let added = config.added.iter().map(|added| &added.token);
    let given: HashSet<&str> = added.clone().map(|token| &*token.content).collect();
    let is_missing =
        |token: &&AddedToken| !is_known(&token.content) && !given.contains(&*token.content);
    let tokens = added.chain(config.named().filter(is_missing));
    tokens.cloned().collect()
}

/// Adds them.
#[cfg(feature = "every-tokenizer")]
pub(super) fn add_missing(tokenizer: &mut tk::Tokenizer, config: &TokenizerConfig) -> Result<()> {
    let known = tokenizer.get_added_vocabulary().get_vocab();
    let tokens = missing(config, |token| known.contains_key(token));
    if tokens.is_empty() {
        return Ok(());
    }
    add(tokenizer, tokens)
}

#[cfg(feature = "every-tokenizer")]
pub(super) fn add(tokenizer: &mut tk::Tokenizer, tokens: Vec<AddedToken>) -> Result<()> {
    let added = tokenizer.add_tokens(tokens);
    added
        .map(drop)
        .map_err(|error| Error::InvalidTokenizer(format!("added tokens: {error}")))
}

/// Puts tokens before and behind each text.
#[cfg(feature = "every-tokenizer")]
pub(super) fn frame(
    tokenizer: &mut tk::Tokenizer,
    begin: Option<(u32, String)>,
    end: Option<(u32, String)>,
) -> tk::Result<()> {
    if begin.is_none() && end.is_none() {
        return Ok(());
    }
    let around = |text: &str, type_id: u32| {
        let begin = begin.as_ref().map(|_| format!("begin:{type_id}"));
        let end = end.as_ref().map(|_| format!("end:{type_id}"));
        let text = Some(format!("{text}:{type_id}"));
        [begin, text, end].into_iter().flatten()
    };
    let (single, second) = (around("$A", 0), around("$B", 1));
    let pair: Vec<String> = single.clone().chain(second).collect();
    let mut special = Vec::new();
    for (name, token) in [("begin", &begin), ("end", &end)] {
        if let Some((id, token)) = token {
            let (name, token) = (name.to_string(), token.clone());
            special.push(SpecialToken::new(name, vec![*id], vec![token])?);
        }
    }
    let template = TemplateProcessing::builder()
        .try_single(single.collect::<Vec<_>>())
        .and_then(|builder| builder.try_pair(pair))?
        .special_tokens(Tokens::from(special))
        .build()?;
    tokenizer.with_post_processor(Some(template));
    Ok(())
}
