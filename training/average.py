#!/usr/bin/env python3
"""The mean of several models' weights, as a folder: average.py OUT FOLDER [FOLDER ...], each FOLDER or SHARE*FOLDER.

Runs that went on from one another lie in one valley, and its middle generalises better than its edge (stochastic weight
averaging, Izmailov et al. 2018, arXiv:1803.05407; "model soups", Wortsman et al. 2022, arXiv:2203.05482).
"""

import json
import re
import sys
from pathlib import Path

from bert import Bert
from folders import load_weights, save_folder
from gpt import Gpt2

MODELS = {"bert": Bert, "gpt2": Gpt2}


def parse(argument):
    """(share, folder) of `0.3*folder` or `folder`, whose share is 1."""
    match = re.fullmatch(r"([0-9.]+)\*(.+)", argument)
    return (float(match[1]), match[2]) if match else (1.0, argument)


def average(folders):
    """(config, tokenizer.json, tensors) of the mean of [(share, folder)]."""
    total, mean = sum(share for share, _ in folders), {}
    first = None
    for share, folder in folders:
        family = json.loads((Path(folder) / "config.json").read_text())["model_type"]
        if family not in MODELS:
            raise SystemExit(f"{folder}: a {family}; what can be averaged here is {' or '.join(MODELS)}")
        config, tokenizer, weights = load_weights(folder, family, lambda c: MODELS[family](c).state_dict())
        shapes = {name: tensor.shape for name, tensor in weights.items()}
        if first is None:
            first = (config, tokenizer, shapes)
        if shapes != first[2] or Path(tokenizer).read_bytes() != Path(first[1]).read_bytes():
            raise SystemExit(f"{folder}: not the same architecture and vocabulary as {folders[0][1]}")
        for name, tensor in weights.items():
            mean[name] = mean.get(name, 0) + tensor * (share / total)
    return first[0], first[1], mean


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    config, tokenizer, weights = average([parse(argument) for argument in sys.argv[2:]])
    save_folder(sys.argv[1], config, tokenizer, weights)


if __name__ == "__main__":
    main()
