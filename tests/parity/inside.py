"""What goes on inside a model while it reads: attention, embeddings and the logit lens, as PyTorch and numpy compute them."""

import numpy as np
import torch

from floats import f32s

# Modules whose output is a part of the input embeddings, by the ends of their names.
PARTS = {
    "token": ("word_embeddings", "wte", "tokens_embed", "embed_tokens"),
    "segment": ("token_type_embeddings",),
    "position": ("position_embeddings", "wpe", "positions_embed"),
}
TOP_K, THUMBNAIL, NEAREST = 3, 3, 5


def watched(model) -> tuple[dict, list]:
    """(what the forward pass puts there, hooks to be removed)"""
    seen, hooks = {}, []

    def keep(part):
        def hook(_module, arguments, output):
            seen[part] = output.reshape(-1, output.shape[-1])
            if part == "normalized":
                seen["sum"] = arguments[0][0]
        return hook

    for name, module in model.named_modules():
        for part, ends in PARTS.items():
            if name.endswith(ends):
                hooks.append(module.register_forward_hook(keep(part)))
        if name.endswith("embeddings.LayerNorm"):
            hooks.append(module.register_forward_hook(keep("normalized")))
    return seen, hooks


def head(model):
    """Hidden states before the last norm → logits, and the norm itself."""
    kind = model.config.model_type
    if kind == "bert":
        return getattr(model.cls, "predictions"), None
    if kind == "distilbert":
        return lambda h: model.vocab_projector(model.vocab_layer_norm(model.activation(model.vocab_transform(h)))), None
    if kind == "albert":
        return model.predictions, None
    norm = {"gpt2": lambda: model.transformer.ln_f, "llama": lambda: model.model.norm}.get(kind, lambda: None)()
    return model.lm_head, norm


def lens(model, states: torch.Tensor, logits: torch.Tensor) -> dict:
    """`states` are transformers', [layers + 1, len, hidden]: only the last ones are behind the last norm."""
    to_logits, norm = head(model)
    layers = [to_logits(h if norm is None or number == len(states) - 1 else norm(h)) for number, h in enumerate(states)]
    found = torch.stack(layers)  # [layers + 1, len, vocabulary]
    assert (found[-1] - logits).abs().max() < 1e-5
    best = found.topk(TOP_K + 1).values
    assert (best[..., :-1] - best[..., 1:]).min() > 1e-4, "a close call: take another text"
    probabilities, ids = found.softmax(-1).topk(TOP_K)
    answers = ids[-1, :, 0]
    leads = ids[:, :, 0] == answers
    return {
        "top_k": TOP_K, "ids": ids.tolist(), "probabilities": f32s(probabilities),
        "final_probability": f32s(found.softmax(-1)[:, torch.arange(len(answers)), answers]),
        "first_layer": leads.int().argmax(0).tolist(),
    }


def rollout(attentions: np.ndarray) -> dict:
    """Abnar & Zuidema 2020, up to each of the layers, in f64: `attentions` is [layers, heads, len, len]."""
    means = attentions.astype(np.float64).mean(1)
    joint, all_of_them = np.eye(means.shape[-1]), []
    for mean in means:
        mixed = mean + np.eye(len(mean))
        joint = (mixed / mixed.sum(-1, keepdims=True)) @ joint
        all_of_them.append(joint)
    return {"rollout": f32s(np.stack(all_of_them)), "mean": f32s(means)}


def nearest(table: torch.Tensor, ids: list[int]) -> list[dict]:
    out = []
    for own in ids:
        cosines = torch.nn.functional.cosine_similarity(table[own : own + 1], table)
        cosines[own] = -2
        values, places = cosines.topk(NEAREST)
        assert (values[:-1] - values[1:]).min() > 1e-6, "a close call"
        out.append({"id": own, "ids": places.tolist(), "cosines": f32s(values)})
    return out


@torch.no_grad()
def looked_into(model, ids: torch.Tensor, types: torch.Tensor | None = None) -> dict:
    """One text `[len]` without padding."""
    seen, hooks = watched(model)
    read = {"input_ids": ids[None]} | ({} if types is None else {"token_type_ids": types[None]})
    output = model(**read, output_attentions=True, output_hidden_states=True)
    for hook in hooks:
        hook.remove()
    states, attentions = torch.stack(output.hidden_states)[:, 0], torch.stack(output.attentions)[:, 0]
    logits = output["prediction_logits"] if "prediction_logits" in output else output.logits
    parts = {"segment": None, "position": None, "normalized": None, "sum": states[0], **seen}
    pooled = torch.nn.functional.adaptive_max_pool2d(attentions, THUMBNAIL)
    return {
        "input_ids": ids.tolist(), "token_type_ids": ([0] * len(ids) if types is None else types.tolist()),
        "attentions": f32s(attentions), "hidden_states": f32s(states),
        "size": THUMBNAIL, "thumbnails": f32s(pooled), **rollout(attentions.numpy()),
        "embeddings": {name: None if part is None else f32s(part) for name, part in parts.items()},
        "lens": lens(model, states, logits[0]),
        "nearest": nearest(model.get_input_embeddings().weight, sorted(set(ids.tolist()))[:3]),
    }
