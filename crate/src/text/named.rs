//! The special tokens by the names that every tokenizer may have: `cls_token`, `mask_token`.

use tokenizers as tk;

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
    /// Those that the files name and the vocabulary has; where they name none, how it is usually written.
    pub fn of(tokenizer: &tk::Tokenizer, said: Vec<(String, String)>) -> Self {
        let silent = said.is_empty();
        let vocabulary = tokenizer.get_added_vocabulary();
        let usual = USUAL.iter().flat_map(|(name, spellings)| {
            // A mask is looked for in any case: models are trained with one whose files do not name it.
            let is_mask = *name == "mask_token";
            let known = move |token: &&&str| is_mask || silent && vocabulary.is_special_token(token);
            spellings
                .iter()
                .filter(known)
                .map(|token| (name.to_string(), token.to_string()))
        });
        let mut named = Vec::<(String, u32, String)>::new();
        for (name, token) in said.into_iter().chain(usual) {
            let id = tokenizer.token_to_id(&token);
            if let Some(id) = id.filter(|_| named.iter().all(|(known, ..)| *known != name)) {
                named.push((name, id, token));
            }
        }
        Self(named)
    }

    /// Id and spelling of the token with a name.
    pub fn get(&self, name: &str) -> Option<(u32, String)> {
        let (_, id, token) = self.0.iter().find(|(known, ..)| known == name)?;
        Some((*id, token.clone()))
    }

    /// The names of a token.
    pub fn names(&self, id: u32) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(_, known, _)| *known == id);
        named.map(|(name, ..)| &**name)
    }
}
