"""Training: losses, gradients and 20 steps of optimizers, of seeded models.

Fixtures hold of each gradient its length and some values; the batches; and the loss of each of 20 steps.
"""

import math
import sys
from pathlib import Path

import torch
from torch import nn
from transformers import BertConfig, BertForPreTraining, GPT2Config, GPT2LMHeadModel, XLNetConfig, XLNetLMHeadModel

import seeded
from floats import f32s, write

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))
from loop import Muon, rate  # noqa: E402

STEPS = 20
# As the defaults of crate/src/train/optimizers, with a schedule that warms up and decays within the steps.
PEAK, WARMUP, DECAY_SHARE, WEIGHT_DECAY, CLIP = 3e-3, 4, 0.5, 0.01, 1.0


def gradients(model) -> list[dict]:
    rows = []
    for name, parameter in model.named_parameters():
        # XLNet's segments are not used.
        gradient = (torch.zeros_like(parameter) if parameter.grad is None else parameter.grad).flatten()
        at = list(range(0, len(gradient), max(1, len(gradient) // 7)))
        rows.append({"name": name, "norm": f32s(gradient.norm()), "at": at, "values": f32s(gradient[at])})
    return rows


def optimizers(model, muon: bool):
    """AdamW for all, or Muon for the layers' matrices and AdamW for the rest; decay for matrices only."""
    named = list(model.named_parameters())
    in_layers = (".h.", ".layer.", "_lstm.")
    layers = [(n, p) for n, p in named if muon and p.ndim == 2 and any(part in n for part in in_layers) and "_bias" not in n]
    taken = {id(p) for _, p in layers}
    rest = [(n, p) for n, p in named if id(p) not in taken]
    decays = lambda n, p: p.ndim > 1 and "_bias" not in n
    groups = [
        {"params": [p for n, p in rest if decays(n, p)], "weight_decay": WEIGHT_DECAY},
        {"params": [p for n, p in rest if not decays(n, p)], "weight_decay": 0.0},
    ]
    both = [torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.98), eps=1e-6)]
    if layers:
        parts = lambda n: 3 if "c_attn" in n else 4 if "_lstm." in n else 1
        groups = [
            {"params": [p for n, p in layers if parts(n) == count], "parts": count, "out_dim": int(count == 3)}
            for count in (1, 3, 4)
        ]
        both.append(Muon([group for group in groups if group["params"]], PEAK, weight_decay=WEIGHT_DECAY))
    return both


def run(build, loss_of, batches, muon: bool) -> list:
    """The loss before each step."""
    model = build()
    both = optimizers(model, muon)
    losses = []
    for step, batch in enumerate(batches):
        for optimizer in both:
            for group in optimizer.param_groups:
                group["lr"] = PEAK * rate(step, STEPS, WARMUP, DECAY_SHARE)
        loss = loss_of(model, batch)
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        for optimizer in both:
            optimizer.step()
        losses.append(f32s(loss.detach()))
    return losses


def write_case(name: str, about: str, seed: int, config: dict, build, tensors, batches: list[dict], loss_of, parts_of,
               more: dict = {}) -> None:
    model = build()
    loss = loss_of(model, batches[0])
    loss.backward()
    write(f"train/{name}.json", {
        "about": about, "seed": seed, "config": config, "generator_check": seeded.proof(tensors, seed), "tensors": tensors,
        "schedule": {"peak": PEAK, "warmup": WARMUP, "decay_share": DECAY_SHARE, "steps": STEPS, "clip": CLIP},
        "loss": f32s(loss.detach()), "parts": {key: f32s(value.detach()) for key, value in parts_of(model, batches[0]).items()},
        "gradients": gradients(model), **more,
        "adamw": run(build, loss_of, batches, False), "muon": run(build, loss_of, batches, True),
        "batches": batches,
    })
    print(name, loss.item())


def fill(model, seed: int, hidden: int) -> list[dict]:
    """`seeded.fill` for names and shapes that it does not know: LSTM layers, and matrices of three dimensions."""
    tensors = []
    for name, parameter in model.named_parameters():
        base = 1.0 if "norm.weight" in name else 0.0
        flat = parameter.ndim == 1 or "bias" in name or "seg_embed" in name
        scale = 0.25 if flat else round(math.sqrt(3) * (2 if "embed" in name or "mask_emb" in name else 1) / math.sqrt(hidden), 4)
        data = seeded.values(name, parameter.numel(), seed, scale, base)
        parameter.copy_(torch.from_numpy(data).reshape(parameter.shape))
        tensors.append({"name": name, "shape": list(parameter.shape), "scale": scale, "base": base})
    return tensors


def seeded_model(make, seed: int, hidden: int, fill=seeded.fill):
    """(a function that makes the model anew, the tensors)"""
    def build():
        model = make()
        with torch.no_grad():
            fill(model, seed, hidden)
        return model.eval()

    with torch.no_grad():
        tensors = fill(make(), seed, hidden)
    return build, tensors


def gpt() -> None:
    seed = 701
    sizes = dict(vocab_size=61, n_positions=19, n_embd=30, n_layer=2, n_head=3, n_inner=44, layer_norm_epsilon=1e-5)
    config = GPT2Config(**sizes, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, bos_token_id=None, eos_token_id=None,
                        attn_implementation="eager")
    build, tensors = seeded_model(lambda: GPT2LMHeadModel(config), seed, 30)
    generator = torch.Generator().manual_seed(seed)
    batches = [{"windows": torch.randint(0, 61, (3, 18), generator=generator).tolist()} for _ in range(STEPS)]

    def loss_of(model, batch):
        ids = torch.tensor(batch["windows"])
        logits = model(input_ids=ids[:, :-1]).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())

    write_case("gpt", "GPT-2, causal language model.", seed, sizes, build, tensors, batches, loss_of,
               lambda model, batch: {"lm": loss_of(model, batch)})


