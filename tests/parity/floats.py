"""Fixture files: JSON on few lines, f32 numbers in their shortest form that reads back the same."""

import json
from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).parent / "fixtures"


class F32(float):
    """A float that is written with as many digits as an f32 needs."""


def f32s(array):
    """Nested lists of `F32` from a tensor or array."""
    array = np.asarray(array, dtype=np.float32)
    if array.ndim == 0:
        assert np.isfinite(array), "fixtures hold finite numbers"
        return F32(array)
    return [f32s(part) for part in array]


def dump(value) -> str:
    """Compact ASCII JSON."""
    if isinstance(value, F32):
        return str(np.float32(value))
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{dump(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(dump(item) for item in value) + "]"
    return json.dumps(value)


def write(path: str, value: dict) -> None:
    """One top-level key a line, or one entry a line for lists of objects, so that a diff says what changed."""
    lines = []
    for key, item in value.items():
        if isinstance(item, list) and item and isinstance(item[0], dict):
            lines.append(f"{json.dumps(key)}: [\n" + ",\n".join(dump(entry) for entry in item) + "\n]")
        else:
            lines.append(f"{json.dumps(key)}: {dump(item)}")
    file = FIXTURES / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{file.stat().st_size / 1000:8.1f} kB  {path}")
