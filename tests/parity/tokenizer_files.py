"""What stands beside a vocabulary (`tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`), as
`transformers` reads it: small folders of each kind, and what `AutoTokenizer` makes of some texts with them."""

import json
import logging
import tempfile
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.pre_tokenizers import ByteLevel
from transformers import AutoTokenizer

from floats import write

TEXTS = [
    "Hello world", "Berlin caf\u00e9 is open", "berlin cafe IS open.", " hello", "hello  [MASK] <mask> world", "play\u4e2d\u6587ing",
    "<bot>hello <bot> World<bot>", "[PAD] hello [PAD]", "<s>hello</s>", "hello <|endoftext|> h", "\u00c9ole hello [X1] [X2]", "",
]
PAIRS = [("Hello", "caf\u00e9 \U0001f600 is open")]

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] hello world Hello World berlin Berlin cafe caf\u00e9 is IS open play ##ing . \u4e2d \u6587 < > / bot ##bot s h ##e ##l ##o "
    "Ecole ecole \u00e9cole \u00c9ole eole ##\u4e2d ##\u6587 ##\u6587ing [ ] x ##1 ##2 | endo"
).split()


def wordpiece(**normalizer) -> dict:
    vocab = {token: number for number, token in enumerate(dict.fromkeys(WORDS))}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(**normalizer)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    return json.loads(tokenizer.to_str())


MERGES = ["h e", "l l", "he ll", "hell o", "\u0120 w", "o p", "e n", "op en"]


def byte_vocab(special: list[str]) -> dict:
    pieces = sorted(ByteLevel.alphabet()) + [merge.replace(" ", "") for merge in MERGES]
    return {token: number for number, token in enumerate([*special, *pieces])}


def byte_level(roberta: bool) -> dict:
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] if roberta else ["<|endoftext|>"]
    vocab = byte_vocab(special)
    tokenizer = Tokenizer(models.BPE(vocab, [tuple(merge.split(" ")) for merge in MERGES]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if roberta:
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), True, False)
    tokenizer.add_special_tokens([AddedToken(token, special=True, lstrip=token == "<mask>") for token in special])
    return json.loads(tokenizer.to_str())


