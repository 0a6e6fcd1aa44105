//! BERT's tokenizer, of the usual make: text cleaned and lowered, cut at blanks and punctuation, and each word into the
//! longest pieces. Its parts are those of the `tokenizers` crate; what holds them together is not, because the crate's
//! brings every other kind of tokenizer along, and the expressions that these need.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::Deserialize;
use serde_json::Value;
use tokenizers as tk;
use tokenizers::decoders::wordpiece::WordPiece as Decoder;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizer::Range;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::processors::template::TemplateProcessing;
use tokenizers::{
    AddedToken, Model, NormalizedString, Normalizer, OffsetType, PostProcessor, PreTokenizedString,
    PreTokenizer, Token,
};

use super::added::missing;
use super::config::{Casing, TokenizerConfig};
use super::template::fits_together;
use super::word_piece::WordPieceParts;
use crate::error::Result;

/// A tokenizer whose added tokens are found in the text as it is, each wherever it stands.
pub(super) struct Bert {
    normalizer: BertNormalizer,
    model: WordPiece,
    pub frame: Frame,
    decoder: Decoder,
    /// By id.
    added: HashMap<u32, AddedToken>,
    /// Their ids by their spellings.
    ids: HashMap<String, u32>,
    /// The same, longest first.
    spellings: Vec<(String, u32)>,
    /// The bytes that they begin with.
    firsts: Vec<u8>,
}

/// What puts `[CLS]` and `[SEP]` around texts.
pub(super) enum Frame {
    /// As `vocab.txt` and older files have it.
    Bert(BertProcessing),
    /// As newer files have it.
    Template(TemplateProcessing),
}

/// A `tokenizer.json`.
#[derive(Deserialize)]
struct File {
    version: Option<String>,
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    normalizer: Value,
    pre_tokenizer: Value,
    post_processor: Value,
    decoder: Value,
    model: WordPiece,
}

/// A part of the type `name`.
fn part<T: DeserializeOwned>(part: Value, name: &str) -> Option<T> {
    let is_it = part.get("type").and_then(Value::as_str) == Some(name);
    is_it.then(|| serde_json::from_value(part).ok()).flatten()
}

/// Added tokens that are looked for one by one; for more the crate has an automaton.
const MOST_ADDED: usize = 256;

/// Whether an added token is found wherever it stands, as it is, without the blanks around it.
fn is_plain(token: &AddedToken) -> bool {
    !(token.normalized || token.single_word || token.lstrip || token.rstrip)
}

pub(super) fn bert_normalizer(clean_text: bool, casing: Casing) -> BertNormalizer {
    BertNormalizer::new(
        clean_text,
        casing.chinese_chars,
        casing.strip_accents,
        casing.lowercase,
    )
}

/// Tokenizers whose casing `tokenizer_config.json` may change.
pub(super) const BERT: [&str; 2] = ["BertTokenizer", "DistilBertTokenizer"];

impl Bert {
    /// Whether it finds such added tokens.
    pub fn finds(added: &[AddedToken]) -> bool {
        added.len() <= MOST_ADDED && added.iter().all(is_plain)
    }

    /// Of its parts, of which it [finds](Self::finds) the added tokens; it has to be framed.
    pub fn new(parts: WordPieceParts) -> Self {
        let mut bert = Self {
            normalizer: parts.normalizer,
            model: parts.model,
            frame: Frame::Bert(BertProcessing::default()),
            decoder: Decoder::default(),
            added: HashMap::new(),
            ids: HashMap::new(),
            spellings: Vec::new(),
            firsts: Vec::new(),
        };
        bert.add(parts.added);
        bert
    }

