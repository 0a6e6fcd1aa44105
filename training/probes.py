#!/usr/bin/env python3
"""The cloze probes of tests/evaluate on a BERT folder, in f32: probes.py FOLDER [--all]. What counts is `cargo xtask evaluate`."""

import json
import re
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

import bert_data
from bert import Bert
from folders import load_weights

PROBES = Path(__file__).parent.parent / "tests/evaluate/probes/cloze.json"


def read(file=PROBES):
    """(kind, text, answers) of every probe."""
    return [(kind, text, answers) for kind, rows in json.loads(Path(file).read_text()).items() for text, answers in rows.items()]


@torch.no_grad()
def measure(model, tokenizer, probes):
    """Shares of right words first and among five, of copied words, and of every probe (kind, text, place or None, copied, five words)."""
    device = next(model.parameters()).device
    rows = []
    for kind, text, answers in probes:
        ids = [bert_data.CLS, *tokenizer.encode(text, add_special_tokens=False).ids, bert_data.SEP]
        ids = torch.tensor([ids], device=device)
        positions = (ids == bert_data.MASK).nonzero()[None, :, 1]
        logits, _ = model(ids, torch.zeros_like(ids), torch.ones_like(ids, dtype=torch.bool), positions)
        words = [tokenizer.id_to_token(int(i)) for i in logits[0, 0].topk(5).indices]
        place = next((i for i, word in enumerate(words) if word in answers), None)
        rows.append((kind, text, place, place != 0 and words[0] in re.findall(r"\w+", text.lower()), words))
    share = lambda test: sum(map(test, rows)) / len(rows)
    return {
        "cloze_top1": share(lambda r: r[2] == 0),
        "cloze_top5": share(lambda r: r[2] is not None),
        "copying": share(lambda r: r[3]),
    }, rows


def main():
    folder = sys.argv[1]
    config, file, weights = load_weights(folder, "bert", lambda c: Bert(c).state_dict())
    model = Bert(config)
    model.load_state_dict(weights)
    shares, rows = measure(model, Tokenizer.from_file(str(file)), read())
    if "--all" in sys.argv:
        for _, text, place, copied, words in rows:
            print(f"{'-' if place is None else place + 1}{'c' if copied else ' '} {text:60} {', '.join(words)}")
    for kind in dict.fromkeys(row[0] for row in rows):
        of = [row for row in rows if row[0] == kind]
        print(f"{kind:14} first {sum(r[2] == 0 for r in of):3}  five {sum(r[2] is not None for r in of):3}  of {len(of):3}  copied {sum(r[3] for r in of)}")
    print(json.dumps(shares))


if __name__ == "__main__":
    main()
