"""Distributions after transformers' logits processors, in the order generate() applies them."""

import torch
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from floats import f32s, write

OFF = dict(repetition_penalty=1.0, no_repeat_ngram_size=0, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0)
SETTINGS = [
    dict(),
    dict(temperature=0.7),
    dict(temperature=1.8),
    dict(top_k=1),
    dict(top_k=2),
    dict(top_k=5),
    dict(top_k=1000),
    dict(top_p=0.9),
    dict(top_p=0.5),
    dict(top_p=0.01),
    dict(min_p=0.05),
    dict(min_p=0.5),
    dict(min_p=1.0),
    dict(repetition_penalty=1.3),
    dict(repetition_penalty=0.8),
    dict(no_repeat_ngram_size=1),
    dict(no_repeat_ngram_size=2),
    dict(repetition_penalty=1.3, no_repeat_ngram_size=3, top_k=10),
    dict(temperature=0.8, top_k=12, top_p=0.9),
    dict(repetition_penalty=1.2, temperature=0.7, top_k=10, top_p=0.85, min_p=0.02),
    dict(repetition_penalty=1.5, temperature=1.5, top_k=30, top_p=0.95, min_p=0.1),
]


def vectors() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(301)
    return {
        "normal": torch.randn(40, generator=generator) * 2.5,
        "peaked": torch.cat([torch.tensor([14.0]), torch.randn(19, generator=generator)]),
        "flat": torch.randn(25, generator=generator) * 0.01,
        "wide": torch.randn(300, generator=generator) * 4 - 60,
    }


def distribution(logits: torch.Tensor, previous: list[int], settings: dict) -> torch.Tensor:
    full = {**OFF, **settings}
    chain = LogitsProcessorList()
    if full["repetition_penalty"] != 1.0:
        chain.append(RepetitionPenaltyLogitsProcessor(full["repetition_penalty"]))
    if full["no_repeat_ngram_size"]:
        chain.append(NoRepeatNGramLogitsProcessor(full["no_repeat_ngram_size"]))
    if full["temperature"] != 1.0:
        chain.append(TemperatureLogitsWarper(full["temperature"]))
    if full["top_k"]:
        chain.append(TopKLogitsWarper(full["top_k"]))
    if full["top_p"] < 1.0:
        chain.append(TopPLogitsWarper(full["top_p"]))
    if full["min_p"] > 0.0:
        chain.append(MinPLogitsWarper(full["min_p"]))
    return chain(torch.tensor([previous]), logits[None].clone())[0].softmax(-1)


def main() -> None:
    cases = []
    previous = [3, 7, 7, 0, 11, 3, 7]
    for name, logits in vectors().items():
        for settings in SETTINGS:
            kept = distribution(logits, previous, settings)
            entries = [(token, f32s(p)) for token, p in enumerate(kept.tolist()) if p > 0]
            if len(entries) > 60:  # enough to compare by; the rest follows from the sum
                entries = entries[:60]
            cases.append({"logits": name, "settings": {**OFF, **settings}, "kept": int((kept > 0).sum()), "entries": entries})
    write("sampling.json", {
        "about": "repetition_penalty, no_repeat_ngram_size, temperature, top_k, top_p, min_p, in this order, then softmax",
        "previous": previous,
        "logits": {name: f32s(logits) for name, logits in vectors().items()},
        "cases": cases,
    })


if __name__ == "__main__":
    main()
