"""Tokens, ids, offsets and decoded text from the Python `tokenizers` and `transformers`."""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers
from tokenizers.decoders import DecodeStream
from transformers import AlbertTokenizer, BertTokenizer, BertTokenizerFast, GPT2Tokenizer, GPT2TokenizerFast, OpenAIGPTTokenizer, RobertaTokenizer

from floats import FIXTURES, write
from seeded import fnv1a64
from texts import AWKWARD, PAIRS

FOLDERS = FIXTURES / "tokenizers"


def utf16(text: str, char_offset: int) -> int:
    return len(text[:char_offset].encode("utf-16-le")) // 2


def encoded(tokenizer: Tokenizer, text: str, pair: str | None, special: bool = True) -> dict:
    encoding = tokenizer.encode(text, pair, add_special_tokens=special)
    offsets, units = [], []
    for (start, end), sequence in zip(encoding.offsets, encoding.sequence_ids):
        source = pair if sequence == 1 else text
        known = sequence is not None
        offsets.append([start, end] if known else None)
        units.append([utf16(source, start), utf16(source, end)] if known else None)
    out = {
        "text": text,
        **({} if pair is None else {"pair": pair}),
        "ids": encoding.ids,
        "tokens": encoding.tokens,
        "offsets": offsets,
        # The same in JavaScript's units, left out where they agree.
        **({} if units == offsets else {"utf16": units}),
        "words": encoding.word_ids,
        "decoded": tokenizer.decode(encoding.ids, skip_special_tokens=True),
    }
    if pair is not None:
        out["type_ids"] = encoding.type_ids
    return out


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    """What a stream of this text's tokens shows after each token: nothing until a character is whole."""
    stream = DecodeStream(skip_special_tokens=True)
    return [stream.step(tokenizer, id) or "" for id in tokenizer.encode(text, add_special_tokens=False).ids]


def fixture(path: str, about: str, tokenizer: Tokenizer, pairs: bool, streamed: bool, source: Path | None = None) -> None:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    streams = []
    if streamed:
        for text in AWKWARD:
            if "\ufffd" in text or "<|endoftext|>" in text:
                continue  # a typed U+FFFD looks to DecodeStream like an unfinished character
            shown = tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids)
            streams.append({"text": text, **({} if shown == text else {"shown": shown}), "pieces": pieces(tokenizer, text)})
            assert "".join(streams[-1]["pieces"]) == shown, repr(text)
    write(path, {
        "about": about,
        # A test says at once when the tokenizer it reads is not the one this was made with.
        "source_fnv1a64": None if source is None else f"{fnv1a64(source.read_bytes()):016x}",
        "vocab_size": tokenizer.get_vocab_size(),
        "cases": [encoded(tokenizer, text, None) for text in AWKWARD],
        "pairs": [encoded(tokenizer, a, b) for a, b in PAIRS] if pairs else [],
        "streams": streams,
    })


