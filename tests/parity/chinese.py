"""A small model in the form of bert-base-chinese: its vocabulary's layout, its config, the names in its weight file.

The vocabulary of 21,128 entries is made here, laid out as Google's: [PAD] at 0, [unused1] to [unused99], [UNK], [CLS], [SEP] and
[MASK] from 100 on, <S> and <T>; then single signs by code point (U+2028 among them, which is white space to many a reader of
lines), 7,321 Chinese characters from 671 on, wide forms and emoji; then pieces in small letters, mixed with `##` pieces; then `##`
before each single character again, the Chinese ones from 13,728 on. The file has no matrix for the output layer, or the tied one.
"""

import json
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, BertConfig, BertForPreTraining

import gpt2
import seeded
import tasks
from floats import FIXTURES, f32s, write
from tokenization import COMMON, encoded

VOCAB = FIXTURES / "tokenizers/chinese/vocab.txt"
SIGNS, CHINESE, PIECES, AGAIN, CHINESE_AGAIN, SIZE = 106, 671, 8105, 13317, 13728, 21128
CASE = dict(
    about="Tokens, fill-mask and next sentence in the form of bert-base-chinese, with tokenizers/chinese.",
    seed=2100, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, max_position_embeddings=48,
)
# As the published config.json, but for the sizes.
CONFIG = dict(
    architectures=["BertForMaskedLM"], attention_probs_dropout_prob=0.1, directionality="bidi", hidden_act="gelu", hidden_dropout_prob=0.1,
    initializer_range=0.02, layer_norm_eps=1e-12, model_type="bert", pad_token_id=0, pooler_fc_size=768, pooler_num_attention_heads=12,
    pooler_num_fc_layers=3, pooler_size_per_head=128, pooler_type="first_token_transform", type_vocab_size=2, vocab_size=SIZE,
)
TOKENIZER_CONFIG = {"do_lower_case": False, "tokenize_chinese_chars": True, "strip_accents": None, "model_max_length": 512, "tokenizer_class": "BertTokenizer"}
TEXTS = [
    "\u4e2d\u56fd\u7684\u9996\u90fd\u662f[MASK][MASK]\u3002",
    "\u4eca\u5929\u5929\u6c14\u5f88\u597d\uff0c\u6211\u4eec\u53bb\u516c\u56ed\u5427\uff01",
    "\u6211\u7528iPhone\u62cd\u4e8612\u5f20\u7167\u7247 \U0001f44d\U0001f602\U0001f9ca",
    "\u7e41\u9ad4\u4e2d\u6587\u8207\u7b80\u4f53\u4e2d\u6587\uff0c\u53c8\u8bf4\u201c\u5f15\u53f7\u201d\u2014\u2014\u2026\u2026",
    "the quick \u68d5\u8272 fox \u8df3\u8fc7 dogs",
    "\u7528caf\u00e9\u548cBERT\uff0c\uff21\uff11 \u3042\u308a\u304c\u3068\u3046 \ud55c\uad6d",
    "\u4e00\u2028\u4e8c\u3000\u4e09\n\u56db",
    "[UNK] \u9f98\u4dae \U00020000 [unused1][SEP]",
    "",
]
PAIRS = [("\u5916\u9762\u4e0b\u96e8\u4e86\u3002", "\u51fa\u95e8\u8981\u5e26\u4f1e\u3002"), ("\u5916\u9762\u4e0b\u96e8\u4e86\u3002", "\u732b\u6709\u80e1\u987b\u3002")]
MASKED = [
    "\u4e2d\u56fd\u7684\u9996\u90fd\u662f[MASK][MASK]\u3002",
    "\u6211\u7231\u5403[MASK]\u679c\uff0c\u4e0d\u7231\u559d[MASK][MASK]\u3002",
    "\u5c0f\u660e\u5728 the [MASK] \u91cc\u770b\u4e66",
]
TARGETS = ["\u5317", "\u4eac", "\u4e0a", "\u6d77"]


