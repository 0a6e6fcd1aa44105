"""How tokenizers cut words, step by step: the rules of the papers written down once more, apart from the core."""

import json
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer
from transformers import BertTokenizerFast, GPT2TokenizerFast

from floats import FIXTURES, f32s, write
from texts import AWKWARD

FOLDERS = FIXTURES / "tokenizers"
WORDS = ["umbrella", "raining", "unbelievable", "antidisestablishmentarianism", "caf\u00e9s", "the", "x", "a\u4e2d", "jumping", "capitals"]
# Those that hold no special token: where there is one, the crate cuts the text before it normalises it.
TEXTS = [text for text in AWKWARD if not any(sign in text for sign in ("[", "<"))]


def merged(word: list[str], ranks: dict[tuple[str, str], int]) -> list[dict]:
    """Of all neighbours those with the lowest rank, the first of equals, until none are left (Sennrich et al. 2016)."""
    steps = []
    while len(word) > 1:
        rank, at = min((ranks.get(pair, len(ranks)), at) for at, pair in enumerate(zip(word, word[1:])))
        if rank == len(ranks):
            break
        left, right = word[at], word[at + 1]
        word = word[:at] + [left + right] + word[at + 2 :]
        steps.append({"left": left, "right": right, "rank": rank, "at": at, "pieces_after": word})
    return steps


def byte_pairs(folder: str, symbols) -> list[dict]:
    lines = (FOLDERS / folder / "merges.txt").read_text(encoding="utf-8").splitlines()
    ranks = {tuple(line.split(" ")): rank for rank, line in enumerate(line for line in lines if line and not line.startswith("#version"))}
    vocabulary = json.loads((FOLDERS / folder / "vocab.json").read_text())
    words = [(word, symbols(word)) for word in WORDS]
    return [
        {"word": word, "symbols": cut, "merges": merged(cut, ranks)}
        for word, cut in words
        if all(symbol in vocabulary for symbol in cut)
    ]


def bytes_of(word: str) -> list[str]:
    """GPT-2's `bytes_to_unicode`."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    shifted = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) if byte in plain else chr(0x100 + shifted.index(byte)) for byte in word.encode()]


def longest_match(word: str, vocabulary: set[str]) -> list[dict]:
    """BERT's `WordpieceTokenizer`, with what it looks up on the way."""
    tried, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            tried.append({"piece": piece, "found": piece in vocabulary})
            if piece in vocabulary:
                break
        else:
            return tried
        start = end
    return tried


def best_cut(word: str, scores: dict[str, float]) -> tuple[float, list[str]]:
    """The best of all ways to cut `word`, by trying every first piece (Kudo 2018)."""
    unknown = min(scores.values()) - 10

    @cache
    def best(rest: str) -> tuple[float, tuple[str, ...]]:
        if not rest:
            return 0.0, ()
        ways = []
        for end in range(1, len(rest) + 1):
            piece = rest[:end]
            if piece in scores or end == 1:
                total, pieces = best(rest[end:])
                ways.append((scores.get(piece, unknown) + total, (piece, *pieces)))
        return max(ways)

    total, pieces = best(word)
    return total, list(pieces)


def unigram(file: Path, ascii: bool) -> list[dict]:
    """ALBERT's normaliser takes accents off: only words that it leaves as they are."""
    scores = {piece: score for piece, score in json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]}
    out = []
    for word in (word for word in WORDS if word.isascii() or not ascii):
        word = "\u2581" + word
        total, pieces = best_cut(word, scores)
        parts = {word[a:b] for a in range(len(word)) for b in range(a + 1, len(word) + 1)}
        out.append({"word": word, "total": f32s(total), "chosen": pieces, "known": sorted(part for part in parts if part in scores)})
    return out


def words_of(tokenizer: Tokenizer) -> list[dict]:
    """Texts after normalisation, and the words that pre-tokenization finds in them."""
    out = []
    for text in TEXTS:
        normalized = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
        words = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normalized)] if normalized else []
        out.append({"text": text, "normalized": normalized, "words": words})
    return out


def main(models: Path) -> None:
    wordpiece = BertTokenizerFast.from_pretrained(FOLDERS / "wordpiece-uncased")
    albert, shipped = FOLDERS / "albert/tokenizer.json", models / "unigram/tokenizer.json"
    write("steps.json", {
        "about": "Merges, look-ups and best cuts of words; normalised texts and their words.",
        "byte-level": byte_pairs("byte-level", bytes_of),
        "openai-gpt": byte_pairs("openai-gpt", lambda word: [*word[:-1], word[-1] + "</w>"]),
        "wordpiece": [{"word": word, "tried": longest_match(word, set(wordpiece.vocab))} for word in WORDS if word.isascii()],
        "albert": unigram(albert, True),
        "unigram": unigram(shipped, False),
        "words": {
            "wordpiece": words_of(wordpiece.backend_tokenizer),
            "byte-level": words_of(GPT2TokenizerFast.from_pretrained(FOLDERS / "byte-level").backend_tokenizer),
            "unigram": words_of(Tokenizer.from_file(str(shipped))),
        },
    })


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[2] / "models")
