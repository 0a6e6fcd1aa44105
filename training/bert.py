"""BertForPreTraining as in Hugging Face's checkpoints (same tensor names), with what training needs and no more.

The masked-word head runs at the chosen positions only; everything else is Devlin et al. 2018.
"""

import torch
from torch import nn
from torch.nn import functional as F


def attention(q, k, v, mask):
    """Softmax attention in plain operations: on a CPU the backward pass of PyTorch's fused one takes five times as long."""
    if q.device.type == "cuda":
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    scores = (q * q.size(-1) ** -0.5) @ k.transpose(-2, -1)
    return scores.masked_fill(~mask, float("-inf")).softmax(-1).to(v.dtype) @ v


class SelfAttention(nn.Module):
    def __init__(self, hidden_size, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(hidden_size, hidden_size) for _ in range(3))

    def forward(self, x, mask):
        q, k, v = (p(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in (self.query, self.key, self.value))
        return attention(q, k, v, mask).transpose(1, 2).flatten(2)


class Residual(nn.Module):
    """dense, then LayerNorm of the sum with what came in: `attention.output` and `output`."""

    def __init__(self, inner, hidden_size, eps):
        super().__init__()
        self.dense = nn.Linear(inner, hidden_size)
        self.LayerNorm = nn.LayerNorm(hidden_size, eps)

    def forward(self, x, before):
        return self.LayerNorm(self.dense(x) + before)


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        h, eps = c["hidden_size"], c["layer_norm_eps"]
        self.attention = nn.ModuleDict(
            {"self": SelfAttention(h, c["num_attention_heads"]), "output": Residual(h, h, eps)}
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(h, c["intermediate_size"])})
        self.output = Residual(c["intermediate_size"], h, eps)

    def forward(self, x, mask):
        x = self.attention["output"](self.attention["self"](x, mask), x)
        return self.output(F.gelu(self.intermediate["dense"](x)), x)


class Bert(nn.Module):
    def __init__(self, c):
        super().__init__()
        h, eps = c["hidden_size"], c["layer_norm_eps"]
        embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(c["vocab_size"], h),
                "position_embeddings": nn.Embedding(c["max_position_embeddings"], h),
                "token_type_embeddings": nn.Embedding(c["type_vocab_size"], h),
                "LayerNorm": nn.LayerNorm(h, eps),
            }
        )
        layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.bert = nn.ModuleDict(
            {
                "embeddings": embeddings,
                "encoder": nn.ModuleDict({"layer": layers}),
                "pooler": nn.ModuleDict({"dense": nn.Linear(h, h)}),
            }
        )
        transform = nn.ModuleDict({"dense": nn.Linear(h, h), "LayerNorm": nn.LayerNorm(h, eps)})
        self.cls = nn.ModuleDict({"predictions": nn.ModuleDict({"transform": transform}), "seq_relationship": nn.Linear(h, 2)})
        self.cls["predictions"].register_parameter("bias", nn.Parameter(torch.zeros(c["vocab_size"])))
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=c["initializer_range"])
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)

    def forward(self, input_ids, token_type_ids, attention_mask, positions):
        """(MLM logits at `positions` [batch, predictions, vocab_size], NSP logits [batch, 2])."""
        e = self.bert["embeddings"]
        x = (
            e["word_embeddings"](input_ids)
            + e["position_embeddings"].weight[: input_ids.size(1)]
            + e["token_type_embeddings"](token_type_ids)
        )
        x = e["LayerNorm"](x)
        mask = attention_mask[:, None, None, :]
        for layer in self.bert["encoder"]["layer"]:
            x = layer(x, mask)
        chosen = x.gather(1, positions[..., None].expand(-1, -1, x.size(-1)))
        head = self.cls["predictions"]
        chosen = head["transform"]["LayerNorm"](F.gelu(head["transform"]["dense"](chosen)))
        mlm = F.linear(chosen, e["word_embeddings"].weight, head.bias)
        nsp = self.cls["seq_relationship"](torch.tanh(self.bert["pooler"]["dense"](x[:, 0])))
        return mlm, nsp