def derive_word_piece(bert: Tokenizer) -> None:
    """Two small vocab.txt files cut out of the real vocabulary, the second one cased."""
    words: dict[str, None] = {}
    for text in AWKWARD + [part for pair in PAIRS for part in pair] + COMMON:
        for token in bert.encode(text, add_special_tokens=False).tokens:
            words[token] = None
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    ascii_signs = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    base = list(dict.fromkeys(
        ascii_signs + [f"##{letter}" for letter in letters] + [f"##{digit}" for digit in range(10)]
        # Some words stay out, so that there is something to cut up and something unknown.
        + [word for number, word in enumerate(w for w in words if w not in special) if number % 7 != 3]
    ))
    for folder, vocabulary, config in [
        ("wordpiece-uncased", special + base, {"do_lower_case": True, "tokenizer_class": "BertTokenizer"}),
        (
            "wordpiece-cased",
            list(dict.fromkeys(
                special + base + [letter.upper() for letter in letters] + [f"##{letter.upper()}" for letter in letters]
                + ["caf\u00e9", "\u00e9", "##\u00e9", "\u00fc", "##\u00fc", "##\u0301", "\u00c5"]
                + [word.capitalize() for word in base if word.isalpha() and word.isascii() and len(word) > 2][:80]
            )),
            {"do_lower_case": False, "tokenizer_class": "BertTokenizer"},
        ),
    ]:
        target = FOLDERS / folder
        target.mkdir(parents=True, exist_ok=True)
        (target / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
        (target / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")


def derive_byte_level(gpt: Path) -> None:
    """The first merges of a byte-level vocabulary, laid out as GPT-2's own files."""
    model = json.loads(gpt.read_text(encoding="utf-8"))["model"]
    merges = [merge if isinstance(merge, list) else merge.split(" ") for merge in model["merges"]][:220]
    by_id = sorted(model["vocab"], key=model["vocab"].get)
    single = [token for token in by_id if len(token) == 1][:256]
    tokens = list(dict.fromkeys(single + ["".join(merge) for merge in merges])) + ["<|endoftext|>"]
    target = FOLDERS / "byte-level"
    target.mkdir(parents=True, exist_ok=True)
    vocab = {token: number for number, token in enumerate(tokens)}
    (target / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=True) + "\n")
    lines = ["#version: 0.2"] + [" ".join(merge) for merge in merges]
    (target / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def derive_roberta() -> None:
    """The byte-level vocabulary with RoBERTa's special tokens where RoBERTa has them."""
    source = FOLDERS / "byte-level"
    pieces = [token for token in json.loads((source / "vocab.json").read_text()) if token != "<|endoftext|>"]
    target = FOLDERS / "roberta"
    target.mkdir()
    vocab = {token: number for number, token in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces, "<mask>"])}
    (target / "vocab.json").write_text(json.dumps(vocab) + "\n")
    (target / "merges.txt").write_text((source / "merges.txt").read_text(encoding="utf-8"), encoding="utf-8")
    (target / "tokenizer.json").write_text(roberta(target).backend_tokenizer.to_str() + "\n", encoding="utf-8")


def roberta(folder: Path) -> RobertaTokenizer:
    """With the mask that published files have: it takes the blank before it."""
    return RobertaTokenizer.from_pretrained(folder, mask_token=AddedToken("<mask>", lstrip=True, special=True))