def characters(encoding: str) -> list[str]:
    """The Chinese characters of one of the old character sets, by code point."""
    def has(char: str) -> bool:
        try:
            return bool(char.encode(encoding))
        except UnicodeEncodeError:
            return False
    return [chr(code) for code in range(0x4E00, 0xA000) if has(chr(code))]


def vocabulary() -> list[str]:
    simple = characters("gb2312")
    rest = sorted(set(characters("big5")) - set(simple), key=lambda char: char.encode("big5"))
    chinese = sorted([*simple, *rest[: 7321 - len(simple)]])
    ranges = [(33, 65), (91, 127), (0xA1, 0x100), (0x3B1, 0x3CA), (0x430, 0x450), (0x2010, 0x2029), (0x2030, 0x2060), (0x2460, 0x2480), (0x2500, 0x2580), (0x3001, 0x3012), (0x3041, 0x30FF)]
    letters = lambda char: char.lower() == char and (char.isprintable() or char == "\u2028")
    signs = sorted({chr(code) for first, end in ranges for code in range(first, end) if letters(chr(code))})
    signs = [*signs[: CHINESE - SIGNS - 205], *signs[-205:]]
    wide = [chr(code) for code in (*range(0xFF01, 0xFF21), *range(0xFF3B, 0xFF5F), *range(0xFE30, 0xFE4F), *range(0xFF61, 0xFF81), *range(0xFFE3, 0xFFE6), 0x1F44D, 0x1F525, 0x1F602, 0x1F60E)]
    wide = sorted(wide)[-(PIECES - CHINESE - len(chinese)) :]
    singles = [*signs, *chinese, *wide]
    assert "\u2028" in signs and (len(signs), len(singles)) == (CHINESE - SIGNS, PIECES - SIGNS), (len(signs), len(singles))
    small = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    # Pieces that stand among the others are not named again behind them.
    sooner = len(signs) - (CHINESE_AGAIN - AGAIN) - 36
    early = [f"##{char}" for char in (*small, *"0123456789", *signs[-sooner:], *wide[: len(singles) - (SIZE - AGAIN) - 36 - sooner])]
    words = dict.fromkeys([*" ".join(COMMON).split(), "iphone", "##phone", "##ing", "##s", "www", "2017", "the"])
    numbers = [str(number) for number in range(10, 100)] + [str(number) for number in range(1900, 2100)]
    pairs = [a + b for a in small for b in small]
    threes = [f"##{pair}{char}" for pair in pairs for char in "aeiou"]
    pieces = list(dict.fromkeys([*early, *(word for word in words if len(word) > 1), *numbers, *pairs, *(f"##{pair}" for pair in pairs), *threes]))
    again = [f"##{char}" for char in singles if f"##{char}" not in early]
    special = ["[PAD]", *(f"[unused{number}]" for number in range(1, 100)), "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<S>", "<T>"]
    all_of_it = [*special, *singles, *pieces[: AGAIN - PIECES], *again]
    assert len(set(all_of_it)) == len(all_of_it) == SIZE and all_of_it[AGAIN] == "##!"
    assert all_of_it[CHINESE] == "\u4e00" and all_of_it[CHINESE_AGAIN] == "##\u4e00", (all_of_it[CHINESE], all_of_it.index("##\u4e00"))
    return all_of_it


def published(name: str) -> str:
    """A parameter's name in the published file, which comes from TensorFlow."""
    return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")


def build(case: dict):
    sizes = {key: value for key, value in case.items() if key not in ("about", "seed")}
    config = {**CONFIG, **sizes}
    model = BertForPreTraining(BertConfig(**config, attn_implementation="eager"))
    return model.eval(), config, seeded.fill(model, case["seed"], config["hidden_size"])


