//! The tokenizer inside a GGUF file (`tokenizer.ggml.*`), which llama.cpp's converters write.

use std::collections::HashMap;

use tokenizers as tk;
use tokenizers::models::bpe::{Vocab, BPE};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::processors::template::{SpecialToken, TemplateProcessing, Tokens};
use tokenizers::{DecoderWrapper, NormalizerWrapper, PreTokenizerWrapper, SplitDelimiterBehavior};

use super::chat_template::ChatTemplate;
use super::files::{word_piece, Casing};
use super::refuse::check_merges;
use crate::error::{Error, Result};
use crate::gguf::{Metadata, Value};

/// The file's number for tokens that are no text, such as `<|im_end|>`.
const CONTROL: i64 = 3;
/// Tokens with spaces or the like in them, found before the text is cut.
const USER_DEFINED: i64 = 4;

/// How words are found before pieces are: by GPT-2's expression unless another is given.
struct Cut {
    /// Names in `tokenizer.ggml.pre`.
    names: &'static [&'static str],
    /// Each digit is a word.
    digits: bool,
    regex: Option<&'static str>,
    /// A word that is a token is taken whole, whatever the merges say.
    ignore_merges: bool,
}

/// Those of the models that are small enough to run here. The expressions are the tokenizers' own.
const CUTS: [Cut; 4] = [
    Cut {
        names: &[
            "gpt-2",
            "gpt2",
            "phi-2",
            "olmo",
            "mpt",
            "roberta-bpe",
            "jina-v2-de",
            "jina-v2-es",
            "jina-v2-code",
        ],
        digits: false,
        regex: None,
        ignore_merges: false,
    },
    Cut {
        names: &["smollm", "starcoder", "refact", "command-r", "codeshell"],
        digits: true,
        regex: None,
        ignore_merges: false,
    },
    Cut {
        names: &["llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral"],
        digits: false,
        regex: Some(
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ),
        ignore_merges: true,
    },
    Cut {
        names: &["qwen2", "deepseek-r1-qwen", "megrez"],
        digits: false,
        regex: Some(
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ),
        ignore_merges: false,
    },
];

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
pub(super) fn build(metadata: &Metadata) -> Result<tk::Tokenizer> {
    let entries = Entries::read(metadata)?;
    match metadata.string("tokenizer.ggml.model") {
        Some("gpt2") => entries.byte_level_bpe(),
        Some("bert") => entries.word_piece(),
        Some("llama") => entries.sentence_piece_bpe(),
        Some(other) => Err(Error::Unsupported(format!(
            "the tokenizer in the GGUF file, of kind \"{other}\". Put the model's tokenizer.json beside it."
        ))),
        None => Err(Error::InvalidTokenizer(
            "there are no tokenizer files, and the GGUF file holds none. Put the model's tokenizer.json beside it."
                .into(),
        )),
    }
}

