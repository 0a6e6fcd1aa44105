"""GPT2LMHeadModel as in Hugging Face's checkpoints (same tensor names): Radford et al. 2019, input and output embedding tied."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def attention(q, k, v):
    """Causal softmax attention in plain operations: on a CPU the backward pass of PyTorch's fused one takes five times as long."""
    if q.device.type == "cuda":
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    seen = torch.ones(q.size(-2), q.size(-2), dtype=torch.bool).tril()
    scores = (q * q.size(-1) ** -0.5) @ k.transpose(-2, -1)
    return scores.masked_fill(~seen, float("-inf")).softmax(-1).to(v.dtype) @ v


class Conv1D(nn.Module):
    """A linear layer whose weight lies as [in, out], as GPT-2's checkpoints have it."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x):
        return F.linear(x, self.weight.T, self.bias)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, eps = c["n_embd"], c["layer_norm_epsilon"]
        self.heads = c["n_head"]
        # Set by who trains; the checkpoints' configs have none.
        self.dropout = 0.0
        self.ln_1, self.ln_2 = nn.LayerNorm(d, eps), nn.LayerNorm(d, eps)
        self.attn = nn.ModuleDict({"c_attn": Conv1D(d, 3 * d), "c_proj": Conv1D(d, d)})
        self.mlp = nn.ModuleDict({"c_fc": Conv1D(d, 4 * d), "c_proj": Conv1D(4 * d, d)})
        # Section 2.3: the residual layers start smaller by the square root of their number.
        for part in (self.attn, self.mlp):
            nn.init.normal_(part["c_proj"].weight, std=0.02 / math.sqrt(2 * c["n_layer"]))

    def forward(self, x):
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.attn["c_attn"](self.ln_1(x)).chunk(3, -1)
        )
        mixed = attention(q, k, v).transpose(1, 2).flatten(2)
        x = x + F.dropout(self.attn["c_proj"](mixed), self.dropout, self.training)
        inner = F.gelu(self.mlp["c_fc"](self.ln_2(x)), approximate="tanh")
        return x + F.dropout(self.mlp["c_proj"](inner), self.dropout, self.training)


class Gpt2(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(c["vocab_size"], c["n_embd"]),
                "wpe": nn.Embedding(c["n_positions"], c["n_embd"]),
                "h": nn.ModuleList(Block(c) for _ in range(c["n_layer"])),
                "ln_f": nn.LayerNorm(c["n_embd"], c["layer_norm_epsilon"]),
            }
        )
        for name in ("wte", "wpe"):
            nn.init.normal_(self.transformer[name].weight, std=0.02)

    def forward(self, input_ids):
        """Logits [batch, positions, vocab_size]."""
        t = self.transformer
        x = t["wte"](input_ids) + t["wpe"].weight[: input_ids.size(1)]
        for block in t["h"]:
            x = block(x)
        return F.linear(t["ln_f"](x), t["wte"].weight)
