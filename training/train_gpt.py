#!/usr/bin/env python3
"""Trains a GPT-2 from scratch on a folder of text, with a byte-level BPE of its own. `--help` lists the settings."""

import argparse
import json
import math
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch.nn import functional as F

import gpt_data
from corpus import read_documents, text_files
from folders import load_weights, save_folder
from gpt import Gpt2
from loop import Muon, Run, device_and_precision, rate


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", required=True, help="folder of .txt or .txt.xz files, with tldr.jsonl[.xz] if there are pairs")
    p.add_argument("--run", required=True, help="folder of this run: log, checkpoint, result")
    p.add_argument("--init", default="", help="a Hugging Face folder to go on from, instead of starting from scratch")
    p.add_argument("--trained-positions", type=int, default=0, help="with --init: only so many positions were trained; the others start as copies of the last half of them")
    p.add_argument("--vocab-size", type=int, default=8192)
    p.add_argument("--n-layer", type=int, default=6)
    p.add_argument("--n-embd", type=int, default=384)
    p.add_argument("--n-head", type=int, default=6)
    p.add_argument("--n-positions", type=int, default=512)
    p.add_argument("--length", type=int, default=256, help="tokens a row")
    p.add_argument("--rows", type=int, default=48, help="rows a step")
    p.add_argument("--micro-rows", type=int, default=16, help="rows at once; gradients of several are added up")
    p.add_argument("--tldr-share", type=float, default=0.15, help="share of the rows that are TL;DR examples")
    p.add_argument("--copy-share", type=float, default=0.0, help="share of the rows that hold passages said twice")
    p.add_argument("--gaps", type=int, default=20000, help="self-supervised TL;DR examples beside the folder's pairs")
    p.add_argument("--text-weight", type=float, default=0.3, help="weight of the text's tokens in TL;DR examples")
    p.add_argument("--steps", type=int, default=5000)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--warmup", type=int, default=100)
    p.add_argument("--decay-share", type=float, default=0.6)
    p.add_argument("--weight-decay", type=float, default=0.05)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=0)
    p.add_argument("--device")
    p.add_argument("--budget", type=float, default=0, help="end the run, rate at zero, after so many minutes instead of --steps")
    p.add_argument("--eager", action="store_true", help="without torch.compile")
    p.add_argument("--minutes", type=float, default=0, help="stop (with a checkpoint) after so many minutes")
    p.add_argument("--cache", default="training/cache")
    return p.parse_args()