    /// Reads a `tokenizer.json` as `config` wants it; `None` for one of another make, or a broken one.
    pub fn from_json(bytes: &[u8], config: &TokenizerConfig) -> Result<Option<Self>> {
        let Some(mut bert) = Self::read(bytes) else {
            return Ok(None);
        };
        if config.may_be(&BERT) {
            if let Some(casing) = config.casing()? {
                bert.normalizer = bert_normalizer(bert.normalizer.clean_text, casing);
            }
        }
        let tokens = missing(config, |token| bert.ids.contains_key(token));
        if !Self::finds(&tokens) {
            return Ok(None);
        }
        bert.add(tokens);
        Ok(Some(bert))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let file: File = serde_json::from_slice(bytes).ok()?;
        if file.version.is_some_and(|version| version != "1.0") {
            return None;
        }
        part::<BertPreTokenizer>(file.pre_tokenizer, "BertPreTokenizer")?;
        let frame = if file.post_processor["type"] == "TemplateProcessing" {
            if !fits_together(&file.post_processor) {
                return None;
            }
            Frame::Template(part(file.post_processor, "TemplateProcessing")?)
        } else {
            Frame::Bert(part(file.post_processor, "BertProcessing")?)
        };
        if !Self::finds(&file.added_tokens) {
            return None;
        }
        let mut bert = Self::new(WordPieceParts {
            normalizer: part(file.normalizer, "BertNormalizer")?,
            model: file.model,
            added: file.added_tokens,
        });
        bert.decoder = part(file.decoder, "WordPiece")?;
        bert.frame = frame;
        Some(bert)
    }

    /// Adds tokens, those that the vocabulary lacks behind its end.
    fn add(&mut self, tokens: Vec<AddedToken>) {
        let size = self.model.get_vocab_size() as u32;
        let after = self.added.keys().max().map_or(0, |id| id.saturating_add(1));
        let mut next = size.max(after);
        for token in tokens {
            if token.content.is_empty() {
                continue;
            }
            let id = self.token_to_id(&token.content).unwrap_or_else(|| {
                let id = next;
                next = next.saturating_add(1);
                id
            });
            self.ids.insert(token.content.clone(), id);
            self.added.insert(id, token);
        }
        let spelled = self.added.iter();
        self.spellings = spelled
            .map(|(&id, token)| (token.content.clone(), id))
            .collect();
        let longest_first = |(token, id): &(String, u32)| (usize::MAX - token.len(), *id);
        self.spellings.sort_by_key(longest_first);
        let firsts = self.spellings.iter();
        self.firsts = firsts
            .filter_map(|(token, _)| token.bytes().next())
            .collect();
        self.firsts.sort_unstable();
        self.firsts.dedup();
    }

    pub fn model(&self) -> &WordPiece {
        &self.model
    }

    pub fn added(&self) -> &HashMap<u32, AddedToken> {
        &self.added
    }

    pub fn is_special(&self, token: &str) -> bool {
        let added = self.ids.get(token).and_then(|id| self.added.get(id));
        added.is_some_and(|added| added.special)
    }

    pub fn token_to_id(&self, token: &str) -> Option<u32> {
        let added = self.ids.get(token).copied();
        added.or_else(|| self.model.token_to_id(token))
    }

    pub fn id_to_token(&self, id: u32) -> Option<String> {
        let added = self.added.get(&id).map(|token| token.content.clone());
        added.or_else(|| self.model.id_to_token(id))
    }

    pub fn vocab_size(&self) -> usize {
        let behind = |token: &&String| self.model.token_to_id(token).is_none();
        self.model.get_vocab_size() + self.ids.keys().filter(behind).count()
    }

    pub fn vocab(&self) -> HashMap<String, u32> {
        let mut vocab = self.model.get_vocab();
        vocab.extend(self.ids.iter().map(|(token, &id)| (token.clone(), id)));
        vocab
    }

    /// The text without its added tokens, normalised, and these between.
    pub fn normalized(&self, text: &str) -> tk::Result<PreTokenizedString> {
        let mut parts = PreTokenizedString::from(text);
        parts.split(|_, text| self.parted(&text))?;
        parts.split(|_, mut text| {
            self.normalizer.normalize(&mut text)?;
            let all = text.slice(Range::Normalized(..));
            Ok(all.map(|text| (text, None::<Vec<Token>>)))
        })?;
        Ok(parts)
    }