/// The chat templates in the file, if there are any: one, and others by their names.
pub(super) fn chat_template(metadata: &Metadata) -> Option<ChatTemplate> {
    let source = metadata.string("tokenizer.chat_template")?;
    let entries = Entries::read(metadata).ok();
    let token = |(name, key)| {
        let (_, token) = entries.as_ref()?.named(key).ok()??;
        Some((name, token))
    };
    let tokens = [
        ("bos_token", "bos_token_id"),
        ("eos_token", "eos_token_id"),
        ("unk_token", "unknown_token_id"),
        ("pad_token", "padding_token_id"),
    ];
    let tokens: Vec<(&str, &str)> = tokens.into_iter().filter_map(token).collect();
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
        // Files from before the key was there are GPT-2's.
        let name = self
            .metadata
            .string("tokenizer.ggml.pre")
            .unwrap_or("gpt-2");
        let cut = CUTS
            .iter()
            .find(|cut| cut.names.contains(&name))
            .ok_or_else(|| {
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
        if let Some(regex) = cut.regex {
            let pattern = SplitPattern::Regex(regex.into());
            let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false);
            parts.push(split.map_err(invalid)?.into());
        }
        let prefix = self.flag("add_space_prefix", false);
        parts.push(ByteLevel::new(prefix, true, cut.regex.is_none()).into());
        tokenizer
            .with_pre_tokenizer(Some(Sequence::new(parts)))
            .with_decoder(Some(ByteLevel::new(prefix, true, true)));
        self.add_special(&mut tokenizer)?;
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
        let replace =
            tk::normalizers::replace::Replace::new(" ", BLANK.to_string()).map_err(invalid)?;
        let mut normalizers: Vec<NormalizerWrapper> = Vec::new();
        if self.flag("add_space_prefix", true) {
            normalizers.push(tk::normalizers::Prepend::new(BLANK.to_string()).into());
        }
        normalizers.push(replace.into());
        tokenizer
            .with_normalizer(Some(tk::normalizers::Sequence::new(normalizers)))
            .map_err(invalid)?;
        let blank =
            tk::normalizers::replace::Replace::new(BLANK.to_string(), " ").map_err(invalid)?;
        let decoders: Vec<DecoderWrapper> = vec![
            blank.into(),
            tk::decoders::byte_fallback::ByteFallback::new().into(),
            tk::decoders::fuse::Fuse::new().into(),
            tk::decoders::strip::Strip::new(' ', 1, 0).into(),
        ];
        tokenizer.with_decoder(Some(tk::decoders::sequence::Sequence::new(decoders)));
        self.add_special(&mut tokenizer)?;
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
    fn word_piece(&self) -> Result<tk::Tokenizer> {
        let original = |token: &str| match token.strip_prefix(BLANK) {
            Some(first) => first.to_string(),
            None if token.starts_with('[') && token.ends_with(']') => token.to_string(),
            None => format!("##{token}"),
        };
        let mut vocab = HashMap::new();
        for (id, token) in (0u32..).zip(&self.tokens) {
            vocab.entry(original(token)).or_insert(id);
        }
        // The file does not say; the vocabulary of a model that tells capitals apart has some.
        let special = |token: &str| token.starts_with('[') && token.ends_with(']');
        let cased = vocab
            .keys()
            .any(|token| !special(token) && token.chars().any(char::is_uppercase));
        let casing = Casing {
            do_lower_case: !cased,
            strip_accents: None,
            tokenize_chinese_chars: true,
        };
        word_piece(vocab, &casing, "the vocabulary in the GGUF file")
    }

    /// Control tokens and those of users, which are found in a text before it is cut.
    fn add_special(&self, tokenizer: &mut tk::Tokenizer) -> Result<()> {
        let of = |wanted: i64| {
            let kinds = self.tokens.iter().zip(&self.kinds);
            kinds
                .filter(move |(_, kind)| **kind == wanted)
                .map(move |(token, _)| tk::AddedToken::from(*token, wanted == CONTROL))
        };
        tokenizer
            .add_special_tokens(of(CONTROL))
            .and_then(|_| tokenizer.add_tokens(of(USER_DEFINED)))
            .map_err(invalid)?;
        Ok(())
    }

    /// Puts the tokens around a text that the model expects there.
    fn frame(&self, tokenizer: &mut tk::Tokenizer, begins: bool) -> Result<()> {
        let token = |flag: &str, usual: bool, key: &str| {
            if self.flag(flag, usual) {
                self.named(key)
            } else {
                Ok(None)
            }
        };
        let begin = token("add_bos_token", begins, "bos_token_id")?;
        let end = token("add_eos_token", false, "eos_token_id")?;
        if begin.is_none() && end.is_none() {
            return Ok(());
        }
        let mut special = Vec::new();
        let mut piece = |token: Option<(u32, &str)>, name: &str| -> Result<Option<String>> {
            let Some((id, token)) = token else {
                return Ok(None);
            };
            let known = SpecialToken::new(name.to_string(), vec![id], vec![token.to_string()]);
            special.push(known.map_err(invalid)?);
            Ok(Some(name.to_string()))
        };
        let (begin, end) = (piece(begin, "begin")?, piece(end, "end")?);
        let around = |texts: &[&str]| -> Vec<String> {
            let texts = texts.iter().map(|text| text.to_string());
            begin
                .clone()
                .into_iter()
                .chain(texts)
                .chain(end.clone())
                .collect()
        };
        let template = TemplateProcessing::builder()
            .try_single(around(&["$A"]))
            .and_then(|builder| builder.try_pair(around(&["$A", "$B:1"])))
            .map_err(invalid)?
            .special_tokens(Tokens::from(special))
            .build()
            .map_err(invalid)?;
        tokenizer.with_post_processor(Some(template));
        Ok(())
    }
}

/// SentencePiece's sign for a blank.
pub(super) const BLANK: char = '\u{2581}';
