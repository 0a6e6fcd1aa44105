//! The tokenizer inside a GGUF file (`tokenizer.ggml.*`), which llama.cpp's converters write.

use std::collections::HashMap;

use tokenizers as tk;
use tokenizers::models::bpe::{Vocab, BPE};
use tokenizers::normalizers::replace::Replace;
use tokenizers::normalizers::{BertNormalizer, Prepend, Sequence as Normalizers};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{
    AddedToken, AddedVocabulary, NormalizedString, Normalizer, NormalizerWrapper,
    PreTokenizerWrapper, SplitDelimiterBehavior,
};

use super::adapt::sentence_piece_decoder;
use super::added::{add, frame};
use super::bytes::BLANK;
use super::chat_template::ChatTemplate;
use super::config::{Added, Casing, TokenizerConfig};
use super::cuts::{Cut, DEFAULT};
use super::engine::Engine;
use super::files::{word_piece, TokenizerFiles};
use super::refuse::check_merges;
use crate::error::{Error, Result};
use crate::gguf::{Metadata, Value};

/// The file's numbers for tokens that are no text: what stands for unknown text, and those such as `<|im_end|>`.
const UNKNOWN: i64 = 2;
const CONTROL: i64 = 3;
/// Text that is a token wherever it stands, found before the rest is cut.
const USER_DEFINED: i64 = 4;

/// Bytes of a token that is looked at as a merge of two: each of its places is tried, and the longest real
/// ones are runs of 16 blanks of 3 bytes.
const MAX_MERGED: usize = 256;

fn invalid(message: impl std::fmt::Display) -> Error {
    Error::InvalidTokenizer(format!("the one in the GGUF file: {message}"))
}

/// What every kind of tokenizer has.
struct Entries<'a> {
    metadata: &'a Metadata,
    tokens: Vec<&'a str>,
    /// As many as tokens, or none.
    kinds: Vec<i64>,
}

/// Builds the tokenizer.
pub(super) fn build(metadata: &Metadata) -> Result<Engine> {
    // A file may hold the whole `tokenizer.json`.
    let whole = metadata.string("tokenizer.huggingface.json");
    let whole = whole.and_then(|json| {
        let files = TokenizerFiles {
            tokenizer: Some(json.as_bytes()),
            ..TokenizerFiles::default()
        };
        files.build(&TokenizerConfig::default()).ok()
    });
    if let Some(tokenizer) = whole {
        return Ok(tokenizer);
    }
    let entries = Entries::read(metadata)?;
    match metadata.string("tokenizer.ggml.model") {
        Some("gpt2") => entries.byte_level_bpe().map(Engine::from),
        Some("bert") => entries.word_piece(),
        Some("llama") => entries.sentence_piece_bpe().map(Engine::from),
        Some(other) => Err(Error::Unsupported(format!(
            "the tokenizer in the GGUF file, of kind \"{other}\". Put the model's tokenizer.json beside it."
        ))),
        None => Err(Error::InvalidTokenizer(
            "there are no tokenizer files, and the GGUF file holds none. Put the model's tokenizer.json beside it."
                .into(),
        )),
    }
}

/// Whether the file says how its tokenizer finds words.
pub(super) fn says_how_to_cut(metadata: &Metadata) -> bool {
    let says = |key: &str| metadata.string(key).is_some();
    metadata.string("tokenizer.ggml.model") != Some("gpt2")
        || says("tokenizer.ggml.pre")
        || says("tokenizer.huggingface.json")
}

/// What the file calls special tokens (`seperator` is its spelling).
const NAMED: [(&str, &str); 7] = [
    ("bos_token", "bos_token_id"),
    ("eos_token", "eos_token_id"),
    ("unk_token", "unknown_token_id"),
    ("sep_token", "seperator_token_id"),
    ("pad_token", "padding_token_id"),
    ("cls_token", "cls_token_id"),
    ("mask_token", "mask_token_id"),
];

/// The names and spellings of the file's special tokens.
pub(super) fn named_tokens(metadata: &Metadata) -> Vec<(String, String)> {
    let Some(Value::Array(tokens)) = metadata.0.get("tokenizer.ggml.tokens") else {
        return Vec::new();
    };
    let token = |(name, key): (&str, &str)| {
        let id = metadata.usize(&format!("tokenizer.ggml.{key}"))?;
        match tokens.get(id)? {
            Value::String(token) => Some((name.to_string(), token.clone())),
            _ => None,
        }
    };
    NAMED.into_iter().filter_map(token).collect()
}