def bert() -> None:
    seed = 702
    sizes = dict(vocab_size=67, hidden_size=30, num_hidden_layers=2, num_attention_heads=3, intermediate_size=44,
                 max_position_embeddings=23, layer_norm_eps=1e-12)
    config = BertConfig(**sizes, hidden_dropout_prob=0, attention_probs_dropout_prob=0, attn_implementation="eager")
    build, tensors = seeded_model(lambda: BertForPreTraining(config), seed, 30)
    generator = torch.Generator().manual_seed(seed)

    def draw(low, high):
        return int(torch.randint(low, high, (1,), generator=generator))

    def batch():
        """Padded pairs: `chosen` are rows of the flat batch."""
        lengths = [draw(9, 22) for _ in range(4)]
        length = max(lengths)
        ids, types, chosen, labels = [], [], [], []
        for row, own in enumerate(lengths):
            second = draw(3, own - 3)
            ids.append([draw(5, 67) for _ in range(own)] + [0] * (length - own))
            types.append([int(second <= at < own) for at in range(length)])
            for at in sorted({draw(1, own - 1) for _ in range(3)}):
                chosen.append(row * length + at)
                labels.append(draw(5, 67))
        return {"input_ids": ids, "token_type_ids": types, "lengths": lengths, "chosen": chosen, "labels": labels,
                "not_next": [draw(0, 2) for _ in lengths]}

    def output(model, batch):
        ids = torch.tensor(batch["input_ids"])
        mask = torch.arange(ids.shape[1])[None] < torch.tensor(batch["lengths"])[:, None]
        labels = torch.full(ids.shape, -100)
        labels.view(-1)[batch["chosen"]] = torch.tensor(batch["labels"])
        return labels, model(
            input_ids=ids, attention_mask=mask.long(), token_type_ids=torch.tensor(batch["token_type_ids"]), labels=labels,
            next_sentence_label=torch.tensor(batch["not_next"]),
        )

    def parts_of(model, batch):
        labels, out = output(model, batch)
        cross_entropy = torch.nn.functional.cross_entropy
        return {"mlm": cross_entropy(out.prediction_logits.flatten(0, 1), labels.flatten()),
                "nsp": cross_entropy(out.seq_relationship_logits, torch.tensor(batch["not_next"]))}

    write_case("bert", "BERT, masked words and next sentences, padded.", seed, sizes, build, tensors,
               [batch() for _ in range(STEPS)], lambda model, batch: output(model, batch)[1].loss, parts_of)


