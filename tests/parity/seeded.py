"""Weights that need no file: each value follows from its tensor's name, its index and a seed.

crate/tests/core/support.rs has the same generator; fixtures carry a few values to prove it.

    state   = fnv1a64(name as UTF-8) XOR seed
    x       = splitmix64 of counter i: mix(state + (i + 1) * 0x9E3779B97F4A7C15)
    u       = (x >> 40) * 2^-24                 24 bits, exact in f32, in [0, 1)
    v       = (u - 0.5) * (2 * scale)           f32, uniform in [-scale, scale)
    value i = base + v                          base 1 for LayerNorm weights, else 0
"""

import math

import numpy as np
import torch

from floats import f32s


def fnv1a64(data: bytes) -> int:
    state = 0xCBF29CE484222325
    for byte in data:
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return state


def values(name: str, count: int, seed: int, scale: float, base: float) -> np.ndarray:
    """The first `count` values of tensor `name`, f32."""
    state = np.uint64(fnv1a64(name.encode()) ^ seed)
    with np.errstate(over="ignore"):  # arithmetic modulo 2^64 is what is meant
        z = state + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    u = (z >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)
    v = (u - np.float32(0.5)) * (np.float32(2) * np.float32(scale))
    return np.float32(base) + v if base else v


# Tied to another tensor or no parameter at all: not in the list, as in published checkpoints.
TIED = (
    "cls.predictions.decoder.weight", "cls.predictions.decoder.bias", "lm_head.weight",
    "lm_head.decoder.weight", "lm_head.decoder.bias", "vocab_projector.weight",
    "predictions.decoder.weight", "predictions.decoder.bias",
)
BUFFERS = (".attn.bias", ".attn.masked_bias", "position_ids")


# Layers whose outputs go through softmax or a non-linearity.
WIDE = ("query", "key", "q_lin", "k_lin", "c_attn", "intermediate", "c_fc", "lin1", "ffn.", "q_proj", "k_proj")


def std_of(name: str, shape: list[int], hidden: int) -> tuple[float, float]:
    """(standard deviation, base), large enough that softmax and GELU leave their linear range, that
    logits spread over several units, and that greedy continuations wander."""
    if "LayerNorm" in name or "layer_norm" in name or ".ln_" in name or name.endswith("norm.weight"):
        return (0.2, 1.0) if name.endswith("weight") else (0.1, 0.0)
    if name.endswith("bias"):
        return 0.15, 0.0
    if name.endswith(("wpe.weight", "positions_embed.weight")):
        return 0.6, 0.0
    if "embeddings" in name or name.endswith(("wte.weight", "tokens_embed.weight", "embed_tokens.weight")):
        return 2.5 / math.sqrt(hidden), 0.0
    # Conv1D (GPT-2) is [in, out], Linear is [out, in].
    conv1d = ".attn.c_" in name or ".mlp.c_" in name
    fan_in = shape[0] if conv1d else shape[1]
    gain = 1.4 if any(part in name for part in WIDE) else 1.0
    if conv1d and name.endswith("c_proj.weight"):
        gain = 1.6  # what the layers write outweighs the embedding of the token itself
    if name.endswith(("o_proj.weight", "down_proj.weight")):
        gain = 3.0  # the same; what comes out of SwiGLU is smaller
    if "seq_relationship" in name:
        gain = 2.0
    return gain / math.sqrt(fan_in), 0.0


def fill(model: torch.nn.Module, seed: int, hidden: int) -> list[dict]:
    """Gives `model` its seeded weights; returns the list of tensors for the fixture."""
    state = model.state_dict()
    tensors = []
    for name, tensor in state.items():
        untied = name == "lm_head.weight" and not model.config.tie_word_embeddings
        if (name in TIED and not untied) or name.endswith(BUFFERS):
            continue
        shape = list(tensor.shape)
        std, base = std_of(name, shape, hidden)
        scale = round(std * math.sqrt(3), 4)
        data = values(name, tensor.numel(), seed, scale, base)
        state[name].copy_(torch.from_numpy(data).reshape(shape))
        tensors.append({"name": name, "shape": shape, "scale": scale, "base": base})
    model.tie_weights()
    return tensors


def proof(tensors: list[dict], seed: int) -> list[dict]:
    """A few generated values, so that a test can tell a wrong generator from wrong arithmetic."""
    picked = [tensors[0], tensors[len(tensors) // 2], tensors[-1]]
    picked += [t for t in tensors if t["base"]][:1]
    return [{"name": t["name"], "first": f32s(values(t["name"], 3, seed, t["scale"], t["base"]))} for t in picked]