/// The chat templates in the file, if there are any: one, and others by their names.
pub(super) fn chat_template(metadata: &Metadata) -> Option<ChatTemplate> {
    let source = metadata.string("tokenizer.chat_template")?;
    let tokens = named_tokens(metadata);
    let tokens = tokens.iter().map(|(name, token)| (&**name, &**token));
    let tokens: Vec<(&str, &str)> = tokens.collect();
    let template = ChatTemplate::new(source, &tokens);
    let names = texts(metadata, "tokenizer.chat_templates").unwrap_or_default();
    Some(names.into_iter().fold(template, |template, name| {
        match metadata.string(&format!("tokenizer.chat_template.{name}")) {
            Some(source) => template.and(name, source),
            None => template,
        }
    }))
}

/// A list of texts; anything else in it is an error.
fn texts<'a>(metadata: &'a Metadata, key: &str) -> Result<Vec<&'a str>> {
    let Some(Value::Array(values)) = metadata.0.get(key) else {
        return Err(invalid(format!("there is no list \"{key}\"")));
    };
    let text = |value: &'a Value| match value {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    };
    values
        .iter()
        .map(text)
        .collect::<Option<_>>()
        .ok_or_else(|| invalid(format!("\"{key}\" holds something else than texts")))
}

impl<'a> Entries<'a> {
    fn read(metadata: &'a Metadata) -> Result<Self> {
        let tokens = texts(metadata, "tokenizer.ggml.tokens")?;
        let kinds: Vec<i64> = match metadata.0.get("tokenizer.ggml.token_type") {
            Some(Value::Array(kinds)) => kinds
                .iter()
                .map(|kind| match kind {
                    Value::Int(kind) => *kind,
                    _ => 0,
                })
                .collect(),
            _ => Vec::new(),
        };
        if !kinds.is_empty() && kinds.len() != tokens.len() {
            return Err(invalid(format!(
                "{} tokens, but the kinds of {}",
                tokens.len(),
                kinds.len()
            )));
        }
        Ok(Self {
            metadata,
            tokens,
            kinds,
        })
    }

    /// Ids by token; of tokens that are written alike, the first counts.
    fn vocab(&self) -> Vocab {
        let mut vocab = Vocab::default();
        for (id, token) in (0u32..).zip(&self.tokens) {
            vocab.entry(token.to_string()).or_insert(id);
        }
        vocab
    }

    /// The token that the file names at `key`.
    fn named(&self, key: &str) -> Result<Option<(u32, &'a str)>> {
        let Some(id) = self.metadata.u64(&format!("tokenizer.ggml.{key}")) else {
            return Ok(None);
        };
        let token = usize::try_from(id).ok().and_then(|id| self.tokens.get(id));
        match token {
            Some(token) => Ok(Some((id as u32, token))),
            None => Err(invalid(format!("\"{key}\" is {id}, beyond its tokens"))),
        }
    }

    fn flag(&self, key: &str, default: bool) -> bool {
        match self.metadata.0.get(&format!("tokenizer.ggml.{key}")) {
            Some(Value::Bool(flag)) => *flag,
            _ => default,
        }
    }

