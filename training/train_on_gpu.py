#!/usr/bin/env python3
"""Trains BERT or GPT-2 for some minutes on one GPU from what `pack.py` packed. `on_gpu.sh` calls it; `--help` lists the settings.

The rate is a function of the clock, so that the run ends on time with the rate at zero whatever the machine. Text is cut into
examples by processes beside; masks are drawn on the GPU.
"""

import argparse
import concurrent.futures
import json
import math
import multiprocessing
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
MISSING = [name for name in ("torch", "numpy", "safetensors", "tokenizers", "yaml") if __import__("importlib.util").util.find_spec(name) is None]
if MISSING:
    raise SystemExit(f"missing here: {', '.join(MISSING)}. Carry them as wheels, or use a Python that has them.")

import numpy as np
import torch
from torch.nn import functional as F

import bert_data
import gpt_data
from bert import Bert
from folders import load_weights
from gpt import Gpt2
from loop import Muon

# Files that come back may have 16 MiB each.
PIECE = 15 * 2**20


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("model", choices=("bert", "gpt"))
    p.add_argument("--pack", default=str(HERE / "gpu"))
    p.add_argument("--init", help="folder of the model to start from; models/bert or models/gpt")
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, default=9.0, help="of training, compiling not counted")
    p.add_argument("--until", type=float, default=545.0, help="seconds after the start of the program by which training ends at the latest")
    p.add_argument("--layers", type=int, default=0, help="more layers than the model to start from has: each is repeated")
    p.add_argument("--tokens", type=int, default=65536, help="a step")
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--warmup", type=float, default=0.03, help="share of the minutes")
    p.add_argument("--decay", type=float, default=0.6, help="share of the minutes in which the rate falls to zero")
    p.add_argument("--weight-decay", type=float, default=0.02)
    p.add_argument("--dropout", type=float, default=0.1, help="of what GPT-2's blocks add: it sees the text ten times in as many minutes, and learns it by heart without")
    p.add_argument("--workers", type=int, default=12)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--smoke", action="store_true", help="a trial on a CPU: half a minute, small steps, one more layer, nothing compiled")
    a = p.parse_args()
    a.init = a.init or str(HERE.parent / "models" / a.model)
    if a.smoke:
        a.minutes, a.tokens, a.layers, a.workers = 0.5, 1024, 7, 1
    return a


def unpack(file):
    import io
    import lzma

    return dict(np.load(io.BytesIO(lzma.decompress(Path(file).read_bytes()))))


def grow(config, weights, family, layers):
    """`layers` layers out of fewer: each repeated, in order (Gong et al. 2019, progressive stacking).

    Behind a layer norm (GPT-2) the repeated ones add nothing at first: the model starts as good as it was.
    """
    key, part = ("num_hidden_layers", "bert.encoder.layer.") if family == "bert" else ("n_layer", "transformer.h.")
    before = config[key]
    if layers <= before:
        return config, weights
    grown = {name: tensor for name, tensor in weights.items() if not name.startswith(part)}
    for layer in range(layers):
        old = f"{part}{layer * before // layers}."
        repeated = layer and layer * before // layers == (layer - 1) * before // layers
        for name, tensor in weights.items():
            if name.startswith(old):
                silent = repeated and family == "gpt2" and "c_proj" in name
                grown[f"{part}{layer}.{name[len(old):]}"] = torch.zeros_like(tensor) if silent else tensor.clone()
    return config | {key: layers}, grown


