"""What both trainings share: schedule, optimizers, checkpoints, log.

A run is a folder: `settings.json`, `log.jsonl`, `checkpoint.pt`. Every batch is a function of (seed, step) alone, so a run
that was killed goes on from its last checkpoint with the very batches it would have seen.
"""

import json
import math
import os
import signal
import time
from pathlib import Path

import torch


def rate(step, steps, warmup, decay_share=1.0, power=1.0):
    """Factor of the peak learning rate: linear warm-up, then constant, then (1 - t)^power to zero over the last share."""
    if step < warmup:
        return (step + 1) / warmup
    start = max(warmup, steps - int(steps * decay_share))
    if step < start:
        return 1.0
    return max(0.0, 1.0 - (step - start) / max(1, steps - start)) ** power


def orthogonal(matrix, precision=torch.float32, iterations=5):
    """The nearest semi-orthogonal matrix (of each, in a batch of them), roughly, by the quintic Newton-Schulz iteration of Muon (Jordan et al. 2024).

    bf16 is enough for it, and right where the hardware multiplies bf16; emulated, it takes 50 times as long as f32.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrix.to(precision)
    wide = x.size(-2) <= x.size(-1)
    x = x if wide else x.mT
    x = x / (torch.linalg.matrix_norm(x, keepdim=True) + 1e-7)
    for _ in range(iterations):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if wide else x.mT


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised, for the matrices of the layers (https://kellerjordan.github.io/posts/muon/).

    `parts` says into how many equal blocks along the output dimension a matrix is cut first (3 for a joint q, k, v). Steps
    are scaled to the size AdamW's would have, 0.2 * sqrt(max(rows, columns)) (Liu et al. 2025, arXiv:2502.16982), so that
    the rate and the weight decay are AdamW's too.
    """

    def __init__(self, params, lr, momentum=0.95, weight_decay=0.1, precision=torch.float32):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay, parts=1, out_dim=0))
        self.precision = precision

    @torch.no_grad()
    def step(self):
        batches = {}
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["momentum"] = torch.zeros_like(p)
                velocity = state["momentum"]
                velocity.mul_(group["momentum"]).add_(p.grad)
                update = p.grad.add(velocity, alpha=group["momentum"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                for part, target in zip(
                    update.chunk(group["parts"], dim=group["out_dim"]), p.chunk(group["parts"], dim=group["out_dim"])
                ):
                    if p.device.type == "cuda":
                        batches.setdefault((part.shape, group["lr"]), []).append((part, target))
                    else:
                        self.move(target, orthogonal(part, self.precision), group["lr"])
        # Kernels are so short on a GPU that starting them is what takes the time: equal shapes go together.
        for (_, lr), members in batches.items():
            for (_, target), update in zip(members, orthogonal(torch.stack([part for part, _ in members]), self.precision)):
                self.move(target, update, lr)

    @staticmethod
    def move(target, update, lr):
        target.add_(update.to(target.dtype), alpha=-lr * 0.2 * math.sqrt(max(target.shape)))


class Run:
    """Checkpoints, log and clean stops of one training run."""

    def __init__(self, folder, settings):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "settings.json"
        if file.exists():
            before = json.loads(file.read_text())
            changed = {k: (before.get(k), v) for k, v in settings.items() if before.get(k) != v}
            if changed:
                raise SystemExit(
                    f"{self.folder} holds a run with other settings: {changed} (before, now). "
                    "Go on with the same ones, or give another --run folder."
                )
        file.write_text(json.dumps(settings, indent=1))
        self.settings = settings
        self.stopped = False
        self.seconds = 0.0
        self.since = time.monotonic()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)

    def _stop(self, *_):
        print("stopping after this step, with a checkpoint", flush=True)
        self.stopped = True

    def load(self, model, optimizers):
        """The step to go on with: 0 for a new run."""
        file = self.folder / "checkpoint.pt"
        if not file.exists():
            return 0
        state = torch.load(file, map_location="cpu", weights_only=True)
        model.load_state_dict(state["model"])
        for optimizer, saved in zip(optimizers, state["optimizers"]):
            optimizer.load_state_dict(saved)
        self.seconds = state["seconds"]
        # What was logged after the checkpoint will be logged again.
        log = self.folder / "log.jsonl"
        if log.exists():
            rows = [row for row in log.read_text().splitlines() if json.loads(row)["step"] <= state["step"]]
            log.write_text("".join(row + "\n" for row in rows))
        print(f"going on from step {state['step']}", flush=True)
        return state["step"]

    def save(self, step, model, optimizers):
        self.tick()
        state = {
            "step": step,
            "model": model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in optimizers],
            "seconds": self.seconds,
        }
        # Written beside and renamed, so that a stop in the middle leaves the last whole checkpoint.
        temporary = self.folder / "checkpoint.tmp"
        torch.save(state, temporary)
        os.replace(temporary, self.folder / "checkpoint.pt")

    def tick(self):
        now = time.monotonic()
        self.seconds += now - self.since
        self.since = now
        return self.seconds

    def log(self, **row):
        row = {k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()}
        row["seconds"] = round(self.tick(), 1)
        with open(self.folder / "log.jsonl", "a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps(row), flush=True)


def device_and_precision(name=None):
    """The GPU if there is one; bf16 where the processor multiplies it in hardware, else f32."""
    device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cuda":
        return device, torch.bfloat16
    fast = torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    return device, torch.bfloat16 if fast and ("avx512_bf16" in flags or "amx_bf16" in flags) else torch.float32