def derive_openai_gpt() -> None:
    """Pieces of ordinary words that say where words end, laid out as GPT-1's own files."""
    target = FOLDERS / "openai-gpt"
    target.mkdir()
    trained = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    trained.normalizer = normalizers.BertNormalizer(lowercase=True)
    trained.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    # Twice, so that most words become one piece; some stay in several.
    texts = COMMON * 2 + [text for text in AWKWARD if text.isascii()]
    trained.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=420, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False))
    model = json.loads(trained.to_str())["model"]
    (target / "vocab.json").write_text(json.dumps(model["vocab"]) + "\n")
    merges = [" ".join(merge) for merge in model["merges"]]
    (target / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8")
    (target / "tokenizer.json").write_text(OpenAIGPTTokenizer.from_pretrained(target).backend_tokenizer.to_str() + "\n", encoding="utf-8")


def derive_albert() -> None:
    """A small SentencePiece model with a charsmap of its own, in the form of ALBERT's published tokenizer.json."""
    import io

    import sentencepiece
    from sentencepiece.sentencepiece_model_pb2 import ModelProto

    target = FOLDERS / "albert"
    target.mkdir()
    # Wide letters, a ligature, blanks of other kinds; what is not shown goes, one letter becomes two.
    rules = [(chr(0xFEE0 + code), chr(code)) for code in range(33, 127)] + [
        ("\ufb01", "fi"), ("\u00a0", " "), ("\u3000", " "), ("\u200b", ""), ("\ufeff", ""), ("\x7f", ""), ("\u00df", "ss"), ("\u2026", "..."),
    ]
    table = target / "rules.tsv"
    table.write_text("".join(f"{ord(a):X}\t{' '.join(f'{ord(c):X}' for c in b)}\n" for a, b in rules))
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*COMMON, *[text for text in AWKWARD if text.isascii()]] * 3), model_writer=model, vocab_size=200,
        normalization_rule_tsv=str(table), pad_id=0, unk_id=1, bos_id=2, eos_id=3, pad_piece="<pad>", unk_piece="<unk>", bos_piece="[CLS]",
        eos_piece="[SEP]", control_symbols=["[MASK]"], minloglevel=2,
    )
    table.unlink()
    proto = ModelProto.FromString(model.getvalue())
    tokenizer = AlbertTokenizer(
        vocab=[(piece.piece, piece.score) for piece in proto.pieces],
        _spm_precompiled_charsmap=proto.normalizer_spec.precompiled_charsmap, mask_token=AddedToken("[MASK]", lstrip=True, special=True),
    )
    (target / "tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str() + "\n", encoding="utf-8")


# Ordinary words for the small vocabularies, so that task tests read like sentences.
COMMON = [
    "the quick brown fox jumps over the lazy dog and runs away from the old house near the river",
    "paris is the capital of france , london of england , berlin of germany , rome of italy",
    "she said that he would go to the city with his mother and father in the morning",
    "it is raining today so take an umbrella when you leave ; the sun will shine again tomorrow",
]


def main(models: Path) -> None:
    bert_json, gpt_json, unigram_json = (models / f"{name}/tokenizer.json" for name in ("bert", "gpt", "unigram"))
    bert, gpt = Tokenizer.from_file(str(bert_json)), Tokenizer.from_file(str(gpt_json))
    if not FOLDERS.exists():  # delete the folder to cut them out anew
        derive_word_piece(bert)
        derive_byte_level(gpt_json)
    for folder, derive in [("roberta", derive_roberta), ("openai-gpt", derive_openai_gpt), ("albert", derive_albert)]:
        if not (FOLDERS / folder).exists():
            derive()
    fixture("tokenization/bert.json", "models/bert/tokenizer.json", bert, True, False, bert_json)
    fixture("tokenization/gpt.json", "models/gpt/tokenizer.json", gpt, False, True, gpt_json)
    fixture("tokenization/unigram.json", "models/unigram/tokenizer.json", Tokenizer.from_file(str(unigram_json)), True, False, unigram_json)
    for folder in ("wordpiece-uncased", "wordpiece-cased"):
        fast = BertTokenizerFast.from_pretrained(FOLDERS / folder)
        slow = BertTokenizer.from_pretrained(FOLDERS / folder)
        agree("BERT", folder, fast, slow)
        fixture(f"tokenization/{folder}.json", f"BertTokenizerFast from {folder}/vocab.txt", fast.backend_tokenizer, True, False)
    fast = GPT2TokenizerFast.from_pretrained(FOLDERS / "byte-level")
    agree("GPT-2", "byte-level", fast, GPT2Tokenizer.from_pretrained(FOLDERS / "byte-level"))
    fixture("tokenization/byte-level.json", "GPT2TokenizerFast from byte-level/vocab.json and merges.txt", fast.backend_tokenizer, False, True)
    fixture("tokenization/roberta.json", "RobertaTokenizer from roberta/vocab.json and merges.txt", roberta(FOLDERS / "roberta").backend_tokenizer, True, True)
    fast = OpenAIGPTTokenizer.from_pretrained(FOLDERS / "openai-gpt")
    fixture("tokenization/openai-gpt.json", "OpenAIGPTTokenizer from openai-gpt/vocab.json and merges.txt", fast.backend_tokenizer, False, True)
    source = FOLDERS / "albert/tokenizer.json"
    fixture("tokenization/albert.json", "albert/tokenizer.json", Tokenizer.from_file(str(source)), True, False, source)


def agree(kind: str, folder: str, fast, slow) -> None:
    """Two implementations of one tokenizer: where they differ is printed, not hidden."""
    for text in AWKWARD:
        if fast(text)["input_ids"] != slow(text)["input_ids"]:
            print(f"  {kind} {folder}: fast and slow differ on {ascii(text)}")


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