def train_tokenizer(data, vocab_size, file):
    """Byte-level BPE (Radford et al. 2019, section 2.2) of the training text, saved as tokenizer.json."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[gpt_data.END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = ["\n".join(d) for f in text_files(data) for d in read_documents(f)]
    texts += [t + gpt_data.CUE + s for t, s, _ in gpt_data.read_pairs(data)]
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(file))


def config_of(a, tokenizer):
    end = tokenizer.token_to_id(gpt_data.END)
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "n_embd": a.n_embd,
        "n_head": a.n_head,
        "n_layer": a.n_layer,
        "n_inner": None,
        "n_positions": a.n_positions,
        "vocab_size": tokenizer.get_vocab_size(),
        "bos_token_id": end,
        "eos_token_id": end,
        "layer_norm_epsilon": 1e-05,
        "initializer_range": 0.02,
        "attn_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "resid_pdrop": 0.0,
        "tie_word_embeddings": True,
    }


@torch.no_grad()
def extend_positions(model, trained):
    """Neighbours stay as far apart as they were, so that a few hundred steps at the new length suffice."""
    weight = next(p for n, p in model.named_parameters() if n.endswith("wpe.weight"))
    half = weight[trained // 2 : trained].clone()
    for start in range(trained, len(weight), len(half)):
        weight[start : start + len(half)] = half[: len(weight) - start]


def loss_sum(model, ids, weights):
    logits = model(ids[:, :-1])
    each = F.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
    return (each * weights.flatten()).sum()


@torch.no_grad()
def evaluate(model, batches, tokenizer, device, precision):
    """Bits per byte of the development stream, and bits per token of the development summaries."""
    result = {}
    for name, sets in batches.items():
        loss = tokens = size = 0.0
        for ids, weights in sets:
            with torch.autocast(device.type, precision, enabled=precision != torch.float32):
                loss += loss_sum(model, ids, weights).item()
            tokens += weights.sum().item()
            size += sum(len(tokenizer.decode(row[1:].tolist(), skip_special_tokens=False).encode()) for row in ids)
        bits = loss / math.log(2)
        result |= {"dev_bits_per_byte": bits / size} if name == "story" else {"dev_summary_bits": bits / max(1, tokens)}
    return result


def main():
    a = arguments()
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    device, precision = device_and_precision(a.device)
    settings = {k: v for k, v in vars(a).items() if k not in ("run", "threads", "device", "eager", "minutes", "cache", "micro_rows")}
    run = Run(a.run, settings)

    if a.init:
        config, tokenizer_file, weights = load_weights(a.init, "gpt2", lambda c: Gpt2(c).state_dict())
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
    else:
        tokenizer_file, weights = Path(a.run) / "tokenizer.json", None
        if not tokenizer_file.exists():
            train_tokenizer(a.data, a.vocab_size, tokenizer_file)
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
        config = config_of(a, tokenizer)
    model = Gpt2(config)
    if weights:
        model.load_state_dict(weights)
    if a.trained_positions:
        extend_positions(model, a.trained_positions)
    model.to(device)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters; {device}, {precision}", flush=True)

    named = list(model.named_parameters())
    matrices = [(n, p) for n, p in named if p.ndim == 2 and ".h." in n]
    muon = Muon([p for n, p in matrices if "c_attn" not in n], a.lr, weight_decay=a.weight_decay, precision=precision)
    # Queries, keys and values lie side by side along the output dimension of [in, out].
    muon.add_param_group({"params": [p for n, p in matrices if "c_attn" in n], "parts": 3, "out_dim": 1})
    others = [p for n, p in named if not (p.ndim == 2 and ".h." in n)]
    adam = torch.optim.AdamW(others, lr=a.lr, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.0, fused=True)
    optimizers = [muon, adam]

    end = tokenizer.token_to_id(gpt_data.END)
    train = gpt_data.load(a.data, tokenizer, a.cache, a.gaps)
    development = gpt_data.load(a.data, tokenizer, a.cache, gaps=200, development=True)
    print(f"{len(train.stream):,} tokens, {len(train.cues):,} TL;DR examples of {len(train.examples):,} tokens", flush=True)
    batches = gpt_data.Batches(train, a.seed, a.rows, a.length, a.tldr_share, a.text_weight, end, a.copy_share)
    to = lambda pair: tuple(torch.from_numpy(x).to(device) for x in pair)
    dev_batches = {
        name: [to(gpt_data.Batches(development, 0, 16, a.length, share, 0.0, end)(i)) for i in range(count)]
        for name, share, count in (("story", 0.0, 12), ("tldr", 1.0, 3))
        if share == 0 or len(development.cues)
    }

    first = run.load(model, optimizers)
    compiled = loss_sum if a.eager else torch.compile(loss_sum)
    began, since, total, tokens_total = time.monotonic(), time.monotonic(), 0.0, 0.0
    per_step = a.rows * a.length
    step, last = first, False
    while not last:
        if a.budget:
            spent = min(1.0, run.tick() / (60 * a.budget))
            last = spent == 1.0
            factor = min((step + 1) / a.warmup, (1.0 - spent) / a.decay_share, 1.0)
        else:
            last = step + 1 >= a.steps
            factor = rate(step, a.steps, a.warmup, a.decay_share)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = a.lr * factor
            optimizer.zero_grad(set_to_none=True)
        ids, weights = batches(step)
        count = weights.sum()
        # Story and TL;DR rows alternate among the parts; each part is weighed by the whole step's count.
        for part in range(0, a.rows, a.micro_rows):
            piece = to((ids[part : part + a.micro_rows], weights[part : part + a.micro_rows]))
            with torch.autocast(device.type, precision, enabled=precision != torch.float32):
                loss = compiled(model, *piece) / count
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step = done = step + 1
        if done % 25 == 0:
            seconds, since = time.monotonic() - since, time.monotonic()
            run.log(step=done, tokens=done * per_step, loss=total / min(25, done - first), lr=a.lr * factor, tokens_s=round(per_step * min(25, done - first) / seconds))
            total = 0.0
        if done % 250 == 0 or last:
            run.log(step=done, tokens=done * per_step, **evaluate(model, dev_batches, tokenizer, device, precision))
        if a.minutes and time.monotonic() - began > a.minutes * 60:
            run.stopped = True
        if done % 100 == 0 or last or run.stopped:
            run.save(done, model, optimizers)
        if done % 250 == 0 or last or run.stopped:
            save_folder(Path(a.run) / "model", config, tokenizer_file, model.state_dict())
        if run.stopped:
            return
    print(json.dumps({"finished": step}))


if __name__ == "__main__":
    main()
