"""BERT's kin (DistilBERT, RoBERTa, ALBERT): what transformers computes on seeded models, layer by layer up to the head."""

import torch
from transformers import (
    AlbertConfig, AlbertForMaskedLM, DistilBertConfig, DistilBertForMaskedLM, RobertaConfig, RobertaForMaskedLM,
)

import bert
import seeded
from floats import write

KINDS = {
    "distilbert": (DistilBertConfig, DistilBertForMaskedLM),
    "roberta": (RobertaConfig, RobertaForMaskedLM),
    "albert": (AlbertConfig, AlbertForMaskedLM),
}
CASES = {
    "distilbert/tiny": dict(
        about="Smallest complete model; sizes are multiples of 32, so every matrix can be quantised.",
        seed=501, vocab_size=110, dim=32, n_layers=2, n_heads=4, hidden_dim=64, max_position_embeddings=24,
        lengths=[11, 7], inside=7,
    ),
    "distilbert/odd": dict(
        about="Sizes that divide by nothing convenient, ReLU, sinusoidal positions (kept in the file like any).",
        seed=502, vocab_size=91, dim=36, n_layers=1, n_heads=3, hidden_dim=52, max_position_embeddings=9,
        activation="relu", sinusoidal_pos_embds=True, lengths=[9],
    ),
    "roberta/tiny": dict(
        about="Smallest complete model: positions from 2 on, one segment; a <pad> in the midst of the second text.",
        seed=511, vocab_size=110, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=20, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, lengths=[18, 9], inside=7,
    ),
    "roberta/odd": dict(
        about="Another padding token, two segments, layers with ReLU (the head keeps GELU).",
        seed=512, vocab_size=91, hidden_size=36, num_hidden_layers=1, num_attention_heads=3, intermediate_size=52,
        max_position_embeddings=16, type_vocab_size=2, hidden_act="relu", pad_token_id=3, lengths=[12],
    ),
    "albert/tiny": dict(
        about="Smallest complete model; three blocks share one set of parameters.",
        seed=521, vocab_size=110, embedding_size=32, hidden_size=64, num_hidden_layers=3, num_attention_heads=4,
        intermediate_size=96, max_position_embeddings=24, lengths=[11, 7],
    ),
    "albert/groups": dict(
        about="Five blocks in two groups, sizes that divide by nothing convenient, exact GELU.",
        seed=522, vocab_size=91, embedding_size=20, hidden_size=36, num_hidden_layers=5, num_hidden_groups=2,
        num_attention_heads=3, intermediate_size=52, max_position_embeddings=16, hidden_act="gelu", lengths=[8], inside=7,
    ),
}


def build(kind: str, case: dict):
    """(model, config as written in the fixture, tensors)"""
    settings = {key: value for key, value in case.items() if key not in ("about", "seed", "lengths", "inside")}
    make_config, make_model = KINDS[kind]
    model = make_model(make_config(**settings, attn_implementation="eager"))
    tensors = seeded.fill(model, case["seed"], settings.get("embedding_size") or settings.get("dim") or settings["hidden_size"])
    return model.eval(), {"architectures": [make_model.__name__], "model_type": kind, **settings}, tensors


def inputs(kind: str, case: dict) -> dict[str, torch.Tensor]:
    """As for BERT; RoBERTa's padding is its own token, one of which is put among the words."""
    batch = bert.inputs(case)
    padding = case.get("pad_token_id", 0)
    batch["input_ids"][batch["input_ids"] == padding] = padding + 1
    batch["input_ids"][batch["attention_mask"] == 0] = padding
    if kind == "roberta":
        batch["input_ids"][-1, 4] = padding
    if kind == "distilbert" or case.get("type_vocab_size") == 1:
        batch["token_type_ids"].zero_()
    return batch


@torch.no_grad()
def main() -> None:
    for name, case in CASES.items():
        kind = name.split("/")[0]
        model, config, tensors = build(kind, case)
        batch = inputs(kind, case)
        read = {key: value for key, value in batch.items() if kind != "distilbert" or key != "token_type_ids"}
        output = model(**read, output_hidden_states=True)
        write(f"{name}.json", {
            "about": case["about"], "seed": case["seed"], "config": config,
            "generator_check": seeded.proof(tensors, case["seed"]), "tensors": tensors,
            "rows": bert.observed(name, case, batch, output.hidden_states, output.logits),
            **bert.inside_of(model, case, batch),
        })


if __name__ == "__main__":
    main()
