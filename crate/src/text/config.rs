//! What stands beside a vocabulary: `tokenizer_config.json`, and in older folders `special_tokens_map.json` and
//! `added_tokens.json`. Read as `transformers` 5 reads them.

use std::collections::HashSet;

use serde_json::{Map, Value};
use tokenizers::AddedToken;

use crate::error::{Error, Result};

/// How BERT's tokenizer sees letters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Casing {
    pub lowercase: bool,
    /// As `lowercase` where it is not said.
    pub strip_accents: Option<bool>,
    pub chinese_chars: bool,
}

/// A token of which a file says that it was added to the vocabulary.
#[derive(Debug, Clone)]
pub(super) struct Added {
    /// Where it stands; behind all others if no file says.
    pub id: Option<u32>,
    pub token: AddedToken,
}

/// The tokens that have names, in the order in which missing ones are added.
const NAMED: [&str; 7] = [
    "bos_token",
    "eos_token",
    "unk_token",
    "sep_token",
    "pad_token",
    "cls_token",
    "mask_token",
];

/// Special tokens without a name: how the list is called, and was called.
const LIST: &str = "extra_special_tokens";
const OLD_LIST: &str = "additional_special_tokens";

/// What the files say.
#[derive(Debug, Default)]
pub(super) struct TokenizerConfig {
    fields: Map<String, Value>,
    class: Option<String>,
    named: Vec<(String, AddedToken)>,
    /// In the order of their ids, then those without one.
    pub added: Vec<Added>,
}

impl TokenizerConfig {
    /// From the contents of `tokenizer_config.json`, the two older files, and the model's `config.json`.
    pub fn read(
        tokenizer_config: Option<&[u8]>,
        special_tokens_map: Option<&[u8]>,
        added_tokens: Option<&[u8]>,
        config: Option<&[u8]>,
    ) -> Result<Self> {
        let mut fields = object("tokenizer_config.json", tokenizer_config)?;
        let class = class(&fields, config);
        let has_list = fields.get(LIST).is_some_and(|list| !list.is_null());
        if let (false, Some(list)) = (has_list, fields.remove(OLD_LIST)) {
            fields.insert(LIST.into(), list);
        }
        let listed = match fields.remove("added_tokens_decoder") {
            None | Some(Value::Null) => None,
            Some(Value::Object(tokens)) => Some(tokens),
            Some(_) => return Err(wrong("added_tokens_decoder", "an object")),
        };
        let mut added = Vec::new();
        let mut behind = Map::new();
        // A config with this list was written with all that older versions spread over three files.
        if let Some(tokens) = listed {
            for (id, token) in &tokens {
                let id = id.parse().ok();
                let token = added_token("added_tokens_decoder", token, false)?;
                if let (None, _) | (_, None) = (id, &token) {
                    return Err(wrong("added_tokens_decoder", "tokens by their ids"));
                }
                added.extend(token.map(|token| Added { id, token }));
            }
        } else {
            let map = object("special_tokens_map.json", special_tokens_map)?;
            fields.extend(map.into_iter().filter(|(_, value)| !value.is_null()));
            behind = object("added_tokens.json", added_tokens)?;
        }
        let named = named(&fields)?;
        // Not those that the map lists by the old name, as in `transformers`.
        let not_old = named.iter().filter(|(name, _)| name != OLD_LIST);
        let special: HashSet<&str> = not_old.map(|(_, token)| &*token.content).collect();
        for (content, id) in behind {
            let id = id.as_u64().and_then(|id| u32::try_from(id).ok());
            let id = Some(id.ok_or_else(|| wrong("added_tokens.json", "an id for each token"))?);
            let special = special.contains(content.as_str());
            let token = AddedToken::from(content, special);
            added.push(Added { id, token });
        }
        added.sort_by_key(|added| added.id);
        Ok(Self {
            fields,
            class,
            named,
            added,
        })
    }

    /// Of a tokenizer whose file says all of it itself: its special tokens by their names, and those added.
    pub fn of(named: Vec<(String, AddedToken)>, added: Vec<Added>) -> Self {
        Self {
            named,
            added,
            ..Self::default()
        }
    }

