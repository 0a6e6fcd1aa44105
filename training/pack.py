#!/usr/bin/env python3
"""Packs what `on_gpu.sh` needs on a machine without a network: pack.py bert|gpt DIR [--megabytes 36]

The tokens of DIR go to training/gpu/, which git ignores, compressed; books are left out at random until they fit. The model
to start from is not packed: it is in models/. Beside it lies the package `gguf`, which reads it.
"""

import argparse
import importlib.util
import io
import lzma
import shutil
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import bert_data
import gpt_data

HERE = Path(__file__).parent


def compressed(arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return lzma.compress(file.getvalue(), preset=4)


def read_packed(file):
    return np.load(io.BytesIO(lzma.decompress(Path(file).read_bytes())))


def keep(arrays, wanted, flat, starts):
    """The documents for which `wanted` is true."""
    spans = [(arrays[starts][i], arrays[starts][i + 1]) for i in np.flatnonzero(wanted)]
    kept = dict(arrays) | {"source": arrays["source"][wanted]}
    kept[flat] = np.concatenate([arrays[flat][a:b] for a, b in spans])
    kept[starts] = np.concatenate([[0], np.cumsum([b - a for a, b in spans])])
    return kept


def keep_bert(arrays, wanted):
    """As `keep`, for sentences within documents."""
    lengths = np.diff(arrays["sentence_start"])
    by_document = dict(arrays) | {"lengths": lengths}
    kept = keep(by_document, wanted, "lengths", "document_start")
    tokens = arrays["sentence_start"][arrays["document_start"]]
    kept["ids"] = np.concatenate([arrays["ids"][tokens[i] : tokens[i + 1]] for i in np.flatnonzero(wanted)])
    kept["sentence_start"] = np.concatenate([[0], np.cumsum(kept.pop("lengths"))])
    return kept


def fit(arrays, size, keep):
    """All documents but some books: (packed bytes, share of the books)."""
    rng = np.random.default_rng(0)
    dice = rng.random(len(arrays["source"]))
    books = arrays["names"][arrays["source"]] == "books"
    share = 1.0
    while True:
        packed = compressed(arrays if share == 1 else keep(arrays, ~books | (dice < share)))
        if len(packed) <= size:
            return packed, share
        if share < 0.01:
            # A trial of the script: a part of everything.
            books, share = np.ones(len(dice), dtype=bool), 1.0
        share *= 0.95 * size / len(packed) if share == 1 else 0.8


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("model", choices=("bert", "gpt"))
    p.add_argument("data")
    p.add_argument("--megabytes", type=float, default=36)
    p.add_argument("--out", default=str(HERE / "gpu"))
    p.add_argument("--cache", default="training/cache")
    a = p.parse_args()
    out = Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(HERE.parent / "models" / a.model / "tokenizer.json"))
    if a.model == "bert":
        tokenizer.no_truncation()
        tokenizer.no_padding()
        load = lambda development: dict(np.load(bert_data.cached(a.data, tokenizer, a.cache, development)))
        keep_documents = keep_bert
    else:
        load = lambda development: dict(np.load(gpt_data.cached(a.data, tokenizer, a.cache, 200 if development else 5000, development)))
        keep_documents = lambda arrays, wanted: keep(arrays, wanted, "stream", "starts")
    (out / f"{a.model}-dev.npz.xz").write_bytes(compressed(load(True)))
    packed, share = fit(load(False), int(a.megabytes * 1e6), keep_documents)
    (out / f"{a.model}-train.npz.xz").write_bytes(packed)
    gguf = Path(importlib.util.find_spec("gguf").submodule_search_locations[0])
    shutil.copytree(gguf, out / "gguf", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "scripts"))
    print(f"{out}: {sum(f.stat().st_size for f in out.rglob('*') if f.is_file()) / 1e6:.1f} MB, {share:.0%} of the books")


if __name__ == "__main__":
    main()