def read_back(model, config: dict, decoder: bool):
    """The model from a file with the published names, as transformers reads it."""
    state = {published(name): tensor.clone() for name, tensor in model.state_dict().items() if not name.endswith("position_ids")}
    matrix = state.pop("cls.predictions.decoder.weight")
    del state["cls.predictions.decoder.bias"]
    if decoder:
        state["cls.predictions.decoder.weight"] = matrix
    with tempfile.TemporaryDirectory() as folder:
        save_file(state, Path(folder) / "model.safetensors", {"format": "pt"})
        (Path(folder) / "config.json").write_text(json.dumps(config))
        read, report = BertForPreTraining.from_pretrained(folder, output_loading_info=True, attn_implementation="eager")
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    return sorted(state), read.eval()


def tokenizers():
    """From vocab.txt alone, and from tokenizer.json: the same tokenizer."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vocab.txt").write_text(VOCAB.read_text(encoding="utf-8"), encoding="utf-8")
        (Path(folder) / "config.json").write_text(json.dumps(CONFIG))
        (Path(folder) / "tokenizer_config.json").write_text(json.dumps(TOKENIZER_CONFIG))
        found.append(AutoTokenizer.from_pretrained(folder))
        found[0].save_pretrained(folder)
        (Path(folder) / "vocab.txt").unlink()
        found.append(AutoTokenizer.from_pretrained(folder))
    first, second = ([encoded(one.backend_tokenizer, text, None) for text in TEXTS] for one in found)
    assert first == second and len(found[0]) == len(found[1]) == SIZE
    return found[0]


def fill_mask(model, tokenizer) -> list[dict]:
    task = tasks.FillMask(model, tokenizer)
    cases = []
    for text in MASKED:
        ids = tokenizer(text)["input_ids"]
        probabilities = task.probabilities(ids)
        targets = tokenizer.convert_tokens_to_ids(TARGETS)
        cases.append({
            "text": text, "masks": task.independent(text), "targets": [f32s(probabilities[place, targets]) for place in task.masks(ids)],
            "joint": [task.joint(text, order) for order in ("left-to-right", "best-first")],
        })
    return cases


def next_sentence(model, tokenizer) -> list[dict]:
    out = []
    for a, b in PAIRS:
        batch = tokenizer(a, b, return_tensors="pt")
        out.append({"a": a, "b": b, "is_next": f32s(model(**batch).seq_relationship_logits[0].softmax(-1)[0])})
    return out


@torch.no_grad()
def main() -> None:
    if not VOCAB.exists():  # delete it to make it anew
        VOCAB.parent.mkdir(parents=True, exist_ok=True)
        VOCAB.write_text("\n".join(vocabulary()) + "\n", encoding="utf-8")
    tokenizer = tokenizers()
    seed, config, tensors, (masks, pairs) = gpt2.first_good(
        CASE, build, lambda model: (fill_mask(model, tokenizer), next_sentence(model, tokenizer))
    )
    model = build({**CASE, "seed": seed})[0]
    names, again = read_back(model, config, decoder=False)
    for other in (again, read_back(model, config, decoder=True)[1]):
        for ours, theirs in zip(next_sentence(other, tokenizer), pairs, strict=True):
            assert abs(ours["is_next"] - theirs["is_next"]) < 1e-6
        chosen = lambda cases: [[[word["token"] for word in mask] for mask in case["masks"]] for case in cases]
        assert chosen(fill_mask(other, tokenizer)) == chosen(masks)
    backend = json.loads(tokenizer.backend_tokenizer.to_str())
    # The words are those of vocab.txt.
    backend["model"]["vocab"] = {}
    write("chinese.json", {
        "about": CASE["about"], "seed": seed, "config": config, "tokenizer_config": TOKENIZER_CONFIG, "tokenizer": backend,
        "names": names, "generator_check": seeded.proof(tensors, seed), "tensors": tensors, "vocab_size": len(tokenizer),
        "cases": [encoded(tokenizer.backend_tokenizer, text, None) for text in TEXTS],
        "pairs": [encoded(tokenizer.backend_tokenizer, a, b) for a, b in PAIRS],
        "targets": TARGETS, "fill_mask": masks, "next_sentence": pairs,
    })


if __name__ == "__main__":
    main()
