"""GPT-1: logits, hidden states, greedy continuations. transformers runs it without a cache, so there is none to compare."""

import torch
from transformers import OpenAIGPTConfig, OpenAIGPTLMHeadModel

import gpt2
import seeded
from floats import f32s, write

CASES = {
    "tiny": dict(
        about="Smallest complete model; sizes are multiples of 32, so every matrix can be quantised.",
        seed=531, vocab_size=96, n_embd=32, n_layer=2, n_head=4, n_positions=48, lengths=[11, 1],
    ),
    "odd": dict(
        about="Sizes that divide by nothing convenient, ReLU; the prompt and its continuation fill the context.",
        seed=532, vocab_size=97, n_embd=36, n_layer=3, n_head=3, n_positions=30, afn="relu", layer_norm_epsilon=1e-4,
        lengths=[14], inside=7,
    ),
}


def build(case: dict):
    """(model, config as written in the fixture, tensors)"""
    settings = {key: value for key, value in case.items() if key not in ("about", "seed", "lengths", "inside")}
    settings = {"afn": "gelu", "layer_norm_epsilon": 1e-5, **settings}
    model = OpenAIGPTLMHeadModel(OpenAIGPTConfig(**settings, attn_implementation="eager"))
    tensors = seeded.fill(model, case["seed"], settings["n_embd"])
    return model.eval(), {"architectures": ["OpenAIGPTLMHeadModel"], "model_type": "openai-gpt", **settings}, tensors


def rows(model, case: dict) -> list[dict]:
    generator = torch.Generator().manual_seed(case["seed"])
    out = []
    for length in case["lengths"]:
        ids = torch.randint(0, case["vocab_size"], (1, length), generator=generator)
        output = model(ids, output_hidden_states=True)
        positions, dims = list(range(length)), list(range(case["n_embd"]))
        out.append({
            "input_ids": ids[0].tolist(), "positions": positions, "dims": dims,
            "hidden_states": f32s(torch.stack(output.hidden_states)[:, 0]),
            "logit_positions": positions, "logits": f32s(output.logits[0]), "cached_logits": f32s(output.logits[0]),
            "greedy": gpt2.greedy(model, ids, 1.0), "greedy_penalty": gpt2.greedy(model, ids, gpt2.PENALTY),
        })
        assert 0.7 < output.logits.std().item() < 8, output.logits.std().item()
    return out


@torch.no_grad()
def main() -> None:
    for name, case in CASES.items():
        seed, config, tensors, (found, model) = gpt2.first_good(case, build, lambda model: (rows(model, case), model))
        write(f"openai-gpt/{name}.json", {
            "about": case["about"], "seed": seed, "config": config, "repetition_penalty": gpt2.PENALTY,
            "generator_check": seeded.proof(tensors, seed), "tensors": tensors, "rows": found,
            **gpt2.inside_of(model, case, found),
        })


if __name__ == "__main__":
    main()