    /// As GPT-2 and most models since: bytes as characters, merged by rank.
    fn byte_level_bpe(&self) -> Result<tk::Tokenizer> {
        let name = self
            .metadata
            .string("tokenizer.ggml.pre")
            .unwrap_or(DEFAULT);
        let cut = Cut::named(name).ok_or_else(|| {
                Error::Unsupported(format!(
                    "the tokenizer in the GGUF file, which finds words as \"{name}\" does. Put the model's \
                     tokenizer.json beside it."
                ))
            })?;
        let merges = texts(self.metadata, "tokenizer.ggml.merges")?
            .into_iter()
            .map(|merge| match merge.split_once(' ') {
                Some((left, right)) => Ok((left.to_string(), right.to_string())),
                None => Err(invalid(format!("the merge \"{merge}\" is not two pieces"))),
            })
            .collect::<Result<Vec<_>>>()?;
        let pairs = merges
            .iter()
            .map(|(left, right)| (left.as_str(), right.as_str()));
        check_merges(self.tokens.iter().copied(), pairs).map_err(invalid)?;
        let model = BPE::builder()
            .vocab_and_merges(self.vocab(), merges)
            .ignore_merges(cut.ignore_merges)
            .build()
            .map_err(invalid)?;
        let mut tokenizer = tk::Tokenizer::new(model);
        let mut parts: Vec<PreTokenizerWrapper> = Vec::new();
        if cut.digits {
            parts.push(Digits::new(true).into());
        }
        for regex in cut.splits {
            let pattern = SplitPattern::Regex(regex.to_string());
            let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false);
            parts.push(split.map_err(invalid)?.into());
        }
        let prefix = self.flag("add_space_prefix", false);
        parts.push(ByteLevel::new(prefix, true, cut.splits.is_empty()).into());
        tokenizer
            .with_pre_tokenizer(Some(Sequence::new(parts)))
            .with_decoder(Some(ByteLevel::new(prefix, true, true)));
        add(&mut tokenizer, self.added())?;
        // Llama 3's files leave the flag out.
        self.frame(&mut tokenizer, cut.ignore_merges)?;
        Ok(tokenizer)
    }

    /// As SentencePiece does: blanks are part of words, written `▁`; what has no token is written in bytes. The file
    /// has scores instead of merges: of two neighbours, those that make the token with the higher score go first.
    fn sentence_piece_bpe(&self) -> Result<tk::Tokenizer> {
        let vocab = self.vocab();
        let merges = self.merges_by_score(&vocab)?;
        let unknown = self.named("unknown_token_id")?;
        let unknown = unknown.map_or("<unk>", |(_, token)| token);
        let model = BPE::builder()
            .vocab_and_merges(vocab, merges)
            .unk_token(unknown.to_string())
            .fuse_unk(true)
            .byte_fallback(true)
            .build()
            .map_err(invalid)?;
        let mut tokenizer = tk::Tokenizer::new(model);
        let prefix = self.flag("add_space_prefix", true);
        let replace: NormalizerWrapper = Replace::new(" ", BLANK.to_string())
            .map_err(invalid)?
            .into();
        let mut normalizers = vec![replace.clone()];
        if prefix {
            normalizers.insert(0, Prepend::new(BLANK.to_string()).into());
        }
        tokenizer
            .with_normalizer(Some(Normalizers::new(normalizers)))
            .map_err(invalid)?
            .with_decoder(Some(sentence_piece_decoder(prefix).map_err(invalid)?));
        // Tokens of users are looked for in the text with its blanks; themselves they have none in front.
        let mut added = AddedVocabulary::new();
        added
            .add_tokens(self.added(), tokenizer.get_model(), Some(&replace))
            .map_err(invalid)?;
        tokenizer.with_added_vocabulary(added);
        self.frame(&mut tokenizer, true)?;
        Ok(tokenizer)
    }

    /// The pairs of tokens that make another, those of the highest score first.
    fn merges_by_score(&self, vocab: &Vocab) -> Result<Vec<(String, String)>> {
        let scores: Vec<f64> = match self.metadata.0.get("tokenizer.ggml.scores") {
            Some(Value::Array(scores)) if scores.len() == self.tokens.len() => scores
                .iter()
                .map(|score| match score {
                    Value::Float(score) => *score,
                    _ => 0.0,
                })
                .collect(),
            _ => return Err(invalid("there is no score for each token")),
        };
        let mut merges = Vec::new();
        let tokens = self.tokens.iter().zip(&scores);
        for (token, &score) in tokens.filter(|(token, _)| token.len() <= MAX_MERGED) {
            for (at, _) in token.char_indices().skip(1) {
                let (left, right) = token.split_at(at);
                if let (Some(&l), Some(&r)) = (vocab.get(left), vocab.get(right)) {
                    merges.push((score, l, r));
                }
            }
        }
        merges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let token = |id: u32| self.tokens[id as usize].to_string();
        let spelled = merges.into_iter();
        Ok(spelled
            .map(|(_, left, right)| (token(left), token(right)))
            .collect())
    }

    /// As BERT: llama.cpp writes the pieces that begin a word with `▁` and takes the `##` from the others.
    fn word_piece(&self) -> Result<Engine> {
        let original = |id: usize| {
            let token = self.tokens[id];
            match token.strip_prefix(BLANK) {
                Some(first) => first.to_string(),
                None if self.is_ordinary(id) => format!("##{token}"),
                None => token.to_string(),
            }
        };
        let mut vocab = HashMap::new();
        for id in 0..self.tokens.len() {
            vocab.entry(original(id)).or_insert(id as u32);
        }
        let mut named = Vec::new();
        for (name, usual, keys) in [
            (
                "unk_token",
                "[UNK]",
                ["unknown_token_id", "unknown_token_id"],
            ),
            ("cls_token", "[CLS]", ["cls_token_id", "bos_token_id"]),
            ("sep_token", "[SEP]", ["seperator_token_id", "eos_token_id"]),
            ("mask_token", "[MASK]", ["mask_token_id", "mask_token_id"]),
        ] {
            let first = keys.iter().find_map(|key| self.named(key).transpose());
            if let (false, Some(token)) = (vocab.contains_key(usual), first.transpose()?) {
                let token = AddedToken::from(original(token.0 as usize), true);
                named.push((name.to_string(), token));
            }
        }
        let of_kind = |(id, kind): (usize, &i64)| {
            let is_added = [CONTROL, USER_DEFINED].contains(kind);
            is_added.then(|| Added {
                id: Some(id as u32),
                token: AddedToken::from(original(id), *kind == CONTROL),
            })
        };
        let added = self.kinds.iter().enumerate().filter_map(of_kind).collect();
        let config = TokenizerConfig::of(named, added);
        let source = "the vocabulary in the GGUF file";
        word_piece(vocab, self.casing(), &config, source)
    }

    /// Whether a token is a piece of text.
    fn is_ordinary(&self, id: usize) -> bool {
        let token = self.tokens[id].trim_start_matches(BLANK);
        let is_special = token.starts_with('[') && token.ends_with(']');
        let kind = self.kinds.get(id).copied().unwrap_or_default();
        !is_special && ![UNKNOWN, CONTROL, USER_DEFINED].contains(&kind)
    }

    /// As the file says. Where it does not, the vocabulary tells: a piece that lower-casing or taking the accents would
    /// change is one that no text would ever have. A few strays are no evidence.
    fn casing(&self) -> Casing {
        /// In a cased vocabulary more than one piece in so many has a capital.
        const STRAYS: usize = 200;
        let said = |key: &str| match self
            .metadata
            .0
            .get(&format!("tokenizer.ggml.normalizer.{key}"))
        {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        };
        let (lowercase, strip_accents) = (said("lowercase"), said("strip_accents"));
        let ordinary = (0..self.tokens.len()).filter(|&id| self.is_ordinary(id));
        let pieces: Vec<_> = ordinary.map(|id| self.tokens[id]).collect();
        let has = |lowercase: bool, accents: bool| {
            let changes = |token: &&&str| {
                let mut text = NormalizedString::from(**token);
                let normalizer = BertNormalizer::new(false, false, Some(accents), lowercase);
                normalizer.normalize(&mut text).is_ok() && text.get() != **token
            };
            pieces.iter().filter(changes).count() * STRAYS > pieces.len()
        };
        let lower = lowercase.unwrap_or_else(|| !has(true, false));
        let has_accents = lowercase.is_none() && lower && has(false, true);
        Casing {
            lowercase: lower,
            strip_accents: strip_accents.or(has_accents.then_some(false)),
            chinese_chars: true,
        }
    }

    /// Tokens that are found in a text before it is cut: control tokens and those of users.
    fn added(&self) -> Vec<AddedToken> {
        let kinds = self.tokens.iter().zip(&self.kinds);
        let added = kinds.filter(|(_, kind)| [UNKNOWN, CONTROL, USER_DEFINED].contains(*kind));
        let added = added.map(|(token, kind)| AddedToken::from(*token, *kind != USER_DEFINED));
        added.collect()
    }

    /// Puts the tokens around a text that the model expects there.
    fn frame(&self, tokenizer: &mut tk::Tokenizer, begins: bool) -> Result<()> {
        let token = |flag: &str, usual: bool, key: &str| {
            if !self.flag(flag, usual) {
                return Ok(None);
            }
            let named = self.named(key)?;
            Ok(named.map(|(id, token)| (id, token.to_string())))
        };
        let begin = token("add_bos_token", begins, "bos_token_id")?;
        let end = token("add_eos_token", false, "eos_token_id")?;
        frame(tokenizer, begin, end).map_err(invalid)
    }
}