    /// A switch; `None` where it is not said.
    pub fn flag(&self, key: &str) -> Result<Option<bool>> {
        match self.fields.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(wrong(key, "true or false")),
        }
    }

    /// A field as `tokenizer_config.json` has it.
    pub fn field(&self, key: &str) -> Option<&Value> {
        self.fields.get(key)
    }

    /// The names and spellings of the tokens that every model may have.
    pub fn spelled_names(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = self
            .named
            .iter()
            .filter(|(name, _)| NAMED.contains(&name.as_str()));
        known.map(|(name, token)| (name.as_str(), token.content.as_str()))
    }

    /// The token of a name such as `cls_token`.
    pub fn token(&self, name: &str) -> Option<&AddedToken> {
        let mut named = self.named.iter();
        named.find(|(key, _)| key == name).map(|(_, token)| token)
    }

    /// The spelling of the token of a name; `usual` where none is said.
    pub fn spelled<'a>(&'a self, name: &str, usual: &'a str) -> &'a str {
        self.token(name).map_or(usual, |token| &token.content)
    }

    /// All tokens that have a name, in the order in which they are added.
    pub fn named(&self) -> impl Iterator<Item = &AddedToken> {
        self.named.iter().map(|(_, token)| token)
    }

    /// The tokenizer's class as it is called in `transformers`, without `Fast`.
    pub fn class(&self) -> Option<&str> {
        self.class.as_deref()
    }

    /// Whether `tokenizer_config.json` itself says the class.
    pub fn says_class(&self) -> bool {
        self.fields
            .get("tokenizer_class")
            .is_some_and(Value::is_string)
    }

    /// Whether the tokenizer may be one of `classes`: it is, or nothing says what it is.
    pub fn may_be(&self, classes: &[&str]) -> bool {
        self.class().is_none_or(|class| classes.contains(&class))
    }

    /// The casing, if anything is said of it: then `transformers` takes all of it from here.
    pub fn casing(&self) -> Result<Option<Casing>> {
        let [lowercase, strip_accents, chinese_chars] =
            ["do_lower_case", "strip_accents", "tokenize_chinese_chars"].map(|key| self.flag(key));
        let (lowercase, strip_accents, chinese_chars) =
            (lowercase?, strip_accents?, chinese_chars?);
        let is_said = lowercase.or(strip_accents).or(chinese_chars).is_some();
        Ok(is_said.then(|| Casing {
            lowercase: lowercase.unwrap_or(true),
            strip_accents,
            chinese_chars: chinese_chars.unwrap_or(true),
        }))
    }
}

impl Default for Casing {
    /// Of `BertTokenizer`.
    fn default() -> Self {
        Self {
            lowercase: true,
            strip_accents: None,
            chinese_chars: true,
        }
    }
}

fn wrong(key: &str, wanted: &str) -> Error {
    Error::InvalidTokenizer(format!("\"{key}\" is not {wanted}"))
}

/// The fields of a file; none if it is not there.
fn object(name: &str, bytes: Option<&[u8]>) -> Result<Map<String, Value>> {
    let bytes = bytes.unwrap_or(b"{}");
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes)
        .map_err(|error| Error::InvalidTokenizer(format!("{name}: {error}")))
}

/// The class: as the tokenizer's config says, else as the model's does, else that of the model's type.
fn class(fields: &Map<String, Value>, config: Option<&[u8]>) -> Option<String> {
    // What is wrong with `config.json` is not said here.
    let model = object("config.json", config).unwrap_or_default();
    let named =
        |fields: &Map<String, Value>| fields.get("tokenizer_class")?.as_str().map(str::to_string);
    let of_type = || {
        let class = match model.get("model_type")?.as_str()? {
            "bert" | "distilbert" => "BertTokenizer",
            "roberta" => "RobertaTokenizer",
            "albert" => "AlbertTokenizer",
            "gpt2" => "GPT2Tokenizer",
            "openai-gpt" => "OpenAIGPTTokenizer",
            _ => "TokenizersBackend",
        };
        Some(class.to_string())
    };
    let class = named(fields).or_else(|| named(&model)).or_else(of_type)?;
    Some(class.strip_suffix("Fast").unwrap_or(&class).to_string())
}

/// The special tokens by their names, then those without one.
fn named(fields: &Map<String, Value>) -> Result<Vec<(String, AddedToken)>> {
    let mut named = Vec::new();
    for key in NAMED {
        if let Some(token) = fields.get(key) {
            named.extend(added_token(key, token, true)?.map(|token| (key.into(), token)));
        }
    }
    // Names that a model has for itself, such as `image_token`.
    for (key, token) in fields {
        if key.ends_with("_token") && !NAMED.contains(&key.as_str()) && token.is_string() {
            named.extend(added_token(key, token, true)?.map(|token| (key.clone(), token)));
        }
    }
    for key in [LIST, OLD_LIST] {
        let tokens: Vec<&Value> = match fields.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(tokens)) => tokens.iter().collect(),
            Some(Value::Object(tokens)) => tokens.values().collect(),
            Some(_) => return Err(wrong(key, "a list of tokens")),
        };
        for token in tokens {
            named.extend(added_token(key, token, true)?.map(|token| (key.into(), token)));
        }
    }
    Ok(named)
}

/// A token as these files write it: its spelling, or an object with settings. Named ones are special.
fn added_token(key: &str, value: &Value, special: bool) -> Result<Option<AddedToken>> {
    let fields = match value {
        Value::Null => return Ok(None),
        Value::String(content) => return Ok(Some(AddedToken::from(content.as_str(), true))),
        Value::Object(fields) => fields,
        _ => return Err(wrong(key, "a token")),
    };
    let Some(content) = fields.get("content").and_then(Value::as_str) else {
        return Err(wrong(key, "a token with \"content\""));
    };
    let flag = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(wrong(name, "true or false")),
    };
    let special = special || flag("special")?.unwrap_or(false);
    Ok(Some(
        AddedToken::from(content, special)
            .normalized(flag("normalized")?.unwrap_or(!special))
            .lstrip(flag("lstrip")?.unwrap_or(false))
            .rstrip(flag("rstrip")?.unwrap_or(false))
            .single_word(flag("single_word")?.unwrap_or(false)),
    ))
}