class Feed:
    """Batches of ready rows on the device; while one part of an epoch is used the next are cut in other processes."""

    def __init__(self, make, jobs, pool, rows, device, ahead):
        self.make, self.jobs, self.pool, self.rows, self.device = make, iter(jobs), pool, rows, device
        self.waiting = [pool.submit(make, next(self.jobs)) for _ in range(ahead)]
        self.arrays, self.at = None, 0
        self.waited = 0.0

    def __call__(self):
        while self.arrays is None or self.at + self.rows > len(self.arrays[0]):
            began = time.monotonic()
            # The next part, whichever is ready first.
            done, _ = concurrent.futures.wait(self.waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            future = done.pop()
            self.waiting.remove(future)
            self.waiting.append(self.pool.submit(self.make, next(self.jobs)))
            self.waited += time.monotonic() - began
            rest = [] if self.arrays is None else [a[self.at :] for a in self.arrays]
            fresh = [torch.from_numpy(a.astype(np.int32) if a.dtype == np.uint16 else a).to(self.device) for a in future.result()]
            self.arrays = [torch.cat(pair) for pair in zip(rest, fresh)] if rest else fresh
            self.at = 0
        self.at += self.rows
        return [a[self.at - self.rows : self.at] for a in self.arrays]


# The workers' copy of the text: they are forked.
TEXT = None
SHARDS = 16


def bert_rows(job):
    seed, length, whole, epoch, shard, shards = job
    torch.set_num_threads(1)
    rows = bert_data.cut_epoch(TEXT, seed, epoch, length, whole, shard=(shard, shards))
    return bert_data.unmasked(TEXT, rows, length)


def masked(ids, second, length, not_next, repeats, vocab_size, first_word=999):
    """The batch of `train_bert.losses`: 15 % of the tokens chosen, 80/10/10, all drawn on the device."""
    ids = ids.long()
    width = ids.size(1)
    at = torch.arange(width, device=ids.device)
    inside = at < length[:, None]
    token = inside & (ids != bert_data.CLS) & (ids != bert_data.SEP)
    count = (0.15 * token.sum(1)).round().clamp(min=1)
    predictions = round(0.15 * width) + 1
    scores = torch.rand(ids.shape, device=ids.device).masked_fill(~token, -1.0)
    positions = scores.topk(predictions).indices
    chosen = torch.arange(predictions, device=ids.device) < count[:, None]
    labels = ids.gather(1, positions)
    dice = torch.rand(positions.shape, device=ids.device)
    word = torch.randint(first_word, vocab_size, positions.shape, device=ids.device)
    hidden = chosen & (dice < 0.8)
    new = torch.where(hidden, bert_data.MASK, torch.where(chosen & (dice >= 0.9), word, labels))
    # Where a text says things twice, what is hidden is hidden everywhere.
    gone = torch.where(hidden & (labels > bert_data.FREQUENT), labels, -1)
    again = (ids[:, :, None] == gone[:, None, :]).any(-1) & repeats[:, None]
    masked_ids = ids.masked_fill(again, bert_data.MASK).scatter(1, positions, new)
    return {
        "input_ids": masked_ids,
        "token_type_ids": (inside & (at >= second[:, None])).long(),
        "attention_mask": inside,
        "positions": positions,
        "labels": labels,
        "weights": chosen.float(),
        "not_next": not_next.long(),
    }


class BertRun:
    """Steps and measures of BERT."""

    def __init__(self, a, device):
        global TEXT
        import train_bert

        self.losses, self.a, self.device = train_bert.losses, a, device
        # A GPU sees the text twenty times and more: what is short would be learnt by heart.
        bert_data.PASSES |= {"stories": 2, "facts": 1.5, "books": 0.7}
        bert_data.SHORT_PASSES |= {"everyday": 4, "stories": 4}
        TEXT = bert_data.from_arrays(unpack(Path(a.pack) / "bert-train.npz.xz"))
        development = bert_data.from_arrays(unpack(Path(a.pack) / "bert-dev.npz.xz"))
        self.measure = train_bert.evaluations
        modern = np.isin(development.source, bert_data.MODERN)
        self.development = {"dev": development.only(~modern & ~np.isin(development.source, bert_data.ALONE)), "modern": development.only(modern)}
        self.config, self.tokenizer_file, weights = load_weights(a.init, "bert", lambda c: Bert(c).state_dict())
        self.config, weights = grow(self.config, weights, "bert", a.layers)
        self.model = Bert(self.config)
        self.model.load_state_dict(weights)
        self.layers = self.model.bert["encoder"]["layer"]
        self.tokens_seen = 0
        print(f"{TEXT.documents:,} documents, {len(TEXT.ids):,} tokens", flush=True)

    def start_workers(self, pool):
        a = self.a
        jobs = lambda length, whole: ((a.seed, length, whole, e, s, SHARDS) for e in range(10**6) for s in range(SHARDS))
        ahead = max(1, a.workers // 3)
        make = lambda length, whole: Feed(bert_rows, jobs(length, whole), pool, max(2, a.tokens // length), self.device, ahead)
        self.feeds = {128: make(128, False), 32: make(32, True), 512: make(512, False)}

    def kinds(self):
        return list(self.feeds)

    def kind(self, step):
        """Every sixteenth step has long examples, every fourth short ones."""
        return 512 if step % 16 == 15 else 32 if step % 4 == 3 else 128

    def loss(self, kind):
        b = masked(*self.feeds[kind](), self.config["vocab_size"])
        mlm, nsp, _, _ = self.losses(self.model, b)
        self.tokens_seen += b["input_ids"].numel()
        return mlm + nsp, {"mlm_loss": mlm.detach(), "nsp_loss": nsp.detach()}

    @staticmethod
    def score(values):
        """What is to be low."""
        return sum(value for name, value in values.items() if name.endswith("_mlm_loss"))

    def evaluate(self, precision):
        batches = {}
        for name, data in self.development.items():
            if not len(data.wanted):
                continue
            held = bert_data.Batches(data, 0, 128 if self.a.smoke else 8192, self.config["vocab_size"], 128, hard=False)
            batches[name] = [
                {k: torch.from_numpy(v).to(self.device) for k, v in held(i).items()} for i in range(1 if self.a.smoke else 6)
            ]
        return self.measure(self.model, batches, self.device, precision) | self.probes()

    def probes(self):
        import probes
        from tokenizers import Tokenizer

        return probes.measure(self.model, Tokenizer.from_file(str(self.tokenizer_file)), probes.read())[0]


def gpt_rows(job):
    seed, step, rows, length, end, tldr, copies = job
    torch.set_num_threads(1)
    ids, weights = gpt_data.Batches(TEXT, seed, rows, length, tldr, 0.3, end, copies)(step)
    mixed = np.random.default_rng([seed, step, 8]).permutation(rows)
    return ids[mixed].astype(np.uint16), weights[mixed]


class GptRun:
    """Steps and measures of GPT-2: windows of the stream are cut on the device, TL;DR rows and copies beside."""

    TLDR, COPIES = 0.15, 0.03

    def __init__(self, a, device):
        global TEXT
        import train_gpt
        from tokenizers import Tokenizer

        self.a, self.device, self.train_gpt = a, device, train_gpt
        gpt_data.PASSES |= {"stories": 4, "textbooks": 1.5, "books": 0.6}
        TEXT = gpt_data.from_arrays(unpack(Path(a.pack) / "gpt-train.npz.xz"))
        self.development = gpt_data.from_arrays(unpack(Path(a.pack) / "gpt-dev.npz.xz"), development=True)
        self.config, self.tokenizer_file, weights = load_weights(a.init, "gpt2", lambda c: Gpt2(c).state_dict())
        self.config, weights = grow(self.config, weights, "gpt2", a.layers)
        self.tokenizer = Tokenizer.from_file(str(self.tokenizer_file))
        self.model = Gpt2(self.config)
        self.model.load_state_dict(weights)
        self.layers = self.model.transformer["h"]
        for layer in self.layers:
            layer.dropout = a.dropout
        self.length = self.config["n_positions"]
        self.end = self.tokenizer.token_to_id(gpt_data.END)
        self.tokens_seen = 0
        self.generator = None
        print(f"{len(TEXT.stream):,} tokens, {len(TEXT.cues):,} TL;DR examples", flush=True)

    def start_workers(self, pool):
        a, rows = self.a, max(4, self.a.tokens // self.length)
        self.stream = torch.from_numpy(TEXT.stream.astype(np.int32)).to(self.device)
        self.extra = max(1, round(rows * (self.TLDR + self.COPIES)))
        self.windows = rows - self.extra
        share = self.TLDR / (self.TLDR + self.COPIES)
        part = self.extra * (1 if a.smoke else 64)
        jobs = ((a.seed, step, part, self.length, self.end, share, 1 - share) for step in range(10**6))
        self.feed = Feed(gpt_rows, jobs, pool, self.extra, self.device, max(1, a.workers // 2))

    def kinds(self):
        return [self.length]

    def kind(self, step):
        return self.length

    def loss(self, kind):
        ids, weights = self.feed()
        starts = torch.randint(len(self.stream) - self.length - 1, (self.windows, 1), device=self.device)
        windows = self.stream[starts + torch.arange(self.length + 1, device=self.device)]
        ids = torch.cat([windows, ids]).long()
        weights = torch.cat([torch.ones(self.windows, self.length, device=self.device), weights])
        loss = self.train_gpt.loss_sum(self.model, ids, weights) / weights.sum()
        self.tokens_seen += ids.numel()
        return loss, {"loss": loss.detach()}

    @staticmethod
    def score(values):
        """What is to be low."""
        return values["dev_bits_per_byte"]

    def evaluate(self, precision):
        make = lambda share, count: [
            tuple(
                torch.from_numpy(x).to(self.device)
                for x in gpt_data.Batches(self.development, 0, 2 if self.a.smoke else 16, self.length, share, 0.0, self.end)(i)
            )
            for i in range(1 if self.a.smoke else count)
        ]
        batches = {"story": make(0.0, 12)} | ({"tldr": make(1.0, 3)} if len(self.development.cues) else {})
        return self.train_gpt.evaluate(self.model, batches, self.tokenizer, self.device, precision)


def optimizers_of(model, a, precision):
    """As in `train_bert.py` and `train_gpt.py`: Muon for the layers' matrices, AdamW for the rest."""
    named = list(model.named_parameters())
    in_layers = lambda n, p: p.ndim == 2 and (".layer." in n or ".h." in n)
    muon = Muon([p for n, p in named if in_layers(n, p) and "c_attn" not in n], a.lr, weight_decay=a.weight_decay, precision=precision)
    joint = [p for n, p in named if in_layers(n, p) and "c_attn" in n]
    if joint:
        muon.add_param_group({"params": joint, "parts": 3, "out_dim": 1})
    others = [p for n, p in named if not in_layers(n, p)]
    groups = [
        {"params": [p for p in others if p.ndim == 2], "weight_decay": a.weight_decay if a.model == "bert" else 0.0},
        {"params": [p for p in others if p.ndim != 2], "weight_decay": 0.0},
    ]
    return [torch.optim.AdamW(groups, lr=a.lr, betas=(0.9, 0.98), eps=1e-6, fused=True), muon]


def save(run, out):
    """The model in f16, in pieces that are small enough to come back: cat model.safetensors.* makes it one file."""
    from safetensors.torch import save as to_bytes

    tensors = {k: v.detach().half().cpu().contiguous() for k, v in run.model.state_dict().items()}
    whole = to_bytes(tensors, metadata={"format": "pt"})
    pieces = [whole[i : i + PIECE] for i in range(0, len(whole), PIECE)]
    if len(whole) > 62 * 2**20:
        print(f"{len(whole) / 2**20:.0f} MiB of weights: more than comes back from a lent machine", flush=True)
    for number, piece in enumerate(pieces):
        file = out / f"model.safetensors.{number}"
        file.with_suffix(".tmp").write_bytes(piece)
        os.replace(file.with_suffix(".tmp"), file)
    (out / "config.json").write_text(json.dumps(run.config, indent=2, sort_keys=True) + "\n")


def compile_layers(run, step_of, kinds):
    """Compiles one layer for all; goes on without if that fails. Either way each kind of step has run once."""
    began = time.monotonic()
    try:
        for layer in run.layers:
            layer.compile(dynamic=False)
        for kind in kinds:
            step_of(kind)
        print(f"compiled in {time.monotonic() - began:.0f} s", flush=True)
    except Exception as error:  # Whatever a compiler throws: training slower is better than not at all.
        print(f"not compiled: {type(error).__name__}: {str(error)[:500]}", flush=True)
        torch._dynamo.reset()
        for layer in run.layers:
            layer._compiled_call_impl = None
        for kind in kinds:
            step_of(kind)


def main():
    born = time.monotonic()
    a = arguments()
    out = Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, a.pack)  # gguf
    if not a.smoke and not torch.cuda.is_available():
        raise SystemExit("no GPU that PyTorch can use here; --smoke tries the script on a CPU")
    device = torch.device("cpu" if a.smoke else "cuda")
    precision = torch.bfloat16
    torch.manual_seed(a.seed)
    torch.set_float32_matmul_precision("high")
    run = (BertRun if a.model == "bert" else GptRun)(a, device)
    # Forked before the GPU is touched.
    pool = concurrent.futures.ProcessPoolExecutor(a.workers, mp_context=multiprocessing.get_context("fork"))
    pool.submit(int).result()
    name = "CPU" if a.smoke else torch.cuda.get_device_name()
    run.model.to(device)
    run.start_workers(pool)
    parameters = sum(p.numel() for p in run.model.parameters())
    print(f"{name}; torch {torch.__version__}; {parameters:,} parameters; ready after {time.monotonic() - born:.0f} s", flush=True)
    optimizers = optimizers_of(run.model, a, precision)
    log = open(out / "log.jsonl", "w")

    def write(**row):
        row = {k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()}
        log.write(json.dumps(row) + "\n")
        log.flush()
        print(json.dumps(row), flush=True)

    def gradients(kind):
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device.type, precision):
            loss, values = run.loss(kind)
        loss.backward()
        return values

    best = math.inf

    def evaluate(step, seconds):
        """Measures the model, and keeps it if it is the best so far: a run that learns by heart is best in the middle."""
        nonlocal best
        run.model.eval()
        # Sentences of all lengths, each of which would be compiled anew.
        with torch.compiler.set_stance("force_eager"):
            values = run.evaluate(precision)
        run.model.train()
        if step and run.score(values) < best:
            best = run.score(values)
            save(run, out)
        write(step=step, tokens=run.tokens_seen - first if step else 0, seconds=seconds, **values)

    evaluate(0, 0.0)
    if a.smoke:
        for kind in run.kinds():
            gradients(kind)
    else:
        compile_layers(run, gradients, run.kinds())
        torch.cuda.synchronize()

    began, step, saved, logged, seen = time.monotonic(), 0, time.monotonic(), time.monotonic(), run.tokens_seen
    minutes = min(a.minutes, (a.until - (began - born)) / 60)
    first, sums, count = seen, {}, 0
    while True:
        spent = (time.monotonic() - began) / (60 * minutes)
        if spent >= 1:
            break
        factor = min(1.0, spent / a.warmup, (1 - spent) / a.decay)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = a.lr * factor
        values = gradients(run.kind(step))
        torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        sums = {k: sums.get(k, 0) + v for k, v in values.items()}
        step, count = step + 1, count + 1
        if step % (2 if a.smoke else 100) == 0:
            # Reading the losses waits for the GPU, which keeps the clock honest.
            means = {k: v.item() / count for k, v in sums.items()}
            now = time.monotonic()
            if not all(map(math.isfinite, means.values())):
                raise SystemExit(f"step {step}: {means}; what was saved last is the result")
            speed = round((run.tokens_seen - seen) / (now - logged))
            write(step=step, tokens=run.tokens_seen - first, seconds=now - began, lr=a.lr * factor, tokens_s=speed, **means)
            sums, count, logged, seen = {}, 0, now, run.tokens_seen
            if now - saved > 60:
                evaluate(step, now - began)
                saved = logged = time.monotonic()
    evaluate(step, time.monotonic() - began)
    print(f"finished after {time.monotonic() - born:.0f} s", flush=True)
    # Workers may be cutting text yet; alive they would keep the output open.
    for worker in list(pool._processes.values()):
        worker.kill()
    os._exit(0)


if __name__ == "__main__":
    main()
