//! How byte-level tokenizers in GGUF files find words, by the names that llama.cpp gives the rules.

/// How words are found before pieces are.
pub(super) struct Cut {
    /// Names in `tokenizer.ggml.pre`.
    names: &'static [&'static str],
    /// Each digit is a word.
    pub digits: bool,
    /// Expressions, each of which cuts what those before it left: GPT-2's if there are none.
    pub splits: &'static [&'static str],
    /// A word that is a token is taken whole, whatever the merges say.
    pub ignore_merges: bool,
}

/// Those of the models that are small enough to run here. The expressions are the tokenizers' own.
static CUTS: [Cut; 5] = [
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
        splits: &[],
        ignore_merges: false,
    },
    Cut {
        names: &["smollm", "starcoder", "refact", "command-r", "codeshell"],
        digits: true,
        splits: &[],
        ignore_merges: false,
    },
    Cut {
        names: &["llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral"],
        digits: false,
        splits: &[
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ],
        ignore_merges: true,
    },
    Cut {
        names: &["qwen2", "deepseek-r1-qwen", "megrez"],
        digits: false,
        splits: &[
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ],
        ignore_merges: false,
    },
    // llama.cpp's own, for files that do not say.
    Cut {
        names: &[DEFAULT],
        digits: false,
        splits: &[
            r"[\p{P}\$\+<=>\^~\|]+",
            r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)",
            r"\p{N}+",
            r"[0-9][0-9][0-9]",
        ],
        ignore_merges: false,
    },
];

/// The name of llama.cpp's own rule.
pub(super) const DEFAULT: &str = "default";

impl Cut {
    /// The rule of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        CUTS.iter().find(|cut| cut.names.contains(&name))
    }
}
