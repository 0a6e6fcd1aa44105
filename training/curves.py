#!/usr/bin/env python3
"""Draws the curves of one or several runs (their log.jsonl, one after another) as a picture: curves.py OUT.svg RUN..."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "cloze"
from matplotlib import pyplot as plt

# Panels: title, and the keys of the log that belong in it with their labels.
PANELS = [
    ("Loss (nats a token)", {"loss": "training", "mlm_loss": "MLM, training", "dev_mlm_loss": "MLM, development", "modern_mlm_loss": "MLM, modern", "nsp_loss": "NSP, training"}),
    ("Accuracy", {"dev_mlm_top1": "MLM top-1", "dev_mlm_top5": "MLM top-5", "modern_mlm_top1": "MLM top-1, modern", "dev_nsp": "NSP"}),
    ("Bits", {"dev_bits_per_byte": "a byte of the books", "dev_summary_bits": "a token of the summaries"}),
    ("Learning rate", {"lr": "rate"}),
]


def read(folders):
    """Rows of all runs, the tokens of later ones counted on."""
    rows, before = [], 0
    for folder in folders:
        lines = [json.loads(line) for line in (Path(folder) / "log.jsonl").read_text().splitlines()]
        rows += [line | {"tokens": line["tokens"] + before} for line in lines]
        before = rows[-1]["tokens"] if rows else before
    return rows


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    rows = read(sys.argv[2:])
    panels = [(title, keys) for title, keys in PANELS if any(k in row for row in rows for k in keys)]
    figure, axes = plt.subplots(1, len(panels), figsize=(4.2 * len(panels), 3.2), constrained_layout=True)
    for axis, (title, keys) in zip([axes] if len(panels) == 1 else axes, panels):
        for key, label in keys.items():
            points = [(row["tokens"] / 1e6, row[key]) for row in rows if key in row]
            if points:
                axis.plot(*zip(*points), label=label, linewidth=1.2)
        axis.set(title=title, xlabel="million tokens")
        axis.spines[["top", "right"]].set_visible(False)
        if len(keys) > 1:
            axis.legend(frameon=False, fontsize=8)
    figure.savefig(sys.argv[1], metadata={"Date": None})


if __name__ == "__main__":
    main()