    /// The text cut at its added tokens: of those that begin at one place, at the longest.
    fn parted(
        &self,
        text: &NormalizedString,
    ) -> tk::Result<Vec<(NormalizedString, Option<Vec<Token>>)>> {
        let whole = text.get();
        let mut parts = Vec::new();
        let mut cut = |from: usize, to: usize, id: Option<u32>| -> tk::Result<()> {
            let part = text.slice(Range::Normalized(from..to));
            let part = part.ok_or("an added token ends within a character")?;
            let token = id.map(|id| vec![Token::new(id, part.get().into(), (0, to - from))]);
            parts.push((part, token));
            Ok(())
        };
        let mut done = 0;
        for (at, first) in whole.bytes().enumerate() {
            if at < done || !self.firsts.contains(&first) {
                continue;
            }
            let mut spellings = self.spellings.iter();
            // A spelling is whole characters, so that it begins where a character does.
            let is_here =
                |(token, _): &&(String, u32)| whole.as_bytes()[at..].starts_with(token.as_bytes());
            if let Some((token, id)) = spellings.find(is_here) {
                if done < at {
                    cut(done, at, None)?;
                }
                done = at + token.len();
                cut(at, done, Some(*id))?;
            }
        }
        if done < whole.len() {
            cut(done, whole.len(), None)?;
        }
        Ok(parts)
    }

    pub fn pre_tokenize(&self, parts: &mut PreTokenizedString) -> tk::Result<()> {
        BertPreTokenizer.pre_tokenize(parts)
    }

    fn pieces(&self, text: &str, sequence: u32) -> tk::Result<tk::Encoding> {
        let mut parts = self.normalized(text)?;
        self.pre_tokenize(&mut parts)?;
        parts.tokenize(|word| self.model.tokenize(word.get()))?;
        parts.into_encoding(None, sequence, OffsetType::Byte)
    }

    pub fn encode(&self, text: &str, pair: Option<&str>, framed: bool) -> tk::Result<tk::Encoding> {
        let first = self.pieces(text, 0)?;
        let second = pair.map(|pair| self.pieces(pair, 1)).transpose()?;
        match &self.frame {
            Frame::Bert(frame) => frame.process(first, second, framed),
            Frame::Template(frame) => frame.process(first, second, framed),
        }
    }

    pub fn decode(&self, ids: &[u32], skip_special: bool) -> tk::Result<String> {
        let tokens = ids.iter().filter_map(|&id| self.id_to_token(id));
        let shown = tokens.filter(|token| !(skip_special && self.is_special(token)));
        self.join(shown.collect())
    }

    pub fn join(&self, tokens: Vec<String>) -> tk::Result<String> {
        tk::Decoder::decode(&self.decoder, tokens)
    }

    /// The same as the crate has it.
    #[cfg(any(feature = "train", test))]
    pub fn as_of_crate(&self) -> tk::Result<tk::Tokenizer> {
        let mut tokenizer = tk::Tokenizer::new(self.model.clone());
        tokenizer.with_normalizer(Some(self.normalizer))?;
        let mut added: Vec<(&u32, &AddedToken)> = self.added.iter().collect();
        // Those behind the vocabulary are numbered again in their order.
        added.sort_by_key(|(id, _)| **id);
        tokenizer.add_tokens(added.into_iter().map(|(_, token)| token.clone()))?;
        tokenizer
            .with_pre_tokenizer(Some(BertPreTokenizer))
            .with_decoder(Some(self.decoder.clone()));
        match &self.frame {
            Frame::Bert(frame) => tokenizer.with_post_processor(Some(frame.clone())),
            Frame::Template(frame) => tokenizer.with_post_processor(Some(frame.clone())),
        };
        Ok(tokenizer)
    }
}

#[cfg(test)]
mod tests;