def llama() -> dict:
    pieces = ["<unk>", "<s>", "</s>", *[f"<0x{byte:02X}>" for byte in range(256)], "\u2581", *"helowrdHWabcifnstpB.", "he", "ll", "hell", "hello", "\u2581hello", "\u2581w"]
    merges = [("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("\u2581", "hello"), ("\u2581", "w")]
    tokenizer = Tokenizer(models.BPE({piece: number for number, piece in enumerate(pieces)}, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return json.loads(tokenizer.to_str())


def text(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def case(about: str, files: dict) -> dict:
    files = {name: text(value) for name, value in files.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        tokenizer = AutoTokenizer.from_pretrained(folder)
    encoded = []
    for first, second in [*((one, None) for one in TEXTS), *PAIRS]:
        args = (first,) if second is None else (first, second)
        one = tokenizer(*args)
        ids = one["input_ids"]
        encoding = one.encodings[0]
        encoded.append({
            "text": first, **({} if second is None else {"pair": second}), "ids": ids,
            "sequences": encoding.sequence_ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True),
        })
    print(f"  {about}: {type(tokenizer).__name__} {len(tokenizer)}")
    return {"about": about, "files": files, "vocab_size": len(tokenizer), "cases": encoded}


def beside_tokenizer_json() -> list[dict]:
    bert = lambda json, config, model={"model_type": "bert"}: {"tokenizer.json": json, "config.json": model, "tokenizer_config.json": config}
    uncased, cased = wordpiece(lowercase=True), wordpiece(lowercase=False)
    cases = []
    for name, config in {
        "do_lower_case false": {"do_lower_case": False},
        "accents kept": {"do_lower_case": True, "strip_accents": False},
        "accents stripped alone": {"do_lower_case": False, "strip_accents": True},
        "chinese left": {"do_lower_case": True, "tokenize_chinese_chars": False},
        "null accents": {"do_lower_case": False, "strip_accents": None, "tokenize_chinese_chars": True},
    }.items():
        cases.append(case(f"bert, {name}", bert(uncased, {**config, "tokenizer_class": "BertTokenizer"})))
    cases += [
        case("bert, do_lower_case true over a cased file", bert(cased, {"do_lower_case": True, "tokenizer_class": "BertTokenizerFast"})),
        case("bert, class by the model's type", bert(uncased, {"do_lower_case": False})),
        case("distilbert", bert(uncased, {"do_lower_case": False, "tokenizer_class": "DistilBertTokenizer"}, {"model_type": "distilbert"})),
        case("a class that the config has no say in", bert(uncased, {"do_lower_case": False, "tokenizer_class": "PreTrainedTokenizerFast"})),
        case("bert, another normalizer", bert({**uncased, "normalizer": {"type": "Lowercase"}}, {"do_lower_case": False, "tokenizer_class": "BertTokenizer"})),
        case("bert, added tokens", bert(uncased, {"do_lower_case": True, "tokenizer_class": "BertTokenizer", "additional_special_tokens": ["<bot>", "[X1]"]})),
        case("bert, decoder of added tokens", bert(uncased, {"do_lower_case": True, "tokenizer_class": "BertTokenizer", "added_tokens_decoder": {
            str(len(set(WORDS))): {"content": "<bot>", "lstrip": False, "normalized": True, "rstrip": False, "single_word": False, "special": False},
            str(len(set(WORDS)) + 1): {"content": "[X1]", "lstrip": True, "normalized": False, "rstrip": True, "single_word": False, "special": True}}})),
    ]
    gpt = lambda config, json=byte_level(False), model="gpt2": {"tokenizer.json": json, "config.json": {"model_type": model}, "tokenizer_config.json": config}
    cases += [
        case("gpt2, blank in front", gpt({"add_prefix_space": True, "tokenizer_class": "GPT2Tokenizer"})),
        case("gpt2, blank in front, class by type", gpt({"add_prefix_space": True})),
        case("gpt2, a generic class", gpt({"add_prefix_space": True, "tokenizer_class": "PreTrainedTokenizerFast"})),
        case("gpt2, a pad", gpt({"pad_token": "[PAD]", "tokenizer_class": "GPT2Tokenizer"})),
        case("gpt2, add_bos_token has no say", gpt({"add_bos_token": True, "tokenizer_class": "GPT2Tokenizer"})),
        case("gpt2, older files", {**gpt({"tokenizer_class": "GPT2Tokenizer"}), "special_tokens_map.json": {"pad_token": {"content": "[PAD]", "lstrip": False}, "bos_token": "<|endoftext|>"},
                                   "added_tokens.json": {"[PAD]": 265}}),
        case("roberta, blank in front", gpt({"add_prefix_space": True, "tokenizer_class": "RobertaTokenizer"}, byte_level(True), "roberta")),
        case("roberta, no blank", gpt({"add_prefix_space": False, "tokenizer_class": "RobertaTokenizerFast"}, byte_level(True), "roberta")),
        case("llama, no blank in front", gpt({"add_prefix_space": False, "tokenizer_class": "LlamaTokenizer"}, llama(), "llama")),
        case("llama, not legacy", gpt({"legacy": False, "tokenizer_class": "LlamaTokenizer"}, llama(), "llama")),
        case("llama, legacy", gpt({"legacy": True, "add_prefix_space": True, "tokenizer_class": "LlamaTokenizerFast"}, llama(), "llama")),
    ]
    albert = json.loads((Path(__file__).parent / "fixtures/tokenizers/albert/tokenizer.json").read_text(encoding="utf-8"))
    for name, config in {
        "cased": {"do_lower_case": False}, "accents": {"do_lower_case": True, "keep_accents": True}, "as ever": {"do_lower_case": True, "keep_accents": False},
        "no blank": {"add_prefix_space": False, "do_lower_case": True},
    }.items():
        cases.append(case(f"albert, {name}", gpt({**config, "tokenizer_class": "AlbertTokenizer"}, albert, "albert")))
    return cases


def beside_vocab_txt() -> list[dict]:
    words = list(dict.fromkeys(WORDS))
    files = lambda more, words=words: {"vocab.txt": "\n".join(words) + "\n", "config.json": {"model_type": "bert"}, **more}
    count = len(words)
    other = [{"[PAD]": "<pad>", "[UNK]": "<unk>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}.get(word, word) for word in words if word not in "<>s/"]
    names = {"unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>"}
    token = lambda content, **more: {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, **more}
    return [
        case("vocab.txt, added_tokens.json", files({"added_tokens.json": {"<bot>": count, "[X1]": count + 1}})),
        case("vocab.txt, special ones among them", files({"added_tokens.json": {"<bot>": count, "[X1]": count + 1}, "special_tokens_map.json": {"additional_special_tokens": ["<bot>"]}})),
        case("vocab.txt, added_tokens_decoder", files({"tokenizer_config.json": {"do_lower_case": False, "added_tokens_decoder": {
            "0": token("[PAD]", special=True), str(count): token("<bot>", special=True), str(count + 1): token("[X1]", rstrip=True, special=False)}}})),
        case("vocab.txt, other names in the map", files({"special_tokens_map.json": names}, other)),
        case("vocab.txt, other names in the config", files({"tokenizer_config.json": {**names, "tokenizer_class": "BertTokenizer", "mask_token": {"__type": "AddedToken", **token("<mask>"), "lstrip": True}}}, other)),
        case("vocab.txt, extra tokens", files({"tokenizer_config.json": {"extra_special_tokens": ["<bot>"], "bos_token": "[X1]", "eos_token": "[X2]"}})),
        case("vocab.txt, cased", files({"tokenizer_config.json": {"do_lower_case": False}})),
    ]


def beside_vocab_json() -> list[dict]:
    gpt2, roberta = byte_vocab(["<|endoftext|>"]), byte_vocab(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    other = byte_vocab(["<cls>", "<p>", "<sep>", "<u>", "<m>"])
    files = lambda vocab, model, more: {"vocab.json": vocab, "merges.txt": "#version: 0.2\n" + "\n".join(MERGES) + "\n", "config.json": {"model_type": model}, **more}
    lstrip = {"content": "<mask>", "lstrip": True, "normalized": False, "rstrip": False, "single_word": False}
    return [
        case("vocab.json, added_tokens.json", files(gpt2, "gpt2", {"added_tokens.json": {"[PAD]": len(gpt2), "<bot>": len(gpt2) + 1}})),
        case("vocab.json, added_tokens_decoder", files(gpt2, "gpt2", {"tokenizer_config.json": {"pad_token": "[PAD]", "added_tokens_decoder": {str(len(gpt2)): {"content": "[PAD]", "special": True, "normalized": False}}}})),
        case("vocab.json, a pad", files(gpt2, "gpt2", {"special_tokens_map.json": {"pad_token": "[PAD]"}})),
        case("vocab.json, blank and begin", files(gpt2, "gpt2", {"tokenizer_config.json": {"add_prefix_space": True, "add_bos_token": True}})),
        case("vocab.json, begin and end", files(gpt2, "gpt2", {"tokenizer_config.json": {"add_bos_token": True, "add_eos_token": True, "bos_token": "<bot>"}, "added_tokens.json": {"<bot>": len(gpt2)}})),
        case("roberta, map", files(roberta, "roberta", {"special_tokens_map.json": {"mask_token": lstrip, "cls_token": "<s>"}})),
        case("roberta, blank", files(roberta, "roberta", {"tokenizer_config.json": {"add_prefix_space": True, "mask_token": {"__type": "AddedToken", **lstrip}}})),
        case("roberta, other names", files(other, "roberta", {"special_tokens_map.json": {"cls_token": "<cls>", "bos_token": "<cls>", "pad_token": "<p>", "sep_token": "<sep>", "eos_token": "<sep>", "unk_token": "<u>",
                                                                                         "mask_token": {**lstrip, "content": "<m>"}}})),
    ]


def main() -> None:
    logging.getLogger("transformers").setLevel(logging.ERROR)
    write("tokenization/files.json", {
        "about": "Folders of tokenizer files, and what transformers' AutoTokenizer makes of texts with them.",
        "folders": [*beside_tokenizer_json(), *beside_vocab_txt(), *beside_vocab_json()],
    })


if __name__ == "__main__":
    main()