class Elmo(nn.Module):
    """Peters et al. 2018: two language models of LSTM layers, a residual connection between the layers, one softmax."""

    def __init__(self, vocab_size, hidden_size, num_hidden_layers):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, hidden_size)
        lstms = lambda: nn.ModuleList(nn.LSTM(hidden_size, hidden_size, batch_first=True) for _ in range(num_hidden_layers))
        self.forward_lstm, self.backward_lstm = lstms(), lstms()
        self.decoder = nn.Linear(hidden_size, vocab_size)

    def read(self, layers, x):
        states = []
        for layer in layers:
            h = layer(x)[0]
            states.append(h + x if states else h)
            x = states[-1]
        return states

    def forward(self, ids):
        """(embeddings, each layer's states forwards, and backwards)"""
        x = self.word_embeddings(ids)
        backward = [h.flip(1) for h in self.read(self.backward_lstm, x.flip(1))]
        return x, self.read(self.forward_lstm, x), backward


def elmo() -> None:
    seed = 703
    sizes = dict(vocab_size=53, hidden_size=22, num_hidden_layers=2)
    build, tensors = seeded_model(lambda: Elmo(**sizes), seed, 22, fill)
    generator = torch.Generator().manual_seed(seed)
    batches = [{"windows": torch.randint(0, 53, (9, 13), generator=generator).tolist()} for _ in range(STEPS)]
    cross_entropy = torch.nn.functional.cross_entropy

    def parts_of(model, batch):
        ids = torch.tensor(batch["windows"])
        _, forward, backward = model(ids)
        return {"forward": cross_entropy(model.decoder(forward[-1][:, :-1]).flatten(0, 1), ids[:, 1:].flatten()),
                "backward": cross_entropy(model.decoder(backward[-1][:, 1:]).flatten(0, 1), ids[:, :-1].flatten())}

    def mix() -> dict:
        """The layers mixed with s and gamma, and what the sum of squares makes of these two."""
        x, forward, backward = build()(torch.tensor(batches[0]["windows"]))
        layers = [torch.cat([x, x], -1)] + [torch.cat(both, -1) for both in zip(forward, backward)]
        s, gamma = torch.tensor([0.3, -0.2, 0.5], requires_grad=True), torch.tensor([1.3], requires_grad=True)
        mixed = gamma * sum(w * h for w, h in zip(s.softmax(0), layers))
        mixed.square().mean().backward()
        return {"s": [0.3, -0.2, 0.5], "gamma": [1.3], "first": f32s(mixed.detach()[0, 0]),
                "ds": f32s(s.grad), "dgamma": f32s(gamma.grad)}

    write_case("elmo", "ELMo, language models in both directions.", seed, sizes, build, tensors, batches,
               lambda model, batch: sum(parts_of(model, batch).values()), parts_of, {"mix": mix()})


def xlnet() -> None:
    seed = 704
    sizes = dict(vocab_size=59, d_model=30, n_layer=2, n_head=3, d_inner=44, layer_norm_eps=1e-12)
    config = XLNetConfig(**sizes, d_head=10, dropout=0, ff_activation="gelu", untie_r=True, attn_type="bi", mem_len=None)
    build, tensors = seeded_model(lambda: XLNetLMHeadModel(config), seed, 30, fill)
    generator = torch.Generator().manual_seed(seed)

    def batch():
        """Texts of 13 tokens, of which 4 are guessed one after the other; all others are context."""
        ids = torch.randint(0, 59, (3, 13), generator=generator)
        orders = [torch.randperm(13, generator=generator)[-4:].tolist() for _ in ids]
        return {"windows": ids.tolist(), "targets": orders}

    def loss_of(model, batch):
        ids, targets = torch.tensor(batch["windows"]), batch["targets"]
        hidden = torch.zeros(3, 13, 13)  # 1: the first position does not see the second
        mapping = torch.zeros(3, 4, 13)
        for text, guessed in enumerate(targets):
            for turn, at in enumerate(guessed):
                mapping[text, turn, at] = 1
                hidden[text, :, at] = 1
                hidden[text, guessed[turn + 1 :], at] = 0
        logits = model(input_ids=ids, perm_mask=hidden, target_mapping=mapping, use_mems=False).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids.gather(1, torch.tensor(targets)).flatten())

    write_case("xlnet", "XLNet, permutation language model with two streams.", seed, sizes, build, tensors,
               [batch() for _ in range(STEPS)], loss_of, lambda model, batch: {"plm": loss_of(model, batch)})


def main() -> None:
    gpt()
    bert()
    elmo()
    xlnet()


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
