"""The kinds of tokenizers that GGUF files hold, on small vocabularies: what `tokenizers` and SentencePiece make of
the awkward texts, beside the key-value pairs as llama.cpp's converters write them."""

import io
import json

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from floats import write
from texts import AWKWARD

# The expressions of Llama 3's and Qwen2's tokenizer.json.
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
SPECIAL = ["<|begin|>", "<|end|>"]
TEXTS = [text for text in AWKWARD] + ["<|begin|>said<|end|> and 1234567 times", "don't DON'T we'll"]
# What the vocabularies are trained on: the texts, some of them often.
CORPUS = [text for text in TEXTS for _ in range(1 + len(text) % 5)]


def byte_level(pre: str, pre_tokenizer, ignore_merges: bool) -> dict:
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=SPECIAL, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(CORPUS, trainer)
    vocab = sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return {
        "model": "gpt2", "pre": pre,
        "tokens": [token for token, _ in vocab],
        "kinds": [3 if token in SPECIAL else 1 for token, _ in vocab],
        "merges": [" ".join(merge) for merge in merges],
        "ids": [tokenizer.encode(text).ids for text in TEXTS],
    }


# What llama.cpp does where a file does not say: one after the other.
DEFAULT = [
    r"[\p{P}\$\+<=>\^~\|]+", r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)", r"\p{N}+", "[0-9][0-9][0-9]",
]


def with_regex(*expressions: str):
    return pre_tokenizers.Sequence([
        *[pre_tokenizers.Split(Regex(regex), behavior="isolated") for regex in expressions],
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])


BOT = ["<bot>", "two\u2581\u2581words", "\u2026"]
BOT_TEXTS = ["hello<bot>", "a <bot> b", "<bot>hi", "<bot>", " <bot>  <bot> ", "x two  words.", "so\u2026 <bot>\u2026", "two words", "", "said <bot>don't"]


def sentence_piece(user_defined: list[str] = [], texts: list[str] = TEXTS) -> dict:
    """As Llama's own was trained: BPE, bytes for what is unknown, blanks kept, a blank put in front."""
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text.replace("\n", " ") for text in CORPUS if text.strip()), model_writer=file,
        model_type="bpe", vocab_size=700, byte_fallback=True, split_digits=True, allow_whitespace_only_pieces=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, minloglevel=2,
        user_defined_symbols=user_defined,
    )
    model = sentencepiece.SentencePieceProcessor(model_proto=file.getvalue())
    ids = range(model.vocab_size())
    kind = lambda i: 2 if model.is_unknown(i) else 3 if model.is_control(i) else 6 if model.is_byte(i) else 4 if model.id_to_piece(i) in user_defined else 1
    return {
        "model": "llama", "pre": "default",
        # llama.cpp's converter writes blanks in the tokens of users.
        "tokens": [model.id_to_piece(i).replace("\u2581", " ") if kind(i) == 4 else model.id_to_piece(i) for i in ids],
        "kinds": [kind(i) for i in ids],
        "scores": [model.get_score(i) for i in ids],
        # NUL ends a text for SentencePiece; an empty text has no blank put in front.
        "texts": [text for text in texts if "\0" not in text],
        "ids": [model.encode(text) for text in texts if "\0" not in text],
    }


def main() -> None:
    level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    write("gguf-tokenizer.json", {
        "about": "Key-value pairs of GGUF tokenizers, and the ids of `texts`.",
        "texts": TEXTS,
        "cases": [
            byte_level("gpt-2", level, False),
            byte_level("smollm", pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), level]), False),
            byte_level("llama-bpe", with_regex(LLAMA3), True),
            byte_level("qwen2", with_regex(QWEN2), False),
            sentence_piece(),
            byte_level("default", with_regex(*DEFAULT), False),
            sentence_piece(BOT, BOT_TEXTS),
        ],
    })


if __name__ == "__main__":
    main()
