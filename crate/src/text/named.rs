//! The special tokens by the names that every tokenizer may have: `cls_token`, `mask_token`.

use super::engine::Engine;

/// How they are written where no file says so. BERT writes `[MASK]`, RoBERTa and its kin `<mask>`; in GPT-2 one token is
/// three.
const USUAL: [(&str, &[&str]); 7] = [
    ("bos_token", &["<s>", "<|endoftext|>"]),
    ("eos_token", &["</s>", "<|endoftext|>"]),
    ("unk_token", &["[UNK]", "<unk>", "<|endoftext|>"]),
    ("sep_token", &["[SEP]", "</s>"]),
    ("pad_token", &["[PAD]", "<pad>"]),
    ("cls_token", &["[CLS]", "<s>"]),
    ("mask_token", &["[MASK]", "<mask>"]),
];

/// Special tokens by their names.
pub(super) struct NamedTokens(Vec<(String, u32, String)>);

impl NamedTokens {
    /// Those that the files name and the vocabulary has; where they name none, how it is usually written. A mask is looked
    /// for in any case: models are trained with one whose files do not name it.
    pub fn of(engine: &Engine, said: &[(String, String)]) -> Self {
        let mut named = Self(Vec::new());
        for (name, token) in said {
            named.add(engine, name, token);
        }
        for (name, spellings) in USUAL {
            for token in spellings {
                let is_special = said.is_empty() && engine.is_special(token);
                if is_special || name == "mask_token" {
                    named.add(engine, name, token);
                }
            }
        }
        named
    }

    /// Unless the name has one, or the vocabulary has not the token.
    fn add(&mut self, engine: &Engine, name: &str, token: &str) {
        let id = engine.token_to_id(token);
        if let Some(id) = id.filter(|_| self.get(name).is_none()) {
            self.0.push((name.into(), id, token.into()));
        }
    }

    /// Id and spelling of the token with a name.
    pub fn get(&self, name: &str) -> Option<(u32, &str)> {
        let (_, id, token) = self.0.iter().find(|(known, ..)| known == name)?;
        Some((*id, token))
    }
}
