"""BERT: what transformers computes on seeded models, layer by layer up to both heads."""

import torch
from transformers import BertConfig, BertForMaskedLM, BertForPreTraining

import inside
import seeded
from floats import f32s, write

CASES = {
    "tiny": dict(
        about="Smallest complete model; sizes are multiples of 32, so every matrix can be quantised.",
        seed=101, vocab_size=120, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=24, hidden_act="gelu", lengths=[13, 9], attentions=True,
    ),
    "odd": dict(
        about="Sizes that divide by nothing convenient, GELU by tanh, a large epsilon.",
        seed=102, vocab_size=101, hidden_size=36, num_hidden_layers=3, num_attention_heads=3, intermediate_size=52,
        max_position_embeddings=19, hidden_act="gelu_new", layer_norm_eps=1e-5, lengths=[19, 1, 6], inside=7,
    ),
    "relu": dict(
        about="ReLU, one head, three segment types.",
        seed=103, vocab_size=70, hidden_size=32, num_hidden_layers=2, num_attention_heads=1, intermediate_size=96,
        max_position_embeddings=16, hidden_act="relu", type_vocab_size=3, lengths=[10],
    ),
    "base": dict(
        about="BERT-base's shape with 2 layers; 2,000 words instead of 30,522, because the vocabulary only "
        "repeats one dot product and would be most of the test's time.",
        seed=104, vocab_size=2000, hidden_size=768, num_hidden_layers=2, num_attention_heads=12,
        intermediate_size=3072, max_position_embeddings=128, hidden_act="gelu", lengths=[48, 17], sparse=True,
    ),
    "masked-lm": dict(
        about="BertForMaskedLM: no pooler, no next-sentence head.",
        seed=105, vocab_size=90, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=16, hidden_act="gelu", architecture="BertForMaskedLM", lengths=[8],
    ),
}


def build(case: dict):
    """(model, config as written in the fixture, tensors)"""
    own = ("about", "seed", "lengths", "sparse", "architecture", "attentions", "inside")
    settings = {key: value for key, value in case.items() if key not in own}
    settings = {"type_vocab_size": 2, "layer_norm_eps": 1e-12, **settings}
    architecture = case.get("architecture", "BertForPreTraining")
    config = BertConfig(**settings, attn_implementation="eager")
    model = {"BertForPreTraining": BertForPreTraining, "BertForMaskedLM": BertForMaskedLM}[architecture](config)
    tensors = seeded.fill(model, case["seed"], config.hidden_size)
    written = {"architectures": [architecture], "model_type": "bert", "pad_token_id": 0, **settings}
    return model.eval(), written, tensors


def inputs(case: dict) -> dict[str, torch.Tensor]:
    """One padded batch: random words, a second segment in each row that has room for one."""
    generator = torch.Generator().manual_seed(case["seed"])
    rows, width = len(case["lengths"]), max(case["lengths"])
    ids = torch.zeros(rows, width, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, length in enumerate(case["lengths"]):
        ids[row, :length] = torch.randint(1, case["vocab_size"], (length,), generator=generator)
        types[row, length // 2 : length] = 0 if length < 4 else 1
        mask[row, :length] = 1
    if case.get("type_vocab_size") == 3:
        types[0, -2:] = 2
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}


def observed(name: str, case: dict, batch: dict[str, torch.Tensor], hidden_states: tuple, logits: torch.Tensor) -> list[dict]:
    """What the fixture keeps of each text: hidden states of the layers and masked-word logits."""
    hidden = torch.stack(hidden_states)  # [layers + 1, batch, positions, hidden]
    sparse = case.get("sparse", False)
    rows = []
    for row, length in enumerate(case["lengths"]):
        # Of padding only what attention hides it for is promised, so real positions are kept.
        positions = [0, length // 2, length - 1] if sparse else list(range(length))
        dims = list(range(0, hidden.shape[-1], 37 if sparse else 1))
        masked = positions[1:2] if sparse else positions
        rows.append({
            "length": length,
            "input_ids": batch["input_ids"][row].tolist(),
            "token_type_ids": batch["token_type_ids"][row].tolist(),
            "attention_mask": batch["attention_mask"][row].tolist(),
            "positions": positions,
            "dims": dims,
            "hidden_states": f32s(hidden[:, row][:, positions][:, :, dims]),
            "mlm_positions": masked,
            "mlm_logits": f32s(logits[row, masked]),
            "pooler_output": None,
            "nsp_logits": None,
        })
    spread = logits[batch["attention_mask"].bool()].std().item()
    assert 0.7 < spread < 6, f"{name}: logits spread over {spread}"
    return rows


def inside_of(model, case: dict, batch: dict[str, torch.Tensor]) -> dict:
    """The entry `inside` of a fixture that has one: of the last so many tokens of the first text."""
    if "inside" not in case:
        return {}
    part = slice(case["lengths"][0] - case["inside"], case["lengths"][0])
    types = None if model.config.model_type == "distilbert" else batch["token_type_ids"][0, part]
    return {"inside": inside.looked_into(model, batch["input_ids"][0, part], types)}


@torch.no_grad()
def main() -> None:
    for name, case in CASES.items():
        model, config, tensors = build(case)
        batch = inputs(case)
        output = model(**batch, output_hidden_states=True, output_attentions=True)
        logits = output.logits if "MaskedLM" in config["architectures"][0] else output.prediction_logits
        pooled = model.bert(**batch).pooler_output
        rows = observed(name, case, batch, output.hidden_states, logits)
        for row in rows if pooled is not None else []:
            number = rows.index(row)
            row["pooler_output"] = f32s(pooled[number, row["dims"]])
            row["nsp_logits"] = f32s(output.seq_relationship_logits[number])
        for number, row in enumerate(rows if case.get("attentions") else []):
            row["attentions"] = f32s(torch.stack(output.attentions)[:, number])  # [layers, heads, queries, keys]
        write(f"bert/{name}.json", {
            "about": case["about"], "seed": case["seed"], "config": config,
            "generator_check": seeded.proof(tensors, case["seed"]), "tensors": tensors, "rows": rows, **inside_of(model, case, batch),
        })


if __name__ == "__main__":
    main()
